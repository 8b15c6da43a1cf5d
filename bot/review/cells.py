"""The text of a table's cell. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def read_cell(row: Sequence[str], column: int | None) -> str:
    """What stands in a row's column, without the blanks around it; empty where the row has none, or no column is."""
    return row[column].strip() if column is not None and column < len(row) else ""
