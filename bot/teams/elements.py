"""Elements of Adaptive Cards, version 1.5, made so that text from elsewhere can neither format, link nor mention.

Words of our own stand in a TextBlock, whose text is Markdown. Everything else stands in runs of a RichTextBlock, whose
text is shown as it is: a backslash before Markdown's characters is shown too on some of Teams' phones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

from bot.teams.reply import Card
from retrieval.wording import Language

Element = dict[str, Any]

LARGEST_CARD = 40_000
"""Bytes of a card's JSON in UTF-16. Teams takes 100 KB with all that is around it; a card that large is no card."""

# Made once: what makes it takes longer than a short element.
_encode = json.JSONEncoder(ensure_ascii=False).encode

# Bytes for the marks between the parts of a card, which are weighed one by one.
_JOINTS = 1000

# What a column of a phone's width holds: a longer word is given places where it may be broken.
_LONGEST_WORD = 18
_BROKEN_EVERY = 8
_LONG_WORD = re.compile(rf"[^\s/\-\u2e80-\u9fff\uff00-\uffef]{{{_LONGEST_WORD + 1},}}")
_BREAK = "\u200b"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

# Buttons do not wrap: how many a row may have, and what a phone's width holds of them, in Latin letters; the frame of a
# further one takes the room of some.
_BUTTONS_IN_A_ROW = 2
_LONGEST_BUTTON = 34
_BUTTON_FRAME = 4
_LONGEST_TOOLTIP = 200
_LONGEST_CHOICE = 80


def clean(text: str) -> str:
    """The text in one line, without control characters."""
    return " ".join((text if text.isprintable() else _CONTROLS.sub(" ", text)).split())


