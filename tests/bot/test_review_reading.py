"""What kind of file a questionnaire is, by what it holds; each bad file is refused with a line that says what to do."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import pytest
from fakes.reviews import fill
from openpyxl import Workbook

from bot.review.model import Columns, ReviewError
from bot.review.packages import LARGEST_PACKAGE, open_package, parse_xml
from bot.review.reading import LARGEST_FILE, MOST_QUESTIONS, open_questionnaire, read_reviewed, tell_kind

ASKED = "Do you back up customers' data?"
CSV = f"Question,Answer\n{ASKED},\n".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TYPES = "[Content_Types].xml"


def workbook() -> bytes:
    """A workbook with a question."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Question", "Answer"])
    sheet.append([ASKED, None])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def document() -> bytes:
    """A document with a question."""
    word = docx.Document()
    table = word.add_table(rows=2, cols=2)
    for number, text in enumerate(["Question", "Answer", ASKED, ""]):
        table.cell(number // 2, number % 2).text = text
    written = io.BytesIO()
    word.save(written)
    return written.getvalue()


XLSX, DOCX = workbook(), document()
FILES = {
    "a.xlsx": XLSX,
    "a.docx": DOCX,
    "a.csv": CSV,
    "a.TSV": CSV.replace(b",", b"\t"),
    "a.json": json.dumps([{"question": ASKED, "answer": ""}]).encode(),
    "a.txt": ASKED.encode(),
}


def pack(parts: dict[str, bytes]) -> bytes:
    """A zip file of parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, held in parts.items():
            made.writestr(name, held)
    return written.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """The parts of a zip file."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def refuse(content: bytes, name: str) -> str:
    """What is said on a file that is refused: a line, in which nothing of its content or a machine stands."""
    with pytest.raises(ReviewError) as refused:
        open_questionnaire(content, name)
    said = str(refused.value)
    assert "\n" not in said
    assert len(said) < 250
    return said


@pytest.mark.parametrize("name", FILES)
def test_every_kind_is_read_filled_and_read_back(name: str) -> None:
    """One question each; it comes back as the same kind, and what people left there can be read."""
    questionnaire = open_questionnaire(FILES[name], name)
    assert questionnaire.kind == name.lower()[2:]
    assert [question.text for question in questionnaire.questions] == [ASKED]
    back = fill(questionnaire)
    assert tell_kind(back, name) == questionnaire.kind
    assert [(row.question, row.answer, row.reviewer, row.status) for row in read_reviewed(back, name)] == [
        (ASKED, "No", "", "answered")
    ]
    with pytest.raises(ReviewError, match="Clausebot wrote nothing"):
        read_reviewed(FILES[name], name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_an_ending_is_known_by_what_it_holds(name: str) -> None:
    """A paste or an upload without a name is read all the same."""
    assert tell_kind(FILES[name], "") == name.lower()[2:]
    assert tell_kind(FILES[name], "questions.final") == name.lower()[2:]


def test_tables_under_txt_are_read_as_tables() -> None:
    """Excel saves tabs under .txt; lines of text stay lines."""
    assert tell_kind(CSV.replace(b",", b"\t"), "a.txt") == "tsv"
    assert tell_kind(b"Do you back up, daily?\nWho, if anyone, tests it?\n", "a.txt") == "txt"


@pytest.mark.parametrize(
    ("held", "name", "said"),
    [
        (XLSX, "a.csv", "holds a workbook (.xlsx). Name it .xlsx"),
        (XLSX, "a.docx", "holds a workbook (.xlsx). Name it .xlsx"),
        (XLSX, "a.xls", "Name it .xlsx"),
        (DOCX, "a.xlsx", "holds a document (.docx). Name it .docx"),
        (DOCX, "a.txt", "Name it .docx"),
        (CSV, "a.xlsx", "holds plain text"),
        (CSV, "a.docx", "holds plain text"),
        (FILES["a.json"], "a.csv", "holds JSON. Name it .json"),
        (FILES["a.json"], "a.txt", "holds JSON. Name it .json"),
        (CSV, "a.json", "no valid JSON: line 1, column 1"),
    ],
)
def test_a_wrong_ending_is_said(held: bytes, name: str, said: str) -> None:
    """With the ending that it should have."""
    assert said in refuse(held, name)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "a.csv", "is empty"),
        (b" \r\n\t\n", "a.txt", "is empty"),
        (b"\xef\xbb\xbf", "a.csv", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.pdf", "a PDF. Save the questionnaire as .xlsx"),
        (b"%PDF-1.7\n%\xe2\xe3", "a.docx", "a PDF"),
        (b"{\\rtf1\\ansi Is it?}", "a.doc", "rich text"),
        (b"\x1f\x8b\x08\x00abc", "a.csv.gz", "an archive"),
        (b"<!DOCTYPE html><table><tr><td>Is it?", "a.xls", "a web page"),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", "old Excel (.xls). Save it as .xlsx"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "old Word (.doc). Save it as .docx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "encrypted. Take the password off"),
        (OLE, "a.xlsx", "encrypted"),
        (XLSX, "a.xlsm", "macros (.xlsm), which are not opened. Save it as .xlsx"),
        (DOCX, "a.docm", "macros (.docm), which are not opened. Save it as .docx"),
        (XLSX, "a.xlsb", "binary workbook"),
        (pack({"a.txt": b"Is it?"}), "a.zip", "an archive"),
        (pack({"content.xml": b"<x/>"}), "a.ods", "LibreOffice (.ods). Save it as .xlsx"),
        (pack({"content.xml": b"<x/>"}), "a.xlsx", "zip archive, but no workbook"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "a.png", "binary data"),
        (bytes(range(256)) * 9, "a.csv", "binary data"),
        (XLSX[:2000], "a.xlsx", "damaged"),
        (DOCX[:2000], "a.docx", "damaged"),
        (b"# nothing\n", "a.txt", "No questions"),
    ],
)
def test_bad_files_are_refused(content: bytes, name: str, said: str) -> None:
    """Each with a line that says what is wrong and what to do."""
    assert said in refuse(content, name)


