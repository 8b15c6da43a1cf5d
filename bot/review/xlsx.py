"""A questionnaire in a workbook (xlsx): read, and given back with all that it had and the answers beside. Pure."""

from __future__ import annotations

from typing import Literal

from bot.review.cells import read_cell
from bot.review.columns import ask, find_answer, was
from bot.review.model import Columns, Fill, Question, ReviewedRow, Summary
from bot.review.packages import open_package
from bot.review.xlsx_book import Book
from bot.review.xlsx_reading import Found, Sheets, plan, read_tables, tell_unnamed
from bot.review.xlsx_styles import Styles
from bot.review.xlsx_summary import add_summary
from bot.review.xlsx_writing import write_sheet


class WorkbookQuestionnaire:
    """A workbook's questions; see `Questionnaire`."""

    def __init__(self, book: Book, found: Found) -> None:
        self._book, self._found = book, found

    @property
    def kind(self) -> Literal["xlsx"]:
        """A workbook comes back as a workbook."""
        return "xlsx"

    @property
    def questions(self) -> tuple[Question, ...]:
        """Its questions, sheet by sheet, from the top."""
        return self._found.questions

    def fill(self, fills: tuple[Fill, ...], summary: Summary) -> bytes:
        """The workbook with what is written beside each question, and the summary as its first sheet.

        Parts that nothing is written in are the same byte for byte; in the others, what was there stays as it was.
        """
        book = self._book
        part = book.part_of("styles")
        styles = Styles(book.package.read(part), part) if part else Styles(None)
        changed: dict[str, bytes] = {}
        done = 0
        for sheet in self._found.plans:
            number = sum(len(table.lines) for table in sheet.tables)
            changed[sheet.sheet.part] = write_sheet(book, sheet, fills[done : done + number], styles)
            done += number
        unnamed = tuple(filter(None, map(tell_unnamed, self._found.plans)))
        told = summary.model_copy(update={"lines": summary.lines + unnamed})
        changed |= add_summary(book, told, styles)
        styled = styles.write()
        if part and styled:
            changed[part] = styled
        return book.package.replace(changed)


def open_xlsx(content: bytes, columns: Columns | None = None) -> WorkbookQuestionnaire:
    """Read a workbook.

    Args:
        content: the file.
        columns: what somebody named; None to find all of it.

    Raises:
        ReviewError: it can't be read, or asks nothing.
    """
    book = Book(open_package(content, "xlsx"))
    return WorkbookQuestionnaire(book, plan(book, columns))


def read_reviewed_xlsx(content: bytes, columns: Columns | None = None) -> list[ReviewedRow]:
    """The questions of a workbook that Clausebot filled, as people left them; none where it didn't fill it.

    Args:
        content: the file.
        columns: what somebody named for the review; None to find all of it.

    Raises:
        ReviewError: it can't be read, or asks nothing.
    """
    rows = []
    for read in read_tables(Sheets(Book(open_package(content, "xlsx"))), columns):
        texts, table = read.grid.texts, read.table
        for row in read.rows if table.ours else ():
            told = {field: was(texts, table, row, field) for field in ("answer", "comment", "reviewer", "status")}
            rows.append(
                ReviewedRow(
                    place=read.sheet.name,
                    row=row + 1,
                    question=ask(texts, table, row),
                    given=find_answer(texts, table, row),
                    remark=read_cell(texts[row], table.comment),
                    **told,
                )
            )
    return rows
