"""What a button or an option carries, so that pressing it needs no state on the server. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from retrieval.wording import Language

LONGEST_VALUE = 2000
LONGEST_OPTION_VALUE = 150

_Value = TypeVar("_Value", "Pointer", "Asked", "Rating")


@dataclass(frozen=True, slots=True)
class Pointer:
    """One clause of one guide, and the language that it was shown in; without a ``guide``, whichever has it."""

    ref: str
    guide: str = ""
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered: asked again it gives the same answer.

    ``question`` is empty where it has no room; ``refs`` are the clauses that the answer was about, as a context.
    """

    answer_id: str
    question: str
    refs: tuple[str, ...]
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Rating:
    """What a reader thinks of an answer."""

    answer_id: str
    helpful: bool
    language: Language = "en"


def pack(value: Pointer | Asked | Rating) -> str:
    """The value as text."""
    raise NotImplementedError


def unpack(kind: type[_Value], text: Any) -> _Value | None:
    """The value in what Slack sent; None where it is not one."""
    raise NotImplementedError
