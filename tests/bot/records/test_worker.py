"""The worker: every stored event is answered, what fails for now is tried again, what a stop cuts off is left."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest
from fakes.waiting import wait_until
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import worker as module
from bot.records.inbox import Event, Inbox
from bot.records.models import InboxEvent
from bot.records.worker import TryLaterError, Worker


class Answering:
    """Answers events: keeps their keys; raises what it holds, once each; waits where it is told to."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.faults: list[Exception] = []
        self.open = asyncio.Event()
        self.open.set()

    async def answer(self, event: Event) -> None:
        """Answer one event."""
        if self.faults:
            raise self.faults.pop(0)
        await self.open.wait()
        self.keys.append(event.key)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK_EVERY", 0.01)
    monkeypatch.setattr(module, "_RETRY_AFTER", 0.05)
    monkeypatch.setattr(module, "_RELEASE_WITHIN", 60)


@pytest.fixture
def answering() -> Answering:
    """What the worker calls."""
    return Answering()


@pytest.fixture
async def worker(engine: AsyncEngine, answering: Answering) -> AsyncIterator[Worker]:
    """A worker that also looks for what others left."""
    running = Worker(Inbox(engine, "slack"), answering.answer)
    running.start()
    yield running
    answering.open.set()
    await running.finish(5)


async def all_done(engine: AsyncEngine, count: int) -> None:
    """Wait until so many events are done."""
    async with asyncio.timeout(20):
        while True:
            async with engine.connect() as connection:
                done = (await connection.execute(select(InboxEvent.done))).scalars().all()
            if len([each for each in done if each]) == count:
                return
            await asyncio.sleep(0.01)


async def test_what_is_taken_in_is_answered_once(engine: AsyncEngine, worker: Worker, answering: Answering) -> None:
    """An event is answered and done; delivered again it is not answered."""
    for _ in range(3):
        await worker.take_in("key", "T0", {})
    await all_done(engine, 1)
    await worker.take_in("key", "T0", {})
    assert answering.keys == ["key"]


async def test_how_long_an_answer_took_is_counted(engine: AsyncEngine, worker: Worker, answering: Answering) -> None:
    """From an event's coming in to its answer's being sent; an answer that was put off counts once, when it is sent."""

    def read(what: str) -> float:
        return REGISTRY.get_sample_value(f"clausebot_answer_seconds_{what}", {"channel": "slack"}) or 0.0

    answering.faults = [TryLaterError("no")]
    answers, seconds = read("count"), read("sum")
    await worker.take_in("key", "T0", {})
    await all_done(engine, 1)
    assert read("count") - answers == 1
    assert 0.05 <= read("sum") - seconds < 20


async def test_what_another_left_is_answered(engine: AsyncEngine, worker: Worker, answering: Answering) -> None:
    """An event that nobody holds is taken up by a worker that looks."""
    await Inbox(engine, "slack").store("left", "T0", {}, take=False)
    await all_done(engine, 1)
    assert answering.keys == ["left"]


