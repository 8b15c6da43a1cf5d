"""A questionnaire read: what kind of file it is by what it holds, and every bad file refused with a line. Pure.

What a file holds decides; its name's ending decides between what looks alike (CSV, text). An ending that says something
else than the file holds is said, not guessed over: somebody sent the wrong file, or renamed it.
"""

from __future__ import annotations

import codecs
import re
from typing import Protocol

from bot.review.delimited import Delimited
from bot.review.dialect import detect, read_records
from bot.review.encoding import decode
from bot.review.headers import find_headers
from bot.review.json_file import JsonFile
from bot.review.json_tree import parse_json
from bot.review.lines import SUMMED, Lines
from bot.review.model import Columns, Kind, Questionnaire, ReviewedRow, ReviewError

LARGEST_FILE = 20_000_000
"""Bytes of a file that is read: the questionnaires in the field are below 5 MB."""

MOST_QUESTIONS = 20_000
"""Questions of a file that are answered: the longest in the field have some 2,000."""

_KINDS: dict[str, Kind] = {
    "xlsx": "xlsx",
    "docx": "docx",
    "csv": "csv",
    "tsv": "tsv",
    "tab": "tsv",
    "json": "json",
    "txt": "txt",
    "text": "txt",
    "md": "txt",
}
_SAVE_AS = {
    "pdf": "a PDF. Save the questionnaire as .xlsx, .docx or .csv",
    "xls": "a workbook of old Excel (.xls). Save it as .xlsx",
    "doc": "a document of old Word (.doc). Save it as .docx",
    "rtf": "a rich text file (.rtf). Save it as .docx",
    "ods": "a workbook of LibreOffice (.ods). Save it as .xlsx",
    "odt": "a document of LibreOffice (.odt). Save it as .docx",
    "xlsb": "a binary workbook (.xlsb). Save it as .xlsx",
    "html": "a web page (.html). Save it as .xlsx or .csv",
    "zip": "an archive. Unpack it, and send what is inside",
}
_ALIASES = {
    "dot": "doc",
    "xlt": "xls",
    "htm": "html",
    "gz": "zip",
    "7z": "zip",
    "rar": "zip",
    "ott": "odt",
    "ots": "ods",
}
_MACROS = {"xlsm": ".xlsx", "xltm": ".xlsx", "xlam": ".xlsx", "docm": ".docx", "dotm": ".docx"}
_BEGINNINGS = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x1f\x8b", "zip"),
    (b"7z\xbc\xaf", "zip"),
    (b"Rar!\x1a", "zip"),
)
_LIKE_JSON = re.compile(r'[\[{]\s*["\[{]')
_SAMPLE = 100_000
_SAMPLED = 60
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PAGE = (b"<!doctype html", b"<html", b"<table")


class _Readable(Questionnaire, Protocol):
    """A questionnaire that can be read back too."""

    def read_reviewed(self) -> list[ReviewedRow]:
        """Its questions with what stands in what Clausebot added."""
        ...


def open_questionnaire(content: bytes, name: str, columns: Columns | None = None) -> Questionnaire:
    """Read a questionnaire.

    Args:
        content: the file.
        name: its name, of which the ending counts.
        columns: which columns hold what, where somebody named them.

    Raises:
        ReviewError: it can't be reviewed; the text says why and what to do.
    """
    kind = tell_kind(content, name)
    questionnaire: Questionnaire
    if kind == "xlsx":
        from bot.review.xlsx import open_xlsx

        questionnaire = open_xlsx(content, columns)
    else:
        questionnaire = _open(content, kind, columns)
    count = len(questionnaire.questions)
    if count > MOST_QUESTIONS:
        raise ReviewError(
            "The file has {count:,} questions; {most:,} are answered at a time. Split it.",
            count=count,
            most=MOST_QUESTIONS,
        )
    return questionnaire


