"""Cell styles for what is written: those of the cells beside it, changed and added behind all others. Pure."""

from __future__ import annotations

import copy
from typing import Literal

from lxml import etree

from bot.review.packages import parse_xml, write_xml
from bot.review.xlsx_book import find, local
from bot.review.xlsx_scan import read_number

Role = Literal["own", "body", "heading", "title", "label"]
# In points.
_TITLE_SIZE = "14"


class Styles:
    """The workbook's styles; `derive` adds to them, and renumbers none.

    Args:
        content: the styles' part; None where the workbook has none, and then nothing is styled.
        name: its name, for errors.
    """

    def __init__(self, content: bytes | None, name: str = "") -> None:
        self._root = parse_xml(content, name) if content is not None else None
        found = find(self._root, "cellXfs") if self._root is not None else []
        self._formats = found[0] if found else None
        self._made: dict[tuple[str, Role, bool], str] = {}
        self._added = False

    def derive(self, base: str, role: Role, *, quoted: bool = False) -> str:
        """The style for a cell, as the number that the cell names; empty for none.

        Args:
            base: the style to begin with, empty for the default.
            role: ``own`` leaves it as it is; ``body`` and ``heading`` wrap the text, and let a reviewer write in a
                protected sheet; ``title`` and ``label`` are the summary's.
            quoted: the text begins as a formula does, and stays a text when somebody edits it.
        """
        if self._formats is None or (role == "own" and not quoted):
            return base
        key = base, role, quoted
        if key not in self._made:
            self._made[key] = self._add(base, role, quoted=quoted)
        return self._made[key]

    def write(self) -> bytes | None:
        """The part with what was added; None where nothing was."""
        return write_xml(self._root) if self._added and self._root is not None else None

    def _add(self, base: str, role: Role, *, quoted: bool) -> str:
        assert self._formats is not None  # noqa: S101
        known = [each for each in self._formats if isinstance(each.tag, str)]
        index = read_number(base, 0)
        made = (
            copy.deepcopy(known[index if index < len(known) else 0])
            if known
            else etree.Element(_named(self._formats, "xf"))
        )
        if quoted:
            made.set("quotePrefix", "1")
        if role != "own":
            self._lay_out(made, role)
        return self._place(self._formats, made)

    def _place(self, among: etree._Element, made: etree._Element) -> str:
        """The number of an element like that in a list, which goes behind all others where there is none."""
        known = [each for each in among if isinstance(each.tag, str)]
        written = _write(made)
        for number, each in enumerate(known):
            if _write(each) == written:
                return str(number)
        among.append(made)
        among.set("count", str(len(known) + 1))
        self._added = True
        return str(len(known))

    def _lay_out(self, made: etree._Element, role: Role) -> None:
        if role in ("title", "label"):
            made.set("fontId", self._bold(made.get("fontId", "0"), role))
            made.set("applyFont", "1")
        if role != "heading":
            made.set("numFmtId", "0")
        alignment = _child(made, "alignment", 0)
        for turned in ("textRotation", "shrinkToFit", "indent"):
            alignment.attrib.pop(turned, None)
        alignment.set("wrapText", "0" if role == "title" else "1")
        if role != "heading":
            alignment.set("horizontal", "left")
            alignment.set("vertical", "top")
        made.set("applyAlignment", "1")
        if role in ("body", "heading"):
            _child(made, "protection", 1).set("locked", "0")
            made.set("applyProtection", "1")

    def _bold(self, base: str, role: Role) -> str:
        fonts = find(self._root, "fonts") if self._root is not None else []
        known = find(fonts[0], "font") if fonts else []
        index = read_number(base, len(known))
        if index >= len(known):
            return base
        made = copy.deepcopy(known[index])
        for each in find(made, "b") + (find(made, "sz") if role == "title" else []):
            made.remove(each)
        etree.SubElement(made, _named(made, "b"))
        if role == "title":
            etree.SubElement(made, _named(made, "sz"), val=_TITLE_SIZE)
        made[:] = sorted(made, key=_rank_in_font)
        return self._place(fonts[0], made)


# In the order that Excel wants them in.
_FONT = "b i strike condense extend outline shadow u vertAlign sz color name family charset scheme".split()


def _rank_in_font(part: etree._Element) -> int:
    name = local(part.tag) if isinstance(part.tag, str) else ""
    return _FONT.index(name) if name in _FONT else len(_FONT)


def _write(element: etree._Element) -> str:
    """All that tells an element from another."""
    attributes = sorted((str(name), value) for name, value in element.items())
    return f"{element.tag}{attributes}[{''.join(map(_write, element))}]"


def _child(element: etree._Element, name: str, at: int) -> etree._Element:
    found = find(element, name)
    if found:
        return found[0]
    made = etree.Element(_named(element, name))
    # Alignment, protection, extensions: in that order.
    element.insert(min(at, len(find(element, "alignment"))), made)
    return made


def _named(beside: etree._Element, name: str) -> str:
    """A name in the namespace of the element that it goes beside or into."""
    return beside.tag[: beside.tag.rindex("}") + 1] + name if "}" in beside.tag else name
