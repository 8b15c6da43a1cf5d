"""Which duties of a passage answer the question, and which party they say it of. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from corpus.models import Duty, Kind, Owner
from retrieval.analyzer import concept_term, fold_words, stem_words
from retrieval.deeds import who_does
from retrieval.owned import PAPER
from retrieval.query import Query
from retrieval.shape import Asks, Shape

RELEVANT_SHARE = 0.6
"""Share of the best duty's score from which a further duty is part of the answer."""
BY_SPECIAL_SHARE = 0.5
"""What a general concept counts for in a duty that names only a special one: "vulnerability" in a penetration test."""
ACTING_SHARE = 0.4
"""The same for a duty of the very party that the question asks about."""

TIME = (
    r"\b(?:every|yearly|annual\w*|half|monthly|weekly|daily|each (?:day|year|month|drill)|once|regular\w*|periodic\w*|"
    r"immediately|at once|promptly|forthwith|hours?|days?|months?|years?|before|after|since|until|when|during)\b"
    r"|\b20[0-9]{2}\b"
)
"""What says when, how often or how long, in a duty's text."""
_DENIAL = (
    r"^(?:does|do|will|has|have|bears?|discloses?|moves?|makes?|gets?|may|can|is|are)\b[^.;,]{0,60}?"
    r"\b(?:no|not|neither|never)\b"
)


class Says(NamedTuple):
    """What one duty says of just what is asked: who does the deed, and whether it counts the thing."""

    doer: Owner | None
    counted: bool

    def fits(self, shape: Shape) -> bool | None:
        """Whether the duty tells just what the question asks for; False where it tells it of another party."""
        if shape.asks is Asks.NUMBER:
            return self.counted or None
        return None if self.doer is None else shape.actor in (None, self.doer)


def select_duties(
    duties: Sequence[Duty],
    terms: Sequence[frozenset[str]],
    query: Query,
    shape: Shape,
    idf: Callable[[str], float],
    says: Sequence[Says],
) -> frozenset[int]:
    """Positions of the duties that answer: those that share the question's terms about as much as the best does.

    Where the question names a thing of the customer's own ("our servers"), what the provider does for its platform is
    left out, and the customer's duties where it names the platform, as far as others are left. Where it asks for a
    time, those of them that give one; for a number, those that count the very thing; and where some tell who does the
    deed that it asks about, those.

    Where it asks what one party does and that party has an obligation among them (or anything, if it asks what is
    offered or shown), only that party's; else the other's stay, for they contradict a false premise ("does the
    provider back up our data?"). Where none shares a term, all, or that party's.

    Args:
        duties: the passage's.
        terms: the index terms of each.
        query: the question's terms.
        shape: what the question asks for, and of whom.
        idf: the index's inverse document frequency of a term.
        says: what each of them says of just what is asked.
    """
    weights = {
        name: weight * max(idf(name), LEAST_IDF)
        for term in query.terms
        for name, weight in term.terms
        if not (term.general and term.weight)
    }
    scores = [share_terms(held, weights) for held in terms]
    best = max(scores, default=0.0)
    if best <= 0:
        mine = frozenset(i for i, duty in enumerate(duties) if duty.owner is shape.actor)
        return mine or frozenset(range(len(duties)))
    own = _leave_other_side(duties, scores, terms, query)
    if any(own):
        scores, best = own, max(own)
    found = {i for i, score in enumerate(scores) if score >= RELEVANT_SHARE * best}
    if shape.asks is Asks.WHEN:
        found = {i for i in found if gives_time(duties[i])} or found
    if shape.asks is Asks.NUMBER:
        found = {i for i in found if says[i].counted} or found
    if shape.asks is Asks.WHO and any(says[i].doer for i in found):
        found = {i for i in found if says[i].doer}
    acting = {i for i, score in enumerate(scores) if duties[i].owner is shape.actor and score >= ACTING_SHARE * best}
    if any(duties[i].kind is Kind.OBLIGATION or shape.offered for i in acting):
        found = acting
    return frozenset(found)


