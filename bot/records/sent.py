"""Which message holds which answer, for chats that tell of feedback by the message alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.batches import Batches, Ledger
from bot.records.bulk import insert_rows
from bot.records.database import transact
from bot.records.models import SentMessage

_ROW = ("message", "answer", "workspace", "at")


class SentMessages:
    """Remembers messages by keys of `bot.records.inbox.derive_key`."""

    def __init__(self, engine: AsyncEngine, ledger: Ledger | None = None) -> None:
        """Remember them in a database, written together with what else goes into the ledger."""
        self._engine = engine
        self._noting = Batches(ledger or Ledger(engine), self._note)
        self._insert = insert_rows(engine, SentMessage, _ROW).on_conflict_do_nothing(index_elements=["message"])

    async def note(self, message: str, answer: str, workspace: str) -> None:
        """Remember that a message holds an answer.

        Raises:
            DATABASE_FAULTS: it is not remembered; see `bot.records.database`.
        """
        await self._noting.write({"message": message, "answer": answer, "workspace": workspace, "at": time.time()})

    def _note(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> Sequence[None]:
        # By message, or two processes that note the same ones could wait for each other.
        connection.execute(self._insert, {"rows": sorted(rows, key=lambda row: row["message"])})
        return [None] * len(rows)

    async def claim(self, message: str, holder: str, workspace: str) -> bool:
        """Whether a message that may be sent once is this holder's to send; raises as `note`."""
        await self.note(message, holder, workspace)
        return await self.find(message) == holder

    async def forget(self, message: str) -> None:
        """Forget a message, which may be claimed again; raises as `note`."""
        statement = delete(SentMessage).where(SentMessage.message == message)
        await transact(self._engine, lambda connection: connection.execute(statement))

    async def find(self, message: str) -> str | None:
        """The id of the answer that a message holds; None where none is known.

        Raises:
            DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
        """
        statement = select(SentMessage.answer).where(SentMessage.message == message)
        return await transact(self._engine, lambda connection: connection.execute(statement).scalar_one_or_none())
