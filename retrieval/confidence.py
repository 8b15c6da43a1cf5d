"""How sure an answer is: bounded, independent of the question's length, explained by terms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from retrieval.answer import Confidence

HIGH = 0.62
LOW = 0.36
"""Bands of the evidence: from HIGH on the answer stands by itself; below LOW there is no answer, only the closest
clauses. Set on the development questions of `tests/questions.yaml`, never on its test split."""


class Evidence(NamedTuple):
    """One term of the question: how people wrote it, what it weighs (weight × idf), how much of that the passage has.

    ``share`` is 1 where the passage names the term, less where it names only a more general concept, and 0
    where it does not name it. ``known`` says that some passage names it.
    """

    label: str
    weight: float
    share: float
    known: bool


def judge(evidence: Sequence[Evidence]) -> Confidence:
    """The confidence that a passage answers the question.

    The value is the part of the question's weight that the passage covers: unknown terms weigh like the
    rarest known one, so a question about something else cannot look well covered, and neither a long
    question nor a long passage gains by its length (raw BM25 scores cannot be compared across questions).
    """
    total = sum(term.weight for term in evidence)
    value = sum(term.weight * term.share for term in evidence) / total if total else 0.0
    matched = tuple(dict.fromkeys(term.label for term in evidence if term.share > 0))
    unknown = tuple(dict.fromkeys(term.label for term in evidence if not term.known))
    return Confidence(value=round(value, 4), band=band(value), matched=matched, unknown=unknown)


def band(value: float) -> Literal["high", "medium", "low"]:
    """The band of a confidence value."""
    if value >= HIGH:
        return "high"
    return "medium" if value >= LOW else "low"
