"""The first words of an answer, and whom they say it of: what was asked for, in as few words as say it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.models import Duty, Item, Kind, Owner, Ownership, derive_ownership
from retrieval.fixed import Fixed
from retrieval.relevance import denies, denies_deed, gives_time
from retrieval.resolve import Entry
from retrieval.shape import Asks, Shape
from retrieval.wording import LABELS, MARKS, join_names, join_sentences

MOST_NAMED = 4
"""Clauses whose split is said one by one in the first line; more are named together, by who carries them."""


MOST_TOLD = 2
"""Duties told in full in the first line."""


class Part(NamedTuple):
    """One clause of an answer: its entry, those of its duties that answer, and who does in them what is asked about."""

    entry: Entry
    duties: Sequence[Duty]
    doers: Sequence[Owner | None] = ()


def compose_lead(parts: Sequence[Part], shape: Shape, say: Fixed) -> str:
    """The first words of an answer from the duties that answer the question.

    Args:
        parts: the clauses that are the answer.
        shape: what the question asks for.
        say: the fixed sentences of its language.
    """
    lead = _lead(parts, shape, say)
    return join_sentences((say.confirms_nothing, lead), say.language) if shape.demand else lead


OWNED_BY = {
    Owner.CSP: Ownership.CSP_OWNED,
    Owner.CSC: Ownership.CSC_OWNED,
    Owner.THIRD_PARTY: Ownership.THIRD_PARTY,
}


def find_acting(parts: Sequence[Part], shape: Shape) -> Owner | None:
    """The party that does what "who …?" asks about where the duties' owner does not, but lets it be done.

    "Lets the customer raise a ticket" is the provider's duty, and the customer raises it. None where the owner
    acts, or the duties do not all tell of the deed.
    """
    doers = {doer for part in parts for doer in part.doers}
    if shape.asks is not Asks.WHO or len(doers) != 1:
        return None
    (doer,) = doers
    return doer if any(duty.owner is not doer for part in parts for duty in part.duties) else None


def names_no_duty(parts: Sequence[Part], shape: Shape) -> bool:
    """Whether the question asks what the customer has to do, and the guide binds only others to it."""
    return shape.obliged and shape.asks is not Asks.WHO and not _binds_customer(parts)


def _lead(parts: Sequence[Part], shape: Shape, say: Fixed) -> str:
    duties = [duty for part in parts for duty in part.duties]
    by_guide = {part.entry.guide.info.short_title: derive_ownership(part.duties) for part in parts}
    carries, colon = LABELS[say.language].carries, MARKS[say.language].colon
    acting = find_acting(parts, shape)
    if acting:
        return join_sentences((carries[OWNED_BY[acting]], *_tell(parts, say)), say.language)
    if shape.asks is Asks.PAGE:
        return say.on_pages(sorted({page for part in parts for page in part.entry.passage.pages}))
    if len(by_guide) > 1 and len(set(by_guide.values())) > 1:
        return join_sentences((f"{guide}{colon}{carries[owned]}" for guide, owned in by_guide.items()), say.language)
    if (
        len({part.entry.passage.ref for part in parts}) > 1
        and len({derive_ownership(part.duties) for part in parts}) > 1
    ):
        return _split(parts, say)
    if names_no_duty(parts, shape):
        told = _tell(parts, say) if len(duties) <= MOST_TOLD else []
        return join_sentences((say.requirement_stays, *told), say.language)
    who = _who(duties, say)
    if shape.asks is Asks.WHEN and duties and not any(map(gives_time, duties)):
        return join_sentences((who, say.no_time), say.language)
    if shape.asks is Asks.WHO and shape.deeds and duties and all(map(denies, duties)):
        # Nobody does it: the party alone would say that its owner does.
        return join_sentences(_tell(parts, say), say.language)
    if shape.asks is Asks.WHO:
        return join_sentences((who, "" if _binds_customer(parts) else say.requirement_stays), say.language)
    if len(duties) > MOST_TOLD:
        return join_sentences((say.no_plain_answer if shape.asks is Asks.YES_NO else "", who), say.language)
    if len(duties) != 1:
        return join_sentences(_tell(parts, say), say.language) or who
    if shape.asks is Asks.YES_NO and not shape.negated and denies_deed(duties[0], shape):
        return say.denied(duties[0].text)
    return join_sentences(_tell(parts, say), say.language)


def _split(parts: Sequence[Part], say: Fixed) -> str:
    """Who carries each of several clauses; of many, which clauses each carries."""
    owned = [(part.entry.passage.ref, derive_ownership(part.duties)) for part in parts]
    if len(owned) <= MOST_NAMED:
        named = owned
    else:
        together = {ownership: dict.fromkeys(ref for ref, each in owned if each is ownership) for _, ownership in owned}
        named = [(join_names(list(refs), say.language), ownership) for ownership, refs in together.items()]
    carries, colon = LABELS[say.language].carries, MARKS[say.language].colon
    return join_sentences((f"{name}{colon}{carries[ownership]}" for name, ownership in named), say.language)


def _tell(parts: Sequence[Part], say: Fixed) -> list[str]:
    """The first duties in full; of several guides, each guide's by its name."""
    if len({part.entry.guide.info.id for part in parts}) < 2:
        return _told([duty for part in parts for duty in part.duties][:MOST_TOLD], say)
    colon = MARKS[say.language].colon
    told = [(part.entry.guide.info.short_title, _told(part.duties[:1], say)) for part in parts if part.duties]
    return [f"{guide}{colon}{join_sentences(duties, say.language)}" for guide, duties in told[:MOST_TOLD]]


def _told(duties: Sequence[Duty], say: Fixed) -> list[str]:
    """Each duty once, in full, with its owner."""
    owner, colon = LABELS[say.language].owner, MARKS[say.language].colon
    return list(dict.fromkeys(f"{owner[duty.owner]}{colon}{duty.text}" for duty in duties))


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
    party = next(owner for owner, owned in OWNED_BY.items() if owned is ownership)
    if party is Owner.CSC:
        # What it may choose, or owns, it neither offers nor states.
        return LABELS[say.language].carries[ownership]
    name = LABELS[say.language].owner[party]
    offers = any(duty.kind is Kind.SERVICE for duty in duties if duty.owner is party)
    return say.only_offers(name) if offers else say.only_shows(name)
