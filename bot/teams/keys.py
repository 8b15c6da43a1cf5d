"""The public keys that sign what Teams sends: fetched without holding anything up, kept, renewed."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Mapping
from time import monotonic
from typing import Any, NamedTuple

import aiohttp
from jwt import PyJWK, PyJWTError

from bot.faults import describe_error
from bot.metrics import UPSTREAM_ERRORS

logger = logging.getLogger(__name__)

# Seconds: for one fetch; until keys are fetched anew (Microsoft asks for once a day); for which they are believed while
# none can be fetched; until they are fetched again for a key that is not among them, which anybody can name; and after
# a fetch that failed.
_FETCH_WITHIN = 5.0
_FRESH = 24 * 60 * 60
_BELIEVED = 5 * _FRESH
_AGAIN_AFTER = 60.0
_AFTER_FAILURE = 5.0

# Bytes of all keys together: some thirty of Microsoft's.
_LARGEST = 256 * 1024


class KeysUnavailableError(Exception):
    """The keys can't be fetched now, so that nothing can be said of a signature; ``str`` of it may tell why."""


class Key(NamedTuple):
    """A public RSA key, and the channels that it may sign for; None where that is not told."""

    public: PyJWK
    endorsements: frozenset[str] | None


# Not PyJWT's client, which the SDK calls in the threads that names are looked up in too: where the server hangs, they
# would all wait for it, and nobody could reach Slack.
class Keys:
    """Keys by their id."""

    def __init__(self, url: str) -> None:
        """Fetch from ``url`` once a key is asked for."""
        self._url = url
        self._held: Mapping[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._failed = False
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, name: str) -> Key | None:
        """The key of that id; None where there is none.

        Raises:
            KeysUnavailableError: it is not known, and the server can't be asked.
        """
        age = monotonic() - self._fetched
        key = self._held.get(name) if age < _BELIEVED else None
        if key and age < _FRESH:
            return key
        wait = _AFTER_FAILURE if self._failed else _AGAIN_AFTER
        if self._fetching or monotonic() - self._tried >= wait:
            fetching = self._fetch_once()
            if key is None:
                # Shielded: others wait for it too.
                await asyncio.shield(fetching)
                key = self._held.get(name)
        if key is None and self._failed:
            raise KeysUnavailableError
        return key

    async def close(self) -> None:
        """Give up what is being fetched."""
        if self._fetching:
            self._fetching.cancel()
            await asyncio.wait([self._fetching])

    def _fetch_once(self) -> asyncio.Task[None]:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())
            self._fetching.add_done_callback(self._forget)
        return self._fetching

    def _forget(self, _: asyncio.Task[None]) -> None:
        self._fetching = None

    async def refresh(self) -> None:
        """Fetch the keys.

        Raises:
            KeysUnavailableError: they can't be fetched; those so far are kept.
        """
        try:
            self._held = _read_keys(await self._download())
            self._fetched, self._failed = monotonic(), False
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._failed = True
            UPSTREAM_ERRORS.labels("teams", type(error).__name__).inc()
            raise KeysUnavailableError(describe_error(error)) from None
        finally:
            self._tried = monotonic()

    async def _fetch(self) -> None:
        try:
            await self.refresh()
        except KeysUnavailableError as error:
            logger.warning("The keys of Teams can't be fetched: %s", error)

    async def _download(self) -> bytes:
        text = b""
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_FETCH_WITHIN), trust_env=True) as session,
            session.get(self._url, allow_redirects=False, raise_for_status=True) as response,
        ):
            async for chunk in response.content.iter_any():
                text += chunk
                if len(text) > _LARGEST:
                    raise ValueError("too large for a key set")
        return text


def _read_keys(text: bytes) -> Mapping[str, Key]:
    """The RSA keys of a JSON Web Key Set; what is none of them is left out.

    Raises:
        ValueError: it is no such set, or an empty one.
    """
    found = json.loads(text)
    listed = found.get("keys") if isinstance(found, dict) else None
    keys = {}
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, dict) and isinstance(each.get("kid"), str) and each.get("kty") == "RSA":
            try:
                keys[each["kid"]] = Key(PyJWK(each, algorithm="RS256"), _read_endorsements(each))
            except (PyJWTError, ValueError):  # its numbers are none
                continue
    if not keys:
        raise ValueError("no key set")
    return keys


def _read_endorsements(key: dict[str, Any]) -> frozenset[str] | None:
    listed = key.get("endorsements")
    return frozenset(filter(None, map(str, listed))) if isinstance(listed, list) else None
