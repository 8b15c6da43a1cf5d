"""Slack's text objects and blocks, each within Slack's limits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
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


def link(address: str, text: str) -> str:
    """An address behind a text that is escaped already; mrkdwn."""
    return f"<{address}|{text.replace('|', '¦')}>" if text.strip() else ""


def fill(lines: Sequence[str], room: int, more: str) -> str:
    """As many of the lines as there is room for, in characters; ``more`` says of the rest how many (``count``)."""
    kept, text = list(lines), "\n".join(lines)
    while kept and len(text) > room:
        kept.pop()
        text = "\n".join([*kept, more.format(count=len(lines) - len(kept))])
    return text


def mrkdwn(text: str) -> dict[str, Any]:
    """A text object that Slack formats; ``verbatim`` keeps Slack from making links of plain words."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> dict[str, Any]:
    """A text object that Slack shows as it stands: for whatever a person wrote."""
    return {"type": "plain_text", "text": text, "emoji": False}


def header(text: str) -> Block:
    """A heading, of at most 150 characters."""
    return {"type": "header", "text": plain(text)}


def section(text: dict[str, Any], accessory: dict[str, Any] | None = None) -> Block:
    """A paragraph, and what can be pressed beside it."""
    block: Block = {"type": "section", "text": text}
    return block | ({"accessory": accessory} if accessory else {})


def columns(texts: list[str]) -> Block:
    """Texts side by side, two to a row."""
    return {"type": "section", "fields": [mrkdwn(text) for text in texts]}


def context(*texts: dict[str, Any]) -> Block:
    """Small print."""
    return {"type": "context", "elements": list(texts)}


DIVIDER: Block = {"type": "divider"}


def count_characters(value: Any) -> int:
    """The characters of all texts in blocks, which Slack adds up for ``msg_blocks_too_long``."""
    return sum(map(len, _texts(value)))


def weigh(blocks: Sequence[Block]) -> int:
    """The bytes that blocks take of the 250,000 that Slack allows a view, at their largest encoding."""
    return len(json.dumps(blocks))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
