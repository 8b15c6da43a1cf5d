"""How to ask, in Slack. Pure."""

from __future__ import annotations

from bot.slack.blocks import Message
from retrieval.wording import Language


def render_usage() -> Message:
    """How to ask, with examples, in both languages."""
    raise NotImplementedError


def suggested_prompts(language: Language) -> list[dict[str, str]]:
    """At most four prompts, ``title`` and ``message``, for ``assistant.threads.setSuggestedPrompts``."""
    raise NotImplementedError
