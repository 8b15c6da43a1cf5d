"""The first words of an answer, and whom they say it of: what was asked for, in as few words as say it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.models import Duty, Item, Kind, Owner, Ownership, derive_ownership
from retrieval.fixed import Fixed
from retrieval.relevance import denies, gives_time
from retrieval.resolve import Entry
from retrieval.shape import Asks, Shape
from retrieval.wording import LABELS

MOST_NAMED = 4
"""Clauses whose split is said one by one in the first line."""


MOST_TOLD = 2
"""Duties told in full in the first line."""


class Part(NamedTuple):
    """One clause of an answer: its entry and those of its duties that answer the question."""

    entry: Entry
    duties: Sequence[Duty]


def compose_lead(parts: Sequence[Part], shape: Shape, say: Fixed) -> str:
    """The first words of an answer from the duties that answer the question.

    Args:
        parts: the clauses that are the answer.
        shape: what the question asks for.
        say: the fixed sentences of its language.
    """
    lead = _lead(parts, shape, say)
    return f"{say.confirms_nothing} {lead}" if shape.demand else lead


def _lead(parts: Sequence[Part], shape: Shape, say: Fixed) -> str:
    duties = [duty for part in parts for duty in part.duties]
    by_guide = {part.entry.guide.info.short_title: derive_ownership(part.duties) for part in parts}
    carries = LABELS[say.language].carries
    if shape.asks is Asks.PAGE:
        return say.on_pages(sorted({page for part in parts for page in part.entry.passage.pages}))
    if len(by_guide) > 1 and len(set(by_guide.values())) > 1:
        return " ".join(f"{guide}: {carries[owned]}" for guide, owned in by_guide.items())
    if (
        len({part.entry.passage.ref for part in parts}) > 1
        and len({derive_ownership(part.duties) for part in parts}) > 1
    ):
        return " ".join(
            f"{part.entry.passage.ref}: {carries[derive_ownership(part.duties)]}" for part in parts[:MOST_NAMED]
        )
    who = _who(duties, say)
    if shape.asks is Asks.WHEN and duties and not any(map(gives_time, duties)):
        return f"{who} {say.no_time}"
    if shape.asks is Asks.WHO:
        return who if _binds_customer(parts) else f"{who} {say.requirement_stays}"
    if len(duties) > MOST_TOLD:
        return f"{say.no_plain_answer} {who}" if shape.asks is Asks.YES_NO else who
    if len(duties) != 1:
        return " ".join(f"{LABELS[say.language].owner[duty.owner]}: {duty.text}" for duty in duties) or who
    if shape.asks is Asks.YES_NO and not shape.negated and denies(duties[0], shape):
        return say.denied(duties[0].text)
    return f"{LABELS[say.language].owner[duties[0].owner]}: {duties[0].text}"


def _binds_customer(parts: Sequence[Part]) -> bool:
    """Whether the guide names an obligation of the customer, or there is no requirement to stay with it."""
    return any(
        isinstance(part.entry.passage, Item)
        or any(duty.owner is Owner.CSC and duty.kind is Kind.OBLIGATION for duty in part.entry.passage.duties)
        for part in parts
    )


def _who(duties: Sequence[Duty], say: Fixed) -> str:
    ownership = derive_ownership(duties)
    kinds = {duty.kind for duty in duties}
    if Kind.OBLIGATION in kinds or ownership in (Ownership.NONE, Ownership.SHARED):
        return LABELS[say.language].carries[ownership]
    (party,) = {duty.owner for duty in duties}
    name = LABELS[say.language].owner[party]
    return say.only_offers(name) if Kind.SERVICE in kinds else say.only_shows(name)
