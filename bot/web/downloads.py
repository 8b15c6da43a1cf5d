"""A file that browsers keep and don't show."""

from __future__ import annotations

import re
from urllib.parse import quote

from aiohttp import web

from bot.web.headers import HEADERS

# What every browser, and every file system, takes in a name.
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def send_file(content: bytes, name: str, content_type: str = "application/octet-stream") -> web.Response:
    """A download.

    Args:
        content: the file.
        name: what to call it, as somebody wrote it: browsers that know RFC 5987 call it so, others by its ASCII part.
        content_type: its media type.
    """
    safe = _UNSAFE.sub("_", name).strip("._") or "file"
    headers = {
        **HEADERS,
        "Content-Disposition": f"attachment; filename=\"{safe}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
    }
    return web.Response(body=content, content_type=content_type, headers=headers)
