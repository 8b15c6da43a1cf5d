"""Killed outright in the middle of its work, the service loses no question, and repeats only what was in flight."""

from __future__ import annotations

import asyncio

import aiohttp
from faults.conftest import Start
from faults.inbox import find_held, wait_until_done
from faults.slack import TakingSlack, delivering, make_questions

COUNT = 2000

# Seconds; of two replicas long enough that neither misses to renew what it holds, whatever else the machine does.
LEASE = 3.0
REPLICAS_LEASE = 10.0


def answered_twice(slack: TakingSlack) -> set[str]:
    """The threads with more than one answer."""
    return {thread for thread, answers in slack.answers.items() if answers > 1}


async def test_a_killed_process_goes_on_where_it_was(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """Of 2,000 questions every one is answered after a kill and a start; twice only those in flight at the kill."""
    process = await start(sqlite, lease=LEASE)
    slack.delay = 0.1
    questions = make_questions(COUNT)
    async with delivering(session, [process.address], questions):
        await slack.wait_for(COUNT // 3)
        await process.kill()
        in_flight = await find_held(sqlite)
        assert 0 < len(in_flight) <= 100
        assert len(slack.answers) < COUNT * 2 // 3
        await process.start()
    await wait_until_done(sqlite, COUNT)
    assert slack.answers.keys() == {question["ts"] for question in questions}
    assert answered_twice(slack) <= in_flight.keys()
    assert max(slack.answers.values()) <= 2


async def find_left(database: str, held: dict[str, str]) -> set[str]:
    """Of the threads that processes held those of the one that lets go of none, once no other holds any."""
    async with asyncio.timeout(REPLICAS_LEASE):
        while True:
            later = await find_held(database)
            left = {thread for thread, name in held.items() if later.get(thread) == name}
            if len({held[thread] for thread in left}) <= 1:
                return left
            await asyncio.sleep(0.05)


async def test_a_killed_replica_leaves_its_questions_to_the_other(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, postgresql: str
) -> None:
    """Of two processes on PostgreSQL one is killed; the other answers all, twice only what the first had in flight."""
    killed = await start(postgresql, lease=REPLICAS_LEASE)
    other = await start(postgresql, lease=REPLICAS_LEASE)
    slack.delay = 0.1
    questions = make_questions(COUNT)
    async with delivering(session, [killed.address, other.address], questions):
        await slack.wait_for(COUNT // 3)
        await killed.kill()
        in_flight = await find_left(postgresql, await find_held(postgresql))
        assert 0 < len(in_flight) <= 100
    await wait_until_done(postgresql, COUNT)
    assert slack.answers.keys() == {question["ts"] for question in questions}
    assert answered_twice(slack) <= in_flight
    assert max(slack.answers.values()) <= 2
