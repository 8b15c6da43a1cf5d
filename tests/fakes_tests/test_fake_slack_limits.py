"""The fake of Slack refuses every message that Slack refuses, and takes what Slack's own classes take."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from fakes.slack_block_kinds import HOME_BLOCKS, MESSAGE_BLOCKS, MODAL_BLOCKS
from fakes.slack_limits import find_pings, refuse_message
from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks import blocks as sdk_blocks

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def options(count: int) -> list[Json]:
    """So many options."""
    return [{"text": plain(f"Option {number}"), "value": str(number)} for number in range(count)]


def rich(text: str) -> Json:
    """A rich text of one section."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


IMAGE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "A"}
CONFIRM = {"title": plain("Sure?"), "text": plain("It goes."), "confirm": plain("Yes"), "deny": plain("No")}
BUTTON = {"type": "button", "text": plain("Source"), "action_id": "source", "value": "5.1", "confirm": CONFIRM}
SELECT = {"type": "static_select", "action_id": "s", "placeholder": plain("Choose"), "options": options(2)}
EXTERNAL = {"type": "external_select", "action_id": "e", "placeholder": plain("Type"), "min_query_length": 0}
CONVERSATIONS = {"type": "conversations_select", "action_id": "c", "filter": {"include": ["public", "private"]}}
OVERFLOW = {"type": "overflow", "action_id": "o", "options": options(2)}
RADIO = {"type": "radio_buttons", "action_id": "r", "options": options(2)}
CHECKBOXES = {"type": "checkboxes", "action_id": "x", "options": options(2)}
INPUT = {"type": "plain_text_input", "action_id": "i", "multiline": True, "max_length": 3000}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad", "accessibility_label": "Not helpful"},
}
ICON = {"type": "icon_button", "action_id": "t", "icon": "trash", "text": plain("Delete")}
CARD = {"type": "card", "title": mrkdwn("Title"), "body": mrkdwn("Body"), "actions": [BUTTON]}
TASK = {"type": "task_card", "task_id": "1", "title": "Looking", "status": "complete", "output": rich("found")}

BLOCKS: dict[str, Json] = {
    "section": {"type": "section", "text": mrkdwn("*Hello*"), "accessory": BUTTON, "expand": True},
    "fields": {"type": "section", "fields": [mrkdwn("a"), plain("b")]},
    "divider": {"type": "divider", "block_id": "d"},
    "header": {"type": "header", "text": plain("Header")},
    "context": {"type": "context", "elements": [mrkdwn("a"), plain("b"), IMAGE]},
    "actions": {"type": "actions", "elements": [BUTTON, SELECT, EXTERNAL, CONVERSATIONS, OVERFLOW, RADIO, CHECKBOXES]},
    "context_actions": {"type": "context_actions", "elements": [FEEDBACK, ICON]},
    "input": {"type": "input", "label": plain("Label"), "hint": plain("Hint"), "element": INPUT, "optional": True},
    "rich_text": rich("text"),
    "image": {**IMAGE, "title": plain("Title")},
    "markdown": {"type": "markdown", "text": "**Hello**"},
    "table": {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "a"}, rich("b")],
            [{"type": "raw_number", "value": 1, "text": "1"}, {"type": "raw_text", "text": "-"}],
        ],
        "column_settings": [{"align": "right", "is_wrapped": True}, None],
    },
    "task_card": TASK,
    "plan": {"type": "plan", "title": "Plan", "tasks": [TASK]},
    "card": CARD,
    "carousel": {"type": "carousel", "elements": [CARD]},
    "container": {"type": "container", "title": plain("Title"), "child_blocks": [{"type": "divider"}], "width": "wide"},
}

# Slack's classes for what this service never sends.
_NOT_SENT = {"auth_provider", "call", "file", "video"}


def message(*blocks: Json) -> Json:
    """A message of those blocks."""
    return {"text": "Hello", "blocks": list(blocks)}


def change(block: Json, path: str, value: Any) -> Json:
    """The block with the value put at the path, or taken away there if it is None."""
    changed = copy.deepcopy(block)
    *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
    holder: Any = changed
    for step in way:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return changed


@pytest.mark.parametrize("name", BLOCKS)
def test_a_good_block_is_taken(name: str) -> None:
    """What Slack's documentation gives as good the fake takes, and Slack's own classes find no fault with it."""
    assert refuse_message(message(BLOCKS[name])) is None
    parsed = Block.parse(BLOCKS[name])
    assert parsed is not None
    parsed.validate_json()


