"""What comes in while the database is gone is answered when it is back, and once; memory stays bounded meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing

import aiohttp
import pytest
from fakes.waiting import wait_until
from faults.conftest import Start
from faults.inbox import wait_until_done
from faults.process import ServiceProcess
from faults.slack import TakingSlack, delivering, make_questions

from bench.postgresql import Server
from bot.records.inbox import LEASE

COUNT = 1800
RATE = 150
SECONDS = 10

# Seconds: shorter than the database is gone, so that nobody can renew in time what it holds.
SHORT = 6.0

# Bytes that a process may grow by, whatever waits for the database.
ROOM = 64 * 2**20

Away = Callable[[Server], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def stopped(server: Server) -> AsyncIterator[None]:
    """Connections are closed, and new ones refused."""
    await asyncio.to_thread(server.stop)
    try:
        yield
    finally:
        await asyncio.to_thread(server.start)


@asynccontextmanager
async def frozen(server: Server) -> AsyncIterator[None]:
    """Connections stay open, or are opened, and nothing comes back."""
    await asyncio.to_thread(server.freeze)
    try:
        yield
    finally:
        await asyncio.to_thread(server.thaw)


@asynccontextmanager
async def locked(database: str) -> AsyncIterator[None]:
    """Another process writes for long; SQLite has one writer at a time."""
    with closing(sqlite3.connect(database.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


async def ask_meanwhile(
    away: AbstractAsyncContextManager[None],
    slack: TakingSlack,
    session: aiohttp.ClientSession,
    database: str,
    *processes: ServiceProcess,
) -> None:
    """Deliver questions, keep the database away in their middle, and see that each is answered once."""
    slack.delay = 0.2
    questions = make_questions(COUNT)
    async with (
        processes[0].watch_memory() as samples,
        delivering(session, [each.address for each in processes], questions, rate=RATE) as deliveries,
    ):
        await slack.wait_for(20)
        held = processes[0].resident()
        async with away:
            await asyncio.sleep(SECONDS)
            # More comes in than may wait.
            await wait_until(lambda: deliveries.statuses[503])
    await wait_until_done(database, COUNT)
    print("STATUSES", deliveries.statuses)
    assert slack.answers.keys() == {question["ts"] for question in questions}
    assert max(slack.answers.values()) == 1
    assert max(samples) - held < ROOM


@pytest.mark.parametrize(("away", "lease"), [(stopped, SHORT), (frozen, LEASE)])
async def test_every_question_is_answered_once_postgresql_is_back(
    away: Away,
    lease: float,
    slack: TakingSlack,
    session: aiohttp.ClientSession,
    start: Start,
    server: Server,
    postgresql: str,
) -> None:
    """With PostgreSQL stopped or frozen, two processes keep within bounds, and then answer all once."""
    processes = [await start(postgresql, lease=lease) for _ in range(2)]
    await ask_meanwhile(away(server), slack, session, postgresql, *processes)


async def test_every_question_is_answered_once_sqlite_is_free(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """With SQLite locked by another process, the service keeps within bounds, and then answers all once."""
    await ask_meanwhile(locked(sqlite), slack, session, sqlite, await start(sqlite, lease=SHORT))
