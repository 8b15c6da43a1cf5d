"""What the fake of Slack sends: signed, in the forms of Slack's documentation, over HTTP and over Socket Mode."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import ClientSession, web
from fakes.slack import APP_TOKEN, FakeSlack
from fakes.slack_requests import (
    SIGNING_SECRET,
    SlackSender,
    app_home_opened,
    app_uninstalled,
    channel_message,
    direct_message,
    event_callback,
    mention,
    slash_command,
    tokens_revoked,
)
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

Taken = list[tuple[str, dict[str, Any]]]


@pytest.fixture
async def taken() -> AsyncIterator[tuple[SlackSender, Taken]]:
    """A sender, and the requests that reached a server which checks signatures as Slack's SDK does."""
    requests: Taken = []

    async def take(request: web.Request) -> web.Response:
        body = await request.text()
        assert SignatureVerifier(SIGNING_SECRET).is_valid_request(body, dict(request.headers))
        read = json.loads(body) if request.content_type == "application/json" else parse_qs(body)
        requests.append((request.content_type, read))
        return web.json_response({})

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with ClientSession() as session:
        yield SlackSender(session, f"http://127.0.0.1:{site.port}/"), requests
    await runner.cleanup()


async def test_each_kind_is_sent_as_slack_sends_it(taken: tuple[SlackSender, Taken], fake: FakeSlack) -> None:
    """Events are JSON, commands a form, interactions JSON in a form's field; all are signed."""
    sender, requests = taken
    await sender.event(mention("who?"), team="T0FAR")
    await sender.command(slash_command("5.1", fake.response_url()))
    shortcut = fake.person().shortcut("ask")
    assert await fake.person().send(sender, shortcut) is None
    (_, event), (form, command), (_, interaction) = requests
    assert (event["type"], event["team_id"]) == ("event_callback", "T0FAR")
    assert event["authorizations"][0]["user_id"] == "U0FARBOT"
    assert (form, command["command"]) == ("application/x-www-form-urlencoded", ["/clause"])
    assert json.loads(interaction["payload"][0]) == shortcut


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (mention("who?"), {"type": "app_mention", "channel": "C0CHAN", "user": "U0ANN", "text": "<@U0CLAUSE> who?"}),
        (direct_message("who?"), {"type": "message", "channel_type": "im", "channel": "D0ANN"}),
        (channel_message("and then?", "1.2"), {"type": "message", "channel_type": "channel", "thread_ts": "1.2"}),
        (app_home_opened(), {"type": "app_home_opened", "tab": "home", "user": "U0ANN", "channel": "D0ANN"}),
        (app_home_opened("messages"), {"tab": "messages"}),
        (tokens_revoked(bot=["U0CLAUSE"]), {"type": "tokens_revoked", "tokens": {"bot": ["U0CLAUSE"]}}),
        (app_uninstalled(), {"type": "app_uninstalled"}),
    ],
)
def test_events_have_their_fields(event: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each event has what Slack's documentation shows of it, and a timestamp of its own."""
    assert event == event | expected
    assert event["event_ts"]
    assert event_callback(event)["event_id"] != event_callback(event)["event_id"]


def test_a_change_to_none_takes_a_key_away() -> None:
    """An event can be sent without a field that Slack leaves out now and then."""
    assert "user" not in mention("who?", user=None)
    assert "thread_ts" not in channel_message("top")


def test_persons_act_in_their_own_workspace() -> None:
    """What somebody of another workspace does is told of that workspace, with a trigger of it."""
    fake = FakeSlack()
    far = fake.person("U0FAR")
    command = far.command("5.1", channel="C0FAR")
    assert (command["team_id"], command["user_id"], command["channel_id"]) == ("T0FAR", "U0FAR", "C0FAR")
    assert far.shortcut("ask")["team"]["id"] == "T0FAR"
    assert far.open_home("messages")["channel"] == "D0FAR"
    action = fake.person().message_action("look_up", "see GL8 5.1(c)", channel="C0OTHER", thread_ts="1.2")
    assert (action["message"]["text"], action["message"]["thread_ts"]) == ("see GL8 5.1(c)", "1.2")
    assert (action["channel"]["id"], action["message_ts"]) == ("C0OTHER", action["message"]["ts"])


async def test_socket_mode_carries_every_kind(fake: FakeSlack) -> None:
    """Over a socket of the SDK's own, each kind is acknowledged, and an answer comes back where one may."""
    kinds: list[str] = []

    async def take(client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        kinds.append(request.type)
        payload = {"options": []} if request.payload.get("type") == "block_suggestion" else None
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    web_client = AsyncWebClient(base_url=fake.api_url)
    client = SocketModeClient(APP_TOKEN, web_client=web_client)
    client.socket_mode_request_listeners.append(take)
    await client.connect()
    ann = fake.person()
    await fake.deliver("events_api", event_callback(mention("who?")))
    await fake.deliver("slash_commands", ann.command("5.1"))
    assert await ann.deliver(ann.shortcut("ask")) is None
    assert await ann.deliver({"type": "block_suggestion"}) == []
    assert kinds == ["events_api", "slash_commands", "interactive", "interactive"]
    await asyncio.wait_for(client.close(), 5)
