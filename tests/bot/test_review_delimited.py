"""CSV and TSV files come back as they were, with answers in them; their encodings and dialects are told for sure."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import zip_longest

import pytest
from fakes.reviews import SUMMARY, answer, fill
from hypothesis import given
from hypothesis import strategies as st

from bot.review.delimited import Delimited
from bot.review.dialect import detect, read_records, splice
from bot.review.encoding import decode
from bot.review.model import ADDED, Columns, Fill, ReviewError

HEADINGS = [f"Clausebot: {heading}" for _, heading in ADDED]
PLAIN = (
    "No.;Question;Answer;Remarks\r\n"
    "A;Availability;;\r\n"
    'A.1;"Do you back up data; how often?";;\r\n'
    'A.2;"Is there a ""tested""\r\nplan?";Partly;"see; below"\r\n'
    "A.3;Who tests it?;;\r\n"
    ";Total;;\r\n"
)
CHINESE = (
    "編號,問題,回覆（是／否）,備註\n1,是否定期備份客戶資料？,,\n2,供應商是否設有應變計劃？,,\n3,資料如何加密？,,\n"
)
SIMPLIFIED = "编号,问题,回复,备注\n1,是否定期备份客户数据？,,\n2,供应商是否设有应急计划？,,\n"
WESTERN = "Question,Answer\nIs the café’s data – all of it – backed up?,\nAre the “keys” at Zürich?,\n"


def rows(content: bytes, codec: str = "utf-8-sig", delimiter: str = ",") -> list[list[str]]:
    """A file's rows, as Python's own reader has them."""
    return list(csv.reader(io.StringIO(content.decode(codec), newline=""), delimiter=delimiter))


def test_a_file_comes_back_with_its_answers() -> None:
    """Blank cells are filled, columns added behind, the summary follows; given answers and all else stay."""
    questionnaire = Delimited(PLAIN.encode())
    asked = [(question.row, question.text, question.given) for question in questionnaire.questions]
    assert asked == [
        (3, "Do you back up data; how often?", ""),
        (4, 'Is there a "tested"\r\nplan?', "Partly"),
        (5, "Who tests it?", ""),
    ]
    back = rows(fill(questionnaire), delimiter=";")
    assert back[0] == ["No.", "Question", "Answer", "Remarks", *HEADINGS]
    assert back[1] == ["A", "Availability", "", ""]
    comment = answer(0).comment
    # A comment that begins with a plus sign is text, never a formula.
    told = ["No", f"'{comment}", "Shared CSP and CSC", "GL14 5.17", "6.5 ¶2 s1, page 18", "0.91 (high)"]
    assert back[2][:4] == ["A.1", "Do you back up data; how often?", "No", f"'{comment}"]
    assert back[2][4:] == [*told, "'@they said | so", "", "answered"]
    assert back[3][2:6] == ["Partly", "see; below", "Yes", "'" + answer(1).comment]
    assert back[4] == ["A.3", "Who tests it?", "", "", "", "The guide does not say.", *[""] * 6, "needs a person"]
    assert back[5] == ["", "Total", "", ""]
    assert [row[:3] for row in back[6:]] == [
        ["Clausebot summary", "Draft", ""],
        ["Clausebot summary", "Guide", "Quaymoth Cloud 1.0, 2021-04"],
        ["Clausebot summary", "Notice", "'=a draft, “for a person”"],
    ]
    assert {len(row) for row in back[6:]} == {len(back[0])}


def test_what_is_not_filled_stays_byte_for_byte() -> None:
    """Every record begins with the bytes that it had, but for the cells that were blank and are filled."""
    back = fill(Delimited(PLAIN.encode())).decode()
    kept = PLAIN.replace('how often?";;\r\n', 'how often?";No;"\'+1, ""both"" sides;\nsee 0"\r\n')
    at = 0
    for record in kept.split("\r\n"):
        found = back.index(record, at)
        assert found >= at
        at = found + len(record)
    assert back.count("\r\n") == PLAIN.count("\r\n") + 3
    assert fill(Delimited(PLAIN.encode())).decode() == back


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_dialect_is_found_and_kept(delimiter: str, ending: str) -> None:
    """Commas, semicolons, tabs and pipes; each kind of line end; with and without one at the end."""
    lines = [["Question", "Answer"], ["Is it safe, sound; and | sure?", ""], ["Who tests it?", ""]]
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=ending).writerows(lines)
    for text in (written.getvalue(), written.getvalue().removesuffix(ending)):
        questionnaire = Delimited(text.encode(), "tsv" if delimiter == "\t" else "csv")
        assert questionnaire.kind == ("tsv" if delimiter == "\t" else "csv")
        assert [question.text for question in questionnaire.questions] == [line[0] for line in lines[1:]]
        back = fill(questionnaire).decode()
        assert back.endswith(ending) == text.endswith(ending)
        assert csv_ends(back) == {ending}
        assert rows(back.encode(), delimiter=delimiter)[1][:2] == [lines[1][0], "No"]


def csv_ends(text: str) -> set[str]:
    """The kinds of line ends in a text, outside of quotes."""
    outside = "".join(text.split('"')[::2])
    lone = outside.replace("\r\n", "")
    return {end for end in ("\r\n", "\n", "\r") if end in (outside if end == "\r\n" else lone)}


def test_a_file_that_quotes_everything_goes_on_doing_so() -> None:
    """Added cells are quoted where every other is."""
    back = fill(Delimited(b'"Question","Answer"\n"Is it safe?",""\n')).decode()
    assert back.startswith('"Question","Answer","Clausebot: Answer"')
    assert back.splitlines()[1].startswith('"Is it safe?","No","No"')


@pytest.mark.parametrize(
    ("text", "codec", "mark"),
    [
        (PLAIN, "utf-8", b""),
        (PLAIN, "utf-8", codecs.BOM_UTF8),
        (CHINESE, "utf-8", codecs.BOM_UTF8),
        (CHINESE, "utf-16-le", codecs.BOM_UTF16_LE),
        (CHINESE, "utf-16-be", codecs.BOM_UTF16_BE),
        (PLAIN, "utf-16-le", b""),
        (PLAIN, "utf-32-le", codecs.BOM_UTF32_LE),
        (CHINESE, "cp950", b""),
        (CHINESE, "gb18030", b""),
        (SIMPLIFIED, "gb18030", b""),
        (WESTERN, "cp1252", b""),
    ],
)
def test_the_encoding_is_found_and_kept(text: str, codec: str, mark: bytes) -> None:
    """What was in an encoding comes back in it, its mark too; signs that it hasn't got are written out."""
    content = mark + text.replace("／", "∕" if codec == "cp950" else "／").encode(codec)
    found = decode(content)
    assert (found.codec, found.mark) == (codec, mark)
    assert found.encode(found.text) == content
    back = fill(Delimited(content))
    assert back.startswith(mark)
    again = back[len(mark) :].decode(codec)
    assert ("6.5 par. 2 s1" if codec == "cp950" else "6.5 ¶2 s1") in again
    first = text.splitlines()[0].replace("／", "∕" if codec == "cp950" else "／")
    assert again.startswith(first)


