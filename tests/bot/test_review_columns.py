"""Where a grid of texts holds questions: headings, columns, rows, legends, columns that somebody named."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.review.choices import find_legend, read_heading, split_choices
from bot.review.columns import Table, ask, find_tables, given, list_choices, list_headings, name_column, say_unknown
from bot.review.headings import is_asking, name_kind, strip_numbering
from bot.review.model import Columns

BACKUP, PLAN, STAFF = "Do you back up customers' data?", "Is there a tested plan for outages?", "Are your staff vetted?"


def asked(grid: Sequence[Sequence[str]], wanted: Columns | None = None) -> list[str]:
    """What is asked in a grid, from the top."""
    return [ask(grid, table, row) for table in find_tables(grid, wanted=wanted) for row in table.rows]


def only(grid: Sequence[Sequence[str]], wanted: Columns | None = None) -> Table:
    """The one table of a grid."""
    (table,) = find_tables(grid, wanted=wanted)
    return table


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Question", "question"),
        ("Control Question:", "question"),
        ("Mandatory requirement", "question"),
        ("REQUIREMENTS", "question"),
        ("問題", "question"),
        ("管制措施", "question"),
        ("要求", "question"),
        ("Question ID", "id"),
        ("Control No.", "id"),
        ("#", "id"),
        ("編號", "id"),
        ("Answer", "answer"),
        ("Vendor Response", "answer"),
        ("Compliance (Y/N)", "answer"),
        ("Yes/No", "answer"),
        ("回覆（是／否）", "answer"),
        ("Comments / Evidence", "comment"),
        ("Remarks", "comment"),
        ("備註", "comment"),
        ("Answer options", "options"),
        ("options", "options"),
        ("Responsibility", "party"),
        ("Responsible party", "party"),
        ("SSRM Control Ownership", "party"),
        ("負責方", "party"),
        ("Ownership", "other"),
        ("CSC Responsibilities (Optional)", "none"),
        ("Guidance for the answer", "other"),
        ("Question category", "other"),
        ("Reviewer comments", "other"),
        ("Requirement details", "question"),
        ("問題說明", "question"),
        ("CSP implementation description", "comment"),
        ("Meets requirement?", "answer"),
        ("附註", "comment"),
        ("Weight", "other"),
        ("GL14 clause", "reference"),
        ("Reference", "reference"),
        ("Description", "weak"),
        ("Elephant", "none"),
        ("Do you keep a log of every question that customers have asked of you in the last year?", "none"),
    ],
)
def test_a_heading_says_what_its_column_holds(heading: str, kind: str) -> None:
    """English and Chinese headings, with what qualifies them."""
    assert name_kind(heading) == kind


def test_the_columns_are_found_below_a_title() -> None:
    """The header row stands below titles and blank rows; numbers, weights and guidance are no questions."""
    grid = [
        ["Harbour Assurance: supplier review", "", "", "", "", ""],
        [],
        ["Please return by Friday.", "", "", "", "", ""],
        ["No.", "Guidance", "Question", "Weight", "Vendor response", "Remarks"],
        ["1", "Ask for the policy. Is it dated?", BACKUP, "5", "", ""],
        ["2", "Look for a test report of this year.", PLAN, "3", "Yes", ""],
    ]
    table = only(grid)
    assert (table.header, table.first, table.last) == (3, 4, 5)
    assert (table.question, table.answer, table.comment) == (2, 4, 5)
    assert table.rows == (4, 5)
    assert [given(grid, table, row) for row in table.rows] == ["", "Yes"]


def test_chinese_headings_are_found() -> None:
    """A table in Chinese, with the choices in the heading."""
    grid = [
        ["編號", "要求", "回覆（是／否／不適用）", "備註"],
        ["1", "資料須每日備份。", "", ""],
        ["2", "是否設有應變計劃？", "", ""],
    ]
    table = only(grid)
    assert (table.question, table.answer, table.comment, table.rows) == (1, 2, 3, (1, 2))
    assert table.choices == ("是", "否", "不適用")


def test_what_is_no_question_is_left_out() -> None:
    """Headings of sections, blank rows, repeated headers, totals and notes ask nothing."""
    head = ["ID", "Question", "Answer"]
    grid = [
        head,
        ["A", "Availability", ""],
        ["A.1", BACKUP, ""],
        ["", "", ""],
        ["A.2", PLAN, ""],
        ["", "PEOPLE AND THEIR ACCESS", ""],
        head,
        ["B.1", STAFF, ""],
        ["", "Total", "3"],
        ["", "Note: answers are binding.", ""],
        ["", "End of questionnaire", ""],
    ]
    assert asked(grid) == [BACKUP, PLAN, STAFF]


def test_short_requirements_are_questions_where_they_are_the_rule() -> None:
    """Rows such as "Encryption at rest" are asked where no longer ones show that they are headings."""
    grid = [["ID", "Requirement", "Compliance"], ["1", "Encryption at rest", ""], ["2", "Daily backups", ""]]
    assert asked(grid) == ["Encryption at rest", "Daily backups"]


def test_tables_below_one_another_have_columns_of_their_own() -> None:
    """A second table with other columns is read by its own headings."""
    grid = [
        ["Question", "Answer", ""],
        [BACKUP, "", ""],
        [],
        ["Ref", "Requirement", "Compliant?"],
        ["x", "Staff must be vetted.", ""],
    ]
    first, second = find_tables(grid)
    assert (first.question, first.answer, first.rows) == (0, 1, (1,))
    assert (second.question, second.answer, second.rows) == (1, 2, (4,))


def test_a_divided_heading_takes_two_rows() -> None:
    """A heading above “Answer” and “Comment” is one header of two rows."""
    grid = [["Question", "Vendor", ""], ["", "Answer", "Comment"], [BACKUP, "", ""]]
    table = only(grid)
    assert (table.header, table.question, table.answer, table.comment, table.rows) == (1, 0, 1, 2, (2,))


def test_without_headings_what_asks_is_found() -> None:
    """Questions in a bare column, the blank column behind them for the answers."""
    table = only([["1", BACKUP, ""], ["2", PLAN, ""], ["3", "Thank you.", ""]])
    assert (table.header, table.question, table.answer, table.rows) == (None, 1, 2, (0, 1))
    assert only([[BACKUP, "Yes"], [PLAN, "N/A"]]).answer == 1


@pytest.mark.parametrize(
    "grid",
    [
        [],
        [[]],
        [["", ""], ["", ""]],
        [["Name", "Amount"], ["Rent", "12"], ["Light", "3"]],
        [["Term", "Description"], ["Cloud", "Computers of others, which are rented by the hour or by the year."]],
        [["Please fill in every sheet."], ["Answers are read by our staff and kept for a year."], ["Thank you."]],
        [["Month", "Question count"], ["May", "12"]],
    ],
)
def test_what_is_no_questionnaire_has_no_tables(grid: list[list[str]]) -> None:
    """Lists, glossaries and instructions ask nothing."""
    assert find_tables(grid) == []


def test_columns_without_known_headings_are_found_by_what_they_hold() -> None:
    """Where the heading of the answers is known and that of the questions not, the column that asks is theirs."""
    table = only([["Item", "Particulars", "Bidder's reply"], ["1", BACKUP, ""], ["2", PLAN, ""]])
    assert (table.header, table.question, table.answer) == (0, 1, 2)


def test_a_dropdown_makes_the_answer_column() -> None:
    """Where no heading names it, the column with dropdowns takes the answers; a priority's does not."""
    grid = [["Question", "Supplier", "Priority"], [BACKUP, "", "High"], [PLAN, "", "Low"]]
    allowed = {(row, column): ("Yes", "No") for row in (1, 2) for column in (1, 2)}
    (table,) = find_tables(grid, allowed)
    assert table.answer == 1


