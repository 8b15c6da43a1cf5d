"""What Clausebot does about what happens in Slack: it stores each question, and acknowledges what it stored."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.records.worker import Worker
from bot.slack.questions import Question, read_command, read_direct_message, read_mention

COMMAND = "/clause"

Next = Callable[[], Awaitable[None]]


class Listeners:
    """Takes in mentions, direct messages and the slash command, for the worker to answer.

    Bolt acknowledges an event before it calls the listener, and after it called the listener's middleware: what
    can't be stored there is not acknowledged, so that Slack delivers it again.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def register(self, app: AsyncApp) -> None:
        """Have the app call this object's methods."""
        app.event("app_mention", middleware=[self.store_mention])(_do_no_more)
        app.event("message", middleware=[self.store_direct_message])(_do_no_more)
        app.command(COMMAND)(self.store_command)

    # Bolt hands over arguments by their names, and waits for `next` to be called.
    async def store_mention(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Store the question of a message that mentions Clausebot."""
        await self._store(read_mention(body))
        await next()

    async def store_direct_message(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Store the question of a direct message."""
        await self._store(read_direct_message(body))
        await next()

    async def store_command(self, ack: AsyncAck, command: dict[str, Any]) -> None:
        """Store the question of a slash command, and acknowledge it within the three seconds that Slack waits."""
        await self._store(read_command(command))
        await ack()

    async def _store(self, question: Question | None) -> None:
        if question:
            await self._worker.take_in(question.key, question.workspace, question.payload)


async def _do_no_more() -> None:
    """The event is stored, or is not for us."""
