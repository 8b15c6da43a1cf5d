"""Which rows of a grid of texts are headings. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.review.headings import fold_heading, is_asking, is_like, name_kind, rank_question
from bot.review.model import ADDED
from bot.review.ticks import find_ticks, is_answer

HEADING = "Clausebot: "
"""What the heading of a column that Clausebot adds begins with."""

SUMMARY = "Clausebot summary"
"""What the sheet, lines or pages that Clausebot adds about the whole are called."""

WIDEST = 400
"""Columns that are looked at."""

Grid = Sequence[Sequence[str]]

# Rows below a header that are looked at to see whether questions stand there.
_LOOKED_AT = 200
# Rows among which the header of a column named by letter or number is looked for.
_TOP = 60
_LAST_COLUMN = 16_384
_FIELDS = {(HEADING + heading).lower(): field for field, heading in ADDED}
_LONGEST = max(map(len, _FIELDS)) + 1
_ANSWERS = ("answer", "party")
_BESIDE = (*_ANSWERS, "comment", "options", "reference", "id", "other")


@dataclass(slots=True)
class Header:
    """A row of headings, or two where the second divides the first: the first row, the last, and what stands there.

    ``questions`` are the columns that may hold the questions, ``ours`` those that Clausebot added, by field.
    """

    row: int
    last: int
    names: dict[int, str]
    questions: list[int]
    ours: dict[str, int]

    def has(self, *kinds: str) -> bool:
        """Whether a heading is of one of the kinds."""
        return any(name_kind(name) in kinds for name in self.names.values())

    @property
    def is_ticked(self) -> bool:
        """Whether answers are ticked below, each in a column of its own."""
        return bool(find_ticks(self.names))


def find_headers(grid: Grid, wanted: str | None = None) -> list[Header]:
    """The header rows of a grid, from the top.

    Args:
        grid: its texts.
        wanted: the column of the questions as somebody named it: by heading, letter or number.
    """
    if wanted:
        named = [header for row in range(len(grid)) if (header := _read_named(grid, row, wanted))]
        if named:
            return named
    found: list[Header] = []
    for row in range(len(grid)):
        if found and row <= found[-1].last:
            continue
        header = _read_header(grid, row)
        if header and (_is_another(header, found) if found else header.ours or _is_followed(grid, header)):
            found.append(header)
    index = read_index(wanted) if wanted else None
    if not found and index is not None:
        found = _guess_header(grid, index)
    return found


def match_heading(names: Mapping[int, str], wanted: str) -> int | None:
    """The column with a heading, however it is written."""
    folded = fold_heading(wanted)
    return next((column for column, name in names.items() if fold_heading(name) == folded), None) if folded else None


def read_index(wanted: str) -> int | None:
    """The column, from 0, of a letter (``A``, ``AB``) or a number from 1; None where it is neither."""
    number = 0
    if wanted.isascii() and wanted.isdigit() and len(wanted) <= 5:
        number = int(wanted)
    elif re.fullmatch(r"[A-Za-z]{1,3}", wanted):
        for letter in wanted.upper():
            number = number * 26 + ord(letter) - 64
    return number - 1 if 0 < number <= _LAST_COLUMN else None


def _read_cells(grid: Grid, row: int) -> tuple[dict[int, str], dict[str, int]]:
    """What stands in a row: the headings by column, and apart from them those that Clausebot added."""
    names = {column: cell.strip() for column, cell in enumerate(grid[row][:WIDEST]) if cell and not cell.isspace()}
    ours = {_FIELDS[folded]: column for column, name in names.items() if (folded := name[:_LONGEST].lower()) in _FIELDS}
    return {column: name for column, name in names.items() if column not in ours.values()}, ours


def _read_named(grid: Grid, row: int, wanted: str) -> Header | None:
    names, ours = _read_cells(grid, row)
    question = match_heading(names, wanted)
    if question is None:
        return None
    header = Header(row, row, names, [question], ours)
    _divide_to_tick(grid, header)
    return header


def _read_header(grid: Grid, row: int) -> Header | None:
    names, ours = _read_cells(grid, row)
    kinds = {column: name_kind(name) for column, name in names.items()}
    questions = [column for column, kind in kinds.items() if kind == "question"]
    ticked = bool(find_ticks(names))
    answers = any(kind in _ANSWERS for kind in kinds.values())
    if not questions and (answers or ticked):
        questions = [column for column, kind in kinds.items() if kind == "weak"]
    if ours:
        return Header(row, row, names, questions, ours)
    # A row of data may hold words that could be headings; a sentence that asks stands in no row of headings.
    if not (questions or (answers and len(names) > 1)) or any(
        kinds[column] == "none" and is_asking(name) for column, name in names.items()
    ):
        return None
    header = Header(row, row, names, questions, ours)
    if not _divide_to_tick(grid, header) and not answers:
        _divide(grid, header)
    known = len(names) == 1 or len(questions) > 1 or header.has(*_BESIDE) or header.is_ticked
    return header if known else None


def _divide_to_tick(grid: Grid, header: Header) -> bool:
    """Take the next row in where it divides a heading into answers to tick: "Response" into "Yes", "No" and "N/A"."""
    if header.is_ticked or header.row + 1 >= len(grid):
        return False
    below, ours = _read_cells(grid, header.row + 1)
    # A heading merged over both rows stands in either.
    if not find_ticks(below) or any(header.names.get(column, name) != name for column, name in _others(below)):
        return False
    header.names, header.last, header.ours = {**header.names, **below}, header.row + 1, ours
    return True


def _others(names: Mapping[int, str]) -> list[tuple[int, str]]:
    """The headings that are no answers to tick."""
    return [(column, name) for column, name in names.items() if not is_answer(name)]


def _divide(grid: Grid, header: Header) -> None:
    """Take the next row in where it divides a heading over several columns: "Vendor" into "Answer" and "Comment"."""
    if header.row + 1 >= len(grid):
        return
    below, ours = _read_cells(grid, header.row + 1)
    blank = not any(column in below for column in header.questions)
    if blank and any(name_kind(name) in ("answer", "comment") for name in below.values()):
        header.names, header.last, header.ours = {**header.names, **below}, header.row + 1, ours


def _is_another(header: Header, found: Sequence[Header]) -> bool:
    """Whether a row below a header is one too: the same again, or one that names both questions and answers."""
    folded = [fold_heading(name) for name in header.names.values()]
    if any(folded == [fold_heading(name) for name in earlier.names.values()] for earlier in found[-3:]):
        return True
    best = any(rank_question(header.names[column]) > 1 for column in header.questions)
    return bool(header.ours) or (best and (header.has("answer", "comment") or header.is_ticked))


def _is_followed(grid: Grid, header: Header) -> bool:
    """Whether questions stand below a header, or answers are asked for."""
    if header.has(*_ANSWERS) or header.is_ticked:
        return True
    for column in header.questions:
        rows = grid[header.last + 1 : header.last + _LOOKED_AT]
        below = [row[column] for row in rows if column < len(row) and row[column] and not row[column].isspace()]
        if below and 3 * sum(map(is_like, below)) >= len(below):
            return True
    return False


def _guess_header(grid: Grid, column: int) -> list[Header]:
    """The header above a column that somebody named by its letter: the first filled cell, where it asks nothing."""
    for row in range(min(len(grid), _TOP)):
        names, ours = _read_cells(grid, row)
        if column in names:
            return [] if is_like(names[column]) else [Header(row, row, names, [column], ours)]
    return []
