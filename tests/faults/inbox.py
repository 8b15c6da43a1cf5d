"""What the inbox holds, read by the test beside the service."""

from __future__ import annotations

import asyncio
import json

from sqlalchemy import func, select

from bot.records.database import open_database
from bot.records.models import InboxEvent


async def find_held(database: str) -> dict[str, str]:
    """The threads whose questions are being answered, each with the name of the process that does."""
    engine = open_database(database)
    held = InboxEvent.done.is_(None), InboxEvent.taken_by.is_not(None)
    async with engine.connect() as connection:
        rows = (await connection.execute(select(InboxEvent.payload, InboxEvent.taken_by).where(*held))).all()
    await engine.dispose()
    return {json.loads(row.payload)["thread"]: row.taken_by for row in rows}


async def wait_until_done(database: str, count: int, within: float = 180) -> None:
    """Return once so many events are done and none is left; TimeoutError after so many seconds."""
    engine = open_database(database)
    async with asyncio.timeout(within):
        while True:
            async with engine.connect() as connection:
                total, done = (await connection.execute(select(func.count(), func.count(InboxEvent.done)))).one()
            if total == done == count:
                break
            await asyncio.sleep(0.1)
    await engine.dispose()
