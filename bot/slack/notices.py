"""Slack messages that are no answer: refusals, faults, advice, and what passes between an asker and a person. Pure."""

from __future__ import annotations

from bot.slack.blocks import Message
from bot.slack.values import Asked
from retrieval.wording import Language


def render_refusal(limit: int, wait: int, language: Language) -> Message:
    """That ``limit`` questions in a minute are answered, and in how many seconds (``wait``) the next is."""
    raise NotImplementedError


def render_fault() -> Message:
    """An apology for a failure on our side, in both languages."""
    raise NotImplementedError


def render_not_in_channel(language: Language) -> Message:
    """That the app is not in the channel, and how to invite it; to be seen by the asker alone."""
    raise NotImplementedError


def render_gone(language: Language) -> Message:
    """That what was pressed is no longer to be found: the guides have changed since."""
    raise NotImplementedError


def render_thanks(helpful: bool, language: Language) -> Message:
    """Thanks for feedback; to be seen by its giver alone."""
    raise NotImplementedError


def render_request(asked: Asked, user_id: str, *, group: str = "", permalink: str = "") -> Message:
    """The question for people to answer, naming who asks, and the user ``group`` (an id) that it is put to, if any.

    ``permalink`` is Slack's address of the answer, where there is one that others can open.
    """
    raise NotImplementedError


def render_requested(channel_id: str, language: Language) -> Message:
    """That the question stands in that channel now; to be seen by its asker alone."""
    raise NotImplementedError


def render_nobody_to_ask(language: Language) -> Message:
    """That no person is set for questions here, and who can set one; to be seen by the asker alone."""
    raise NotImplementedError
