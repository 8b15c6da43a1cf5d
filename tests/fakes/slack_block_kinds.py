"""Block Kit's blocks, each with Slack's limits: https://docs.slack.dev/reference/block-kit/blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakes.slack_checks import (
    ID,
    Check,
    boolean,
    by_type,
    exactly_one,
    form,
    integer,
    listed,
    one_of,
    plain,
    some_of,
    string,
    text,
    url,
)
from fakes.slack_elements import (
    BUTTON,
    FEEDBACK_BUTTONS,
    FILE_INPUT,
    ICON_BUTTON,
    IMAGE,
    MARKED,
    MULTI_SELECTS,
    OVERFLOW,
    PLAIN_TEXT_INPUT,
    SELECTS,
    SELECTS_FOR_MODALS,
)

_BLOCK: dict[str, Check] = {"block_id": ID}
_PRESSED = {"button": BUTTON, "overflow": OVERFLOW} | SELECTS | MULTI_SELECTS | MARKED
_ENTERED = {"plain_text_input": PLAIN_TEXT_INPUT} | MULTI_SELECTS | MARKED


def _input(selects: dict[str, Check]) -> Check:
    return form(
        {"label": plain(2000), "element": by_type(_ENTERED | selects)},
        _BLOCK | {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    )


def _names_its_actions_apart(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements")
    named = [each.get("action_id") for each in elements if isinstance(each, dict)] if isinstance(elements, list) else []
    if len({name for name in named if name}) < len([name for name in named if name]):
        yield ": the same action_id twice"


_TEXTS = {"plain_text": text(3000), "mrkdwn": text(3000)}
_STYLES = form({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED: dict[str, Check] = {"style": _STYLES}
_RICH_PARTS: dict[str, Check] = {
    "text": form({"text": string(12_000)}, _STYLED),
    "link": form({"url": url}, _STYLED | {"text": string(3000), "unsafe": boolean}),
    "emoji": form({"name": string(100)}, _STYLED | {"unicode": string(100), "skin_tone": integer(1, 6)}),
    "user": form({"user_id": string(32)}, _STYLED),
    "channel": form({"channel_id": string(32)}, _STYLED),
    "usergroup": form({"usergroup_id": string(32)}, _STYLED),
    "broadcast": form({"range": one_of("here", "channel", "everyone")}, _STYLED),
}
_RICH_SECTION = form({"elements": listed(by_type(_RICH_PARTS), 1000, least=0)}, {})
_RICH_PREFORMATTED = form(
    {"elements": listed(by_type({kind: _RICH_PARTS[kind] for kind in ("text", "link")}), 1000)},
    {"border": integer(0, 1)},
)
_RICH_QUOTE = form({"elements": listed(by_type(_RICH_PARTS), 1000)}, {"border": integer(0, 1)})
_RICH_LIST = form(
    {"elements": listed(by_type({"rich_text_section": _RICH_SECTION}), 1000), "style": one_of("bullet", "ordered")},
    {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
)
_RICH = by_type(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_list": _RICH_LIST,
        "rich_text_preformatted": _RICH_PREFORMATTED,
        "rich_text_quote": _RICH_QUOTE,
    }
)
RICH_TEXT = form({"elements": listed(_RICH, 1000)}, _BLOCK)

_CELL = by_type(
    {
        "raw_text": form({"text": string(12_000)}, {}),
        "raw_number": form({"value": lambda _: iter(()), "text": string(100)}, {}),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = form({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})


def _is_even_and_short(table: dict[str, Any]) -> Iterator[str]:
    rows = table.get("rows")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return
    if len({len(row) for row in rows}) > 1:
        yield ": rows of different lengths"
    together = sum(len(each) for each in all_texts(rows))
    if together > 10_000:
        yield f": {together} of at most 10000 characters in all cells"


def all_texts(value: Any) -> Iterator[str]:
    """Every text in blocks, or in parts of them."""
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from all_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from all_texts(inner)


def _collapses_if_collapsed(container: dict[str, Any]) -> Iterator[str]:
    if container.get("default_collapsed") and not container.get("is_collapsible"):
        yield ": default_collapsed needs is_collapsible"
    if container.get("has_header_divider") and container.get("is_collapsible"):
        yield ": has_header_divider can't be with is_collapsible"


_CARD = form(
    {},
    _BLOCK
    | {
        "hero_image": by_type({"image": IMAGE}),
        "icon": by_type({"image": IMAGE}),
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": listed(by_type({"button": BUTTON}), 3),
    },
    some_of("hero_image", "title", "actions", "body"),
)
# Of a task: what was done and what came of it, each a rich text of one element.
_TOLD = by_type({"rich_text": form({"elements": listed(_RICH, 1)}, _BLOCK)})
_TASK_CARD = form(
    {"task_id": string(255), "title": string(255)},
    _BLOCK
    | {
        "status": one_of("pending", "in_progress", "complete", "error"),
        "details": _TOLD,
        "output": _TOLD,
        "sources": listed(by_type({"url": form({"url": url, "text": string(3000)}, {})}), 100),
    },
)

_EVERYWHERE: dict[str, Check] = {
    "section": form(
        {},
        _BLOCK
        | {
            "text": text(3000),
            "fields": listed(text(2000), 10),
            "accessory": by_type(_PRESSED | {"image": IMAGE}),
            "expand": boolean,
        },
        some_of("text", "fields"),
    ),
    "divider": form({}, _BLOCK),
    "header": form({"text": plain(150)}, _BLOCK),
    "context": form({"elements": listed(by_type(_TEXTS | {"image": IMAGE}), 10)}, _BLOCK),
    "actions": form({"elements": listed(by_type(_PRESSED), 25)}, _BLOCK, _names_its_actions_apart),
    "input": _input(SELECTS),
    "rich_text": RICH_TEXT,
    "image": form(
        {"alt_text": string(2000)},
        _BLOCK
        | {
            "title": plain(2000),
            "image_url": url,
            "slack_file": form({}, {"id": ID, "url": url}, exactly_one("id", "url")),
        },
        exactly_one("image_url", "slack_file"),
    ),
}

_TABLE = form(
    {"rows": listed(listed(_CELL, 20), 100)},
    _BLOCK | {"column_settings": listed(lambda value: iter(()) if value is None else _COLUMN(value), 20)},
    _is_even_and_short,
)

# What both the documentation and Slack's own validator take as children.
_CONTAINED = {kind: _EVERYWHERE[kind] for kind in ("actions", "context", "divider", "header", "image", "section")}
_CONTAINER = form(
    {"child_blocks": listed(by_type(_CONTAINED | {"table": _TABLE}), 10)},
    _BLOCK
    | {
        "title": plain(150),
        "rich_text_title": by_type({"rich_text": RICH_TEXT}),
        "subtitle": text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "icon": by_type({"image": IMAGE}),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    some_of("title", "rich_text_title"),
    _collapses_if_collapsed,
)
_CAROUSEL = form({"elements": listed(by_type({"card": _CARD}), 10)}, _BLOCK)

# Which surface takes which blocks: https://docs.slack.dev/reference/block-kit/blocks.
MESSAGE_BLOCKS: dict[str, Check] = _EVERYWHERE | {
    "card": _CARD,
    "carousel": _CAROUSEL,
    "container": _CONTAINER,
    "context_actions": form(
        {"elements": listed(by_type({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON}), 5)},
        _BLOCK,
        _names_its_actions_apart,
    ),
    "markdown": form({"text": string(12_000)}, _BLOCK),
    "plan": form({"title": string(255)}, _BLOCK | {"tasks": listed(by_type({"task_card": _TASK_CARD}), 50)}),
    "table": _TABLE,
    "task_card": _TASK_CARD,
}
MODAL_BLOCKS: dict[str, Check] = _EVERYWHERE | {
    "alert": form({"text": text(3000)}, _BLOCK | {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "input": _input(SELECTS_FOR_MODALS | {"file_input": FILE_INPUT}),
}
HOME_BLOCKS: dict[str, Check] = _EVERYWHERE | {"card": _CARD, "carousel": _CAROUSEL}
