"""Where a grid of texts holds questions: header rows, columns, and which rows ask something. Pure.

A row of a sheet, a line of a CSV file and a row of a document's table are read alike. A column headed "Reference" or
"GL14 clause" beside the question is the customer's own word on which clause is meant: where the question names no
clause and the cell names one of a regulation (``GL14 5.3``), it is put before the question. A bare number counts only
where the heading names the regulation; another standard's number (``A.5.3``) never does.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from bot.review.cells import read_cell
from bot.review.choices import is_plain_answer, read_heading, read_line, split_choices
from bot.review.headers import WIDEST, Grid, Header, find_headers, match_heading, read_index
from bot.review.headings import (
    LONGEST_HEADING,
    is_asking,
    is_binding,
    is_like,
    is_none,
    name_kind,
    rank_question,
)
from bot.review.model import Columns, ReviewError
from bot.review.questions import list_rows
from bot.review.ticks import Ticks, find_ticks, is_answer, list_ticked, read_ticks
from bot.review.vocabulary import Meaning, read_meaning
from retrieval.reference import parse_references

Choices = Mapping[tuple[int, int], tuple[str, ...]]

# Rows below a header that are looked at to see whether questions stand there.
_LOOKED_AT = 200
# Rows before and after the questions that are looked at for a legend.
_TOP = 60
_FEWEST_BINDING = 3
_REGULATION = re.compile(r"\b(?:gl|gn|guideline)[\s-]?\d{1,3}\b", re.IGNORECASE)
_PROOF = re.compile(r"\bevidence|\bsupporting\b|證據|证据|證明|佐證", re.IGNORECASE)
_BARE = re.compile(r"\s*[0-9]{1,2}(?:\.[0-9]{1,3}){0,2}(?:\s?\([a-z]{1,4}\)){0,3}\s*$", re.IGNORECASE)


class Table(NamedTuple):
    """A table of questions in a grid; rows and columns from 0.

    ``header`` is the row of its headings, None where it has none; ``first`` and ``last`` are the rows below it.
    ``options`` is a column that lists each question's allowed answers; ``choices`` are those for the whole table.
    ``ticks`` are the columns that the answer is ticked in, where it is; ``answer`` is None then.
    ``party``: the answer is who is responsible. ``responsible`` is a column for that beside the answer's, ``parties``
    what its heading allows. ``rows`` are the rows that are questions. ``ours`` are the columns that
    Clausebot added earlier, by field.
    """

    header: int | None
    first: int
    last: int
    question: int
    answer: int | None
    comment: int | None
    reference: int | None
    options: int | None
    choices: tuple[str, ...]
    ticks: Ticks | None
    party: bool
    responsible: int | None
    parties: tuple[str, ...]
    rows: tuple[int, ...]
    ours: dict[str, int]


def find_tables(grid: Grid, choices: Choices | None = None, wanted: Columns | None = None) -> list[Table]:
    """The tables of questions in a grid, from the top; none where it is no questionnaire.

    Args:
        grid: its texts, empty where a cell is blank.
        choices: what a cell's dropdown allows, by row and column.
        wanted: columns that somebody named; a grid that hasn't got one of them has no tables.
    """
    allowed, named = choices or {}, wanted or Columns()
    headers = find_headers(grid, named.question)
    tables: list[Table] = []
    above = 0
    for header, until in zip(headers, [*(later.row for later in headers[1:]), len(grid)], strict=False):
        table = _read_table(grid, header, range(above, until), allowed, named)
        if table:
            tables.append(table)
        above = until
    if not headers:
        bare = _read_table(grid, None, range(len(grid)), allowed, named)
        tables = [bare] if bare else []
    return tables


def list_headings(grid: Grid) -> list[str]:
    """What a grid's columns are called, to say what there is: its first header row, else its first filled row."""
    headers = find_headers(grid)
    if headers:
        return [name for _, name in sorted(headers[0].names.items())]
    return next(([cell.strip()[:40] for cell in row if cell.strip()] for row in grid if any(map(str.strip, row))), [])


def say_unknown(wanted: Columns, headings: Sequence[str]) -> ReviewError:
    """The error for columns that are nowhere."""
    named = ", ".join(f"“{name}”" for name in (wanted.question, wanted.answer, wanted.comment) if name)
    there = ", ".join(f"“{name[:40]}”" for name in list(dict.fromkeys(headings))[:20])
    if not there:
        return ReviewError(
            "No table has the columns {named}. None is named; letters and numbers work too.", named=named
        )
    return ReviewError(
        "No table has the columns {named}. The columns there are: {there}; letters and numbers work too.",
        named=named,
        there=there,
    )


