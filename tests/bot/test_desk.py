"""The desk: answers as a place is set, counts and records, and answers on when the records do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fakes.answers import CLARIFY, COPIES, NOT_COVERED, ONE_CLAUSE, StubAnswerer, make_answer
from prometheus_client import REGISTRY
from sqlalchemy import select, text

from bot.desk import Desk
from bot.limits import RateLimits
from bot.origin import Origin
from bot.place_settings import PlaceSettings
from bot.records.models import AnswerRecord, FeedbackRecord
from bot.records.records import Records, open_records
from bot.settings import load_settings
from retrieval.answer import Answer
from retrieval.answerer import load_answerer

ORIGIN = Origin(channel="slack", workspace="T0", asker="U0", event="e" * 64, place="C0", thread="1.0")


@pytest.fixture
async def records() -> AsyncIterator[Records]:
    """Records in a file of this test's own."""
    opened = await open_records(load_settings())
    yield opened
    await opened.close()


@pytest.fixture
def answerer() -> StubAnswerer:
    """What the desk asks."""
    return StubAnswerer()


@pytest.fixture
def desk(answerer: StubAnswerer, records: Records) -> Desk:
    """The desk, with a limit of one question a minute."""
    return Desk(answerer, records.answers, RateLimits(person=1, workspace=9))


async def break_down(records: Records) -> None:
    """Leave the records without a table."""
    async with records.engine.begin() as connection:
        for name in ("answers", "channel_settings", "lookups"):
            await connection.execute(text(f"DROP TABLE {name}"))


def counted(outcome: str) -> float:
    """How many answers were counted."""
    return REGISTRY.get_sample_value("clausebot_answers_total", {"channel": "slack", "outcome": outcome}) or 0.0


async def recorded(records: Records) -> list[str]:
    """The outcomes of the answers that are recorded."""
    async with records.engine.connect() as connection:
        return list((await connection.execute(select(AnswerRecord.outcome))).scalars())


async def test_an_answer_is_counted_and_recorded(desk: Desk, answerer: StubAnswerer, records: Records) -> None:
    """What is asked and what is looked up is answered, counted by outcome and recorded."""
    before = counted("answered"), counted("not_covered")
    assert await desk.ask("who keeps copies?", ORIGIN) is ONE_CLAUSE
    answerer.answer_to_give = NOT_COVERED
    assert await desk.look_up("lunch", replace(ORIGIN, event="f" * 64)) is NOT_COVERED
    assert answerer.questions == ["who keeps copies?", "lunch"]
    assert (counted("answered"), counted("not_covered")) == (before[0] + 1, before[1] + 1)
    assert sorted(await recorded(records)) == ["answered", "not_covered"]


async def test_what_was_answered_a_moment_ago_was_looked_up(desk: Desk) -> None:
    """An answer that is given before it is recorded counts among what was looked up, and is forgotten with it."""
    await desk.ask("who keeps copies?", ORIGIN, recorded=False)
    assert await desk.recent(ORIGIN) == ["GL8 5.1(c)"]
    await desk.ask("who keeps copies?", replace(ORIGIN, event="f" * 64), recorded=False)
    await desk.clear_recent(ORIGIN)
    assert await desk.recent(ORIGIN) == []


async def test_a_place_has_its_own_regulation(desk: Desk, answerer: StubAnswerer) -> None:
    """A question is read in the regulation that its place is set to; elsewhere, and in no place, in none."""
    await desk.save_settings("slack", "T0", "C0", PlaceSettings(regulation="GL14"))
    for place in ("C0", "C1", ""):
        await desk.ask("5.1", replace(ORIGIN, place=place))
    await desk.look_up("5.1", ORIGIN)
    await desk.preview("5.1", ORIGIN)
    assert answerer.regulations == ["GL14", None, None, "GL14", "GL14"]


async def test_settings_are_kept_for_each_place(desk: Desk, records: Records) -> None:
    """What is saved is found again, there only; what another version stored and this can't read is left at default."""
    settings = PlaceSettings(replies="ephemeral", feedback=False, helpers="S0", helpers_channel="C9", quiet=True)
    await desk.save_settings("slack", "T0", "C0", settings)
    assert await desk.settings_for("slack", "T0", "C0") == settings
    others = (("teams", "T0", "C0"), ("slack", "T1", "C0"), ("slack", "T0", "C1"), ("slack", "T0", ""))
    assert [await desk.settings_for(*each) for each in others] == [PlaceSettings()] * 4
    stored = {"replies": "pigeon", "quiet": True, "regulation": 14, "colour": "red"}
    await records.answers.save_settings("slack", "T0", "C0", stored)
    assert await desk.settings_for("slack", "T0", "C0") == PlaceSettings(quiet=True)


