"""The ledger: what comes in together is written together, and what the database refuses takes nothing along."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import batches as module
from bot.records.batches import Batches, Ledger
from bot.records.database import BusyError
from bot.records.models import Key


class Keys:
    """Writes names into a table, and keeps which were written together."""

    def __init__(self, ledger: Ledger, prefix: str) -> None:
        self.together: list[list[str]] = []
        self._prefix = prefix
        self.batches = Batches(ledger, self._put)

    def _put(self, connection: Connection, names: Sequence[str]) -> list[str]:
        self.together.append(list(names))
        connection.execute(insert(Key), [{"name": self._prefix + name, "value": name} for name in names])
        return [name.upper() for name in names]


async def read_names(engine: AsyncEngine) -> list[str]:
    """What is written."""
    async with engine.connect() as connection:
        return sorted((await connection.execute(select(Key.name))).scalars())


async def test_what_comes_in_meanwhile_is_written_together(engine: AsyncEngine) -> None:
    """The first item is written at once; those that come meanwhile share a transaction, each with its result."""
    ledger = Ledger(engine)
    some, others = Keys(ledger, "some "), Keys(ledger, "other ")
    first = asyncio.create_task(some.batches.write("a"))
    await asyncio.sleep(0)
    rest = [keys.batches.write(name) for name in "bcd" for keys in (some, others)]
    assert await asyncio.gather(first, *rest) == ["A", "B", "B", "C", "C", "D", "D"]
    assert (some.together, others.together) == ([["a"], ["b", "c", "d"]], [["b", "c", "d"]])
    assert len(await read_names(engine)) == 7


async def test_what_is_refused_takes_nothing_along(engine: AsyncEngine) -> None:
    """Of two kinds that are written together one is refused: its writers are told, the other's items are there."""
    ledger = Ledger(engine)
    good, bad = Keys(ledger, "good "), Keys(ledger, "bad ")
    await bad.batches.write("a")
    written = await asyncio.gather(
        *(keys.batches.write(name) for name in "ab" for keys in (bad, good)), return_exceptions=True
    )
    assert [isinstance(each, SQLAlchemyError) for each in written] == [True, False, True, False]
    assert await read_names(engine) == ["bad a", "good a", "good b"]


async def test_a_database_that_is_away_is_told_to_all(engine: AsyncEngine) -> None:
    """Where nothing can be written every writer hears of it, and later items are written again."""
    ledger = Ledger(engine)
    keys, others = Keys(ledger, "some "), Keys(ledger, "other ")
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE keys RENAME TO away"))
    written = await asyncio.gather(keys.batches.write("a"), others.batches.write("b"), return_exceptions=True)
    assert all(isinstance(each, SQLAlchemyError) for each in written)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO keys"))
    assert await keys.batches.write("c") == "C"
    assert await read_names(engine) == ["some c"]


async def test_only_so_much_waits(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past the limit an item is refused at once; another kind still has room."""
    monkeypatch.setattr(module, "_WAITING", 2)
    ledger = Ledger(engine)
    some, others = Keys(ledger, "some "), Keys(ledger, "other ")
    waiting = [asyncio.create_task(some.batches.write(name)) for name in "ab"]
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await some.batches.write("c")
    assert await others.batches.write("c") == "C"
    assert await asyncio.gather(*waiting) == ["A", "B"]
    assert await some.batches.write("c") == "C"


async def test_a_large_batch_is_split(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction holds so many items at most."""
    monkeypatch.setattr(module, "_AT_ONCE", 4)
    keys = Keys(Ledger(engine), "")
    await asyncio.gather(*(keys.batches.write(f"{number:02}") for number in range(11)))
    assert [len(names) for names in keys.together] == [4, 4, 3]
    assert len(await read_names(engine)) == 11
