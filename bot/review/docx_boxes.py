"""Boxes to tick in a cell of a Word document: "☐ Yes ☐ No", as signs or as content controls. Pure."""

from __future__ import annotations

from typing import Any, NamedTuple

_EMPTY, _TICKED = "☐□❏◻", "☒☑✓✔☓■"
_TICK = {"☐": "☒", "□": "■", "❏": "■", "◻": "■"}
_UNTICK = {"■": "□", **dict.fromkeys("☒☑✓✔☓", "☐")}
ALONE = frozenset(_EMPTY + _TICKED)
"""Boxes, ticked or not, as a cell may hold one without words."""

_CHECKED = "{http://schemas.microsoft.com/office/word/2010/wordml}checked"
_VALUE = "{http://schemas.microsoft.com/office/word/2010/wordml}val"
_LONGEST_LABEL = 60


class Box(NamedTuple):
    """A box: its label, the text element it stands in and where, and whether it is ticked."""

    label: str
    held: Any
    at: int
    ticked: bool


def list_boxes(texts: list[Any], *, behind: bool = False) -> list[Box]:
    """The boxes in a cell, each with the words behind it; none where the cell holds anything else.

    Args:
        texts: the cell's text elements, in order; None for a line break.
        behind: whether words may stand before the first box.
    """
    if not any(sign in _text(element) for element in texts for sign in _EMPTY + _TICKED):
        return []
    signs = [(element, at, sign) for element in texts for at, sign in enumerate(_text(element))]
    places = [number for number, (_, _, sign) in enumerate(signs) if sign in _EMPTY + _TICKED]
    if len(places) < 2 or (not behind and "".join(sign for _, _, sign in signs[: places[0]]).strip()):
        return []
    boxes: list[Box] = []
    for number, until in zip(places, [*places[1:], len(signs)], strict=True):
        element, at, sign = signs[number]
        label = "".join(sign for _, _, sign in signs[number + 1 : until]).strip(" \t\n\u00a0,;/|")
        boxes.append(Box(label, element, at, sign in _TICKED))
    return boxes if all(0 < len(box.label) <= _LONGEST_LABEL for box in boxes) else []


def tick(boxes: list[Box], chosen: str) -> None:
    """Tick the box of a label, and no other."""
    for box in boxes:
        wanted = box.label == chosen
        if wanted == box.ticked:
            continue
        sign = box.held.text[box.at]
        put = (_TICK if wanted else _UNTICK)[sign]
        redraw(box.held, box.held.text[: box.at] + put + box.held.text[box.at + 1 :], ticked=wanted)


def redraw(element: Any, text: str, *, ticked: bool) -> None:
    """Give a text element with a box another text, and its content control the state."""
    element.text = text
    checked = _find_checked(element)
    if checked is not None:
        checked.set(_VALUE, "1" if ticked else "0")


def _text(element: Any) -> str:
    return "\n" if element is None else element.text or ""


def _find_checked(element: Any) -> Any:
    """The state of the content control that a box is drawn by."""
    parent = element.getparent()
    while parent is not None and not str(parent.tag).endswith("}p"):
        if str(parent.tag).endswith("}sdt"):
            return next(parent.iter(_CHECKED), None)
        parent = parent.getparent()
    return None
