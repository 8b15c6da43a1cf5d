"""A column of who is responsible begins with who carries it, in every kind of file; offers make nobody responsible."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes.tables import Read, Write, read_csv, read_docx, read_xlsx, write_csv, write_docx, write_xlsx
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from bot.desk import Desk
from bot.review.composing import Reviewer
from bot.review.model import Fill, Question
from bot.review.reading import open_questionnaire
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"
REAL = "alibaba-cloud-hk-insurance-2019"
BACKUP, TESTING, KEYS = "Customer data must be backed up", "Penetration testing is carried out", "Key management"
CUSTOMERS = "Customer: Makes sure that its content is backed up properly."
SHARED = "Shared. Provider: Invites outside experts"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with both guides, without sources."""
    return Desk(load_answerer(None, GUIDES)[0], Unrecorded())


def fill(desk: Desk, text: str, *choices: str, guides: Sequence[str] = (REAL,)) -> Fill:
    """What stands beside a question in a column of who is responsible."""
    return Reviewer(desk, guides).fill(Question(place="", row=1, text=text, choices=choices, party=True))


def write_json(rows: Sequence[Sequence[str]]) -> bytes:
    """An array of objects with the headings for keys."""
    return json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]).encode()


def read_json(content: bytes) -> list[list[str]]:
    """The headings, and each object's texts."""
    items = [item for item in json.loads(content) if list(item) != ["clausebot"]]
    return [list(items[0]), *([str(held) for held in item.values()] for item in items)]


each_kind_of_file = pytest.mark.parametrize(
    ("ending", "write", "read"),
    [
        ("xlsx", write_xlsx, read_xlsx),
        ("csv", write_csv, read_csv),
        ("docx", write_docx, read_docx),
        ("json", write_json, read_json),
    ],
)


@pytest.mark.parametrize("heading", ["Responsibility", "Who is responsible?", "責任方"])
@each_kind_of_file
def test_the_cell_begins_with_who_carries_it(desk: Desk, ending: str, write: Write, read: Read, heading: str) -> None:
    """The customer's matter begins with the customer, what both do with "Shared"; what is only offered stays blank."""
    rows = [["Requirement", heading], [BACKUP, ""], [TESTING, ""], [KEYS, ""]]
    questionnaire = open_questionnaire(write(rows), f"v.{ending}")
    reviewer = Reviewer(desk, [REAL])
    fills = tuple(reviewer.fill(question) for question in questionnaire.questions)
    filled = read(questionnaire.fill(fills, reviewer.summarize(fills)))
    cells = [row[1] for row in filled[1:4]]
    assert cells[0] == CUSTOMERS
    assert cells[1].startswith(SHARED)
    assert " Customer: Carries out penetration tests" in cells[1]
    assert cells[2] == ""


def test_offers_and_certificates_make_nobody_responsible(desk: Desk) -> None:
    """Where the guide obliges nobody the cell stays blank, with the reason and what the guide has."""
    for text in (KEYS, "Exit plan", "Certified to ISO 27001"):
        found = fill(desk, text)
        assert (found.answer, found.status) == ("", "needs a person")
        assert found.comment.startswith("Who is responsible does not follow from the guide in terms")
        assert "Provider (Alibaba Cloud): " in found.comment


def test_chinese_questions_get_who_carries_it_in_chinese(desk: Desk) -> None:
    """The party is named in the question's language, without a blank behind a Chinese full stop."""
    assert fill(desk, "誰負責數據備份？").answer.startswith("客戶：Makes sure")
    assert fill(desk, "滲透測試").answer.startswith("共同負責。供應商：Invites")
    assert fill(desk, "ISO 27001 證書").comment.startswith("指南沒有明文列出由誰負責，須由人填寫。供應商（")


def test_of_two_guides_each_line_begins_with_who_carries_it(desk: Desk) -> None:
    """No line begins with a provider's name where the customer carries the matter."""
    lines = fill(desk, "Who is responsible for backups?", guides=()).answer.split("\n")
    assert [line.partition(":")[0] for line in lines] == [
        "Customer (by Alibaba Cloud's guide)",
        "Provider (by Quaymoth Cloud's guide)",
    ]
    assert fill(desk, KEYS, guides=()).answer == ""


def test_yes_is_no_answer_to_who_is_responsible(desk: Desk) -> None:
    """Of the allowed answers only a party is chosen; "Yes" never is."""
    asked = "Do you have a business continuity plan?"
    assert fill(desk, asked, "Yes", "No").answer == ""
    assert fill(desk, asked, "Yes", "No", "Provider", "Customer").answer == "Provider"
    assert not fill(desk, asked).answer.startswith("Yes")


def test_elsewhere_too_the_customer_comes_first_in_its_own_matters(desk: Desk) -> None:
    """An answer of any text has the customer's duty before the provider's offer, where the customer carries it."""
    told = Reviewer(desk, [REAL]).fill(Question(place="", row=1, text=BACKUP)).answer
    assert told.startswith(f"{CUSTOMERS} Provider: Offers")


@each_kind_of_file
def test_a_column_beside_the_answers_is_filled_too(desk: Desk, ending: str, write: Write, read: Read) -> None:
    """Who is responsible stands beside the answer, whether there is one or not; what a person wrote there stays."""
    managed = "Encryption keys must be managed"
    rows = [["Requirement", "Compliant", "Responsibility"], [BACKUP, "", ""], [managed, "", ""], [TESTING, "", "We"]]
    questionnaire = open_questionnaire(write(rows), f"v.{ending}")
    assert [(each.party, each.parties) for each in questionnaire.questions] == [(False, ())] * 3
    reviewer = Reviewer(desk, [REAL])
    fills = tuple(reviewer.fill(question) for question in questionnaire.questions)
    filled = read(questionnaire.fill(fills, reviewer.summarize(fills)))
    assert [row[2] for row in filled[1:4]] == [CUSTOMERS, "", "We"]
    assert filled[1][1] == fills[0].answer != CUSTOMERS


def test_the_words_that_the_column_allows_are_used(desk: Desk) -> None:
    """A dropdown's words, or the heading's, stand there also where the answer itself is left to a person."""
    book, content = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in (["Question", "Answer", "SSRM Control Ownership"], ["Is customer data backed up?"], [KEYS]):
        sheet.append(row)
    for column, listed in (("B", '"Yes,No,N/A"'), ("C", '"CSP-owned,CSC-owned,Shared CSP and CSC"')):
        rule = DataValidation(type="list", formula1=listed)
        rule.add(f"{column}2:{column}3")
        sheet.add_data_validation(rule)
    book.save(content)
    questionnaire = open_questionnaire(content.getvalue(), "v.xlsx")
    reviewer = Reviewer(desk, [REAL])
    fills = tuple(reviewer.fill(question) for question in questionnaire.questions)
    filled = read_xlsx(questionnaire.fill(fills, reviewer.summarize(fills)))
    assert [row[1:3] for row in filled[1:3]] == [["", "CSC-owned"], ["", ""]]
    assert fills[0].status == "needs a person"
    headed = write_csv([["Question", "Answer", "Responsibility (Vendor / Client / Shared)"], [TESTING, "", ""]])
    (question,) = open_questionnaire(headed, "v.csv").questions
    assert Reviewer(desk, [REAL]).fill(question).responsible == "Shared"
