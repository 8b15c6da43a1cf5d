"""What Clausebot does about what happens in Slack: it stores each question, and acknowledges what it stored."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.records.worker import Worker
from bot.slack import ids
from bot.slack.forms import read_review_form
from bot.slack.interactions import Interactions
from bot.slack.manifest import COMMAND
from bot.slack.questions import (
    Question,
    read_choice,
    read_command,
    read_mention,
    read_message,
    read_message_shortcut,
    read_request,
    read_review,
    read_share,
)
from bot.slack.usage import asks_for_settings
from bot.values import Pointer, unpack

Next = Callable[[], Awaitable[None]]


class Listeners:
    """Takes in mentions, messages, the slash command and pressed buttons, for the worker to answer.

    Bolt acknowledges an event before it calls the listener, and after it called the listener's middleware: what
    can't be stored there is not acknowledged, so that Slack delivers it again.
    """

    def __init__(self, desk: Desk, worker: Worker, interactions: Interactions) -> None:
        self._desk = desk
        self._worker = worker
        self._interactions = interactions

    def register(self, app: AsyncApp) -> None:
        """Have the app call this object's methods."""
        app.event("app_mention", middleware=[self.store_mention])(_do_no_more)
        app.event("message", middleware=[self.store_message])(_do_no_more)
        app.command(COMMAND)(self.store_command)
        app.message_shortcut(ids.ASK_SHORTCUT)(self.store_message_shortcut)
        app.view(ids.REVIEW_MODAL)(self.store_review)
        app.action(ids.CHOICE)(self.store_choice)
        app.action(ids.CHOICE_SELECT)(self.store_choice)
        app.action(ids.SHARE)(self.store_share)
        app.action(ids.ASK_PERSON)(self.store_request)

    # Bolt hands over arguments by their names, and waits for `next` to be called.
    async def store_mention(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Store the question of a message that mentions Clausebot."""
        await self._store(read_mention(body))
        await next()

    async def store_message(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Store the question of a direct message, or of one in a thread in which Clausebot answered before."""
        question = read_message(body)
        # Looked up before anything is stored: what people say elsewhere is no business of ours.
        if question and question.payload["kind"] == "follow_up" and not await self._follows(question):
            question = None
        await self._store(question)
        await next()

    async def store_command(self, ack: AsyncAck, command: dict[str, Any], client: AsyncWebClient) -> None:
        """Store the question of a slash command, and acknowledge it within the three seconds that Slack waits.

        Asked for the settings, it opens them instead.
        """
        if asks_for_settings(command.get("text", "")):
            await ack()
            await self._interactions.open_settings_of(command.get("channel_id", ""), command, client)
            return
        await self._store(read_command(command))
        await ack()

    async def store_message_shortcut(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Store the question in the message that the shortcut was used on."""
        await self._store(read_message_shortcut(body))
        await ack()

    async def store_review(self, ack: AsyncAck, body: dict[str, Any], view: dict[str, Any]) -> None:
        """Store which file was given to review."""
        file, language = read_review_form(view)
        if file:
            await self._store(read_review(body, file, language))
        await ack()

    async def store_choice(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Store which of an answer's choices was taken."""
        action = body["actions"][0]
        pointer = unpack(Pointer, action.get("value") or (action.get("selected_option") or {}).get("value"))
        if pointer:
            await self._store(read_choice(body, pointer))
        await ack()

    async def store_share(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Store that an answer is to be shared."""
        await self._store(read_share(body))
        await ack()

    async def store_request(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Store that a person is to be asked."""
        await self._store(read_request(body))
        await ack()

    async def _follows(self, question: Question) -> bool:
        return await self._desk.follow(question.origin, math.inf) is not None

    async def _store(self, question: Question | None) -> None:
        if question is None:
            return
        admission = await self._desk.admit(question.origin)
        if not admission.admitted:
            if not admission.tell or question.payload["kind"] == "follow_up":
                return
            question.payload["refused"] = admission.wait
        await self._worker.take_in(question.key, question.workspace, question.payload)


async def _do_no_more() -> None:
    """The event is stored, or is not for us."""
