"""Questionnaires as JSON: back comes the same text with a "clausebot" object in each question's object. Pure.

A question that is a bare string becomes an object with "question" and "clausebot". The summary is in the root's own
"clausebot" object; an array has a last item for it, which holds nothing else. A question's object that a person has
put a name to ("reviewer") is left as it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.review.choices import split_choices
from bot.review.columns import say_unknown
from bot.review.dialect import splice
from bot.review.encoding import Encoded, decode
from bot.review.headings import fold_heading, is_asking, is_like, is_none, name_kind, rank_question
from bot.review.json_tree import Node, parse_json
from bot.review.model import ADDED, Columns, Fill, Kind, Question, ReviewedRow, ReviewError, Summary

KEY = "clausebot"
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class _Found(NamedTuple):
    """A question: where it is, its object or string, and the keys of its parts."""

    place: str
    row: int
    node: Node
    question: Node
    answer: Node | None
    choices: tuple[str, ...]
    party: bool = False
    responsible: Node | None = None


class JsonFile:
    """A JSON file that was read."""

    def __init__(self, content: bytes, columns: Columns | None = None) -> None:
        """Read it.

        Args:
            content: the file.
            columns: the keys that somebody named.

        Raises:
            ReviewError: it is no JSON, or holds no questions.
        """
        self._encoded: Encoded = decode(content)
        self._text = self._encoded.text
        self._root = parse_json(self._text)
        # One level's indentation is that of the first line that has any.
        indented = re.search(r"\n([ \t]+)\S", self._text)
        self._unit = indented[1] if indented else "  "
        utf = self._encoded.codec.startswith("utf")
        self._escaped = not utf or ("\\u" in self._text and self._text.isascii())
        self._wanted = columns or Columns()
        self._keys: dict[str, None] = {}
        self._found = [found for found in self._walk(self._root, "", 1, None) if not is_none(found.question.text)]
        self.questions: tuple[Question, ...] = tuple(
            Question(
                place=found.place,
                row=found.row,
                text=found.question.text.strip(),
                choices=found.choices,
                given="" if self._is_ours(found) else _text(found.answer),
                party=found.party,
                parties=None if found.responsible is None else (),
            )
            for found in self._found
        )
        if not self.questions:
            if self._wanted.question or self._wanted.answer:
                raise say_unknown(self._wanted, list(self._keys))
            raise ReviewError('No questions were found in the file: none of its objects has a key such as "question".')

    @property
    def kind(self) -> Kind:
        """``json``."""
        return "json"

    def read_reviewed(self) -> list[ReviewedRow]:
        """Its questions with what stands in the objects that Clausebot added."""
        return [
            ReviewedRow(
                place=found.place,
                row=found.row,
                question=found.question.text.strip(),
                given=_text(found.answer),
                **{field: _text(ours.get(field)) for field in ("answer", "comment", "reviewer", "status")},
            )
            for found in self._found
            if (ours := found.node.get(KEY)) is not None
        ]

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The file, filled."""
        changes: list[tuple[int, int, str]] = []
        lines = [{"heading": heading, "text": held} for heading, held in summary.lines]
        summed: dict[str, object] = {"summary": {"title": summary.title, "lines": lines}}
        for found, fill in zip(self._found, fills, strict=True):
            told: dict[str, object] = {field: getattr(fill, field, "") for field, _ in ADDED}
            ours = found.node.get(KEY)
            if found.node is self._root:
                told |= summed
            if found.node.kind == "string":
                changes.append(self._wrap(found.node, told))
            elif ours is None or not _text(ours.get("reviewer")):
                changes += self._answer(found, fill)
                changes.append(self._add(found.node, told))
        if self._root.kind == "array":
            changes.append(self._append(summed))
        elif all(found.node is not self._root for found in self._found):
            changes.append(self._add(self._root, summed))
        return self._encoded.encode(splice(self._text, changes))

    def _walk(self, node: Node, place: str, row: int, within: Node | None) -> Iterator[_Found]:
        """The questions in a value, in order."""
        if node.kind == "array":
            strings = [item for item in node.items if item.kind == "string"]
            if strings and len(strings) == len(node.items) and self._asks(node, place, within):
                for number, item in enumerate(strings, 1):
                    yield _Found(place, number, item, item, None, ())
            else:
                for number, item in enumerate(node.items, 1):
                    yield from self._walk(item, place if item.kind == "object" else f"{place}[{number}]", number, node)
        elif node.kind == "object":
            self._keys |= dict.fromkeys(node.keys)
            question = self._choose(node, within)
            if question is not None:
                yield self._read(node, place, row, question)
            for key, item in zip(node.keys, node.items, strict=True):
                if key != KEY and item is not question and item.kind in ("array", "object") and _kind(key) != "options":
                    inner = f"{place}[{row}]" if within is not None else place
                    yield from self._walk(item, f"{inner}.{key}" if inner else key, 1, None)

    def _asks(self, node: Node, place: str, within: Node | None) -> bool:
        """Whether an array of strings is one of questions."""
        if self._wanted.question:
            return fold_heading(place.rsplit(".", 1)[-1]) == fold_heading(self._wanted.question)
        if within is None and node is self._root:
            return True
        likely = sum(is_like(item.text) for item in node.items)
        return 2 * likely >= len(node.items) and (
            name_kind(_words(place)) == "question" or any(is_asking(i.text) for i in node.items)
        )

    def _choose(self, node: Node, within: Node | None) -> Node | None:
        """The question of an object: by its key, else the one text in it that asks."""
        texts = {
            key: item
            for key, item in zip(node.keys, node.items, strict=True)
            if item.kind == "string" and item.text.strip()
        }
        if self._wanted.question:
            wanted = fold_heading(self._wanted.question)
            return next((item for key, item in texts.items() if fold_heading(key) == wanted), None)
        named = [key for key in texts if _kind(key) == "question"]
        if not named and any(_kind(key) in ("answer", "party") for key in node.keys):
            named = [key for key in texts if _kind(key) == "weak"]
        if named:
            return texts[max(named, key=lambda key: (rank_question(_words(key)), is_like(texts[key].text)))]
        asking = [key for key, item in texts.items() if _kind(key) in ("none", "weak") and is_asking(item.text)]
        ours = node.get(KEY)
        if texts and ours is not None and ours.get("status") is not None:
            # Somebody named the key when the file was filled: its text is the longest.
            return max(texts.values(), key=lambda item: len(item.text))
        return texts[asking[0]] if within is not None and len(asking) == 1 else None

    def _read(self, node: Node, place: str, row: int, question: Node) -> _Found:
        members = list(zip(node.keys, node.items, strict=True))
        wanted = fold_heading(self._wanted.answer or "")
        held = [(key, item) for key, item in members if item.kind in ("string", "plain") and item is not question]
        if wanted:
            named = [(key, item) for key, item in held if fold_heading(key) == wanted]
        else:
            named = [(key, item) for kind in ("answer", "party") for key, item in held if _kind(key) == kind]
        key, answer = named[0] if named else ("", None)
        options = next((item for key, item in members if _kind(key) == "options"), None)
        choices: tuple[str, ...] = ()
        if options is not None and options.kind == "array":
            choices = tuple(dict.fromkeys(item.text.strip() for item in options.items if item.text.strip()))
        elif options is not None:
            choices = split_choices(options.text)
        who = next((item for name, item in held if _kind(name) == "party" and item is not answer), None)
        return _Found(place, row, node, question, answer, choices, _kind(key) == "party", who)

    def _is_ours(self, found: _Found) -> bool:
        """Whether the file's own answer is what Clausebot wrote there before, and nobody reviewed it."""
        ours = found.node.get(KEY)
        if ours is None or _text(ours.get("reviewer")):
            return False
        return _text(found.answer) == _text(ours.get("answer"))

    def _answer(self, found: _Found, fill: Fill) -> list[tuple[int, int, str]]:
        """The changes of the file's own answer, where it is blank or Clausebot's, and of who is responsible."""
        told = fill.answer if fill.status == "answered" else ""
        changes: list[tuple[int, int, str]] = []
        for node, text, ours in (
            (found.answer, told, self._is_ours(found)),
            (found.responsible, fill.responsible, False),
        ):
            blank = node is not None and self._text[node.start : node.end] in ('""', "null")
            if node is not None and (blank or ours) and text != _text(node):
                changes.append((node.start, node.end, self._dump(text)))
        return changes

    def _add(self, node: Node, held: dict[str, object]) -> tuple[int, int, str]:
        """The change that puts an object in as the last member, or in the place of one of before."""
        lead, colon, closing = self._style(node)
        text = self._dump(held, lead, closing)
        ours = node.get(KEY)
        if ours is not None:
            return ours.start, ours.end, text
        if not node.items:
            return node.start + 1, node.start + 1, f'"{KEY}"{colon}{text}'
        return node.items[-1].end, node.items[-1].end, f',{lead}"{KEY}"{colon}{text}'

    def _wrap(self, node: Node, held: dict[str, object]) -> tuple[int, int, str]:
        """The change that makes an object of a question that is a bare string."""
        outer = self._break_before(node.start)
        unit = self._unit
        lead = outer + unit if "\n" in outer else ""
        raw = self._text[node.start : node.end]
        between = lead or " "
        inside = self._dump(held, lead, outer)
        return node.start, node.end, f'{{{lead}"question": {raw},{between}"{KEY}": {inside}{outer if lead else ""}}}'

    def _append(self, held: dict[str, object]) -> tuple[int, int, str]:
        """The change that puts the summary in as the root array's last item, or in the place of one of before."""
        last = self._root.items[-1]
        before = self._break_before(last.start)
        outer = before if "\n" in before else ""
        lead = outer + self._unit if outer else ""
        text = f'{{{lead}"{KEY}": {self._dump(held, lead, outer)}{outer}}}'
        if last.kind == "object" and last.keys == [KEY]:
            return last.start, last.end, text
        return last.end, last.end, "," + (before or " ") + text

    def _style(self, node: Node) -> tuple[str, str, str]:
        """How an object is laid out: what stands before a key, between key and value, and before its end."""
        if not node.items:
            return "", ": ", ""
        lead = self._text[node.start + 1 : node.key_starts[0]]
        if "\n" not in lead and len(node.items) > 1:
            lead = self._text[node.items[0].end : node.key_starts[1]].partition(",")[2]
        after = self._text[node.key_ends[-1] : node.items[-1].start].partition(":")[2]
        closing = self._text[node.items[-1].end : node.end - 1]
        lead = lead or (after if "\n" not in after else "")
        return lead, ":" + (after if "\n" not in after else " "), closing

    def _break_before(self, at: int) -> str:
        """The blanks before a place."""
        begin = at
        while begin and self._text[begin - 1] in " \t\r\n":
            begin -= 1
        return self._text[begin:at]

    def _dump(self, held: object, lead: str = "", closing: str = "") -> str:
        if "\n" not in lead:
            return json.dumps(held, ensure_ascii=self._escaped)
        indent = lead.rsplit("\n", 1)[1]
        outer = closing.rsplit("\n", 1)[-1] if "\n" in closing else ""
        unit = indent[len(outer) :] if indent.startswith(outer) and len(indent) > len(outer) else self._unit
        ending = "\r\n" if "\r\n" in lead else "\n"
        return json.dumps(held, ensure_ascii=self._escaped, indent=unit).replace("\n", ending + indent)


def _words(key: str) -> str:
    return _HUMP.sub(" ", key.rsplit(".", 1)[-1])


def _kind(key: str) -> str:
    return name_kind(_words(key))


def _text(node: Node | None) -> str:
    return node.text.strip() if node is not None else ""
