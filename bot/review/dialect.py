"""A delimited file's records with every cell's place in the text, so that what isn't touched stays as it is. Pure."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.review.model import ReviewError

_DELIMITERS = ",;\t|"
_SAMPLE = 300_000
_SAMPLED = 300
# Share of the records that must have as many cells as most have.
_EVEN = 0.6
MOST_RECORDS = 200_000
"""Records that are read: a questionnaire has 20,000 questions at most, and not ten lines for each."""

MOST_CELLS = 4_000_000
# A spreadsheet's columns.
_WIDEST = 16_384


@dataclass(slots=True)
class Record:
    """A record: its cells' texts, where each begins, quotes included, and where the last ends."""

    texts: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("q"))
    end: int = 0

    def span(self, column: int) -> tuple[int, int]:
        """Where a cell stands in the file."""
        behind = column + 1
        return self.starts[column], self.starts[behind] - 1 if behind < len(self.starts) else self.end


class Dialect(NamedTuple):
    """How a file is written: what parts its cells, what ends its lines, and whether every cell is quoted."""

    delimiter: str
    ending: str
    quoted: bool

    def write(self, text: str) -> str:
        """A cell as this file writes one."""
        if self.quoted or any(sign in text for sign in (self.delimiter, '"', "\n", "\r")) or text != text.strip():
            return '"' + text.replace('"', '""') + '"'
        return text


def detect(text: str, ending: str = "") -> Dialect:
    """How a file is written.

    Args:
        text: the file.
        ending: of its name: ``tsv`` has tabs where both would do.
    """
    line_end = next((end for end in ("\r\n", "\n", "\r") if end in text), "\r\n")
    told = re.match(r"\ufeff?sep=([,;\t|])\r?(?:\n|$)", text)
    if told:
        return Dialect(told[1], line_end, quoted=False)
    rated: list[tuple[float, int, int, str, list[Record]]] = []
    for delimiter in "\t,;|" if ending in ("tsv", "tab") else _DELIMITERS:
        sample = text[:_SAMPLE]
        records = []
        for record in _scan(sample, delimiter, lenient=True):
            records.append(record)
            if len(records) >= _SAMPLED:
                break
        if len(records) > 1 and len(records) < _SAMPLED and len(sample) < len(text):
            records.pop()
        widths = Counter(len(record.texts) for record in records if any(record.texts))
        width, count = max(
            widths.items(), key=lambda found: (found[1] if found[0] > 1 else 0, found[0]), default=(1, 0)
        )
        share = count / max(1, widths.total())
        if width > 1 and share >= _EVEN:
            rated.append((round(share, 2), width, -len(rated), delimiter, records))
    if not rated:
        # Most lines of a questionnaire with titles and notes around a table need not be even.
        counts = {delimiter: text[:_SAMPLE].count(delimiter) for delimiter in _DELIMITERS}
        delimiter = "\t" if ending in ("tsv", "tab") else max(_DELIMITERS, key=lambda one: counts[one])
        return Dialect(delimiter if counts[delimiter] else ",", line_end, quoted=False)
    best = max(rated, key=lambda found: found[:3])
    begun = [
        text[start] for record in best[4] for start, end in map(record.span, range(len(record.texts))) if start < end
    ]
    return Dialect(best[3], line_end, quoted=bool(begun) and set(begun) == {'"'})


def read_records(text: str, delimiter: str) -> list[Record]:
    """Every record.

    Raises:
        ReviewError: a quote is never closed, or there are too many records.
    """
    records: list[Record] = []
    cells = 0
    for record in _scan(text, delimiter, lenient=False):
        records.append(record)
        cells += len(record.texts)
        if len(records) > MOST_RECORDS or cells > MOST_CELLS:
            raise ReviewError(
                "The file has more than {rows:,} rows or {cells:,} cells. Split it.",
                rows=MOST_RECORDS,
                cells=MOST_CELLS,
            )
    return records


def _scan(text: str, delimiter: str, *, lenient: bool) -> Iterator[Record]:
    mark = re.escape(delimiter)
    cell = re.compile(rf'[ ]*"(?P<quoted>(?:[^"]++|"")*+)"(?P<rest>[^{mark}\r\n]*)|(?P<plain>[^{mark}\r\n]*)')
    at, line, size = 0, 1, len(text)
    record = Record()
    while True:
        found = cell.match(text, at)
        if found is None:  # pragma: no cover - the plain cell matches everything
            return
        at = found.end()
        quoted = found["quoted"]
        if quoted is not None:
            held = quoted.replace('""', '"') + found["rest"].rstrip(" ")
            line += _count_lines(quoted)
        else:
            held = found["plain"]
            if not lenient and held.lstrip(" ").startswith('"'):
                raise ReviewError(
                    "Line {line}: a quotation mark is opened and never closed. Save the file anew.", line=line
                )
        record.texts.append(held)
        record.starts.append(found.start())
        if len(record.texts) > _WIDEST:
            raise ReviewError(
                "Line {line} has more than {most:,} cells: it is no table that a spreadsheet holds.",
                line=line,
                most=_WIDEST,
            )
        if at >= size:
            break
        if text[at] == delimiter:
            at += 1
            continue
        record.end = at
        yield record
        at += 2 if text.startswith("\r\n", at) else 1
        line += 1
        record = Record()
        if at >= size:
            return
    record.end = at
    yield record


def _count_lines(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def splice(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """The text with changes (start, end, instead), whatever their order; none may overlap."""
    parts: list[str] = []
    at = 0
    for start, end, instead in sorted(changes, key=lambda change: change[:2]):
        parts += (text[at:start], instead)
        at = end
    return "".join([*parts, text[at:]])
