"""A Word document comes back with its answers, and with everything else as it was."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Word
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt
from docx.table import Table
from fakes.reviews import SUMMARY, answer, fill
from lxml import etree

from bot.review.docx import Document
from bot.review.docx_pages import ANSWERS_TAG, SUMMARY_TAG
from bot.review.model import Columns, Fill, ReviewError

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HEAD = ["No.", "Question", "Response", "Remarks"]
BACKUP, PLAN, STAFF = "Do you back up customers' data?", "Is there a tested plan?", "Who vets the staff?"
BOX = (
    '<w:sdt {names} xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w:sdtPr><w14:checkbox>'
    '<w14:checked w14:val="0"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☐</w:t></w:r></w:sdtContent></w:sdt>'
)


def save(word: Word) -> bytes:
    """A document's file."""
    written = io.BytesIO()
    word.save(written)
    return written.getvalue()


def make(*rows: list[str], change: Callable[[Word, Table], object] | None = None) -> bytes:
    """A document with one table, between a heading and a paragraph, and what is done to it."""
    word = docx.Document()
    word.add_heading("Supplier review", 1)
    table = word.add_table(rows=len(rows), cols=len(rows[0]), style="Table Grid")
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            table.cell(number, column).text = text
    word.add_paragraph("Signed for the supplier")
    if change:
        change(word, table)
    return save(word)


PLAIN = make(
    HEAD, ["A", "Availability", "", ""], ["A.1", BACKUP, "", ""], ["A.2", PLAN, "Partly", ""], ["A.3", STAFF, "", ""]
)


def table_of(content: bytes, number: int = 0) -> list[list[str]]:
    """The texts of a document's own table, as python-docx reads them."""
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(content)).tables[number].rows]


def body(content: bytes) -> etree._Element:
    """A document's body."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        found = etree.fromstring(file.read("word/document.xml")).find(f"{W}body")
    assert found is not None
    return found


def words(element: etree._Element) -> list[str]:
    """The text of each paragraph within."""
    return ["".join(text.text or "" for text in each.iter(f"{W}t")) for each in element.iter(f"{W}p")]


def strip(content: bytes) -> bytes:
    """A body without what Clausebot added before and behind it."""
    root = body(content)
    for control in list(root.iterchildren(f"{W}sdt")):
        if control.find(f"{W}sdtPr/{W}tag").get(f"{W}val") in (SUMMARY_TAG, ANSWERS_TAG):
            root.remove(control)
    return etree.tostring(root, method="c14n")


def test_blank_cells_are_filled() -> None:
    """The answer and the remark stand in the document's own cells; what was given stays, headings of sections too."""
    questionnaire = Document(PLAIN)
    asked = [(question.place, question.row, question.text, question.given) for question in questionnaire.questions]
    assert asked == [("Table 1", 3, BACKUP, ""), ("Table 1", 4, PLAN, "Partly"), ("Table 1", 5, STAFF, "")]
    back = fill(questionnaire)
    assert table_of(back) == [
        HEAD,
        ["A", "Availability", "", ""],
        ["A.1", BACKUP, "No", answer(0).comment],
        ["A.2", PLAN, "Partly", answer(1).comment],
        ["A.3", STAFF, "", ""],
    ]


def test_a_summary_stands_first_and_the_details_last() -> None:
    """On pages of their own, as content controls; a row for each question, and every field that says something."""
    root = body(fill(Document(PLAIN)))
    first, last = root[0], root[-2]
    assert root[-1].tag == f"{W}sectPr"
    assert words(first)[:3] == [
        "Clausebot summary: Draft",
        "Guide: Quaymoth Cloud 1.0, 2021-04",
        "Notice: =a draft, “for a person”",
    ]
    rows = [words(row) for row in last.iter(f"{W}tr")]
    assert rows[0] == ["Question", "Clausebot"]
    assert rows[1] == [
        "Table 1, row 3",
        BACKUP,
        "Answer: No",
        'Comment: +1, "both" sides; see 0',
        "Ownership: Shared CSP and CSC",
        "Clause: GL14 5.17",
        "Citation: 6.5 ¶2 s1, page 18",
        "Confidence: 0.91 (high)",
        "Quote: @they said | so",
        "Reviewer: ",
        "Status: answered",
    ]
    assert rows[3][2:] == ["Answer: ", "Comment: The guide does not say.", "Reviewer: ", "Status: needs a person"]