def test_chinese_in_big5_is_read() -> None:
    """Question, choices and answer column of a file as Excel in Hong Kong saves it."""
    questions = Delimited(CHINESE.encode("big5")).questions
    assert [question.text for question in questions] == [
        "是否定期備份客戶資料？",
        "供應商是否設有應變計劃？",
        "資料如何加密？",
    ]
    assert {question.choices for question in questions} == {("是", "否")}


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\x03" * 50, bytes(range(256)) * 4, b"Question\n\x81\x8d\x8f\xff\x90?\n"]
)
def test_what_is_no_text_is_refused(content: bytes) -> None:
    """Binary data, and bytes of no encoding that could be told, are said to be so."""
    with pytest.raises(ReviewError, match=r"binary|encoding"):
        decode(content)


def test_a_wrong_mark_is_said() -> None:
    """A mark that the bytes belie names the place."""
    with pytest.raises(ReviewError, match=r"UTF-8, but byte 5"):
        decode(codecs.BOM_UTF8 + b"ab\xffc")


def test_a_file_that_came_back_is_renewed() -> None:
    """The same again gives the same bytes; other answers take the place of Clausebot's own, a person's stay."""
    first = fill(Delimited(PLAIN.encode()))
    assert fill(Delimited(first)) == first
    left = Delimited(first).questions
    assert [question.given for question in left] == ["", "Partly", ""]
    named = first.replace(b";;answered", b";M. L.;answered", 1)
    questionnaire = Delimited(named)
    renewed = rows(questionnaire.fill(tuple(Fill() for _ in questionnaire.questions), SUMMARY), delimiter=";")
    assert renewed[2][2] == "No"
    assert renewed[2][-2:] == ["M. L.", "answered"]
    assert renewed[3][2:5] == ["Partly", "see; below", ""]
    assert len(renewed) == len(rows(first, delimiter=";"))


