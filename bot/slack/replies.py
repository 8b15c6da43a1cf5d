"""Answers the questions that the inbox holds, where they were asked."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import faults
from bot.desk import Desk
from bot.origin import Origin
from bot.records.inbox import Event
from bot.records.worker import TryLaterError
from bot.slack.blocks import Message, render_answer, render_fault, render_usage
from retrieval.answer import Answer

logger = logging.getLogger(__name__)

# Slack's refusals of a layout: the plain reading is sent instead, since a refused message is silence.
_LAYOUT_REFUSED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
# Slack's codes for what is over after a while.
_PASSING = {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}
_USAGE = {"", "help", "?", "說明", "幫助"}


class Replies:
    """Asks the desk, and sends what it answers."""

    def __init__(self, desk: Desk, client: AsyncWebClient) -> None:
        self._desk = desk
        self._client = client

    async def answer(self, event: Event) -> None:
        """Answer one event: a command where its giver alone sees it, a message where it stands.

        Raises:
            TryLaterError: Slack can't take the answer now.
        """
        try:
            if "response_url" in event.payload:
                await self._answer_privately(event)
            else:
                await self._answer_openly(event)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLaterError(describe_error(error)) from None
        except SlackApiError as error:
            if _is_passing(error):
                raise TryLaterError(describe_error(error)) from None
            # Told here, with Slack's code; it would refuse another attempt too.
            logger.error("An answer was lost: %s", describe_error(error))

    async def _answer_privately(self, event: Event) -> None:
        message = await self._compose(event, self._desk.look_up)
        shown: dict[str, Any] = {"text": message.text, "blocks": message.blocks}
        respond = AsyncRespond(response_url=event.payload["response_url"])
        try:
            response = await respond(**shown, response_type="ephemeral")
            problem = None if response.status_code == 200 else f"status {response.status_code}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = type(error).__name__
        if problem:
            logger.warning("Slack's response_url failed (%s); posting the answer instead", problem)
            await self._client.chat_postEphemeral(
                channel=event.payload["channel_id"], user=event.payload["user_id"], **shown
            )

    async def _answer_openly(self, event: Event) -> None:
        message = await self._compose(event, self._desk.ask)
        place = {"channel": event.payload["channel_id"], "thread_ts": event.payload["thread"]}
        # The reading is shown nowhere beside the blocks but in notifications: there too it formats nothing.
        reading: dict[str, Any] = {"text": message.text, "mrkdwn": False, "unfurl_links": False}
        try:
            await self._client.chat_postMessage(**place, blocks=message.blocks, **reading)
        except SlackApiError as error:
            if read_code(error) not in _LAYOUT_REFUSED:
                raise
            logger.error("Slack refused a layout (%s); sending plain text instead", read_code(error))
            await self._client.chat_postMessage(**place, **reading)

    async def _compose(self, event: Event, ask: Callable[[str, Origin], Awaitable[Answer]]) -> Message:
        text = event.payload["text"]
        if text.casefold() in _USAGE:
            return render_usage()
        try:
            return render_answer(await ask(text, _read_origin(event)))
        except Exception as error:  # silence would be worse than an apology
            logger.error("An answer failed: %s", describe_error(error))
            return render_fault()


def _read_origin(event: Event) -> Origin:
    return Origin(channel="slack", workspace=event.workspace, asker=event.payload.get("user_id", ""), event=event.key)


def _is_passing(error: SlackApiError) -> bool:
    # Where a body can't be read the SDK puts aiohttp's response in the place of Slack's.
    response: Any = error.response
    status: int = response.status_code if isinstance(response, AsyncSlackResponse) else response.status
    return status == 429 or status >= 500 or read_code(error) in _PASSING


def read_code(error: SlackApiError) -> str:
    """Slack's code for a refusal, such as ``channel_not_found``; what is no answer of Slack's API has none."""
    return str(error.response.get("error")) if isinstance(error.response, AsyncSlackResponse) else "unreadable answer"


def describe_error(error: BaseException) -> str:
    """Where and as what an error arose, with Slack's code for it; see `bot.faults.describe_error`."""
    return faults.describe_error(error, read_code(error) if isinstance(error, SlackApiError) else "")