def test_a_clause_beside_the_question_is_put_before_it() -> None:
    """A regulation's clause counts, a bare number only under a heading that names the regulation, ISO's never."""
    head = ["Question", "Answer", "Reference"]
    grid = [
        head,
        [BACKUP, "", "GL14 5.17"],
        [PLAN, "", "A.5.3"],
        [STAFF, "", "5.3"],
        ["Does GL8 5.1(c) apply?", "", "GL14 5.17"],
    ]
    assert asked(grid) == [f"GL14 5.17: {BACKUP}", PLAN, STAFF, "Does GL8 5.1(c) apply?"]
    assert asked([["Question", "Answer", "GL14 clause"], [BACKUP, "", "5.17"]]) == [f"GL14 5.17: {BACKUP}"]


def test_legends_give_the_choices() -> None:
    """By the heading, a line above or below, a column of options, or a small sheet."""
    grid = [["Allowed answers: Yes / No / N/A"], ["Question", "Answer"], [BACKUP, ""]]
    assert only(grid).choices == ("Yes", "No", "N/A")
    grid = [["Question", "Answer", "Answer options"], [BACKUP, "", "Full; Partial; None"], [PLAN, "", ""]]
    table = only(grid)
    assert [list_choices(grid, table, row) for row in table.rows] == [("Full", "Partial", "None"), ()]
    assert read_heading("Response (Yes, No or N/A)") == ("Yes", "No", "N/A")
    assert read_heading("Response (please be brief)") == ()
    assert find_legend([["Legend", ""], ["Yes", "It is done"], ["Shared", "With the customer"], ["No", "Not"]]) == (
        "Yes",
        "Shared",
        "No",
    )
    assert find_legend([["Response key"], ["Yes - in place"], ["No - not in place"]]) == ("Yes", "No")
    assert find_legend([["Contacts"], ["Press"], ["Sales"]]) == ()
    assert split_choices("Yes/No/N/A") == ("Yes", "No", "N/A")
    assert split_choices("any text that you like") == ()


