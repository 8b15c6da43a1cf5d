"""Workbooks as people send them, and what a workbook's parts hold."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from lxml import etree
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bot.review.model import Fill, Summary
from bot.review.xlsx import WorkbookQuestionnaire, open_xlsx

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ASKED = ("Who backs up the data?", "Does the provider encrypt the data?", "Where is the data kept?")
SUMMARY = Summary(title="Vendor review: draft answers", lines=(("Guide", "Invented, 1.0"), ("Corpus", "=00ff")))
FILL = Fill(
    answer="Yes",
    comment="The provider backs up what it keeps.",
    ownership="Shared CSP and CSC",
    clause="GL14 5.3",
    citation="Guide, section 5.3, p. 9",
    confidence="0.91 (high)",
    quote="“Short.”",
    status="answered",
)
BLANK = Fill(comment="The guide does not say.")


def save(book: Workbook) -> bytes:
    """A workbook's file."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def make(rows: list[list[Any]] | None = None, *, title: str = "Questions") -> tuple[Workbook, Worksheet]:
    """A workbook with one sheet of questions, or of the rows given."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    for row in rows or [["No.", "Question", "Answer", "Comment"], *([n, text] for n, text in enumerate(ASKED, 1))]:
        sheet.append(row)
    return book, sheet


def parts(content: bytes) -> dict[str, bytes]:
    """What a file holds, by name, in order."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(held: Mapping[str, bytes]) -> bytes:
    """A file that holds such parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return written.getvalue()


def edit(content: bytes, name: str, *changes: tuple[str, str]) -> bytes:
    """A file with texts of one part replaced, each of which must be there."""
    held = parts(content)
    text = held[name].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return pack({**held, name: text.encode()})


def share(content: bytes) -> bytes:
    """A file whose texts are where Excel puts them: in a table of all sheets' texts, which openpyxl doesn't write."""
    held = parts(content)
    table: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f't="s"><v>{table.setdefault(found[1], len(table))}</v></c>'

    for name in held:
        if name.startswith("xl/worksheets/sheet"):
            held[name] = re.sub(r't="inlineStr"><is>(.*?)</is></c>', number, held[name].decode()).encode()
    # How a text is pronounced is no part of it.
    spoken = '<rPh sb="0" eb="1"><t>spoken</t></rPh><phoneticPr fontId="1"/>'
    items = "".join(f"<si>{text}{spoken}</si>" for text in table)
    held["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}" uniqueCount="{len(table)}">{items}</sst>'.encode()
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    made = edit(pack(held), "xl/_rels/workbook.xml.rels", ("</Relationships>", relation + "</Relationships>"))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    told = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/>'
    return edit(made, "[Content_Types].xml", ("</Types>", told + "</Types>"))


def fill(content: bytes, *fills: Fill) -> bytes:
    """A file filled: with those fills, or with the same one throughout."""
    questionnaire: WorkbookQuestionnaire = open_xlsx(content)
    if len(fills) == 1:
        fills *= len(questionnaire.questions)
    return questionnaire.fill(fills, SUMMARY)


def load(content: bytes, sheet: str = "Questions") -> Worksheet:
    """A sheet of a file, as openpyxl reads it."""
    found = load_workbook(io.BytesIO(content))[sheet]
    assert isinstance(found, Worksheet)
    return found


def texts(sheet: Worksheet) -> list[list[Any]]:
    """A sheet's values, row by row."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def cells(part: bytes) -> dict[str, str]:
    """A sheet part's cells as they are written, by reference."""
    root = etree.fromstring(part)
    return {
        each.get("r", ""): etree.tostring(each, method="c14n", exclusive=True).decode() for each in root.iter("{*}c")
    }


def around(part: bytes) -> list[str]:
    """What a sheet part holds beside its cells: every other element, and each row but for its span and height."""
    root = etree.fromstring(part)
    held = []
    for each in root:
        if etree.QName(each).localname == "sheetData":
            held += [
                str(sorted((key, value) for key, value in row.items() if key not in ("spans", "ht"))) for row in each
            ]
        elif etree.QName(each).localname not in ("dimension", "cols"):
            held.append(etree.tostring(each, method="c14n", exclusive=True).decode())
    return held
