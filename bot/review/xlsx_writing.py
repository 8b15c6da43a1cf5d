"""What is written into a sheet: inserted into its bytes, so that all the rest of it stays as it was. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from bot.review.columns import name_column
from bot.review.headers import HEADING
from bot.review.model import ADDED, Fill
from bot.review.xlsx_book import Book
from bot.review.xlsx_cells import clean, count_lines, fit_row, make_cell
from bot.review.xlsx_reading import Line, Own, Place, SheetPlan, TablePlan
from bot.review.xlsx_scan import Area, Cell, ColumnStyle, Row, Scan, find_end, read_areas
from bot.review.xlsx_styles import Role, Styles

# In characters of the default font, as Excel counts the width of a column.
_WIDTHS = {
    "answer": 30,
    "comment": 60,
    "ownership": 26,
    "clause": 20,
    "citation": 44,
    "confidence": 14,
    "quote": 60,
    "reviewer": 20,
    "status": 18,
}
_FORMULA = ("=", "+", "-", "@")
_REF = re.compile(rb"""(\sref\s*=\s*)(?:"[^"]*"|'[^']*')""")


class Put(NamedTuple):
    """A text for a cell of a row.

    ``beside`` is the column whose style it takes; None where the cell keeps its own. ``own`` cells are the file's, and
    are written only where they are blank, or were Clausebot's before: ``ours``. ``width`` is how wide the column is, 0
    where it isn't one that Clausebot adds.
    """

    column: int
    text: str
    role: Role
    beside: int | None
    ours: bool = False
    width: int = 0


class Splice(NamedTuple):
    """Bytes to write in place of others."""

    start: int
    end: int
    instead: bytes


def write_sheet(book: Book, plan: SheetPlan, fills: Sequence[Fill], styles: Styles) -> bytes:
    """A sheet with what is written beside its questions.

    Args:
        book: the workbook.
        plan: where it goes.
        fills: one for each of the plan's lines, in order.
        styles: the workbook's styles, which are added to.
    """
    content = book.package.read(plan.sheet.part)
    puts = _list_puts(plan, fills)
    scan = Scan(content, plan.sheet.name)
    writer = _Writer(book, scan, _list_blocked(plan.arrays, puts), styles)
    splices: list[Splice] = []
    waiting = sorted(puts, reverse=True)
    for row in scan.rows():
        while waiting and waiting[-1] <= row.number:
            number = waiting.pop()
            if number == row.number:
                splices += writer.write(row, puts[number])
            else:
                splices += writer.insert(row, number, puts[number])
    splices += _write_columns(plan, scan)
    splices += _write_dimension(scan, puts)
    return _apply(content, splices)


def _list_puts(plan: SheetPlan, fills: Sequence[Fill]) -> dict[int, list[Put]]:
    puts: dict[int, list[Put]] = {}
    remaining = iter(fills)
    for table in plan.tables:
        if table.header is not None and not table.returned:
            headings = dict(ADDED)
            puts.setdefault(table.header, []).extend(
                Put(column, HEADING + headings[field], "heading", table.question, width=_WIDTHS[field])
                for field, column in table.added.items()
            )
        for line in table.lines:
            fill = next(remaining)
            if not line.kept:
                for row, put in _list_line(table, line, fill):
                    puts.setdefault(row, []).append(put)
    return puts


def _list_line(table: TablePlan, line: Line, fill: Fill) -> Iterator[tuple[int, Put]]:
    for own, text in ((line.answer, fill.answer), (line.comment, fill.comment)):
        told = text if fill.status == "answered" else ""
        if own and (told or own.ours) and _fits(told, own):
            yield own.place[0], Put(own.place[1], told, "own", None, own.ours)
    if line.responsible and fill.responsible and _fits(fill.responsible, line.responsible):
        yield line.responsible.place[0], Put(line.responsible.place[1], fill.responsible, "own", None)
    # A cell's own dropdown may know one mark only.
    ticked = line.ticks.get(fill.answer if fill.status == "answered" else "", [])
    marked = [(own, own.choices[0] if text and len(own.choices) == 1 else text) for own, text in ticked]
    if all(_fits(text, own) for own, text in marked):
        for own, text in marked:
            yield own.place[0], Put(own.place[1], text, "own", None, own.ours)
    for field, column in table.added.items():
        beside = None if table.returned else table.question
        yield line.row, Put(column, getattr(fill, field, ""), "body", beside, width=_WIDTHS[field])


def _fits(text: str, own: Own) -> bool:
    """Whether a cell of the file's own takes a text, by its rules."""
    return not text or ((not own.choices or text in own.choices) and (own.longest is None or len(text) <= own.longest))


def _list_blocked(arrays: Sequence[Area], puts: Mapping[int, Sequence[Put]]) -> set[Place]:
    """The cells that an array formula fills: they show its results, and have no formula of their own."""
    return {
        (row, put.column)
        for area in arrays
        for row in range(area.top, area.bottom + 1)
        for put in puts.get(row, ())
        if area.left <= put.column <= area.right
    }


