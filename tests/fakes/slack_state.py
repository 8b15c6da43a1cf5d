"""Blocks as Slack keeps them: their ids, their elements, and what a person has entered or chosen in them."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from fakes.slack_elements import all_options

Element = dict[str, Any]
Values = dict[str, dict[str, Element]]

# Under which key each kind of element tells what was chosen, and under which it is given what is at first.
_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "file_input": ("files", "initial_files"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
}


_LARGEST_INPUT = 10_000_000  # bytes that a file input takes

_numbers = itertools.count(1)


def fill_ids(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks as Slack keeps them: each with a block_id, each element with an action_id."""
    filled = copy.deepcopy(blocks)
    for block in filled:
        block.setdefault("block_id", f"b{next(_numbers)}")
        for element in elements_of(block):
            if element["type"] not in ("image", "plain_text", "mrkdwn"):
                element.setdefault("action_id", f"a{next(_numbers)}")
    for container in (block for block in filled if block["type"] == "container"):
        container["child_blocks"] = fill_ids(container["child_blocks"])
    return filled


def elements_of(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements of a block that can be acted on, or shown beside its text."""
    if block["type"] in ("actions", "context_actions", "context"):
        yield from block["elements"]
    if block["type"] == "card":
        yield from block.get("actions", [])
    yield from (block[place] for place in ("accessory", "element") if place in block)


def blocks_within(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every block, those in containers and carousels among them."""
    for block in blocks:
        yield block
        yield from blocks_within(block.get("child_blocks", []))
        if block["type"] == "carousel":
            yield from blocks_within(block["elements"])


def find_elements(blocks: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Element]]:
    """Every element that can be acted on, with the block in which it stands."""
    for block in blocks_within(blocks):
        for element in elements_of(block):
            if "action_id" in element:
                yield block, element


def find_element(
    blocks: list[dict[str, Any]], action_id: str, block_id: str | None = None
) -> tuple[dict[str, Any], Element]:
    """The element of that name, and its block.

    Raises:
        AssertionError: it is not there, or there are several and none is singled out.
    """
    named = [
        (block, element)
        for block, element in find_elements(blocks)
        if element["action_id"] == action_id and block_id in (None, block["block_id"])
    ]
    there = [element["action_id"] for _, element in find_elements(blocks)]
    assert len(named) == 1, f"{len(named)} elements {action_id!r}; there are {there}"
    return named[0]


def initial_values(blocks: list[dict[str, Any]], before: Values | None = None) -> Values:
    """What is chosen at first: what was before, in elements that have kept their name and kind, or their initial."""
    values: Values = {}
    for block, element in find_elements(blocks):
        if element["type"] not in _KEYS:
            continue
        kept = (before or {}).get(block["block_id"], {}).get(element["action_id"])
        key, initial = _KEYS[element["type"]]
        fresh = {"type": element["type"], key: element.get(initial, [] if key.endswith("s") else None)}
        stays = kept and kept["type"] == element["type"]
        values.setdefault(block["block_id"], {})[element["action_id"]] = kept if stays and kept else fresh
    return values


def choose(element: Element, chosen: Any, known: set[str]) -> Element:
    """What Slack tells of an element in which a person chose or entered that.

    Args:
        element: as it was drawn.
        chosen: an option's value or several; a text; an id; the whole option where options come from the app.
        known: the ids of the people and conversations that can be chosen.

    Raises:
        AssertionError: it is not offered.
    """
    kind = element["type"]
    key, _ = _KEYS[kind]
    if kind == "plain_text_input":
        assert isinstance(chosen, str)
        assert not chosen or len(chosen) >= element.get("min_length", 0), "too short to submit"
        assert len(chosen) <= element.get("max_length", 3000), "too long to submit"
        return {"type": kind, key: chosen or None}
    wanted = chosen if isinstance(chosen, list) else [chosen]
    if kind == "file_input":
        assert len(wanted) <= element.get("max_files", 10), "too many files"
        endings = element.get("filetypes")
        assert all(not endings or file["name"].rpartition(".")[2] in endings for file in wanted), "not offered"
        assert all(file["size"] <= _LARGEST_INPUT for file in wanted), "too large for a file input"
        return {"type": kind, key: wanted}
    assert len(wanted) <= element.get("max_selected_items", 100), "too many to choose"
    if key.startswith("selected_option"):
        found = [_find_option(element, each) for each in wanted if each is not None]
    else:
        assert {each for each in wanted if each} <= known, f"{wanted} is not there to choose"
        found = [each for each in wanted if each]
    assert key.endswith("s") or len(found) <= 1, "only one can be chosen"
    return {"type": kind, key: found if key.endswith("s") else found[0] if found else None}


def is_empty(value: Element) -> bool:
    """Whether nothing is chosen or entered."""
    return not any(inner for key, inner in value.items() if key != "type")


def is_stateful(element: Element) -> bool:
    """Whether what is chosen in it stays there."""
    return element["type"] in _KEYS


def _find_option(element: Element, chosen: Any) -> Element:
    if isinstance(chosen, dict) and element["type"] in ("external_select", "multi_external_select"):
        return chosen
    offered = {option["value"]: option for option in all_options(element)}
    assert chosen in offered, f"{chosen!r} is not offered, but {sorted(offered)}"
    return offered[chosen]
