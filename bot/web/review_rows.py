"""Reviewed questions as a page shows them: each clause a link to where it is answered. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.review.matrix import CSA_NAMES
from bot.review.model import Fill, Question
from bot.web.contents import path_of
from corpus.models import Ownership
from retrieval.answer import ClauseView
from retrieval.question import detect_language
from retrieval.wording import Language

_OWNERSHIPS = {name: ownership for ownership, name in CSA_NAMES.items()}

Show = Callable[[str], ClauseView | None]
"""The clause of a reference, as answers write it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question with what was written beside it.

    ``number`` counts the file's questions from 1. ``carried`` says who carries it, where the guides differ for each
    (with the provider's name): None where it is said in other words. ``clauses`` are references with their ways from
    the start page, empty where none is known. ``language`` is that of what was written.
    """

    number: int
    question: Question
    fill: Fill
    carried: tuple[tuple[str, Ownership | None, str], ...]
    clauses: tuple[tuple[str, str], ...]
    language: Language


def read_rows(held: Iterable[Mapping[str, Any]], first: int, show: Show) -> list[Row]:
    """Rows as the records keep them; ``first`` is the number of the first."""
    rows = []
    for number, each in enumerate(held, first):
        fill = Fill.model_validate(each["fill"])
        rows.append(
            Row(
                number=number,
                question=Question.model_validate(each["question"]),
                fill=fill,
                carried=tuple(_read_ownership(each) for each in fill.ownership.split("; ") if each),
                clauses=tuple(_link(ref.strip(), show) for ref in fill.clause.split(";") if ref.strip()),
                language=detect_language(fill.answer + fill.comment),
            )
        )
    return rows


def _read_ownership(text: str) -> tuple[str, Ownership | None, str]:
    """Whose answer it is, where that is said, and who carries it: known, or in words."""
    provider, colon, name = text.rpartition(": ")
    return (provider + colon).strip(), _OWNERSHIPS.get(name), name


def _link(ref: str, show: Show) -> tuple[str, str]:
    view = show(ref)
    return ref, path_of(view) if view else ""


def list_numbers(held: Sequence[Mapping[str, Any]], first: int, status: str) -> list[int]:
    """The numbers of the rows of a status, among some whose first has that number."""
    return [number for number, each in enumerate(held, first) if each["fill"]["status"] == status]
