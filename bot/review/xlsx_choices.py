"""Dropdowns: what a cell's data validation lets a person choose. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.review.packages import parse_xml
from bot.review.xlsx_book import Book, SheetPart, find
from bot.review.xlsx_scan import Area, Validation, read_areas, read_number

# More isn't a dropdown for a person; a rule on a whole column has as many cells as the sheet has rows.
_MOST_CELLS = 1_000_000
# Names that stand for names.
_DEEPEST = 5
_ON_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]()]+))!(.+)", re.DOTALL)
_COLUMN_OF_TABLE = re.compile(r"([^\[\]()!]+)\[([^\[\]]+)\]")
_INDIRECT = re.compile(r'INDIRECT\(\s*"([^"]+)"\s*\)', re.IGNORECASE)
_LENGTHS = {"lessThan": (0, 1), "lessThanOrEqual": (0, 0), "between": (1, 0)}
_ANYTHING = ("", "none", "any")

Texts = Callable[[SheetPart, Area], list[str]]
"""The texts of an area of a sheet, blank ones left out, row by row."""


class Rules(NamedTuple):
    """What the cells of a sheet allow, by row and column.

    ``choices`` are the dropdowns that could be read, ``longest`` the most characters that a cell takes; ``closed`` are
    cells whose rule can't be told, such as a dropdown that depends on another cell: nothing is written there.
    """

    choices: dict[tuple[int, int], tuple[str, ...]]
    longest: dict[tuple[int, int], int]
    closed: set[tuple[int, int]]


def read_rules(book: Book, sheet: SheetPart, rules: Sequence[Validation], extent: Area, texts: Texts) -> Rules:
    """What the cells of a sheet's used area allow."""
    found = Rules({}, {}, set())
    read = _Lists(book, sheet, texts)
    cells = 0
    for rule in rules:
        if rule.kind in _ANYTHING:
            continue
        choices = read.resolve(rule.formulas[0]) if rule.kind == "list" and rule.formulas else ()
        longest = _longest(rule)
        for area in rule.areas:
            for row in range(area.top, min(area.bottom, extent.bottom) + 1):
                for column in range(area.left, min(area.right, extent.right) + 1):
                    cells += 1
                    if cells > _MOST_CELLS:
                        return found
                    if choices:
                        found.choices[row, column] = choices
                    elif longest is not None:
                        found.longest[row, column] = longest
                    else:
                        found.closed.add((row, column))
    return found


def _longest(rule: Validation) -> int | None:
    if rule.kind != "textLength" or rule.operator not in _LENGTHS:
        return None
    at, less = _LENGTHS[rule.operator]
    limit = rule.formulas[at] if at < len(rule.formulas) else ""
    longest = read_number(limit, -1) - less
    return longest if longest >= 0 else None


class _Lists:
    """Resolves the formulas of lists, each once."""

    def __init__(self, book: Book, sheet: SheetPart, texts: Texts) -> None:
        self._book, self._sheet, self._texts = book, sheet, texts
        self._names = book.names()
        self._sheets = {each.name.casefold(): each for each in book.sheets}
        self._known: dict[str, tuple[str, ...]] = {}

    def resolve(self, formula: str) -> tuple[str, ...]:
        """The choices that a formula lists, without blanks and repetitions; none where it can't be told."""
        if formula not in self._known:
            self._known[formula] = tuple(dict.fromkeys(self._read(formula.strip().removeprefix("="), _DEEPEST)))
        return self._known[formula]

    def _read(self, formula: str, depth: int) -> list[str]:
        if len(formula) > 1 and formula[0] == formula[-1] == '"':
            return [item for each in formula[1:-1].replace('""', '"').split(",") if (item := each.strip())]
        if not depth:
            return []
        indirect = _INDIRECT.fullmatch(formula)
        if indirect:
            return self._read(indirect[1], depth - 1)
        on_sheet = _ON_SHEET.fullmatch(formula)
        if on_sheet:
            quoted, plain, reference = on_sheet.groups()
            sheet = self._sheets.get((quoted.replace("''", "'") if quoted else plain).casefold())
            return self._read_areas(sheet, reference) if sheet else []
        areas = self._read_areas(self._sheet, formula)
        if areas or read_areas(formula):
            return areas
        name = formula.casefold()
        named = self._names.get((name, self._sheet.number)) or self._names.get((name, None))
        return self._read(named, depth - 1) if named else self._read_table(formula)

    def _read_areas(self, sheet: SheetPart, reference: str) -> list[str]:
        areas = read_areas(reference)
        return self._texts(sheet, areas[0]) if areas else []

    def _read_table(self, formula: str) -> list[str]:
        """The texts of a table's column: ``Answers[Allowed]``."""
        found = _COLUMN_OF_TABLE.fullmatch(formula)
        for sheet in self._book.sheets if found else ():
            for related in self._book.relations(sheet.part):
                if not found or related.kind != "table" or related.target not in self._book.package:
                    continue
                table = parse_xml(self._book.package.read(related.target), related.target)
                columns = [each.get("name", "").casefold() for each in find(table, "tableColumns", "tableColumn")]
                areas = read_areas(table.get("ref", ""))
                called = table.get("displayName", "").casefold() == found[1].casefold()
                if not called or not areas or found[2].casefold() not in columns:
                    continue
                column = areas[0].left + columns.index(found[2].casefold())
                top = areas[0].top + int(table.get("headerRowCount", "1") != "0")
                bottom = areas[0].bottom - int(table.get("totalsRowCount", "0") != "0")
                return self._texts(sheet, Area(top, column, bottom, column))
        return []
