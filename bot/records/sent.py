"""Which message holds which answer, for chats that tell of feedback by the message alone."""

from __future__ import annotations

import time

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import insert_into
from bot.records.models import SentMessage


class SentMessages:
    """Remembers messages by keys of `bot.records.inbox.derive_key`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def note(self, message: str, answer: str, workspace: str) -> None:
        """Remember that a message holds an answer.

        Raises:
            DATABASE_FAULTS: it is not remembered; see `bot.records.database`.
        """
        row = {"message": message, "answer": answer, "workspace": workspace, "at": time.time()}
        statement = insert_into(self._engine, SentMessage).values(**row)
        async with self._engine.begin() as connection:
            await connection.execute(statement.on_conflict_do_nothing(index_elements=["message"]))

    async def claim(self, message: str, holder: str, workspace: str) -> bool:
        """Whether a message that may be sent once is this holder's to send; raises as `note`."""
        await self.note(message, holder, workspace)
        return await self.find(message) == holder

    async def forget(self, message: str) -> None:
        """Forget a message, which may be claimed again; raises as `note`."""
        async with self._engine.begin() as connection:
            await connection.execute(delete(SentMessage).where(SentMessage.message == message))

    async def find(self, message: str) -> str | None:
        """The id of the answer that a message holds; None where none is known.

        Raises:
            DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
        """
        statement = select(SentMessage.answer).where(SentMessage.message == message)
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).scalar_one_or_none()
