"""What pages load: read once at start, so that no name from a request ever reaches the file system."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from bot.web.headers import HEADERS

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(NamedTuple):
    """A file as it is sent."""

    body: bytes
    content_type: str


class Assets:
    """The files of ``static``, each under a name that changes with it, so that browsers may keep it for ever."""

    def __init__(self) -> None:
        self._assets: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        for path in sorted(_FOLDER.iterdir()):
            if path.suffix in _TYPES:
                body = path.read_bytes()
                name = f"{path.stem}.{hashlib.sha256(body).hexdigest()[:12]}{path.suffix}"
                self._names[path.name] = name
                self._assets[name] = Asset(body, _TYPES[path.suffix])

    def path(self, name: str) -> str:
        """Where a file of ``static`` is found, from the start page.

        Raises:
            KeyError: there is no such file.
        """
        return f"static/{self._names[name]}"

    async def send(self, request: web.Request) -> web.Response:
        """A file, by the name that `path` gives."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        headers = {**HEADERS, "Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers)
