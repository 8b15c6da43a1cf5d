"""Fifty thousand questions: what the service holds in memory at their end it held near their beginning."""

from __future__ import annotations

import asyncio
from statistics import median

import aiohttp
import pytest
from faults.conftest import Start
from faults.inbox import wait_until_done
from faults.slack import TakingSlack, delivering, make_questions

COUNT = 50_000

# Seconds: only against waiting for ever.
WITHIN = 3600

# Bytes, a few percent: caches of words that questions use fill up for long. Were two hundred bytes of every question
# kept, it would be more.
FLAT = 6 * 2**20


@pytest.mark.timeout(WITHIN + 300)
async def test_memory_is_flat_over_fifty_thousand_questions(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """Each of 50,000 questions is answered once, and in their last third memory is what it was in the first."""
    process = await start(sqlite)
    async with asyncio.timeout(WITHIN), process.watch_memory() as samples:
        async with delivering(session, [process.address], make_questions(COUNT)):
            pass
        await wait_until_done(sqlite, COUNT, WITHIN)
    assert len(slack.answers) == slack.answers.total() == COUNT
    warm = samples[len(samples) // 10 :]
    third = len(warm) // 3
    assert median(warm[-third:]) - median(warm[:third]) < FLAT
