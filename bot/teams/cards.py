"""An Answer as an Adaptive Card: pure, short, the split of duties first, the rest one click away."""

from __future__ import annotations

from collections.abc import Iterator

from bot.links import Links
from bot.parts import Titles, describe_asked, lead, list_related, relevant_duties, remark
from bot.phrases import PHRASES, Phrases
from bot.teams import verbs
from bot.teams.buttons import (
    ask_person_button,
    ask_person_fold,
    draw_choices,
    draw_list,
    link_button,
    name_clauses,
    source_button,
)
from bot.teams.clause import (
    LONGEST_REF,
    badge,
    draw_badge,
    draw_name,
    draw_notes,
    draw_small_print,
    draw_split,
)
from bot.teams.elements import (
    Element,
    clean,
    compose,
    cut,
    escape_markdown,
    fill,
    fold,
    measure_room,
    paragraph,
    rows_of_actions,
    run,
    say,
    toggle,
    weigh,
)
from bot.teams.phrases import TEAMS_PHRASES, TeamsPhrases
from bot.teams.reply import LONGEST_ABSTRACT, LONGEST_NAME, MOST_CITATIONS, Citation, Reply
from bot.teams.rows import draw_rows
from bot.values import Asked
from retrieval.answer import Answer, Outcome
from retrieval.wording import LABELS, MARKS, Labels, Marks, join_names

_LONGEST_LEAD = 400
_LONGEST_READING = 1500
_LONGEST_SUMMARY = 200
_LONGEST_TERMS = 300
_LARGEST_NOTES = 8000
# What the folds are called; an input of the verb's name stands in the second.
_NOTES = "notes"
_RELATED = "related-clauses"


def render_answer(
    answer: Answer,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    ask_person: bool = True,
    titles: Titles | None = None,
) -> Reply:
    """The reply for an answer; what is left out is counted and said.

    Args:
        answer: what was found.
        links: the source viewer's addresses, if it can be reached.
        feedback: whether to ask if the answer helped; only an answer with an ``answer_id`` can be judged.
        answer_id: the id under which the answer is recorded.
        ask_person: whether to offer a person's help; False where nobody is set for it.
        titles: of the clauses that the answer only names: `bot.parts.list_titles`.
    """
    layout = _Layout(answer, links, titles or {}, describe_asked(answer, answer_id))
    asks_back = answer.outcome is Outcome.CLARIFY
    summary = cut(lead(answer), _LONGEST_SUMMARY)
    body = layout.draw(measure_room(answer.language, reading=summary), ask_person=ask_person and not asks_back)
    return Reply(
        text=layout.tell(),
        speak=cut(answer.message, _LONGEST_READING),
        summary=summary,
        card=compose(body, answer.language, reading=summary),
        citations=tuple(layout.cite()),
        feedback=feedback and bool(answer_id) and not asks_back,
    )


def draw_answer(answer: Answer, room: int, *, links: Links | None = None, answer_id: str = "") -> list[Element]:
    """An answer's elements, in so many bytes, for a card that holds more."""
    layout = _Layout(answer, links, {}, describe_asked(answer, answer_id))
    return layout.draw(room, ask_person=False)


