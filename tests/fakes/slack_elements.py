"""Block Kit's elements, each with Slack's limits: https://docs.slack.dev/reference/block-kit/block-elements."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fakes.slack_checks import (
    CONFIRM,
    ID,
    MARKED_OPTION,
    OPTION,
    OPTION_GROUPS,
    OPTIONS,
    OVERFLOW_OPTION,
    Check,
    boolean,
    exactly_one,
    form,
    integer,
    listed,
    one_of,
    plain,
    string,
    url,
)

_STYLE = one_of("primary", "danger")
_MENU = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean, "placeholder": plain(150)}
_MULTI = _MENU | {"max_selected_items": integer(1, 100)}
_CHOICES = {"options": OPTIONS, "option_groups": OPTION_GROUPS}
_SOURCE = {"image_url": url, "slack_file": form({}, {"id": ID, "url": url}, exactly_one("id", "url"))}
_USER = _CHANNEL = string(32)

_FILTER = form(
    {},
    {
        "include": listed(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_FEEDBACK_BUTTON = form({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})


def all_options(element: dict[str, Any]) -> list[dict[str, Any]]:
    """The options that an element offers, those of its groups among them."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group.get("options", []))]


def _offers_its_initial(element: dict[str, Any]) -> Iterator[str]:
    """What is selected at first has to be among the options, exactly as it stands there."""
    initial = element.get("initial_options", [element["initial_option"]] if "initial_option" in element else [])
    try:
        offered = all_options(element)
    except AttributeError:
        return
    if any(option not in offered for option in initial):
        yield ": what is selected at first is not among the options"


def _spans_some_length(element: dict[str, Any]) -> Iterator[str]:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield ": min_length is above max_length"


IMAGE = form({"alt_text": string(2000)}, _SOURCE, exactly_one("image_url", "slack_file"))

BUTTON = form(
    {"text": plain(75)},
    {
        "action_id": ID,
        "url": url,
        "value": string(2000),
        "style": _STYLE,
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)

_CONVERSATIONS = _MENU | {
    "initial_conversation": _CHANNEL,
    "default_to_current_conversation": boolean,
    "filter": _FILTER,
}
_CHANNELS = _MENU | {"initial_channel": _CHANNEL}

SELECTS: dict[str, Check] = {
    "static_select": form(
        {}, _MENU | _CHOICES | {"initial_option": OPTION}, exactly_one("options", "option_groups"), _offers_its_initial
    ),
    "external_select": form({}, _MENU | {"initial_option": OPTION, "min_query_length": integer(0, 3000)}),
    "users_select": form({}, _MENU | {"initial_user": _USER}),
    "conversations_select": form({}, _CONVERSATIONS),
    "channels_select": form({}, _CHANNELS),
}

# In a modal's input blocks these can ask for a response URL, and nowhere else.
SELECTS_FOR_MODALS: dict[str, Check] = SELECTS | {
    "conversations_select": form({}, _CONVERSATIONS | {"response_url_enabled": boolean}),
    "channels_select": form({}, _CHANNELS | {"response_url_enabled": boolean}),
}

MULTI_SELECTS: dict[str, Check] = {
    "multi_static_select": form(
        {},
        _MULTI | _CHOICES | {"initial_options": listed(OPTION, 100)},
        exactly_one("options", "option_groups"),
        _offers_its_initial,
    ),
    "multi_external_select": form(
        {}, _MULTI | {"initial_options": listed(OPTION, 100), "min_query_length": integer(0, 3000)}
    ),
    "multi_users_select": form({}, _MULTI | {"initial_users": listed(_USER, 100)}),
    "multi_conversations_select": form(
        {},
        _MULTI
        | {
            "initial_conversations": listed(_CHANNEL, 100),
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_channels_select": form({}, _MULTI | {"initial_channels": listed(_CHANNEL, 100)}),
}

MARKED: dict[str, Check] = {
    "checkboxes": form(
        {"options": listed(MARKED_OPTION, 10)},
        {
            "action_id": ID,
            "initial_options": listed(MARKED_OPTION, 10),
            "confirm": CONFIRM,
            "focus_on_load": boolean,
        },
        _offers_its_initial,
    ),
    "radio_buttons": form(
        {"options": listed(MARKED_OPTION, 10)},
        {"action_id": ID, "initial_option": MARKED_OPTION, "confirm": CONFIRM, "focus_on_load": boolean},
        _offers_its_initial,
    ),
}

OVERFLOW = form({"options": listed(OVERFLOW_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM})

PLAIN_TEXT_INPUT = form(
    {},
    {
        "action_id": ID,
        "initial_value": string(3000, least=0),
        "multiline": boolean,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "dispatch_action_config": form(
            {}, {"trigger_actions_on": listed(one_of("on_enter_pressed", "on_character_entered"), 2)}
        ),
        "focus_on_load": boolean,
        "placeholder": plain(150),
    },
    _spans_some_length,
)

FILE_INPUT = form({}, {"action_id": ID, "filetypes": listed(string(16), 100), "max_files": integer(1, 10)})

FEEDBACK_BUTTONS = form({"positive_button": _FEEDBACK_BUTTON, "negative_button": _FEEDBACK_BUTTON}, {"action_id": ID})

ICON_BUTTON = form(
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "action_id": ID,
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": listed(_USER, 10),
    },
)