def ask(grid: Grid, table: Table, row: int) -> str:
    """What is asked in a row, with the clause that stands beside it where the question itself names none."""
    text = read_cell(grid[row], table.question)
    if table.reference is None:
        return text
    beside = read_cell(grid[row], table.reference)
    if not beside or any(found.number and found.unit for found in parse_references(text)):
        return text
    heading = "" if table.header is None else read_cell(grid[table.header], table.reference)
    regulation = _REGULATION.search(heading)
    if _BARE.match(beside) and regulation:
        beside = f"{regulation[0]} {beside}"
    if not _REGULATION.search(beside) or len(beside) > LONGEST_HEADING:
        return text
    return f"{beside}: {text}" if any(found.number for found in parse_references(beside)) else text


def given(grid: Grid, table: Table, row: int) -> str:
    """What stands in the file's own answer column already; empty where Clausebot wrote it and nobody reviewed it."""
    held = find_answer(grid, table, row)
    return "" if held and held == was(grid, table, row, "answer") and not was(grid, table, row, "reviewer") else held


def find_answer(grid: Grid, table: Table, row: int) -> str:
    """What stands in the file's own answer column, or which of its answers is ticked, whoever wrote it."""
    return ", ".join(list_ticked(grid[row], table.ticks)) if table.ticks else read_cell(grid[row], table.answer)


def was(grid: Grid, table: Table, row: int, field: str) -> str:
    """What stands in one of the columns that Clausebot added earlier; empty where it added none."""
    return read_cell(grid[row], table.ours.get(field))


def list_choices(grid: Grid, table: Table, row: int) -> tuple[str, ...]:
    """The only answers allowed in a row, by its own list of them or the table's legend."""
    listed = () if table.ticks else split_choices(read_cell(grid[row], table.options))
    return listed or table.choices


def list_parties(table: Table, row: int, choices: Choices) -> tuple[str, ...] | None:
    """What a column of who is responsible beside the answer's allows in a row; None where the table has none.

    Args:
        table: the table.
        row: the row.
        choices: what a cell's dropdown allows, by row and column.
    """
    if table.responsible is None:
        return None
    return choices.get((row, table.responsible), ()) or table.parties


