"""The inbox: what came in is stored first, answered by one process at a time, and done once."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.metrics import REDELIVERIES
from bot.records.batches import Batches, Ledger
from bot.records.bulk import insert_rows, is_among
from bot.records.database import transact
from bot.records.models import InboxEvent

# Seconds that an event stays with the process that took it, unless that process renews its hold. The clocks of the
# machines that share a database may differ by a part of that.
LEASE = 60.0


@dataclass(frozen=True)
class Event:
    """An event that this process holds.

    ``key`` is its message's, ``attempts`` counts this one too, ``received`` is when it came in, in seconds since 1970.
    """

    id: int
    key: str
    workspace: str
    payload: dict[str, Any]
    attempts: int
    received: float


def derive_key(*parts: str) -> str:
    """The key of a message from what all of its deliveries have in common, such as channel and timestamp."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


_ROW = ("key", "channel", "workspace", "payload", "received", "attempts", "taken_by", "due")

_Row = dict[str, Any]


class Inbox:
    """One channel's events in the database, as one process sees them; ``channel`` is its kind (``slack``)."""

    def __init__(self, engine: AsyncEngine, channel: str, ledger: Ledger | None = None) -> None:
        """Keep events of a kind of channel, written together with what else goes into the ledger."""
        self.channel = channel
        self._engine = engine
        self._name = uuid.uuid4().hex
        ledger = ledger or Ledger(engine)
        self._storing = Batches(ledger, self._store)
        self._finishing = Batches(ledger, self._finish)
        self._insert = (
            insert_rows(engine, InboxEvent, _ROW)
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(InboxEvent.key, InboxEvent.id)
        )
        self._held = is_among(engine, InboxEvent.id, "held") & (InboxEvent.taken_by == self._name)
        self._end = update(InboxEvent).where(self._held).values(taken_by=None, payload=None, done=bindparam("at"))

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
            "channel": self.channel,
            "workspace": workspace,
            "payload": json.dumps(payload),
            "received": now,
            "attempts": int(take),
            "taken_by": self._name if take else None,
            "due": now + LEASE if take else now,
        }
        number = await self._storing.write(row)
        if number is None:
            REDELIVERIES.labels(self.channel).inc()
            return None
        return Event(number, key, workspace, payload, 1, now) if take else None

    def _store(self, connection: Connection, rows: Sequence[_Row]) -> list[int | None]:
        """Store rows; the number of each, None where it was stored before, or stands among these already."""
        # By key, or two processes that are delivered the same events could wait for each other.
        given = {"rows": sorted(rows, key=lambda row: row["key"])}
        stored = {row.key: row.id for row in connection.execute(self._insert, given)}
        return [stored.pop(row["key"], None) for row in rows]

    async def take(self, most: int) -> list[Event]:
        """Take hold of events that nobody holds, or whose holder's lease has run out; the oldest first.

        Args:
            most: how many at most.
        """
        now = time.time()
        free = (
            select(InboxEvent.id)
            .where(InboxEvent.done.is_(None), InboxEvent.channel == self.channel, InboxEvent.due <= now)
            .order_by(InboxEvent.id)
            .limit(most)
            .with_for_update(skip_locked=True)  # SQLite, where the whole transaction holds the lock, leaves it out
        )
        event = InboxEvent
        statement = (
            update(InboxEvent)
            .where(InboxEvent.id.in_(free.scalar_subquery()))
            .values(taken_by=self._name, due=now + LEASE, attempts=InboxEvent.attempts + 1)
            .returning(event.id, event.key, event.workspace, event.payload, event.attempts, event.received)
        )
        rows = await transact(self._engine, lambda connection: connection.execute(statement).all())
        taken = (
            Event(row.id, row.key, row.workspace, json.loads(row.payload), row.attempts, row.received) for row in rows
        )
        return sorted(taken, key=lambda event: event.id)

    async def renew(self, held: Sequence[int]) -> None:
        """Hold these events for another lease."""
        await self._change(held, due=time.time() + LEASE)

    async def release(self, held: Sequence[int], after: float) -> None:
        """Let go of events, for any process to take after so many seconds."""
        await self._change(held, taken_by=None, due=time.time() + after)

    async def finish(self, held: int) -> None:
        """Mark an event as done, and forget what it said."""
        await self._finishing.write(held)

    def _finish(self, connection: Connection, held: Sequence[int]) -> Sequence[None]:
        connection.execute(self._end, {"held": list(held), "at": time.time()})
        return [None] * len(held)

    async def _change(self, held: Sequence[int], **values: Any) -> None:
        statement = update(InboxEvent).where(self._held).values(**values)
        await transact(self._engine, lambda connection: connection.execute(statement, {"held": list(held)}))
