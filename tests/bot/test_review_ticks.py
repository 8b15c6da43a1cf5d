"""Questionnaires whose answers are ticked in columns of their own: ticked only where the guide bears the answer out."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fakes.tables import Read, Write, read_csv, read_docx, read_xlsx, write_csv, write_docx, write_xlsx
from openpyxl import Workbook

from bot.desk import Desk
from bot.review.approving import read_approval
from bot.review.columns import find_tables
from bot.review.composing import Reviewer
from bot.review.model import Columns
from bot.review.reading import open_questionnaire, read_reviewed
from bot.review.ticks import find_ticks
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"
REAL = "alibaba-cloud-hk-insurance-2019"
PLAN, BACKUP, HORSES = (
    "Do you have a business continuity plan?",
    "Do you back up customer data?",
    "Do you breed horses?",
)
HEADINGS = ["No.", "Question", "Yes", "No", "N/A", "Comments"]


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with the real guide."""
    return Desk(load_answerer(None, GUIDES)[0], Unrecorded())


KINDS = pytest.mark.parametrize(
    ("ending", "write", "read"),
    [("xlsx", write_xlsx, read_xlsx), ("csv", write_csv, read_csv), ("docx", write_docx, read_docx)],
)


def review(desk: Desk, content: bytes, ending: str) -> bytes:
    """A file, filled."""
    questionnaire = open_questionnaire(content, f"v.{ending}")
    reviewer = Reviewer(desk, [REAL])
    fills = tuple(reviewer.fill(question) for question in questionnaire.questions)
    return questionnaire.fill(fills, reviewer.summarize(fills))