def test_every_kind_of_block_is_known() -> None:
    """The fake knows every block of Slack's classes but those that the service has no use for."""
    classes = [each for each in vars(sdk_blocks).values() if isinstance(each, type) and issubclass(each, Block)]
    kinds = {each.type for each in classes if isinstance(getattr(each, "type", None), str)}
    assert kinds == MESSAGE_BLOCKS.keys() | MODAL_BLOCKS.keys() | _NOT_SENT
    assert {block["type"] for block in BLOCKS.values()} == MESSAGE_BLOCKS.keys()
    assert MODAL_BLOCKS.keys() - MESSAGE_BLOCKS.keys() == {"alert"}
    assert HOME_BLOCKS.keys() <= MESSAGE_BLOCKS.keys()


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("section", "type", "sectoin"),
        ("section", "texts", "unknown"),
        ("section", "text", None),
        ("section", "text", mrkdwn("")),
        ("section", "text", mrkdwn(" \n")),
        ("section", "text", mrkdwn("x" * 3001)),
        ("section", "text", {"type": "text", "text": "x"}),
        ("section", "text", {"type": "mrkdwn", "text": "x", "emoji": True}),
        ("section", "text", {"type": "plain_text", "text": "x", "verbatim": True}),
        ("section", "text", "x"),
        ("section", "block_id", ""),
        ("section", "block_id", "x" * 256),
        ("section", "expand", "yes"),
        ("section", "accessory", INPUT),
        ("section", "accessory", FEEDBACK),
        ("fields", "fields", []),
        ("fields", "fields", [plain("x")] * 11),
        ("fields", "fields.0.text", "x" * 2001),
        ("header", "text", mrkdwn("x")),
        ("header", "text.text", "x" * 151),
        ("context", "elements", []),
        ("context", "elements", [plain("x")] * 11),
        ("context", "elements.0", BUTTON),
        ("context", "elements.2.alt_text", None),
        ("context", "elements.2.image_url", None),
        ("context", "elements.2.image_url", "ftp://example.org"),
        ("image", "image_url", "https://example.org/" + "x" * 3000),
        ("image", "alt_text", "x" * 2001),
        ("image", "slack_file", {"id": "F0"}),
        ("actions", "elements", []),
        ("actions", "elements", [{**BUTTON, "action_id": str(number)} for number in range(26)]),
        ("actions", "elements", [BUTTON, BUTTON]),
        ("actions", "elements.0", FEEDBACK),
        ("actions", "elements.0", INPUT),
        ("actions", "elements.0.text", mrkdwn("x")),
        ("actions", "elements.0.text.text", "x" * 76),
        ("actions", "elements.0.value", "x" * 2001),
        ("actions", "elements.0.value", ""),
        ("actions", "elements.0.url", "https://example.org/" + "x" * 3000),
        ("actions", "elements.0.url", "javascript:alert(1)"),
        ("actions", "elements.0.style", "default"),
        ("actions", "elements.0.accessibility_label", "x" * 76),
        ("actions", "elements.0.action_id", "x" * 256),
        ("actions", "elements.0.action_id", ""),
        ("actions", "elements.0.confirm.title.text", "x" * 101),
        ("actions", "elements.0.confirm.text.text", "x" * 301),
        ("actions", "elements.0.confirm.text", mrkdwn("x")),
        ("actions", "elements.0.confirm.confirm.text", "x" * 31),
        ("actions", "elements.0.confirm.deny", None),
        ("actions", "elements.0.confirm.style", "warning"),
        ("actions", "elements.1.options", []),
        ("actions", "elements.1.options", options(101)),
        ("actions", "elements.1.options", None),
        ("actions", "elements.1.option_groups", [{"label": plain("x"), "options": options(1)}]),
        ("actions", "elements.1.options.0.text.text", "x" * 76),
        ("actions", "elements.1.options.0.text", mrkdwn("x")),
        ("actions", "elements.1.options.0.value", "x" * 151),
        ("actions", "elements.1.options.0.description", plain("x" * 76)),
        ("actions", "elements.1.options.0.url", "https://example.org"),
        ("actions", "elements.1.placeholder.text", "x" * 151),
        ("actions", "elements.1.initial_option", {"text": plain("Option 0"), "value": "other"}),
        ("actions", "elements.2.options", options(1)),
        ("actions", "elements.2.min_query_length", -1),
        ("actions", "elements.3.filter.include", []),
        ("actions", "elements.3.filter.include", ["everything"]),
        ("actions", "elements.3.response_url_enabled", True),
        ("actions", "elements.4.options", []),
        ("actions", "elements.4.options", options(6)),
        ("actions", "elements.4.placeholder", plain("x")),
        ("actions", "elements.5.options", options(11)),
        ("actions", "elements.5.placeholder", plain("x")),
        ("actions", "elements.6.options", options(11)),
        ("actions", "elements.6.initial_options", options(3)[2:]),
        ("context_actions", "elements", [ICON] * 6),
        ("context_actions", "elements", []),
        ("context_actions", "elements.0", BUTTON),
        ("context_actions", "elements.0.positive_button", None),
        ("context_actions", "elements.0.positive_button.text.text", "x" * 76),
        ("context_actions", "elements.0.negative_button.value", "x" * 2001),
        ("context_actions", "elements.0.negative_button.value", None),
        ("context_actions", "elements.0.negative_button.style", "danger"),
        ("context_actions", "elements.0.negative_button.accessibility_label", "x" * 76),
        ("context_actions", "elements.1.icon", "pencil"),
        ("input", "label", mrkdwn("x")),
        ("input", "label.text", "x" * 2001),
        ("input", "hint.text", "x" * 2001),
        ("input", "element", BUTTON),
        ("input", "element.max_length", 3001),
        ("input", "element.max_length", 0),
        ("input", "element.min_length", 3001),
        ("input", "element.multiline", "yes"),
        ("input", "element.dispatch_action_config", {"trigger_actions_on": ["on_blur"]}),
        ("rich_text", "elements", []),
        ("rich_text", "elements.0.type", "section"),
        ("rich_text", "elements.0.elements.0", {"type": "link", "url": "no address"}),
        ("rich_text", "elements.0.elements.0.style", {"loud": True}),
        ("markdown", "text", ""),
        ("markdown", "text", "x" * 12_001),
        ("table", "rows", []),
        ("table", "rows", [[{"type": "raw_text", "text": "x"}]] * 101),
        ("table", "rows", [[{"type": "raw_text", "text": "x"}] * 21]),
        ("table", "rows", [[{"type": "raw_text", "text": "x" * 1001}]] * 10),
        ("table", "rows.0", []),
        ("table", "rows.0.0.text", ""),
        ("table", "rows.0.0.type", "mrkdwn"),
        ("table", "rows.0.1", None),
        ("table", "column_settings", [{}] * 21),
        ("table", "column_settings.0.align", "justify"),
        ("task_card", "status", "done"),
        ("task_card", "output.elements", rich("x")["elements"] * 2),
        ("task_card", "task_id", None),
        ("plan", "title", None),
        ("card", "title", mrkdwn("x" * 151)),
        ("card", "body", mrkdwn("x" * 201)),
        ("card", "subtitle", mrkdwn("x" * 151)),
        ("card", "actions", [BUTTON] * 4),
        ("card", "actions.0", SELECT),
        ("carousel", "elements", []),
        ("carousel", "elements", [CARD] * 11),
        ("carousel", "elements.0", {"type": "divider"}),
        ("container", "child_blocks", []),
        ("container", "child_blocks", [{"type": "divider"}] * 11),
        ("container", "child_blocks.0", rich("x")),
        ("container", "title", None),
        ("container", "title.text", "x" * 151),
        ("container", "width", "broad"),
        ("container", "default_collapsed", True),
    ],
)
def test_a_bad_block_is_refused(name: str, path: str, value: Any) -> None:
    """One change for the worse, and the message is refused as invalid_blocks with a pointer to the place."""
    changed = change(BLOCKS[name], path, value)
    refusal = refuse_message(message(changed))
    assert refusal
    error, reasons = refusal
    assert error == "invalid_blocks"
    assert all(reason.startswith("/blocks") for reason in reasons)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"blocks": [{"type": "divider"}]}, "no_text"),
        ({"text": "  "}, "no_text"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({"text": "x", "blocks": "[]"}, "invalid_blocks_format"),
        (message(*[{"type": "divider"}] * 51), "invalid_blocks"),
        (message(*[{"type": "divider", "block_id": "same"}] * 2), "invalid_blocks"),
        (message(BLOCKS["table"], BLOCKS["table"]), "invalid_blocks"),
        (message(*[{"type": "markdown", "text": "x" * 6001}] * 2), "invalid_blocks"),
        (message({"type": "alert", "text": plain("x")}), "invalid_blocks"),
        (message("text"), "invalid_blocks"),  # type: ignore[arg-type]
        (message(*[{"type": "section", "text": plain("x" * 2700)}] * 5), "msg_blocks_too_long"),
    ],
)
def test_a_bad_message_is_refused(sent: Json, error: str) -> None:
    """What holds for a message as a whole has an error code of its own."""
    refusal = refuse_message(sent)
    assert refusal
    assert refusal[0] == error


def test_pings_are_found_wherever_they_stand() -> None:
    """A mention or a link in any text of a message is found, in the blocks as in the text beside them."""
    context = {"type": "context", "elements": [mrkdwn("<!channel> &lt;@U1&gt;")]}
    sent = {"text": "<@U0BOSS> 1 < 2 > 1", "blocks": [context]}
    assert find_pings(sent) == ["<@U0BOSS>", "<!channel>"]
