"""Which message holds which answer: found again until it is forgotten."""

from __future__ import annotations

import asyncio

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.inbox import derive_key
from bot.records.models import SentMessage
from bot.records.sent import SentMessages
from bot.records.upkeep import erase, purge

MESSAGE, OTHER = derive_key("a message"), derive_key("another")


async def test_a_message_is_known_by_the_answer_that_it_held_first(engine: AsyncEngine) -> None:
    """What was sent is found by its message, however often it is noted; what was not sent is not."""
    sent = SentMessages(engine)
    await sent.note(MESSAGE, "a" * 64, "T0")
    await sent.note(MESSAGE, "b" * 64, "T0")
    assert await sent.find(MESSAGE) == "a" * 64
    assert await sent.find(OTHER) is None


async def test_messages_of_one_moment_are_noted_together(engine: AsyncEngine) -> None:
    """Many at once, some of them the same, are each known by the answer that they held first."""
    sent = SentMessages(engine)
    keys = [derive_key(f"message {number % 40}") for number in range(60)]
    await asyncio.gather(*(sent.note(key, f"{number:064}", "T0") for number, key in enumerate(keys)))
    assert [await sent.find(key) for key in keys[:40]] == [f"{number:064}" for number in range(40)]


async def test_a_message_is_one_holders_until_it_is_forgotten(engine: AsyncEngine) -> None:
    """Who claims a message first may send it, again too; others may once it is forgotten."""
    sent = SentMessages(engine)
    claims = [await sent.claim(MESSAGE, holder * 64, "T0") for holder in ("a", "b", "a")]
    await sent.forget(MESSAGE)
    assert [*claims, await sent.claim(MESSAGE, "b" * 64, "T0")] == [True, False, True, True]


async def test_messages_are_forgotten_with_their_answers(engine: AsyncEngine) -> None:
    """A purge forgets messages that are past their days, and erasing a workspace its own."""
    sent = SentMessages(engine)
    await sent.note(MESSAGE, "a" * 64, "T0")
    await sent.note(OTHER, "b" * 64, "T1")
    async with engine.begin() as connection:
        await connection.execute(update(SentMessage).where(SentMessage.message == MESSAGE).values(at=5.0))
    await purge(engine, None)
    assert await sent.find(MESSAGE)
    await purge(engine, 1)
    assert [await sent.find(MESSAGE), await sent.find(OTHER)] == [None, "b" * 64]
    assert await erase(engine, "T1") == 1
    assert await sent.find(OTHER) is None
