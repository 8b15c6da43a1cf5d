"""What a button or an option carries, so that pressing it needs no state on the server. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from retrieval.wording import Language

LONGEST_VALUE = 2000
"""Characters that a button's value may have."""

LONGEST_OPTION_VALUE = 150
"""Characters that the value of an option in a select may have."""

# An encoder of one's own at each call would take longer than the encoding.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_Value = TypeVar("_Value", "Pointer", "Asked", "Rating")


@dataclass(frozen=True, slots=True)
class Pointer:
    """One clause of one guide, and the language that it was shown in.

    ``ref`` is a clause, a section of the guide, or a background item's id; without a ``guide``, the first that has it.
    """

    ref: str
    guide: str = ""
    language: Language = "en"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered: asked again it gives the same answer.

    ``question`` is empty where it had no room; ``refs`` are the clauses that the answer was about.
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
    """The value as text, at most 2000 characters: a question that does not fit is left out, then the last clauses."""
    text = _encode({each: getattr(value, each) for each in value.__slots__})
    if len(text) <= LONGEST_VALUE:
        return text
    if not isinstance(value, Asked):
        raise ValueError(f"no value of a button: {len(text)} characters")
    return pack(replace(value, question="") if value.question else replace(value, refs=value.refs[:-1]))


def unpack(kind: type[_Value], text: Any) -> _Value | None:
    """The value in what Slack sent back; None where it is not one of that kind."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.keys() != {each.name for each in fields(kind)}:
        return None
    if not all(_IS_OF[name](value) for name, value in found.items()):
        return None
    return kind(**found | ({"refs": tuple(found["refs"])} if "refs" in found else {}))


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


_IS_OF: Mapping[str, Callable[[Any], bool]] = {
    "answer_id": _is_text,
    "guide": _is_text,
    "helpful": lambda value: isinstance(value, bool),
    "language": lambda value: value in ("en", "zh-Hant"),
    "question": _is_text,
    "ref": _is_text,
    "refs": lambda value: isinstance(value, list) and all(map(_is_text, value)),
}
