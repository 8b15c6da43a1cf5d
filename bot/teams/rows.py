"""Several clauses in one card: who carries each, below one another, so that a phone shows them whole. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.parts import name_carrier, parties, relevant_duties
from bot.phrases import PHRASES
from bot.teams.clause import LONGEST_REF
from bot.teams.elements import Element, container, cut, fill, paragraph, run, weigh
from corpus.models import Owner
from retrieval.answer import ClauseView
from retrieval.wording import LABELS, MARKS, Language, bracket, format_pages

_LONGEST_TITLE = 60
_LONGEST_TOLD = 240
_LONGEST_REST = 8


def draw_rows(views: Sequence[ClauseView], room: int, language: Language) -> list[Element]:
    """Each clause with what each party does; where these have no room, in bytes, with who carries it only."""
    rows = [_draw_row(view, language) for view in views]
    if sum(map(weigh, rows)) <= room:
        return rows
    names = [paragraph(*_name(view, language)) for view in views]
    return fill([[name] for name in names], room, PHRASES[language].more_clauses)


def _draw_row(view: ClauseView, language: Language) -> Element:
    told = (_tell(view, owner, language) for owner in parties(view))
    return container([paragraph(*_name(view, language)), *told], separator=True)


def _name(view: ClauseView, language: Language) -> list[Element]:
    pages = cut(format_pages(view.pages, language), 30)
    return [
        run(f"{name_carrier(view.ownership, language)} · "),
        run(cut(view.ref, LONGEST_REF), weight="Bolder"),
        run(f" {cut(view.title, _LONGEST_TITLE)}"),
        run(bracket(pages, language), isSubtle=True),
    ]


def _tell(view: ClauseView, owner: Owner, language: Language) -> Element:
    """A party's duties that answer, as many as there is room for, and how many more."""
    phrases = PHRASES[language]
    held = [text for duty in relevant_duties(view) if duty.owner is owner and (text := cut(duty.text, _LONGEST_TOLD))]
    others = sum(duty.owner is owner for duty in view.duties)
    kept = list(held)
    while len(kept) > 1 and len(" ".join(kept)) > _LONGEST_TOLD - _LONGEST_REST:
        kept.pop()
    rest = bracket(f"+{len(held) - len(kept)}", language) if len(held) > len(kept) else ""
    told = " ".join(kept) + rest or (phrases.others.format(count=others) if others else phrases.none_named)
    name = run(LABELS[language].owner[owner] + MARKS[language].colon, weight="Bolder")
    return paragraph(name, run(told, isSubtle=not held), spacing="Small")
