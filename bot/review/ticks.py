"""Answers that are ticked in columns of their own: "Yes", "No" and "N/A" side by side, one of them marked. Pure.

Columns are such only where neighbouring headings are answers, one of them a yes and one a no; or the provider, the
customer and both. A heading of unknown words among them or next to them ("Planned") may be one more answer: nothing is
ever ticked under it, and a row in which somebody ticked it is left as it is.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.review.cells import read_cell
from bot.review.headings import is_asking, name_kind
from bot.review.vocabulary import PARTIES, Meaning, read_meaning

EMPTY_BOXES = {"☐": "☒", "□": "■", "❏": "■", "◻": "■"}
"""Boxes that wait to be ticked, and how each is when it is."""

_UNTICKED = {"☒": "☐", "☑": "☐", "■": "□"}
_NOT_APPLICABLE = frozenset("n/a|na|n.a.|not applicable|不適用|不适用".split("|"))
_NEEDED = ((Meaning.YES, Meaning.NO), (Meaning.PROVIDER, Meaning.CUSTOMER, Meaning.SHARED))
# Of a heading that is an answer, in characters.
_LONGEST = 40
# In the order in which they are taken where a table has several as often.
_MARKS = ("X", "x", "✓", "✔", "√", "☒", "☑", "●", "•", "V", "v", "*", "1")


class Ticks(NamedTuple):
    """The columns that an answer is ticked in, each with its heading, from the left; and the mark."""

    columns: tuple[tuple[int, str], ...]
    mark: str = _MARKS[0]

    @property
    def of_parties(self) -> bool:
        """Whether who is responsible is ticked."""
        return any(read_meaning(label) in PARTIES for label in self.labels)

    @property
    def labels(self) -> tuple[str, ...]:
        """The answers to choose from."""
        return tuple(label for _, label in self.columns)


def find_ticks(names: Mapping[int, str]) -> tuple[tuple[int, str], ...]:
    """The columns of a row of headings that an answer is ticked in, with the headings; empty where there are none.

    Args:
        names: the headings by column, from 0.
    """
    runs: list[list[int]] = []
    for column in sorted(column for column, name in names.items() if _may_be_answer(name)):
        if not runs or runs[-1][-1] != column - 1:
            runs.append([])
        runs[-1].append(column)
    fit = [run for run in runs if _is_choice([names[column] for column in run])]
    return tuple((column, names[column].strip()) for column in fit[0]) if len(fit) == 1 else ()


def _is_choice(headings: Sequence[str]) -> bool:
    """Whether neighbouring headings are answers of which one is chosen."""
    counts = Counter(map(_read, headings))
    return any(all(counts[meaning] == 1 for meaning in needed) for needed in _NEEDED)


def is_answer(heading: str) -> bool:
    """Whether a heading says an answer or a party, such as ``Yes``, ``Not in place``, ``N/A``, ``Shared``."""
    folded = " ".join(unicodedata.normalize("NFKC", heading[: 2 * _LONGEST]).casefold().split())
    return folded in _NOT_APPLICABLE or _read(heading) is not None


def _read(heading: str) -> Meaning | None:
    # "No." heads a column of numbers.
    return None if len(heading) > _LONGEST or heading.rstrip().endswith(".") else read_meaning(heading)


def _may_be_answer(heading: str) -> bool:
    return is_answer(heading) or (len(heading) <= _LONGEST and name_kind(heading) == "none" and not is_asking(heading))


def read_ticks(found: Sequence[tuple[int, str]], rows: Sequence[Sequence[str]]) -> Ticks:
    """The columns to tick, without those of unknown words that most rows hold something else than a mark in.

    Args:
        found: the columns, of `find_ticks`.
        rows: the texts of the rows with questions.
    """
    columns = tuple(
        (column, label)
        for column, label in found
        if is_answer(label) or 2 * sum(_is_text(read_cell(row, column)) for row in rows) <= len(rows)
    )
    return Ticks(columns, choose_mark(read_cell(row, column) for row in rows for column, _ in columns))


def _is_text(held: str) -> bool:
    return held not in ("", *EMPTY_BOXES, *_MARKS)


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
