"""Sessions of browsers that were signed out: known in every process, until they would be over by themselves."""

from __future__ import annotations

import time

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import insert_into, transact
from bot.records.models import EndedSession

SESSIONS_LAST = 12 * 60 * 60
"""Seconds for which a session is good: a day's work. An ended one is remembered for as long."""


class EndedSessions:
    """The ended sessions in the database. Every method raises DATABASE_FAULTS where that can't be used."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def end(self, session: str) -> None:
        """End a session, by its id, for good."""
        row = insert_into(self._engine, EndedSession).values(id=session, at=time.time())
        statement = row.on_conflict_do_nothing(index_elements=["id"])
        await transact(self._engine, lambda connection: connection.execute(statement))

    async def has_ended(self, session: str) -> bool:
        """Whether a session was ended."""
        statement = select(EndedSession.id).where(EndedSession.id == session)
        found = await transact(self._engine, lambda connection: connection.execute(statement).one_or_none())
        return found is not None