def read_reviewed(content: bytes, name: str, columns: Columns | None = None) -> list[ReviewedRow]:
    """What people left in a file that Clausebot returned, question by question.

    Args:
        content: the file.
        name: its name, of which the ending counts.
        columns: which columns hold what, where somebody named them for the review.

    Raises:
        ReviewError: it can't be read, or is none that Clausebot returned.
    """
    kind = tell_kind(content, name)
    if kind == "xlsx":
        from bot.review.xlsx import read_reviewed_xlsx

        rows = read_reviewed_xlsx(content, columns)
    else:
        rows = _open(content, kind, columns).read_reviewed()
    if not rows:
        raise ReviewError("Clausebot wrote nothing in this file: approve one that a review returned.")
    return rows


def tell_kind(content: bytes, name: str) -> Kind:
    """What kind of file it is.

    Raises:
        ReviewError: it is empty, too large, of a kind that can't be read, or not what its name's ending says.
    """
    if len(content) > LARGEST_FILE:
        raise ReviewError(
            "The file has {size:.0f} MB; {most} MB are read at most.",
            size=len(content) / 1e6,
            most=LARGEST_FILE // 1_000_000,
        )
    if not content.strip(b" \t\r\n\0") or content in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise ReviewError("The file is empty.")
    ending = name.rsplit(".", 1)[-1].lower() if "." in name else ""
    if ending in _MACROS:
        raise ReviewError(
            "The file may hold macros (.{ending}), which are not opened. Save it as {safe}.",
            ending=ending,
            safe=_MACROS[ending],
        )
    ending = _ALIASES.get(ending, ending)
    held = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    if content.lstrip(codecs.BOM_UTF8 + b" \t\r\n")[:20].lower().startswith(_PAGE):
        held = "html"
    if content.startswith(_OLE):
        from bot.review.packages import say_old

        raise say_old(content)
    if held:
        raise ReviewError(f"The file is {_SAVE_AS[held]}.")
    if content.startswith(_ZIP):
        return _tell_package(content, ending)
    return _tell_text(content, ending)


def _tell_package(content: bytes, ending: str) -> Kind:
    from bot.review.packages import tell_package

    kind = tell_package(content)
    if kind is None and ending in ("xlsx", "docx"):
        # It is damaged, and opening it says how.
        return _KINDS[ending]
    if kind is None or ending == "xlsb":
        raise ReviewError(f"The file is {_SAVE_AS.get(ending, _SAVE_AS['zip'])}.")
    if ending != kind and (ending in _KINDS or ending in _SAVE_AS):
        raise _say_ending(ending, kind)
    return kind


def _tell_text(content: bytes, ending: str) -> Kind:
    kind = _KINDS.get(ending)
    if kind in ("xlsx", "docx"):
        decode(content)
        raise ReviewError(
            "The file is named .{ending}, but holds plain text. Name it .csv or .txt, or save it anew.", ending=ending
        )
    text = decode(content).text.lstrip()
    if kind != "json" and _LIKE_JSON.match(text) and (kind is None or _is_json(text)):
        if kind:
            raise _say_ending(ending, "json")
        return "json"
    if kind in ("csv", "tsv", "json"):
        return kind
    # Excel saves tables under .txt too, and what is pasted has no name.
    if text.startswith(SUMMED):
        return "txt"
    dialect = detect(text[:_SAMPLE])
    grid = [record.texts for record in read_records(text[:_SAMPLE].replace('"', ""), dialect.delimiter)[:_SAMPLED]]
    if any(len(header.names) > 1 for header in find_headers(grid)):
        return "tsv" if dialect.delimiter == "\t" else "csv"
    return "txt"


def _is_json(text: str) -> bool:
    try:
        return parse_json(text).kind in ("object", "array")
    except ReviewError:
        return False


def _say_ending(ending: str, kind: Kind) -> ReviewError:
    held = {"xlsx": "a workbook (.xlsx)", "docx": "a document (.docx)", "json": "JSON"}[kind]
    return ReviewError(
        "The file is named .{ending}, but holds {held}. Name it .{kind}.", ending=ending, held=held, kind=kind
    )


def _open(content: bytes, kind: Kind, columns: Columns | None) -> _Readable:
    if kind == "docx":
        from bot.review.docx import Document

        return Document(content, columns)
    if kind == "json":
        return JsonFile(content, columns)
    if kind == "txt":
        return Lines(content, columns)
    return Delimited(content, kind, columns)
