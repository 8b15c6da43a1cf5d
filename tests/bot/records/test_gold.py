"""Feedback becomes rows of gold questions, filled in only where its reasons tell what is expected."""

from __future__ import annotations

import asyncio
import itertools
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes.answers import ONE_CLAUSE
from sqlalchemy import update

from bot.origin import Origin
from bot.records.gold import FIELDS, compose_questions
from bot.records.inbox import derive_key
from bot.records.models import FeedbackRecord
from bot.records.records import Records, open_records
from bot.settings import load_settings

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
ROWS = yaml.safe_load((Path(__file__).parents[2] / "questions.yaml").read_text(encoding="utf-8"))["questions"]


_numbers = itertools.count(1)


@pytest.fixture
async def records(address: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Records]:
    """Records that store questions."""
    monkeypatch.setenv("CLAUSEBOT_STORE_QUESTIONS", "true")
    opened = await open_records(load_settings())
    yield opened
    await opened.close()


async def rate(records: Records, question: str, *reasons: str, helpful: bool = False) -> str:
    """Ask a question and have a person for each reason say why its answer is wrong; the answer's id."""
    event = derive_key(str(next(_numbers)))
    answer = ONE_CLAUSE.model_copy(update={"question": question})
    await records.answers.record_answer(answer, Origin("slack", "T0", "U0ANN", event), 0.1)
    for number, reason in enumerate(reasons):
        origin = Origin("slack", "T0", f"U{number}", event)
        await records.answers.record_feedback(origin, helpful=helpful, reason=reason)
    return event


async def read(records: Records, since: float = 0.0) -> tuple[list[dict[str, Any]], list[str], int]:
    """The rows, their comments, and how many have no text."""
    written, without_text = await compose_questions(records.engine, since)
    comments = [line.partition("}  # ")[2] for line in written.splitlines() if line.startswith("- ")]
    return yaml.safe_load(written)["questions"], comments, without_text


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("wrong_clause", {"band": "paraphrase", "outcome": "answered"}),
        ("wrong_split: both", {"band": "paraphrase", "outcome": "answered", "clauses": ["GL8 5.1(c)"]}),
        ("should_have_answered", {"band": "paraphrase", "outcome": "answered"}),
        ("should_have_declined", {"clauses": [], "ownership": None}),
        ("other: too long", {}),
        ("something new", {}),
    ],
)
async def test_a_reason_fills_in_what_it_tells(records: Records, reason: str, told: dict[str, Any]) -> None:
    """Each reason fills in the fields that it settles; those left are named as to do, beside what was said."""
    event = await rate(records, "Who keeps copies?", reason)
    [row], [comment], _ = await read(records)
    assert row == {"id": f"f-{event[:12]}", "lang": "en", "question": "Who keeps copies?"} | told
    assert comment == (
        f"to do: {', '.join(name for name in FIELDS if name not in row)}; "
        f"said: {reason}; was: answered, csc_owned, GL8 5.1(c)"
    )


async def test_the_band_and_the_language_are_read_from_the_question(records: Records) -> None:
    """A question that names a clause is direct, and one with Chinese characters Chinese."""
    await rate(records, "GL8 5.1(c) 備份由誰負責?", "wrong_clause")
    [row], _, _ = await read(records)
    assert (row["band"], row["lang"]) == ("direct", "zh-Hant")


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        (("wrong_clause", "should_have_answered"), {"outcome": "answered"}),
        (("wrong_split", "wrong_clause"), {"outcome": "answered"}),
        (("wrong_split", "other: well"), {"outcome": "answered", "clauses": ["GL8 5.1(c)"]}),
        (("should_have_declined", "wrong_clause"), {}),
    ],
)
async def test_reasons_that_differ_leave_it_to_a_person(
    records: Records, reasons: tuple[str, str], told: dict[str, Any]
) -> None:
    """A question is one row, whatever its case and spacing; of a field on which reasons differ, nothing is told."""
    await rate(records, "who keeps copies?", reasons[0])
    await rate(records, "Who  keeps copies?", reasons[1])
    [row], [comment], _ = await read(records)
    assert {name: row[name] for name in ("outcome", "clauses", "ownership") if name in row} == told
    assert all(f"said: {reason}; was:" in comment for reason in reasons)


async def test_only_what_was_found_wrong_with_a_reason_becomes_a_row(records: Records) -> None:
    """Praise, and a plain no, say nothing about what is expected."""
    await rate(records, "one?", "", helpful=True)
    await rate(records, "two?", "")
    assert await read(records) == ([], [], 0)


async def test_whatever_was_asked_and_said_stays_in_its_place(records: Records) -> None:
    """Quotes, line ends, colons and what looks like YAML come back as they were, a row a line."""
    questions = ["a\nb: [c]", 'say "no" # not', "'}", "- id: q1", "*who*\x1b[31m\u2028?", "5.10", "no"]
    for question in questions:
        await rate(records, question, "other: }\n- {id: q1}\x1b[31m # more\u2028- x")
    rows, comments, _ = await read(records)
    assert [row["question"] for row in rows] == questions
    assert len(comments) == len(questions)
    assert all("other: } - {id: q1} [31m # more - x; was:" in comment for comment in comments)


async def test_a_filled_in_row_has_the_form_of_a_gold_question(records: Records) -> None:
    """A row and its to-dos are the keys of a gold question, in their order."""
    await rate(records, "who?", "wrong_split")
    [row], [comment], _ = await read(records)
    missing = re.match(r"to do: ([\w, ]+);", comment)
    assert missing
    assert {*row, *missing[1].split(", ")} == set(ROWS[0]) == set(FIELDS)
    assert list(row) == [name for name in ROWS[0] if name in row]


async def test_feedback_is_exported_from_a_day_on(records: Records) -> None:
    """Only feedback from the time named on becomes rows."""
    old = await rate(records, "old?", "wrong_clause")
    await rate(records, "new?", "wrong_clause")
    async with records.engine.begin() as connection:
        await connection.execute(update(FeedbackRecord).where(FeedbackRecord.answer == old).values(at=5.0))
    rows, _, _ = await read(records, time.time() - 60)
    assert [row["question"] for row in rows] == ["new?"]


async def test_the_command_prints_rows_and_counts_what_has_no_text(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Standard output is a YAML document; what has no text, or whose answer is gone, is counted on standard error."""
    await rate(records, "who keeps copies?", "wrong_clause")
    monkeypatch.delenv("CLAUSEBOT_STORE_QUESTIONS")
    without = await open_records(load_settings())
    await rate(without, "who?", "wrong_clause", "other")
    await without.answers.record_feedback(Origin("slack", "T0", "U0ANN", "f" * 64), helpful=False, reason="other")
    await without.close()
    status, out, errors = await run("--feedback")
    assert status == 0
    assert [row["question"] for row in yaml.safe_load(out)["questions"]] == ["who keeps copies?"]
    assert errors == (
        "clausebot: 2 more answers with such feedback have no question to export: "
        "only CLAUSEBOT_STORE_QUESTIONS=true stores their text\n"
    )


async def test_a_form_does_not_go_with_feedback(address: str) -> None:
    """`--format` is for answers: with feedback it is refused in a line."""
    assert await run("--feedback", "--format", "csv") == (
        2,
        "",
        "clausebot: --feedback prints YAML; leave --format out\n",
    )


async def run(*arguments: str) -> tuple[int | None, str, str]:
    """Run ``clausebot records export``: its status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(CLAUSEBOT, "records", "export", *arguments, stdout=-1, stderr=-1)
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()
