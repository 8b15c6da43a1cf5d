"""Slack's limits on a message, checked as Slack's documentation states them; refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fakes.slack_block_kinds import MESSAGE_BLOCKS, all_texts
from fakes.slack_checks import Check, by_type

__all__ = ["all_texts", "find_block_faults", "find_pings", "refuse_message"]

MOST_BLOCKS = 50
LONGEST_TEXT = 40_000
LONGEST_TEXTS_OF_BLOCKS = 13_200
LONGEST_MARKDOWN = 12_000


def refuse_message(message: dict[str, Any]) -> tuple[str, list[str]] | None:
    """Slack's error code for a message with the reasons, or None if Slack would take it."""
    text, blocks = message.get("text"), message.get("blocks", [])
    if not isinstance(text, str) or not text.strip():
        return "no_text", ["text: required beside blocks, for notifications and screen readers"]
    if len(text) > LONGEST_TEXT:
        return "msg_too_long", [f"text: {len(text)} characters"]
    if not isinstance(blocks, list):
        return "invalid_blocks_format", ["blocks: not a list"]
    if faults := list(_find_faults(blocks)):
        return "invalid_blocks", faults
    total = sum(len(text) for text in all_texts(blocks))
    return ("msg_blocks_too_long", [f"{total} characters"]) if total > LONGEST_TEXTS_OF_BLOCKS else None


def find_pings(message: dict[str, Any]) -> list[str]:
    """What would mention somebody, or become a link, in any text of the message."""
    texts = [message["text"], *all_texts(message.get("blocks", []))]
    return [ping for text in texts for ping in re.findall(r"<[^<>\s][^<>]*>", text)]


def find_block_faults(blocks: list[Any], kinds: dict[str, Check]) -> Iterator[str]:
    """What Slack refuses of blocks on a surface that takes those kinds."""
    named = [block["block_id"] for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len({str(name) for name in named}) < len(named):
        yield "/blocks: the same block_id twice"
    check = by_type(kinds)
    for place, block in enumerate(blocks):
        yield from (f"/blocks/{place}{fault}" for fault in check(block))


def _find_faults(blocks: list[Any]) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS:
        yield f"/blocks: {len(blocks)} of at most {MOST_BLOCKS}"
    yield from find_block_faults(blocks, MESSAGE_BLOCKS)
    kinds = [block.get("type") for block in blocks if isinstance(block, dict)]
    if kinds.count("table") > 1:
        yield "/blocks: more than one table"
    markdown = [block.get("text") for block in blocks if isinstance(block, dict) and block.get("type") == "markdown"]
    together = sum(len(text) for text in markdown if isinstance(text, str))
    if together > LONGEST_MARKDOWN:
        yield f"/blocks: markdown of {together} characters together"
