"""A sheet's XML read from its beginning to its end, with the place in bytes of all that may be written beside. Pure.

The parser is expat: it tells where in the bytes each element stands, so that a sheet is edited by inserting into its
own bytes, and all the rest of it stays as it was. It opens no other file, and a document type is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat

from bot.review.model import ReviewError

# Rows with something in them. The longest questionnaires in use have a few thousand; a sheet of data has more.
MOST_ROWS = 100_000
# A sheet has 16,384 columns (Excel's limit, A to XFD) and 1,048,576 rows.
SHEET_COLUMNS = 16_384
SHEET_ROWS = 1_048_576
_CHUNK = 1 << 16
_TAG = re.compile(rb"""<[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*>""")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Cell(NamedTuple):
    """A cell: its column from 0, where it stands in the bytes, and what it has as the file writes it."""

    column: int
    start: int
    end: int
    style: str
    kind: str
    text: str
    formula: bool


class Row(NamedTuple):
    """A row: its number from 0, where it stands, where its cells end (``start`` for an empty tag), and the cells."""

    number: int
    start: int
    inner: int
    style: str
    cells: list[Cell]


class Area(NamedTuple):
    """A rectangle of cells: first and last row and column, from 0, inclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        """Whether a cell is in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right


class Validation(NamedTuple):
    """A rule of what may be written in some cells, as the file has it."""

    kind: str
    operator: str
    formulas: tuple[str, ...]
    areas: tuple[Area, ...]


class ColumnStyle(NamedTuple):
    """A ``col`` element: first and last column from 0, its attributes as they are."""

    first: int
    last: int
    attributes: dict[str, str]


class Scan:
    """One reading of a sheet; what follows the rows in the file is there once `rows` is through.

    Args:
        content: the sheet's part.
        name: the sheet's name, for errors.
    """

    def __init__(self, content: bytes, name: str) -> None:
        self.content = content
        self.prefix = ""
        self.merged: list[Area] = []
        self.arrays: list[Area] = []
        self.validations: list[Validation] = []
        self.columns: list[ColumnStyle] = []
        # Where these elements begin and end; None where the sheet has none.
        self.dimension: tuple[int, int] | None = None
        self.cols: tuple[int, int] | None = None
        self.data = 0
        self._name = name
        self._columns_of: dict[str, int] = {}
        check_encoding(content)
        if content.count(b"row>") - content.count(b"<row>") > MOST_ROWS:
            raise too_many(name)

    def rows(self) -> Iterator[Row]:
        """The rows in order, each with its cells.

        Raises:
            ReviewError: it isn't XML, has a document type, or has too many rows.
        """
        done: list[Row] = []
        parser = make_parser()
        parser.StartElementHandler = self._begin(parser, done)
        for at in range(0, len(self.content), _CHUNK):
            parse(parser, self.content[at : at + _CHUNK], self._name)
            yield from done
            done.clear()
        parse(parser, b"", self._name, last=True)
        yield from done

    def _begin(self, parser: expat.XMLParserType, done: list[Row]) -> Callable[[str, dict[str, str]], None]:
        def root(name: str, _: dict[str, str]) -> None:
            self.prefix = name.removesuffix("worksheet")
            _handle_rest(self, parser, done)

        return root

    def column(self, reference: str, following: int) -> int:
        """The column of a cell's reference, such as ``AB12``; ``following`` where it has none."""
        letters = reference.rstrip("0123456789")
        if letters not in self._columns_of:
            self._columns_of[letters] = count_column(letters) if letters else -1
        found = self._columns_of[letters]
        return following if found < 0 else found


def _handle_rest(scan: Scan, parser: expat.XMLParserType, done: list[Row]) -> None:
    prefix = scan.prefix
    row_tag, cell_tag, value_tag, text_tag = prefix + "row", prefix + "c", prefix + "v", prefix + "t"
    formula_tag, phonetic_tag, data_tag = prefix + "f", prefix + "rPh", prefix + "sheetData"
    content, within = scan.content, False
    number, row_start, row_style = -1, 0, ""
    column, cell_start, style, kind, formula = -1, 0, "", "", False
    phonetic = False
    cells: list[Cell] = []
    texts: list[str] = []
    after = _AfterRows(scan, parser)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal within, number, row_start, row_style, column, cell_start, style, kind, formula, cells, phonetic
        if not within:
            if name == data_tag:
                within, scan.data = True, parser.CurrentByteIndex
            else:
                after.start(name, attributes)
        elif name == cell_tag:
            column = scan.column(attributes.get("r", ""), column + 1)
            cell_start, formula = parser.CurrentByteIndex, False
            style, kind = attributes.get("s", ""), attributes.get("t", "")
            texts.clear()
        elif name == value_tag or (name == text_tag and not phonetic):
            parser.CharacterDataHandler = texts.append
        elif name == row_tag:
            number = (read_number(attributes.get("r", ""), 0) or number + 2) - 1
            row_start, column, cells = parser.CurrentByteIndex, -1, []
            row_style = attributes.get("s", "") if attributes.get("customFormat") in ("1", "true") else ""
        elif name == formula_tag:
            formula = True
            if attributes.get("t") in ("array", "dataTable"):
                scan.arrays += read_areas(attributes.get("ref", ""))
        elif name == phonetic_tag:
            phonetic = True

    def end(name: str) -> None:
        nonlocal within, phonetic
        if not within:
            after.end(name)
        elif name in (value_tag, text_tag):
            parser.CharacterDataHandler = None
        elif name == cell_tag:
            at = parser.CurrentByteIndex
            ended = find_end(content, at)
            cells.append(Cell(column, cell_start, ended, style, kind, "".join(texts), formula))
        elif name == row_tag:
            done.append(Row(number, row_start, parser.CurrentByteIndex, row_style, cells))
        elif name == phonetic_tag:
            phonetic = False
        elif name == data_tag:
            within = False

    parser.StartElementHandler, parser.EndElementHandler = start, end


class _AfterRows:
    """What is told of a sheet before and after its rows; extensions have elements of the same local names."""

    def __init__(self, scan: Scan, parser: expat.XMLParserType) -> None:
        self._scan, self._parser = scan, parser
        self._texts: list[str] = []
        self._rule: dict[str, str] | None = None
        self._formulas: list[str] = []
        self._within = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        scan = self._scan
        if local == "mergeCell":
            scan.merged += read_areas(attributes.get("ref", ""))
        elif local == "dimension":
            at = self._parser.CurrentByteIndex
            scan.dimension = at, find_end(scan.content, at)
        elif local == "cols":
            scan.cols = self._parser.CurrentByteIndex, 0
        elif local == "col" and scan.cols and not scan.cols[1]:
            first, last = (read_number(attributes.get(name, ""), 0) - 1 for name in ("min", "max"))
            if 0 <= first <= last:
                scan.columns.append(ColumnStyle(first, last, attributes))
        elif local == "dataValidation":
            self._rule, self._formulas = attributes, []
        elif self._rule is not None and local in ("formula1", "formula2", "sqref"):
            self._within = local
            self._texts.clear()
            self._parser.CharacterDataHandler = self._texts.append

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "cols" and self._scan.cols:
            self._scan.cols = self._scan.cols[0], find_end(self._scan.content, self._parser.CurrentByteIndex)
        if self._rule is None:
            return
        if local == self._within:
            self._parser.CharacterDataHandler = None
            text = "".join(self._texts).strip()
            if local == "sqref":
                self._rule = {**self._rule, "sqref": text}
            else:
                self._formulas.append(text)
            self._within = ""
        elif local == "dataValidation":
            areas = tuple(area for each in self._rule.get("sqref", "").split() for area in read_areas(each))
            kind, operator = self._rule.get("type", "none"), self._rule.get("operator", "between")
            self._scan.validations.append(Validation(kind, operator, tuple(self._formulas), areas))
            self._rule = None


def make_parser() -> expat.XMLParserType:
    """A parser that refuses a document type, with its entities, by `ReviewError`."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_declared
    return parser


def parse(parser: expat.XMLParserType, chunk: bytes, name: str, *, last: bool = False) -> None:
    """Parse the next bytes of a part.

    Raises:
        ReviewError: they aren't XML.
    """
    try:
        parser.Parse(chunk, last)
    except expat.ExpatError as error:
        raise ReviewError(
            "The workbook is damaged ({what}). Open it in Excel, save it anew.", what=f"{name} is no XML"
        ) from error


def _refuse_doctype(*_: object) -> None:
    raise ReviewError("The workbook declares XML entities, which no spreadsheet program writes: it is not opened.")


def _check_declared(_: str, encoding: str | None, __: int) -> None:
    # What is inserted is UTF-8.
    if encoding and encoding.lower() not in ("utf-8", "us-ascii"):
        raise _not_utf8()


def check_encoding(content: bytes) -> None:
    """Refuse a part in UTF-16, which expat would read without being told."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:4]:
        raise _not_utf8()


def _not_utf8() -> ReviewError:
    return ReviewError("The workbook's XML is not in UTF-8. Open it in Excel, save it anew.")


def read_strings(content: bytes, name: str) -> list[str]:
    """The workbook's shared strings, in order, without their formatting and without how they are pronounced."""
    strings: list[str] = []
    texts: list[str] = []
    parser = make_parser()
    phonetic = False

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal phonetic
        local = tag.rpartition(":")[2]
        if local == "si":
            texts.clear()
        elif local == "t" and not phonetic:
            parser.CharacterDataHandler = texts.append
        elif local == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal phonetic
        local = tag.rpartition(":")[2]
        if local == "t":
            parser.CharacterDataHandler = None
        elif local == "si":
            strings.append(unescape("".join(texts)))
        elif local == "rPh":
            phonetic = False

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parse(parser, content, name, last=True)
    return strings


def unescape(text: str) -> str:
    """A string with the characters that a workbook writes as ``_x000D_``."""
    if "_x" not in text:
        return text
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    # Two of them may be the halves of one character.
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def find_end(content: bytes, at: int) -> int:
    """Where the tag ends that begins at a place."""
    if content.startswith(b"</", at):
        return content.find(b">", at) + 1
    found = _TAG.match(content, at)
    return found.end() if found else at


def read_areas(reference: str) -> list[Area]:
    """The rectangle that ``A1:B5``, ``A1``, ``A:A`` or ``2:3`` names, ``$`` or not; none where it is no such."""
    found = _AREA.fullmatch(reference.replace("$", ""))
    if not found:
        return []
    left, top, right, bottom = found.groups()
    if right is None and bottom is None:
        if not left or not top:
            return []
        right, bottom = left, top
    columns = sorted((count_column(left) if left else 0, count_column(right) if right else SHEET_COLUMNS - 1))
    rows = sorted((int(top) - 1 if top else 0, int(bottom) - 1 if bottom else SHEET_ROWS - 1))
    return [Area(max(rows[0], 0), columns[0], rows[1], columns[1])]


_AREA = re.compile(r"([A-Z]{0,3})([0-9]{0,7})(?::([A-Z]{0,3})([0-9]{0,7}))?", re.IGNORECASE)


def count_column(letters: str) -> int:
    """The number from 0 of a column named by letters; beyond a sheet's last where they are none."""
    number = 0
    for letter in letters.upper():
        place = ord(letter) - 64
        if not 1 <= place <= 26 or number > SHEET_COLUMNS:
            return SHEET_COLUMNS
        number = number * 26 + place
    return number - 1


def read_number(text: str, otherwise: int) -> int:
    """A number from 0 as a file writes it; another one where it is none, or longer than any in a workbook."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def too_many(name: str) -> ReviewError:
    """The error for a sheet with more rows than are read."""
    return ReviewError(
        "The sheet “{name}” has more than {most:,} rows. Split it, or delete its empty rows.", name=name, most=MOST_ROWS
    )
