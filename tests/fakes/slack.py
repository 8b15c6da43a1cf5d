"""A strict stand-in for Slack's Web API, its response URLs and Socket Mode, on the loopback interface."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import WSMsgType, web
from fakes.slack_limits import refuse_message

BOT_TOKEN = "xoxb-1-fake"
APP_TOKEN = "xapp-1-fake"

CHANNELS = {"C0CHAN", "C0OTHER", "D0ANN"}
Mishap = Literal["rate limit", "server error", "hang", "close", "nonsense", "refuse layout"]


@dataclass
class Sent:
    """A message that Slack took: how it was sent, and its payload."""

    method: str
    payload: dict[str, Any]


@dataclass
class FakeSlack:
    """Slack, as an app sees it; ``messages`` are those that it took, in order.

    ``mishaps`` are what the next calls of a method meet, one each, before Slack answers as usual.
    """

    messages: list[Sent] = field(default_factory=list)
    refusals: list[tuple[str, list[str]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    mishaps: dict[str, deque[Mishap]] = field(default_factory=lambda: defaultdict(deque))
    address: str = ""

    def __post_init__(self) -> None:
        self._arrived = asyncio.Condition()
        self._tickets: set[str] = set()
        self._numbers = itertools.count(1)
        self._sockets: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._acks: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._uses: dict[str, int] = defaultdict(int)
        self._released = asyncio.Event()

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self.address}/api/"

    async def start(self) -> None:
        """Listen on a free loopback port."""
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._call)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_get("/link", self._link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{site.port}"

    async def stop(self) -> None:
        """End every connection and stop listening."""
        self._released.set()
        for socket in self._sockets:
            await socket.close()
        await self._runner.cleanup()

    def response_url(self, name: str = "fresh") -> str:
        """A response URL: good for five uses, or for none if its name is ``expired``."""
        return f"{self.address}/response/{name}"

    async def wait_for(self, count: int) -> list[Sent]:
        """The messages taken, once there are so many."""
        async with self._arrived, asyncio.timeout(10):
            await self._arrived.wait_for(lambda: len(self.messages) >= count)
        return self.messages

    async def _take(self, method: str, payload: dict[str, Any]) -> None:
        async with self._arrived:
            self.messages.append(Sent(method, payload))
            self._arrived.notify_all()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append(method)
        if self.mishaps[method]:
            mishap = self.mishaps[method].popleft()
            if mishap == "refuse layout":
                return self._refuse("invalid_blocks", ["told to refuse"])
            return await self._go_wrong(mishap, request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not token:
            return self._refuse("not_authed")
        if token != (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN):
            return self._refuse("invalid_auth")
        is_json = request.content_type == "application/json"
        payload = await request.json() if is_json else dict(await request.post())
        if method == "auth.test":
            return _ok(
                user_id="U0CLAUSE",
                bot_id="B0CLAUSE",
                team_id="T0TEAM",
                team="Team",
                url="https://team.example/",
            )
        if method == "apps.connections.open":
            ticket = f"ticket-{next(self._numbers)}"
            self._tickets.add(ticket)
            return _ok(url=f"{self.address.replace('http', 'ws', 1)}/link?ticket={ticket}")
        if method not in ("chat.postMessage", "chat.postEphemeral"):
            return self._refuse("unknown_method")
        return await self._post(method, payload)

    async def _post(self, method: str, payload: dict[str, Any]) -> web.Response:
        if payload.get("channel") not in CHANNELS:
            return self._refuse("channel_not_found")
        if method == "chat.postEphemeral" and not payload.get("user"):
            return self._refuse("user_not_in_channel")
        if refusal := refuse_message(payload):
            return self._refuse(*refusal)
        await self._take(method, payload)
        return _ok(channel=payload["channel"], ts=f"1800000000.{next(self._numbers):06}", message={})

    async def _respond(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.calls.append("response_url")
        self._uses[name] += 1
        if name == "expired" or self._uses[name] > 5:
            return web.Response(status=404, text="expired_url")
        payload = await request.json()
        refusal = refuse_message(payload)
        if refusal or payload.get("response_type") not in ("ephemeral", "in_channel"):
            self.refusals.append(refusal or ("invalid_payload", ["response_type"]))
            return web.Response(status=400, text=self.refusals[-1][0])
        await self._take("response_url", payload)
        return web.Response(text="ok")

    def _refuse(self, error: str, reasons: list[str] | None = None) -> web.Response:
        self.refusals.append((error, reasons or []))
        return web.json_response({"ok": False, "error": error, "response_metadata": {"messages": reasons or []}})

    async def _go_wrong(self, mishap: Mishap, request: web.Request) -> web.StreamResponse:
        if mishap == "rate limit":
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "0"})
        if mishap == "server error":
            return web.Response(status=500, text="<html>down</html>", content_type="text/html")
        if mishap == "nonsense":
            return web.Response(text="<html>", content_type="application/json")
        if mishap == "hang":
            await self._released.wait()
        assert request.transport
        request.transport.close()
        return web.Response()

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)  # a ticket is good for one attempt, whatever becomes of it
        if self.mishaps["link"]:
            return await self._go_wrong(self.mishaps["link"].popleft(), request)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets)})
        self._connected.set()
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                self._acks[ack["envelope_id"]].set_result(ack)
        return socket

    async def deliver(self, kind: Literal["events_api", "slash_commands"], payload: dict[str, Any]) -> dict[str, Any]:
        """Send an envelope over Socket Mode; what comes back is the app's acknowledgement.

        Raises:
            TimeoutError: the app did not connect, or did not acknowledge the envelope in Slack's three seconds.
        """
        await asyncio.wait_for(self._connected.wait(), 10)
        envelope = f"envelope-{next(self._numbers)}"
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        await self._sockets[-1].send_json(
            {
                "type": kind,
                "envelope_id": envelope,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
            }
        )
        return await asyncio.wait_for(self._acks[envelope], 3)

    async def drop_connections(self) -> None:
        """Close every Socket Mode connection, as Slack does now and then."""
        self._connected.clear()
        for socket in self._sockets:
            await socket.close()


def _ok(**fields: Any) -> web.Response:
    return web.json_response({"ok": True, **fields})
