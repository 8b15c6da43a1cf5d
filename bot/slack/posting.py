"""Sends messages to Slack so that none ends in silence: a layout or a place that Slack refuses has another way."""

from __future__ import annotations

import json
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.blocks import Message
from bot.slack.fallbacks import render_plainly, render_unreachable
from bot.slack.workspaces import Workspaces, count_error, read_code

logger = logging.getLogger(__name__)

# Slack's refusals of a layout.
_LAYOUT_REFUSED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}

PLACE_REFUSED = {
    "cannot_reply_to_message",
    "channel_not_found",
    "ekm_access_denied",
    "is_archived",
    "is_inactive",
    "messages_tab_disabled",
    "not_in_channel",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "thread_not_found",
    "user_not_in_channel",
}
"""Slack's refusals of a place: its asker is told directly."""


def _is_taken(body: str) -> bool:
    """Whether a response URL's answer is Slack's word that it took the message: ``ok``, as text or JSON, or nothing."""
    if body.strip() in ("", "ok"):
        return True
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(told, dict) and told.get("ok") is True


class Posting:
    """One workspace's way out."""

    def __init__(self, workspaces: Workspaces, client: AsyncWebClient) -> None:
        self._workspaces = workspaces
        self.client = client

    async def post(self, message: Message, channel: str, user: str = "", *, thread: str | None = None) -> str | None:
        """Post a message for everybody in a channel.

        Args:
            message: what to say.
            channel: where.
            user: who is told directly, with the message, where Slack does not let it stand there; empty for nobody.
            thread: the timestamp of the thread to post in, if any.

        Returns:
            The message's timestamp; None where it went to the user instead.

        Raises:
            SlackApiError: Slack refuses it, there and directly.
            aiohttp.ClientError, TimeoutError: Slack can't be reached.
        """
        try:
            return await self._send("chat.postMessage", message, channel=channel, thread_ts=thread)
        except SlackApiError as error:
            if read_code(error) not in PLACE_REFUSED or user in ("", channel):
                raise
            await self._tell(message, channel, user, error)
            return None

    async def place(
        self, message: Message, channel: str, user: str, *, thread: str | None = None
    ) -> tuple[str, str, bool]:
        """Post a message that is changed later, as `post` does.

        Args:
            message: what to say.
            channel: where; a user's id for the direct conversation with them.
            user: who is told directly where Slack does not let it stand there.
            thread: the timestamp of the thread to post in, if any.

        Returns:
            The id of the conversation in which it stands, its timestamp, and whether that is where it was to stand.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError: as `post`.
        """
        try:
            sent = await self._call("chat.postMessage", message, channel=channel, thread_ts=thread)
        except SlackApiError as error:
            code = read_code(error)
            if code not in PLACE_REFUSED or user == channel:
                raise
            count_error(error)
            logger.warning("Slack did not let a message stand in its channel (%s); telling the asker directly", code)
            sent = await self._call("chat.postMessage", render_unreachable(message, channel, code), channel=user)
            return str(sent.get("channel")), str(sent.get("ts")), False
        return str(sent.get("channel")), str(sent.get("ts")), True

    async def update(self, message: Message, channel: str, ts: str) -> None:
        """Change a message that was placed; raises as `post`."""
        changed = {"text": message.text, "blocks": message.blocks, "channel": channel, "ts": ts}
        await self.client.api_call("chat.update", json=changed)

    async def whisper(self, message: Message, channel: str, user: str, *, thread: str | None = None) -> None:
        """Show a message to one person in a channel; directly where there is none, or Slack does not let it.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError: as `post`.
        """
        if not channel or channel.startswith("D"):  # nobody else is there, and what is ephemeral is gone after a reload
            await self._send("chat.postMessage", message, channel=channel or user, thread_ts=thread)
            return
        try:
            await self._send("chat.postEphemeral", message, channel=channel, user=user, thread_ts=thread)
        except SlackApiError as error:
            if read_code(error) not in PLACE_REFUSED:
                raise
            await self._tell(message, channel, user, error)

    async def respond(self, message: Message, url: str, **how: Any) -> bool:
        """Send a message to a response URL.

        Args:
            message: what to say.
            url: as Slack gave it, good for five uses in half an hour.
            how: ``response_type``, ``replace_original``, ``delete_original``.

        Returns:
            Whether Slack took it; what an expired address or a connection refuses is only logged.
        """
        client = self._workspaces.response_client(url)
        for attempt in (message, render_plainly(message)):
            payload = {"text": attempt.text, "blocks": attempt.blocks} | how
            try:
                response = await client.send_dict(payload)
            except (aiohttp.ClientError, TimeoutError) as error:
                count_error(error)
                logger.warning("Slack's response_url failed: %s", type(error).__name__)
                return False
            except ValueError:
                logger.warning("Slack's response_url failed: unreadable answer")
                return False
            if response.status_code == 200 and _is_taken(response.body):
                return True
            if not any(code in response.body for code in _LAYOUT_REFUSED):
                logger.warning("Slack's response_url failed: status %d", response.status_code)
                return False
            logger.error("Slack refused a layout over its response_url; sending plain text instead")
        return False

    async def _tell(self, message: Message, channel: str, user: str, error: SlackApiError) -> None:
        code = read_code(error)
        count_error(error)
        logger.warning("Slack did not let an answer stand in its channel (%s); telling the asker directly", code)
        await self._send("chat.postMessage", render_unreachable(message, channel, code), channel=user)

    async def _send(self, method: str, message: Message, **place: str | None) -> str:
        """Send a message, as plain text if Slack refuses its layout; its timestamp."""
        sent = await self._call(method, message, **place)
        return str(sent.get("ts") or sent.get("message_ts") or "")

    async def _call(self, method: str, message: Message, **place: str | None) -> AsyncSlackResponse:
        where = {name: value for name, value in place.items() if value is not None}
        # The reading is shown nowhere beside the blocks but in notifications: there too it formats nothing.
        quietly = {"mrkdwn": False, "unfurl_links": False} if method == "chat.postMessage" else {}
        try:
            return await self.client.api_call(
                method, json={"text": message.text, "blocks": message.blocks, **quietly, **where}
            )
        except SlackApiError as error:
            if read_code(error) not in _LAYOUT_REFUSED:
                raise
            count_error(error)
            logger.error("Slack refused a layout (%s); sending plain text instead", read_code(error))
            plainly = render_plainly(message)
            return await self.client.api_call(
                method, json={"text": plainly.text, "blocks": plainly.blocks, **quietly, **where}
            )