@KINDS
def test_only_what_the_guide_bears_out_is_ticked(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """A verdict is ticked with an X under its heading; without one no column is, "N/A" and "No" least of all."""
    rows = [HEADINGS, ["1", PLAN, "", "", "", ""], ["2", BACKUP, "", "", "", ""], ["3", HORSES, "", "", "", ""]]
    content = write(rows)
    assert [each.choices for each in open_questionnaire(content, f"v.{ending}").questions] == [("Yes", "No", "N/A")] * 3
    filled = read(review(desk, content, ending))
    assert [row[2:5] for row in filled[1:4]] == [["X", "", ""], ["", "", ""], ["", "", ""]]
    assert filled[1][5].startswith("Provider (Alibaba Cloud): ")


@KINDS
def test_what_a_person_ticked_stays_and_its_mark_is_used(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """A row that somebody ticked stays as it is; the others get the same mark."""
    rows = [HEADINGS, ["1", HORSES, "", "✓", "", ""], ["2", PLAN, "", "", "", ""], ["3", PLAN, "", "✓", "", ""]]
    questions = open_questionnaire(write(rows), f"v.{ending}").questions
    assert [each.given for each in questions] == ["No", "", "No"]
    assert [row[2:5] for row in read(review(desk, write(rows), ending))[1:4]] == [
        ["", "✓", ""],
        ["✓", "", ""],
        ["", "✓", ""],
    ]


@KINDS
def test_empty_boxes_are_ticked_in_their_place(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """A box that stands in each cell is a tick that waits: the verdict's is ticked, the others stay empty."""
    rows = [HEADINGS, ["1", PLAN, "☐", "☐", "☐", ""], ["2", HORSES, "☐", "☐", "☐", ""]]
    filled = read(review(desk, write(rows), ending))
    assert [row[2:5] for row in filled[1:3]] == [["☒", "☐", "☐"], ["☐", "☐", "☐"]]


@KINDS
def test_a_file_that_came_back_is_renewed_and_read(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """Given again, it comes back the same; a tick of Clausebot's own is no person's answer."""
    once = review(desk, write([HEADINGS, ["1", PLAN, "", "", "", ""], ["2", HORSES, "", "", "", ""]]), ending)
    assert open_questionnaire(once, f"v.{ending}").questions[0].given == ""
    again = review(desk, once, ending)
    assert [row[:6] for row in read(again)[:3]] == [row[:6] for row in read(once)[:3]]
    assert [row.given for row in read_reviewed(once, f"v.{ending}")] == ["Yes", ""]


def test_a_tick_of_ours_goes_with_the_answer(desk: Desk) -> None:
    """Where a later review has no answer any more, the earlier tick of Clausebot's is taken away again."""
    once = review(desk, write_csv([HEADINGS, ["1", PLAN, "", "", "", ""]]), "csv").decode("utf-8-sig")
    changed = once.replace(PLAN, HORSES, 1).encode()
    assert [row[2:5] for row in read_csv(review(desk, changed, "csv"))[1:2]] == [["", "", ""]]


def test_a_tick_and_the_answer_beside_it_must_agree(desk: Desk) -> None:
    """A reviewer who ticked another column than the added one says is told so, and nothing of it is kept."""
    filled = read_csv(review(desk, write_csv([HEADINGS, ["1", PLAN, "", "", "", ""]]), "csv"))
    filled[1][2:4] = ["", "X"]
    filled[1][filled[0].index("Clausebot: Reviewer")] = "R. Viewer"
    rows = read_reviewed(write_csv(filled), "v.csv")
    approval = read_approval(rows, lambda _: (), {}, at=0.0, corpus="")
    assert ([row.given for row in approval.differing], approval.answers) == (["No"], ())


@pytest.mark.parametrize("merged", [False, True])
def test_a_heading_divided_into_answers_is_read(desk: Desk, *, merged: bool) -> None:
    """A heading over "Yes", "No" and "N/A" in a second row of headings has columns to tick too."""
    book, content = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in (["Question", "Response"], [None, "Yes", "No", "N/A"], [PLAN], [HORSES]):
        sheet.append(row)
    if merged:
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("B1:D1")
    book.save(content)
    filled = read_xlsx(review(desk, content.getvalue(), "xlsx"))
    assert [row[1:4] for row in filled[2:4]] == [["X", "", ""], ["", "", ""]]


def test_chinese_headings_are_read(desk: Desk) -> None:
    """是, 否 and 不適用 side by side are ticked like their English."""
    filled = read_csv(review(desk, write_csv([["問題", "是", "否", "不適用"], [PLAN, "", "", ""]]), "csv"))
    assert filled[1][1:4] == ["X", "", ""]


@pytest.mark.parametrize(
    "names",
    [
        ["Question", "Yes", "Comments", "No"],  # not next to each other
        ["Question", "Yes", "N/A"],  # no way to say no
        ["No.", "Yes"],
        ["Question", "Yes", "No", "Y"],
        ["Question", "Provider", "Customer"],  # what each does, in words
    ],
)
def test_other_headings_are_no_columns_to_tick(names: list[str]) -> None:
    """Only answers next to each other are, one of them a yes and one a no; or the provider, the customer and both."""
    assert find_ticks(dict(enumerate(names))) == ()


@KINDS
def test_nothing_is_ticked_under_unknown_words(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """A heading such as "Planned" among the answers hinders none of them; who ticked it is not contradicted."""
    headings = ["No", "Question", "Yes", "Planned", "No", "N/A", "In progress", "Comments"]
    rows = [headings, ["1", PLAN, *[""] * 6], ["2", PLAN, "", "X", *[""] * 4], ["3", HORSES, *[""] * 6]]
    content = write(rows)
    first, second, _ = open_questionnaire(content, f"v.{ending}").questions
    assert first.choices == ("Yes", "Planned", "No", "N/A", "In progress")
    assert (first.given, second.given) == ("", "Planned")
    filled = read(review(desk, content, ending))
    assert [row[2:7] for row in filled[1:4]] == [["X", *[""] * 4], ["", "X", "", "", ""], [""] * 5]


def test_a_column_of_unknown_words_that_holds_texts_is_no_answer(desk: Desk) -> None:
    """What stands in every row beside the answers hinders no tick."""
    rows = [["Question", "Weighting band", "Yes", "No", "Contact"], [PLAN, "High", "", "", "Legal"]]
    assert read_csv(review(desk, write_csv(rows), "csv"))[1][:5] == [PLAN, "High", "X", "", "Legal"]


@KINDS
@pytest.mark.parametrize(
    "answers",
    [
        ("In place", "Partially in place", "Not in place", "Not applicable"),
        ("Implemented", "Partially implemented", "Not implemented", "Planned"),
        ("已實施", "部分實施", "未實施", "不適用"),
    ],
)
def test_answers_in_other_words_are_ticked_too(
    desk: Desk, ending: str, write: Write, read: Read, answers: tuple[str, ...]
) -> None:
    """Under "In place" stands a tick and no text; what the guide only lays on the customer is not in place."""
    rows = [["Ref", "Control", *answers, "Comments"], ["1", PLAN, *[""] * 5], ["2", BACKUP, *[""] * 5]]
    filled = read(review(desk, write(rows), ending))
    assert [row[2:6] for row in filled[1:3]] == [["X", "", "", ""], [""] * 4]


@KINDS
def test_who_is_responsible_is_ticked(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """Under "Provider", "Customer" and "Shared" who carries it is ticked, and nobody where nobody is obliged."""
    rows = [["Ref", "Activity or requirement", "Provider", "Customer", "Shared"]]
    rows += [
        [str(at), text, "", "", ""] for at, text in enumerate(("Backing up data", "Penetration testing", "Horses"))
    ]
    filled = read(review(desk, write(rows), ending))
    assert [row[2:5] for row in filled[1:4]] == [["", "X", ""], ["", "", "X"], ["", "", ""]]


def test_a_column_for_the_answer_is_preferred() -> None:
    """Where a column takes the answer in words, the ones to tick are left to a person; a named one counts."""
    grid = [["Question", "Yes", "No", "Response"], [PLAN, "", "", ""]]
    assert (find_tables(grid)[0].answer, find_tables(grid)[0].ticks) == (3, None)
    named = find_tables(grid, wanted=Columns(answer="Yes"))[0]
    assert named.answer is None
    assert named.choices == ("Yes", "No")
