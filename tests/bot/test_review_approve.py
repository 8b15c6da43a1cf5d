"""What people approved in a reviewed file is kept, offered again as theirs, and exported; on either database."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from bot.desk import Desk
from bot.records.approved import keep_approved, load_approved
from bot.records.database import close_database, open_database
from bot.records.gold import compose_questions
from bot.records.migrate import migrate
from bot.records.upkeep import erase, purge
from bot.review.approving import Approved, normalize_question, read_approval
from bot.review.composing import Reviewer
from bot.review.model import Fill, Question, ReviewedRow
from bot.unrecorded import Unrecorded
from retrieval.answerer import load_answerer

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
ASKED = ("Do you hold cyber insurance?", "Who is responsible for backups?", "Do you have a privacy policy?")
DAY = 1_800_000_000.0  # 15 January 2027


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with the real guide, without its source."""
    return Desk(load_answerer()[0], Unrecorded())


def approve(question: str, answer: str, corpus: str, comment: str = "") -> Approved:
    """An answer that somebody approved."""
    return Approved(
        question=question, answer=answer, comment=comment, reviewer="Ann", at=DAY, corpus=corpus, clause="GL8 5.1(c)"
    )


def fill(desk: Desk, known: Approved, text: str, *choices: str) -> Fill:
    """What is written beside a question where that answer was approved."""
    reviewer = Reviewer(desk, approved={normalize_question(known.question): known})
    return reviewer.fill(Question(place="", row=1, text=text, choices=choices))


@pytest.mark.parametrize(
    "text", ["Do you hold cyber insurance?", "12. do you hold  CYBER insurance", "(b) Do you hold cyber-insurance?!"]
)
def test_an_approved_answer_is_offered_as_a_persons(desk: Desk, text: str) -> None:
    """The same question, however numbered and written, gets the approved answer, of which nothing is the guide's."""
    known = approve("3.2 Do you hold cyber insurance?", "Yes", desk.corpus_hash, "Policy 7, until March.")
    offered = fill(desk, known, text, "Yes", "No")
    assert (offered.answer, offered.status) == ("Yes", "answered")
    assert offered.comment.startswith(
        "Approved by Ann on 15 January 2027; not from the guide. Policy 7, until March. The guide itself: The guide "
    )
    assert offered.model_dump(include={"ownership", "clause", "citation", "confidence", "quote"}) == dict.fromkeys(
        ("ownership", "clause", "citation", "confidence", "quote"), ""
    )


def test_another_question_is_answered_from_the_guide(desk: Desk) -> None:
    """One word more is another question."""
    known = approve("Do you hold cyber insurance?", "Yes", desk.corpus_hash)
    assert fill(desk, known, "Do you hold any cyber insurance?").answer == ""


def test_an_approval_of_another_corpus_is_told_to_be_stale(desk: Desk) -> None:
    """Where the corpus has changed since, the answer is offered, and needs a person again."""
    offered = fill(desk, approve(ASKED[0], "Yes", "0" * 64), ASKED[0])
    assert (offered.answer, offered.status) == ("Yes", "needs a person")
    assert "The guides or rules have changed since it was approved; look at it again." in offered.comment


def test_an_approved_answer_that_is_not_allowed_is_only_told(desk: Desk) -> None:
    """A file that allows other answers gets none of them."""
    offered = fill(desk, approve(ASKED[0], "Yes, worldwide", desk.corpus_hash), ASKED[0], "Y", "N")
    assert (offered.answer, offered.status) == ("", "needs a person")
    assert "The approved answer is none of those allowed here: Yes, worldwide" in offered.comment


def test_what_a_file_approves() -> None:
    """Rows with a reviewer and one answer are approved, with the comment in either column that is no guide's."""
    offered = Fill(comment="The guide itself says so.", clause="GL8 5.1(c)")
    common = {"place": "S", "reviewer": "Ann"}
    rows = [
        ReviewedRow(row=2, question="1. A?", answer="Yes", comment="The guide itself says so.", **common),
        ReviewedRow(row=3, question="2. B?", given="No", comment="We asked.", **common),
        ReviewedRow(
            row=9, question="9. I?", answer="No", comment="The guide itself says so.", remark="Seen in May.", **common
        ),
        ReviewedRow(row=4, question="3. C?", answer="Yes", given="No", **common),
        ReviewedRow(row=5, question="4. D?", **common),
        ReviewedRow(row=6, question="5. E?", answer="Yes", place="S", reviewer=" "),
    ]
    approval = read_approval(rows, lambda _: [offered], {}, at=DAY, corpus="c")
    kept = [(each.question, each.answer, each.comment, each.clause) for each in approval.answers]
    assert kept == [
        ("1. A?", "Yes", "", "GL8 5.1(c)"),
        ("2. B?", "No", "We asked.", "GL8 5.1(c)"),
        ("9. I?", "No", "Seen in May.", "GL8 5.1(c)"),
    ]
    assert [row.row for row in approval.differing] == [4]
    assert [row.row for row in approval.unanswered] == [5]
    assert approval.unreviewed == 1


