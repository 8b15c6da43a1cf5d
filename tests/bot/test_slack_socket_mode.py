"""Slack over Socket Mode: a real WebSocket from the service to a strict fake of Slack."""

from __future__ import annotations

import asyncio

import pytest
from fakes.answers import ONE_CLAUSE
from fakes.service import Service, serve
from fakes.slack import FakeSlack
from fakes.slack_requests import direct_message, event_callback, mention, slash_command
from pydantic import SecretStr

from bot.records.inbox import derive_key
from bot.records.worker import Worker
from bot.settings import Settings, SettingsError
from bot.slack.blocks import render_answer

QUESTION = "who handles backups under GL8 5.1(c)?"


async def test_mention_is_acknowledged_and_answered_in_its_thread(socket_service: Service) -> None:
    """A mention that comes through the socket is acknowledged there and answered through the Web API."""
    event = mention(QUESTION)
    ack = await socket_service.fake.deliver("events_api", event_callback(event))
    assert "payload" not in ack
    [sent] = await socket_service.fake.wait_for(1)
    assert (sent.payload["channel"], sent.payload["thread_ts"]) == ("C0CHAN", event["ts"])
    key = derive_key("slack message", "T0TEAM", "C0CHAN", event["ts"])
    assert sent.payload["blocks"] == render_answer(ONE_CLAUSE, answer_id=key, ask_person=False).blocks


async def test_direct_message_is_answered(socket_service: Service) -> None:
    """A direct message that comes through the socket is answered in its conversation."""
    await socket_service.fake.deliver("events_api", event_callback(direct_message(QUESTION)))
    [sent] = await socket_service.fake.wait_for(1)
    assert sent.payload["channel"] == "D0ANN"


async def test_command_is_answered_to_its_giver_alone(socket_service: Service) -> None:
    """A slash command through the socket is answered ephemerally through its response URL."""
    fake = socket_service.fake
    await fake.deliver("slash_commands", slash_command("GL8 5.1(c)", fake.response_url()))
    [sent] = await fake.wait_for(1)
    assert (sent.method, sent.payload["response_type"]) == ("response_url", "ephemeral")


async def test_a_delivery_that_slack_repeats_is_answered_once(socket_service: Service) -> None:
    """The same event in two envelopes is acknowledged twice and answered once."""
    body = event_callback(mention(QUESTION))
    await socket_service.fake.deliver("events_api", body)
    await socket_service.fake.deliver("events_api", body)
    await socket_service.fake.deliver("events_api", event_callback(mention("another")))
    await socket_service.fake.wait_for(2)
    assert socket_service.answerer.questions == [QUESTION, "another"]


async def test_a_dropped_connection_is_made_again(socket_service: Service) -> None:
    """When Slack closes the connection, the next event comes through a new one."""
    await socket_service.fake.deliver("events_api", event_callback(mention("before")))
    await socket_service.fake.drop_connections()
    await socket_service.fake.deliver("events_api", event_callback(mention("after")))
    await socket_service.fake.wait_for(2)
    assert socket_service.answerer.questions == ["before", "after"]


async def test_an_address_that_did_not_work_is_replaced(
    socket_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Slack drops the connection as it is made, another address is asked for, and no traceback logged."""
    monkeypatch.setattr("bot.slack.app._PING_EVERY", 0.1)
    fake.mishaps["link"].append("server error")
    async with serve(socket_settings, fake):
        await fake.deliver("events_api", event_callback(mention(QUESTION)))
        await fake.wait_for(1)
    assert "Failed to connect" in caplog.text
    assert "Traceback" not in caplog.text


async def test_an_app_token_that_slack_refuses_stops_the_start(socket_settings: Settings, fake: FakeSlack) -> None:
    """A revoked app-level token is told in one line at start, which does not quote it."""
    revoked = socket_settings.model_copy(update={"slack_app_token": SecretStr("xapp-revoked")})
    with pytest.raises(SettingsError) as caught:
        async with serve(revoked, fake):
            pass
    assert str(caught.value).startswith("SLACK_APP_TOKEN: Slack refused it (invalid_auth); ")
    assert "xapp-revoked" not in str(caught.value)


async def test_http_is_off_without_a_signing_secret(socket_service: Service) -> None:
    """A service on Socket Mode only takes no event over HTTP, and says why."""
    response = await socket_service.slack.event(mention(QUESTION))
    assert response.status == 404
    assert "Socket Mode" in await response.text()
    assert socket_service.answerer.questions == []


async def test_a_stop_lets_the_answer_under_way_finish(socket_settings: Settings, fake: FakeSlack) -> None:
    """An answer that Slack holds up is still sent after the service was told to stop."""
    async with serve(socket_settings, fake) as service:
        fake.mishaps["chat.postMessage"].append("rate limit")
        await fake.deliver("events_api", event_callback(mention(QUESTION)))
        await service.runner.cleanup()
        assert len(fake.messages) == 1


async def test_an_event_during_the_stop_is_left_to_the_next_connection(
    socket_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the last answers finish, new events are not acknowledged: Slack delivers them again elsewhere."""
    patience, finish, finishing = 1.01, Worker.finish, asyncio.Event()

    async def notice(worker: Worker, within: float) -> None:
        if within == patience:  # the worker of Slack's events
            finishing.set()
        await finish(worker, within)

    monkeypatch.setattr("bot.slack.app._FINISH_WITHIN", patience)
    monkeypatch.setattr(Worker, "finish", notice)
    async with serve(socket_settings, fake) as service:
        fake.mishaps["chat.postMessage"].append("hang")
        await fake.deliver("events_api", event_callback(mention(QUESTION)))
        stopping = asyncio.create_task(service.runner.cleanup())
        await finishing.wait()
        late = asyncio.create_task(fake.deliver("events_api", event_callback(mention("late"))))
        await stopping
        late.cancel()
        await asyncio.wait([late])
    assert service.answerer.questions == [QUESTION]
    assert late.cancelled()


async def test_http_answers_while_socket_mode_is_out_of_reach(
    http_settings: Settings, socket_settings: Settings, fake: FakeSlack
) -> None:
    """With both set, events over HTTP are answered while the socket's address is refused."""
    both = http_settings.model_copy(update={"slack_app_token": socket_settings.slack_app_token})
    fake.mishaps["apps.connections.open"].extend(["server error"] * 20)
    async with serve(both, fake) as service:
        await service.slack.event(mention(QUESTION))
        await fake.wait_for(1)
