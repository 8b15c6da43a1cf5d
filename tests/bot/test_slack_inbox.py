"""Slack and the inbox: stored before acknowledged, answered once across starts, kills and processes."""

from __future__ import annotations

import pytest
from fakes.service import Service, serve
from fakes.slack import FakeSlack
from fakes.slack_requests import event_callback, mention, slash_command
from fakes.waiting import wait_until
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
        await socket_service.fake.deliver("events_api", event_callback(mention(QUESTION)), within=3)


async def test_an_answer_that_slack_refused_for_long_is_sent_by_the_next_start(
    http_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question that was open when the service stopped is answered, once, after it starts again."""
    monkeypatch.setattr("bot.slack.app._FINISH_WITHIN", 0.1)
    monkeypatch.setattr("bot.records.worker._RELEASE_WITHIN", 60)
    event = mention(QUESTION)
    fake.mishaps["chat.postMessage"].append("hang")
    async with serve(http_settings, fake) as service:
        await service.slack.event(event)
        await fake.wait_until(lambda: "chat.postMessage" in fake.calls)
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
    await wait_until(lambda: "An answer was not recorded: OperationalError" in caplog.text)
    assert QUESTION not in caplog.text
