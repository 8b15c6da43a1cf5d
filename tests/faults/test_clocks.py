"""Processes that share a database need not agree on the time to the second."""

from __future__ import annotations

import aiohttp
from faults.conftest import Start
from faults.inbox import wait_until_done
from faults.slack import TakingSlack, delivering, make_questions

COUNT = 150


async def test_clocks_half_a_minute_apart_do_no_harm(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, postgresql: str
) -> None:
    """Of two processes one takes questions in; the other, half a minute ahead, answers none that the first holds."""
    holding = await start(postgresql)
    await start(postgresql, clock_ahead=30.0)
    slack.delay = 5.0
    async with delivering(session, [holding.address], make_questions(COUNT)):
        pass
    await wait_until_done(postgresql, COUNT)
    assert len(slack.answers) == slack.answers.total() == COUNT
