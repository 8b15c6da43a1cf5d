"""Teams wired together: the HTTP door, the adapter, the connector's client and the worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from bot.desk import Desk
from bot.records.records import Records
from bot.records.worker import Worker
from bot.review.jobs import Reviewing
from bot.settings import Settings
from bot.signing import open_links
from bot.teams.adapter import Adapter
from bot.teams.addresses import Addresses, Connectors
from bot.teams.auth import Verifier, authorize
from bot.teams.files import Files
from bot.teams.invokes import Invokes
from bot.teams.keys import Keys
from bot.teams.listeners import Listeners
from bot.teams.posting import Posting
from bot.teams.replies import Replies
from bot.teams.reviews import Reviews
from bot.teams.tokens import Tokens

logger = logging.getLogger(__name__)

# Seconds: for answers under way at a stop, within the ten that a container is usually given.
_FINISH_WITHIN = 6.0


class TeamsChannel:
    """Teams' side of the service: an application of its own, and a context that lasts as long as the service."""

    def __init__(
        self, settings: Settings, desk: Desk, records: Records, reviewing: Reviewing, *, addresses: Addresses
    ) -> None:
        # The SDK's lines quote what people wrote: what can't be read, and what it knows no route for.
        logging.getLogger("microsoft_agents").setLevel(logging.CRITICAL)
        app_id = settings.microsoft_app_id
        self._keys = Keys(addresses.keys)
        self._verifier = Verifier(app_id, self._keys) if app_id else None
        self._tokens = Tokens(settings, addresses.authority) if app_id else None
        self._posting = Posting(self._tokens)
        self._files = Files(trusted=addresses.files)
        reviews = Reviews(self._posting, self._files, reviewing)
        links = open_links(settings)
        limit = settings.clausebot_person_limit
        replies = Replies(desk, self._posting, records.sent, reviews, links=links, person_limit=limit)
        self._worker = Worker(records.inbox("teams"), replies.answer)
        invokes = Invokes(desk, records.sent, links=links, person_limit=limit)
        self._adapter = Adapter(
            Listeners(desk, self._worker, invokes),
            Connectors(anonymous=app_id is None, trusted=addresses.connector),
            settings.microsoft_app_tenant_id,
        )
        self._finishing: asyncio.Task[None] | None = None

    def subapp(self) -> web.Application:
        """What Teams calls, behind a check of who calls that concerns no other channel: to be mounted at ``/api``."""
        app = web.Application(middlewares=[authorize(self._verifier)])
        app.router.add_post("/messages", self._adapter.handle)
        app.on_shutdown.append(self._begin_to_finish)
        app.cleanup_ctx.append(self._run)
        return app

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        """Answer what is in the inbox, and on the way out let the answers under way finish."""
        self._posting.open()
        self._files.open()
        logger.info("Teams is on%s", "" if self._verifier else " for anybody on this machine, unsigned")
        self._worker.start()
        yield
        await (self._finishing or self._worker.finish(_FINISH_WITHIN))
        await self._posting.close()
        await self._files.close()
        await self._keys.close()
        if self._tokens:
            self._tokens.close()

    async def _begin_to_finish(self, _: web.Application) -> None:
        # At the same time as other channels, which finish one after the other once requests are done.
        self._finishing = asyncio.create_task(self._worker.finish(_FINISH_WITHIN))
