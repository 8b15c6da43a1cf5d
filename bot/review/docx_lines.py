"""Questions in a Word document's text, outside of its tables, and the blank places behind them. Pure.

A paragraph is a question where it asks and ends in a question mark, or where it asks or binds and a place to answer
follows: a line that begins with "Answer:", one to write on, boxes to tick, or an empty one behind a numbered question.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.review.docx_boxes import ALONE, Box, list_boxes, tick
from bot.review.docx_tables import Words, read_paragraph
from bot.review.headings import is_asking, is_binding, is_none, strip_numbering

# Characters of a question; a longer paragraph is prose.
_LONGEST = 1000
_LINE = re.compile(r"[_＿]{3,}|[.…]{4,}|…{2,}")
_LABEL = re.compile(
    r"\s*(?:(?:your |vendor |supplier |provider )?(?:answer|response|reply)|答|答案|答覆|回覆|回答|回應)\s*[:：]\s*",
    re.IGNORECASE,
)
# What an empty paragraph's runs may hold, and what is no paragraph of its own to write in.
_NOTHING = ("rPr", "t", "lastRenderedPageBreak")

Written = Callable[[int, str], Mapping[str, str]]


class Line(NamedTuple):
    """A question in the text.

    ``row`` is the paragraph's number outside of tables, from 1, empty ones counted. ``boxes`` are what is ticked,
    ``place`` is the paragraph that the answer goes into otherwise, None where there is none; ``held`` is what stands
    there for an answer already.
    """

    row: int
    text: str
    boxes: tuple[Box, ...]
    place: Any
    held: str


def find_lines(paragraphs: Sequence[Any], words: Words, written: Written) -> Iterator[Line]:
    """The questions among paragraphs.

    Args:
        paragraphs: those outside of tables, in order; None where a table stands between.
        words: the names of the document's XML.
        written: what Clausebot wrote before about a question, by its row and text; empty for nothing.
    """
    row, taken = 0, None
    for number, paragraph in enumerate(paragraphs):
        if paragraph is None:
            continue
        row += 1
        text = _read_question(paragraph, words)
        if paragraph is taken or not text or len(text) > _LONGEST or is_none(text) or _is_contents(paragraph, words):
            continue
        line = _read(row, text, paragraphs[number:], words, written(row, text))
        if line:
            taken = line.place
            yield line


def write_line(line: Line, text: str, words: Words) -> bool:
    """Put an answer into a question's blank place, or none; whether the question has a place that takes it."""
    if line.boxes:
        tick(list(line.boxes), text)
        return any(box.label == text for box in line.boxes)
    if line.place is None:
        return False
    runs = list(line.place.iter(words("r")))
    if line.held and line.held != text.strip():
        if not runs or read_paragraph(runs[-1], words) != line.held:
            return False
        runs[-1].getparent().remove(runs[-1])
    if text and line.held != text.strip():
        for element in line.place.iter(words("t")):
            element.text = _LINE.sub("", element.text or "") or None
        before = "".join(element.text or "" for element in line.place.iter(words("t")))
        line.place.append(words.run(f" {text}" if before and not before.endswith((" ", "：")) else text))
    return True


def _read(row: int, text: str, rest: Sequence[Any], words: Words, before: Mapping[str, str]) -> Line | None:
    """The question of the first of some paragraphs, with what follows it; None where it is none."""
    boxes = _list_boxes(rest, words)
    behind = rest[1] if len(rest) > 1 else None
    told = "" if behind is None else read_paragraph(behind, words)
    label = _LABEL.match(told)
    marked = bool(boxes or label or (told and not _LINE.sub("", told).strip()))
    empty = behind is not None and _is_empty(behind, words)
    ours = told != "" and " ".join(told.split()) == " ".join(before.get("answer", "").split())
    asking = is_asking(text)
    if not (
        before
        or (asking and text.endswith(("?", "？")))
        or (marked and (asking or is_binding(text)))
        or (empty and asking and _is_numbered(rest[0], text, words))
    ):
        return None
    held = ", ".join(box.label for box in boxes if box.ticked)
    if not boxes and label:
        held = _LINE.sub("", told[label.end() :]).strip()
    elif not boxes and ours:
        held = told
    place = behind if not boxes and (marked or empty or ours) else None
    return Line(row, text, boxes, place, held)


def _read_question(paragraph: Any, words: Words) -> str:
    """A paragraph's text before boxes, without the line to write on."""
    text = read_paragraph(paragraph, words)
    return _LINE.sub("", text[: next((at for at, sign in enumerate(text) if sign in ALONE), len(text))]).strip()


def _list_boxes(rest: Sequence[Any], words: Words) -> tuple[Box, ...]:
    """The boxes behind a question, in its own paragraph or in those that follow and begin with one."""
    texts = [*rest[0].iter(words("t")), None]
    if not any(sign in (each.text or "") for each in texts[:-1] for sign in ALONE):
        texts = []
        for paragraph in rest[1:]:
            if paragraph is None or read_paragraph(paragraph, words)[:1] not in ALONE:
                break
            texts += [*paragraph.iter(words("t")), None]
    return tuple(list_boxes(texts, behind=True))


def _is_empty(paragraph: Any, words: Words) -> bool:
    """Whether a paragraph is a blank line that a text may go into."""
    if paragraph.getparent().tag == words("sdtContent") or read_paragraph(paragraph, words):
        return False
    inside = {child.tag for run in paragraph.iter(words("r")) for child in run}
    others = any(True for _ in paragraph.iter(words("sdt"), words("sectPr"), words("fldSimple")))
    return not others and inside <= {words(name) for name in _NOTHING}


def _is_numbered(paragraph: Any, text: str, words: Words) -> bool:
    """Whether a paragraph has a number or bullet, typed or of a list."""
    style = words.value(paragraph.find(f"{words('pPr')}/{words('pStyle')}")).lower()
    listed = paragraph.find(f"{words('pPr')}/{words('numPr')}") is not None
    return listed or "list" in style or strip_numbering(text) != text


def _is_contents(paragraph: Any, words: Words) -> bool:
    """Whether a paragraph is one of the table of contents."""
    return words.value(paragraph.find(f"{words('pPr')}/{words('pStyle')}")).lower().startswith("toc")
