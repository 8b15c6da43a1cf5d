"""The one service behind every channel: Slack, Teams, the browser and the terminal ask here."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Protocol

from bot.faults import describe_error
from bot.origin import Origin
from retrieval.answer import Answer

logger = logging.getLogger(__name__)


class Answers(Protocol):
    """What the desk needs of an answerer: a question in, an answer out, no I/O."""

    def answer(self, question: str, *, context: Sequence[str] = ()) -> Answer:
        """The answer to one question; ``context`` holds the references so far, the latest last."""
        ...


class Book(Protocol):
    """What the desk needs of the records."""

    async def record_answer(self, answer: Answer, origin: Origin, latency: float) -> None:
        """Record an answer once; ``latency`` is in seconds."""
        ...


class Desk:
    """Answers what channels bring in, and records it; a channel neither searches, judges nor records by itself."""

    def __init__(self, answerer: Answers, book: Book) -> None:
        self._answerer = answerer
        self._book = book

    async def ask(self, question: str, origin: Origin, *, context: Sequence[str] = ()) -> Answer:
        """The answer to a question asked in a conversation.

        Args:
            question: what the reader wrote, without the channel's own markup.
            origin: who asked, where.
            context: references of the conversation so far, the latest last.
        """
        began = time.perf_counter()
        answer = self._answerer.answer(question, context=context)
        try:
            await self._book.record_answer(answer, origin, time.perf_counter() - began)
        except Exception as error:  # the asker is owed the answer, whatever becomes of its record
            logger.warning("An answer was not recorded: %s", describe_error(error))
        return answer

    async def look_up(self, text: str, origin: Origin) -> Answer:
        """The answer to a clause named on its own, such as ``GL8 5.1(c)``, whatever was said before."""
        return await self.ask(text, origin)
