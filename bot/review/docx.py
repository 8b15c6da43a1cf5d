"""Questionnaires in Word: tables and lines that ask; back comes the same document, its blank places filled. Pure.

Only the document's main part is written anew; every other part stays byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from bot.review import columns as found_columns
from bot.review.choices import find_legend, read_line
from bot.review.columns import Table, find_tables, list_choices, list_headings, list_parties, say_unknown
from bot.review.docx_lines import Line, find_lines, write_line
from bot.review.docx_pages import (
    ANSWERS_TAG,
    SUMMARY_TAG,
    TEXT,
    draw_answers,
    draw_summary,
    find_ours,
    read_answers,
    squeeze,
)
from bot.review.docx_tables import Grid, Words, list_dropdown, read_grid, read_paragraph, tick_cell, write_text
from bot.review.model import ADDED, Columns, Fill, Kind, Question, ReviewedRow, ReviewError, Summary
from bot.review.packages import open_package, parse_xml, write_xml
from bot.review.ticks import place_tick

LARGEST_DOCUMENT = 40_000_000
"""Bytes of the document's main part, unpacked; its tree takes ten times as much memory."""

_RELATIONS = "_rels/.rels"
_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)


class _Found(NamedTuple):
    """A question: where its table is, and what Clausebot wrote about it before."""

    question: Question
    grid: Grid
    table: Table
    row: int
    before: dict[str, str]


class _Asked(NamedTuple):
    """A question in the text: where it is, and what Clausebot wrote about it before."""

    question: Question
    line: Line
    before: dict[str, str]


