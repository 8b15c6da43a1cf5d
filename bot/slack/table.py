"""Several clauses in one message: a table of who does what. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.parts import name_carrier, parties, relevant_duties
from bot.phrases import PHRASES
from bot.slack.mrkdwn import Block, cut
from corpus.models import Owner
from retrieval.answer import ClauseView
from retrieval.wording import LABELS, Language, bracket, format_pages

MOST_CLAUSES = 99
"""Clauses that a table holds: Slack takes 100 rows, and one is the heading."""

# Slack takes 10,000 characters in all cells together; the rest of the message shares its 8,000 with them.
_LONGEST_TABLE = 5000
_LONGEST_CELL = 160
_LONGEST_REST = 8
# Below this most duties would be cut short, and half a duty misleads; the table then has no columns for them.
_SHORTEST_CELL = 100
# What the first two columns take at most: reference, title, pages, badge.
_LONGEST_NAME = 90
_LONGEST_WHO = 20


def draw_table(views: Sequence[ClauseView], language: Language) -> Block:
    """A row for each of the first 99 clauses: its name and page, who carries it, and what each party does.

    Columns are few, so that a phone shows the split without scrolling; where there are so many clauses that no duty
    could be read, only the first two.
    """
    labels, phrases = LABELS[language], PHRASES[language]
    shown = views[:MOST_CLAUSES]
    owners = [owner for owner in Owner if any(owner in parties(view) for view in shown)]
    room = (_LONGEST_TABLE // len(shown) - _LONGEST_NAME - _LONGEST_WHO) // len(owners)
    if room < _SHORTEST_CELL:
        owners = []
    heads = [phrases.column_clause, phrases.column_who, *(labels.owner[owner] for owner in owners)]
    rows = [[_cell(head) for head in heads]]
    for view in shown:
        duties = (_cell(_tell(view, owner, min(room, _LONGEST_CELL), language)) for owner in owners)
        rows.append([_cell(_name(view, len(shown), language)), _cell(_who(view, language)), *duties])
    wrapped = {"is_wrapped": True}
    return {"type": "table", "rows": rows, "column_settings": [wrapped, {}, *(wrapped for _ in owners)]}


def _cell(text: str) -> dict[str, str]:
    return {"type": "raw_text", "text": text}


def _name(view: ClauseView, rows: int, language: Language) -> str:
    pages = cut(bracket(format_pages(view.pages, language), language), 30)
    room = min(_LONGEST_NAME, _LONGEST_TABLE // rows - _LONGEST_WHO) - len(pages)
    return (cut(f"{view.ref} {view.title}", room)).strip() + pages


def _who(view: ClauseView, language: Language) -> str:
    return name_carrier(view.ownership, language)


def _tell(view: ClauseView, owner: Owner, room: int, language: Language) -> str:
    """A party's duties that answer, as many as there is room for, and how many more."""
    held = [duty.text.strip() for duty in relevant_duties(view) if duty.owner is owner and duty.text.strip()]
    others = sum(duty.owner is owner for duty in view.duties)
    if not held:
        return PHRASES[language].others.format(count=others) if others else PHRASES[language].none_named
    kept = list(held)
    while len(kept) > 1 and len(" ".join(kept)) > room - _LONGEST_REST:
        kept.pop()
    rest = f" (+{len(held) - len(kept)})" if len(held) > len(kept) else ""
    return cut(" ".join(kept), room - len(rest)) + rest
