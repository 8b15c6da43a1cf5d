"""Slack's limits on a message, checked as Slack's documentation states them; refuses what it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

MOST_BLOCKS = 50
LONGEST_TEXT = 40_000
LONGEST_TEXTS_OF_BLOCKS = 13_200
LONGEST_MARKDOWN = 12_000

_KEYS = {
    "section": {"text", "fields", "accessory"},
    "divider": set(),
    "header": {"text"},
    "context": {"elements"},
    "actions": {"elements"},
    "markdown": {"text"},
    "table": {"rows", "column_settings"},
}
_TEXT_KEYS = {"plain_text": {"type", "text", "emoji"}, "mrkdwn": {"type", "text", "verbatim"}}


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


def all_texts(value: Any) -> Iterator[str]:
    """Every text in the blocks."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from all_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_texts(inner)


def find_pings(message: dict[str, Any]) -> list[str]:
    """What would mention somebody, or become a link, in any text of the message."""
    texts = [message["text"], *all_texts(message.get("blocks", []))]
    return [ping for text in texts for ping in re.findall(r"<[^<>\s][^<>]*>", text)]


def _find_faults(blocks: list[Any]) -> Iterator[str]:
    if len(blocks) > MOST_BLOCKS:
        yield f"blocks: {len(blocks)} of at most {MOST_BLOCKS}"
    named = [block.get("block_id") for block in blocks if isinstance(block, dict) and "block_id" in block]
    if len(set(named)) < len(named):
        yield "block_id: the same twice"
    if sum(block.get("type") == "table" for block in blocks if isinstance(block, dict)) > 1:
        yield "table: more than one"
    markdown = sum(len(block["text"]) for block in blocks if block.get("type") == "markdown")
    if markdown > LONGEST_MARKDOWN:
        yield f"markdown: {markdown} characters together"
    for place, block in enumerate(blocks):
        for fault in _find_block_faults(block):
            yield f"blocks[{place}]: {fault}"


def _find_block_faults(block: Any) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in _KEYS:
        yield f"unknown type {kind!r}"
        return
    if unknown := block.keys() - _KEYS[kind] - {"type", "block_id"}:
        yield f"unknown {sorted(unknown)}"
    if not 0 < len(str(block.get("block_id", "id"))) <= 255:
        yield "block_id: 1 to 255 characters"
    if kind == "section":
        if "text" not in block and not block.get("fields"):
            yield "text or fields required"
        if "text" in block:
            yield from _find_text_faults(block["text"], 3000)
        if "fields" in block:
            yield from _find_list_faults(block["fields"], 10, 2000)
    elif kind == "header":
        yield from _find_text_faults(block.get("text"), 150, kinds={"plain_text"})
    elif kind == "context":
        yield from _find_list_faults(block.get("elements"), 10, 3000)
    elif kind == "actions":
        yield from _find_button_faults(block.get("elements"))
    elif kind == "table":
        rows = block.get("rows")
        if not isinstance(rows, list) or not 0 < len(rows) <= 100 or any(not 0 < len(row) <= 20 for row in rows):
            yield "rows: 1 to 100 of 1 to 20 cells"


def _find_list_faults(items: Any, most: int, longest: int) -> Iterator[str]:
    if not isinstance(items, list) or not 0 < len(items) <= most:
        yield f"1 to {most} texts"
        return
    for item in items:
        yield from _find_text_faults(item, longest)


def _find_text_faults(
    text: Any, longest: int, kinds: frozenset[str] | set[str] = frozenset(_TEXT_KEYS)
) -> Iterator[str]:
    if not isinstance(text, dict) or text.get("type") not in kinds:
        yield f"not a text object of {sorted(kinds)}"
        return
    if unknown := text.keys() - _TEXT_KEYS[text["type"]]:
        yield f"unknown {sorted(unknown)}"
    if not isinstance(text.get("text"), str) or not text["text"].strip():
        yield "text: must not be empty"
    elif len(text["text"]) > longest:
        yield f"text: {len(text['text'])} of at most {longest} characters"


def _find_button_faults(elements: Any) -> Iterator[str]:
    if not isinstance(elements, list) or not 0 < len(elements) <= 25:
        yield "1 to 25 elements"
        return
    for element in elements:
        if element.get("type") != "button":
            yield f"unknown element {element.get('type')!r}"
            continue
        yield from _find_text_faults(element.get("text"), 75, kinds={"plain_text"})
        if len(element.get("value", "")) > 2000 or len(element.get("url", "")) > 3000:
            yield "value: 2000, url: 3000 characters at most"
        if not 0 < len(element.get("action_id", "id")) <= 255:
            yield "action_id: 1 to 255 characters"
