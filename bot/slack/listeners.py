"""What Clausebot does about what happens in Slack: whom it answers, where, and with which question."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.desk import Desk
from bot.slack.blocks import Message, render_answer, render_fault, render_usage
from bot.slack.inbox import Inbox
from retrieval.answer import Answer
from retrieval.question import clean_question

logger = logging.getLogger(__name__)

COMMAND = "/clause"

# Slack's refusals of a layout: the plain reading is sent instead, since a refused message is silence.
_LAYOUT_REFUSED = {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"}
_USAGE = {"", "help", "?", "說明", "幫助"}


@dataclass(frozen=True)
class Question:
    """A question that somebody asked Clausebot, and where its answer goes.

    ``thread`` is the timestamp of the thread's first message, None outside threads; ``keys`` tell whether the
    same message came in before.
    """

    text: str
    channel: str
    thread: str | None
    keys: tuple[str, ...]


def read_mention(body: dict[str, Any]) -> Question | None:
    """The question in an ``app_mention`` event, to be answered in its thread; None if it is not for us."""
    question = _read_message(body)
    if question is None:
        return None
    event = body["event"]
    return Question(question.text, question.channel, question.thread or event["ts"], question.keys)


def read_direct_message(body: dict[str, Any]) -> Question | None:
    """The question in a ``message`` event of a direct conversation; None if it is not for us."""
    return _read_message(body) if body["event"].get("channel_type") == "im" else None


def _read_message(body: dict[str, Any]) -> Question | None:
    event = body["event"]
    # Bots (ourselves among them) carry a bot_id; edits, deletions and notices of Slack a subtype.
    if any(event.get(mark) for mark in ("bot_id", "bot_profile", "subtype", "edited", "hidden")):
        return None
    user, text, channel, ts = (event.get(key) for key in ("user", "text", "channel", "ts"))
    if not (isinstance(user, str) and isinstance(text, str) and isinstance(channel, str) and isinstance(ts, str)):
        return None
    thread = event.get("thread_ts")
    keys = (f"{channel}/{ts}", *([body["event_id"]] if isinstance(body.get("event_id"), str) else []))
    return Question(clean_question(text), channel, thread if isinstance(thread, str) else None, keys)


class Listeners:
    """Answers mentions, direct messages and the slash command."""

    def __init__(self, desk: Desk, inbox: Inbox) -> None:
        self._desk = desk
        self._inbox = inbox

    def register(self, app: AsyncApp) -> None:
        """Have the app call this object's methods."""
        app.event("app_mention")(self.answer_mention)
        app.event("message")(self.answer_direct_message)
        app.command(COMMAND)(self.answer_command)

    async def answer_mention(self, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Answer in the thread of the message that mentions Clausebot."""
        await _log_loss(self._answer(read_mention(body), client))

    async def answer_direct_message(self, body: dict[str, Any], client: AsyncWebClient) -> None:
        """Answer in the direct conversation."""
        await _log_loss(self._answer(read_direct_message(body), client))

    async def answer_command(
        self, ack: AsyncAck, command: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient
    ) -> None:
        """Answer a slash command where only the person who gave it sees the answer."""
        await ack()  # Slack waits three seconds for it
        await _log_loss(self._answer_privately(command, respond, client))

    async def _answer_privately(self, command: dict[str, Any], respond: AsyncRespond, client: AsyncWebClient) -> None:
        message = await self._compose(clean_question(command.get("text", "")), self._desk.look_up)
        shown: dict[str, Any] = {"text": message.text, "blocks": message.blocks}
        try:
            response = await respond(**shown, response_type="ephemeral")
            problem = None if response.status_code == 200 else f"status {response.status_code}"
        except (aiohttp.ClientError, TimeoutError) as error:
            problem = type(error).__name__
        if problem:
            logger.warning("Slack's response_url failed (%s); posting the answer instead", problem)
            await client.chat_postEphemeral(channel=command["channel_id"], user=command["user_id"], **shown)

    async def _answer(self, question: Question | None, client: AsyncWebClient) -> None:
        if question is None or not self._inbox.admit(*question.keys):
            return
        message = await self._compose(question.text, self._desk.ask)
        # The reading is shown nowhere beside the blocks but in notifications: there too it formats nothing.
        reading: dict[str, Any] = {"text": message.text, "mrkdwn": False, "unfurl_links": False}
        try:
            await client.chat_postMessage(
                channel=question.channel, thread_ts=question.thread, blocks=message.blocks, **reading
            )
        except SlackApiError as error:
            if read_code(error) not in _LAYOUT_REFUSED:
                raise
            logger.error("Slack refused a layout (%s); sending plain text instead", read_code(error))
            await client.chat_postMessage(channel=question.channel, thread_ts=question.thread, **reading)

    async def _compose(self, text: str, ask: Callable[[str], Awaitable[Answer]]) -> Message:
        if text.casefold() in _USAGE:
            return render_usage()
        try:
            return render_answer(await ask(text))
        except Exception as error:  # silence would be worse than an apology
            logger.error("An answer failed: %s", describe_error(error))
            return render_fault()


async def _log_loss(sending: Awaitable[None]) -> None:
    """Log what a listener would raise: where it raises at once, Bolt takes the acknowledgement back."""
    try:
        await sending
    except Exception as error:
        logger.error("An answer was lost: %s", describe_error(error))


def read_code(error: SlackApiError) -> str:
    """Slack's code for a refusal, such as ``channel_not_found``; what is no answer of Slack's API has none."""
    # Where a body can't be read the SDK puts aiohttp's response in the place of Slack's.
    return str(error.response.get("error")) if isinstance(error.response, AsyncSlackResponse) else "unreadable answer"


def describe_error(error: BaseException) -> str:
    """Where and as what an error arose, without its message, which may quote what a person wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {frames[-1].filename}:{frames[-1].lineno} in {frames[-1].name}" if frames else ""
    code = f" ({read_code(error)})" if isinstance(error, SlackApiError) else ""
    return f"{type(error).__name__}{code}{place}"
