"""A text with a question a line comes back readable, what was found below each question."""

from __future__ import annotations

import pytest
from fakes.reviews import SUMMARY, fill

from bot.review.lines import Lines
from bot.review.model import Columns, Fill, ReviewError

TEXT = """# From Harbour Assurance
Questions for the supplier:

1. Do you back up customers' data?
2) Is there a tested plan for outages?

a) 5.12: who vets the staff?
- Describe your logs
Total
"""


def test_each_line_that_asks_is_a_question() -> None:
    """Without its number or bullet; comments, headings, blank lines and totals ask nothing."""
    questions = Lines(TEXT.encode()).questions
    assert [(question.row, question.text) for question in questions] == [
        (4, "Do you back up customers' data?"),
        (5, "Is there a tested plan for outages?"),
        (7, "5.12: who vets the staff?"),
        (8, "Describe your logs"),
    ]


def test_the_answers_stand_below_the_questions() -> None:
    """Every line of the text stays, in order; the summary stands first, as comments."""
    back = fill(Lines(TEXT.encode())).decode()
    assert back.startswith("# Clausebot summary: Draft\n# Clausebot summary: Guide: Quaymoth Cloud 1.0, 2021-04\n")
    assert "\n".join(line for line in back.splitlines() if "Clausebot" not in line) + "\n" == TEXT
    assert (
        "1. Do you back up customers' data?\n"
        "    Clausebot: Answer: No\n"
        '    Clausebot: Comment: +1, "both" sides; see 0\n'
        "    Clausebot: Ownership: Shared CSP and CSC\n"
        "    Clausebot: Clause: GL14 5.17\n"
        "    Clausebot: Citation: 6.5 ¶2 s1, page 18\n"
        "    Clausebot: Confidence: 0.91 (high)\n"
        "    Clausebot: Quote: @they said | so\n"
        "    Clausebot: Reviewer:\n"
        "    Clausebot: Status: answered\n"
        "2) Is there"
    ) in back
    assert (
        "a) 5.12: who vets the staff?\n"
        "    Clausebot: Answer:\n"
        "    Clausebot: Comment: The guide does not say.\n"
        "    Clausebot: Reviewer:\n"
        "    Clausebot: Status: needs a person\n"
        "- Describe"
    ) in back


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_and_encoding_are_kept_and_a_second_time_renews(ending: str, codec: str, last: str) -> None:
    """The same again gives the same bytes, whatever the line ends, the mark and the last line's end."""
    text = "是否備份？\nWho tests it?".replace("\n", ending) + (ending if last else "")
    back = fill(Lines(text.encode(codec)))
    assert back[:2] == text.encode(codec)[:2] or codec == "utf-8"
    assert back.decode(codec).count("\n") == back.decode(codec).count(ending)
    assert fill(Lines(back)) == back


def test_a_persons_lines_stay_and_are_read_back() -> None:
    """A question with a reviewer's name is left as the person left it; the others are renewed."""
    back = fill(Lines(TEXT.encode())).decode()
    edited = back.replace("Answer: No", "Answer: Only daily", 1).replace("Reviewer:", "Reviewer: M. L.", 1).encode()
    first, second, *_ = Lines(edited).read_reviewed()
    assert (first.question, first.answer, first.reviewer) == ("Do you back up customers' data?", "Only daily", "M. L.")
    assert (second.answer, second.reviewer, second.status) == ("Yes", "", "answered")
    questionnaire = Lines(edited)
    renewed = Lines(questionnaire.fill(tuple(Fill(answer="New") for _ in questionnaire.questions), SUMMARY))
    assert [row.answer for row in renewed.read_reviewed()] == ["Only daily", "New", "New", "New"]
    assert Lines(TEXT.encode()).read_reviewed() == []


def test_lines_have_no_columns_and_must_ask() -> None:
    """Named columns and texts without a question are refused with a line."""
    with pytest.raises(ReviewError, match="no columns"):
        Lines(TEXT.encode(), Columns(question="A"))
    with pytest.raises(ReviewError, match="No questions"):
        Lines(b"# only\n\nHeadings:\n")
