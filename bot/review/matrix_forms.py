"""What the responsibility matrix can be written as. Imports what it needs when it writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.review.matrix import ResponsibilityMatrix


class MatrixFormat(StrEnum):
    """What a matrix is written as; the value is the file's ending too, but for OSCAL's, which is JSON."""

    MD = "md"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"
    JSON = "json"
    OSCAL = "oscal"


MATRIX_TYPES: Mapping[MatrixFormat, str] = {
    MatrixFormat.MD: "text/markdown",
    MatrixFormat.CSV: "text/csv",
    MatrixFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    MatrixFormat.HTML: "text/html",
    MatrixFormat.JSON: "application/json",
    MatrixFormat.OSCAL: "application/json",
}
"""The media type of each."""


def render_matrix(matrix: ResponsibilityMatrix, form: MatrixFormat) -> bytes:
    """The matrix as a file's bytes; same matrix, same bytes."""
    if form is MatrixFormat.XLSX:
        from bot.review.matrix_workbook import render_workbook

        return render_workbook(matrix)
    if form is MatrixFormat.HTML:
        from bot.review.matrix_page import render_page

        return render_page(matrix).encode()
    if form is MatrixFormat.OSCAL:
        from bot.review.matrix_oscal import render_oscal

        return render_oscal(matrix).encode()
    from bot.review.matrix_text import render_csv, render_json, render_markdown

    if form is MatrixFormat.CSV:
        return render_csv(matrix)
    return (render_json(matrix) if form is MatrixFormat.JSON else render_markdown(matrix)).encode()


def name_matrix(parts: Sequence[str], form: MatrixFormat) -> str:
    """What to call the file, of what it is narrowed down to: ``responsibility-matrix-GL14.xlsx``."""
    ending = "oscal.json" if form is MatrixFormat.OSCAL else form.value
    return f"{'-'.join(['responsibility-matrix', *parts])}.{ending}"
