"""What can be pressed, chosen and filled in, each within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.slack.mrkdwn import Block, cut, plain
from bot.values import LONGEST_OPTION_VALUE, Pointer, Rating, pack

Element = dict[str, Any]
Option = dict[str, Any]

MOST_CHOICES = 100
"""Options that a select may have."""

_LONGEST_LABEL = 75


def label(text: str, limit: int = _LONGEST_LABEL) -> dict[str, Any]:
    """The words on something that can be pressed or chosen."""
    return plain(cut(text, limit))


def button(text: str, action_id: str, value: str, *, style: str = "", confirm: dict[str, Any] | None = None) -> Element:
    """A button; ``style`` is ``primary``, ``danger`` or none."""
    element: Element = {"type": "button", "text": label(text), "action_id": action_id, "value": value}
    return element | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def confirmation(title: str, text: str, yes: str, no: str) -> dict[str, Any]:
    """What is asked before a button takes effect."""
    return {"title": label(title, 100), "text": label(text, 300), "confirm": label(yes, 30), "deny": label(no, 30)}


def option(text: str, value: str) -> Option:
    """One of several to choose from."""
    return {"text": label(text), "value": value}


def clause_option(text: str, pointer: Pointer, limit: int = _LONGEST_LABEL) -> Option | None:
    """A clause to choose; the guide is left out where a value has no room for it, and the option if not even then."""
    if max(len(pointer.ref), len(pointer.guide)) > LONGEST_OPTION_VALUE:
        return None
    value = pack(pointer)
    if len(value) > LONGEST_OPTION_VALUE:
        value = pack(Pointer(pointer.ref, language=pointer.language))
    return {"text": label(text, limit), "value": value} if len(value) <= LONGEST_OPTION_VALUE else None


def select(action_id: str, placeholder: str, options: Sequence[Option], initial: Option | None = None) -> Element:
    """A list that drops down, of at most 100 options."""
    element = {
        "type": "static_select",
        "action_id": action_id,
        "placeholder": label(placeholder, 150),
        "options": list(options),
    }
    return element | ({"initial_option": initial} if initial else {})


def external_select(action_id: str, placeholder: str, initial: Option | None = None) -> Element:
    """A list that is asked for while one types; all of it before the first letter."""
    element = {
        "type": "external_select",
        "action_id": action_id,
        "placeholder": label(placeholder, 150),
        "min_query_length": 0,
    }
    return element | ({"initial_option": initial} if initial else {})


def channel_select(action_id: str, placeholder: str, initial: str | None = None) -> Element:
    """A list of the workspace's channels, the private ones that one is in among them."""
    element = {
        "type": "conversations_select",
        "action_id": action_id,
        "placeholder": label(placeholder, 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    return element | ({"initial_conversation": initial} if initial else {})


def radio_buttons(action_id: str, options: Sequence[Option], initial: Option | None = None) -> Element:
    """One of a few, all of them seen."""
    element = {"type": "radio_buttons", "action_id": action_id, "options": list(options)}
    return element | ({"initial_option": initial} if initial else {})


def checkbox(action_id: str, only: Option, *, ticked: bool) -> Element:
    """One box to tick."""
    element = {"type": "checkboxes", "action_id": action_id, "options": [only]}
    return element | ({"initial_options": [only]} if ticked else {})


def text_input(action_id: str, longest: int) -> Element:
    """Some lines to write, of so many characters at most."""
    return {"type": "plain_text_input", "action_id": action_id, "multiline": True, "max_length": longest}


def file_input(action_id: str, endings: Sequence[str]) -> Element:
    """A place for one file, of at most 10 MB, as Slack has it; what is chosen is to be checked all the same."""
    return {"type": "file_input", "action_id": action_id, "filetypes": list(endings), "max_files": 1}


def field(name: str, element: Element, *, optional: bool = False, hint: str = "") -> Block:
    """A named part of a form; its block is called as its element."""
    block = {
        "type": "input",
        "block_id": element["action_id"],
        "label": label(name, 2000),
        "element": element,
        "optional": optional,
    }
    return block | ({"hint": label(hint, 2000)} if hint else {})


def actions(elements: Sequence[Element]) -> Block:
    """Buttons and selects in a row."""
    return {"type": "actions", "elements": list(elements)}


def feedback_buttons(action_id: str, good: str, bad: str, rating: Rating) -> Block:
    """Thumbs up and down under an answer; ``good`` and ``bad`` are what a screen reader says."""
    up = Rating(rating.answer_id, True, rating.language)
    down = Rating(rating.answer_id, False, rating.language)
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action_id,
                "positive_button": _thumb("👍", good, up),
                "negative_button": _thumb("👎", bad, down),
            }
        ],
    }


def _thumb(sign: str, said: str, rating: Rating) -> Element:
    text = {"type": "plain_text", "text": sign, "emoji": True}
    return {"text": text, "accessibility_label": said[:_LONGEST_LABEL], "value": pack(rating)}
