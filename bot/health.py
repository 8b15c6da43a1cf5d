"""What those who run the service ask it: whether it is alive, whether it can answer, and how it fares."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.desk import Desk
from bot.faults import describe_error
from bot.metrics import render_metrics
from bot.records.database import DATABASE_FAULTS
from bot.records.records import Records

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

# Seconds that the database is given to answer, well within what probes and scrapes wait.
_DATABASE_WITHIN = 2.0


class Health:
    """The pages for probes and scrapes."""

    def __init__(self, desk: Desk, records: Records) -> None:
        self._desk = desk
        self._records = records
        self._given_up: set[asyncio.Task[Any]] = set()

    def add_routes(self, app: web.Application) -> None:
        """Put the pages where probes and scrapes look for them."""
        app.router.add_get("/healthz", self._report_alive)
        app.router.add_get("/readyz", self._report_ready)
        app.router.add_get("/metrics", self._report_metrics)

    async def _report_alive(self, _: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _report_ready(self, _: web.Request) -> web.Response:
        # Without a corpus the service does not start, and one that does not load takes no other's place.
        checks = {"corpus": True, "database": False, "migrations": False}
        try:
            checks["migrations"] = await self._ask(self._records.is_current())
            checks["database"] = True
        except DATABASE_FAULTS as error:
            logger.warning("Not ready, the database can't be used: %s", describe_error(error))
        ready = all(checks.values())
        status = {"status": "ready" if ready else "not ready", "checks": checks, "corpus": self._desk.corpus_hash}
        return web.json_response(status, status=200 if ready else 503)

    async def _report_metrics(self, _: web.Request) -> web.Response:
        waiting = None
        try:
            waiting = await self._ask(self._records.count_waiting())
        except DATABASE_FAULTS as error:
            logger.warning("The inbox can't be counted: %s", describe_error(error))
        return web.Response(body=render_metrics(waiting), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _ask(self, question: Coroutine[Any, Any, Result]) -> Result:
        """What the database answers in time.

        Raises:
            DATABASE_FAULTS: it does not; TimeoutError is one of them.
        """
        asking = asyncio.create_task(question)
        if not (await asyncio.wait([asking], timeout=_DATABASE_WITHIN))[0]:
            # Not waited for any longer: to close a connection that hangs takes seconds too.
            asking.cancel()
            self._given_up.add(asking)
            asking.add_done_callback(self._forget)
            raise TimeoutError
        return asking.result()

    def _forget(self, asking: asyncio.Task[Any]) -> None:
        self._given_up.discard(asking)
        if not asking.cancelled():
            asking.exception()  # looked at, or asyncio would log it
