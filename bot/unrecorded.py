"""A desk's book in which nothing is written, for where there are no records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.origin import Origin
from retrieval.answer import Answer


class Unrecorded:
    """See `bot.desk.Book`: whatever is recorded is forgotten, and nothing was ever there."""

    async def record_answer(
        self,
        answer: Answer,
        origin: Origin,
        latency: float,
        *,
        context: Sequence[str] = (),
        regulation: str | None = None,
    ) -> None:
        """Forget the answer."""

    async def record_feedback(self, origin: Origin, *, helpful: bool, reason: str = "") -> None:
        """Forget the opinion."""

    async def load_settings(self, channel: str, workspace: str, place: str) -> dict[str, Any]:
        """No place is set."""
        return {}

    async def save_settings(self, channel: str, workspace: str, place: str, settings: dict[str, Any]) -> None:
        """Forget how the place is set."""

    async def follow(self, origin: Origin, within: float) -> list[str] | None:
        """Nothing was answered before."""
        return None

    async def recent(self, origin: Origin) -> list[str]:
        """Nothing was looked up."""
        return []

    async def clear_recent(self, origin: Origin) -> None:
        """There is nothing to forget."""
