"""Told to stop, the service ends in time whatever holds it up, and leaves the rest to the next start."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

import aiohttp
import pytest
from faults.conftest import Start
from faults.inbox import find_held, wait_until_done
from faults.process import ServiceProcess
from faults.slack import TakingSlack, delivering, make_questions
from faults.test_database_gone import frozen, locked
from sqlalchemy import select

from bench.postgresql import Server
from bot.records.database import open_database
from bot.records.models import InboxEvent

# Seconds: the service's own limit and as much for a busy machine; a lease short enough to wait for.
STOP_WITHIN = 20
LEASE = 3.0


async def terminate(process: ServiceProcess) -> int | None:
    """End a process as an orchestrator does; its exit status."""
    async with asyncio.timeout(STOP_WITHIN):
        return await process.stop()


async def wait_for_posts(slack: TakingSlack, count: int) -> None:
    """Return once so many posts are under way, or were."""
    async with asyncio.timeout(60):
        while True:
            if slack.posts.total() >= count:
                return
            await asyncio.sleep(0.05)


async def read_inbox(database: str) -> list[tuple[bool, str | None]]:
    """For each event whether it is done, and who holds it."""
    engine = open_database(database)
    async with engine.connect() as connection:
        rows = (await connection.execute(select(InboxEvent.done, InboxEvent.taken_by))).all()
    await engine.dispose()
    return [(row.done is not None, row.taken_by) for row in rows]


async def test_an_answer_that_is_held_up_is_left_to_the_next_start(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """While Slack takes no answer a stop ends with status 0, the event open and free; the next start answers it."""
    process = await start(sqlite)
    slack.fault = "hang"
    [question] = make_questions(1)
    async with delivering(session, [process.address], [question]):
        await wait_for_posts(slack, 1)
    assert question["ts"] in await find_held(sqlite)
    assert await terminate(process) == 0
    assert await read_inbox(sqlite) == [(False, None)]
    slack.fault = None
    await process.start()
    await wait_until_done(sqlite, 1)
    assert slack.answers == {question["ts"]: 1}


async def test_what_is_under_way_is_finished(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """Answers that Slack takes within seconds are given before the end, and their events are done."""
    process = await start(sqlite)
    slack.delay = 1.0
    async with delivering(session, [process.address], make_questions(20)):
        await wait_for_posts(slack, 20)
    assert await terminate(process) == 0
    assert await read_inbox(sqlite) == [(True, None)] * 20
    assert set(slack.answers.values()) == {1}


@pytest.mark.parametrize("request_", [b"", b"POST /slack/events HTTP/1.1\r\nHost: any\r\nContent-Length: 9\r\n\r\n{"])
async def test_a_client_that_does_not_go_on_does_not_hold_up_a_stop(start: Start, sqlite: str, request_: bytes) -> None:
    """A connection that waits, or a body that is still coming, is given up in time."""
    process = await start(sqlite)
    address = urlsplit(process.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request_)
    await writer.drain()
    assert await terminate(process) == 0
    assert await reader.read() == b""
    writer.close()


async def stop_while(
    hanging: AbstractAsyncContextManager[None],
    slack: TakingSlack,
    session: aiohttp.ClientSession,
    database: str,
    process: ServiceProcess,
) -> None:
    """Stop a process while the database hangs, start it again after, and see that every question is answered."""
    slack.delay = 0.5
    questions = make_questions(50)
    async with delivering(session, [process.address], questions, rate=100):
        await slack.wait_for(1)
        async with hanging:
            assert await terminate(process) == 0
        await process.start()
    await wait_until_done(database, 50)
    assert slack.answers.keys() == {question["ts"] for question in questions}


async def test_a_postgresql_that_hangs_does_not_hold_up_a_stop(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, server: Server, postgresql: str
) -> None:
    """While PostgreSQL is there and does nothing a stop ends with status 0; the next start answers what was left."""
    await stop_while(frozen(server), slack, session, postgresql, await start(postgresql, lease=LEASE))


async def test_a_locked_sqlite_does_not_hold_up_a_stop(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """While another program holds SQLite's lock a stop ends with status 0; the next start answers what was left."""
    await stop_while(locked(sqlite), slack, session, sqlite, await start(sqlite, lease=LEASE))
