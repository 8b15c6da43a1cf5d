"""An Answer as a Slack message: pure, short, the split of duties first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
from retrieval.wording import LABELS, Labels, format_date, join_names

# Slack refuses a message whose texts together pass about 13,200 characters; these two keep it to 12,000.
_LONGEST_BLOCKS = 8000
_LONGEST_READING = 4000
_MOST_BLOCKS = 50

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


# What is beside these in a clause (name, requirement, source) takes at most 1,600 characters.
_AMPLE = _Room(duties=3900, quotes=1000, notes=1000, line=900)
_TIGHT = _Room(duties=1500, quotes=400, notes=500, line=300)
_LONGEST_FIELD = 1950
_LONGEST_LIST = 1500
_LONGEST_LEAD = 400


def render_answer(answer: Answer) -> Message:
    """The message for an answer, within every limit of Slack's; what is left out is counted and said."""
    layout = _Layout(answer)
    blocks = layout.draw_answered() if answer.outcome is Outcome.ANSWERED else layout.draw_unanswered()
    return Message(_read_aloud(answer.message, layout.phrases), blocks)


def render_usage() -> Message:
    """How to ask, with examples."""
    return Message(USAGE, [section(plain(USAGE))])


def render_fault() -> Message:
    """An apology for a failure on our side."""
    return Message(FAULT, [section(plain(FAULT))])


def _read_aloud(message: str, phrases: Phrases) -> str:
    if len(escape(message)) <= _LONGEST_READING:
        return escape(message)
    return cut(message, _LONGEST_READING - len(phrases.shortened)) + phrases.shortened


