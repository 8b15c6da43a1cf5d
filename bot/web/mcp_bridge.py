"""MCP over HTTP: hands each request of aiohttp's to the SDK's session manager, which speaks ASGI."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from bot.desk import Desk
from bot.mcp import create_server
from bot.settings import Settings
from bot.web.api import LARGEST_BODY
from bot.web.callers import Callers
from bot.web.loopback import is_loopback
from bot.web.problems import MCP, ProblemError

# What holds for one connection only, and which aiohttp works out for itself.
_NOT_PASSED_ON = {"connection", "content-length", "transfer-encoding"}


class McpBridge:
    """The endpoint at `MCP`. Each request stands for itself: no session is kept, so that any process may answer."""

    def __init__(self, settings: Settings, desk: Desk, callers: Callers) -> None:
        """Answer through the desk those whom ``callers`` let in.

        Args:
            settings: name the service's own address.
            desk: answers.
            callers: who asks.
        """
        self._callers = callers
        self._own = urlsplit(settings.public_url or "")
        self._sessions = StreamableHTTPSessionManager(create_server(desk), json_response=True, stateless=True)

    def add_to(self, app: web.Application) -> None:
        """Serve in an application. Answers come at once, so that there is no stream to GET and no session to DELETE."""
        app.router.add_post(MCP, self._answer)
        app.cleanup_ctx.append(self._run)

    async def _run(self, _: web.Application) -> AsyncIterator[None]:
        started, stop = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            async with self._sessions.run():
                started.set()
                await stop.wait()

        # In a task of its own: what the manager opens has to be closed by the task that opened it.
        holding = asyncio.create_task(hold())
        await started.wait()
        yield
        stop.set()
        await holding

    async def _answer(self, request: web.Request) -> web.Response:
        self._refuse_foreign_pages(request)
        asker = await self._callers.identify(request)
        body = await request.read()
        if len(body) > LARGEST_BODY:
            raise ProblemError(413)
        response = _Collected()
        await self._sessions.handle_request(_describe(request, asker), _Body(body).receive, response.send)
        return response.compose()

    def _refuse_foreign_pages(self, request: web.Request) -> None:
        """Turn away what a page of another site sends, whatever name it found for this machine (DNS rebinding).

        Raises:
            ProblemError: it comes from such a page.
        """
        for origin in request.headers.getall("Origin", []):
            try:
                host = urlsplit(origin).hostname or ""
            except ValueError:
                host = ""
            is_here = self._callers.is_open and is_loopback(host)
            if not is_here and origin.lower() != f"{self._own.scheme}://{self._own.netloc}".lower():
                raise ProblemError(403)


def _describe(request: web.Request, asker: str) -> dict[str, Any]:
    """A request as ASGI describes it; the tools find the asker in its state."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": f"{request.version.major}.{request.version.minor}",
        "method": request.method,
        "scheme": request.scheme,
        "path": request.path,
        "raw_path": request.rel_url.raw_path.encode(),
        "query_string": request.rel_url.raw_query_string.encode(),
        "headers": [(name.lower(), value) for name, value in request.raw_headers],
        "state": {"asker": asker},
    }


class _Body:
    """A request's body, as ASGI takes it: at a go, and then nothing until the client leaves, which nobody waits for."""

    def __init__(self, body: bytes) -> None:
        self._messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive(self) -> dict[str, Any]:
        if not self._messages:
            await asyncio.Event().wait()
        return self._messages.pop()


class _Collected:
    """A response, as ASGI gives it, put together."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._body = bytearray()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            self._body += message.get("body", b"")

    def compose(self) -> web.Response:
        kept = [(name, value) for name, value in self._headers if name.lower() not in _NOT_PASSED_ON]
        return web.Response(status=self._status, body=bytes(self._body), headers=[*kept, ("Cache-Control", "no-store")])
