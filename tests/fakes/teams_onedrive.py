"""Somebody's OneDrive, where the files of a personal chat are: by addresses that Teams tells, and as strict."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Literal

from aiohttp import web
from fakes.leaks import note_secret, note_text

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
DOWNLOAD = "application/vnd.microsoft.teams.file.download.info"

# What goes wrong with the next calls; "lost" takes what is put there, and does not say so.
DriveMishap = Literal["server error", "rate limit", "close", "hang", "lost", "redirect", "expired", "full", "endless"]


class OneDrive:
    """Keeps ``held``, which people sent, and ``saved``, which the app put there, by name."""

    def __init__(self, tell: Callable[[], Awaitable[None]]) -> None:
        self.root = ""
        self.held: dict[str, bytes] = {}
        self.saved: dict[str, bytes] = {}
        self.refusals: list[str] = []
        self.calls = 0
        self.mishaps: deque[DriveMishap] = deque()
        self.released = asyncio.Event()
        self._sessions: dict[str, str] = {}
        self._numbers = itertools.count(1)
        self._tell = tell

    def add_to(self, app: web.Application) -> None:
        """Answer in an application."""
        app.router.add_get("/onedrive/download", self._give)
        app.router.add_put("/onedrive/upload/{session}", self._take)

    def send(self, name: str, content: bytes) -> dict[str, Any]:
        """The attachment that tells an app of a file that somebody sends it."""
        self.held[note_text(name)] = content
        token = self._make_token()
        return {
            "contentType": DOWNLOAD,
            "contentUrl": f"https://contoso-my.sharepoint.com/personal/ann/Documents/{name}",
            "name": name,
            "content": {
                "downloadUrl": f"{self.root}download?name={name}&tempauth={token}",
                "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C9D",
                "fileType": name.rpartition(".")[2],
            },
        }

    def open_session(self, name: str) -> dict[str, Any]:
        """Where an app may put a file of that name, once."""
        session = self._make_token()
        self._sessions[session] = name
        return {
            "contentUrl": f"https://contoso-my.sharepoint.com/personal/ann/Documents/{name}",
            "name": name,
            "uploadUrl": f"{self.root}upload/{session}",
            "uniqueId": "1150D938-8870-4044-9F2C-5BBDEBA70C8C",
            "fileType": name.rpartition(".")[2],
        }

    def _make_token(self) -> str:
        token = f"v1.eyJfakeTempAuth{next(self._numbers):04}"
        note_secret(token)
        return token

    async def _give(self, request: web.Request) -> web.StreamResponse:
        await self._check(request)
        mishap = await self._go_wrong(request)
        if mishap == "redirect":
            raise web.HTTPFound(request.query.get("to", "http://169.254.169.254/latest/meta-data"))
        if mishap == "endless":
            response = web.StreamResponse()
            await response.prepare(request)
            try:
                while not self.released.is_set():
                    await response.write(b"x" * 1_000_000)
            except ConnectionError:
                pass
            return response
        content = self.held.get(request.query["name"])
        return web.Response(status=404) if content is None else web.Response(body=content)

    async def _take(self, request: web.Request) -> web.Response:
        await self._check(request)
        mishap = await self._go_wrong(request)
        name = self._sessions.get(request.match_info["session"])
        if name is None:
            return web.Response(status=404)
        if mishap == "full":
            return web.Response(status=507)
        content = await request.read()
        told = re.fullmatch(r"bytes 0-(\d+)/(\d+)", request.headers.get("Content-Range", ""))
        if not told or (int(told[1]), int(told[2])) != (len(content) - 1, len(content)):
            self.refusals.append("the range is not that of what is sent")
            return web.Response(status=400)
        self.saved[name] = content
        del self._sessions[request.match_info["session"]]
        await self._tell()
        if mishap == "lost":
            raise web.HTTPBadGateway
        return web.json_response({"id": "01NKDM7HMOJTVYMDOSXFDK2QJDXCDI3WUK", "name": name}, status=201)

    async def _check(self, request: web.Request) -> None:
        self.calls += 1
        await self._tell()
        if "Authorization" in request.headers:
            self.refusals.append("a token is shown to who is not asked for one")
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            self.refusals.append("a file may come packed")

    async def _go_wrong(self, request: web.Request) -> DriveMishap | None:
        mishap = self.mishaps.popleft() if self.mishaps else None
        if mishap == "hang":
            await self.released.wait()
        if mishap in ("server error", "hang"):
            raise web.HTTPBadGateway
        if mishap == "rate limit":
            raise web.HTTPTooManyRequests
        if mishap == "expired":
            raise web.HTTPForbidden
        if mishap == "close":
            assert request.transport
            request.transport.close()
        return mishap


def refuse_attachment(attachment: Any) -> Iterator[str]:
    """What is wrong with a card that offers a file, or shows one."""
    kind, content = attachment.get("contentType"), attachment.get("content")
    if kind == CONSENT:
        if set(attachment) != {"contentType", "name", "content"} or not attachment["name"]:
            yield "a card that offers a file has a name, and nothing else"
        if set(content) != {"description", "sizeInBytes", "acceptContext", "declineContext"}:
            yield f"a card that offers a file with other fields: {sorted(content)}"
        elif not (isinstance(content["sizeInBytes"], int) and content["sizeInBytes"] > 0 and content["description"]):
            yield "a file without size or description"
    elif kind == INFO:
        if set(attachment) != {"contentType", "contentUrl", "name", "content"}:
            yield f"a file's card with other fields: {sorted(attachment)}"
        elif set(content) != {"uniqueId", "fileType"} or not attachment["contentUrl"].startswith("https://"):
            yield "a file's card that leads nowhere"
    else:
        yield "an attachment that is no card"
