"""Questionnaires of one table, written and read in every kind of file by the libraries that people use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from docx import Document
from openpyxl import Workbook, load_workbook

Write = Callable[[Sequence[Sequence[str]]], bytes]
Read = Callable[[bytes], list[list[str]]]


def write_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """A workbook with one sheet."""
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append([cell or None for cell in row])
    book.save(content)
    return content.getvalue()


def read_xlsx(content: bytes) -> list[list[str]]:
    """The texts of the sheet of questions."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[-1]
    return [[str(cell or "") for cell in row] for row in sheet.iter_rows(values_only=True)]


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV file."""
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue().encode()


def read_csv(content: bytes) -> list[list[str]]:
    """Its cells."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def write_docx(rows: Sequence[Sequence[str]]) -> bytes:
    """A document with one table."""
    document, content = Document(), io.BytesIO()
    table = document.add_table(len(rows), len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    document.save(content)
    return content.getvalue()


def read_docx(content: bytes) -> list[list[str]]:
    """The cells of its own table."""
    return [[cell.text for cell in row.cells] for row in Document(io.BytesIO(content)).tables[0].rows]
