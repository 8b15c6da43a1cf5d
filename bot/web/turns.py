"""An answer as a page shows it, before it is drawn. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.form_phrases import FORM_PHRASES
from bot.parts import (
    Titles,
    lead,
    list_related,
    parties,
    relevant_duties,
    remark,
)
from bot.phrases import PHRASES
from bot.web.contents import path_to
from bot.web.phrases import WEB_PHRASES, WebPhrases
from corpus.models import Owner
from retrieval.answer import Answer, ClauseView, Closest, DutyView, Outcome
from retrieval.wording import LABELS, Labels, Language

MOST_WHOLE = 2
"""Clauses that an answer shows whole; more are folded, and each opens by itself."""

_MOST_RELATED = 8


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer that a reader is asked about, in its language.

    ``nonce`` leads to its record, for the session that asked; ``id`` tells it from others of a page.
    """

    nonce: str
    id: str
    language: Language
    phrases: WebPhrases
    reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Turn(Rated):
    """A question with its answer.

    ``lead`` is what the answer says first, ``remark`` that without what the badge says. ``asked`` are the clauses that
    answer, ``related`` others with the ways to them; where nothing answers there are ``choices``.
    """

    answer: Answer
    labels: Labels
    lead: str
    remark: str
    asked: tuple[ClauseView, ...]
    related: tuple[tuple[str, str], ...]
    choices: tuple[Closest, ...]
    choices_heading: str
    can_rate: bool


def name_rated(nonce: str, language: Language) -> Rated:
    """An answer by its nonce."""
    return Rated(nonce, nonce[:8], language, WEB_PHRASES[language], FORM_PHRASES[language].reasons)


def lay_out(answer: Answer, nonce: str, titles: Titles) -> Turn:
    """An answer's parts.

    Args:
        answer: as it was given.
        nonce: see `Rated`.
        titles: of the clauses that the answer only names: `bot.parts.list_titles`.
    """
    language, labels = answer.language, LABELS[answer.language]
    rated, asked = name_rated(nonce, language), answer.clauses[: answer.asked]
    named = list_related(asked, answer.clauses[answer.asked :], titles, language)
    headings = {Outcome.NOT_COVERED: labels.closest, Outcome.NO_SUCH_CLAUSE: PHRASES[language].nearby}
    return Turn(
        nonce=rated.nonce,
        id=rated.id,
        language=language,
        phrases=rated.phrases,
        reasons=rated.reasons,
        answer=answer,
        labels=labels,
        lead=lead(answer),
        remark=remark(answer),
        asked=asked,
        related=tuple((title, path_to(pointer.guide, pointer.ref)) for title, pointer in named[:_MOST_RELATED]),
        # Of two guides on one clause both answer: one choice is for both.
        choices=tuple({choice.ref: choice for choice in answer.closest}.values()),
        choices_heading=headings.get(answer.outcome, labels.choices),
        can_rate=answer.outcome is not Outcome.CLARIFY,
    )


def split_duties(view: ClauseView) -> list[tuple[Owner, list[DutyView], list[DutyView]]]:
    """Each party with its duties that answer and its others, the party of the first that answers before others."""
    answering = relevant_duties(view)
    first = answering[0].owner if answering else None
    split = []
    for owner in parties(view):
        held = [duty for duty in view.duties if duty.owner is owner]
        telling = [duty for duty in answering if duty.owner is owner]
        split.append((owner, telling, [duty for duty in held if duty not in telling]))
    return sorted(split, key=lambda each: (each[0] is not first, not each[1]))


def fold(view: ClauseView, language: Language) -> str:
    """What there is to know of a clause beside its duties, in a line."""
    words = FORM_PHRASES[language]
    told = [
        f"{words.notes} ({len(view.errata)})" if view.errata else "",
        f"{words.changes} ({len(view.updates)})" if view.updates else "",
        words.currency if view.currency else "",
    ]
    return " · ".join(filter(None, told))
