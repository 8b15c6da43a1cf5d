"""Who may post activities: the connector of Teams, by a token signed for this app; in development anybody here."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple, cast

import jwt
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from microsoft_agents.hosting.core.authorization import AuthenticationConstants, ClaimsIdentity

from bot.teams.keys import Keys, KeysUnavailableError

logger = logging.getLogger(__name__)

CHANNEL = "msteams"
"""What Teams is called in activities and in the endorsements of keys."""

IDENTITY = web.RequestKey("identity", ClaimsIdentity)
"""Who sent a request, as its token says."""

# The issuer of what Microsoft's connector sends. Tokens of the tenant itself, which the SDK takes too, could be had by
# any app of the tenant.
_ISSUER = AuthenticationConstants.AGENTS_SDK_TOKEN_ISSUER
_SERVICE_URL = AuthenticationConstants.SERVICE_URL_CLAIM

# Seconds that the clocks may differ by.
_LEEWAY = 60

# A signed token in its compact form; Microsoft's have some 1,500 characters.
_BEARER = re.compile(r"bearer +([\w-]{1,4000}\.[\w-]{1,8000}\.[\w-]{1,4000}) *", re.ASCII | re.IGNORECASE)

_NEEDED = ["exp", "iss", "aud", _SERVICE_URL]

# The connector shows one token for hours; checking it takes longer than all else that is done about a request.
_MOST_VERIFIED = 100


class _Verified(NamedTuple):
    """A token that was found good: by which key, what it claims, and until when, in seconds since 1970."""

    key_id: str
    key: jwt.PyJWK
    claims: Mapping[str, object]
    until: float


class Verifier:
    """Checks tokens as Microsoft asks of bots: see "Authenticate requests from the Bot Connector service"."""

    def __init__(self, app_id: str, keys: Keys) -> None:
        """Take tokens for the app of that id, signed with one of the keys."""
        self._app_id = app_id
        self._keys = keys
        self._verified: dict[str, _Verified] = {}

    async def verify(self, header: str) -> ClaimsIdentity:
        """Who sent a request with that ``Authorization`` header.

        Raises:
            jwt.PyJWTError: not the connector of Teams; the error's class tells why.
            KeysUnavailableError: that can't be told now.
        """
        bearer = _BEARER.fullmatch(header)
        if bearer is None:
            raise jwt.DecodeError
        token = bearer[1]
        known = self._verified.get(token)
        if known and time.time() >= known.until:
            known = None
        name = known.key_id if known else self._read_key_id(token)
        key = await self._keys.find(name)
        if key is None or (key.endorsements is not None and CHANNEL not in key.endorsements):
            raise jwt.InvalidKeyError
        if known is None or known.key is not key.public:
            claims = self._decode(token, key.public)
            if not isinstance(claims[_SERVICE_URL], str):
                raise jwt.InvalidTokenError
            if len(self._verified) >= _MOST_VERIFIED:
                self._verified.clear()
            until = float(cast("float", claims["exp"])) + _LEEWAY
            known = self._verified[token] = _Verified(name, key.public, claims, until)
        return ClaimsIdentity(dict(known.claims), "Bearer")

    def _read_key_id(self, token: str) -> str:
        """The id of the key that a token names, if the rest of it would do: keys are not fetched for others."""
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256":
            raise jwt.InvalidAlgorithmError
        self._decode(token, None)
        name = header.get("kid")
        if not isinstance(name, str):
            raise jwt.DecodeError
        return name

    def _decode(self, token: str, key: jwt.PyJWK | None) -> dict[str, object]:
        """The claims, all of them checked; the signature too, if there is a key."""
        return jwt.decode(
            token,
            key or "",
            algorithms=["RS256"],
            audience=self._app_id,
            issuer=_ISSUER,
            leeway=_LEEWAY,
            options={
                "require": _NEEDED,
                "strict_aud": True,
                "verify_signature": key is not None,
                # Without a signature these would not be checked.
                "verify_exp": True,
                "verify_nbf": True,
                "verify_aud": True,
                "verify_iss": True,
            },
        )


def authorize(verifier: Verifier | None) -> Middleware:
    """A middleware that lets through what the connector of Teams sends, and whatever comes where there is no verifier.

    What it refuses is 401; 503 where the keys can't be had, so that Teams delivers it again.
    """
    identify: Callable[[str], Awaitable[ClaimsIdentity]] = verifier.verify if verifier else _believe

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            request[IDENTITY] = await identify(request.headers.get("Authorization", ""))
        except jwt.PyJWTError as error:
            logger.warning("A request is not signed by Teams: %s", type(error).__name__)
            raise web.HTTPUnauthorized(text="The request is not signed by Teams.\n") from None
        except KeysUnavailableError:
            raise web.HTTPServiceUnavailable(text="Signatures can't be checked now.\n") from None
        return await handler(request)

    return check


async def _believe(_: str) -> ClaimsIdentity:
    return ClaimsIdentity()
