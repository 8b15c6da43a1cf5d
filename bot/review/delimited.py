"""Questionnaires as CSV or TSV: back come the same bytes, with cells filled and columns added behind. Pure.

A CSV file has no sheet to add, and nothing may stand above its header row: the summary follows as the last lines,
each as wide as the table, with "Clausebot summary" in its first cell, so that a program can leave them out. A table
without headings gets a first line with Clausebot's headings alone. Rows that a person has put a name to in the
reviewer's column are left as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.review import columns as found_columns
from bot.review.columns import Table, find_tables, list_choices, list_headings, list_parties, say_unknown
from bot.review.dialect import Dialect, Record, detect, read_records, splice
from bot.review.encoding import Encoded, decode
from bot.review.headers import HEADING, SUMMARY
from bot.review.matrix_text import guard
from bot.review.model import ADDED, Columns, Fill, Kind, Question, ReviewedRow, ReviewError, Summary
from bot.review.ticks import place_tick


class Delimited:
    """A CSV or TSV file that was read."""

    def __init__(self, content: bytes, ending: str = "csv", columns: Columns | None = None) -> None:
        """Read it.

        Args:
            content: the file.
            ending: of its name.
            columns: the columns that somebody named.

        Raises:
            ReviewError: it can't be read, or holds no questions.
        """
        self._encoded: Encoded = decode(content)
        text = self._encoded.text
        self._dialect: Dialect = detect(text, ending)
        self._all: list[Record] = read_records(text, self._dialect.delimiter)
        # A summary of before is taken off, to be written anew.
        self._records = self._all
        while self._records and self._records[-1].texts[0] == SUMMARY:
            self._records = self._records[:-1]
        self._grid = [record.texts for record in self._records]
        self._tables: list[Table] = find_tables(self._grid, wanted=columns)
        if not self._tables:
            if columns and (columns.question or columns.answer or columns.comment):
                raise say_unknown(columns, list_headings(self._grid))
            raise ReviewError("No questions were found in the file: head their column with “Question”, or name it.")
        self.questions: tuple[Question, ...] = tuple(
            Question(
                place="",
                row=row + 1,
                text=found_columns.ask(self._grid, table, row),
                choices=list_choices(self._grid, table, row),
                given=found_columns.given(self._grid, table, row),
                party=table.party,
                parties=list_parties(table, row, {}),
            )
            for table in self._tables
            for row in table.rows
        )

    @property
    def kind(self) -> Kind:
        """``tsv`` where tabs part the cells, else ``csv``."""
        return "tsv" if self._dialect.delimiter == "\t" else "csv"

    def read_reviewed(self) -> list[ReviewedRow]:
        """Its questions with what stands in the columns that Clausebot added."""
        rows = [(table, row) for table in self._tables for row in table.rows if table.ours]
        return [
            ReviewedRow(
                place="",
                row=row + 1,
                question=found_columns.ask(self._grid, table, row),
                given=unguard(found_columns.find_answer(self._grid, table, row)),
                remark=unguard(self._text(row, table.comment)),
                answer=unguard(self._text(row, table.ours.get("answer"))),
                comment=unguard(self._text(row, table.ours.get("comment"))),
                reviewer=unguard(self._text(row, table.ours.get("reviewer"))),
                status=self._text(row, table.ours.get("status")),
            )
            for table, row in rows
        ]

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The file, filled."""
        changes: list[tuple[int, int, str]] = []
        width = max(len(self._grid[row]) for table in self._tables for row in self._rows(table))
        width = max(width, *(1 + max(table.ours.values(), default=0) for table in self._tables))
        end = width if all(table.ours for table in self._tables) else width + len(ADDED)
        waiting = iter(fills)
        for table in self._tables:
            added = {field: width + at for at, (field, _) in enumerate(ADDED)} if not table.ours else table.ours
            headings = {added[field]: HEADING + heading for field, heading in ADDED if field in added}
            if not table.ours and table.header is not None:
                changes += self._put(table.header, headings)
            elif not table.ours:
                changes.append(self._head(table, headings))
            for row in table.rows:
                fill = next(waiting)
                if not found_columns.was(self._grid, table, row, "reviewer"):
                    changes += self._put(row, self._compose(table, row, fill, added))
        text = splice(self._encoded.text, [*changes, self._tail(summary, end)])
        return self._encoded.encode(text)

    def _compose(self, table: Table, row: int, fill: Fill, added: dict[str, int]) -> dict[int, str]:
        """What is written in a row, by column."""
        held = {added[field]: getattr(fill, field, "") for field, _ in ADDED if field in added}
        if table.ticks:
            answer = fill.answer if fill.status == "answered" else ""
            held |= place_tick(
                self._grid[row], table.ticks, answer, found_columns.was(self._grid, table, row, "answer")
            )
        for column, field in ((table.answer, "answer"), (table.comment, "comment")):
            if column is None:
                continue
            before = self._text(row, column)
            ours = before != "" and before == found_columns.was(self._grid, table, row, field)
            told = getattr(fill, field) if fill.status == "answered" else ""
            if (not before and told) or ours:
                held[column] = told
        if table.responsible is not None and fill.responsible and not self._text(row, table.responsible):
            held[table.responsible] = fill.responsible
        return held

    def _text(self, row: int, column: int | None) -> str:
        return self._grid[row][column].strip() if column is not None and column < len(self._grid[row]) else ""

    def _rows(self, table: Table) -> Sequence[int]:
        return table.rows if table.header is None else (table.header, *table.rows)

    def _write(self, text: str) -> str:
        """A cell's text as it is written: in the file's encoding, and never a formula."""
        return self._dialect.write(guard(self._encoded.fit(text)))

    def _put(self, row: int, held: dict[int, str]) -> list[tuple[int, int, str]]:
        """The changes that put texts into a row's columns, with those added that it hasn't got."""
        record = self._records[row]
        cells = record.texts
        changes = [
            (*record.span(column), self._write(text))
            for column, text in held.items()
            if column < len(cells) and cells[column] != text
        ]
        last = max(held, default=0)
        if last >= len(cells):
            beyond = [self._write(held.get(column, "")) for column in range(len(cells), last + 1)]
            delimiter = self._dialect.delimiter
            changes.append((record.end, record.end, delimiter + delimiter.join(beyond)))
        return changes

    def _head(self, table: Table, headings: dict[int, str]) -> tuple[int, int, str]:
        """A line of headings before a table that has none."""
        at = self._records[table.rows[0]].starts[0]
        line = [self._write(headings[column]) if column in headings else "" for column in range(max(headings) + 1)]
        return at, at, self._dialect.delimiter.join(line) + self._dialect.ending

    def _tail(self, summary: Summary, width: int) -> tuple[int, int, str]:
        """The summary behind the last line, in the place of one of before."""
        text, ending = self._encoded.text, self._dialect.ending
        start = self._all[len(self._records)].starts[0] if len(self._records) < len(self._all) else len(text)
        lines = [(SUMMARY, summary.title, ""), *((SUMMARY, heading, held) for heading, held in summary.lines)]
        rows = [[self._write(cell) for cell in line] + [""] * (width - 3) for line in lines]
        tail = ending.join(self._dialect.delimiter.join(row) for row in rows)
        ends = text.endswith(("\n", "\r"))
        return (
            start,
            len(text),
            ("" if ends else ending if start == len(text) else "") + tail + (ending if ends else ""),
        )


def unguard(text: str) -> str:
    """A cell's text without the apostrophe that keeps it from being a formula."""
    return text[1:] if text.startswith("'") and guard(text[1:]) != text[1:] else text
