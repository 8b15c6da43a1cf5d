"""Many small writes in one transaction: a commit costs the same for one row and for a hundred."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Rows in one transaction: PostgreSQL takes 32,767 values in a statement.
_AT_ONCE = 100

# Items that wait for the next transactions: some 40 MB with the requests that brought them.
_WAITING = 1000


class BusyError(Exception):
    """So much waits to be written already that memory would not hold more: the database is away, or too slow."""


class Batches(Generic[Item, Result]):
    """Writes what comes in while the last transaction is committed in the next one, all together."""

    def __init__(self, write: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]) -> None:
        """Write with this function, which takes items and gives a result for each, or raises for all of them."""
        self._write = write
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, item: Item) -> Result:
        """Write an item, and return once it is committed.

        Raises:
            BusyError: a thousand items wait already.
            Exception: what the writing of its batch raised.
        """
        if len(self._waiting) >= _WAITING:
            raise BusyError
        written: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await written

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                results = await self._write([item for item, _ in batch])
            except Exception as error:
                for _, written in batch:
                    if not written.done():
                        written.set_exception(error)
            else:
                for (_, written), result in zip(batch, results, strict=True):
                    if not written.done():
                        written.set_result(result)
