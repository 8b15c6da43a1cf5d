"""The keys that sign what Teams sends, the server that tells them, and tokens as Microsoft's connector makes them."""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from functools import cache
from typing import Any, Literal

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from fakes.leaks import note_secret

APP_ID = "0c1a05eb-0000-4000-8000-00000000b071"
TENANT = "7e9a9700-0000-4000-8000-000000000001"
ISSUER = "https://api.botframework.com"

KeyMishap = Literal["hang", "server error", "nonsense", "empty", "redirect"]


@cache
def make_key(name: str) -> RSAPrivateKey:
    """The private key of that name, the same for the whole run."""
    return generate_private_key(65537, 2048)


def describe_key(name: str, endorsements: list[str] | None) -> dict[str, Any]:
    """A key of a JSON Web Key Set."""
    told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(make_key(name).public_key()))
    endorsed = {} if endorsements is None else {"endorsements": endorsements}
    return told | {"kid": name, "use": "sig", "x5t": name} | endorsed


def sign(service_url: str, *, key: str = "first", kid: str | None = "", algorithm: str = "RS256", **claims: Any) -> str:
    """A token as the connector makes it, but for what is changed; a claim that is None is left out.

    Args:
        service_url: where the activity says that it is to be answered.
        key: the name of the key that signs.
        kid: the name that the token gives the key; empty for its own, None for none.
        algorithm: how it is signed; ``HS256`` takes the public key for a secret, ``none`` signs not at all.
        claims: replace those of a good token.
    """
    now = int(time.time())
    told = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 5, "exp": now + 3600, "serviceurl": service_url} | claims
    payload = json.dumps({name: value for name, value in told.items() if value is not None}).encode()
    headers = {"typ": "JWT", "x5t": key} | ({} if kid is None else {"kid": kid or key})
    secrets: dict[str, Any] = {"none": None, "HS256": describe_key(key, None)["n"]}
    token = jwt.PyJWS().encode(payload, secrets.get(algorithm, make_key(key)), algorithm=algorithm, headers=headers)
    note_secret(token)
    return token


class KeyServer:
    """Tells the public keys, on the loopback interface; ``calls`` counts how often it was asked.

    ``mishaps`` are what the next calls meet, one each, before keys are told as usual.
    """

    def __init__(self) -> None:
        self.keys: dict[str, list[str] | None] = {"first": ["msteams", "webchat"]}
        self.calls = 0
        self.mishaps: deque[KeyMishap] = deque()
        self.asked = asyncio.Event()
        self.released = asyncio.Event()

    async def answer(self, _: web.Request) -> web.StreamResponse:
        """The key set."""
        self.calls += 1
        self.asked.set()
        mishap = self.mishaps.popleft() if self.mishaps else None
        if mishap == "hang":
            await self.released.wait()
        if mishap in ("server error", "hang"):
            raise web.HTTPBadGateway
        if mishap == "redirect":
            raise web.HTTPFound("/elsewhere")
        if mishap == "nonsense":
            return web.Response(text="<html>A proxy's page</html>", content_type="text/html")
        told = [] if mishap == "empty" else [describe_key(*each) for each in self.keys.items()]
        odd = [{"kid": "curve", "kty": "EC"}, {"kid": "broken", "kty": "RSA", "n": "!", "e": "AQAB"}, 5]
        return web.json_response({"keys": [*odd, *told]})