def cut(text: str, limit: int) -> str:
    """The text in one line of at most so many characters; where it is cut it ends in "…"."""
    line = clean(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def weigh(value: Any) -> int:
    """The bytes that it takes of `LARGEST_CARD`."""
    return len(_encode(value).encode("utf-16-le", "surrogatepass"))


def say(words: str, **style: Any) -> Element:
    """A paragraph of our own words, which may be Markdown."""
    return {"type": "TextBlock", "text": words, "wrap": True, **style}


def run(text: str, **style: Any) -> Element:
    """A piece of a paragraph, shown as it is written."""
    softened = _LONG_WORD.sub(_soften, text) if len(text) > _LONGEST_WORD else text
    return {"type": "TextRun", "text": softened, **style}


def _soften(word: re.Match[str]) -> str:
    whole = word[0]
    return _BREAK.join(whole[at : at + _BROKEN_EVERY] for at in range(0, len(whole), _BROKEN_EVERY))


def paragraph(*runs: Element, **style: Any) -> Element:
    """Runs, one behind the other; those that show nothing are left out."""
    shown = [each for each in runs if each["text"].strip()] or [run("…")]
    return {"type": "RichTextBlock", "inlines": shown, **style}


def container(items: Sequence[Element], **style: Any) -> Element:
    """Elements, one below the other."""
    return {"type": "Container", "items": list(items), **style}


def fold(name: str, items: Sequence[Element]) -> Element:
    """Elements that are hidden until a button of `toggle` shows them."""
    return container(items, id=name, isVisible=False, style="emphasis", spacing="Small")


def columns(items: Sequence[tuple[int, Sequence[Element]]]) -> Element:
    """Elements side by side, in columns as wide, in relation to one another, as is said."""
    return {
        "type": "ColumnSet",
        "columns": [{"type": "Column", "width": width, "items": list(each)} for width, each in items],
    }


def actions(buttons: Sequence[Element], **style: Any) -> Element:
    """Buttons in a row."""
    return {"type": "ActionSet", "actions": list(buttons), **style}


def rows_of_actions(buttons: Sequence[Element]) -> list[Element]:
    """Buttons in rows that a phone's width holds."""
    rows: list[list[Element]] = []
    room = 0
    for button in buttons:
        width = _measure(button["title"])
        room -= _BUTTON_FRAME + width
        if not rows or room < 0 or len(rows[-1]) == _BUTTONS_IN_A_ROW:
            rows.append([])
            room = _LONGEST_BUTTON - width
        rows[-1].append(button)
    return [actions(row, **({"spacing": "Small"} if at else {})) for at, row in enumerate(rows)]


def execute(title: str, verb: str, data: dict[str, str], *, with_inputs: bool = False) -> Element:
    """A button that asks the bot for a card or a word in return; the card's inputs come along on request only."""
    inputs = {} if with_inputs else {"associatedInputs": "none"}
    return {"type": "Action.Execute", **_title(title), "verb": verb, "data": {"verb": verb, **data}, **inputs}


def submit(title: str, verb: str, data: dict[str, str], *, with_inputs: bool = False) -> Element:
    """A button that counts as a message; the card's inputs come along on request only."""
    inputs = {} if with_inputs else {"associatedInputs": "none"}
    return {"type": "Action.Submit", **_title(title), "data": {"verb": verb, **data}, **inputs}


def toggle(title: str, name: str) -> Element:
    """A button that shows and hides a `fold`."""
    return {"type": "Action.ToggleVisibility", **_title(title), "targetElements": [name]}


def open_url(title: str, address: str) -> Element:
    """A button that opens an address of ours."""
    return {"type": "Action.OpenUrl", **_title(title), "url": address}


def _title(title: str) -> dict[str, str]:
    whole = clean(title) or "…"
    room, shown = _LONGEST_BUTTON, whole
    for at, char in enumerate(whole):
        room -= _measure(char)
        if room < 0:
            shown = whole[: at - 1].rstrip() + "…"
            break
    return {"title": shown} if shown == whole else {"title": shown, "tooltip": cut(whole, _LONGEST_TOOLTIP)}


def _measure(text: str) -> int:
    """The room that a text takes, in Latin letters."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def choices(name: str, label: str, options: Sequence[tuple[str, str]], value: str) -> Element:
    """A list that drops down, of titles and the values that they stand for, one of which is chosen already."""
    return {
        "type": "Input.ChoiceSet",
        "id": name,
        "style": "compact",
        "label": label,
        "value": value,
        "choices": [{"title": cut(title, _LONGEST_CHOICE) or "…", "value": each} for title, each in options],
    }


def tick(name: str, label: str, words: str, *, ticked: bool) -> Element:
    """A box to tick; its value is ``true`` or ``false``."""
    return {
        "type": "Input.Toggle",
        "id": name,
        "label": label,
        "title": words,
        "value": "true" if ticked else "false",
        "wrap": True,
    }


def fill(groups: Sequence[Sequence[Element]], room: int, more: str) -> list[Element]:
    """As many of the groups as there is room for, in bytes; ``more`` says of the rest how many (``count``)."""
    drawn: list[Element] = []
    told = weigh(say(more, isSubtle=True))
    for number, group in enumerate(groups):
        room -= sum(weigh(element) + 4 for element in group)
        if room < (told if number + 1 < len(groups) else 0):
            return [*drawn, say(more.format(count=len(groups) - number), isSubtle=True)]
        drawn += group
    return drawn


def measure_room(language: Language, *, reading: str) -> int:
    """The bytes that `LARGEST_CARD` leaves for a card's elements."""
    return LARGEST_CARD - _JOINTS - weigh(compose((), language, reading=reading))


def compose(body: Sequence[Element], language: Language, *, reading: str) -> Card:
    """A card.

    Args:
        body: its elements.
        language: of what it says.
        reading: what is said by a client that shows no such cards, or reads them out.
    """
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "lang": "zh" if language == "zh-Hant" else "en",
        "speak": escape_markup(reading),
        "fallbackText": escape_markdown(reading),
        "body": list(body),
    }


def escape_markup(text: str) -> str:
    """The text for ``speak``, which is taken for SSML."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_markdown(text: str) -> str:
    """The text for Teams' Markdown, in which it neither formats, links nor mentions."""
    return re.sub(r"([\\`*_{}\[\]#~|!]|^[-+>]|^[0-9]+[.)])", r"\\\1", escape_markup(text), flags=re.MULTILINE)
