"""The workbook's first sheet: what was answered from, and how much. Pure."""

from __future__ import annotations

import copy
import posixpath
from collections.abc import Collection, Mapping, Sequence
from itertools import count

from lxml import etree

from bot.review.headers import SUMMARY
from bot.review.model import Summary
from bot.review.packages import parse_xml, write_xml
from bot.review.xlsx_book import Book, find, local
from bot.review.xlsx_cells import clean, count_lines, make_cell, measure
from bot.review.xlsx_scan import read_number, unescape
from bot.review.xlsx_styles import Styles

_TYPES = "[Content_Types].xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
# In characters of the default font.
_WIDTHS = (26, 110)
_A4 = 9
# Excel's limit for a sheet's name, in characters.
_LONGEST_NAME = 31


def add_summary(book: Book, summary: Summary, styles: Styles) -> dict[str, bytes]:
    """The parts that change where the summary becomes the first sheet; where there is one already, it is renewed."""
    namespace = book.root.tag.rpartition("}")[0].removeprefix("{")
    made = _draw(summary, styles, namespace)
    there = next((sheet for sheet in book.sheets if sheet.name.casefold() == SUMMARY.casefold()), None)
    root = copy.deepcopy(book.root)
    _recalculate(root)
    if there:
        return {there.part: made, book.part: write_xml(root)}
    folder = posixpath.dirname(book.part)
    part = _name_part(folder, book.package.names)
    relation = _name_relation(book.related)
    _insert_sheet(root, relation)
    _shift(root)
    relations = posixpath.join(folder, "_rels", posixpath.basename(book.part) + ".rels")
    return {
        part: made,
        book.part: write_xml(root),
        **_relate(book, relations, relation, posixpath.relpath(part, folder or ".")),
        **_declare(book, part),
        **_title(book),
    }


def _draw(summary: Summary, styles: Styles, namespace: str) -> bytes:
    title, label, text = (styles.derive("", "title"), styles.derive("", "label"), styles.derive("", "body"))
    rows = [f'<row r="1" ht="{measure(2)}">{make_cell(0, 0, clean(summary.title), title).decode()}</row>']
    for row, (heading, told) in enumerate(summary.lines, 2):
        cells = make_cell(row, 0, clean(heading), label) + make_cell(row, 1, clean(told), text)
        lines = max(count_lines(each, width) for each, width in zip((heading, told), _WIDTHS, strict=True))
        rows.append(f'<row r="{row + 1}" ht="{measure(lines)}">{cells.decode()}</row>')
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width}" customWidth="1"/>' for at, width in enumerate(_WIDTHS, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{namespace}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:B{len(summary.lines) + 2}"/><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        f'<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="{_A4}" fitToHeight="0" orientation="landscape"/></worksheet>'
    ).encode()


def _name_part(folder: str, names: Collection[str]) -> str:
    taken = {name.casefold() for name in names}
    parts = (posixpath.join(folder, "worksheets", f"sheet{number}.xml") for number in count(1))
    return next(part for part in parts if part.casefold() not in taken)


def _name_relation(related: Mapping[str, object]) -> str:
    return next(name for number in count(1) if (name := f"rId{number}") not in related)


def _insert_sheet(root: etree._Element, relation: str) -> None:
    sheets = find(root, "sheets")[0]
    there = find(sheets, "sheet")
    names = {unescape(each.get("name", "")).casefold() for each in there}
    name = next(
        name
        for number in count(1)
        if (name := SUMMARY if number == 1 else f"{SUMMARY[: _LONGEST_NAME - 6]} ({number})").casefold() not in names
    )
    number = 1 + max(read_number(each.get("sheetId", ""), 0) for each in there)
    made = etree.Element(there[0].tag)
    made.set("name", name)
    made.set("sheetId", str(number))
    made.set(next(key for each in there for key, _ in each.items() if local(key) == "id"), relation)
    sheets.insert(0, made)


def _recalculate(root: etree._Element) -> None:
    """Have formulas count what was written: Excel otherwise shows what it saved that they came to before."""
    for each in find(root, "calcPr"):
        each.set("fullCalcOnLoad", "1")


def _shift(root: etree._Element) -> None:
    """Count the sheets anew where they are counted: the one that is open stays so."""
    views = find(root, "bookViews", "workbookView")
    for view in views:
        for name in ("activeTab", "firstSheet"):
            number = read_number(view.get(name, ""), 0)
            # Tabs that are not scrolled stay so: the summary is seen.
            if number or name == "activeTab":
                view.set(name, str(number + 1))
    if not views:
        sheets = find(root, "sheets")[0]
        for each in find(root, "bookViews"):
            root.remove(each)
        made = etree.Element(_beside(sheets, "bookViews"))
        etree.SubElement(made, _beside(sheets, "workbookView"), activeTab="1")
        root.insert(root.index(sheets), made)
    for each in find(root, "definedNames", "definedName"):
        scope = read_number(each.get("localSheetId", ""), -1)
        if scope >= 0:
            each.set("localSheetId", str(scope + 1))


def _relate(book: Book, file: str, relation: str, target: str) -> dict[str, bytes]:
    file = next(name for name in book.package.names if name.casefold() == file.casefold())
    root = parse_xml(book.package.read(file), file)
    like = next(each for each in find(root, "Relationship") if each.get("Type", "").endswith("/worksheet"))
    etree.SubElement(root, like.tag, Id=relation, Type=like.get("Type", ""), Target=target)
    return {file: write_xml(root)}


def _declare(book: Book, part: str) -> dict[str, bytes]:
    root = parse_xml(book.package.read(_TYPES), _TYPES)
    etree.SubElement(root, _beside(root, "Override"), PartName=f"/{part}", ContentType=_SHEET_TYPE)
    return {_TYPES: write_xml(root)}


def _title(book: Book) -> dict[str, bytes]:
    """The properties that list the sheets; left as they are where they don't list them as they are."""
    part = next((each.target for each in book.relations("", "_rels/.rels") if each.kind == "extended-properties"), "")
    if part not in book.package.names:
        return {}
    root = parse_xml(book.package.read(part), part)
    titles = find(root, "TitlesOfParts", "vector")
    heading = [each for pair in find(root, "HeadingPairs", "vector", "variant")[:2] for each in pair]
    sheets = [unescape(each.get("name", "")) for each in find(book.root, "sheets", "sheet")]
    listed = [each.text or "" for each in titles[0]] if titles else []
    if len(heading) != 2 or not _same(listed, sheets, heading[1].text or ""):
        return {}
    heading[1].text = str(int(heading[1].text or "0") + 1)
    made = etree.Element(titles[0][0].tag)
    made.text = SUMMARY
    titles[0].insert(0, made)
    titles[0].set("size", str(len(listed) + 1))
    return {part: write_xml(root)}


def _same(listed: Sequence[str], sheets: Sequence[str], told: str) -> bool:
    number = read_number(told, 0)
    return 0 < number <= len(sheets) and list(listed[:number]) == [name for name in sheets if name in listed[:number]]


def _beside(element: etree._Element, name: str) -> str:
    return element.tag[: element.tag.rindex("}") + 1] + name if "}" in element.tag else name
