"""An Answer as a Slack message: pure, short, the split of duties first, the rest one click away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.links import Links
from bot.parts import Titles, describe_asked, lead, remark
from bot.per_answer import PerAnswer
from bot.phrases import PHRASES, Phrases
from bot.slack import ids
from bot.slack.buttons import (
    ask_person_button,
    clause_select,
    draw_choices,
    related_select,
    share_button,
    source_button,
)
from bot.slack.clause import draw_clause
from bot.slack.elements import actions, feedback_buttons
from bot.slack.mrkdwn import Block, context, count_characters, cut, escape, mrkdwn, plain, section
from bot.slack.parts import badge, fold
from bot.slack.table import MOST_CLAUSES, draw_table
from bot.values import Asked, Rating
from retrieval.answer import Answer, Outcome
from retrieval.wording import LABELS, MARKS, Labels, join_names

# Slack refuses a message whose texts together pass about 13,200 characters; what is drawn here has at most 10,000,
# and fewer than 15 of the 50 blocks.
_LONGEST_MESSAGE = 12_000
_LONGEST_LEAD = 400
_LONGEST_QUESTION = 300

_USER = re.compile(r"[UW][A-Z0-9]{1,31}")


class Message(NamedTuple):
    """A message of Slack's: the plain reading, for notifications and screen readers, and the blocks."""

    text: str
    blocks: list[Block]


def render_answer(
    answer: Answer,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    private: bool = False,
    ask_person: bool = True,
    titles: Titles | None = None,
) -> Message:
    """The message for an answer, within every limit of Slack's; what is left out is counted and said.

    Args:
        answer: what was found.
        links: the source viewer's addresses, if it can be reached.
        feedback: whether to ask if the answer helped; only an answer with an ``answer_id`` can be judged.
        answer_id: the id under which the answer is recorded.
        private: whether its asker alone sees it, and so is offered to share it.
        ask_person: whether to offer a person's help; False where nobody is set for it.
        titles: of the clauses that the answer only names: `bot.parts.list_titles`.
    """
    layout = _Layout(answer, links, titles or {})
    asked = describe_asked(answer, answer_id)
    drawn = _draw_once(layout)
    below = [*layout.draw_buttons(asked, private=private, ask_person=ask_person)]
    if feedback and answer_id and answer.outcome is not Outcome.CLARIFY:
        words = layout.phrases
        rating = Rating(answer_id, helpful=True, language=answer.language)
        below.append(feedback_buttons(ids.FEEDBACK, words.helpful, words.unhelpful, rating))
    text = _read_aloud(answer.message, drawn.characters + count_characters(below), layout.phrases)
    return Message(text, [*drawn.blocks, *below])


def render_shared(
    answer: Answer,
    user_id: str,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    ask_person: bool = True,
    titles: Titles | None = None,
) -> Message:
    """An answer that its asker shares: `render_answer` under a line that names who shares it, and the question."""
    message = render_answer(
        answer, links=links, feedback=feedback, answer_id=answer_id, ask_person=ask_person, titles=titles
    )
    phrases = PHRASES[answer.language]
    who = [mrkdwn(f"<@{user_id}> {phrases.shared}")] if _USER.fullmatch(user_id) else []
    question = cut(answer.question, _LONGEST_QUESTION).strip()
    told = [*who, *([plain(question)] if question else [])]
    blocks = [*([context(*told)] if told else []), *message.blocks]
    return Message(_read_aloud(answer.message, count_characters(blocks), phrases), blocks)


class _Drawn(NamedTuple):
    """What stands above an answer's buttons, with which links, and how many characters it has; only ever read."""

    links: Links | None
    blocks: list[Block]
    characters: int


_drawn: PerAnswer[_Drawn] = PerAnswer()


def _draw_once(layout: _Layout) -> _Drawn:
    known = _drawn.get(layout.answer)
    if known is not None and known.links is layout.links:
        return known
    blocks = list(layout.draw())
    return _drawn.keep(layout.answer, _Drawn(layout.links, blocks, count_characters(blocks)))


