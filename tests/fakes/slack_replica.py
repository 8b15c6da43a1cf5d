"""The service as one process among several: ``python slack_replica.py SLACK_API``; it prints its port."""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web
from fakes.answers import StubAnswerer

import bot.records.inbox
import bot.records.worker
from bot.desk import Desk
from bot.records.records import open_records
from bot.server import create_app
from bot.settings import load_settings

# Seconds: short, so that what a killed process held is soon another's.
_LEASE = 3.0


async def run(slack_api: str) -> None:
    """Serve until killed, with the settings of the environment and a stub that answers."""
    bot.records.inbox.LEASE = bot.records.worker.LEASE = _LEASE
    settings = load_settings()
    records = await open_records(settings)
    app = create_app(settings, Desk(StubAnswerer(), records.answers), records, slack_api=slack_api)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site.port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
