"""Questions in a Word document's text are read, and answered in the blank places behind them."""

from __future__ import annotations

import io

import docx
import pytest
from fakes.reviews import SUMMARY

from bot.review.docx import Document
from bot.review.model import Columns, Fill, ReviewError

BACKUP, PLAN, STAFF = "Do you back up customers' data?", "Is there a tested plan?", "Who vets the staff?"


def make(*lines: str, table: bool = False) -> bytes:
    """A document with a paragraph for each line, those that begin with "#" in a numbered list; a table behind."""
    word, content = docx.Document(), io.BytesIO()
    for line in lines:
        word.add_paragraph(line.removeprefix("#"), style="List Number" if line.startswith("#") else None)
    if table:
        cells = word.add_table(rows=2, cols=2).rows
        cells[0].cells[0].text, cells[0].cells[1].text, cells[1].cells[0].text = "Question", "Answer", STAFF
    word.save(content)
    return content.getvalue()


def lines_of(content: bytes) -> list[str]:
    """The texts of a document's own paragraphs."""
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def fill(content: bytes, *answers: str) -> bytes:
    """A document with answers; empty for what needs a person."""
    questionnaire = Document(content)
    fills = [Fill(answer=each, comment="Why", status="answered" if each else "needs a person") for each in answers]
    return questionnaire.fill(tuple(fills), SUMMARY)


def test_what_asks_is_a_question_and_prose_is_none() -> None:
    """A question mark, or a number and a blank line, or a line to answer on; instructions and titles are none."""
    content = make(
        "Supplier review",
        "Please complete this form and send it back. We must have it by Friday.",
        f"1. {BACKUP}",
        "Describe the plan.",
        "#Describe how the staff are vetted.",
        "",
        "The supplier must keep logs for a year.",
        "Response: ____",
        "The supplier must keep logs for two years.",
        "請說明如何備份資料",
        "答：",
        PLAN + " ______",
        table=True,
    )
    assert [(each.place, each.row, each.text) for each in Document(content).questions] == [
        ("Table 1", 2, STAFF),
        ("Text", 3, f"1. {BACKUP}"),
        ("Text", 5, "Describe how the staff are vetted."),
        ("Text", 7, "The supplier must keep logs for a year."),
        ("Text", 10, "請說明如何備份資料"),
        ("Text", 12, PLAN),
    ]


def test_answers_stand_in_the_blank_places() -> None:
    """Behind "Answer:", on the line to write on or in the empty paragraph; without an answer all stays as it was."""
    content = make(BACKUP, "Answer: ____", PLAN, "_____", "", f"#{STAFF}", "", "Why not?", "So that it is known.")
    filled = fill(content, "Yes.", "No.", "We do.", "Because.")
    kept = ["Why not?", "So that it is known."]
    assert lines_of(filled)[:9] == [BACKUP, "Answer: Yes.", PLAN, "No.", "", STAFF, "We do.", *kept]
    assert lines_of(fill(content, "", "", "", ""))[:9] == lines_of(content)
    assert "Answer: Because." in [each.text for each in docx.Document(io.BytesIO(filled)).element.iter() if each.text]


def test_boxes_behind_a_question_are_its_choices() -> None:
    """In its own line or in those below, the answer's box is ticked and no other; a person's tick is an answer."""
    content = make(f"{BACKUP} ☐ Yes ☐ No", PLAN, "☐ Yes", "☐ Partly", "☐ No", STAFF, "☐ We ☒ You")
    found = [(each.text, each.choices, each.given) for each in Document(content).questions]
    assert found == [
        (BACKUP, ("Yes", "No"), ""),
        (PLAN, ("Yes", "Partly", "No"), ""),
        (STAFF, ("We", "You"), "You"),
    ]
    assert lines_of(fill(content, "Yes", "Partly", "We"))[:7] == [
        *(f"{BACKUP} ☒ Yes ☐ No", PLAN, "☐ Yes", "☒ Partly", "☐ No", STAFF, "☐ We ☒ You")
    ]


def test_a_persons_words_stay_and_ours_are_renewed() -> None:
    """What stands behind "Answer:" is an answer given; given again, a file comes back the same, or with the new."""
    content = make(BACKUP, "Answer: Ask us.", PLAN, "Answer:", f"#{STAFF}", "", "Describe it.", "____")
    assert [each.given for each in Document(content).questions] == ["Ask us.", "", "", ""]
    first = fill(content, "Yes.", "No.", "We do.", "So.")
    assert lines_of(first)[1:8] == ["Answer: Ask us.", PLAN, "Answer: No.", STAFF, "We do.", "Describe it.", "So."]
    assert Document(first).questions == Document(content).questions
    assert fill(first, "Yes.", "No.", "We do.", "So.") == first
    again = lines_of(fill(first, "Yes.", "New.", "", "Thus."))
    assert again[1:8] == ["Answer: Ask us.", PLAN, "Answer: New.", STAFF, "", "Describe it.", "Thus."]
    assert [(row.place, row.given, row.answer) for row in Document(first).read_reviewed()] == [
        ("Text", "Ask us.", "Yes."),
        ("Text", "No.", "No."),
        ("Text", "We do.", "We do."),
        ("Text", "So.", "So."),
    ]


def test_a_named_column_that_is_nowhere_is_said() -> None:
    """Who names a column means a table: lines that ask are no reason to pass over the name."""
    with pytest.raises(ReviewError, match="“Inquiry”"):
        Document(make(BACKUP), Columns(question="Inquiry"))
