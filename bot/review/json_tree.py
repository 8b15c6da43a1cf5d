"""JSON with every value's place in the text, so that what isn't touched stays as it is. Strict. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.review.model import ReviewError

DEEPEST = 60
"""Levels: a questionnaire has five."""

MOST_VALUES = 500_000
"""Values that are read: 20,000 questions with 25 each."""

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"')
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.])|true\b|false\b|null\b")
_NO_NUMBER = re.compile(r"-?(?:NaN|Infinity)\b")


@dataclass(slots=True, eq=False)
class Node:
    """A value: what it is, and where it stands in the text.

    ``text`` is a string's; ``keys`` and their places are an object's, in the order of ``items``.
    A number, ``true`` or ``false`` has its ``text`` as it is written, ``null`` none.
    """

    kind: Literal["object", "array", "string", "plain"]
    start: int
    end: int
    text: str = ""
    items: Sequence[Node] = ()
    keys: Sequence[str] = ()
    key_starts: Sequence[int] = ()
    key_ends: Sequence[int] = ()

    def get(self, key: str) -> Node | None:
        """An object's member."""
        return self.items[self.keys.index(key)] if key in self.keys else None


def parse_json(text: str) -> Node:
    """The root value.

    Raises:
        ReviewError: it is no JSON as RFC 8259 has it, an object has a key twice, or it nests too deep.
    """
    root, end = _Parser(text).read(_skip(text, 0), 0)
    if (rest := _skip(text, end)) < len(text):
        raise _say(text, rest, "something follows the end")
    return root


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._count = 0

    def read(self, at: int, depth: int) -> tuple[Node, int]:
        """The value that begins at a place, and where it ends."""
        text = self._text
        sign = text[at : at + 1]
        self._count += 1
        if self._count > MOST_VALUES:
            raise ReviewError("The JSON has more than {most:,} values. Split it.", most=MOST_VALUES)
        if sign in ("{", "["):
            if depth >= DEEPEST:
                raise ReviewError(
                    "The JSON nests deeper than {most} levels: it is no questionnaire that can be read.", most=DEEPEST
                )
            node = self._read_object(at, depth) if sign == "{" else self._read_array(at, depth)
            return node, node.end
        if sign == '"':
            held, end = self._read_string(at)
            return Node("string", at, end, held), end
        if plain := _PLAIN.match(text, at):
            held = plain[0] if plain[0] != "null" else ""
            return Node("plain", at, plain.end(), held), plain.end()
        if _NO_NUMBER.match(text, at):
            raise _say(text, at, "NaN and Infinity are no JSON")
        raise _say(text, at, "a value is missing" if sign else "it ends too early")

    def _read_string(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        if not found:
            raise _say(self._text, at, "a string is not closed or not escaped")
        raw = found[0]
        if "\\" not in raw:
            return raw[1:-1], found.end()
        # Halves of a sign outside Unicode's first plane that stand alone are no text.
        whole: str = json.loads(raw).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole, found.end()

    def _read_array(self, start: int, depth: int) -> Node:
        text = self._text
        items: list[Node] = []
        at = _skip(text, start + 1)
        while items or not text.startswith("]", at):
            item, at = self.read(at, depth + 1)
            items.append(item)
            at = _skip(text, at)
            if text.startswith("]", at):
                break
            at = self._pass(at, ",")
        return Node("array", start, at + 1, items=items)

    def _read_object(self, start: int, depth: int) -> Node:
        text = self._text
        items: dict[str, Node] = {}
        starts: list[int] = []
        ends: list[int] = []
        at = _skip(text, start + 1)
        while items or not text.startswith("}", at):
            if not text.startswith('"', at):
                raise _say(text, at, "a key is missing")
            key, end = self._read_string(at)
            if key in items:
                raise _say(text, at, f"the key “{key[:40]}” stands twice in an object")
            starts.append(at)
            ends.append(end)
            items[key], at = self.read(self._pass(_skip(text, end), ":"), depth + 1)
            at = _skip(text, at)
            if text.startswith("}", at):
                break
            at = self._pass(at, ",")
        return Node("object", start, at + 1, "", list(items.values()), list(items), starts, ends)

    def _pass(self, at: int, sign: str) -> int:
        """Where the next value begins, behind a comma or colon."""
        if not self._text.startswith(sign, at):
            what = "a comma" if sign == "," else "a colon"
            raise _say(self._text, at, f"{what} is missing" if at < len(self._text) else "it ends too early")
        return _skip(self._text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _say(text: str, at: int, what: str) -> ReviewError:
    line = text.count("\n", 0, at) + 1
    column = at - text.rfind("\n", 0, at)
    return ReviewError(
        "The file is no valid JSON: line {line}, column {column}: {what}.", line=line, column=column, what=what
    )