def test_named_columns_are_taken() -> None:
    """By heading in any case, by letter, by number; the rest is still found."""
    grid = [
        ["Nr", "Topic", "Wording", "Our word", "Remarks"],
        ["1", "Data", "Backups daily", "", ""],
        ["2", "Staff", "Vetted", "", ""],
    ]
    assert find_tables(grid) == []
    for question, answer in (("wording", "OUR WORD"), ("C", "D"), ("3", "4")):
        table = only(grid, Columns(question=question, answer=answer))
        assert (table.header, table.question, table.answer, table.comment, table.rows) == (0, 2, 3, 4, (1, 2))
    assert only([["Question", "Answer", "Ours"], [BACKUP, "", ""]], Columns(answer="Ours")).answer == 2


def test_a_wrong_name_says_what_there_is() -> None:
    """The error names what was asked for and the headings that are there."""
    grid = [["Question", "Answer"], [BACKUP, ""]]
    wanted = Columns(question="Inquiry")
    assert find_tables(grid, wanted=wanted) == []
    said = str(say_unknown(wanted, list_headings(grid)))
    assert all(name in said for name in ("Inquiry", "Question", "Answer"))
    assert "\n" not in said


def test_our_own_columns_are_known_again() -> None:
    """What Clausebot added holds no questions and no answers of the file's, and what it wrote counts as blank."""
    grid = [
        ["Question", "Answer", "Clausebot: Answer", "Clausebot: Reviewer", "Clausebot: Status"],
        [BACKUP, "Yes", "Yes", "", "answered"],
        [PLAN, "No", "Yes", "", "answered"],
        [STAFF, "Yes", "Yes", "M. L.", "answered"],
    ]
    table = only(grid)
    assert table.ours == {"answer": 2, "reviewer": 3, "status": 4}
    assert (table.question, table.answer, table.comment) == (0, 1, None)
    assert [given(grid, table, row) for row in table.rows] == ["", "No", "Yes"]