class _Writer:
    """Writes rows of one sheet."""

    def __init__(self, book: Book, scan: Scan, blocked: Collection[Place], styles: Styles) -> None:
        self._book, self._scan, self._blocked, self._styles = book, scan, blocked, styles

    def write(self, row: Row, puts: Sequence[Put]) -> Iterator[Splice]:
        """What changes in a row that the sheet has."""
        there = {cell.column: cell for cell in row.cells}
        columns = sorted(there)
        after: list[tuple[int, bytes]] = []
        written: list[int] = []
        for put in sorted(puts, key=lambda put: put.column):
            cell = there.get(put.column)
            if not self._may_write(row, put, cell):
                continue
            made = self._cell(row, put, cell, there)
            written.append(put.column)
            following = next((column for column in columns if column > put.column), None)
            if cell:
                yield Splice(cell.start, cell.end, made)
            elif following is not None:
                yield Splice(there[following].start, there[following].start, made)
            else:
                after.append((put.column, made))
        if written:
            added = b"".join(made for _, made in sorted(after))
            yield from self._close(row, added, max([*columns, *written]), _count_lines(puts))

    def insert(self, following: Row, number: int, puts: Sequence[Put]) -> Iterator[Splice]:
        """A row that the sheet has nothing in so far, before one that it has."""
        blank = Row(number, following.start, following.start, "", [])
        made = b"".join(self._cell(blank, put, None, {}) for put in sorted(puts, key=lambda put: put.column))
        name = f"{self._scan.prefix}row"
        tag = fit_row(f'<{name} r="{number + 1}">'.encode(), 0, _count_lines(puts))
        whole = tag + made + f"</{name}>".encode()
        yield Splice(following.start, following.start, whole)

    def _may_write(self, row: Row, put: Put, cell: Cell | None) -> bool:
        if (row.number, put.column) in self._blocked or (cell and cell.formula):
            return False
        if put.role != "own":
            return True
        return cell is None or put.ours or not self._book.text(cell).strip()

    def _cell(self, row: Row, put: Put, cell: Cell | None, there: Mapping[int, Cell]) -> bytes:
        text = clean(put.text)
        quoted = text.startswith(_FORMULA)
        if put.beside is None:
            style = self._styles.derive(
                cell.style if cell else self._empty_style(row, put.column), "own", quoted=quoted
            )
        else:
            beside = there.get(put.beside)
            style = self._styles.derive(beside.style if beside else row.style, put.role, quoted=quoted)
        return make_cell(row.number, put.column, text, style, self._scan.prefix)

    def _empty_style(self, row: Row, column: int) -> str:
        if row.style:
            return row.style
        return next(
            (each.attributes.get("style", "") for each in self._scan.columns if each.first <= column <= each.last), ""
        )

    def _close(self, row: Row, made: bytes, last: int, lines: int) -> Iterator[Splice]:
        """The cells at the row's end, and its tag."""
        content, prefix = self._scan.content, self._scan.prefix
        opened = find_end(content, row.start)
        tag = content[row.start : opened]
        fitted = fit_row(tag, last, lines)
        if row.inner == row.start:
            fitted = fitted.rstrip(b"/>").rstrip() + b">" + made + f"</{prefix}row>".encode()
        elif made:
            yield Splice(row.inner, row.inner, made)
        if fitted != tag:
            yield Splice(row.start, opened, fitted)


def _count_lines(puts: Sequence[Put]) -> int:
    return max((count_lines(put.text, put.width) for put in puts if put.width), default=1)


def _write_columns(plan: SheetPlan, scan: Scan) -> Iterator[Splice]:
    """The widths of the new columns; those that were there keep theirs."""
    if plan.new is None:
        return
    first, last = plan.new, plan.new + len(ADDED) - 1
    columns: list[ColumnStyle] = []
    for each in scan.columns:
        # One may go on to the sheet's end, hidden even: ours are cut out of it.
        columns += [
            each._replace(first=max(each.first, start), last=min(each.last, end))
            for start, end in ((0, first - 1), (last + 1, each.last))
            if max(each.first, start) <= min(each.last, end)
        ]
    columns += [
        ColumnStyle(first + index, first + index, {"width": str(_WIDTHS[field]), "customWidth": "1"})
        for index, (field, _) in enumerate(ADDED)
    ]
    made = "".join(_write_column(each, scan.prefix) for each in sorted(columns, key=lambda each: each.first))
    whole = f"<{scan.prefix}cols>{made}</{scan.prefix}cols>".encode()
    yield Splice(*(scan.cols or (scan.data, scan.data)), whole)


def _write_column(column: ColumnStyle, prefix: str) -> str:
    attributes = {**column.attributes, "min": str(column.first + 1), "max": str(column.last + 1)}
    return f"<{prefix}col " + " ".join(f"{name}={quoteattr(value)}" for name, value in attributes.items()) + "/>"


def _write_dimension(scan: Scan, puts: Mapping[int, Sequence[Put]]) -> Iterator[Splice]:
    if scan.dimension is None:
        return
    start, end = scan.dimension
    tag = scan.content[start:end]
    found = _REF.search(tag)
    areas = read_areas(found[0].partition(b"=")[2].strip(b" \t\r\n\"'").decode("ascii", "replace")) if found else []
    if areas:
        bottom = max(areas[0].bottom, *puts)
        right = max(areas[0].right, *(put.column for line in puts.values() for put in line))
        top, left = min(areas[0].top, *puts), areas[0].left
        reference = f"{name_column(left)}{top + 1}:{name_column(right)}{bottom + 1}"
        yield Splice(start, end, _REF.sub(lambda found: found[1] + f'"{reference}"'.encode(), tag))


def _apply(content: bytes, splices: Sequence[Splice]) -> bytes:
    pieces: list[bytes | memoryview] = []
    whole, at = memoryview(content), 0
    # Insertions at one place stay in the order that they were made in.
    for splice in sorted(splices, key=lambda splice: splice.start):
        pieces += (whole[at : splice.start], splice.instead)
        at = splice.end
    return b"".join([*pieces, whole[at:]])