def test_named_columns_are_known_when_the_file_comes_back() -> None:
    """What somebody had to name is found by Clausebot's own columns the next time, the same rows with it."""
    content = b"Nr,Wording,Our word\n1,Backups daily,\n2,Staff vetted,\n"
    back = fill(Delimited(content, "csv", Columns(question="Wording")))
    again = Delimited(back)
    assert [(question.row, question.text) for question in again.questions] == [
        (2, "Backups daily"),
        (3, "Staff vetted"),
    ]
    assert [row.answer for row in again.read_reviewed()] == ["No", "Yes"]


def test_a_file_without_headings_gets_a_line_of_them() -> None:
    """The added columns are named on a line of their own, and found by it again."""
    back = fill(Delimited(b"Do you back up data?,\nWho tests it?,\n"))
    assert rows(back)[0] == ["", "", *HEADINGS]
    assert rows(back)[1][:3] == ["Do you back up data?", "No", "No"]
    assert fill(Delimited(back)) == back


def test_reviewed_rows_are_read_back() -> None:
    """What people left in the columns, without the apostrophes that were put there for spreadsheets."""
    content = fill(Delimited(PLAIN.encode())).replace(b";;answered", b";M. L.;answered", 1)
    first, second, third = Delimited(content).read_reviewed()
    assert (first.row, first.given, first.answer, first.comment) == (3, "No", "No", answer(0).comment)
    assert (first.reviewer, first.status) == ("M. L.", "answered")
    assert (second.given, second.answer, second.reviewer) == ("Partly", "Yes", "")
    assert third.status == "needs a person"
    assert Delimited(PLAIN.encode()).read_reviewed() == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_nothing_added_is_a_formula(sign: str) -> None:
    """Whatever an added text begins with, no spreadsheet takes it for a formula; the file's own cells stay."""
    questionnaire = Delimited(b"Question,Answer\n=Is it safe?,\n")
    told = Fill(answer=f"{sign}cmd|' /C calc'!A0", status="answered")
    row = rows(questionnaire.fill((told,), SUMMARY))[1]
    assert row[0] == "=Is it safe?"
    assert [row[1][0], row[2][0]] == ["'", "'"]


def test_named_columns_are_taken_and_wrong_ones_said() -> None:
    """By heading or letter; a name that isn't there is answered with those that are."""
    content = b"Nr,Wording,Our word\n1,Backups daily,\n"
    for columns in (Columns(question="Wording", answer="our word"), Columns(question="B", answer="3")):
        questionnaire = Delimited(content, "csv", columns)
        assert [question.text for question in questionnaire.questions] == ["Backups daily"]
        assert rows(fill(questionnaire))[1][2] == "No"
    with pytest.raises(ReviewError, match=r"“Inquiry”.*Nr"):
        Delimited(content, "csv", Columns(question="Inquiry"))
    with pytest.raises(ReviewError, match="or name it"):
        Delimited(b"Name,Amount\nRent,12\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'Question,Answer\n"Is it safe?,\nWho tests it?,\n', "Line 2"),
        (b"," * 50_000, "16,384"),
        (b"a,b\n" * 300_000, "200,000 rows"),
    ],
)
def test_what_no_spreadsheet_holds_is_refused(content: bytes, said: str) -> None:
    """A quotation mark that is never closed, too many columns, too many rows."""
    with pytest.raises(ReviewError, match=said):
        Delimited(content)


@given(
    st.lists(
        st.lists(st.text(st.sampled_from('ab ,;|"\n\r\t問'), max_size=6), min_size=1, max_size=4),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_records_are_those_of_pythons_reader(cells: list[list[str]], delimiter: str, quoting: int) -> None:
    """Whatever Python's own writer writes is read as its own reader reads it, and put together again unchanged."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, quoting=quoting).writerows(cells)
    text = written.getvalue()
    records = read_records(text, delimiter)
    for record, row in zip_longest(records, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)):
        assert record.texts == (row or [""])
    spans = [(*record.span(column), "x") for record in records for column in range(len(record.texts))]
    blank = list(csv.reader(io.StringIO(splice(text, spans), newline=""), delimiter=delimiter))
    assert [len(row) for row in blank] == [len(record.texts) for record in records]


def test_excels_own_hint_is_heeded() -> None:
    """A first line such as sep=; names the delimiter."""
    assert detect("sep=|\r\nQuestion, or so|Answer, or so\r\n").delimiter == "|"