def test_numbering_goes_and_clauses_stay() -> None:
    """A number, letter or bullet before a line is no part of the question; a clause's number is."""
    lines = [
        "1. Do you?",
        "12) Do you?",
        "a) Do you?",
        "(iv) Do you?",
        "- Do you?",
        "Q3: Do you?",
        "1、Do you?",
        "•  Do you?",
    ]
    assert {strip_numbering(line) for line in lines} == {"Do you?"}
    assert strip_numbering("5.12 what does it ask?") == "5.12 what does it ask?"
    assert strip_numbering("I. ") == "I."


def test_asking_is_told_in_both_languages() -> None:
    """A question mark, an auxiliary verb or a request at the beginning, 是否."""
    assert all(
        map(
            is_asking,
            [BACKUP, "Describe your backups", "Please provide a list", "2. Who tests", "資料是否加密", "請說明備份"],
        )
    )
    assert not any(map(is_asking, ["Backups", "Data must be encrypted.", "備份"]))


def test_columns_are_named_as_spreadsheets_do() -> None:
    """A, Z, AA, XFD."""
    assert [name_column(index) for index in (0, 25, 26, 16_383)] == ["A", "Z", "AA", "XFD"]


def test_a_long_sheet_is_read_whole() -> None:
    """20,000 rows in sections, and a wide row of something else among them."""
    grid = [["ID", "Question", "Answer"]]
    grid += [[f"{row // 100}.{row % 100}", f"Is control {row} in place?", ""] for row in range(20_000)]
    grid[500:500] = [["1"] * 5_000]
    assert len(only(grid).rows) == 20_000


def test_who_is_responsible_is_the_answer_where_no_other_is() -> None:
    """Short nouns beside a column of who is responsible are asked of; beside an answer, that column is left alone."""
    table = only([["Control", "Responsibility"], ["Physical security", ""], ["Backup", ""], ["Key management", ""]])
    assert (table.answer, table.rows) == (1, (1, 2, 3))
    assert only([["Question", "Responsible party", "Answer"], [BACKUP, "", ""]]).answer == 2


def test_a_status_that_lists_answers_is_the_answer() -> None:
    """However long its heading is, it comes before a column of who is responsible; a bare "Status" is anybody's."""
    listed = "Status (Implemented / Partially implemented / Planned / Not implemented / Not applicable to this service)"
    text = "Is there an exit plan?"
    table = find_tables([["Criteria", listed, "Responsible party"], [text, "", ""]])[0]
    assert (table.answer, table.responsible, table.party) == (1, 2, False)
    assert table.choices[:2] == ("Implemented", "Partially implemented")
    bare = find_tables([["Criteria", "Status", "Responsible party"], [text, "", ""]])
    assert (bare[0].answer, bare[0].responsible) == (2, None)
    choices = {(1, 1): ("Done: yes", "Implemented", "Not implemented")}
    assert find_tables([["Criteria", "Status", "Responsible party"], [text, "", ""]], choices)[0].answer == 1


@pytest.mark.parametrize(
    ("names", "comment"),
    [
        (["Question", "Answer", "Evidence", "Comments"], 3),
        (["Question", "Answer", "Supporting evidence"], 2),
        (["Question", "Yes/No", "Evidence provided? (Y/N)", "Response"], 3),
        (["Question", "Answer", "Evidence provided? (Y/N)"], None),
        (["問題", "答案", "證明文件", "備註"], 3),
    ],
)
def test_a_remark_goes_where_remarks_belong(names: list[str], comment: int | None) -> None:
    """Remarks come before evidence; a column of choices takes none, but a second one for the answer does."""
    table = find_tables([names, ["Is there an exit plan?", "", "", ""]])[0]
    assert (table.answer, table.comment) == (1, comment)
