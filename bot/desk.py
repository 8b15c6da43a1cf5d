"""The one service behind every channel: Slack, Teams, the browser and the terminal ask here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from retrieval.answer import Answer


class Answers(Protocol):
    """What the desk needs of an answerer: a question in, an answer out, no I/O."""

    def answer(self, question: str, *, context: Sequence[str] = ()) -> Answer:
        """The answer to one question; ``context`` holds the references so far, the latest last."""
        ...


class Desk:
    """Answers what channels bring in; a channel neither searches nor judges by itself."""

    def __init__(self, answerer: Answers) -> None:
        self._answerer = answerer

    async def ask(self, question: str, *, context: Sequence[str] = ()) -> Answer:
        """The answer to a question asked in a conversation.

        Args:
            question: what the reader wrote, without the channel's own markup.
            context: references of the conversation so far, the latest last.
        """
        return self._answerer.answer(question, context=context)

    async def look_up(self, text: str) -> Answer:
        """The answer to a clause named on its own, such as ``GL8 5.1(c)``, whatever was said before."""
        return self._answerer.answer(text)