class _Layout:
    """The card of one answer, in its language."""

    def __init__(self, answer: Answer, links: Links | None, titles: Titles, asked: Asked) -> None:
        self.answer = answer
        self.language = answer.language
        self.links = links
        self.titles = titles
        self.asked = asked
        self.views = answer.clauses[: answer.asked] if answer.outcome is Outcome.ANSWERED else ()
        self.labels: Labels = LABELS[answer.language]
        self.marks: Marks = MARKS[answer.language]
        self.phrases: Phrases = PHRASES[answer.language]
        self.words: TeamsPhrases = TEAMS_PHRASES[answer.language]

    def tell(self) -> str:
        """The line above the card, in which each clause has the number of its citation.

        Teams on iPhones leaves it out, so it says nothing that the card does not.
        """
        if not self.views:
            return ""
        carried = self.labels.carries[self.answer.ownership]
        cited = self.views[:MOST_CITATIONS]
        refs = [f"{escape_markdown(cut(view.ref, LONGEST_REF))} [{number}]" for number, view in enumerate(cited, 1)]
        if len(self.views) > len(cited):
            refs.append(self.words.more_cited.format(count=len(self.views) - len(cited)))
        gap = "" if self.language == "zh-Hant" else " "
        return f"{carried}{gap}{join_names(refs, self.language)}"

    def cite(self) -> Iterator[Citation]:
        """What the numbers of `tell` stand for: the clause, and where it stands in whose words."""
        for view in self.views[:MOST_CITATIONS]:
            quoted = next((duty.quote for duty in relevant_duties(view) if duty.quote and duty.quote.strip()), "")
            abstract = f"{clean(view.citation)}{self.marks.colon}“{clean(quoted)}”" if quoted else view.citation
            url = self.links.clause(view) if self.links else ""
            yield Citation(cut(f"{view.ref} {view.title}", LONGEST_NAME), cut(abstract, LONGEST_ABSTRACT), url)

    def draw(self, room: int, *, ask_person: bool) -> list[Element]:
        """The elements, in so many bytes: the split takes what the rest leaves."""
        head, tail = [*self._head()], [*self._doubt(), *self._buttons(ask_person=ask_person)]
        if not self.views:
            return [*head, *tail]
        if len(self.views) == 1:
            tail = [*draw_small_print(self.views[0], self.language), *tail]
        room -= weigh(head) + weigh(tail)
        if len(self.views) == 1:
            return [*head, *draw_split(self.views[0], room, self.language), *tail]
        return [*head, *draw_rows(self.views, room, self.language), *tail]

    def _head(self) -> Iterator[Element]:
        """Who carries what was asked about, and what the answer says beside that; or what it says for itself."""
        if self.answer.outcome is not Outcome.ANSWERED:
            yield paragraph(run(cut(lead(self.answer), _LONGEST_LEAD) or "…"))
            yield from self._choices()
            return
        count = self.phrases.clauses.format(count=len(self.views))
        before = f"{count} · {self.phrases.together}{self.marks.colon}" if len(self.views) > 1 else ""
        yield draw_badge(self.answer.ownership, self.language, before)
        if said := cut(remark(self.answer), _LONGEST_LEAD):
            yield paragraph(run(said))
        if len(self.views) == 1:
            view = self.views[0]
            yield draw_name(view)
            if view.ownership is not self.answer.ownership:
                whole = f"{self.labels.whole_clause}{self.marks.colon}{badge(view.ownership, self.language)}"
                yield say(whole, isSubtle=True, spacing="Small")

    def _choices(self) -> Iterator[Element]:
        if self.answer.closest:
            heading = {
                Outcome.NOT_COVERED: self.labels.closest,
                Outcome.NO_SUCH_CLAUSE: self.phrases.nearby,
            }.get(self.answer.outcome, self.labels.choices)
            yield say(heading, weight="Bolder")
            yield from draw_choices(self.answer.closest, self.language)

    def _doubt(self) -> Iterator[Element]:
        """How sure the answer is, unless that is beyond doubt."""
        confidence = self.answer.confidence
        if self.answer.outcome is Outcome.ANSWERED and confidence.band != "high":
            sure = self.phrases.confidence.format(band=self.labels.confidence[confidence.band])
            terms = cut(join_names(confidence.unknown, self.language), _LONGEST_TERMS)
            unknown = f"{self.marks.semicolon}{self.phrases.unknown.format(terms=terms)}" if terms else ""
            yield paragraph(run(sure + unknown, isSubtle=True))

    def _buttons(self, *, ask_person: bool) -> Iterator[Element]:
        """What can be done with the answer, in one row, and below it what its buttons show."""
        buttons, folds = [], []
        if len(self.views) == 1:
            buttons.append(source_button(self.views[0], self.asked))
            if self.links:
                buttons.append(link_button(self.views[0], self.links, self.language))
        if notes := draw_notes(self.views, self.language):
            buttons.append(toggle(self.words.notes.format(count=len(notes)), _NOTES))
            folds.append(fold(_NOTES, fill(notes, _LARGEST_NOTES, self.phrases.more)))
        if related := self._related():
            buttons.append(toggle(self.phrases.related, _RELATED))
            folds.append(fold(_RELATED, related))
        if ask_person:
            buttons.append(ask_person_button(self.language))
            folds.append(ask_person_fold(self.asked))
        if len(self.views) > 1:
            named = name_clauses(self.views, self.language)
            yield from draw_list(verbs.SOURCE, self.phrases.open_clause, named, self.asked)
        yield from rows_of_actions(buttons)
        yield from folds

    def _related(self) -> list[Element]:
        if not self.views:
            return []
        found = self.answer.clauses[self.answer.asked :]
        named = list_related(self.views, found, self.titles, self.language)
        return draw_list(verbs.RELATED, self.phrases.related, named, self.asked)
