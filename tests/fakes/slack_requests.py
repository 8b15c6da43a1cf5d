"""What Slack sends to an app: events and slash commands, signed as its documentation describes."""

from __future__ import annotations

import hashlib
import hmac
import io
import itertools
import json
import time
from typing import Any
from urllib.parse import urlencode

from aiohttp import ClientResponse, ClientSession
from fakes.leaks import note_secret, note_text
from fakes.slack_triggers import issue_trigger
from fakes.slack_world import APP, TEAM

SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
APP_USER = "U0CLAUSE"

note_secret(SIGNING_SECRET)

_numbers = itertools.count(1)


def event_callback(event: dict[str, Any], event_id: str | None = None, *, team: str = TEAM) -> dict[str, Any]:
    """The body that Slack's Events API delivers an event of a workspace in."""
    return {
        "token": "deprecated",
        "team_id": team,
        "api_app_id": APP,
        "type": "event_callback",
        "event": event,
        "event_id": event_id or f"Ev{next(_numbers):08}",
        "event_time": 1_700_000_000,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": team,
                "user_id": APP_USER if team == TEAM else "U0FARBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }


def mention(text: str, /, **changes: Any) -> dict[str, Any]:
    """An ``app_mention`` event by a person in the channel C0CHAN; a change to None takes the key away."""
    return _without_none(
        {"type": "app_mention", "user": "U0ANN", "text": f"<@{APP_USER}> {note_text(text)}", "channel": "C0CHAN"}
        | _stamp()
        | changes
    )


def direct_message(text: str, /, **changes: Any) -> dict[str, Any]:
    """A ``message`` event by a person in the direct conversation D0ANN; a change to None takes the key away."""
    return _without_none(
        {"type": "message", "channel_type": "im", "user": "U0ANN", "text": note_text(text), "channel": "D0ANN"}
        | _stamp()
        | changes
    )


def channel_message(text: str, thread_ts: str | None = None, /, **changes: Any) -> dict[str, Any]:
    """A ``message`` event by a person in the channel C0CHAN, in a thread unless None is given for it."""
    return _without_none(
        {
            "type": "message",
            "channel_type": "channel",
            "user": "U0ANN",
            "text": note_text(text),
            "channel": "C0CHAN",
            "thread_ts": thread_ts,
        }
        | _stamp()
        | changes
    )


def app_home_opened(tab: str = "home", **changes: Any) -> dict[str, Any]:
    """An ``app_home_opened`` event of U0ANN, of the tab ``home`` or ``messages``."""
    event = {"type": "app_home_opened", "user": "U0ANN", "channel": "D0ANN", "tab": tab}
    return _without_none(event | {"event_ts": _stamp()["event_ts"]} | changes)


def tokens_revoked(*, bot: list[str] | None = None, oauth: list[str] | None = None) -> dict[str, Any]:
    """A ``tokens_revoked`` event: the ids of the users whose tokens are over."""
    tokens = {kind: users for kind, users in (("bot", bot), ("oauth", oauth)) if users}
    return {"type": "tokens_revoked", "tokens": tokens, "event_ts": _stamp()["event_ts"]}


def app_uninstalled() -> dict[str, Any]:
    """An ``app_uninstalled`` event."""
    return {"type": "app_uninstalled", "event_ts": _stamp()["event_ts"]}


def slash_command(text: str, response_url: str, **changes: str) -> dict[str, str]:
    """The fields of a ``/clause`` command given in the channel C0CHAN."""
    return {
        "token": "deprecated",
        "team_id": TEAM,
        "channel_id": "C0CHAN",
        "user_id": "U0ANN",
        "command": "/clause",
        "text": note_text(text),
        "api_app_id": APP,
        "response_url": response_url,
        "trigger_id": issue_trigger(changes.get("user_id", "U0ANN"), changes.get("team_id", TEAM)),
    } | changes


def _stamp() -> dict[str, str]:
    ts = f"1700000000.{next(_numbers):06}"
    return {"ts": ts, "event_ts": ts}


def _without_none(event: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in event.items() if value is not None}


def sign(body: bytes, timestamp: str, secret: str = SIGNING_SECRET) -> str:
    """Slack's signature: the HMAC-SHA256 of ``v0:timestamp:body`` under the signing secret."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()


class SlackSender:
    """Sends requests to an app over HTTP as Slack does."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self.url = url

    async def post(self, body: bytes, content_type: str, **headers: str) -> ClientResponse:
        """Post a body, signed now; headers given replace those of Slack's."""
        timestamp = str(int(time.time()))
        signed = {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": sign(body, timestamp)}
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        response = await self._session.post(
            self.url, data=io.BytesIO(body), headers={"Content-Type": content_type} | signed | given
        )
        await response.read()
        return response

    async def event(
        self, event: dict[str, Any], event_id: str | None = None, *, team: str = TEAM, **headers: str
    ) -> ClientResponse:
        """Deliver an event of a workspace."""
        body = json.dumps(event_callback(event, event_id, team=team)).encode()
        return await self.post(body, "application/json", **headers)

    async def command(self, fields: dict[str, str]) -> ClientResponse:
        """Deliver a slash command."""
        return await self.post(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def interact(self, payload: dict[str, Any], **headers: str) -> ClientResponse:
        """Deliver an interaction: what a person did in a message, a view or a menu of Slack's."""
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return await self.post(body, "application/x-www-form-urlencoded", **headers)
