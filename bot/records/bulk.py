"""Statements on many rows at a time that read the same, and are prepared once, however many rows there are.

The rows are one parameter, as JSON: drivers and SQLAlchemy take far longer over thousands of parameters than a
database over JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, JSON, ColumnElement, Integer, any_, bindparam, column, func, select, true
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import insert_into


def insert_rows(engine: AsyncEngine, table: Any, names: Sequence[str]) -> Any:
    """An INSERT as `insert_into` gives it, of the rows bound to ``rows``: dictionaries with a value for each name."""
    rows = bindparam("rows", type_=JSON)
    if engine.dialect.name == "sqlite":
        given = func.json_each(rows).table_valued("value")
        # The condition keeps SQLite from reading ON CONFLICT as part of the FROM.
        found = select(*(func.json_extract(given.c.value, f"$.{name}") for name in names)).where(true())
    else:
        columns = (column(name, getattr(table, name).type) for name in names)
        found = select(*func.json_to_recordset(rows).table_valued(*columns).render_derived(with_types=True).c)
    return insert_into(engine, table).from_select(names, found)


def is_among(engine: AsyncEngine, numbers: Any, name: str) -> ColumnElement[bool]:
    """Whether a column's number is in the list that is bound to a name."""
    if engine.dialect.name == "sqlite":
        given = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
        found: ColumnElement[bool] = numbers.in_(select(given.c.value))
    else:
        found = numbers == any_(bindparam(name, type_=ARRAY(Integer)))
    return found
