"""What every chat does around an answer: a fault of our own is logged, and a wait is announced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.faults import describe_error
from retrieval.answer import Answer

logger = logging.getLogger(__name__)

# Seconds until an answer that is not there yet is announced.
_INSTANT = 1.0


async def try_answer(asking: Awaitable[Answer]) -> Answer | None:
    """An answer; None, with the reason logged, where a fault of our own keeps it from being given."""
    try:
        return await asking
    except Exception as error:
        logger.error("An answer failed: %s", describe_error(error))
        return None


@asynccontextmanager
async def announcing(announce: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Announce that an answer is on its way, if what is done meanwhile takes more than a second."""

    async def wait() -> None:
        await asyncio.sleep(_INSTANT)
        await announce()

    waiting = asyncio.create_task(wait())
    try:
        yield
    finally:
        waiting.cancel()
        await asyncio.wait([waiting])