class Document:
    """A Word document that was read."""

    def __init__(self, content: bytes, columns: Columns | None = None) -> None:
        """Read it.

        Args:
            content: the file.
            columns: the columns that somebody named.

        Raises:
            ReviewError: it can't be read, or holds no questions.
        """
        self._package = open_package(content, "docx")
        self._part = self._find_part()
        main = self._package.read(self._part)
        if len(main) > LARGEST_DOCUMENT:
            raise ReviewError("The document has {megabytes:.0f} MB of text. Split it.", megabytes=len(main) / 1e6)
        self._root = parse_xml(main, self._part)
        namespace = str(self._root.tag).partition("}")[0].strip("{")
        self._words = Words(namespace)
        body = self._root.find(self._words("body"))
        if namespace not in _NAMESPACES or body is None:
            raise ReviewError("The document is damaged: it has no body. Open it in Word, save it anew.")
        self._body: Any = body
        self._ours = find_ours(body, self._words)
        self._added = {element for held in self._ours.values() for element in held}
        self._headings: list[str] = []
        before = read_answers(self._ours[ANSWERS_TAG], self._words) if ANSWERS_TAG in self._ours else {}
        self._found = list(self._find(columns, before))
        if not self._found and columns and (columns.question or columns.answer or columns.comment):
            raise say_unknown(columns, self._headings)
        self._asked = list(self._find_asked(before))
        self.questions: tuple[Question, ...] = (
            *(found.question for found in self._found),
            *(asked.question for asked in self._asked),
        )
        if not self.questions:
            raise ReviewError(
                "No questions were found in the document: head their column in a table with “Question”, name it, "
                "or end each question with a question mark."
            )

    @property
    def kind(self) -> Kind:
        """``docx``."""
        return "docx"

    def read_reviewed(self) -> list[ReviewedRow]:
        """Its questions with what stands in the table that Clausebot added."""
        return [
            ReviewedRow(
                place=found.question.place,
                row=found.question.row,
                question=found.question.text,
                given=found_columns.find_answer(found.grid.texts, found.table, found.row),
                remark=self._text(found, found.table.comment),
                **{field: found.before.get(field, "") for field in ("answer", "comment", "reviewer", "status")},
            )
            for found in self._found
            if found.before
        ] + [
            ReviewedRow(
                place=asked.question.place,
                row=asked.question.row,
                question=asked.question.text,
                given=asked.line.held,
                **{field: asked.before.get(field, "") for field in ("answer", "comment", "reviewer", "status")},
            )
            for asked in self._asked
            if asked.before
        ]

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The document, filled."""
        held: list[dict[str, str]] = []
        for found, fill in zip(self._found, fills[: len(self._found)], strict=True):
            if found.before.get("reviewer"):
                held.append(found.before)
                continue
            held.append({field: getattr(fill, field, "") for field, _ in ADDED})
            for column, field in ((found.table.answer, "answer"), (found.table.comment, "comment")):
                self._write(found, column, field, getattr(fill, field) if fill.status == "answered" else "")
            self._write(found, found.table.responsible, "responsible", fill.responsible)
            self._tick(found, fill.answer if fill.status == "answered" else "")
        for asked, fill in zip(self._asked, fills[len(self._found) :], strict=True):
            if asked.before.get("reviewer"):
                held.append(asked.before)
                continue
            held.append({field: getattr(fill, field, "") for field, _ in ADDED})
            if not asked.question.given:
                write_line(asked.line, fill.answer if fill.status == "answered" else "", self._words)
        return self._package.replace(
            {self._part: self._write_main(draw_summary(summary), draw_answers(self.questions, held))}
        )

    def _find_part(self) -> str:
        """The name of the document's main part."""
        if _RELATIONS in self._package:
            for relation in parse_xml(self._package.read(_RELATIONS), _RELATIONS):
                if str(relation.get("Type", "")).endswith("/officeDocument"):
                    return str(relation.get("Target", "")).lstrip("/")
        return "word/document.xml"

    def _find(self, columns: Columns | None, before: dict[tuple[str, str], dict[str, str]]) -> Iterator[_Found]:
        legend: tuple[str, ...] = ()
        number = cells = 0
        for element in self._walk(self._body):
            if element.tag == self._words("p"):
                legend = read_line([read_paragraph(element, self._words)]) or legend
                continue
            number += 1
            grid = read_grid(element, self._words, cells)
            cells += len(grid.cells)
            dropdowns = {
                place: found for place, cell in grid.cells.items() if (found := list_dropdown(cell, self._words))
            }
            self._headings += list_headings(grid.texts)
            tables = find_tables(grid.texts, dropdowns, columns)
            if not tables:
                legend = find_legend(grid.texts) or legend
            for table in tables:
                for row in table.rows:
                    yield self._read(f"Table {number}", grid, table, row, legend, dropdowns, before)

    def _read(
        self,
        place: str,
        grid: Grid,
        table: Table,
        row: int,
        legend: tuple[str, ...],
        dropdowns: dict[tuple[int, int], tuple[str, ...]],
        before: dict[tuple[str, str], dict[str, str]],
    ) -> _Found:
        text = found_columns.ask(grid.texts, table, row)
        asked = squeeze(text)
        written = before.get((f"{place}, row {row + 1}", asked)) or before.get(("", asked), {})
        held = found_columns.find_answer(grid.texts, table, row)
        ours = held == written.get("answer") and not written.get("reviewer")
        own = dropdowns.get((row, table.answer), ()) if table.answer is not None else ()
        choices = own or list_choices(grid.texts, table, row) or legend
        question = Question(
            place=place,
            row=row + 1,
            text=text,
            choices=choices,
            given="" if ours else held,
            party=table.party,
            parties=list_parties(table, row, dropdowns),
        )
        return _Found(question, grid, table, row, written)

    def _find_asked(self, before: dict[tuple[str, str], dict[str, str]]) -> Iterator[_Asked]:
        """The questions outside of tables."""
        cell, paragraph = self._words("tc"), self._words("p")

        def look_up(row: int, text: str) -> dict[str, str]:
            asked = squeeze(text)
            return before.get((f"{TEXT}, row {row}", asked)) or before.get(("", asked), {})

        outside = [each for each in self._walk(self._body) if next(each.iterancestors(cell), None) is None]
        paragraphs = [each if each.tag == paragraph else None for each in outside]
        for line in find_lines(paragraphs, self._words, look_up):
            written = look_up(line.row, line.text)
            ours = squeeze(line.held) == squeeze(written.get("answer", "")) and not written.get("reviewer")
            choices = tuple(dict.fromkeys(box.label for box in line.boxes))
            given = "" if ours else line.held
            yield _Asked(
                Question(place=TEXT, row=line.row, text=line.text, choices=choices, given=given), line, written
            )

    def _walk(self, parent: Any) -> Iterator[Any]:
        """Every paragraph outside of tables, and every table, nested ones behind the one they are in."""
        for child in parent:
            if child in self._added:
                continue
            if child.tag == self._words("p") and parent.tag != self._words("tc"):
                yield child
            elif child.tag == self._words("tbl"):
                yield child
                for cell in child.iter(self._words("tc")):
                    if _table_of(cell, self._words) is child:
                        yield from self._walk(cell)
            elif child.tag in map(self._words, ("sdt", "sdtContent", "customXml")):
                yield from self._walk(child)

    def _cell(self, found: _Found, column: int | None) -> Any:
        return None if column is None else found.grid.cells.get((found.row, column))

    def _text(self, found: _Found, column: int | None) -> str:
        line = found.grid.texts[found.row]
        return line[column] if column is not None and column < len(line) else ""

    def _write(self, found: _Found, column: int | None, field: str, told: str) -> None:
        """Fill a cell of the document's own, where it is blank or holds what Clausebot wrote."""
        cell = self._cell(found, column)
        if cell is None:
            return
        held = self._text(found, column)
        ours = held != "" and squeeze(held) == squeeze(found.before.get(field, ""))
        if (not held or ours) and squeeze(told) != squeeze(held):
            write_text(cell, told, self._words)

    def _tick(self, found: _Found, answer: str) -> None:
        """Tick an answer in its column, where nobody ticked one."""
        cells = found.grid.texts[found.row]
        ticks = found.table.ticks
        placed = place_tick(cells, ticks, answer, found.before.get("answer", "")) if ticks else {}
        for column, text in placed.items():
            cell = self._cell(found, column)
            if cell is not None:
                tick_cell(cell, text, self._words)

    def _write_main(self, summary: str, answers: str) -> bytes:
        """The main part, with our parts as its first and last, in the place of those of before."""
        for element in self._added:
            self._body.remove(element)
        self._added = set()
        last = self._body[-1] if len(self._body) else None
        ends = last is not None and last.tag == self._words("sectPr")
        marks = [etree.Comment(SUMMARY_TAG), etree.Comment(ANSWERS_TAG)]
        self._body.insert(0, marks[0])
        self._body.insert(len(self._body) - (1 if ends else 0), marks[1])
        written = write_xml(self._root)
        for mark in marks:
            self._body.remove(mark)
        # As text: elements made one by one and moved into the tree take time that grows with the square of the tree.
        declared = "" if self._root.nsmap.get("w") == self._words.namespace else f' xmlns:w="{self._words.namespace}"'
        parts = [part.replace("<w:sdt>", f"<w:sdt{declared}>", 1).encode() for part in (summary, answers)]
        head, _, rest = written.partition(etree.tostring(marks[0]))
        main, _, tail = rest.rpartition(etree.tostring(marks[1]))
        return b"".join([head, parts[0], main, parts[1], tail])


def _table_of(cell: Any, words: Words) -> Any:
    """The table that a cell belongs to."""
    parent = cell.getparent()
    while parent is not None and parent.tag != words("tbl"):
        parent = parent.getparent()
    return parent
