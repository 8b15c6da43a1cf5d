"""Files in people's OneDrive, by the addresses that Teams tells: fetched from there, and put there."""

from __future__ import annotations

from typing import Any, Literal

import aiohttp
from yarl import URL

from bot.metrics import UPSTREAM_ERRORS
from bot.records.worker import TryLaterError
from bot.review.reading import LARGEST_FILE

# Where OneDrive for Business keeps files in the clouds whose bots may have them: learn.microsoft.com, "Send and receive
# files using bot", and *.sharepoint.com in "Microsoft 365 URLs and IP address ranges".
_HOSTS = ("sharepoint.com",)

# Seconds: for a file as a whole, to connect, between two pieces of it.
_WITHIN = aiohttp.ClientTimeout(total=90, sock_connect=10, sock_read=20)
_PIECE = 64 * 1024
_MOST_HOPS = 3
_LONGEST_ADDRESS = 8000

# Bytes of a request that an upload session takes: learn.microsoft.com, "driveItem: createUploadSession".
_LARGEST_UPLOAD = 60 * 1024 * 1024

_HOPS = {301, 302, 303, 307, 308}
# Of an upload session: that it is complete, or was never there.
_ENDED = {404, 409, 410, 416}

FileFault = Literal["gone", "too large", "refused", "ended"]


class FileError(Exception):
    """A file can't be had or put there, now or later; ``fault`` says why, "ended" that the session is over."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(fault)
        self.fault: FileFault = fault


class Files:
    """The way to OneDrive. Addresses carry their own right to be called, so no token is shown to them."""

    def __init__(self, *, trusted: str | None = None) -> None:
        """Call https at Microsoft's hosts alone, and whatever begins with ``trusted``; None for nothing besides."""
        self._trusted = trusted
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> None:
        """Make ready; needs the running loop."""
        tracing = aiohttp.TraceConfig()
        tracing.on_connection_create_end.append(_count)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            trace_configs=[tracing],
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=_WITHIN,
            headers={"Accept-Encoding": "identity"},
            auto_decompress=False,  # what is packed could be far larger than it looks
            trust_env=True,
        )

    async def close(self) -> None:
        """Call nothing more."""
        if self._session:
            await self._session.close()

    def is_allowed(self, address: str) -> bool:
        """Whether an address is one where OneDrive keeps files."""
        if len(address) > _LONGEST_ADDRESS:
            return False
        if self._trusted and address.startswith(self._trusted):
            return True
        try:
            url = URL(address)
            port = url.explicit_port
        except ValueError:
            return False
        host = (url.host or "").lower()
        known = any(host.endswith(f".{each}") for each in _HOSTS)
        return url.scheme == "https" and known and port in (None, 443) and url.user is None and url.password is None

    async def fetch(self, address: str) -> bytes:
        """What a file holds.

        Raises:
            FileError: it can't be had, or is larger than `LARGEST_FILE`.
            TryLaterError: it can't be had now.
        """
        for _ in range(_MOST_HOPS):
            if not self.is_allowed(address):
                raise FileError("gone")
            try:
                async with self._open.get(URL(address, encoded=True), allow_redirects=False) as response:
                    if response.status not in _HOPS:
                        return await _read(response)
                    # Checked like the first: nobody leads this service to another's, or its operator's, machines.
                    address = str(URL(address, encoded=True).join(URL(response.headers.get("Location", ""))))
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                raise _put_off(error) from None
        raise FileError("gone")

    async def put(self, address: str, content: bytes) -> None:
        """Put a file into the place that an upload session was opened for.

        Raises:
            FileError: it is not taken.
            TryLaterError: it is not taken now.
        """
        if not self.is_allowed(address) or not 0 < len(content) <= _LARGEST_UPLOAD:
            raise FileError("refused")
        headers = {
            "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}",
            "Content-Type": "application/octet-stream",
        }
        # Where a connection breaks, aiohttp puts the file a second time without a word.
        tried: list[None] = []
        try:
            async with self._open.put(
                URL(address, encoded=True),
                data=content,
                headers=headers,
                allow_redirects=False,
                trace_request_ctx=tried,
            ) as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise _put_off(error) from None
        if status in (200, 201) or (status in _ENDED and len(tried) > 1):
            return
        _judge(status)
        raise FileError("ended" if status in _ENDED else "refused")

    @property
    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise TryLaterError("a file: there is no way out yet")
        return self._session


async def _count(_: aiohttp.ClientSession, context: Any, __: aiohttp.TraceConnectionCreateEndParams) -> None:
    if context.trace_request_ctx is not None:
        context.trace_request_ctx.append(None)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if response.status != 200:
        _judge(response.status)
        raise FileError("gone")
    if (response.content_length or 0) > LARGEST_FILE:
        raise FileError("too large")
    content = bytearray()
    async for piece in response.content.iter_chunked(_PIECE):
        content += piece
        if len(content) > LARGEST_FILE:
            raise FileError("too large")
    return bytes(content)


def _judge(status: int) -> None:
    """Put off what may be done later; a full OneDrive (507) stays full."""
    UPSTREAM_ERRORS.labels("onedrive", str(status)).inc()
    if status in (408, 429) or (status >= 500 and status != 507):
        raise TryLaterError(f"a file: status {status}")


def _put_off(error: Exception) -> TryLaterError:
    UPSTREAM_ERRORS.labels("onedrive", type(error).__name__).inc()
    return TryLaterError(f"a file: {type(error).__name__}")
