"""Slack and the inbox: stored before acknowledged, answered once across starts, kills and processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import aiohttp
import pytest
from fakes import slack_replica
from fakes.service import Service, serve
from fakes.slack import BOT_TOKEN, FakeSlack
from fakes.slack_requests import SIGNING_SECRET, SlackSender, event_callback, mention, slash_command
from sqlalchemy import select, text

from bot.records.models import AnswerRecord, InboxEvent
from bot.settings import Settings

QUESTION = "who handles backups under GL8 5.1(c)?"


async def test_what_cannot_be_stored_is_not_acknowledged(service: Service) -> None:
    """Where the database refuses, Slack is told so, delivers again, and the question is answered then."""
    event = mention(QUESTION)
    async with service.records.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE inbox RENAME TO away"))
    assert (await service.slack.event(event, "Ev0SAME")).status == 503
    assert (await service.slack.command(slash_command("", service.fake.response_url()))).status == 503
    async with service.records.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO inbox"))
    assert (await service.slack.event(event, "Ev0SAME")).status == 200
    await service.fake.wait_for(1)
    assert service.answerer.questions == [QUESTION]


async def test_what_cannot_be_stored_is_not_acknowledged_over_socket_mode(socket_service: Service) -> None:
    """Over Socket Mode an event that the database refuses stays without its acknowledgement."""
    async with socket_service.records.engine.begin() as connection:
        await connection.execute(text("DROP TABLE inbox"))
    with pytest.raises(TimeoutError):
        await socket_service.fake.deliver("events_api", event_callback(mention(QUESTION)))


async def test_an_answer_that_slack_refused_for_long_is_sent_by_the_next_start(
    http_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that was open when the service stopped is answered, once, after it starts again."""
    monkeypatch.setattr("bot.slack.app._FINISH_WITHIN", 0.1)
    event = mention(QUESTION)
    fake.mishaps["chat.postMessage"].append("hang")
    async with serve(http_settings, fake) as service:
        await service.slack.event(event)
    assert fake.messages == []
    async with serve(http_settings, fake) as service:
        await fake.wait_for(1)
        await service.slack.event(event)
        await service.slack.event(mention("another"))
        await fake.wait_for(2)
        assert service.answerer.questions == [QUESTION, "another"]
        assert fake.messages[0].payload["thread_ts"] == event["ts"]


async def test_a_fault_of_slacks_that_outlasts_its_retries_is_waited_out(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When Slack fails more often than the SDK tries, the answer is sent later, once."""
    monkeypatch.setattr("bot.records.worker._LOOK_EVERY", 0.05)
    service.fake.mishaps["chat.postMessage"].extend(["close"] * 2 + ["rate limit"] * 4)
    await service.slack.event(mention(QUESTION))
    await service.fake.wait_for(1)
    assert service.fake.calls.count("chat.postMessage") == 7


async def test_an_answer_is_recorded_and_the_question_forgotten(service: Service) -> None:
    """After the answer the records hold how it was answered; the question's words are nowhere in the database."""
    await service.slack.event(mention(QUESTION))
    await service.slack.command(slash_command(QUESTION, service.fake.response_url()))
    await service.fake.wait_for(2)
    await service.runner.cleanup()
    async with service.records.engine.connect() as connection:
        answers = (await connection.execute(select(*AnswerRecord.__table__.columns))).mappings().all()
        events = (await connection.execute(select(InboxEvent.payload, InboxEvent.done))).all()
    assert [(row["channel"], row["workspace"], row["question"]) for row in answers] == [("slack", "T0TEAM", None)] * 2
    assert len({row["asker"] for row in answers}) == 1
    assert [event.payload for event in events] == [None, None]
    assert all(event.done for event in events)


async def test_an_answer_whose_record_fails_is_sent(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """The asker gets the answer even where it can't be recorded; the log says so without the question."""
    async with service.records.engine.begin() as connection:
        await connection.execute(text("DROP TABLE answers"))
    await service.slack.event(mention(QUESTION))
    await service.fake.wait_for(1)
    assert "An answer was not recorded: OperationalError" in caplog.text
    assert QUESTION not in caplog.text


async def start_replica(fake: FakeSlack) -> tuple[asyncio.subprocess.Process, str]:
    """A service of its own process on this test's database, with leases of three seconds; and its address."""
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "tests")])
    variables = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_SIGNING_SECRET": SIGNING_SECRET, "PYTHONPATH": paths}
    process = await asyncio.create_subprocess_exec(
        sys.executable, slack_replica.__file__, fake.api_url, env=os.environ | variables, stdout=-1
    )
    assert process.stdout
    port = await asyncio.wait_for(process.stdout.readline(), 60)
    return process, f"http://127.0.0.1:{int(port)}/slack/events"


async def test_a_killed_process_leaves_its_questions_to_another(fake: FakeSlack) -> None:
    """Of two processes one is killed while Slack holds up its answers; the other sends each of them once."""
    killed, first = await start_replica(fake)
    other, second = await start_replica(fake)
    try:
        fake.mishaps["chat.postMessage"].extend(["hang"] * 20)
        async with aiohttp.ClientSession() as session:
            events = [mention(f"question {number}") for number in range(20)]
            for event in events:
                assert (await SlackSender(session, first).event(event)).status == 200
            async with asyncio.timeout(10):
                while fake.calls.count("chat.postMessage") < 20:  # noqa: ASYNC110 - the fake tells of messages only
                    await asyncio.sleep(0.01)
            killed.kill()
            for event in events[:5]:
                assert (await SlackSender(session, second).event(event)).status == 200
            await fake.wait_for(20)
            threads = sorted(sent.payload["thread_ts"] for sent in fake.messages)
            assert threads == sorted(event["ts"] for event in events)
            assert "question" not in json.dumps([sent.payload.get("text") for sent in fake.messages])
    finally:
        for process in (killed, other):
            if process.returncode is None:
                process.kill()
            await process.communicate()
