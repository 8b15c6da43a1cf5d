"""Response URLs: five uses within thirty minutes, to answer where a person did something."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

from fakes.slack_chat import Chat, Post
from fakes.slack_limits import refuse_message
from fakes.slack_world import RefusedError, World, check_thread

MOST_USES = 5
GOOD_FOR = 1800.0

_KNOWN = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "mrkdwn",
    "unfurl_links",
    "unfurl_media",
}

_numbers = itertools.count(1)


@dataclass
class ResponseUrl:
    """Whom and where a response URL answers; ``original`` is the message that was acted on."""

    team: str
    channel: str
    user: str
    at: float
    original: Post | None = None
    uses: int = 0


@dataclass
class ResponseUrls:
    """The response URLs that were given out, by name."""

    world: World
    chat: Chat
    given: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(self, url: ResponseUrl) -> str:
        """A new name for it."""
        name = f"r{next(_numbers)}"
        self.given[name] = url
        return name

    def use(self, name: str, payload: Any) -> Post | None:
        """Do what a use of it asks for, and give the message that is there now.

        Raises:
            RefusedError: the URL is unknown or over, or the message one that Slack refuses.
        """
        url = self.given.get(name)
        if url is None or self.world.now() - url.at > GOOD_FOR:
            raise RefusedError("expired_url")
        if url.uses >= MOST_USES:
            raise RefusedError("used_url")
        url.uses += 1
        if not isinstance(payload, dict):
            raise RefusedError("invalid_payload")
        if unknown := payload.keys() - _KNOWN:
            raise RefusedError("invalid_payload", [f"unknown {sorted(unknown)}"])
        if payload.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            raise RefusedError("invalid_payload", ["response_type"])
        if payload.get("delete_original"):
            if url.original is None:
                raise RefusedError("message_not_found")
            url.original.deleted = True
            return None
        check_thread(payload)
        if refusal := refuse_message(payload):
            raise RefusedError(*refusal)
        if payload.get("replace_original") and url.original:
            if url.original.only_for and payload.get("response_type") == "in_channel":
                raise RefusedError("invalid_payload", ["a message for one person's eyes can't become everybody's"])
            if url.original.deleted:
                raise RefusedError("message_not_found")
            url.original.show(payload)
            return url.original
        only_for = None if payload.get("response_type") == "in_channel" else url.user
        return self.chat.add(self.world.workspaces[url.team], url.channel, payload, only_for)
