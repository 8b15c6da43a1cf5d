"""What is worked out once of an answer that several people are given."""

from __future__ import annotations

import weakref
from typing import Generic, TypeVar

from retrieval.answer import Answer

Value = TypeVar("Value")


class PerAnswer(Generic[Value]):
    """A value for each answer that is held somewhere, gone with it.

    Answers are told apart as objects: to compare two by what they say takes longer than what is saved here.
    """

    def __init__(self) -> None:
        self._values: dict[int, Value] = {}

    def __len__(self) -> int:
        """How many answers that live have a value."""
        return len(self._values)

    def get(self, answer: Answer) -> Value | None:
        """The answer's value; None where it has none yet."""
        return self._values.get(id(answer))

    def keep(self, answer: Answer, value: Value) -> Value:
        """Keep a value as long as the answer lives, instead of any before, and return it."""
        if id(answer) not in self._values:
            weakref.finalize(answer, self._values.pop, id(answer)).atexit = False
        self._values[id(answer)] = value
        return value
