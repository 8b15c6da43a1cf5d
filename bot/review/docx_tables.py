"""The tables of a Word document as grids of texts, and cells that are filled without touching the rest. Pure."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml import etree

from bot.review.docx_boxes import ALONE, Box, list_boxes, redraw, tick
from bot.review.model import ReviewError
from bot.review.ticks import EMPTY_BOXES

MOST_CELLS = 400_000
"""Cells that are read: 20,000 questions in tables of 20 columns."""

_WIDEST = 63
"""Columns that Word has at most in a table."""
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# What XML can't hold.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Of a paragraph mark's properties: those that say it was inserted or deleted belong to the mark alone.
_MARKS_OWN = ("ins", "del", "moveFrom", "moveTo", "rPrChange")
_SKIPPED = ("del", "moveFrom", "pPr", "rPr", "sdtPr", "instrText", "pict", "drawing", "object")
_PLACEHOLDER = "Choose an item."


class Grid(NamedTuple):
    """A table: its texts by row and column, and the cells that begin there and are no continuation of one above."""

    texts: list[list[str]]
    cells: dict[tuple[int, int], Any]


class Words:
    """The names of a document's XML, which has two namespaces: the usual one and that of strict documents."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self._names: dict[str, str] = {}
        self.skipped = frozenset(map(self, _SKIPPED))

    def __call__(self, name: str) -> str:
        """A name with its namespace, as lxml writes it."""
        if name not in self._names:
            self._names[name] = f"{{{self.namespace}}}{name}"
        return self._names[name]

    def value(self, element: Any, name: str = "val") -> str:
        """An attribute, empty where it isn't there."""
        return "" if element is None else element.get(self(name), "")

    def make(self, name: str, *held: Any, **attributes: str) -> Any:
        """An element with attributes and children."""
        element = etree.Element(self(name), {self(key): text for key, text in attributes.items()})
        element.extend(held)
        return element

    def run(self, text: str, properties: Any = None) -> Any:
        """A run of text; a line break where it has one."""
        run = self.make("r")
        if properties is not None and len(properties):
            run.append(properties)
        for number, line in enumerate(clean(text).splitlines()):
            if number:
                run.append(self.make("br"))
            held = self.make("t")
            held.text = line
            held.set(_SPACE, "preserve")
            run.append(held)
        return run


def clean(text: str) -> str:
    """A text without what XML can't hold."""
    return _ILLEGAL.sub("", text)


def read_grid(table: Any, words: Words, so_far: int = 0) -> Grid:
    """A table's grid; a cell over several columns stands in the first.

    Raises:
        ReviewError: together with those counted so far, there are too many cells.
    """
    texts: list[list[str]] = []
    cells: dict[tuple[int, int], Any] = {}
    for number, row in enumerate(list_rows(table, words)):
        line: list[str] = [""] * _count(row.find(f"{words('trPr')}/{words('gridBefore')}"), words, 0)
        for cell in _inside(row, words("tc"), words):
            properties = cell.find(words("tcPr"))
            merged = None if properties is None else properties.find(words("vMerge"))
            if merged is None or words.value(merged) == "restart":
                cells[number, len(line)] = cell
                line.append(read_text(cell, words))
            else:
                line.append("")
            span = None if properties is None else properties.find(words("gridSpan"))
            line += [""] * (_count(span, words, 1) - 1)
            so_far += 1
            if so_far > MOST_CELLS:
                raise ReviewError("The document's tables have more than {most:,} cells. Split it.", most=MOST_CELLS)
        texts.append(line)
    return Grid(texts, cells)


def list_rows(table: Any, words: Words) -> list[Any]:
    """A table's rows, those in content controls too."""
    return list(_inside(table, words("tr"), words))


def _inside(parent: Any, tag: str, words: Words) -> Iterator[Any]:
    """The children of a tag, content controls and marks of changes around them taken as not there."""
    passed = (words("sdt"), words("sdtContent"), words("ins"), words("customXml"))
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in passed:
            yield from _inside(child, tag, words)


def _count(element: Any, words: Words, without: int) -> int:
    held = words.value(element)
    return min(int(held), _WIDEST) if held.isascii() and held.isdigit() else without


def read_text(cell: Any, words: Words) -> str:
    """A cell's text as it is read: a line for each paragraph; without nested tables, deletions and placeholders.

    Of boxes to tick, it is the words behind those that are ticked.
    """
    boxes = _read_boxes(cell, words)
    if boxes:
        return ", ".join(box.label for box in boxes if box.ticked)
    lines = ["".join(_read(paragraph, words)) for paragraph in _inside(cell, words("p"), words)]
    return "\n".join(lines).strip()


def _read_boxes(cell: Any, words: Words) -> list[Box]:
    texts: list[Any] = []
    for paragraph in _inside(cell, words("p"), words):
        texts += [*paragraph.iter(words("t")), None]
    return list_boxes(texts)


def read_paragraph(paragraph: Any, words: Words) -> str:
    """A paragraph's text."""
    return "".join(_read(paragraph, words)).strip()


def _read(element: Any, words: Words) -> Iterator[str]:
    control = element if element.tag == words("sdt") else _control_around(element, words)
    if control is not None and _is_blank(control, words):
        return
    for child in element:
        if child.tag == words("t"):
            yield child.text or ""
        elif child.tag in (words("tab"), words("ptab")):
            yield "\t"
        elif child.tag in (words("br"), words("cr")):
            yield "\n"
        elif child.tag == words("noBreakHyphen"):
            yield "-"
        elif (
            isinstance(child.tag, str)
            and child.tag not in words.skipped
            and not child.tag.endswith("}AlternateContent")
        ):
            yield from _read(child, words)


