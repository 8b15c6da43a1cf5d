"""Where the questions of a workbook stand, and where what is written beside them goes. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from bot.review.choices import find_legend
from bot.review.columns import (
    Table,
    ask,
    find_tables,
    given,
    list_choices,
    list_headings,
    list_parties,
    name_column,
    say_unknown,
    was,
)
from bot.review.headers import SUMMARY
from bot.review.model import ADDED, Columns, Question, ReviewError
from bot.review.ticks import place_tick
from bot.review.xlsx_book import Book, SheetPart, damaged
from bot.review.xlsx_choices import Rules, read_rules
from bot.review.xlsx_scan import MOST_ROWS, SHEET_COLUMNS, Area, Scan, Validation, count_column, too_many

# As many as headings are looked for in; a sheet of data may go on to the right.
_MOST_COLUMNS = 400
# Rows that a sheet's merged ranges, or array formulas, have together: more than people make, and a bound for those that
# lie over each other.
_MOST_ROWS_COVERED = 1_000_000

_UNNAMED = "Columns without headings"
_TOLD = re.compile(rf"(.+): ([A-Z]{{1,3}}) {ADDED[0][1]}, .+", re.DOTALL)

Place = tuple[int, int]
"""A cell: row and column, from 0."""


class Grid(NamedTuple):
    """A sheet's texts by row and column, the last column with anything in it, and what the sheet says of its cells."""

    texts: list[Sequence[str]]
    last: int
    merged: list[Area]
    arrays: list[Area]
    rules: list[Validation]


class Own(NamedTuple):
    """A cell of the file's own: the only texts that it takes, where a dropdown says so, and how many characters.

    ``ours`` is one that Clausebot filled before.
    """

    place: Place
    choices: tuple[str, ...]
    longest: int | None
    ours: bool


class Line(NamedTuple):
    """A question's row, and the file's own cells for it; None where it has none that may be written.

    ``responsible`` is the cell for who is responsible beside the answer.

    ``kept`` is a row that a reviewer signed: nothing of it is written again. ``ticks`` are, by each answer that is
    ticked in a column of its own and by "" for none, the cells to write in and their texts.
    """

    row: int
    answer: Own | None
    comment: Own | None
    responsible: Own | None
    kept: bool
    ticks: dict[str, list[tuple[Own, str]]]


class TablePlan(NamedTuple):
    """A table to write beside: the row of its headings, its question column, our columns by field, its lines.

    ``returned`` is a table that has our columns already.
    """

    header: int | None
    question: int
    added: dict[str, int]
    returned: bool
    lines: tuple[Line, ...]


class SheetPlan(NamedTuple):
    """A sheet to write in: its tables, and the first column that is new in it, None where none is."""

    sheet: SheetPart
    arrays: list[Area]
    tables: tuple[TablePlan, ...]
    new: int | None


class Found(NamedTuple):
    """The questions of a workbook, in the order of the plans' lines."""

    questions: tuple[Question, ...]
    plans: tuple[SheetPlan, ...]


class ReadTable(NamedTuple):
    """A table of questions and the sheet that it is in."""

    sheet: SheetPart
    grid: Grid
    rules: Rules
    table: Table
    rows: tuple[int, ...]


class Sheets:
    """The sheets of a workbook, each read once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._grids: dict[str, Grid] = {}

    def read(self, sheet: SheetPart) -> Grid:
        """A sheet's texts; a merged range has its text in its first column, in every row."""
        if sheet.part not in self._grids:
            self._grids[sheet.part] = _read_grid(self.book, sheet)
        return self._grids[sheet.part]

    def list_texts(self, sheet: SheetPart, area: Area) -> list[str]:
        """The texts in an area of a sheet, row by row, blank ones left out."""
        rows = self.read(sheet).texts[area.top : area.bottom + 1]
        return [text for row in rows for text in row[area.left : area.right + 1] if text.strip()]

    def find_unnamed(self) -> dict[str, int]:
        """The first column that Clausebot added to each sheet that has no headings, as its summary says."""
        found: dict[str, int] = {}
        for sheet in self.book.sheets:
            for row in self.read(sheet).texts if sheet.name.casefold() == SUMMARY.casefold() else ():
                told = _TOLD.fullmatch(row[1]) if len(row) > 1 and row[0] == _UNNAMED else None
                if told:
                    found[told[1]] = count_column(told[2])
        return found


def tell_unnamed(plan: SheetPlan) -> tuple[str, str] | None:
    """The summary's line for a sheet whose added columns have no headings; None where they have."""
    bare = next((table for table in plan.tables if table.header is None), None)
    if bare is None:
        return None
    columns = [f"{name_column(bare.added[field])} {heading}" for field, heading in ADDED if field in bare.added]
    return _UNNAMED, f"{plan.sheet.name}: {', '.join(columns)}"