class _Layout:
    """The blocks of one answer, in its language."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked = answer.clauses[: answer.asked]
        self.labels: Labels = LABELS[answer.language]
        self.phrases: Phrases = PHRASES[answer.language]

    def draw_answered(self) -> list[Block]:
        """Every clause asked for in full if they fit, else shortened, else the last of them by name only."""
        head, tail = self._head(), list(self._tail())
        ample = [block for view in self.asked for block in self._clause(view, _AMPLE)]
        if _fits([*head, *ample, *tail]):
            return [*head, *ample, *tail]
        blocks = head
        for shown, view in enumerate(self.asked):
            clause = list(self._clause(view, _TIGHT))
            rest = self.asked[shown + 1 :]
            listed = [DIVIDER, section(mrkdwn(self._list(rest, _LONGEST_LIST)))] if rest else []
            if not _fits([*blocks, *clause, *listed, *tail]):
                return [
                    *blocks,
                    DIVIDER,
                    section(mrkdwn(self._list(self.asked[shown:], _LONGEST_LIST))),
                    *tail,
                ]
            blocks = [*blocks, *clause]
        return [*blocks, *tail]

    def draw_unanswered(self) -> list[Block]:
        """What the answer says for itself, then the choices or the closest clauses."""
        blocks = [section(plain(cut(self._lead(), _LONGEST_LEAD)))]
        closest = self.answer.closest
        if closest:
            heading = self.labels.closest if self.answer.outcome is Outcome.NOT_COVERED else self.labels.choices
            blocks.append(section(mrkdwn(f"*{heading}*\n{self._list(closest, _LONGEST_LIST)}")))
            blocks.append(context(plain(self.phrases.look_up.format(ref=cut(closest[0].ref, 60)))))
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
            yield context(mrkdwn(f"{self.labels.see_also}:\n{self._list(related, _LONGEST_LEAD)}"))
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
            name += f"\n{self.phrases.whole_clause}: {self._badge(view.ownership)}"
        yield section(mrkdwn(name))
        yield self._split(view, room)
        quotes = [
            f">{self.labels.owner[duty.owner]}: “{cut(duty.quote, room.line)}”"
            for duty in view.duties
            if duty.quote and _answers(duty, view)
        ]
        if quotes:
            yield section(mrkdwn(_fill(quotes, room.quotes, self.phrases.more_in_guide)))
        yield context(mrkdwn("\n".join(self._sources(view))))
        notes = list(self._notes(view, room))
        if notes:
            yield context(mrkdwn(_fill(notes, room.notes, self.phrases.more_in_guide)))

    def _split(self, view: ClauseView, room: _Room) -> Block:
        """The duties side by side, the provider's first; a silent side says so."""
        held = {owner: [duty for duty in view.duties if duty.owner is owner] for owner in Owner}
        each = min(_LONGEST_FIELD, room.duties // max(1, sum(map(bool, held.values()))))
        return columns(
            [
                self._party(view, owner, held[owner], room._replace(duties=each))
                for owner in Owner
                if held[owner] or owner is not Owner.THIRD_PARTY
            ]
        )

    def _party(self, view: ClauseView, owner: Owner, duties: Sequence[DutyView], room: _Room) -> str:
        name = f" ({cut(view.provider, 60)})" if owner is Owner.CSP else ""
        lines = [f"*{self.labels.owner[owner]}{name}*"]
        if not duties:
            return f"{lines[0]}\n_{self.labels.silent[owner]}_"
        lines += [self._duty(duty, room) for duty in duties if _answers(duty, view)]
        others = [self._duty(duty, room) for duty in duties if not _answers(duty, view)]
        if others:
            lines += [f"_{self.labels.other_duties}_\n{others[0]}", *others[1:]]
        more = self.phrases.more_in_guide if len(self.asked) == 1 else self.phrases.more_duties
        return _fill(lines, room.duties, more, view.ref)

    def _duty(self, duty: DutyView, room: _Room) -> str:
        kind = "" if duty.kind is Kind.OBLIGATION else f" _({self.labels.kind[duty.kind]})_"
        dated = f" ({self.labels.as_of} {format_date(duty.as_of, self.answer.language)})" if duty.as_of else ""
        return f"• {cut(duty.text, room.line)}{dated}{kind}"

    def _sources(self, view: ClauseView) -> Iterator[str]:
        if view.requirement:
            yield f"{self.phrases.asks}: {cut(view.requirement, 500)}"
        yield f"{self.labels.source}: {cut(view.citation, 300)}"
        if view.together_with:
            names = cut(join_names(view.together_with, self.answer.language), 150)
            yield f"{escape(view.ref)} {self.labels.together} {names}"
        if view.see_also:
            yield f"{self.labels.see_also}: {cut(', '.join(view.see_also), 150)}"

    def _notes(self, view: ClauseView, room: _Room) -> Iterator[str]:
        """What is doubtful in the guide, and what changed since; of a regulation's clauses the first tells it."""
        for note in view.errata:
            yield f"⚠️ {self.labels.note}: {cut(note.text, room.line)}"
        earlier = self.asked[: self.asked.index(view)]
        if view.currency and all(view.currency != other.currency for other in earlier):
            yield f"🕓 {cut(view.currency, room.line)}"
        for update in view.updates:
            if all(update not in other.updates for other in earlier):
                yield self._update(update, room)

    def _update(self, update: UpdateView, room: _Room) -> str:
        when = format_date(update.date, self.answer.language)
        told = f"{cut(update.title, 100)}. {cut(update.text, room.line - 150)} [{cut(update.source, 100)}]"
        return f"🕓 {self.labels.update} ({when}, {self.labels.update_status[update.status]}): {told}"

    def _badge(self, ownership: Ownership) -> str:
        return f"{_BADGES[ownership]} *{self.labels.ownership[ownership]}*"

    def _list(self, clauses: Sequence[ClauseView | Closest], room: int) -> str:
        return _fill([f"• {_name(clause)}" for clause in clauses], room, self.phrases.more_clauses, clauses[-1].ref)


def _answers(duty: DutyView, view: ClauseView) -> bool:
    """Whether the duty answers the question: all do where the question singled none out."""
    return duty.relevant or not any(other.relevant for other in view.duties)


def _name(clause: ClauseView | Closest) -> str:
    return f"*{cut(clause.ref, 60)}* {cut(clause.title, 120)}"


def _fill(lines: Sequence[str], room: int, more: str, ref: str = "") -> str:
    """As many of the lines as there is room for, in characters, and how many were left out."""
    if len("\n".join(lines)) <= room:
        return "\n".join(lines)
    kept: list[str] = []
    for line in lines:
        left_out = more.format(count=len(lines) - len(kept), ref=cut(ref, 60))
        if len("\n".join([*kept, line, left_out])) > room:
            return "\n".join([*kept, left_out])
        kept.append(line)
    return "\n".join(kept)


def _fits(blocks: Sequence[Block]) -> bool:
    return len(blocks) <= _MOST_BLOCKS and count_characters(blocks) <= _LONGEST_BLOCKS