def name_column(index: int) -> str:
    """The letters of a column, from 0: A, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _read_table(grid: Grid, header: Header | None, rows: range, allowed: Choices, wanted: Columns) -> Table | None:
    """The table below a header, or in rows without any; None where no questions stand there."""
    begin = rows.start if header is None else header.last + 1
    below = range(begin, rows.stop)
    names = header.names if header else {}
    ours = header.ours if header else {}
    columns = [_locate(names, name) for name in (wanted.question, wanted.answer, wanted.comment)]
    if any(
        name and column is None
        for name, column in zip((wanted.question, wanted.answer, wanted.comment), columns, strict=True)
    ):
        return None
    question, answer, comment = columns
    if question is None:
        question = _choose_question(grid, header, below)
    if question is None:
        return None
    found = dict(find_ticks(names))
    # "No" over a column to tick is no number.
    told = {column: name for column, name in names.items() if column not in found or not is_answer(name)}
    asked = list_rows(grid, below, question, told, ours, allowed, strict=not names and not wanted.question)
    if not asked:
        return None
    kinds = {column: name_kind(name) for column, name in told.items() if column != question}
    ticks = None
    if found and (answer in found or (answer is None and "answer" not in kinds.values())):
        beside = [(column, name) for column, name in found.items() if column != question]
        ticks, answer = read_ticks(beside, [grid[row] for row in asked]), None
    elif answer is None:
        answer = _choose_answer(grid, question, kinds, ours.values(), asked, allowed)
    if comment is None:
        comment = _choose_comment(told, kinds, question, answer, ticked=ticks is not None)
    responsible = _nearest([column for column, kind in kinds.items() if kind == "party" and column != answer], question)
    return Table(
        header=header.last if header else None,
        first=begin,
        last=rows.stop - 1,
        question=question,
        answer=answer,
        comment=comment,
        reference=_nearest([column for column, kind in kinds.items() if kind == "reference"], question),
        options=_nearest([column for column, kind in kinds.items() if kind == "options"], question),
        choices=ticks.labels
        if ticks
        else _read_choices(grid, names.get(answer, "") if answer is not None else "", rows, asked),
        ticks=ticks,
        party=ticks.of_parties if ticks else answer is not None and name_kind(names.get(answer, "")) == "party",
        responsible=responsible,
        parties=read_heading(names.get(responsible, "")) if responsible is not None else (),
        rows=asked,
        ours=ours,
    )


def _choose_question(grid: Grid, header: Header | None, below: range) -> int | None:
    """The column of the questions: the best named of those that hold any, else the one that reads like questions."""
    looked_at = below[:_LOOKED_AT]
    named: list[tuple[int, float, int]] = []
    for column, name in [(column, header.names[column]) for column in header.questions] if header else []:
        texts = [text for row in looked_at if (text := read_cell(grid[row], column)) and not is_none(text)]
        if texts:
            named.append((rank_question(name), sum(map(is_like, texts)) / len(texts), -column))
    if named:
        return -max(named)[2]
    taken = set(header.ours.values()) if header else set()
    best: tuple[int, int] | None = None
    longest = (0, 0)
    for column in range(min(WIDEST, max((len(grid[row]) for row in looked_at), default=0))):
        texts = [text for row in looked_at if column not in taken and (text := read_cell(grid[row], column))]
        asking = sum(map(is_asking, texts))
        binding = sum(map(is_binding, texts))
        # Without a heading that says so, only what asks, or binds one row after the other, is a questionnaire.
        if texts and (2 * asking >= len(texts) or (binding >= _FEWEST_BINDING and 3 * binding >= 2 * len(texts))):
            best = max(best or (0, 0), (max(asking, binding), -column))
        elif header and header.ours:
            # Somebody named the column when the file was filled: its texts are the longest.
            longest = max(longest, (sum(map(len, texts)), -column))
    return -(best or longest)[1] if best or longest[0] else None


def _choose_answer(
    grid: Grid,
    question: int,
    kinds: Mapping[int, str],
    ours: Collection[int],
    asked: Sequence[int],
    allowed: Choices,
) -> int | None:
    dropdowns: dict[int, int] = {}
    rows = set(asked)
    for row, column in allowed:
        if row in rows and column != question and column not in ours:
            dropdowns[column] = dropdowns.get(column, 0) + 1
    named = [column for column, kind in kinds.items() if kind == "answer"]
    named = named or [column for column in dropdowns if kinds.get(column) == "none" and _says_yes(allowed, column)]
    named = named or [column for column, kind in kinds.items() if kind == "party"]
    chosen = [column for column in named if dropdowns.get(column)]
    if chosen or named:
        return _nearest(chosen or named, question)
    free = [
        c
        for c, held in dropdowns.items()
        if 2 * held >= len(asked) and kinds.get(c, "none") in ("none", "weak", "comment")
    ]
    if free:
        return _nearest(free, question)
    if kinds:
        return None
    # Without headings a column of plain answers shows itself, and so does a blank one right behind the questions.
    looked_at = asked[:_LOOKED_AT]
    width = min(max(len(grid[row]) for row in looked_at), WIDEST)
    for column in (column for column in range(question + 1, width) if column not in ours):
        texts = [text for row in looked_at if (text := read_cell(grid[row], column))]
        if all(is_plain_answer(text) for text in texts) and (texts or column == question + 1):
            return column
    return None


def _says_yes(allowed: Choices, column: int) -> bool:
    """Whether a column's first dropdown lets a person say yes."""
    listed = next((choices for (_, at), choices in allowed.items() if at == column), ())
    return any(read_meaning(choice) is Meaning.YES for choice in listed)


def _choose_comment(
    names: Mapping[int, str], kinds: Mapping[int, str], question: int, answer: int | None, *, ticked: bool
) -> int | None:
    """The column for a remark: one that takes any text, and evidence only where nothing else does.

    Beside a column of choices a second one for the answer takes what there is to say.
    """
    free = [column for column in kinds if column != answer and not read_heading(names[column])]
    said = [column for column in free if kinds[column] == "comment"]
    chosen = [column for column in said if not _PROOF.search(names[column])] or said
    if not chosen and (ticked or (answer is not None and read_heading(names.get(answer, "")))):
        chosen = [column for column in free if kinds[column] == "answer"]
    return _nearest(chosen, question)


def _nearest(columns: Sequence[int], question: int) -> int | None:
    """The first column behind the questions, else the first at all."""
    return min(columns, key=lambda column: (column < question, column), default=None)


def _read_choices(grid: Grid, heading: str, rows: range, asked: Sequence[int]) -> tuple[str, ...]:
    """What the answer column's heading allows, or else a line above or below the questions."""
    if found := read_heading(heading):
        return found
    taken = set(asked)
    outside = [row for row in rows[:_TOP] if row not in taken] + [row for row in rows[-_TOP:] if row not in taken]
    return next((found for row in outside if (found := read_line(grid[row][:WIDEST]))), ())


def _locate(names: Mapping[int, str], wanted: str | None) -> int | None:
    """The column that somebody named: by its heading, else by letter or number."""
    if not wanted:
        return None
    column = match_heading(names, wanted)
    return read_index(wanted) if column is None else column
