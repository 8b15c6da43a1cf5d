"""Cells and rows as they are written: plain text in them, whatever it begins with, and room for it. Pure."""

from __future__ import annotations

import re
from math import ceil
from xml.sax.saxutils import escape

from bot.review.columns import name_column

# Characters that Excel takes in a cell, in units of UTF-16.
LONGEST_CELL = 32_767
# Points of a line in the default font, and of the highest row that there can be.
_LINE, _HIGHEST = 15, 409
# Lines break between words: this much of them is filled.
_FILLED = 0.9
_WIDE = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")
_ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What a workbook would read as one character.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SPANS = re.compile(rb"""(\sspans\s*=\s*)(?:"[^"]*"|'[^']*')""")
_HEIGHT = re.compile(rb"""\sht\s*=\s*["']\s*([0-9.]+)\s*["']""")
_FIXED = re.compile(rb"""\s(?:customHeight|hidden)\s*=\s*["'](?:1|true)["']""")


def make_cell(row: int, column: int, text: str, style: str, prefix: str = "") -> bytes:
    """A cell of plain text, whatever it begins with; row and column from 0."""
    styled = f' s="{style}"' if style else ""
    tag = f'{prefix}c r="{name_column(column)}{row + 1}"{styled}'
    if not text:
        return f"<{tag}/>".encode()
    held = f'<{prefix}is><{prefix}t xml:space="preserve">{escape(text)}</{prefix}t></{prefix}is>'
    return f'<{tag} t="inlineStr">{held}</{prefix}c>'.encode()


def clean(text: str) -> str:
    """A text as a cell takes it: without what XML can't hold, and cut where it is too long."""
    text = _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    if len(text) * 2 <= LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * LONGEST_CELL:
        return text
    return units[: 2 * (LONGEST_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def count_lines(text: str, width: int) -> int:
    """How many lines a text has, wrapped in a column of so many characters of the default font."""
    if len(text) < _FILLED * width and text.isascii() and "\n" not in text:
        return 1
    return sum(ceil((len(line) + len(_WIDE.findall(line))) / (_FILLED * width)) or 1 for line in text.split("\n"))


def measure(lines: int) -> int:
    """How high a row of so many lines is, in points."""
    return min(lines * _LINE, _HIGHEST)


def fit_row(tag: bytes, last: int, lines: int) -> bytes:
    """A row's tag with the columns that it spans now, to the last from 0, and high enough for so many lines.

    Excel fits rows to wrapped text when it opens a file; LibreOffice does not. A height that somebody set stays.
    """
    tag = _SPANS.sub(lambda found: found[1] + f'"1:{last + 1}"'.encode(), tag)
    told = _HEIGHT.search(tag)
    needed = measure(lines)
    if lines < 2 or _FIXED.search(tag) or (told and float(told[1]) >= needed):
        return tag
    if told:
        tag = tag.replace(told[0], b"")
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + f' ht="{needed}"'.encode() + tag[end:]
