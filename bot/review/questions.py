"""Which rows below a header are questions, and which are headings of sections, totals, notes or blank. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.review.headings import is_asking, is_like, is_none, name_kind

# Of a section's heading, in characters: "Business continuity and disaster recovery (BCR)".
_LONGEST_SECTION = 80


def list_rows(
    grid: Sequence[Sequence[str]],
    below: range,
    question: int,
    names: Mapping[int, str],
    ours: Mapping[str, int],
    dropdowns: Mapping[tuple[int, int], object],
    *,
    strict: bool,
) -> tuple[int, ...]:
    """The rows that are questions.

    Args:
        grid: the texts.
        below: the rows below the header, or all.
        question: the column of the questions.
        names: the headings by column.
        ours: the columns that Clausebot added; where it wrote a status, the row is a question.
        dropdowns: where a dropdown stands.
        strict: there is no header: only what reads like a question is one.
    """
    texts: dict[int, str] = {}
    for row in below:
        cells = grid[row]
        text = cells[question].strip() if question < len(cells) else ""
        if text and not is_none(text):
            texts[row] = text
    status = ours.get("status")
    known = {row for row in texts if status is not None and status < len(grid[row]) and grid[row][status].strip()}
    if strict:
        return tuple(row for row, text in texts.items() if row in known or is_like(text))
    likely = {row: is_like(text) for row, text in texts.items()}
    apart = {question, *ours.values()}
    alone = {row: _is_alone(grid[row], apart) for row in texts}
    ids = [column for column, name in names.items() if name_kind(name) == "id" and column != question]
    offered = {row for row, column in dropdowns if column != question} & texts.keys()
    asked: list[int] = []
    # Where short texts are the rule ("Encryption at rest"), a short one is no heading.
    wordy = 2 * sum(likely.values()) >= len(texts)
    order = list(texts)
    for number, row in enumerate(order):
        text = texts[row]
        if row in known:
            pass
        elif not likely[row] and len(text) <= _LONGEST_SECTION:
            later = order[number + 1] if number + 1 < len(order) else None
            if offered and row not in offered:
                continue
            if alone[row] and (wordy or (not all(alone.values()) and not offered)):
                continue
            if later is not None and any(_is_above(grid, row, later, column) for column in ids):
                continue
        elif alone[row] and text.isupper() and not is_asking(text) and len(text) <= _LONGEST_SECTION:
            continue
        asked.append(row)
    return tuple(asked)


def _is_alone(cells: Sequence[str], apart: set[int]) -> bool:
    """Whether nothing else stands in a row."""
    return not any(cell and not cell.isspace() for column, cell in enumerate(cells) if column not in apart)


def _is_above(grid: Sequence[Sequence[str]], row: int, later: int, column: int) -> bool:
    """Whether a row's number is that of the section in which the next row stands: 1 above 1.1, A above A-01."""
    one, other = (grid[at][column].strip() if column < len(grid[at]) else "" for at in (row, later))
    one = one.rstrip(".) ")
    if not one or len(other) <= len(one) or not other.startswith(one):
        return False
    return not other[len(one)].isalnum() or (one[-1].isalpha() and other[len(one)].isdigit())
