"""A form with a file, counted as it comes, so that no more is held than a file may have, and given up in time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aiohttp import web

from bot.web.visit import FormError

UPLOADS = "/review"
"""Where files are sent to: the only address whose body is not read before its handler starts."""

# Seconds: for a form as a whole, in which a slow line carries the largest file; for the next bytes of it.
_WHOLE_WITHIN = 300.0
_NEXT_WITHIN = 10.0

# Files that one process takes in at once, each held in memory.
_AT_ONCE = 4

# How many times the largest file is taken and thrown away, so that a browser that sends more reads the answer.
_THROWN_AWAY = 12

# Bytes of a form beside its file, before and behind it; how many fields; bytes of each, and of what is said of it.
_FIELDS_SIZE = 32 * 1024
_MOST_FIELDS = 40
_LONGEST_FIELD = 1000
_LONGEST_HEAD = 8 * 1024

# Characters of a file's name that are kept, its ending among them.
_LONGEST_NAME = 120

# aiohttp's own reader of such forms is not used: of a name with a backslash or semicolons it loses a part, or the
# whole, and warns in the log with what somebody called their file.
_BOUNDARY = re.compile(r'multipart/form-data\s*;\s*boundary="?(?P<boundary>[\w\'()+,./:=?-]{1,70})"?', re.ASCII)
_DISPOSITION = re.compile(
    r'^content-disposition: ?form-data; ?name="(?P<field>\w{1,40})"(?:; ?filename="(?P<file>[^"\r\n]*)")?\r?$',
    re.ASCII | re.IGNORECASE | re.MULTILINE,
)


@dataclass
class Upload:
    """What a form brought: its fields, each with its values, and the file under the name that somebody gave it."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    name: str = ""
    content: bytes = b""

    def get(self, field_name: str) -> str:
        """The last value of a field; empty where there is none."""
        return self.fields.get(field_name, [""])[-1]


class Uploads:
    """Reads forms with files, some at once."""

    def __init__(self) -> None:
        self._taken = 0

    async def read(self, request: web.Request, upload: Upload, largest: int, is_own: Callable[[str], bool]) -> None:
        """Read a form into ``upload``, which holds the fields after an error too, as far as they were read.

        Args:
            request: with the form, unread.
            upload: where to.
            largest: bytes that a file may have.
            is_own: whether the form's seal is that of a page of ours.

        Raises:
            FormError: 400 or 415, it is no form as browsers send it; 403, not from a page of ours; 408, it came too
                slowly; 413, the file is too large; 503, too many come at once.
        """
        boundary = _BOUNDARY.fullmatch(request.headers.get("Content-Type", ""))
        if boundary is None:
            raise FormError(415)
        if self._taken >= _AT_ONCE:
            raise FormError(503)
        self._taken += 1
        try:
            async with asyncio.timeout(_WHOLE_WITHIN):
                body, is_cut = await _collect(request, largest)
        except TimeoutError:
            raise FormError(408) from None
        except (web.RequestPayloadError, ConnectionError):
            raise FormError(400) from None
        finally:
            self._taken -= 1
        _read(body, f"\r\n--{boundary['boundary']}".encode(), upload)
        if not is_own(upload.get("seal")):
            raise FormError(403)
        if is_cut or len(upload.content) > largest:
            raise FormError(413)


async def _collect(request: web.Request, largest: int) -> tuple[bytearray, bool]:
    """A request's body; of one that no file may have, its beginning and its end, where the fields are."""
    body, size, is_cut = bytearray(b"\r\n"), 0, False
    while chunk := await asyncio.wait_for(request.content.readany(), _NEXT_WITHIN):
        size += len(chunk)
        body += chunk
        if size > largest + 2 * _FIELDS_SIZE:
            is_cut = True
            del body[_FIELDS_SIZE:-_FIELDS_SIZE]
        if size > _THROWN_AWAY * largest:
            raise FormError(413)
    return body, is_cut


def _read(body: bytearray, delimiter: bytes, upload: Upload) -> None:
    """Take a form apart.

    Raises:
        FormError: it is none.
    """
    for start, end in _split(body, delimiter):
        head = body.find(b"\r\n\r\n", start, min(start + _LONGEST_HEAD, end))
        told = _DISPOSITION.search(body[start : max(head, start)].decode(errors="replace"))
        if told is None:
            raise FormError(400)
        if told["file"] is not None:
            upload.name, upload.content = _clean(told["file"]), bytes(memoryview(body)[head + 4 : end])
        elif end - head > _LONGEST_FIELD + 4:
            raise FormError(400)
        else:
            value = body[head + 4 : end].decode(errors="replace").strip()
            upload.fields.setdefault(told["field"], []).append(value)


def _split(body: bytearray, delimiter: bytes) -> Iterator[tuple[int, int]]:
    """Where each part of a form begins and ends.

    Raises:
        FormError: it is cut off, or has too many.
    """
    start = body.find(delimiter)
    for _ in range(_MOST_FIELDS):
        start += len(delimiter)
        if start < len(delimiter) or body[start : start + 2] != b"\r\n":
            break
        end = body.find(delimiter, start)
        if end < 0:
            break
        yield start, end
        start = end
    if body[start : start + 2] != b"--":
        raise FormError(400)


def _clean(name: str) -> str:
    """A file's name without folders, or what nobody can read: to be shown, never to be opened."""
    for char, written in (('"', "%22"), ("\r", "%0D"), ("\n", "%0A")):  # all that browsers write otherwise
        name = name.replace(written, char)
    last = name.replace("\\", "/").rpartition("/")[2]
    text = "".join(char for char in last if char.isprintable()).strip()
    stem, dot, ending = text.rpartition(".")
    if len(text) <= _LONGEST_NAME:
        return text
    return f"{stem[: _LONGEST_NAME - 10]}.{ending[:9]}" if dot else text[:_LONGEST_NAME]