def _read_aloud(message: str, shown: int, phrases: Phrases) -> str:
    """What an answer says, escaped, as far as there is room beside the characters that blocks show."""
    room = _LONGEST_MESSAGE - shown
    escaped = escape(message)
    return escaped if len(escaped) <= room else cut(message, room - len(phrases.shortened)) + phrases.shortened


class _Layout:
    """The blocks of one answer, in its language."""

    def __init__(self, answer: Answer, links: Links | None, titles: Titles) -> None:
        self.answer = answer
        self.links = links
        self.titles = titles
        self.asked = answer.clauses[: answer.asked]
        self.labels: Labels = LABELS[answer.language]
        self.phrases: Phrases = PHRASES[answer.language]

    def draw(self) -> Iterator[Block]:
        """One clause with its split, several as a table, or the choices where nothing answers."""
        if self.answer.outcome is not Outcome.ANSWERED:
            yield from self._draw_unanswered()
            return
        yield from self._head()
        if len(self.asked) == 1:
            yield from draw_clause(self.asked[0], self.answer.ownership, self.links, self.answer.language)
        elif self.asked:
            yield from self._draw_several()
        yield from self._doubt()

    def draw_buttons(self, asked: Asked, *, private: bool, ask_person: bool) -> Iterator[Block]:
        """What can be done with the answer, in one row."""
        language = self.answer.language
        answered = self.answer.outcome is Outcome.ANSWERED and bool(self.asked)
        several = len(self.asked) > 1
        found = self.answer.clauses[self.answer.asked :]
        elements = [
            source_button(self.asked[0], language) if answered and not several else None,
            clause_select(self.asked[:MOST_CLAUSES], language) if answered and several else None,
            ask_person_button(asked) if ask_person and self.answer.outcome is not Outcome.CLARIFY else None,
            share_button(asked) if private and answered else None,
            related_select(self.asked, found, self.titles, language) if answered else None,
        ]
        shown = [element for element in elements if element]
        if shown:
            yield actions(shown)

    def _head(self) -> Iterator[Block]:
        """Who carries what was asked about, and what the answer says beside that."""
        carried = badge(self.answer.ownership, self.answer.language)
        if len(self.asked) > 1:
            count = self.phrases.clauses.format(count=len(self.asked))
            carried = f"*{count}* · {self.phrases.together}{MARKS[self.answer.language].colon}{carried}"
        yield section(mrkdwn(carried))
        if said := remark(self.answer):
            yield section(plain(cut(said, _LONGEST_LEAD)))

    def _draw_several(self) -> Iterator[Block]:
        yield draw_table(self.asked, self.answer.language)
        rest = len(self.asked) - MOST_CLAUSES
        left_out = self.phrases.more_clauses.format(count=rest) if rest > 0 else ""
        if told := "\n".join(filter(None, (left_out, fold(self.asked, self.answer.language)))):
            yield context(mrkdwn(told))

    def _draw_unanswered(self) -> Iterator[Block]:
        """What the answer says for itself, then the choices or the closest clauses as buttons."""
        yield section(plain(cut(lead(self.answer), _LONGEST_LEAD)))
        closest = self.answer.closest
        if closest:
            heading = {
                Outcome.NOT_COVERED: self.labels.closest,
                Outcome.NO_SUCH_CLAUSE: self.phrases.nearby,
            }.get(self.answer.outcome, self.labels.choices)
            yield context(mrkdwn(f"*{heading}*"))
            yield from draw_choices(closest, self.answer.language)

    def _doubt(self) -> Iterator[Block]:
        """How sure the answer is, unless that is beyond doubt."""
        confidence = self.answer.confidence
        if confidence.band != "high":
            sure = self.phrases.confidence.format(band=self.labels.confidence[confidence.band])
            terms = join_names(confidence.unknown, self.answer.language)
            unknown = (
                f"{MARKS[self.answer.language].semicolon}{self.phrases.unknown.format(terms=cut(terms, 300))}"
                if terms
                else ""
            )
            yield context(plain(sure + unknown))
