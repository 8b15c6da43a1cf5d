"""The inbox: what came in is stored first, answered by one process at a time, and done once."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.batches import Batches
from bot.records.database import insert_into
from bot.records.models import InboxEvent

# Seconds that an event stays with the process that took it, unless that process renews its hold. The clocks of the
# machines that share a database may differ by a part of that.
LEASE = 60.0


@dataclass(frozen=True)
class Event:
    """An event that this process holds: ``key`` is its message's, ``attempts`` counts this one too."""

    id: int
    key: str
    workspace: str
    payload: dict[str, Any]
    attempts: int


def derive_key(*parts: str) -> str:
    """The key of a message from what all of its deliveries have in common, such as channel and timestamp."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


class Inbox:
    """One channel's events in the database, as one process sees them."""

    def __init__(self, engine: AsyncEngine, channel: str) -> None:
        self._engine = engine
        self._channel = channel
        self._name = uuid.uuid4().hex
        self._storing = Batches(self._store)
        self._finishing = Batches(self._finish)

    async def store(self, key: str, workspace: str, payload: dict[str, Any], *, take: bool) -> Event | None:
        """Store an event; afterwards it may be acknowledged.

        Args:
            key: see `derive_key`.
            workspace: where it comes from, by which it can be erased.
            payload: what answering it needs, as JSON can hold it.
            take: hold it at once, for this process to answer; else it is left to whoever takes it.

        Returns:
            The event if it is new and taken; None if it came in before, or is left.

        Raises:
            DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`. Nothing is stored.
        """
        now = time.time()
        row = {
            "key": key,
            "channel": self._channel,
            "workspace": workspace,
            "payload": json.dumps(payload),
            "received": now,
            "attempts": int(take),
            "taken_by": self._name if take else None,
            "due": now + LEASE if take else now,
        }
        number = await self._storing.write(row)
        return Event(number, key, workspace, payload, 1) if take and number is not None else None

    async def _store(self, rows: Sequence[dict[str, Any]]) -> list[int | None]:
        """Store rows; the number of each, None where it was stored before, or stands among these already."""
        statement = (
            insert_into(self._engine, InboxEvent)
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(InboxEvent.key, InboxEvent.id)
        )
        async with self._engine.begin() as connection:
            stored = {row.key: row.id for row in await connection.execute(statement, rows)}
        return [stored.pop(row["key"], None) for row in rows]

    async def take(self, most: int) -> list[Event]:
        """Take hold of events that nobody holds, or whose holder's lease has run out; the oldest first.

        Args:
            most: how many at most.
        """
        now = time.time()
        free = (
            select(InboxEvent.id)
            .where(InboxEvent.done.is_(None), InboxEvent.channel == self._channel, InboxEvent.due <= now)
            .order_by(InboxEvent.id)
            .limit(most)
            .with_for_update(skip_locked=True)  # SQLite, where the whole transaction holds the lock, leaves it out
        )
        statement = (
            update(InboxEvent)
            .where(InboxEvent.id.in_(free.scalar_subquery()))
            .values(taken_by=self._name, due=now + LEASE, attempts=InboxEvent.attempts + 1)
            .returning(InboxEvent.id, InboxEvent.key, InboxEvent.workspace, InboxEvent.payload, InboxEvent.attempts)
        )
        async with self._engine.begin() as connection:
            rows = (await connection.execute(statement)).all()
        return sorted(
            (Event(row.id, row.key, row.workspace, json.loads(row.payload), row.attempts) for row in rows),
            key=lambda event: event.id,
        )

    async def renew(self, held: Sequence[int]) -> None:
        """Hold these events for another lease."""
        await self._change(held, due=time.time() + LEASE)

    async def release(self, held: Sequence[int], after: float) -> None:
        """Let go of events, for any process to take after so many seconds."""
        await self._change(held, taken_by=None, due=time.time() + after)

    async def finish(self, held: int) -> None:
        """Mark an event as done, and forget what it said."""
        await self._finishing.write(held)

    async def _finish(self, held: Sequence[int]) -> Sequence[None]:
        await self._change(held, taken_by=None, payload=None, done=time.time())
        return [None] * len(held)

    async def _change(self, held: Sequence[int], **values: Any) -> None:
        statement = (
            update(InboxEvent).where(InboxEvent.id.in_(held), InboxEvent.taken_by == self._name).values(**values)
        )
        async with self._engine.begin() as connection:
            await connection.execute(statement)
