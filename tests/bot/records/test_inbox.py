"""The inbox: stored once, held by one process at a time, given back when its holder is gone."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from fakes import replica
from prometheus_client import REGISTRY
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import inbox as module
from bot.records.inbox import Inbox, derive_key
from bot.records.models import InboxEvent


async def start(verb: str, address: str) -> asyncio.subprocess.Process:
    """Another process on the same database."""
    return await asyncio.create_subprocess_exec(
        sys.executable, replica.__file__, verb, address, stdout=-1, stderr=-1, cwd=Path(__file__).parents[3]
    )


async def test_an_event_is_stored_once(engine: AsyncEngine) -> None:
    """What is delivered again, to this process or another, before or after it is done, is not stored again."""
    here, there = Inbox(engine, "slack"), Inbox(engine, "slack")
    event = await here.store("key", "T0", {"text": "who?\0\ud800"}, take=True)
    assert event
    assert await here.store("key", "T0", {}, take=True) is None
    assert await there.store("key", "T0", {}, take=True) is None
    await here.finish(event.id)
    assert await there.store("key", "T0", {}, take=True) is None
    assert await there.take(10) == []


async def test_an_event_tells_when_it_came_in(engine: AsyncEngine) -> None:
    """Whoever takes an event is told when it was stored first, in seconds since 1970."""
    before = module.time.time()
    inbox = Inbox(engine, "slack")
    event = await inbox.store("key", "T0", {}, take=True)
    assert event
    assert before <= event.received <= module.time.time()
    await inbox.release([event.id], after=0)
    [again] = await inbox.take(1)
    assert again.received == pytest.approx(event.received, abs=1e-5)


async def test_what_comes_in_again_is_counted(engine: AsyncEngine) -> None:
    """An event that was stored before counts as a redelivery of its channel."""

    def count() -> float:
        return REGISTRY.get_sample_value("clausebot_redeliveries_total", {"channel": "teams"}) or 0.0

    before = count()
    for take in (True, True, False):
        await Inbox(engine, "teams").store("key", "T0", {}, take=take)
    assert count() - before == 2


async def test_many_deliveries_at_once_are_stored_once_each(engine: AsyncEngine) -> None:
    """Of deliveries that come in together, the first of each message is stored, whichever transaction they share."""
    inbox = Inbox(engine, "slack")
    stored = await asyncio.gather(
        *(inbox.store(f"key {number % 50}", "T0", {"n": number}, take=True) for number in range(150))
    )
    assert [(event.key, event.payload) for event in stored if event] == [(f"key {n}", {"n": n}) for n in range(50)]
    await asyncio.gather(*(inbox.finish(event.id) for event in stored if event))
    async with engine.connect() as connection:
        done = (await connection.execute(select(InboxEvent.done))).scalars().all()
    assert len(done) == 50
    assert all(done)


async def test_what_is_held_is_not_taken(engine: AsyncEngine) -> None:
    """An event that one process holds is left alone by others, and by itself."""
    here, there = Inbox(engine, "slack"), Inbox(engine, "slack")
    await here.store("key", "T0", {}, take=True)
    assert await here.take(10) == await there.take(10) == []


async def test_what_is_left_is_taken_oldest_first(engine: AsyncEngine) -> None:
    """Events that were stored for whoever has room are taken in the order in which they came, with what they hold."""
    inbox = Inbox(engine, "slack")
    for number in range(5):
        assert await inbox.store(f"key {number}", "T0", {"number": number}, take=False) is None
    taken = [*await inbox.take(3), *await inbox.take(3)]
    assert [(event.key, event.payload, event.attempts) for event in taken] == [
        (f"key {number}", {"number": number}, 1) for number in range(5)
    ]


async def test_channels_keep_to_their_own(engine: AsyncEngine) -> None:
    """An event of one kind of channel is not taken for another."""
    await Inbox(engine, "slack").store("key", "T0", {}, take=False)
    assert await Inbox(engine, "teams").take(10) == []


async def test_an_expired_lease_is_taken_by_another(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a lease has run out the event is another's, and its first holder can change it no more."""
    here, there = Inbox(engine, "slack"), Inbox(engine, "slack")
    monkeypatch.setattr(module, "LEASE", 0.0)
    first = await here.store("key", "T0", {}, take=True)
    assert first
    monkeypatch.undo()
    [second] = await there.take(10)
    assert (second.key, second.attempts) == ("key", 2)
    await here.finish(first.id)
    await here.release([first.id], 0)
    assert await here.take(10) == []
    async with engine.connect() as connection:
        assert (await connection.execute(select(InboxEvent.done))).scalar_one() is None


async def test_a_renewed_lease_is_kept(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease that is renewed in time does not run out."""
    here, there = Inbox(engine, "slack"), Inbox(engine, "slack")
    monkeypatch.setattr(module, "LEASE", 0.0)
    event = await here.store("key", "T0", {}, take=True)
    assert event
    monkeypatch.undo()
    await here.renew([event.id])
    assert await there.take(10) == []


async def test_a_released_event_waits(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that is let go for a while is taken after it, not before."""
    inbox = Inbox(engine, "slack")
    event = await inbox.store("key", "T0", {}, take=True)
    assert event
    await inbox.release([event.id], after=60)
    assert await inbox.take(10) == []
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + 61)
    assert [again.key for again in await inbox.take(10)] == ["key"]


async def test_a_done_event_forgets_what_it_said(engine: AsyncEngine) -> None:
    """Of an event that is done nothing is kept but its key, its workspace and its times."""
    inbox = Inbox(engine, "slack")
    event = await inbox.store("key", "T0", {"text": "who?"}, take=True)
    assert event
    await inbox.finish(event.id)
    async with engine.connect() as connection:
        row = (await connection.execute(select(InboxEvent.payload, InboxEvent.done))).one()
    assert row.payload is None
    assert row.done is not None


async def test_two_processes_never_take_the_same_event(address: str, engine: AsyncEngine) -> None:
    """Two processes that empty one inbox together take each of its events exactly once."""
    inbox = Inbox(engine, "slack")
    keys = [derive_key(str(number)) for number in range(200)]
    for key in keys:
        await inbox.store(key, "T0", {}, take=False)
    processes = [await start("take", address) for _ in range(2)]
    said = await asyncio.gather(*(process.communicate() for process in processes))
    assert [errors for _, errors in said] == [b"", b""]
    taken = [line for lines, _ in said for line in lines.decode().split()]
    assert sorted(taken) == sorted(keys)


async def test_a_killed_process_leaves_its_event_to_another(
    address: str, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An event whose holder is killed in the middle is taken, and done, by another process once its lease ran out."""
    inbox = Inbox(engine, "slack")
    await inbox.store("key", "T0", {"text": "who?"}, take=False)
    holder = await start("hold", address)
    assert holder.stdout
    assert await asyncio.wait_for(holder.stdout.readline(), 30) == b"key\n"
    holder.kill()
    await holder.communicate()
    assert await inbox.take(10) == []
    now = module.time.time()
    monkeypatch.setattr(module.time, "time", lambda: now + module.LEASE + 1)
    [event] = await inbox.take(10)
    assert (event.key, event.payload, event.attempts) == ("key", {"text": "who?"}, 2)
    await inbox.finish(event.id)
    assert await inbox.take(10) == []