def read_tables(sheets: Sheets, columns: Columns | None) -> list[ReadTable]:
    """The tables of questions in the sheets that people see, and none of Clausebot's own summary.

    Raises:
        ReviewError: there is none.
    """
    shown = _list_shown(sheets.book)
    tables = [table for sheet in shown for table in _find_in(sheets, sheet, columns)]
    if tables:
        return tables
    if columns and (columns.question or columns.answer or columns.comment):
        raise say_unknown(columns, [name for sheet in shown for name in list_headings(sheets.read(sheet).texts)])
    raise ReviewError("No questions were found in the workbook's visible sheets: name the column that holds them.")


def _list_shown(book: Book) -> list[SheetPart]:
    return [sheet for sheet in book.sheets if sheet.shown and sheet.name.casefold() != SUMMARY.casefold()]


def _find_in(sheets: Sheets, sheet: SheetPart, columns: Columns | None) -> Iterator[ReadTable]:
    grid = sheets.read(sheet)
    unnamed = sheets.find_unnamed().get(sheet.name)
    extent = Area(0, 0, len(grid.texts) - 1, _MOST_COLUMNS - 1)
    rules = read_rules(sheets.book, sheet, grid.rules, extent, sheets.list_texts)
    texts = grid.texts if unnamed is None else [row[:unnamed] for row in grid.texts]
    for found in find_tables(texts, rules.choices, columns):
        bare = unnamed is not None and found.header is None
        table = found._replace(ours=_number_added(unnamed or 0)) if bare else found
        rows = tuple(_keep_rows(grid, table))
        if rows:
            yield ReadTable(sheet, grid, rules, table, rows)


def _keep_rows(grid: Grid, table: Table) -> Iterator[int]:
    """The rows that ask something: one for a merged question, none for a heading that lies over the answers."""
    areas = _merged_in(grid, table.question)
    answers = [column for column, _ in table.ticks.columns] if table.ticks else []
    answers += [] if table.answer is None else [table.answer]
    for row in table.rows:
        area = areas.get(row)
        if area and (area.top != row or any(area.holds(row, column) for column in answers)):
            continue
        yield row


def plan(book: Book, columns: Columns | None) -> Found:
    """What is asked in a workbook, and where the answers go.

    Raises:
        ReviewError: nothing is asked, or a sheet has no room for our columns.
    """
    sheets = Sheets(book)
    tables = read_tables(sheets, columns)
    legend = _find_legend(sheets, {read.sheet for read in tables})
    questions: list[Question] = []
    plans: list[SheetPlan] = []
    for sheet in dict.fromkeys(read.sheet for read in tables):
        within = [read for read in tables if read.sheet == sheet]
        new = _first_free(within)
        plans.append(SheetPlan(sheet, within[0].grid.arrays, tuple(_plan_table(read, new) for read in within), new))
        questions += [_question(read, row, legend) for read in within for row in read.rows]
    return Found(tuple(questions), tuple(plans))


def _question(read: ReadTable, row: int, legend: tuple[str, ...]) -> Question:
    answer, texts = read.table.answer, read.grid.texts
    choices = () if answer is None else read.rules.choices.get((row, answer), ())
    return Question(
        place=read.sheet.name,
        row=row + 1,
        text=ask(texts, read.table, row),
        choices=choices or list_choices(texts, read.table, row) or legend,
        given=given(texts, read.table, row),
        party=read.table.party,
        parties=list_parties(read.table, row, read.rules.choices),
    )


def _find_legend(sheets: Sheets, asking: Collection[SheetPart]) -> tuple[str, ...]:
    """The allowed answers that a sheet beside the questions lists."""
    beside = (find_legend(sheets.read(sheet).texts) for sheet in _list_shown(sheets.book) if sheet not in asking)
    return next(filter(None, beside), ())


def _first_free(within: Sequence[ReadTable]) -> int | None:
    if all(read.table.ours for read in within):
        return None
    grid = within[0].grid
    rows = {row for read in within for row in (*read.rows, read.table.header) if row is not None}
    # A title merged over the whole width of the sheet is no table; one merged over a question's row is in the way.
    over = [area.right for area in grid.merged if any(row in rows for row in range(area.top, area.bottom + 1))]
    first = max([grid.last, *over]) + 1
    if first + len(ADDED) > SHEET_COLUMNS:
        raise ReviewError(
            "The sheet “{name}” has no free columns to the right: delete its empty ones.", name=within[0].sheet.name
        )
    return first


