"""The service as programs reach it: over real HTTP on the loopback interface, with tokens of its own records."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web
from fakes.leaks import note_secret, note_text

from bot.desk import Answers, Desk
from bot.limits import RateLimits
from bot.records.records import Records, open_records
from bot.server import create_app, create_runner
from bot.settings import load_settings

MANY = 1_000_000


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Programs:
    """A running service, and a client that sends ``headers`` with everything."""

    address: str
    records: Records
    session: ClientSession
    headers: dict[str, str] = field(default_factory=dict)

    async def send(self, method: str, path: str, **options: Any) -> Reply:
        """One request as it is given; redirects are not followed."""
        headers = self.headers | options.pop("headers", {})
        called = self.session.request(method, self.address + path, headers=headers, allow_redirects=False, **options)
        async with called as response:
            return Reply(response.status, response.headers, await response.read())

    async def get(self, name: str, **query: str) -> Reply:
        """An operation that takes a query."""
        return await self.send("GET", f"/api/v1/{name}", params=query)

    async def post(self, name: str, body: Any, **options: Any) -> Reply:
        """An operation that takes a body: JSON, or bytes as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | options.pop("headers", {})
        return await self.send("POST", f"/api/v1/{name}", data=io.BytesIO(data), headers=headers, **options)

    async def ask(self, question: str, *context: str) -> Reply:
        """A question, of which the log may hold nothing."""
        return await self.post("ask", {"question": note_text(question), "context": context})

    async def make_token(self, name: str = "a program", days: int | None = None) -> str:
        """A new token."""
        token = await self.records.tokens.create(name, days)
        note_secret(token)
        return token

    async def sign_in(self) -> str:
        """Show a new token with everything from now on."""
        token = await self.make_token()
        self.headers["Authorization"] = f"Bearer {token}"
        return token


@asynccontextmanager
async def serve_programs(answerer: Answers, *, person: int = MANY) -> AsyncIterator[Programs]:
    """The service under the settings of the environment, asking that answerer; ``person`` questions a minute each."""
    settings = load_settings()
    records = await open_records(settings)
    limits = RateLimits(person=person, workspace=MANY)
    runner = create_runner(create_app(settings, Desk(answerer, records.answers, limits), records))
    try:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with ClientSession() as session:
            yield Programs(f"http://127.0.0.1:{site.port}", records, session)
    finally:
        await runner.cleanup()
        await records.close()
