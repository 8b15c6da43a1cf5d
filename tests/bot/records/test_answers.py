"""Answers, lookups, feedback and settings of places: what is kept of them, and what is not."""

from __future__ import annotations

import asyncio
import gc
import math
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fakes.answers import CLARIFY, NOT_COVERED, ONE_CLAUSE, TWO_CLAUSES, make_answer, make_clause
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records import answers
from bot.records.answers import AnswerBook
from bot.records.models import AnswerRecord, FeedbackRecord, Lookup
from bot.records.sealing import Hasher
from retrieval.answer import Answer

ORIGIN = Origin(channel="slack", workspace="T0TEAM", asker="U0ANN", event="event 1")


@pytest.fixture
def book(engine: AsyncEngine) -> AnswerBook:
    """A book that keeps no question."""
    return AnswerBook(engine, Hasher(b"key"), keep_questions=False)


async def read(engine: AsyncEngine) -> list[dict[str, object]]:
    """Every answer that is recorded."""
    async with engine.connect() as connection:
        rows = await connection.execute(select(*AnswerRecord.__table__.columns).order_by(AnswerRecord.at))
        return [dict(row) for row in rows.mappings()]


async def test_an_answer_is_recorded_once(engine: AsyncEngine, book: AnswerBook) -> None:
    """However often an event is answered, one record tells how it was answered first."""
    await book.record_answer(TWO_CLAUSES, ORIGIN, 0.25)
    await book.record_answer(CLARIFY, ORIGIN, 9.0)
    [record] = await read(engine)
    assert (record["channel"], record["workspace"], record["latency"]) == ("slack", "T0TEAM", 0.25)
    assert (record["outcome"], record["ownership"]) == ("answered", "shared")
    assert record["clauses"] == "GL8 5.1(c); GL14 5.13"
    assert record["corpus"] == TWO_CLAUSES.corpus.sha256


async def test_neither_asker_nor_question_is_kept(engine: AsyncEngine, book: AnswerBook) -> None:
    """Without leave to store questions, no column holds who asked or what."""
    await book.record_answer(ONE_CLAUSE, ORIGIN, 0.1)
    [record] = await read(engine)
    assert record["question"] is None
    assert not [value for value in record.values() if str(value) in (ONE_CLAUSE.question, ORIGIN.asker)]


async def test_questions_are_kept_where_they_may_be(engine: AsyncEngine) -> None:
    """With leave, the question stands as it was asked, but for what a database can't hold."""
    book = AnswerBook(engine, Hasher(b"key"), keep_questions=True)
    await book.record_answer(make_answer(question="who\0 keeps \ud800 備份?"), ORIGIN, 0.1)
    [record] = await read(engine)
    assert record["question"] == "who keeps ? 備份?"


async def test_hashes_tell_the_same_from_another_and_need_the_key(engine: AsyncEngine, book: AnswerBook) -> None:
    """The same person and question have the same hashes; another workspace, question or key gives others."""
    for number, (question, workspace) in enumerate([("a", "T0"), ("a", "T0"), ("b", "T1")]):
        await book.record_answer(make_answer(question=question), Origin("slack", workspace, "U0", str(number)), 0.1)
    other = AnswerBook(engine, Hasher(b"another"), keep_questions=False)
    await other.record_answer(make_answer(question="a"), Origin("slack", "T0", "U0", "3"), 0.1)
    for field in ("asker", "question_hash"):
        first, second, third, fourth = (record[field] for record in await read(engine))
        assert first == second
        assert len({first, third, fourth}) == 3


async def test_a_second_opinion_replaces_the_first(engine: AsyncEngine, book: AnswerBook) -> None:
    """One person has one opinion of an answer, another person another."""
    await book.record_feedback(ORIGIN, helpful=True)
    await book.record_feedback(ORIGIN, helpful=False, reason="wrong\0 clause")
    await book.record_feedback(Origin("slack", "T0TEAM", "U0BOB", "event 1"), helpful=True)
    async with engine.connect() as connection:
        statement = select(FeedbackRecord.helpful, FeedbackRecord.reason).order_by(FeedbackRecord.at)
        rows = [tuple(row) for row in (await connection.execute(statement)).all()]
    assert rows == [(False, "wrong clause"), (True, "")]