async def test_what_was_looked_up_can_be_forgotten(desk: Desk) -> None:
    """The references of an answer are a person's recent ones, until they are cleared."""
    await desk.ask("who keeps copies?", ORIGIN)
    assert await desk.recent(ORIGIN) == ["GL8 5.1(c)"]
    await desk.clear_recent(ORIGIN)
    assert await desk.recent(ORIGIN) == []


async def test_feedback_is_recorded(desk: Desk, records: Records) -> None:
    """What somebody thinks of an answer stands beside its id."""
    await desk.record_feedback(ORIGIN, helpful=False, reason="wrong clause")
    async with records.engine.connect() as connection:
        [row] = (await connection.execute(select(FeedbackRecord.answer, FeedbackRecord.reason))).all()
    assert tuple(row) == (ORIGIN.event, "wrong clause")


async def test_without_records_there_is_an_answer(
    desk: Desk, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the records fail, the asker gets the answer, and the log a line that quotes nothing of the question."""
    await break_down(records)
    assert await desk.ask("who keeps copies?", ORIGIN) is ONE_CLAUSE
    assert await desk.settings_for("slack", "T0", "C0") == PlaceSettings()
    assert await desk.follow(ORIGIN) is None
    assert "An answer was not recorded" in caplog.text
    assert "keeps copies" not in caplog.text


async def test_too_many_questions_are_refused_and_counted(desk: Desk, records: Records) -> None:
    """The question over the limit is not admitted; without limits every one is."""
    labels = {"channel": "slack"}
    before = REGISTRY.get_sample_value("clausebot_refused_total", labels) or 0.0
    assert (await desk.admit(ORIGIN)).admitted
    admission = await desk.admit(ORIGIN)
    assert (admission.admitted, admission.tell) == (False, True)
    assert 0 < admission.wait <= 60
    assert REGISTRY.get_sample_value("clausebot_refused_total", labels) == before + 1
    free = Desk(StubAnswerer(), records.answers)
    assert all([(await free.admit(ORIGIN)).admitted for _ in range(9)])


@pytest.mark.parametrize("answer", [NOT_COVERED, CLARIFY, make_answer([COPIES], question="low")])
async def test_what_is_overheard_is_answered_only_if_it_asks_for_an_answer(
    desk: Desk, answerer: StubAnswerer, records: Records, answer: Answer
) -> None:
    """Talk, what finds nothing and what is unsure is left alone and unrecorded; so is all in a quiet place."""
    if answer.question == "low":
        answer = answer.model_copy(update={"confidence": answer.confidence.model_copy(update={"band": "low"})})
    answerer.answer_to_give = answer
    assert await desk.overhear("who keeps copies?", ORIGIN, context=["GL8 5.1(c)"]) is None
    answerer.answer_to_give = ONE_CLAUSE
    assert await desk.overhear("thank you", ORIGIN, context=["GL8 5.1(c)"]) is None
    assert await recorded(records) == []
    assert await desk.overhear("who keeps copies?", ORIGIN, context=["GL8 5.1(c)"]) is ONE_CLAUSE
    assert await recorded(records) == ["answered"]
    await desk.save_settings("slack", "T0", "C0", PlaceSettings(quiet=True))
    assert await desk.overhear("who keeps copies?", ORIGIN, context=["GL8 5.1(c)"]) is None


@pytest.mark.parametrize(
    ("message", "ref"),
    [
        ("is that right?", None),
        ("點解?", None),
        ("where is that written?", None),
        ("who does that?", None),
        ("can you join the call at 3?", None),
        ("邊個負責?", None),
        ("and who tests it?", "GL8 5.1(c)"),
        ("is the right to audit there?", "GL14 5.19(d)"),
        ("what about encryption?", "GL8 5.1(d)"),
        ("咁加密呢?", "GL8 5.1(d)"),
        ("and GL14 5.13?", "GL14 5.13"),
    ],
)
async def test_what_is_overheard_is_answered_only_with_a_subject_of_its_own(
    records: Records, message: str, ref: str | None
) -> None:
    """What names neither a clause nor anything that the guide speaks of is what people say to each other."""
    desk = Desk(load_answerer(None)[0], records.answers)
    answer = await desk.overhear(message, ORIGIN, context=["GL8 5.1(c)"])
    assert (answer and answer.clauses[0].ref) == ref


async def test_what_is_shown_and_suggested_is_not_recorded(desk: Desk, records: Records) -> None:
    """A clause to show, suggestions and the catalogue come from the answerer, and leave no trace."""
    clause = desk.show("GL8 5.1(c)")
    assert clause
    assert clause.ref == "GL8 5.1(c)"
    assert desk.show("GL8 9.9") is None
    assert [each.ref for each in desk.suggest("GL8")] == ["GL8 5.1(c)"]
    assert desk.catalogue().guides[0].id == "a-guide"
    assert desk.corpus_hash == ONE_CLAUSE.corpus.sha256
    assert await recorded(records) == []
