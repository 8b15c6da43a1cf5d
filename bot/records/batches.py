"""Many small writes in one transaction: a commit costs the same for one row and for a hundred."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import BusyError, transact

Item = TypeVar("Item")
Result = TypeVar("Result")

# Items in one transaction, and of one kind that wait for the next ones: some 40 MB with the requests that brought them.
_AT_ONCE = 250
_WAITING = 1000


class _Waiting(NamedTuple):
    """An item, who writes it, and who waits for it."""

    batches: Batches[Any, Any]
    item: Any
    written: asyncio.Future[Any]


class _RefusedError(Exception):
    """The database refused one kind of items; the cause says why."""

    def __init__(self, batches: Batches[Any, Any]) -> None:
        super().__init__()
        self.batches = batches


class Ledger:
    """Writes what comes in while the last transaction is committed in the next one, all kinds of items together."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._kinds: list[Batches[Any, Any]] = []
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    def add(self, batches: Batches[Any, Any]) -> None:
        """Write this kind of items too, in a transaction after those of the kinds that were there before it.

        Always in the same order, or two processes that write the same rows could wait for each other.
        """
        self._kinds.append(batches)

    def write(self, batches: Batches[Any, Any], item: Any) -> asyncio.Future[Any]:
        """See `Batches.write`."""
        written: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(batches, item, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return written

    async def _write_all(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            kinds = {kind: [each for each in taken if each.batches is kind] for kind in self._kinds}
            await self._write_together({kind: waiting for kind, waiting in kinds.items() if waiting})

    async def _write_together(self, kinds: dict[Batches[Any, Any], list[_Waiting]]) -> None:
        """Write in one transaction; without a kind that the database refuses, in another."""
        items = [(kind, [each.item for each in waiting]) for kind, waiting in kinds.items()]
        try:
            results = await transact(self._engine, partial(_write, items))
        except _RefusedError as refused:
            _fail(kinds.pop(refused.batches), refused.__cause__ or refused)
            if kinds:
                await self._write_together(kinds)
        except Exception as error:
            _fail([each for waiting in kinds.values() for each in waiting], error)
        else:
            for waiting, given in zip(kinds.values(), results, strict=True):
                for each, result in zip(waiting, given, strict=True):
                    if not each.written.done():
                        each.written.set_result(result)


def _write(kinds: Sequence[tuple[Batches[Any, Any], Sequence[Any]]], connection: Connection) -> list[Sequence[Any]]:
    results = []
    for batches, items in kinds:
        try:
            results.append(batches.put(connection, items))
        except SQLAlchemyError as error:
            raise _RefusedError(batches) from error
    return results


def _fail(waiting: Sequence[_Waiting], error: BaseException) -> None:
    for each in waiting:
        if not each.written.done():
            each.written.set_exception(error)


class Batches(Generic[Item, Result]):
    """One kind of items, written together."""

    def __init__(self, ledger: Ledger, put: Callable[[Connection, Sequence[Item]], Sequence[Result]]) -> None:
        """Write with this function, which gives a result for each item; the ledger begins and commits."""
        self.put = put
        self._ledger = ledger
        self._waiting = 0
        self._last: asyncio.Future[Result] | None = None
        ledger.add(self)

    async def write(self, item: Item) -> Result:
        """Write an item, and return once it is committed.

        Raises:
            DATABASE_FAULTS: it is not written: the database can't be reached or refuses, or too much waits already.
        """
        if self._waiting >= _WAITING:
            raise BusyError
        self._waiting += 1
        self._last = self._ledger.write(self, item)
        try:
            return await self._last
        finally:
            self._waiting -= 1

    async def settle(self) -> None:
        """Return once every item that was given before is written, or refused."""
        if self._last:
            await asyncio.wait([self._last])