def _leave_other_side(
    duties: Sequence[Duty], scores: Sequence[float], terms: Sequence[frozenset[str]], query: Query
) -> list[float]:
    """The scores of the duties that may answer for what is one side's own; 0 for the others, for all if none may.

    For what is the customer's, the customer's duties where they name the thing or are about as near as the best; of
    what the provider lets it have, what names the thing, and what helps it with a plan or policy of its own. For the
    provider's platform, all but the customer's duties where one is about as near as the best.
    """
    sided = [concept for term in query.specific for concept in term.concepts if concept.side]
    things = [concept_term(concept.id) for concept in sided if concept.side is Owner.CSC]
    least = ACTING_SHARE * max(scores)

    def may_answer(duty: Duty, score: float, held: frozenset[str]) -> bool:
        if not query.owned:
            return duty.owner is not Owner.CSC
        if not held.isdisjoint(things):
            return duty.owner is Owner.CSC or duty.kind is Kind.SERVICE
        helps = duty.kind is Kind.SERVICE and PAPER in query.owned
        return (duty.owner is Owner.CSC or helps) and score >= least

    if not query.owned and (things or not sided):
        return []
    scored = zip(duties, scores, terms, strict=True)
    own = [score if may_answer(duty, score, held) else 0.0 for duty, score, held in scored]
    return own if query.owned or max(own) >= least else []


LEAST_IDF = 0.5
"""What even a term of every passage counts for: its idf is zero or below in so small a corpus."""


def share_terms(held: Collection[str], weights: Mapping[str, float]) -> float:
    """The weight of the terms that are among those held; of those held only as ``~term``, a part."""
    return sum(
        weight if name in held else weight * BY_SPECIAL_SHARE if f"~{name}" in held else 0.0
        for name, weight in weights.items()
    )


def gives_time(duty: Duty) -> bool:
    """Whether a duty says when, how often or how long."""
    return re.search(TIME, duty.text, re.IGNORECASE) is not None


LONGEST_COUNTED = 6
"""Words after a number that are read for what it counts."""
_NUMERAL = (
    r"[0-9]|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|"
    r"most|all|none|several|single|once|twice|i{1,3}|iv|vi{0,3})\b"
)


def gives_number(duty: Duty) -> bool:
    """Whether a duty holds a number, in digits or words."""
    return re.search(_NUMERAL, duty.text, re.IGNORECASE) is not None


def find_counted(duty: Duty) -> Iterator[list[str]]:
    """The stems that follow each number of a duty, in digits or words."""
    for number in re.finditer(_NUMERAL, duty.text, re.IGNORECASE):
        yield stem_words(fold_words(duty.text[number.end() :])[:LONGEST_COUNTED])


def counts_any(counted: Iterable[Sequence[str]], things: Iterable[frozenset[str]]) -> bool:
    """Whether one of some things, by their stems, is what a number counts: it follows within a word.

    "Two availability zones" counts zones; "two Hong Kong zones" speaks of Hong Kong first.
    """
    following = [(set(stems[: size + 1]), size) for stems in counted for size in range(1, LONGEST_COUNTED)]
    return any(size == len(thing) and thing <= stems for thing in things for stems, size in following)


def denies(duty: Duty) -> bool:
    """Whether a duty says in terms that something is not done: "Does not move", "Will have no access"."""
    return re.search(_DENIAL, duty.text, re.IGNORECASE) is not None


def denies_deed(duty: Duty, shape: Shape) -> bool:
    """Whether a duty says in terms that the very thing is not done that the question asks of its owner.

    Only where the question asks whether that party does it ("can the provider read our data?") and the duty's
    denial is of the same deed: "will our data stay here?" and "can we read it?" are other questions.
    """
    return (
        denies(duty) and shape.deed is not None and duty.owner is Owner.CSP and who_does(duty, shape.deed) is Owner.CSP
    )
