"""The question in what Slack delivers, if it is one for Clausebot, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.records.inbox import derive_key
from retrieval.question import clean_question

# Slack's ids of workspaces: T0123, E0123.
_WORKSPACE = re.compile(r"[A-Z0-9]{1,32}")


@dataclass(frozen=True)
class Question:
    """A question as the inbox stores it: see `Inbox.store`."""

    key: str
    workspace: str
    payload: dict[str, Any]


def read_mention(body: dict[str, Any]) -> Question | None:
    """The question in an ``app_mention`` event, to be answered in its thread; None if it is not for us."""
    return _read_message(body, thread=body["event"].get("ts"))


def read_direct_message(body: dict[str, Any]) -> Question | None:
    """The question in a ``message`` event of a direct conversation; None if it is not for us."""
    return _read_message(body, thread=None) if body["event"].get("channel_type") == "im" else None


def _read_message(body: dict[str, Any], thread: str | None) -> Question | None:
    """The question in a message, to be answered in the thread where it stands, or else in that one."""
    event = body["event"]
    # Bots (ourselves among them) carry a bot_id; edits, deletions and notices of Slack a subtype.
    if any(event.get(mark) for mark in ("bot_id", "bot_profile", "subtype", "edited", "hidden")):
        return None
    user, text, channel, ts = (event.get(key) for key in ("user", "text", "channel", "ts"))
    if not (isinstance(user, str) and isinstance(text, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    within = event.get("thread_ts")
    workspace = _read_workspace(body)
    return Question(
        # Deliveries of one message differ in their event_id where two kinds of event tell of it.
        key=derive_key("slack message", workspace, channel, ts),
        workspace=workspace,
        payload={
            "text": clean_question(text),
            "user_id": user,
            "channel_id": channel,
            "thread": within if isinstance(within, str) else thread,
        },
    )


def read_command(command: dict[str, Any]) -> Question:
    """The question in a slash command's fields, to be answered through its response URL."""
    workspace = _read_workspace(command)
    kept = {name: command[name] for name in ("user_id", "channel_id") if name in command}
    address = command.get("response_url", "")
    return Question(
        key=derive_key("slack command", workspace, command.get("trigger_id", ""), address),
        workspace=workspace,
        payload={"text": clean_question(command.get("text", "")), "response_url": address} | kept,
    )


def _read_workspace(body: dict[str, Any]) -> str:
    found = body.get("team_id")
    return found if isinstance(found, str) and _WORKSPACE.fullmatch(found) else ""
