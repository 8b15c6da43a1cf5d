"""What a person sees of a message or view: its texts, what can be pressed, and whom it would ping."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from fakes.slack_limits import all_texts

PUBLIC_URL = "https://clausebot.example"
_OURS = re.compile(rf"<{re.escape(PUBLIC_URL)}/guides/[A-Za-z0-9%/().,_~-]+\|[^<>|]+>")


def read(shown: dict[str, Any]) -> str:
    """Every text that the blocks show."""
    return "\n".join(all_texts(shown["blocks"]))


def find_elements(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What can be pressed or chosen, by its action's id; fails where an id is there twice."""
    found = list(_elements(shown["blocks"]))
    named = {element["action_id"]: element for element in found}
    assert len(named) == len(found)
    return named


def find_markup(shown: dict[str, Any]) -> list[str]:
    """What mentions somebody or is a link, but for links to the source viewer."""
    texts = [shown.get("text", ""), *all_texts(shown["blocks"])]
    return [found for text in texts for found in re.findall(r"<[^<>]*>", _OURS.sub("", text))]


def _elements(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if "action_id" in value:
            yield value
        for inner in value.values():
            yield from _elements(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _elements(inner)