def test_files_and_questions_are_counted() -> None:
    """A file that is too large is not looked into; 20,000 questions are read, not one more."""
    assert "200 MB; 20 MB are read" in refuse(bytes(200_000_000), "a.csv")
    assert len(open_questionnaire(b"Is it?\n" * MOST_QUESTIONS, "a.txt").questions) == MOST_QUESTIONS
    assert "20,001 questions" in refuse(b"Is it?\n" * (MOST_QUESTIONS + 1), "a.txt")
    assert LARGEST_FILE == 20_000_000


def test_macros_are_refused_whatever_the_name() -> None:
    """A project of macros inside, or a type that says so."""
    held = parts(XLSX)
    assert "macros" in refuse(pack({**held, "xl/vbaProject.bin": b"x"}), "a.xlsx")
    changed = held[TYPES].replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    assert "macros" in refuse(pack({**held, TYPES: changed}), "a.xlsx")
    word = parts(DOCX)
    assert "Save it without them, as .docx" in refuse(pack({**word, "word/VBAProject.bin": b"x"}), "a.docx")


def test_bombs_are_refused_before_they_are_unpacked() -> None:
    """By the sizes in the directory, the number of parts, and parts that are longer than they say."""
    held = parts(XLSX)
    assert "zip bomb" in refuse(pack({**held, "xl/worksheets/sheet1.xml": b"0" * 20_000_000}), "a.xlsx")
    assert "parts" in refuse(pack({**held, **{f"xl/{number}.xml": b"" for number in range(5_001)}}), "a.xlsx")
    lying = bytearray(pack({**held, "xl/large.xml": bytes(range(256)) * 4_000}))
    place = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"xl/large.xml"))
    lying[place + 24 : place + 28] = (LARGEST_PACKAGE + 1).to_bytes(4, "little")
    assert "zip bomb" in refuse(bytes(lying), "a.xlsx")
    lying[place + 24 : place + 28] = (10).to_bytes(4, "little")
    with pytest.raises(ReviewError, match="damaged"):
        open_package(bytes(lying), "xlsx").read("xl/large.xml")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_packages_out_of_order_are_refused() -> None:
    """A part twice, a name that leaves the package, a password, a kind that isn't the file's."""
    held = parts(XLSX)
    written = io.BytesIO(XLSX)
    with zipfile.ZipFile(written, "a") as file:
        file.writestr("XL/workbook.xml", b"<x/>")
    assert "a part twice" in refuse(written.getvalue(), "a.xlsx")
    assert "names that leave it" in refuse(pack({**held, "xl/../../x": b""}), "a.xlsx")
    locked = bytearray(XLSX)
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[locked.index(mark) + offset] |= 1
    assert "password" in refuse(bytes(locked), "a.xlsx")
    with pytest.raises(ReviewError, match=r"named .docx, but is a workbook"):
        open_package(XLSX, "docx")


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>',
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><x/>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16"),
        '<?xml version="1.0" encoding="UTF-16BE"?><!DOCTYPE x><x/>'.encode("utf-16-be"),
    ],
)
def test_entities_are_refused(xml: bytes) -> None:
    """In any encoding, inside a workbook or a document."""
    with pytest.raises(ReviewError, match="entities"):
        parse_xml(xml, "part.xml")
    assert "entities" in refuse(pack({**parts(DOCX), "word/document.xml": xml}), "a.docx")


@pytest.mark.parametrize("xml", [b"", b"<x>", b"text", b"<x>" * 400 + b"</x>" * 400, b"<x>\x00</x>"])
def test_what_is_no_xml_is_refused(xml: bytes) -> None:
    """With the name of the part."""
    with pytest.raises(ReviewError, match=r"damaged.*part\.xml"):
        parse_xml(xml, "part.xml")


def test_a_package_is_written_with_its_other_parts_as_they_were() -> None:
    """In the same order; a new part last, one taken away gone; the times are fixed."""
    package = open_package(DOCX, "docx")
    written = package.replace({"word/styles.xml": b"<x/>", "new.xml": b"<y/>", "docProps/thumbnail.jpeg": None})
    before, after = parts(DOCX), parts(written)
    assert list(after) == [name for name in before if name != "docProps/thumbnail.jpeg"] + ["new.xml"]
    assert after["word/styles.xml"] == b"<x/>"
    same = set(before) - {"word/styles.xml", "docProps/thumbnail.jpeg"}
    assert all(after[name] == before[name] for name in same)
    assert package.replace({"new.xml": b"<y/>"}) == open_package(DOCX, "docx").replace({"new.xml": b"<y/>"})


@pytest.mark.parametrize("name", [name for name in FILES if name != "a.txt"])
def test_named_columns_are_checked_in_every_kind(name: str) -> None:
    """A name that isn't there is answered with those that are."""
    with pytest.raises(ReviewError, match=r"(?i)“Inquiry”.*question"):
        open_questionnaire(FILES[name], name, Columns(question="Inquiry"))
