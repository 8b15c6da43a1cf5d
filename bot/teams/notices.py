"""Replies that are no answer: refusals, faults, advice, and what passes between an asker and a person. Pure."""

from __future__ import annotations

from bot.links import Links
from bot.teams.reply import Reply
from bot.values import Asked
from retrieval.answer import Answer
from retrieval.wording import Language


def render_refusal(limit: int, wait: int, language: Language) -> Reply:
    """That ``limit`` questions in a minute are answered, and in how many seconds (``wait``) the next is."""
    raise NotImplementedError


def render_fault() -> Reply:
    """An apology for a failure on our side, in both languages."""
    raise NotImplementedError


def render_thanks(helpful: bool, language: Language) -> Reply:
    """Thanks for feedback; to be seen by its giver alone."""
    raise NotImplementedError


def render_gone(language: Language) -> Reply:
    """That a clause or an answer is no longer to be found: the guides have changed since."""
    raise NotImplementedError


def render_request(
    asked: Asked, name: str, *, answer: Answer | None = None, links: Links | None = None, permalink: str = ""
) -> Reply:
    """The question for people to answer, and what Clausebot answered.

    Args:
        asked: the question.
        name: of who asks.
        answer: what Clausebot found, shown below; None where it can't be told again.
        links: the source viewer's addresses, if it can be reached.
        permalink: Teams' address of the answer, where there is one.
    """
    raise NotImplementedError


def render_requested(language: Language) -> Reply:
    """That the question was passed on."""
    raise NotImplementedError


def render_nobody_to_ask(language: Language) -> Reply:
    """That no person is set for questions here, and who can set one."""
    raise NotImplementedError


def render_may_not_set(language: Language) -> Reply:
    """That only some people change a place's settings; to be seen by whoever tried."""
    raise NotImplementedError
