"""The matrix as a workbook (xlsx): a summary, and a table to filter and print. Same matrix, same bytes."""

from __future__ import annotations

import io
from math import ceil

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from bot.review.fixed_zip import fix_times
from bot.review.matrix import ResponsibilityMatrix
from bot.review.matrix_lines import HEADINGS, list_errata, list_lines, list_summary

# In characters of the default font, as Excel counts the width of a column.
_WIDTHS = (14, 26, 18, 40, 60, 60, 36, 20, 36, 40)
_SUMMARY_WIDTHS = (26, 110)
# Characters that Excel takes in a cell.
_LONGEST_CELL = 32_767
# Points of a line in the default font, and of the highest row that there can be.
_LINE, _HIGHEST = 15.0, 409.0
_A4 = 9
_HEAD = PatternFill("solid", fgColor="FFDDE3EA")
_BOLD = Font(bold=True)


def render_workbook(matrix: ResponsibilityMatrix) -> bytes:
    """The workbook: first a summary, then the matrix."""
    book = Workbook()
    title = f"Responsibility matrix: {', '.join(rule.id for rule in matrix.regulations)}"
    book.properties.creator = "Clausebot"
    book.properties.title = title
    book.remove(book.worksheets[0])
    _fill_summary(book.create_sheet("Summary"), matrix, title)
    _fill_table(book.create_sheet("Matrix"), matrix)
    written = io.BytesIO()
    book.save(written)
    return fix_times(written.getvalue(), matrix.dated)


def _fill_summary(sheet: Worksheet, matrix: ResponsibilityMatrix, title: str) -> None:
    _write(sheet, 1, 1, title).font = Font(bold=True, size=14)
    for row, (heading, text) in enumerate([*list_summary(matrix), *list_errata(matrix)], 3):
        _write(sheet, row, 1, heading).font = _BOLD
        _write(sheet, row, 2, text)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    _lay_out(sheet, _SUMMARY_WIDTHS)
    sheet.row_dimensions[1].height = 1.4 * _LINE


def _fill_table(sheet: Worksheet, matrix: ResponsibilityMatrix) -> None:
    for row, line in enumerate([HEADINGS, *list_lines(matrix)], 1):
        for column, cell in enumerate(line, 1):
            _write(sheet, row, column, "\n".join(cell))
    for cell in sheet[1]:
        cell.font, cell.fill = _BOLD, _HEAD
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.print_title_rows = "1:1"
    _lay_out(sheet, _WIDTHS)


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    cell = sheet.cell(row, column)
    cell.value = text[:_LONGEST_CELL]
    # Whatever it begins with, it is text: never a formula, in a copy of the cell neither.
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _lay_out(sheet: Worksheet, widths: tuple[int, ...]) -> None:
    for column, width in enumerate(widths):
        sheet.column_dimensions["ABCDEFGHIJ"[column]].width = width
    # Excel fits rows to wrapped text when it opens a file; LibreOffice does not.
    for number, row in enumerate(sheet.iter_rows(), 1):
        lines = max(
            sum(ceil(len(line) / width) or 1 for line in str(cell.value or "").split("\n"))
            for cell, width in zip(row, widths, strict=True)
            if cell.alignment.wrap_text or not cell.value
        )
        sheet.row_dimensions[number].height = min(lines * _LINE, _HIGHEST)
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
