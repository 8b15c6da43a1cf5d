"""A workbook's parts: its sheets, its shared strings, its named ranges, how its numbers are shown. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from bot.review.model import ReviewError
from bot.review.packages import Package, parse_xml
from bot.review.xlsx_scan import Cell, read_number, read_strings, unescape

# Japanese, Chinese and Korean dates and times, which have no code of their own in the file.
_EAST_ASIAN_DATES = frozenset({*range(27, 37), *range(50, 59)})
_ROOT_RELATIONS = "_rels/.rels"


class SheetPart(NamedTuple):
    """A sheet of cells: its name, its part, whether people see it, and its number among all sheets, from 0."""

    name: str
    part: str
    shown: bool
    number: int


class Relation(NamedTuple):
    """What a part refers to: the last word of the relation's type, and the part (empty where it is elsewhere)."""

    id: str
    kind: str
    target: str


class Book:
    """A workbook that is read.

    Raises:
        ReviewError: a part that every workbook has is missing or damaged.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._parts = {name.casefold(): name for name in package.names}
        main = [each.target for each in self.relations("", _ROOT_RELATIONS) if each.kind == "officeDocument"]
        if not main or main[0] not in package:
            raise damaged("no workbook inside")
        self.part = main[0]
        self.root = parse_xml(package.read(self.part), self.part)
        self.related = {each.id: each for each in self.relations(self.part)}
        self.sheets = tuple(self._list_sheets())
        if any("macrosheet" in each.kind.lower() for each in self.related.values()):
            raise ReviewError(
                "The file holds macros, which are not opened. Save it without them, as {safe}.", safe=".xlsx"
            )
        self._strings: list[str] | None = None
        self._formats: list[str] | None = None
        self._mac = any(each.get("date1904") in ("1", "true") for each in find(self.root, "workbookPr"))

    def relations(self, part: str, file: str = "") -> Iterator[Relation]:
        """What a part refers to, in order; nothing where it refers to nothing."""
        folder, name = posixpath.split(part)
        file = self._parts.get((file or posixpath.join(folder, "_rels", f"{name}.rels")).casefold(), "")
        if not file:
            return
        for each in find(parse_xml(self.package.read(file), file), "Relationship"):
            target = each.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            if each.get("TargetMode") == "External":
                path = ""
            kind = each.get("Type", "").rpartition("/")[2]
            yield Relation(each.get("Id", ""), kind, self._parts.get(path.casefold(), path))

    def part_of(self, kind: str) -> str | None:
        """The workbook's part of a kind, such as ``styles``; None where it has none."""
        targets = (each.target for each in self.related.values() if each.kind == kind)
        return next((target for target in targets if target in self.package), None)

    def _list_sheets(self) -> Iterator[SheetPart]:
        for number, each in enumerate(find(self.root, "sheets", "sheet")):
            to = self.related.get(next((held for key, held in each.items() if local(key) == "id"), ""))
            if to is None or to.kind != "worksheet":
                continue
            if to.target not in self.package:
                raise damaged(f"the sheet “{each.get('name', '')}” is missing")
            shown = each.get("state", "visible") == "visible"
            yield SheetPart(unescape(each.get("name", "")), to.target, shown, number)

    def names(self) -> dict[tuple[str, int | None], str]:
        """Named ranges: by name (case folded) and the index of the sheet where it is known, None for all."""
        named = {}
        for each in find(self.root, "definedNames", "definedName"):
            scope = read_number(each.get("localSheetId", ""), -1)
            named[each.get("name", "").casefold(), scope if scope >= 0 else None] = each.text or ""
        return named

    def text(self, cell: Cell) -> str:
        """What a cell shows, roughly: without thousands' separators and currencies."""
        held = cell.text
        if not held:
            return ""
        if cell.kind == "s":
            return self._string(held)
        if cell.kind in ("str", "inlineStr"):
            return unescape(held)
        if cell.kind == "b":
            return "TRUE" if held.strip() in ("1", "true") else "FALSE"
        if cell.kind in ("e", "d"):
            return held
        return self._number(held.strip(), cell.style)

    def _string(self, index: str) -> str:
        if self._strings is None:
            part = self.part_of("sharedStrings")
            self._strings = read_strings(self.package.read(part), part) if part else []
        at = read_number(index.strip(), -1)
        if not 0 <= at < len(self._strings):
            raise damaged("a cell names a text that isn't there")
        return self._strings[at]

    def _number(self, held: str, style: str) -> str:
        try:
            number = float(held)
        except ValueError:
            return held
        code = self._format(style)
        if code == "date":
            try:
                return _show_date(number, mac=self._mac)
            except (ValueError, OverflowError):
                return held
        if code == "percent":
            return f"{number * 100:.10g}%"
        # As many digits as Excel keeps: 0.1 + 0.2 is 0.3.
        return f"{number:.15g}"

    def _format(self, style: str) -> str:
        if self._formats is None:
            part = self.part_of("styles")
            self._formats = _list_formats(parse_xml(self.package.read(part), part)) if part else []
        at = read_number(style, 0)
        return self._formats[at] if at < len(self._formats) else ""


def _list_formats(styles: etree._Element) -> list[str]:
    codes = dict(BUILTIN_FORMATS)
    for each in find(styles, "numFmts", "numFmt"):
        codes[read_number(each.get("numFmtId", ""), -1)] = each.get("formatCode", "")
    formats = []
    for each in find(styles, "cellXfs", "xf"):
        number = read_number(each.get("numFmtId", ""), 0)
        code = codes.get(number, "")
        dated = number in _EAST_ASIAN_DATES or is_date_format(code)
        formats.append("date" if dated else "percent" if code.endswith("%") else "")
    return formats


def _show_date(number: float, *, mac: bool) -> str:
    moment = from_excel(number, CALENDAR_MAC_1904 if mac else CALENDAR_WINDOWS_1900)
    return str(moment).removesuffix(" 00:00:00")


def find(element: etree._Element, *path: str) -> list[etree._Element]:
    """The descendants that a path of local names leads to, in whatever namespace: there are two of the same words."""
    found = [element]
    for name in path:
        found = [each for parent in found for each in parent if isinstance(each.tag, str) and local(each.tag) == name]
    return found


def local(name: str) -> str:
    """A name without its namespace."""
    return name.rpartition("}")[2]


def damaged(what: str) -> ReviewError:
    """The error for a workbook that isn't whole."""
    return ReviewError("The workbook is damaged ({what}). Open it in Excel, save it anew.", what=what)
