"""Slack's text objects and blocks, each within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def escape(text: str) -> str:
    """The text with Slack's three control characters escaped, so that it mentions and links nothing."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """The text escaped, in at most so many characters; where it is cut it ends in "…"."""
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    kept: list[str] = []
    room = limit - 1
    for char in text:
        room -= len(escape(char))
        if room < 0:
            break
        kept.append(char)
    return escape("".join(kept).rstrip()) + "…"


def mrkdwn(text: str) -> dict[str, Any]:
    """A text object that Slack formats; ``verbatim`` keeps Slack from making links of plain words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> dict[str, Any]:
    """A text object that Slack shows as it stands: for whatever a person wrote."""
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: dict[str, Any]) -> Block:
    """A paragraph."""
    return {"type": "section", "text": text}


def columns(texts: list[str]) -> Block:
    """Texts side by side, two to a row."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(text: dict[str, Any]) -> Block:
    """Small print."""
    return {"type": "context", "elements": [text]}


DIVIDER: Block = {"type": "divider"}


def count_characters(blocks: Sequence[Block]) -> int:
    """The characters of all texts in the blocks, which Slack adds up for ``msg_blocks_too_long``."""
    texts = [
        text
        for block in blocks
        for text in ([block["text"]] if "text" in block else [*block.get("fields", ()), *block.get("elements", ())])
    ]
    return sum(len(text["text"]) for text in texts)
