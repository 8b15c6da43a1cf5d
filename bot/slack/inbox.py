"""What came in already, so that a delivery that Slack repeats is answered once."""

from __future__ import annotations


class Inbox:
    """The latest keys of what came in, in this process's memory.

    Slack repeats a delivery at once, after a minute and after five; ``size`` keys outlast that in a busy
    workspace. What came in is marked on receipt: dropping every delivery that calls itself a retry would lose
    the messages whose first delivery failed.
    """

    def __init__(self, size: int = 10_000) -> None:
        self._seen: dict[str, None] = {}
        self._size = size

    def admit(self, *keys: str) -> bool:
        """Mark the keys of one message; true if none of them came in before."""
        new = self._seen.keys().isdisjoint(keys)
        self._seen.update(dict.fromkeys(keys))
        while len(self._seen) > self._size:
            del self._seen[next(iter(self._seen))]
        return new
