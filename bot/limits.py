"""How many questions a minute one person and one workspace may ask. The counts are this process's own."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from dataclasses import dataclass
from time import monotonic

from bot.origin import Origin

# Seconds over which questions are counted.
_WINDOW = 60.0

# People, and workspaces, whose questions are counted at once: some tens of megabytes. Past that, those who have not
# asked for longest are forgotten before their minute is over.
_MOST = 20_000

_Key = tuple[str, ...]


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
    """Counts the questions of the last minute."""

    def __init__(self, *, person: int, workspace: int) -> None:
        """Limit a person and a workspace to so many questions a minute."""
        self._people = _Counts(person)
        self._workspaces = _Counts(workspace)
        self._told = _Counts(1)

    async def admit(self, origin: Origin) -> Admission:
        """Count a question if it may be asked; one that is refused does not count.

        An empty asker, or workspace, is not limited as such.
        """
        now = monotonic()
        workspace: _Key = (origin.channel, origin.workspace)
        person: _Key = (*workspace, origin.asker)
        asked = [(self._people, person)] if origin.asker else []
        asked += [(self._workspaces, workspace)] if origin.workspace else []
        wait = max((counts.wait(key, now) for counts, key in asked), default=0.0)
        if wait:
            tell = not self._told.wait(person, now)
            if tell:
                self._told.add(person, now)
            return Admission(admitted=False, wait=math.ceil(wait), tell=tell)
        for counts, key in asked:
            counts.add(key, now)
        return ADMITTED


# Not the limits package's storage in memory: at every question it hands every key to a thread to look for what has
# expired, which keeps a processor busy from some hundreds of people on.
class _Counts:
    """When each key was counted within the last minute; the key counted longest ago stands first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: OrderedDict[_Key, deque[float]] = OrderedDict()

    def wait(self, key: _Key, now: float) -> float:
        """After how many seconds the key may be counted again; 0 for now."""
        times = self._times.get(key)
        return max(times[0] + _WINDOW - now, 0.0) if times and len(times) == self._most else 0.0

    def add(self, key: _Key, now: float) -> None:
        """Count the key, and forget what is over."""
        times = self._times.setdefault(key, deque(maxlen=self._most))
        times.append(now)
        while times[0] <= now - _WINDOW:
            times.popleft()
        self._times.move_to_end(key)
        while len(self._times) > _MOST or next(iter(self._times.values()))[-1] <= now - _WINDOW:
            self._times.popitem(last=False)