async def test_approved_answers_stay_when_others_go(tmp_path: Path) -> None:
    """The latest approval of a question is kept once; neither purge nor erase takes it."""
    engine = open_database(f"sqlite:///{tmp_path}/records.db")
    try:
        await migrate(engine)
        await keep_approved(engine, [approve("1. A?", "Yes", "c"), approve("B?", "No", "c")])
        await keep_approved(engine, [approve("a", "Partly", "d")])
        await keep_approved(engine, [])
        await purge(engine, 1)
        await erase(engine, "T0")
        known = await load_approved(engine)
        assert {key: each.answer for key, each in known.items()} == {"a": "Partly", "b": "No"}
        assert known["a"].corpus == "d"
    finally:
        await close_database(engine)


async def test_they_become_gold_questions_to_fill_in(tmp_path: Path) -> None:
    """Each approved question is exported once with what is left to do; not who approved it."""
    engine = open_database(f"sqlite:///{tmp_path}/records.db")
    try:
        await migrate(engine)
        await keep_approved(engine, [approve('Say "yes"?\n# now', "Yes\n}: x", "c")])
        written, _ = await compose_questions(engine, 0)
        (row,) = yaml.safe_load(written)["questions"]
        assert (row["question"], row["lang"]) == ('Say "yes"?\n# now', "en")
        assert set(row) == {"id", "lang", "question"}
        assert "approved: Yes }: x; beside it: GL8 5.1(c)" in written
        assert "Ann" not in written
        assert "questions: []" in (await compose_questions(engine, time.time() + DAY))[0]
    finally:
        await close_database(engine)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `clausebot` in a folder, with records in it."""
    settings: Mapping[str, str] = {"DATABASE_URL": f"sqlite:///{folder}/records.db"}
    return subprocess.run(
        [CLAUSEBOT, *arguments], capture_output=True, text=True, cwd=folder, env={**os.environ, **settings}, check=False
    )


def test_from_review_to_approval_to_the_next_review(tmp_path: Path) -> None:
    """A person corrects a row and puts a name to it; the next review has that answer, and makes no database before."""
    (tmp_path / "v.csv").write_text("Question,Answer\n" + "".join(f"{each}\n" for each in ASKED), encoding="utf-8")
    assert run(tmp_path, "review", "v.csv").returncode == 0
    assert not (tmp_path / "records.db").exists()
    reviewed = tmp_path / "v-reviewed.csv"
    assert run(tmp_path, "review", "--approve", reviewed.name).stderr.startswith("clausebot: nobody approved anything")

    rows = list(csv.reader(io.StringIO(reviewed.read_text(encoding="utf-8-sig"))))
    answer, reviewer = rows[0].index("Answer"), rows[0].index("Clausebot: Reviewer")
    rows[1][answer], rows[1][reviewer] = "Yes, since 2020", "Ann"
    rows[2][reviewer] = "Ben"
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    reviewed.write_text(written.getvalue(), encoding="utf-8")
    kept = run(tmp_path, "review", "--approve", reviewed.name)
    assert (kept.returncode, kept.stderr) == (0, "")
    assert kept.stdout == "2 approved answers kept; 1 row without a reviewer\n"

    assert run(tmp_path, "review", "v.csv", "-o", "again.csv").returncode == 0
    again = list(csv.reader(io.StringIO((tmp_path / "again.csv").read_text(encoding="utf-8-sig"))))
    assert again[1][answer] == "Yes, since 2020"
    assert any(cell.startswith("Approved by Ann on ") for cell in again[1])
    assert again[2][answer].startswith("The customer.")
    assert any(cell.startswith("Approved by Ben on ") for cell in again[2])
    assert not any("Approved by" in cell for cell in again[3])
    assert "approved: Yes, since 2020" in run(tmp_path, "records", "export", "--feedback").stdout


def test_named_columns_count_when_a_file_is_read_back_too(tmp_path: Path) -> None:
    """An answer in a column that only ``--columns`` names is read back where the columns are named again."""
    (tmp_path / "v.csv").write_text("Wanted,Outcome\nDo you breed horses?,\n", encoding="utf-8")
    named = ("--columns", "question=Wanted,answer=Outcome")
    assert run(tmp_path, "review", "v.csv", *named).returncode == 0
    reviewed = tmp_path / "v-reviewed.csv"
    rows = list(csv.reader(io.StringIO(reviewed.read_text(encoding="utf-8-sig"))))
    rows[1][1], rows[1][rows[0].index("Clausebot: Reviewer")] = "Yes, since 2020", "R. Viewer"
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    reviewed.write_text(written.getvalue(), encoding="utf-8")
    assert "there is a reviewer and no answer" in run(tmp_path, "review", "--approve", reviewed.name).stderr
    kept = run(tmp_path, "review", "--approve", reviewed.name, *named)
    assert (kept.returncode, kept.stdout) == (0, "1 approved answer kept; 0 rows without a reviewer\n")
