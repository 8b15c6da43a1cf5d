"""A text's lines to blocks between blank lines, and a block to the entries of a list. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus.sentences import fold_typography, is_complete, strip_markup

_ITEM = re.compile(r"\s*(?:-|[0-9]+\))\s+(?=[\"'*(]*[A-Z0-9])")
_DATED = re.compile(r"\s*[A-Z][a-z]+ [0-9]{4}: ")
FIGURE_GAP = 3
"""Blank lines in a row, as a multiple of the usual number, that stand for a figure: a page may end there unseen."""


@dataclass(frozen=True, slots=True)
class Block:
    """Lines between blank lines.

    ``marks`` are the first character of each line as it was written, ``line`` the number of the first line,
    ``after_figure`` whether room for a figure stands before it.
    """

    lines: tuple[str, ...]
    marks: tuple[str, ...]
    line: int
    after_figure: bool = False

    @property
    def text(self) -> str:
        """The lines joined by spaces."""
        return " ".join(line.strip() for line in self.lines)


def read_blocks(text: str) -> list[Block]:
    """The blocks of a text in order, typography folded; a line of tabs inside a block belongs to it."""
    found: list[tuple[Block, int]] = []
    lines: list[str] = []
    marks: list[str] = []
    blank = before = 0
    written = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    folded = fold_typography(text).split("\n")
    for number, (line, raw) in enumerate(zip([*folded, ""], [*written, ""], strict=True), 1):
        if line.strip() or (lines and "\t" in line):
            if not lines:
                before, blank = blank, 0
            lines.append(line)
            marks.append(raw.lstrip()[:1])
        else:
            if lines:
                found.append((Block(tuple(lines), tuple(marks), number - len(lines)), before))
                lines, marks = [], []
            blank += 1
    usual = Counter(before for _, before in found[1:]).most_common(1)
    figure = FIGURE_GAP * (usual[0][0] if usual else 1)
    return [replace(block, after_figure=before >= figure) for block, before in found]


def starts_entry(line: str) -> bool:
    """Whether a line looks like the beginning of a list's entry: a dash or ``1)``, then a capital or a number."""
    return _ITEM.match(line) is not None


def list_entries(block: Block) -> Iterator[str]:
    """The block's paragraphs: one, or one for each entry of a list; a wrapped line belongs to what it wraps.

    A list begins with its block or after a finished line. A long dash in a list of short ones is no entry's mark: a
    line was wrapped before it.
    """
    counted = re.match(r"\s*1\. ", block.lines[0]) is not None
    dated = _DATED.match(block.lines[0]) is not None
    entries: list[list[str]] = []
    marks: set[str] = set()
    number = 1
    for line, written in zip(block.lines, block.marks, strict=True):
        mark = ")" if written.isdigit() else written
        starts = not entries
        if starts_entry(line) and (
            not entries or mark in marks or (marks and mark == "-") or is_complete(strip_markup(entries[-1][-1]))
        ):
            marks.add(mark)
            starts = True
        elif counted and re.match(rf"\s*{number}\. ", line):
            starts, number = True, number + 1
        elif dated and _DATED.match(line):
            starts = True
        if starts:
            entries.append([])
        entries[-1].append(line)
    for entry in entries:
        yield strip_markup(" ".join(entry))
