"""`clausebot records`: real processes on both databases; what they print, delete, and ask again."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import sys
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from fakes.answers import CLARIFY, NO_SUCH_CLAUSE, ONE_CLAUSE, StubAnswerer, make_answer
from fakes.installation import INSTALLATION
from sqlalchemy import delete, func, select, text, update

from bot.desk import Desk
from bot.origin import Origin
from bot.place_settings import PlaceSettings
from bot.records.answers import AnswerBook
from bot.records.export import Replay, export_answers, replay_answers
from bot.records.models import AnswerRecord, Base, FeedbackRecord, InboxEvent, Key, Lookup
from bot.records.records import Records, open_records
from bot.records.sealing import Hasher
from bot.records.slack_stores import open_state_store
from bot.records.upkeep import purge
from bot.settings import load_settings
from retrieval.answerer import load_answerer

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
DAY = 24 * 60 * 60


async def run(*arguments: str) -> tuple[int | None, str, str]:
    """Run ``clausebot records`` in this test's environment: its status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(CLAUSEBOT, "records", *arguments, stdout=-1, stderr=-1)
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


@pytest.fixture
async def records(address: str, monkeypatch: pytest.MonkeyPatch) -> Records:
    """Records of three answers, 100, 10 and 0 days old, of two workspaces, with feedback on the oldest."""
    monkeypatch.setenv("CLAUSEBOT_STORE_QUESTIONS", "true")
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", Fernet.generate_key().decode())
    opened = await open_records(load_settings())
    book = opened.answers
    questions = ["who keeps copies?", "=HYPERLINK(備份)", "who?"]
    for number, (question, days) in enumerate(zip(questions, (100, 10, 0), strict=True)):
        origin = Origin("slack", f"T{number // 2}", "U0ANN", f"event {number}")
        await book.record_answer(make_answer(ONE_CLAUSE.clauses, question=question), origin, 0.1)
        async with opened.engine.begin() as connection:
            old = update(AnswerRecord).where(AnswerRecord.id == origin.event).values(at=time.time() - days * DAY)
            await connection.execute(old)
    await book.record_feedback(Origin("slack", "T0", "U0ANN", "event 0"), helpful=False, reason="wrong clause")
    await book.record_feedback(Origin("slack", "T0", "U0BOB", "event 0"), helpful=True)
    await opened.close()
    return opened


async def count(records: Records) -> dict[str, int]:
    """How many rows each table holds, those with none left out."""
    async with records.engine.connect() as connection:
        tables = [*Base.metadata.tables, "slack_bots", "slack_installations", "slack_oauth_states"]
        found = {
            each: (await connection.execute(select(func.count()).select_from(text(each)))).scalar_one()
            for each in tables
        }
    await records.close()
    return {name: rows for name, rows in found.items() if rows and name != Key.__tablename__}


async def test_export_prints_a_line_an_answer(records: Records) -> None:
    """Each answer is a JSON object, the oldest first, with the feedback on it and without who asked."""
    status, out, errors = await run("export")
    lines = [json.loads(line) for line in out.splitlines()]
    assert (status, errors) == (0, "")
    assert [line["question"] for line in lines] == ["who keeps copies?", "=HYPERLINK(備份)", "who?"]
    assert [(line["helpful"], line["unhelpful"], line["reasons"]) for line in lines] == [
        (1, 1, "wrong clause"),
        (0, 0, ""),
        (0, 0, ""),
    ]
    assert lines[0]["at"].endswith("+00:00")
    assert "U0ANN" not in out


async def test_export_begins_where_it_is_told(records: Records) -> None:
    """Only answers from the day named on are printed."""
    since = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 50 * DAY))
    _, out, _ = await run("export", "--since", since)
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["event 1", "event 2"]


async def test_export_as_csv_starts_no_formula(records: Records) -> None:
    """The CSV has a head and a row an answer, and no field that a spreadsheet would work out."""
    for number, reason in enumerate(("\n=1+1", "＝1+1", "-1", "@a")):
        origin = Origin("slack", "T0", f"U{number}", "event 1")
        async with records.engine.begin() as connection:
            await connection.execute(delete(FeedbackRecord).where(FeedbackRecord.answer == "event 1"))
        await records.answers.record_feedback(origin, helpful=False, reason=reason)
        _, out, _ = await run("export", "--format", "csv")
        assert [row["reasons"] for row in csv.DictReader(io.StringIO(out, newline=""))][1] == f"'{reason}"
    await records.close()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["question"] for row in rows] == ["who keeps copies?", "'=HYPERLINK(備份)", "who?"]
    assert rows[0]["reasons"] == "wrong clause"


