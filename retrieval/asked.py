"""One question on its way to an answer, and the passages that it is to show."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from corpus.models import Duty
from retrieval.fixed import Fixed
from retrieval.query import Query
from retrieval.resolve import Entry, Resolution
from retrieval.shape import Shape
from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: as typed and as read, its language, its terms, where its references lead.

    ``rest`` is the text without references. ``within`` are the positions of the passages that may answer it:
    one regulation's, or one provider's, where it names one.
    """

    question: str
    text: str
    rest: str
    language: Language
    say: Fixed
    query: Query
    shape: Shape
    within: Collection[int]
    resolutions: tuple[Resolution, ...] = ()


class Shown(NamedTuple):
    """A passage to show: its entry, the positions of its duties that answer, its score if it was searched for."""

    entry: Entry
    relevant: frozenset[int]
    score: float | None


def relevant_duties(found: Iterable[Shown]) -> list[Duty]:
    """The duties that answer, passage by passage, in the pack's order."""
    return [each.entry.passage.duties[i] for each in found for i in sorted(each.relevant)]
