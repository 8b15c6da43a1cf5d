"""The matrix as text: Markdown tables, CSV, JSON. Pure."""

from __future__ import annotations

import csv
import re

from bot.review.matrix import ResponsibilityMatrix
from bot.review.matrix_lines import HEADINGS, list_lines, list_summary

# What Markdown as GitHub reads it would take for markup, in the middle of a line.
_MARKUP = re.compile(r"([\\`*_\[\]|~])")
# What a spreadsheet would take for a formula at the beginning of a cell, after blanks too.
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


def render_markdown(matrix: ResponsibilityMatrix) -> str:
    """A page with a table in GitHub's Markdown, the summary below it as a list."""
    table = [HEADINGS, *list_lines(matrix)]
    drawn = [" | ".join("<br>".join(map(_escape, cell)) for cell in line) for line in table]
    rule = " | ".join("---" for _ in HEADINGS)
    lines = [f"| {line} |" for line in (drawn[0], rule, *drawn[1:])]
    names = ", ".join(rule.id for rule in matrix.regulations)
    told = [f"- {_escape(heading)}: {_escape(text)}" for heading, text in list_summary(matrix)]
    return "\n".join([f"# Responsibility matrix: {names}", "", *lines, "", *told, ""])


def _escape(text: str) -> str:
    entities = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKUP.sub(r"\\\1", entities)


def render_csv(matrix: ResponsibilityMatrix) -> bytes:
    """The table alone, a line of a cell each on a line of its own, as UTF-8 with a byte order mark.

    Without the mark Excel reads a CSV file in the machine's own code page and turns ¶ into other letters.
    """
    written: list[str] = []
    writer = csv.writer(_Collector(written))
    for line in [HEADINGS, *list_lines(matrix)]:
        writer.writerow([guard("\n".join(cell)) for cell in line])
    return "".join(written).encode("utf-8-sig")


def guard(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula: such a one begins with an apostrophe."""
    return f"'{text}" if _FORMULA.match(text) else text


class _Collector:
    """What `csv.writer` writes to."""

    def __init__(self, written: list[str]) -> None:
        self.write = written.append


def render_json(matrix: ResponsibilityMatrix) -> str:
    """The matrix as one JSON object, each row with the fields of the API's matrix and its notes."""
    return matrix.model_dump_json(indent=2) + "\n"
