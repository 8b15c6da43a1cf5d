"""An Answer as a Slack message: pure, short, the split of duties first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.links import Links
from bot.slack.mrkdwn import (
    DIVIDER,
    Block,
    columns,
    context,
    count_characters,
    cut,
    escape,
    mrkdwn,
    plain,
    section,
)
from bot.slack.phrases import FAULT, PHRASES, USAGE, Phrases
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import Answer, ClauseView, Closest, DutyView, Outcome, UpdateView
from retrieval.message import FULL_CLAUSES, place_duty
from retrieval.wording import LABELS, Labels, format_date, join_names

# Slack refuses a message whose texts together pass about 13,200 characters. Its 50 blocks are never
# reached: a few clauses have fewer than 30.
_LONGEST_MESSAGE = 12_000
_LONGEST_BLOCKS = 8000

_BADGES = {
    Ownership.CSP_OWNED: "☁️",
    Ownership.CSC_OWNED: "🏢",
    Ownership.SHARED: "🤝",
    Ownership.THIRD_PARTY: "🔗",
    Ownership.NONE: "➖",
}


class Message(NamedTuple):
    """A message of Slack's: the plain reading, for notifications and screen readers, and the blocks."""

    text: str
    blocks: list[Block]


class _Room(NamedTuple):
    """Characters for the parts of one clause: all duties, all quotes, all notes, and one line of any."""

    duties: int
    quotes: int
    notes: int
    line: int


# A clause's name, requirement and sources beside these take at most 1,700 characters more.
_AMPLE = _Room(duties=3900, quotes=1000, notes=2800, line=900)
_TIGHT = _Room(duties=1500, quotes=400, notes=600, line=300)
_LONGEST_FIELD = 1950
_LONGEST_LIST = 2800
_LONGEST_LEAD = 400
_LONGEST_RELATED = 800


def render_answer(
    answer: Answer,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    private: bool = False,
    ask_person: bool = True,
) -> Message:
    """The message for an answer, within every limit of Slack's; what is left out is counted and said.

    Args:
        answer: what was found.
        links: the source viewer's addresses, if it can be reached.
        feedback: whether to ask if the answer helped; only an answer with an ``answer_id`` can be judged.
        answer_id: the id under which the answer is recorded.
        private: whether its asker alone sees it, and so is offered to share it.
        ask_person: whether to offer a person's help; False where nobody is set for it.
    """
    layout = _Layout(answer)
    blocks = layout.draw_answered() if answer.outcome is Outcome.ANSWERED else layout.draw_unanswered()
    room = _LONGEST_MESSAGE - count_characters(blocks)
    return Message(_read_aloud(answer.message, room, layout.phrases), blocks)


def render_shared(
    answer: Answer,
    user_id: str,
    *,
    links: Links | None = None,
    feedback: bool = True,
    answer_id: str = "",
    ask_person: bool = True,
) -> Message:
    """An answer that its asker shares: `render_answer` under a line that names who shares it, and the question."""
    raise NotImplementedError


def render_usage() -> Message:
    """How to ask, with examples."""
    return Message(USAGE, [section(plain(USAGE))])


def render_fault() -> Message:
    """An apology for a failure on our side."""
    return Message(FAULT, [section(plain(FAULT))])


def _read_aloud(message: str, room: int, phrases: Phrases) -> str:
    if len(escape(message)) <= room:
        return escape(message)
    return cut(message, room - len(phrases.shortened)) + phrases.shortened


