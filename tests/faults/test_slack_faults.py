"""Slack's faults are waited out: each question is answered once when they are over, and memory stays bounded."""

from __future__ import annotations

import asyncio
import time
from typing import get_args

import aiohttp
import pytest
from faults.conftest import Start
from faults.inbox import wait_until_done
from faults.slack import Fault, TakingSlack, delivering, make_questions

COUNT = 600
SECONDS = 3

# Bytes that the service may grow by, whatever waits for Slack.
ROOM = 48 * 2**20


@pytest.mark.parametrize("fault", get_args(Fault))
async def test_every_question_is_answered_once_slack_takes_answers(
    fault: Fault, slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """Of questions that come in while Slack fails none is lost, and none answered twice, unless Slack lost its word."""
    process = await start(sqlite)
    questions = make_questions(COUNT)
    async with process.watch_memory() as samples, delivering(session, [process.address], questions):
        await slack.wait_for(20)
        held = process.resident()
        slack.fault = fault
        began = time.monotonic()
        await asyncio.sleep(SECONDS)
        slack.fault = None
        lasted = time.monotonic() - began
    await wait_until_done(sqlite, COUNT)
    assert max(slack.posts.values()) > 1
    assert slack.answers.keys() == {question["ts"] for question in questions}
    if fault == "lost acknowledgement":
        assert slack.answers == slack.posts
    else:
        assert max(slack.answers.values()) == 1
    if fault == "rate limit":  # the second that Slack asks for is waited
        assert max(slack.posts.values()) <= lasted + 2
    assert max(samples) - held < ROOM


async def test_a_slow_answer_of_slacks_is_waited_for(
    slack: TakingSlack, session: aiohttp.ClientSession, start: Start, sqlite: str
) -> None:
    """What Slack takes within its ten seconds is not sent again, however late it says so."""
    process = await start(sqlite, lease=3.0)
    slack.delay = 7.0
    questions = make_questions(50)
    async with delivering(session, [process.address], questions):
        pass
    await wait_until_done(sqlite, len(questions))
    assert slack.answers == {question["ts"]: 1 for question in questions}
