"""What the disk has no room for isn't acknowledged; the service lives on, and answers it once there is room."""

from __future__ import annotations

import asyncio
import resource

import aiohttp
from fakes.waiting import wait_until
from faults.conftest import Start
from faults.inbox import wait_until_done
from faults.slack import TakingSlack, delivering, make_questions

COUNT = 600
BEFORE = 200
RATE = 100
SECONDS = 4

# Bytes: the first page of the database. Whatever would make a file longer than that is refused, the owner's too.
QUOTA = 4096


async def test_what_a_full_disk_refused_is_answered_once_there_is_room(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """While a quota refuses every write the service says 503 and is healthy; without it, it answers everything once."""
    process = await start(sqlite)
    slack.delay = 0.1
    questions = make_questions(COUNT)
    async with delivering(session, [process.address], questions[:BEFORE], RATE):
        await slack.wait_for(COUNT // 10)
        limit_files(process.pid, QUOTA)
        async with delivering(session, [process.address], questions[BEFORE:], RATE) as deliveries:
            await asyncio.sleep(SECONDS)
            await wait_until(lambda: deliveries.statuses[503] > COUNT // 10)
            async with session.get(f"{process.address}/healthz") as response:
                assert response.status == 200
            assert len(slack.answers) <= BEFORE
            limit_files(process.pid, resource.RLIM_INFINITY)
    await wait_until_done(sqlite, COUNT)
    assert slack.answers.keys() == {question["ts"] for question in questions}
    assert max(slack.answers.values()) == 1


def limit_files(pid: int, size: int) -> None:
    """Let a process write no file beyond so many bytes."""
    _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, most))
