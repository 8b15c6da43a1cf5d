"""One clause in a message: its name, the split, the source; the rest is a click away. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.links import Links
from bot.parts import parties, relevant_duties
from bot.phrases import PHRASES
from bot.slack.mrkdwn import Block, columns, context, cut, fill, mrkdwn, section
from bot.slack.parts import (
    LONGEST_REF,
    badge,
    cite,
    fold,
    name_clause,
    name_kind,
    name_party,
    place_briefly,
)
from corpus.models import Owner, Ownership
from retrieval.answer import ClauseView, DutyView
from retrieval.wording import LABELS, MARKS, Language, join_names

# A party's column is one field of a section, which Slack limits to 2,000 characters; this is two screens of a phone.
_LONGEST_COLUMN = 1200
_LONGEST_DUTY = 600
_LONGEST_QUOTE = 240
_LONGEST_QUOTES = 720
_LONGEST_REQUIREMENT = 300


def draw_clause(view: ClauseView, answered: Ownership, links: Links | None, language: Language) -> Iterator[Block]:
    """The blocks of the one clause that a message is about; ``answered`` is who carries what was asked."""
    labels = LABELS[language]
    name = name_clause(view)
    if view.ownership is not answered:
        name += f"\n{labels.whole_clause}{MARKS[language].colon}{badge(view.ownership, language)}"
    yield section(mrkdwn(name))
    yield columns([_column(view, owner, language) for owner in parties(view)])
    quotes = [
        f">{labels.owner[duty.owner]}{MARKS[language].colon}“{cut(duty.quote, _LONGEST_QUOTE)}”"
        for duty in relevant_duties(view)
        if duty.quote and duty.quote.strip()
    ]
    if quotes:
        yield section(mrkdwn(fill(quotes, _LONGEST_QUOTES, PHRASES[language].more)))
    yield context(mrkdwn("\n".join(_small_print(view, links, language))))


def _column(view: ClauseView, owner: Owner, language: Language) -> str:
    """A party's duties that answer, and how many others it has under the clause."""
    labels, phrases = LABELS[language], PHRASES[language]
    name = name_party(owner, view, language)
    held = [duty for duty in view.duties if duty.owner is owner]
    if not held:
        return f"{name}\n_{labels.silent[owner]}_"
    answering = [duty for duty in relevant_duties(view) if duty.owner is owner]
    others = len(held) - len(answering)
    tail = f"\n_{phrases.others.format(count=others)}_" if others else ""
    lines = [name, *(_tell(duty, view, language) for duty in answering)]
    return fill(lines, _LONGEST_COLUMN - len(tail), phrases.more) + tail


def _tell(duty: DutyView, view: ClauseView, language: Language) -> str:
    place = place_briefly(duty, view, language)
    return f"• {cut(duty.text, _LONGEST_DUTY)}{name_kind(duty, language)}" + (f" [{place}]" if place else "")


def _small_print(view: ClauseView, links: Links | None, language: Language) -> Iterator[str]:
    """What the clause asks, where it stands, and what its source tells besides; no more than 1,200 characters."""
    labels = LABELS[language]
    if view.requirement.strip():
        label = PHRASES[language].asks + MARKS[language].colon if view.kind == "clause" else ""
        yield label + cut(view.requirement, _LONGEST_REQUIREMENT)
    yield f"{labels.source}{MARKS[language].colon}{cite(view, links)}"
    if view.together_with:
        names = cut(join_names(view.together_with, language), 150)
        yield f"{cut(view.ref, LONGEST_REF)} {labels.together} {names}"
    if folded := fold([view], language):
        yield folded