async def test_what_fails_for_now_is_tried_again(
    engine: AsyncEngine, worker: Worker, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that can't be sent now is sent later, once."""
    answering.faults = [TryLaterError("no"), TryLaterError("not yet")]
    await worker.take_in("key", "T0", {})
    await all_done(engine, 1)
    assert answering.keys == ["key"]
    assert "An answer was put off: not yet" in caplog.text


async def test_what_never_works_is_given_up(
    engine: AsyncEngine,
    worker: Worker,
    answering: Answering,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After the last attempt an event is done with, and the log says that an answer was lost."""
    monkeypatch.setattr(module, "_ATTEMPTS", 2)
    answering.faults = [TryLaterError("no")] * 3
    await worker.take_in("key", "T0", {})
    await all_done(engine, 1)
    assert answering.keys == []
    assert "An answer was lost after 2 attempts: no" in caplog.text


async def test_a_fault_is_logged_without_what_it_quotes(
    engine: AsyncEngine, worker: Worker, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    """An error that no attempt would mend ends the event; its message stays out of the log."""
    caplog.set_level(logging.DEBUG)
    answering.faults = [ValueError("who keeps copies?")]
    await worker.take_in("key", "T0", {"text": "who keeps copies?"})
    await all_done(engine, 1)
    assert "An answer was lost: ValueError" in caplog.text
    assert "who keeps copies?" not in caplog.text


async def test_an_answer_that_cannot_be_marked_is_not_sent_again(
    engine: AsyncEngine, worker: Worker, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the database is away once the answer is sent, marking goes on until it is back; nothing is sent twice."""
    finish = Inbox.finish
    faults = [OperationalError("", {}, Exception()), ConnectionRefusedError()]

    async def fail_first(inbox: Inbox, held: int) -> None:
        if faults:
            raise faults.pop()
        await finish(inbox, held)

    monkeypatch.setattr(Inbox, "finish", fail_first)
    await worker.take_in("key", "T0", {})
    await all_done(engine, 1)
    assert (answering.keys, faults) == (["key"], [])


async def count_held(engine: AsyncEngine) -> int:
    """How many events a process holds."""
    async with engine.connect() as connection:
        return len([each for each in (await connection.execute(select(InboxEvent.taken_by))).scalars() if each])


async def test_a_burst_is_answered_in_turns(
    engine: AsyncEngine, worker: Worker, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More events than are answered at once wait in the inbox, not in memory, and each is answered once."""
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    answering.open.clear()
    held = []
    for number in range(10):
        await worker.take_in(f"key {number}", "T0", {})
        held.append(await count_held(engine))
    async with asyncio.timeout(20):
        while held[-1] < 3:
            held.append(await count_held(engine))
    for _ in range(5):
        await asyncio.sleep(0.02)
        held.append(await count_held(engine))
    assert max(held) == 3
    answering.open.set()
    await all_done(engine, 10)
    assert sorted(answering.keys) == sorted(f"key {number}" for number in range(10))


async def test_a_burst_does_not_wait_for_the_next_look(
    engine: AsyncEngine, worker: Worker, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left for want of room is taken as soon as there is room, however seldom the worker looks."""
    monkeypatch.setattr(module, "_AT_ONCE", 3)
    monkeypatch.setattr(module, "_LOOK_EVERY", 600)
    await asyncio.sleep(0.1)
    await asyncio.gather(*(worker.take_in(f"key {number}", "T0", {}) for number in range(30)))
    await all_done(engine, 30)
    assert sorted(answering.keys) == sorted(f"key {number}" for number in range(30))


async def test_what_a_stop_cuts_off_is_left_to_others(
    engine: AsyncEngine, answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that does not finish in time is given back at once, and another process takes it."""
    running = Worker(Inbox(engine, "slack"), answering.answer)
    answering.open.clear()
    await running.take_in("key", "T0", {})
    await running.finish(0.01)
    assert "1 answers were cut off by the stop" in caplog.text
    assert [event.key for event in await Inbox(engine, "slack").take(10)] == ["key"]


async def test_what_is_done_while_it_is_taken_again_is_answered_once(
    engine: AsyncEngine, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event whose lease ran out, and that its own process takes again and then is done with, has one answer."""
    take, taken = Inbox.take, []

    async def finish_first(inbox: Inbox, most: int) -> list[Event]:
        found = await take(inbox, most)
        taken.extend(found)
        answering.open.set()
        await all_done(engine, 1)
        return found

    monkeypatch.setattr("bot.records.inbox.LEASE", 0.0)
    monkeypatch.setattr(Inbox, "take", finish_first)
    answering.open.clear()
    running = Worker(Inbox(engine, "slack"), answering.answer)
    await running.take_in("key", "T0", {})
    running.start()
    await wait_until(lambda: taken)
    await running.finish(20)
    assert answering.keys == ["key"]


async def test_a_lease_is_renewed_while_its_answer_takes_long(
    engine: AsyncEngine, worker: Worker, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event that takes longer than a lease stays with the process that answers it."""
    monkeypatch.setattr(module, "LEASE", 0.03)  # renewed ever again, for a lease of a minute on the inbox's clock
    passed = [0.0]
    monkeypatch.setattr("bot.records.inbox.time", SimpleNamespace(time=lambda: time.time() + sum(passed)))
    answering.open.clear()
    await worker.take_in("key", "T0", {})
    for _ in range(3):
        passed.append(50.0)
        async with asyncio.timeout(20), engine.connect() as connection:
            while (await connection.execute(select(InboxEvent.due))).scalar_one() < time.time() + sum(passed) + 20:
                await connection.rollback()
                await asyncio.sleep(0.01)
    assert await Inbox(engine, "slack").take(10) == []
    answering.open.set()
    await all_done(engine, 1)
    assert answering.keys == ["key"]