def _control_around(paragraph: Any, words: Words) -> Any:
    """The content control that holds a paragraph or its cell, and nothing else."""
    content = paragraph.getparent()
    if content is not None and content.tag == words("tc"):
        content = content.getparent()
    if content is None or content.tag != words("sdtContent"):
        return None
    return content.getparent()


def _is_blank(control: Any, words: Words) -> bool:
    """Whether a content control shows its placeholder only."""
    shown = control.find(f"{words('sdtPr')}/{words('showingPlcHdr')}")
    return shown is not None and words.value(shown) not in ("0", "false", "off")


def list_dropdown(cell: Any, words: Words) -> tuple[str, ...]:
    """What a cell's dropdown or boxes allow, without the line that only asks to choose; empty where it has none."""
    boxes = _read_boxes(cell, words)
    if boxes:
        return tuple(dict.fromkeys(box.label for box in boxes))
    control = _find_control(cell, words)
    return tuple(dict.fromkeys(shown for shown, _ in _list_items(control, words))) if control is not None else ()


def _list_items(control: Any, words: Words) -> list[tuple[str, str]]:
    """A dropdown's items as they are shown, and their values."""
    items: list[tuple[str, str]] = []
    for kind in ("dropDownList", "comboBox"):
        for item in control.iterfind(f"{words('sdtPr')}/{words(kind)}/{words('listItem')}"):
            value = words.value(item, "value")
            if value:
                items.append((words.value(item, "displayText") or value, value))
    return items


def _find_control(cell: Any, words: Words) -> Any:
    """The content control that an answer goes into: around the cell, or the first inside it."""
    around = cell.getparent()
    if around is not None and around.tag == words("sdtContent"):
        return around.getparent()
    for paragraph in _inside(cell, words("p"), words):
        holder = _control_around(paragraph, words)
        if holder is not None:
            return holder
        inside = next(paragraph.iter(words("sdt")), None)
        if inside is not None:
            return inside
    return None


def write_text(cell: Any, text: str, words: Words) -> None:
    """Put an answer into a cell that is blank, or holds an answer of ours; its formatting stays.

    Where it has a content control, the answer goes into that; where it has boxes, the answer's is ticked.
    """
    boxes = _read_boxes(cell, words)
    if boxes:
        tick(boxes, text)
        return
    control = _find_control(cell, words)
    paragraph = next(_inside(cell, words("p"), words), None)
    if control is not None:
        content = control.find(words("sdtContent"))
        if content is None:
            content = words.make("sdtContent")
            control.append(content)
        inner = next(content.iter(words("p")), None)
        place = (
            content
            if inner is None and cell.getparent() is not content
            else (inner if inner is not None else paragraph)
        )
        _choose(control, text, words)
    else:
        place = paragraph
    if place is None:
        place = words.make("p")
        cell.append(place)
    for run in [run for run in place.iter(words("r")) if run.find(words("t")) is not None]:
        run.getparent().remove(run)
    shown = text or (_PLACEHOLDER if control is not None else "")
    if shown:
        place.append(words.run(shown, _copy_properties(place, control, words)))


def tick_cell(cell: Any, text: str, words: Words) -> None:
    """Put a mark into a cell, or none; a box that stands there alone is ticked or cleared, its content control too."""
    for element in cell.iter(words("t")):
        held = (element.text or "").strip()
        if held in ALONE and text in ALONE:
            redraw(element, text, ticked=text not in EMPTY_BOXES)
            return
    write_text(cell, text, words)


def _choose(control: Any, text: str, words: Words) -> None:
    """Set a content control to an answer; to its placeholder where there is none."""
    properties = control.find(words("sdtPr"))
    if properties is None:
        return
    showing = properties.find(words("showingPlcHdr"))
    if text and showing is not None:
        properties.remove(showing)
    elif not text and showing is None:
        showing = words.make("showingPlcHdr")
        kinds = [properties.find(words(kind)) for kind in ("dropDownList", "comboBox", "text", "richText")]
        kind = next((kind for kind in kinds if kind is not None), None)
        properties.append(showing) if kind is None else kind.addprevious(showing)
    chosen = dict(_list_items(control, words)).get(text)
    for kind in ("dropDownList", "comboBox"):
        listed = properties.find(words(kind))
        if listed is not None and chosen is not None:
            listed.set(words("lastValue"), chosen)


def _copy_properties(place: Any, control: Any, words: Words) -> Any:
    """How a text is written there: as its content control says, else as the paragraph's mark is."""
    source = None if control is None else control.find(f"{words('sdtPr')}/{words('rPr')}")
    if source is None:
        paragraph = place if place.tag == words("p") else place.getparent()
        while paragraph is not None and paragraph.tag != words("p"):
            paragraph = paragraph.getparent()
        source = None if paragraph is None else paragraph.find(f"{words('pPr')}/{words('rPr')}")
    if source is None:
        return None
    copied = copy.deepcopy(source)
    copied.tail = None
    for name in _MARKS_OWN:
        for child in copied.findall(words(name)):
            copied.remove(child)
    return copied
