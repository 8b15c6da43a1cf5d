"""The service under test, listening on the loopback interface with a fake in Slack's place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import ClientSession, web
from fakes.answers import StubAnswerer
from fakes.slack import FakeSlack
from fakes.slack_requests import SlackSender

from bot.desk import Answers, Desk
from bot.limits import RateLimits
from bot.records.records import Records, open_records
from bot.server import create_app, create_runner
from bot.settings import Settings


@dataclass
class Service:
    """A running service: Slack's requests go in through ``slack``, its answers reach ``fake``."""

    address: str
    slack: SlackSender
    fake: FakeSlack
    answerer: StubAnswerer
    session: ClientSession
    runner: web.AppRunner
    records: Records


@asynccontextmanager
async def serve(
    settings: Settings, fake: FakeSlack, real: Answers | None = None, limits: RateLimits | None = None
) -> AsyncIterator[Service]:
    """The service under those settings, with the fake in Slack's place; it asks the stub unless given a real one."""
    answerer = StubAnswerer()
    records = await open_records(settings)
    app = create_app(settings, Desk(real or answerer, records.answers, limits), records, slack_api=fake.api_url)
    runner = create_runner(app)
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        address = f"http://127.0.0.1:{site.port}"
        async with ClientSession() as session:
            yield Service(
                address, SlackSender(session, f"{address}/slack/events"), fake, answerer, session, runner, records
            )
    finally:
        await runner.cleanup()
        await records.close()