def _plan_table(read: ReadTable, new: int | None) -> TablePlan:
    table = read.table
    added = table.ours or _number_added(new or 0)
    header = table.header
    if header is None and read.rows[0]:
        # A sheet that begins with a question has no row for our headings; the summary says which columns they are.
        header = read.rows[0] - 1
    answers = _list_own(read, table.answer, "answer")
    comments = _list_own(read, table.comment, "comment")
    parties = _list_own(read, table.responsible, "")
    texts = read.grid.texts
    ticks = _list_ticks(read)
    lines = [
        Line(
            row,
            answers[row],
            comments[row],
            parties[row],
            bool(was(texts, table, row, "reviewer")),
            ticks.get(row, {}),
        )
        for row in read.rows
    ]
    return TablePlan(header, table.question, added, bool(table.ours), tuple(lines))


def _number_added(first: int) -> dict[str, int]:
    return {field: first + index for index, (field, _) in enumerate(ADDED)}


def _list_own(read: ReadTable, column: int | None, field: str) -> dict[int, Own | None]:
    """Each row's own cell in a column: a merged range's first, and none where several questions have one together."""
    if column is None:
        return dict.fromkeys(read.rows)
    areas = _merged_in(read.grid, column)
    places = {row: (area.top, area.left) if (area := areas.get(row)) else (row, column) for row in read.rows}
    times = Counter(places.values())
    texts, rules = read.grid.texts, read.rules
    own: dict[int, Own | None] = dict.fromkeys(read.rows)
    for row, place in places.items():
        if times[place] == 1 and place not in rules.closed:
            before = was(texts, read.table, row, field)
            held = texts[row][column].strip() if column < len(texts[row]) else ""
            ours = bool(before) and before == held
            own[row] = Own(place, rules.choices.get(place, ()), rules.longest.get(place), ours)
    return own


def _list_ticks(read: ReadTable) -> dict[int, dict[str, list[tuple[Own, str]]]]:
    """Each row's cells to tick: those that change, by the answer; none where one of them may not be written."""
    ticks, texts = read.table.ticks, read.grid.texts
    if ticks is None:
        return {}
    own = {column: _list_own(read, column, "") for column, _ in ticks.columns}
    found: dict[int, dict[str, list[tuple[Own, str]]]] = {}
    for row in read.rows:
        before = was(texts, read.table, row, "answer")
        if all(cells[row] for cells in own.values()):
            found[row] = {}
            for answer in (*ticks.labels, ""):
                placed = place_tick(texts[row], ticks, answer, before)
                found[row][answer] = [
                    (cell._replace(ours=True), text) for column, text in placed.items() if (cell := own[column][row])
                ]
    return found


def _merged_in(grid: Grid, column: int) -> dict[int, Area]:
    """The merged range that each row's cell of a column is in."""
    within = [area for area in grid.merged if area.left <= column <= area.right]
    return {row: area for area in within for row in range(area.top, area.bottom + 1)}


def _read_grid(book: Book, sheet: SheetPart) -> Grid:
    scan = Scan(book.package.read(sheet.part), sheet.name)
    texts: list[Sequence[str]] = []
    last = above = -1
    for row in scan.rows():
        if row.number <= above:
            raise damaged(f"the rows of “{sheet.name}” are out of order")
        above = row.number
        line: list[str] = []
        for cell in row.cells:
            text = book.text(cell)
            if not text and not cell.formula:
                continue
            last = max(last, cell.column)
            if text and cell.column < _MOST_COLUMNS:
                line += [""] * (cell.column + 1 - len(line))
                line[cell.column] = text
        if line:
            if row.number >= MOST_ROWS:
                raise too_many(sheet.name)
            texts += [()] * (row.number + 1 - len(texts))
            texts[row.number] = line
    merged = _bound(scan.merged, len(texts))
    _spread(texts, merged)
    return Grid(texts, last, merged, _bound(scan.arrays, len(texts)), scan.validations)


def _bound(areas: Sequence[Area], rows: int) -> list[Area]:
    """The areas as far as the sheet's rows go."""
    bounded: list[Area] = []
    covered = 0
    for area in areas:
        if area.top < rows:
            bounded.append(area._replace(bottom=min(area.bottom, rows - 1)))
            covered += bounded[-1].bottom - area.top + 1
            if covered > _MOST_ROWS_COVERED:
                raise damaged("its merged ranges or array formulas lie over each other")
    return bounded


def _spread(texts: list[Sequence[str]], merged: Sequence[Area]) -> None:
    """Repeat the text of a merged range in the rows below its first."""
    for area in merged:
        text = texts[area.top][area.left] if area.left < len(texts[area.top]) else ""
        for row in range(area.top + 1, area.bottom + 1) if text else ():
            line = list(texts[row])
            line += [""] * (area.left + 1 - len(line))
            line[area.left] = text
            texts[row] = line