async def test_each_place_has_its_own_settings(book: AnswerBook) -> None:
    """Settings are those that were saved last, of that place alone; nothing where nobody saved any."""
    await book.save_settings("slack", "T0", "C0", {"ephemeral": True})
    await book.save_settings("slack", "T0", "C0", {"off": True})
    await book.save_settings("slack", "T1", "C0", {"ephemeral": False})
    assert await book.load_settings("slack", "T0", "C0") == {"off": True}
    assert await book.load_settings("slack", "T1", "C0") == {"ephemeral": False}
    assert await book.load_settings("slack", "T0", "C1") == {}


async def test_settings_hold_for_a_moment(
    engine: AsyncEngine, book: AnswerBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this process saves it uses at once; what another saves, seconds later; and it keeps so many places."""
    passed = [100.0]
    monkeypatch.setattr(answers, "time", SimpleNamespace(monotonic=lambda: sum(passed)))
    other = AnswerBook(engine, Hasher(b"key"), keep_questions=False)
    assert await book.load_settings("slack", "T0", "C0") == {}
    await other.save_settings("slack", "T0", "C0", {"quiet": True})
    assert await book.load_settings("slack", "T0", "C0") == {}
    passed.append(6.0)
    assert await book.load_settings("slack", "T0", "C0") == {"quiet": True}
    await book.save_settings("slack", "T0", "C0", {"quiet": False})
    assert await book.load_settings("slack", "T0", "C0") == {"quiet": False}
    monkeypatch.setattr(answers, "_PLACES_KEPT", 3)
    for number in range(10):
        await book.load_settings("slack", "T0", f"C{number}")
    assert len(book._settings) <= 3


async def test_the_same_lookups_in_one_transaction_are_one(book: AnswerBook) -> None:
    """A person whose answers are recorded together has each clause once among what was looked up."""
    origins = [replace(ORIGIN, event=f"event {number}") for number in range(20)]
    await asyncio.gather(*(book.record_answer(TWO_CLAUSES, origin, 0.1) for origin in origins))
    assert sorted(await book.recent(ORIGIN)) == ["GL14 5.13", "GL8 5.1(c)"]


async def test_a_conversation_is_followed_by_its_latest_clauses(book: AnswerBook) -> None:
    """A question is told the clauses of the latest answer in its own thread that had any, its own answer left out."""

    def at(event: str, thread: str = "1.0", place: str = "C0", workspace: str = "T0") -> Origin:
        return Origin("slack", workspace, "U0ANN", event, place, thread)

    assert await book.follow(at("first"), 60) is None
    await book.record_answer(ONE_CLAUSE, at("first"), 0.1)
    assert await book.follow(at("first"), 60) is None
    await book.record_answer(CLARIFY, at("second"), 0.1)
    assert await book.follow(at("third"), 60) == ["GL8 5.1(c)"]
    await book.record_answer(TWO_CLAUSES, at("third"), 0.1)
    assert await book.follow(at("fourth"), math.inf) == ["GL8 5.1(c); GL14 5.13"]
    assert await book.follow(at("fourth"), 0) is None
    assert await book.follow(at("fourth", thread="2.0"), 60) is None
    assert await book.follow(at("fourth", place="C1"), 60) is None
    assert await book.follow(at("fourth", workspace="T1"), 60) is None
    await book.record_answer(CLARIFY, at("fifth", thread="3.0"), 0.1)
    assert await book.follow(at("sixth", thread="3.0"), 60) == []


def look_up(*refs: str, asked: int | None = None) -> Answer:
    """An answer that shows those clauses, so many of them as the answer and the rest as related."""
    return make_answer([make_clause(ref) for ref in refs], asked=len(refs) if asked is None else asked)


async def test_what_somebody_looked_up_last_comes_first(book: AnswerBook) -> None:
    """Each reference once, the newest first, five at most; an answer's best first, its related ones not at all."""
    assert await book.recent(ORIGIN) == []
    for number in range(1, 5):
        await book.record_answer(look_up(f"GL8 6.{number}"), replace(ORIGIN, event=f"e{number}"), 0.1)
    assert await book.recent(ORIGIN) == ["GL8 6.4", "GL8 6.3", "GL8 6.2", "GL8 6.1"]
    await book.record_answer(look_up("GL14 5.2", "GL14 5.1", "GL14 5.3", asked=2), replace(ORIGIN, event="e5"), 0.1)
    await book.record_answer(look_up("GL8 6.1"), replace(ORIGIN, event="e6"), 0.1)
    await book.record_answer(NOT_COVERED, replace(ORIGIN, event="e7"), 0.1)
    assert await book.recent(ORIGIN) == ["GL8 6.1", "GL14 5.2", "GL14 5.1", "GL8 6.4", "GL8 6.3"]
    await book.record_answer(look_up(*(f"GL8 7.{number}" for number in range(20))), replace(ORIGIN, event="e8"), 0.1)
    assert await book.recent(ORIGIN) == [f"GL8 7.{number}" for number in range(5)]


async def test_lookups_are_a_persons_own_until_cleared(engine: AsyncEngine, book: AnswerBook) -> None:
    """Nobody sees another's, elsewhere or here; no column names the person; cleared, they are gone."""
    bob = replace(ORIGIN, asker="U0BOB", event="event 2")
    elsewhere = replace(ORIGIN, workspace="T1", event="event 3")
    nobody = replace(ORIGIN, asker="", event="event 4")
    for origin, ref in ((ORIGIN, "GL8 1"), (bob, "GL8 2"), (elsewhere, "GL8 3"), (nobody, "GL8 4")):
        await book.record_answer(look_up(ref), origin, 0.1)
    assert [await book.recent(each) for each in (ORIGIN, bob, elsewhere, nobody)] == [
        ["GL8 1"],
        ["GL8 2"],
        ["GL8 3"],
        [],
    ]
    async with engine.connect() as connection:
        rows = (await connection.execute(select(*Lookup.__table__.columns))).all()
    assert not [value for row in rows for value in row if value in ("U0ANN", "U0BOB")]
    await book.clear_recent(ORIGIN)
    assert [await book.recent(each) for each in (ORIGIN, bob, elsewhere)] == [[], ["GL8 2"], ["GL8 3"]]


@pytest.mark.parametrize("address", ["postgresql"], indirect=True)
async def test_lookups_are_written_in_one_order(engine: AsyncEngine, book: AnswerBook) -> None:
    """Two processes that record one person's lookups wait for each other's first row, never in a circle."""
    await book.record_answer(look_up("GL8 1", "GL8 2"), ORIGIN, 0.1)
    async with asyncio.TaskGroup() as tasks, engine.begin() as other:
        await other.execute(update(Lookup).where(Lookup.ref == "GL8 1").values(at=1.0))
        tasks.create_task(book.record_answer(look_up("GL8 2", "GL8 1"), replace(ORIGIN, event="event 2"), 0.1))
        async with asyncio.timeout(20):
            waiting = False
            while not waiting:
                await asyncio.sleep(0.01)
                waiting = (await other.execute(text("SELECT bool_or(NOT granted) FROM pg_locks"))).scalar_one()
        await other.execute(update(Lookup).where(Lookup.ref == "GL8 2").values(at=1.0))
    assert await book.recent(ORIGIN) == ["GL8 2", "GL8 1"]


def test_a_digest_goes_with_its_answer() -> None:
    """The digest of an answer is worked out once and forgotten with it; equal answers have equal digests."""
    gc.collect()  # what earlier tests left
    answer = ONE_CLAUSE.model_copy()
    held = len(answers._digests)
    assert answers.digest_answer(answer) == answers.digest_answer(answer) == answers.digest_answer(ONE_CLAUSE)
    assert answers.digest_answer(TWO_CLAUSES) != answers.digest_answer(answer)
    before = len(answers._digests)
    del answer
    gc.collect()
    assert len(answers._digests) == before - 1 >= held
