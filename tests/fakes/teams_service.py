"""The service under test with Teams on, and fakes in Microsoft's place and, if wanted, in Slack's."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse, ClientSession, web
from fakes.answers import StubAnswerer
from fakes.slack import FakeSlack
from fakes.slack_requests import SlackSender
from fakes.teams import FakeTeams
from fakes.teams_activities import Activity
from fakes.teams_signer import sign

from bot.desk import Answers, Desk
from bot.limits import RateLimits
from bot.records.records import Records, open_records
from bot.server import create_app, create_runner
from bot.settings import Settings


@dataclass
class TeamsService:
    """A running service: activities go in through `post`, its answers reach ``fake``."""

    address: str
    fake: FakeTeams
    answerer: StubAnswerer
    session: ClientSession
    runner: web.AppRunner
    records: Records

    async def post(self, activity: Activity, **token: Any) -> ClientResponse:
        """Deliver an activity as the connector does, its token changed by ``token``: see `sign`."""
        service_url = self.fake.addresses.connector or ""
        self.fake.known.add(str(activity.get("id")))
        made = {"serviceUrl": service_url} | activity
        return await self.post_raw(json.dumps(made), f"Bearer {sign(service_url, **token)}")

    async def post_raw(
        self, body: str | bytes, authorization: str | None, content_type: str = "application/json; charset=utf-8"
    ) -> ClientResponse:
        """Deliver anything."""
        headers = {"Content-Type": content_type} | ({"Authorization": authorization} if authorization else {})
        data = io.BytesIO(body if isinstance(body, bytes) else body.encode())
        return await self.session.post(f"{self.address}/api/messages", data=data, headers=headers)

    async def invoke(self, activity: Activity) -> Any:
        """The response to an invoke."""
        async with await self.post(activity) as response:
            assert response.status == 200, response.status
            return await response.json()

    def slack(self) -> SlackSender:
        """Slack's way into the same service."""
        return SlackSender(self.session, f"{self.address}/slack/events")


@asynccontextmanager
async def serve_teams(
    settings: Settings,
    fake: FakeTeams,
    real: Answers | None = None,
    *,
    slack: FakeSlack | None = None,
    limits: RateLimits | None = None,
) -> AsyncIterator[TeamsService]:
    """The service under those settings, with fakes in the others' place; it asks the stub unless given a real one."""
    answerer = StubAnswerer()
    records = await open_records(settings)
    desk = Desk(real or answerer, records.answers, limits)
    slack_api = slack.api_url if slack else None
    app = create_app(settings, desk, records, slack_api=slack_api, microsoft=fake.addresses)
    runner = create_runner(app)
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with ClientSession() as session:
            yield TeamsService(f"http://127.0.0.1:{site.port}", fake, answerer, session, runner, records)
    finally:
        await runner.cleanup()
        await records.close()
