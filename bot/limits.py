"""How many questions a minute one person and one workspace may ask. The counts are this process's own."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from bot.origin import Origin


@dataclass(frozen=True)
class Admission:
    """Whether a question may be asked now.

    ``wait`` is after how many whole seconds it may, 0 where it may now. ``tell`` says whether to tell the asker: at the
    first refusal in a minute, so that a flood of questions is not answered by a flood.
    """

    admitted: bool
    wait: int
    tell: bool


ADMITTED = Admission(admitted=True, wait=0, tell=False)


class RateLimits:
    """Counts questions over the last minute."""

    def __init__(self, *, person: int, workspace: int) -> None:
        """Limit a person and a workspace to so many questions a minute."""
        self._person = RateLimitItemPerMinute(person)
        self._workspace = RateLimitItemPerMinute(workspace)
        self._told = RateLimitItemPerMinute(1)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    async def admit(self, origin: Origin) -> Admission:
        """Count a question if it may be asked; one that is refused does not count."""
        asked: list[tuple[RateLimitItem, tuple[str, ...]]] = []
        if origin.asker:
            asked.append((self._person, ("person", origin.channel, origin.workspace, origin.asker)))
        if origin.workspace:
            asked.append((self._workspace, ("workspace", origin.channel, origin.workspace)))
        for limit, who in asked:
            if not await self._windows.test(limit, *who):
                until = (await self._windows.get_window_stats(limit, *who)).reset_time
                tell = await self._windows.hit(self._told, "told", *who, origin.asker)
                return Admission(admitted=False, wait=max(1, math.ceil(until - time.time())), tell=tell)
        for limit, who in asked:
            await self._windows.hit(limit, *who)
        return ADMITTED
