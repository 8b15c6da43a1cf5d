"""What a test waits for that nobody tells it of: looked at again and again, with patience for a busy machine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


async def wait_until(holds: Callable[[], object], within: float = 60) -> None:
    """Return once something holds.

    Raises:
        TimeoutError: it did not come to hold within so many seconds.
    """
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)
