"""Answers that are ticked in columns of their own: "Yes", "No" and "N/A" side by side, one of them marked. Pure.

Columns are such only where neighbouring headings are these very words, one of them a yes and one a no, and no heading
beside them may be one more answer.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from bot.review.cells import read_cell
from bot.review.headings import name_kind

EMPTY_BOXES = {"☐": "☒", "□": "■", "❏": "■", "◻": "■"}
"""Boxes that wait to be ticked, and how each is when it is."""

_UNTICKED = {"☒": "☐", "☑": "☐", "■": "□"}
_YES = frozenset("yes|y|true|compliant|fully compliant|comply|complies|是|有|符合|完全符合".split("|"))
_NO = frozenset(
    "no|n|false|non-compliant|non compliant|not compliant|does not comply|否|沒有|没有|不符合|未符合".split("|")
)
_BESIDE = frozenset(
    "n/a|na|n.a.|not applicable|partial|partially|partly|partially compliant|"
    "不適用|不适用|部分|部份|部分符合|部份符合".split("|")
)
_LONGEST = max(map(len, _YES | _NO | _BESIDE))
# In the order in which they are taken where a table has several as often.
_MARKS = ("X", "x", "✓", "✔", "√", "☒", "☑", "●", "•", "V", "v", "*", "1")


class Ticks(NamedTuple):
    """The columns that an answer is ticked in, each with its heading, from the left; and the mark."""

    columns: tuple[tuple[int, str], ...]
    mark: str = _MARKS[0]

    @property
    def labels(self) -> tuple[str, ...]:
        """The answers to choose from."""
        return tuple(label for _, label in self.columns)


def find_ticks(names: Mapping[int, str]) -> tuple[tuple[int, str], ...]:
    """The columns of a row of headings that an answer is ticked in, with the headings; empty where there are none.

    Args:
        names: the headings by column, from 0.
    """
    told = {column: word for column, name in names.items() if (word := _fold(name)) in _YES | _NO | _BESIDE}
    columns = sorted(told)
    words = list(told.values())
    if sum(word in _YES for word in words) != 1 or sum(word in _NO for word in words) != 1:
        return ()
    if len(set(words)) < len(words) or any(behind != before + 1 for before, behind in pairwise(columns)):
        return ()
    near = (names.get(columns[0] - 1, ""), names.get(columns[-1] + 1, ""))
    if any(name and name_kind(name) == "none" for name in near):
        return ()
    return tuple((column, names[column].strip()) for column in columns)


def choose_mark(texts: Iterable[str]) -> str:
    """The mark that a table's cells have most often; ``X`` where they have none that is known."""
    counts = Counter(text.strip() for text in texts)
    return max(_MARKS, key=lambda mark: counts[mark])


def list_ticked(cells: Sequence[str], ticks: Ticks) -> list[str]:
    """The headings under which something stands in a row, empty boxes aside."""
    return [label for column, label in ticks.columns if read_cell(cells, column) not in ("", *EMPTY_BOXES)]


def place_tick(cells: Sequence[str], ticks: Ticks, answer: str, before: str) -> dict[int, str]:
    """What is written in a row's cells, by column: nothing where somebody ticked one.

    Args:
        cells: the row's texts.
        ticks: the columns.
        answer: one of their headings, or empty for none.
        before: the answer that Clausebot ticked earlier, which is its own to change; empty where it did not.
    """
    ticked = list_ticked(cells, ticks)
    if ticked and ticked != [before]:
        return {}
    held = {column: read_cell(cells, column) for column, _ in ticks.columns}
    drawn = {column: _draw(held[column], ticks.mark, ticked=label == answer) for column, label in ticks.columns}
    return {column: text for column, text in drawn.items() if text != held[column]}


def _draw(held: str, mark: str, *, ticked: bool) -> str:
    if ticked:
        return held if held and held not in EMPTY_BOXES else EMPTY_BOXES.get(held, mark)
    return held if held in EMPTY_BOXES else _UNTICKED.get(held, "")


def _fold(text: str) -> str:
    if len(text) > 2 * _LONGEST:
        return ""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
