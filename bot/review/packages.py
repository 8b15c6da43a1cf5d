"""Office files (xlsx, docx) opened safely, and written again with their other parts as they were. Pure.

A file is refused before anything of it is unpacked that its directory shows to be too large, and no part is unpacked
further than the directory says. XML with a document type is refused: no Office program writes one, and what it can do
(entities that grow, files that are fetched) is what it would be there for.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any, Literal

from lxml import etree

from bot.review.model import ReviewError

PackageKind = Literal["xlsx", "docx"]

LARGEST_PART = 150_000_000
"""Bytes of one unpacked part: a sheet of 100,000 rows of text has some 50 MB."""

LARGEST_PACKAGE = 300_000_000
"""Bytes of all parts unpacked."""

MOST_PARTS = 5_000

# Unpacked bytes to packed ones: sheets of repeating XML reach 30, a bomb 1,000. Small parts may be anything.
_HIGHEST_RATIO = 200
_SMALL = 5_000_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_TYPES = "[Content_Types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = {
    "xlsx": re.compile(rb"spreadsheetml\.(?:sheet|template)\.main\+xml"),
    "docx": re.compile(rb"wordprocessingml\.(?:document|template)\.main\+xml"),
}
_NAMES = {"xlsx": "workbook (.xlsx)", "docx": "document (.docx)"}


class Package:
    """An Office file that passed the checks."""

    def __init__(self, archive: zipfile.ZipFile, kind: PackageKind) -> None:
        self.kind = kind
        self._archive = archive
        self._entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
        self.names: tuple[str, ...] = tuple(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """A part, unpacked: at most as many bytes as the directory says.

        Raises:
            ReviewError: the part isn't there, or is damaged.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise _damaged(self.kind, f"it has no {name}")
        try:
            with self._archive.open(entry) as part:
                held = part.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise _damaged(self.kind, f"its part {name[:60]} can't be unpacked") from None
        if len(held) > entry.file_size:
            raise _damaged(self.kind, f"its part {name[:60]} is longer than it says")
        return held

    def replace(self, changed: Mapping[str, bytes | None]) -> bytes:
        """The file with parts changed: None takes one away, new ones come last, all others stay byte for byte.

        Parts keep their order; times are of 1980, so that the same parts make the same file.
        """
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
            for name in [*self.names, *(name for name in changed if name not in self._entries)]:
                held = changed[name] if name in changed else self.read(name)
                if held is None:
                    continue
                told = zipfile.ZipInfo(name, _EPOCH)
                told.compress_type = zipfile.ZIP_DEFLATED
                told.external_attr = 0o600 << 16
                # The same on every system that it is written on.
                told.create_system = 0
                made.writestr(told, held)
        return written.getvalue()


def open_package(content: bytes, kind: PackageKind) -> Package:
    """Open an Office file.

    Args:
        content: the file.
        kind: what it must be.

    Raises:
        ReviewError: it is encrypted, damaged, of another kind, holds macros, or unpacks to too much.
    """
    if content.startswith(_OLE):
        raise say_old(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, OverflowError):
        raise _damaged(kind, "it can't be unpacked") from None
    _check_entries(entries, kind)
    package = Package(archive, kind)
    if _TYPES not in package:
        raise ReviewError(
            "The file is a zip archive, but no workbook or document of Office. Unpack it and send what is inside."
        )
    types = package.read(_TYPES)
    parse_xml(types, _TYPES)
    if b"macroEnabled" in types or any("vbaproject" in name.lower() for name in package.names):
        safe = ".xlsx" if any(name.lower().startswith("xl/") for name in package.names) else ".docx"
        raise ReviewError("The file holds macros, which are not opened. Save it without them, as {safe}.", safe=safe)
    if not _MAIN[kind].search(types):
        other = next((one for one, main in _MAIN.items() if main.search(types)), None)
        if other:
            raise ReviewError(
                "The file is named .{ending}, but is a {held}. Name it .{kind}.",
                ending=kind,
                held=_NAMES[other],
                kind=other,
            )
        binary = "It is a binary workbook (.xlsb)" if b"sheet.binary" in types else "It is another kind of Office file"
        raise ReviewError(
            "The file is no {name}. {what}: save it as .{kind}.", name=_NAMES[kind], what=binary, kind=kind
        )
    return package


def tell_package(content: bytes) -> PackageKind | None:
    """Whether a zip holds a workbook or a document, by its directory alone; None where it is neither or damaged."""
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError, OverflowError):
        return None
    return (
        "xlsx"
        if any(name.startswith("xl/") for name in names)
        else "docx"
        if any(name.startswith("word/") for name in names)
        else None
    )


def parse_xml(content: bytes, name: str) -> Any:
    """A part's root element.

    Args:
        content: the part.
        name: what the part is called, to say which it was.

    Raises:
        ReviewError: it is no XML, nests too deep, or has a document type.
    """
    # In UTF-16 too, which lxml would read; a comment or text that holds the word in full is no loss.
    if (
        b"<!DOCTYPE" in content
        or b"<!ENTITY" in content
        or b"<\0!\0D\0O\0C" in content
        or b"\0<\0!\0D\0O\0C" in content
    ):
        raise ReviewError(
            "The file's part {name} declares XML entities, which no Office program writes: it is not opened.",
            name=name[:60],
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=len(content) > 9_000_000
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise ReviewError(
            "The file is damaged: its part {name} is no XML. Open it in Office, save it anew.", name=name[:60]
        ) from None
    if root.getroottree().docinfo.doctype:
        raise ReviewError(
            "The file's part {name} declares XML entities, which no Office program writes: it is not opened.",
            name=name[:60],
        )
    return root


def write_xml(root: Any) -> bytes:
    """A part of a root element, as Office writes its own."""
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _check_entries(entries: list[zipfile.ZipInfo], kind: PackageKind) -> None:
    """Refuse what a directory shows to be a bomb, encrypted, doubled or out of place."""
    if len(entries) > MOST_PARTS:
        raise ReviewError(
            "The file has {count:,} parts; {most:,} are read at most.", count=len(entries), most=MOST_PARTS
        )
    total = 0
    for entry in entries:
        total += entry.file_size
        swollen = entry.file_size > _SMALL and entry.file_size > _HIGHEST_RATIO * max(1, entry.compress_size)
        if entry.file_size > LARGEST_PART or total > LARGEST_PACKAGE or swollen:
            raise ReviewError(
                "The file unpacks to far more than a questionnaire holds (a “zip bomb”): it is not opened."
            )
        if entry.flag_bits & 0x1:
            raise ReviewError("The file is protected by a password. Take the password off and send it again.")
        if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", entry.filename):
            raise _damaged(kind, "its parts have names that leave it")
    if len({entry.filename.casefold() for entry in entries}) < len(entries):
        raise _damaged(kind, "it has a part twice")


def say_old(content: bytes) -> ReviewError:
    """What is wrong with a file in the container of old Office files, by the names of its streams."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return ReviewError("The file is encrypted. Take the password off and send it again.")
    if "WordDocument".encode("utf-16-le") in content:
        return ReviewError("The file is a document of old Word (.doc). Save it as .docx.")
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return ReviewError("The file is a workbook of old Excel (.xls). Save it as .xlsx.")
    return ReviewError(
        "The file is of an old Office program, or encrypted. Save it as .xlsx or .docx without a password."
    )


def _damaged(kind: PackageKind, reason: str) -> ReviewError:
    return ReviewError(
        "The {name} is damaged: {reason}. Open it in Office, save it anew.", name=_NAMES[kind], reason=reason
    )