def test_all_else_stays_as_it_was() -> None:
    """Other parts byte for byte and in order; of the body, only filled cells have a run more; same in, same out."""

    def decorate(word: Word, table: Table) -> None:
        word.core_properties.title = "Review"
        word.sections[0].header.paragraphs[0].text = "Harbour Assurance"
        run = table.cell(1, 1).paragraphs[0].runs[0]
        run.bold, run.font.size = True, Pt(17)
        table.cell(1, 0).merge(table.cell(1, 1))

    given = make(HEAD, ["", BACKUP, "", ""], ["2", STAFF, "", ""], change=decorate)
    back = fill(Document(given, Columns(question="Question")))
    with zipfile.ZipFile(io.BytesIO(given)) as before, zipfile.ZipFile(io.BytesIO(back)) as after:
        assert after.namelist() == before.namelist()
        changed = [name for name in before.namelist() if before.read(name) != after.read(name)]
        assert {entry.date_time for entry in after.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert changed == ["word/document.xml"]
    blank = Document(given)
    nothing = blank.fill(tuple(Fill() for _ in blank.questions), SUMMARY)
    assert strip(nothing) == strip(given)
    assert fill(Document(given, Columns(question="Question"))) == back


def test_an_answer_is_written_as_its_cell_is() -> None:
    """The run has the properties of the paragraph's mark."""

    def mark(_: Word, table: Table) -> None:
        paragraph = table.cell(1, 2).paragraphs[0]._p
        paragraph.insert(
            0,
            parse_xml(
                f"<w:pPr {nsdecls('w')}><w:jc w:val='center'/><w:rPr><w:i/><w:color w:val='FF0000'/></w:rPr></w:pPr>"
            ),
        )

    back = docx.Document(io.BytesIO(fill(Document(make(HEAD, ["1", BACKUP, "", ""], change=mark)))))
    run = back.tables[0].cell(1, 2).paragraphs[0].runs[-1]
    assert (run.text, run.italic, str(run.font.color.rgb)) == ("No", True, "FF0000")


def add_dropdown(_: Word, table: Table) -> None:
    """Put a dropdown that shows its placeholder into an answer cell."""
    items = "".join(
        f'<w:listItem w:displayText="{text}" w:value="{value}"/>'
        for text, value in (("Choose…", ""), ("No", "n"), ("Yes", "y"))
    )
    table.cell(1, 2).paragraphs[0]._p.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/><w:dropDownList>{items}</w:dropDownList></w:sdtPr>"
            "<w:sdtContent><w:r><w:t>Choose…</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )


def test_a_dropdown_gives_the_choices_and_takes_the_answer() -> None:
    """Without its placeholder; an answer taken back shows the placeholder again."""
    questionnaire = Document(make(HEAD, ["1", BACKUP, "", ""], change=add_dropdown))
    assert [(question.choices, question.given) for question in questionnaire.questions] == [(("No", "Yes"), "")]
    back = fill(questionnaire)
    control = next(body(back).iter(f"{W}dropDownList"))
    assert control.get(f"{W}lastValue") == "n"
    assert control.getparent().find(f"{W}showingPlcHdr") is None
    assert words(next(control.iterancestors(f"{W}tc"))) == ["No"]
    renewed = Document(back)
    assert [question.given for question in renewed.questions] == [""]
    cleared = renewed.fill((Fill(),), SUMMARY)
    assert next(body(cleared).iter(f"{W}showingPlcHdr")) is not None
    assert Document(cleared).questions == questionnaire.questions


def test_boxes_are_choices_and_one_is_ticked() -> None:
    """As signs in the text and as content controls; a box that a person ticked is an answer given."""

    def box(_: Word, table: Table) -> None:
        table.cell(1, 2).text = "☐ Yes  ☐ No  ☐ N/A"
        paragraph = table.cell(2, 2).paragraphs[0]
        for label in (" Yes ", " No"):
            paragraph._p.append(parse_xml(BOX.format(names=nsdecls("w"))))
            paragraph.add_run(label)
        table.cell(3, 2).text = "☐ Yes ☒ No"

    content = make(HEAD, *(["1", text, "", ""] for text in (BACKUP, PLAN, STAFF)), change=box)
    questionnaire = Document(content)
    found = [(question.choices, question.given) for question in questionnaire.questions]
    assert found == [(("Yes", "No", "N/A"), ""), (("Yes", "No"), ""), (("Yes", "No"), "No")]
    back = fill(questionnaire)
    cells = [words(list(row.iterchildren(f"{W}tc"))[2]) for row in next(body(back).iter(f"{W}tbl")).iter(f"{W}tr")]
    assert cells[1:] == [["☐ Yes  ☒ No  ☐ N/A"], ["☒ Yes ☐ No"], ["☐ Yes ☒ No"]]
    checked = [each.get(each.tag.replace("checked", "val")) for each in body(back).iter("{*}checked")]
    assert checked == ["1", "0"]
    renewed = Document(back)
    assert [question.given for question in renewed.questions] == ["", "", "No"]
    assert strip(renewed.fill(tuple(Fill() for _ in renewed.questions), SUMMARY)) == strip(content)


def test_merged_cells_and_tables_in_tables_are_read() -> None:
    """A merged heading asks nothing, an answer cell merged downwards is filled once, a nested table is one more."""

    def merge(_: Word, table: Table) -> None:
        table.cell(1, 0).merge(table.cell(1, 3))
        table.cell(2, 2).merge(table.cell(3, 2))
        nested = table.cell(4, 3).add_table(rows=2, cols=2)
        for column, text in enumerate(["Requirement", "Compliant"]):
            nested.cell(0, column).text = text
        nested.cell(1, 0).text = "Logs must be kept for a year."

    rows = [HEAD, ["Availability", "", "", ""], ["1", BACKUP, "", ""], ["2", PLAN, "", ""], ["3", STAFF, "", ""]]
    questionnaire = Document(make(*rows, change=merge))
    asked = [(question.place, question.row, question.text) for question in questionnaire.questions]
    assert asked == [
        ("Table 1", 3, BACKUP),
        ("Table 1", 4, PLAN),
        ("Table 1", 5, STAFF),
        ("Table 2", 2, "Logs must be kept for a year."),
    ]
    back = fill(questionnaire)
    assert [row[2].strip() for row in table_of(back)] == ["Response", "Availability", "No", "No", ""]
    assert "".join(words(body(back).findall(f".//{W}tbl//{W}tbl")[0])[-1]) == "No"


def test_a_legend_in_the_text_gives_the_choices() -> None:
    """A paragraph above a table, or a small table of its own."""

    def explain(word: Word, table: Table) -> None:
        table._tbl.addprevious(word.add_paragraph("Allowed answers: Full / Partial / None")._p)

    (question,) = Document(make(HEAD, ["1", BACKUP, "", ""], change=explain)).questions
    assert question.choices == ("Full", "Partial", "None")
    assert [one.choices for one in Document(PLAIN).questions] == [()] * 3


def test_a_document_that_came_back_is_renewed() -> None:
    """The same again gives the same bytes; a person's row stays in the table and at the end."""
    first = fill(Document(PLAIN))
    assert Document(first).questions == Document(PLAIN).questions
    assert fill(Document(first)) == first
    word = docx.Document(io.BytesIO(first))
    details = word.element.body.findall(f".//{W}tbl")[-1]
    reviewer = next(
        each for each in details.iter(f"{W}p") if "".join(t.text or "" for t in each.iter(f"{W}t")) == "Reviewer: "
    )
    reviewer.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>M. L.</w:t></w:r>"))
    edited = Document(save(word))
    row, other, _ = edited.read_reviewed()
    assert (row.place, row.row, row.question, row.given, row.answer) == ("Table 1", 3, BACKUP, "No", "No")
    assert (row.reviewer, row.status, other.reviewer, other.given) == ("M. L.", "answered", "", "Partly")
    assert [question.given for question in edited.questions] == ["No", "Partly", ""]
    renewed = edited.fill(tuple(Fill(comment="New") for _ in edited.questions), SUMMARY)
    assert [line[2] for line in table_of(renewed)][2:] == ["No", "Partly", ""]
    answers = [(one.answer, one.comment) for one in Document(renewed).read_reviewed()]
    assert answers == [("No", '+1, "both" sides; see 0'), ("", "New"), ("", "New")]
    assert Document(PLAIN).read_reviewed() == []


def test_a_document_that_libreoffice_saved_is_known_again() -> None:
    """It takes the content controls away, and joins tables that follow one another: question and texts still tell."""
    word = docx.Document(io.BytesIO(fill(Document(PLAIN))))
    for control in list(word.element.body.iterchildren(f"{W}sdt")):
        for child in list(control.find(f"{W}sdtContent")):
            control.addprevious(child)
        word.element.body.remove(control)
    for text in word.element.body.iter(f"{W}t"):
        text.text = (text.text or "").replace("Table 1, row", "Table 7, row")
    unwrapped = Document(save(word))
    assert unwrapped.questions == Document(PLAIN).questions
    assert [(row.row, row.given, row.answer) for row in unwrapped.read_reviewed()] == [
        (3, "No", "No"),
        (4, "Partly", "Yes"),
        (5, "", ""),
    ]
    assert strip(fill(unwrapped)) == strip(fill(Document(PLAIN)))


def test_documents_without_questions_are_refused() -> None:
    """No table or line that asks, or no column of such a name."""
    with pytest.raises(ReviewError, match="No questions were found in the document"):
        Document(make(["Name", "Amount"], ["Rent", "12"]))
    with pytest.raises(ReviewError, match=r"“Inquiry”.*Response"):
        Document(PLAIN, Columns(question="Inquiry"))
    with pytest.raises(ReviewError, match="no body"):
        Document(replace(PLAIN, "word/document.xml", b"<x/>"))
    with pytest.raises(ReviewError, match="entities"):
        Document(replace(PLAIN, "word/document.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'))


def replace(content: bytes, name: str, held: bytes) -> bytes:
    """A file with one part changed."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as given, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in given.infolist():
            made.writestr(entry.filename, held if entry.filename == name else given.read(entry))
    return written.getvalue()


def test_what_xml_cannot_hold_is_left_out() -> None:
    """Control signs and markup in an answer come as text."""
    questionnaire = Document(PLAIN)
    told = Fill(answer="a\x00\x1b<w:b/>&\n]]>", comment="\ud800x", status="answered")
    back = questionnaire.fill((told, Fill(), Fill()), SUMMARY)
    assert table_of(back)[2][2:] == ["a<w:b/>&\n]]>", "x"]
