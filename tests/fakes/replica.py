"""One process among several on the same records: ``python replica.py migrate|take|hold ADDRESS``."""

from __future__ import annotations

import asyncio
import sys

from bot.records.database import open_database
from bot.records.inbox import Inbox
from bot.records.migrate import is_current, migrate


async def run(verb: str, address: str) -> None:
    """Do one thing, and print a line on it.

    ``migrate`` migrates; ``take`` takes events one by one until there are none, marks each as done and prints its key;
    ``hold`` takes one event, prints its key and waits to be killed.
    """
    engine = open_database(address)
    if verb == "migrate":
        await migrate(engine)
        print(await is_current(engine))
    inbox = Inbox(engine, "slack")
    if verb == "hold":
        [event] = await inbox.take(1)
        print(event.key, flush=True)
        await asyncio.Event().wait()
    if verb == "take":
        while events := await inbox.take(3):
            for event in events:
                print(event.key)
                await inbox.finish(event.id)
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