class _Layout:
    """The blocks of one answer, in its language."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked = answer.clauses[: answer.asked]
        self.labels: Labels = LABELS[answer.language]
        self.phrases: Phrases = PHRASES[answer.language]

    def draw_answered(self) -> list[Block]:
        """A few clauses in full, shortened if they must be; more than a few by name and ownership."""
        head, tail = self._head(), list(self._tail())
        if len(self.asked) <= FULL_CLAUSES:
            for room in (_AMPLE, _TIGHT):
                blocks = [*head, *(block for view in self.asked for block in self._clause(view, room)), *tail]
                if count_characters(blocks) <= _LONGEST_BLOCKS:
                    return blocks
        return [*head, *self._choices(self.asked), *tail]

    def draw_unanswered(self) -> list[Block]:
        """What the answer says for itself, then the choices or the closest clauses."""
        blocks = [section(plain(cut(self._lead(), _LONGEST_LEAD)))]
        closest = self.answer.closest
        if closest:
            heading = self.labels.closest if self.answer.outcome is Outcome.NOT_COVERED else self.labels.choices
            blocks += self._choices(closest, f"*{heading}*\n")
        return blocks

    def _lead(self) -> str:
        return self.answer.message.split("\n", 1)[0].strip() or self.labels.carries[self.answer.ownership]

    def _head(self) -> list[Block]:
        """Who carries what was asked about, and what the answer says beside that."""
        blocks = [section(mrkdwn(self._badge(self.answer.ownership)))]
        remark = self._lead().removeprefix(self.labels.carries[self.answer.ownership]).strip()
        if remark:
            blocks.append(section(plain(cut(remark, _LONGEST_LEAD))))
        return blocks

    def _tail(self) -> Iterator[Block]:
        """Related clauses, and how sure the answer is unless that is beyond doubt."""
        related = self.answer.clauses[self.answer.asked :]
        if related:
            yield context(mrkdwn(f"{self.labels.see_also}:\n{self._list(related, _LONGEST_RELATED)}"))
        confidence = self.answer.confidence
        if confidence.band != "high":
            sure = self.phrases.confidence.format(band=self.labels.confidence[confidence.band])
            terms = join_names(confidence.unknown, self.answer.language)
            unknown = f"; {self.phrases.unknown.format(terms=cut(terms, 300))}" if terms else ""
            yield context(plain(sure + unknown))

    def _clause(self, view: ClauseView, room: _Room) -> Iterator[Block]:
        """One clause: its name, the split, the source's words, and the small print."""
        name = _name(view)
        if len(self.asked) > 1:
            yield DIVIDER
            name += f"\n{self._badge(view.ownership)}"
        elif view.ownership is not self.answer.ownership:
            name += f"\n{self.labels.whole_clause}: {self._badge(view.ownership)}"
        yield section(mrkdwn(name))
        yield from self._split(view, room)
        more = self.phrases.left_out if len(self.asked) == 1 else self.phrases.more
        quotes = [
            f">{self.labels.owner[duty.owner]}: “{cut(duty.quote, room.line)}”"
            for duty in view.duties
            if duty.quote and _answers(duty, view)
        ]
        if quotes:
            yield section(mrkdwn(_fill(quotes, room.quotes, more, view.ref)))
        yield context(mrkdwn("\n".join(self._sources(view))))
        notes = list(self._notes(view, room))
        if notes:
            yield context(mrkdwn(_fill(notes, room.notes, more, view.ref)))

    def _split(self, view: ClauseView, room: _Room) -> Iterator[Block]:
        """The duties side by side, the provider's first; below them, those that their column has no room for."""
        held = {owner: [duty for duty in view.duties if duty.owner is owner] for owner in Owner}
        shown = [owner for owner in Owner if held[owner] or owner is not Owner.THIRD_PARTY]
        whole = [self._party(view, owner, held[owner], room) for owner in shown]
        if sum(map(len, whole)) > room.duties:
            room = room._replace(duties=room.duties // len(shown))
        pages = {owner: _paginate(self._party(view, owner, held[owner], room)) for owner in shown}
        yield columns([column for column, *_ in pages.values()])
        for owner, (_, *rest) in pages.items():
            yield from (section(mrkdwn(f"*{self.labels.owner[owner]}* …\n{page}")) for page in rest)

    def _party(self, view: ClauseView, owner: Owner, duties: Sequence[DutyView], room: _Room) -> str:
        name = f" ({cut(view.provider, 60)})" if owner is Owner.CSP else ""
        lines = [f"*{self.labels.owner[owner]}{name}*"]
        if not duties:
            return f"{lines[0]}\n_{self.labels.silent[owner]}_"
        lines += [self._duty(duty, room) for duty in duties if _answers(duty, view)]
        others = [self._duty(duty, room) for duty in duties if not _answers(duty, view)]
        if others:
            lines += [f"_{self.labels.other_duties}_\n{others[0]}", *others[1:]]
        more = self.phrases.left_out if len(self.asked) == 1 else self.phrases.more
        return _fill(lines, room.duties, more, view.ref)

    def _duty(self, duty: DutyView, room: _Room) -> str:
        kind = "" if duty.kind is Kind.OBLIGATION else f" _({self.labels.kind[duty.kind]})_"
        dated = f" ({self.labels.as_of} {format_date(duty.as_of, self.answer.language)})" if duty.as_of else ""
        place = cut(place_duty(duty, self.answer.language), 80)
        return f"• {cut(duty.text, room.line)}{dated}{kind}" + (f" [{place}]" if place else "")

    def _sources(self, view: ClauseView) -> Iterator[str]:
        if view.requirement:
            label = f"{self.phrases.asks}: " if view.kind == "clause" else ""
            yield label + cut(view.requirement, 500)
        yield f"{self.labels.source}: {cut(view.citation, 300)}"
        if view.together_with:
            names = cut(join_names(view.together_with, self.answer.language), 150)
            yield f"{escape(view.ref)} {self.labels.together} {names}"
        if view.see_also:
            yield f"{self.labels.see_also}: {cut(', '.join(view.see_also), 150)}"

    def _notes(self, view: ClauseView, room: _Room) -> Iterator[str]:
        """What changed since the guide, told by the first clause that it touches, and what is doubtful in it."""
        earlier = self.asked[: self.asked.index(view)]
        if view.currency and all(view.currency != other.currency for other in earlier):
            yield f"🕓 {cut(view.currency, room.line)}"
        for update in view.updates:
            if all(update not in other.updates for other in earlier):
                yield self._update(update, room)
        for note in view.errata:
            yield f"⚠️ {self.labels.note}: {cut(note.text, room.line)}"

    def _update(self, update: UpdateView, room: _Room) -> str:
        when = format_date(update.date, self.answer.language)
        told = f"{cut(update.title, 100)}. {cut(update.text, room.line - 150)} [{cut(update.source, 100)}]"
        return f"🕓 {self.labels.update} ({when}, {self.labels.update_status[update.status]}): {told}"

    def _badge(self, ownership: Ownership) -> str:
        return f"{_BADGES[ownership]} *{self.labels.ownership[ownership]}*"

    def _choices(self, clauses: Sequence[ClauseView | Closest], heading: str = "") -> list[Block]:
        """Clauses by name, with how to read one of them."""
        names = self._list(clauses, _LONGEST_LIST)
        hint = self.phrases.look_up.format(ref=cut(clauses[0].ref, 60))
        return [section(mrkdwn(heading + names)), context(plain(hint))]

    def _list(self, clauses: Sequence[ClauseView | Closest], room: int) -> str:
        names = [f"• {_name(clause)}{self._owned(clause)}" for clause in clauses]
        return _fill(names, room, self.phrases.more_clauses, clauses[-1].ref)

    def _owned(self, clause: ClauseView | Closest) -> str:
        return f" — {self._badge(clause.ownership)}" if isinstance(clause, ClauseView) else ""


def _answers(duty: DutyView, view: ClauseView) -> bool:
    """Whether the duty answers the question: all do where the question singled none out."""
    return duty.relevant or not any(other.relevant for other in view.duties)


def _name(clause: ClauseView | Closest) -> str:
    return f"*{cut(clause.ref, 60)}* {cut(clause.title, 120)}"


def _fill(lines: Sequence[str], room: int, more: str, ref: str = "") -> str:
    """As many of the lines as there is room for, in characters, and how many were left out."""
    kept, text = list(lines), "\n".join(lines)
    while kept and len(text) > room:
        kept.pop()
        text = "\n".join([*kept, more.format(count=len(lines) - len(kept), ref=cut(ref, 60))])
    return text


def _paginate(text: str) -> list[str]:
    """The text in parts, each of whole lines and short enough for a field."""
    pages = [""]
    for line in text.split("\n"):
        if len(pages[-1]) + len(line) >= _LONGEST_FIELD:
            pages.append("")
        pages[-1] += f"\n{line}" if pages[-1] else line
    return pages