async def test_export_pages_through_what_is_stored(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of one moment are printed once each, however few are read at a time."""
    monkeypatch.setattr("bot.records.export._PAGE", 1)
    async with records.engine.begin() as connection:
        await connection.execute(update(AnswerRecord).values(at=5.0))
    ids = [json.loads(line)["id"] async for line in export_answers(records.engine, 5.0, "jsonl")]
    await records.close()
    assert ids == ["event 0", "event 1", "event 2"]


async def test_purge_deletes_what_is_past_its_days(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers, feedback and lookups older than the days set are deleted; what is of today stays."""
    monkeypatch.setenv("CLAUSEBOT_RETENTION_DAYS", "30")
    async with records.engine.begin() as connection:
        await connection.execute(update(Lookup).where(Lookup.workspace == "T0").values(at=5.0))
    assert await run("purge") == (0, "2 records deleted\n", "")
    assert await count(records) == {"answers": 2, "feedback": 2, "lookups": 1}


async def test_purge_needs_to_know_the_days(records: Records) -> None:
    """Without a number of days nothing is deleted, and a line says what to set."""
    status, out, errors = await run("purge")
    assert (status, out) == (2, "")
    assert errors.startswith("clausebot: CLAUSEBOT_RETENTION_DAYS: not set")
    assert (await count(records))["answers"] == 3


async def test_the_daily_purge_forgets_what_is_done_and_nothing_that_is_open(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A day after it was done an event is forgotten, and a state that ran out; what is open stays, however old."""
    inbox = records.inbox("slack")
    done = await inbox.store("done", "T0", {}, take=True)
    assert done
    await inbox.finish(done.id)
    await inbox.store("open", "T0", {}, take=False)
    async with records.engine.begin() as connection:
        await connection.execute(update(InboxEvent).values(received=0.0, due=0.0))
        await connection.execute(update(InboxEvent).where(InboxEvent.done > 0).values(done=5.0))
    await open_state_store(records.engine).async_issue()
    async with records.engine.begin() as connection:
        await connection.execute(text("UPDATE slack_oauth_states SET expire_at = '2020-01-31 00:00:00'"))
    await purge(records.engine, None)
    assert await count(records) == {"answers": 3, "feedback": 2, "lookups": 2, "inbox": 1}


async def test_erase_leaves_nothing_of_a_workspace(records: Records) -> None:
    """Events, answers, feedback, lookups, settings and installation of the workspace go; another's stay."""
    await records.installations("client").async_save(INSTALLATION)
    for workspace in ("T0TEAM", "T1"):
        await records.inbox("slack").store(workspace, workspace, {}, take=False)
        await records.answers.save_settings("slack", workspace, "C0", {})
    assert await run("erase", "--workspace", "T0TEAM") == (0, "4 records deleted\n", "")
    assert await run("erase", "--workspace", "T0") == (0, "5 records deleted\n", "")
    assert await count(records) == {"answers": 1, "lookups": 1, "inbox": 1, "channel_settings": 1}


async def test_replay_says_which_answers_changed_and_why(records: Records) -> None:
    """Each stored question is asked once; what changed is told by outcome, ownership, clauses and corpus."""
    same, other = StubAnswerer(ONE_CLAUSE), StubAnswerer(NO_SUCH_CLAUSE)
    counts = Replay()
    again = Origin("slack", "T0", "U0BOB", "event 3")
    await records.answers.record_answer(make_answer(ONE_CLAUSE.clauses, question="who?"), again, 0.1)
    lines = [line async for line in replay_answers(records.engine, other, counts)]
    assert other.questions == ["who keeps copies?", "=HYPERLINK(備份)", "who?"]
    assert (counts.asked, counts.changed, counts.without_text) == (3, 3, 0)
    assert lines[0] == (
        '"who keeps copies?": outcome: answered → no_such_clause; ownership: shared → none; '
        "clauses: GL8 5.1(c) → none; the same corpus, so the program answers differently"
    )
    changed = CLARIFY.corpus.model_copy(update={"sha256": "f" * 64})
    same.answer_to_give = make_answer(ONE_CLAUSE.clauses, message="Told anew.", corpus=changed)
    lines = [line async for line in replay_answers(records.engine, same, Replay())]
    assert lines[-1] == ('"who?": the same clauses, told differently; the corpus changed: 000000000000 → ffffffffffff')
    await records.close()


async def test_replay_asks_the_guide(records: Records) -> None:
    """On the command line the questions go to the guide itself, and the last line counts."""
    status, out, errors = await run("replay")
    assert (status, errors) == (0, "")
    assert out.splitlines()[-1] == "3 questions asked again, 3 answers changed"
    assert out.splitlines()[0].startswith('"who keeps copies?": ')


async def test_replay_asks_with_what_was_said_before(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A follow-up and a bare clause number are asked again as they were: the same corpus gives the same answers."""
    monkeypatch.setenv("CLAUSEBOT_STORE_QUESTIONS", "true")
    answerer, _ = load_answerer(None)
    records = await open_records(load_settings())
    desk = Desk(answerer, records.answers)
    await desk.save_settings("slack", "T0", "C0", PlaceSettings(regulation="GL14"))
    asked = [("and who tests it?", ["GL8 5.1(c)"]), ("and who tests it?", []), ("5.8(e)", [])]
    given = [
        await desk.ask(question, Origin("slack", "T0", "U0", f"e{number}", "C0"), context=context)
        for number, (question, context) in enumerate(asked)
    ]
    assert given[0].clauses != given[1].clauses
    assert given[2].clauses[0].ref == "GL14 5.8(e)"
    assert await run("replay") == (0, "3 questions asked again, 0 answers changed\n", "")
    async with records.engine.begin() as connection:
        earlier = update(AnswerRecord).values(context=None, regulation=None, digest="")
        await connection.execute(earlier.where(AnswerRecord.id == "e0"))
    await records.close()
    _, out, _ = await run("replay")
    assert "stored by an earlier version, without what was said before it" in out
    assert "the program answers differently" not in out


async def test_what_a_question_was_asked_with_is_stored_with_it_only(records: Records) -> None:
    """Where the question's text is not stored, neither is its context; an export shows what is."""
    hasher = Hasher(b"key")
    for number, keep in enumerate((True, False)):
        book = AnswerBook(records.engine, hasher, keep_questions=keep)
        origin = Origin("slack", "T9", "U0", f"kept {number}")
        await book.record_answer(ONE_CLAUSE, origin, 0.1, context=["GL8 5.1(c)"], regulation="GL8")
    await records.close()
    _, out, _ = await run("export")
    last = [json.loads(line) for line in out.splitlines()][-2:]
    assert [(line["context"], line["regulation"]) for line in last] == [('["GL8 5.1(c)"]', "GL8"), (None, None)]


async def test_replay_counts_what_has_no_text(records: Records) -> None:
    """A question whose text was not stored can't be asked again, and is counted."""
    async with records.engine.begin() as connection:
        await connection.execute(update(AnswerRecord).where(AnswerRecord.id == "event 0").values(question=None))
    await records.close()
    _, out, _ = await run("replay")
    assert out.splitlines()[-1].startswith("1 more can't be asked: ")


@pytest.mark.parametrize(
    "arguments",
    [("export", "--since", "soon"), ("export", "--format", "xml"), ("erase",), ("erase", "--workspace", " ")],
)
async def test_unusable_arguments_are_told_in_a_line(address: str, arguments: tuple[str, ...]) -> None:
    """A wrong argument ends the command with status 2 and one line."""
    status, out, errors = await run(*arguments)
    assert (status, out, errors.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("command", [("export",), ("replay",), ("erase", "--workspace", "T0")])
async def test_a_database_that_refuses_is_told_in_a_line(records: Records, command: tuple[str, ...]) -> None:
    """A damaged database, as one that lacks a table, ends the command with status 2 and one line."""
    async with records.engine.begin() as connection:
        await connection.execute(text("DROP TABLE answers"))
    await records.close()
    status, _, errors = await run(*command)
    assert (status, errors.count("\n")) == (2, 1)
    assert errors.startswith("clausebot: the database went away, or refuses (")


async def test_a_bad_setting_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unusable address ends the command with status 2 and one line."""
    monkeypatch.setenv("DATABASE_URL", "mysql://host/name")
    status, out, errors = await run("export")
    assert (status, out) == (2, "")
    assert errors.startswith("clausebot: DATABASE_URL: is no address")
