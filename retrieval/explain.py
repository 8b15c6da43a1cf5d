"""Why an answer is as it is: what was read, what it weighs, what each passage has of it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from retrieval.answer import Answer
from retrieval.confidence import HIGH, LOW, judge
from retrieval.query import Query
from retrieval.resolve import Resolution
from retrieval.search import Found, PassageSearch

MOST_EXPLAINED = 5


class TermReading(NamedTuple):
    """One thing that the question names: word or concept, its index terms as ``term×weight``, idf, known or not."""

    label: str
    kind: str
    index_terms: str
    idf: float
    known: bool


class PassageReading(NamedTuple):
    """One passage found: the parts of its score, its evidence, and what it lacks of the question."""

    ref: str
    score: float
    bm25: float
    duty_share: float
    evidence: float
    lacks: str


class Explanation(NamedTuple):
    """How one question was answered, in terms that a reader can check."""

    answer: Answer
    text: str
    references: Sequence[str]
    corrections: Sequence[str]
    terms: Sequence[TermReading]
    passages: Sequence[PassageReading]
    bands: str


def explain_answer(
    answer: Answer,
    text: str,
    query: Query,
    resolutions: Sequence[Resolution],
    found: Sequence[Found],
    search: PassageSearch,
) -> Explanation:
    """Put together what led to an answer.

    Args:
        answer: as given.
        text: the question as it was read.
        query: its terms.
        resolutions: where its references lead.
        found: the passages that share a term with it, best first.
        search: knows idf and evidence.
    """
    return Explanation(
        answer=answer,
        text=text,
        references=[_describe(resolution) for resolution in resolutions],
        corrections=[f"{typed} → {read}" for typed, read in query.corrections],
        terms=[
            TermReading(
                term.label,
                _kind(term.general, bool(term.concepts)),
                ", ".join(f"{name}×{weight:g}" for name, weight in term.terms),
                round(max(search.idf(name) for name, _ in term.terms), 2),
                search.is_known(term),
            )
            for term in query.terms
        ],
        passages=[_read_passage(each, query, search) for each in found[:MOST_EXPLAINED]],
        bands=f"high from {HIGH:g}, medium from {LOW:g}, below that no answer",
    )


def _describe(resolution: Resolution) -> str:
    leads = [entry.passage.ref for entry in resolution.found]
    return f"{resolution.reference} → {', '.join(leads) if leads else 'no response'}"


def _kind(general: bool, is_concept: bool) -> str:
    return ("general " if general else "") + ("concept" if is_concept else "word")


def _read_passage(found: Found, query: Query, search: PassageSearch) -> PassageReading:
    evidence = search.evidence(query, found.entry)
    return PassageReading(
        found.entry.passage.ref,
        round(found.score, 2),
        round(found.bm25, 2),
        round(found.duty_share, 2),
        judge(evidence).value,
        ", ".join(term.label for term in evidence if not term.share),
    )
