"""Answers, feedback and settings of places: what is kept of them, and what is not."""

from __future__ import annotations

import math

import pytest
from fakes.answers import CLARIFY, ONE_CLAUSE, TWO_CLAUSES, make_answer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records.answers import AnswerBook
from bot.records.models import AnswerRecord, FeedbackRecord
from bot.records.sealing import Hasher

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
