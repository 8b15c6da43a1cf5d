"""What is forgotten when a workspace takes the app away, or its tokens."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.slack_stores import InstallationStore
from bot.records.upkeep import erase
from bot.slack.questions import read_workspace

logger = logging.getLogger(__name__)

Next = Callable[[], Awaitable[None]]


class Leaving:
    """Erases what came from a workspace that uninstalls the app, before Slack is told that the news arrived.

    Where the app serves one workspace by a token in its settings, the records are the operator's own and stay.
    """

    def __init__(self, engine: AsyncEngine, store: InstallationStore | None) -> None:
        """Erase from the records.

        Args:
            engine: the records' database.
            store: the installations; None where there is one workspace only.
        """
        self._engine = engine
        self._store = store

    def register(self, app: AsyncApp) -> None:
        """Have the app call this object's methods."""
        app.event("app_uninstalled", middleware=[self.erase_workspace])(_do_no_more)
        app.event("tokens_revoked", middleware=[self.forget_tokens])(_do_no_more)

    # Bolt hands over arguments by their names, and waits for `next` to be called.
    async def erase_workspace(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Erase everything of the workspace, unless it has installed the app again since."""
        workspace, at = read_workspace(body), _read_time(body)
        if self._store is None:
            logger.warning("The app was uninstalled from %s: its token works no more; its records are kept", workspace)
        elif workspace:
            found = await self._store.find(workspace)
            if found is None or found.installed_at <= at:
                count = await erase(self._engine, workspace)
                logger.info("The app was uninstalled from %s: %d records deleted", workspace, count)
        await next()

    async def forget_tokens(self, body: dict[str, Any], next: Next) -> None:  # noqa: A002
        """Delete the workspace's installation if its bot token was revoked; the app has no other tokens."""
        tokens = body["event"].get("tokens")
        if self._store and isinstance(tokens, dict) and tokens.get("bot"):
            await self._store.forget(read_workspace(body), _read_time(body))
        await next()


def _read_time(body: dict[str, Any]) -> float:
    """The end of the second in which it happened: deliveries may be late, and out of order."""
    at = body.get("event_time")
    return at + 1 if isinstance(at, int) else time.time()


async def _do_no_more() -> None:
    """What is to be forgotten is."""
