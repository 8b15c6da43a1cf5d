"""Which programs get in, and how often they may ask."""

from __future__ import annotations

import logging
import secrets

from aiohttp import web

from bot.desk import Desk
from bot.faults import describe_error
from bot.origin import Origin
from bot.records.database import DATABASE_FAULTS
from bot.records.tokens import TokenBook
from bot.settings import Settings
from bot.web.loopback import is_addressed_here, is_open
from bot.web.problems import ProblemError

logger = logging.getLogger(__name__)

# Who asks without a token, which is somebody on this machine.
_SOMEBODY_HERE = "loopback"

# Seconds after which a program may try again where the records are away.
_TRY_AGAIN = "5"


class Callers:
    """Judges who calls: by token, or as somebody on this machine."""

    def __init__(self, settings: Settings, tokens: TokenBook, desk: Desk) -> None:
        self.is_open = is_open(settings)
        self._tokens = tokens
        self._desk = desk

    async def identify(self, request: web.Request) -> str:
        """Who asks: the id of the token that they show.

        Raises:
            ProblemError: they have to show one, or another; or the records, which know it, are away.
        """
        shown = request.headers.getall("Authorization", [])
        if not shown:
            if self.is_open and is_addressed_here(request):
                return _SOMEBODY_HERE
            raise _refuse()
        scheme, _, text = shown[0].partition(" ")
        if len(shown) > 1 or scheme.lower() != "bearer":
            raise _refuse()
        try:
            token = await self._tokens.check(text.strip())
        except DATABASE_FAULTS as error:
            logger.warning("A token could not be checked: %s", describe_error(error))
            raise tell_records_are_away() from None
        if token is None:
            raise _refuse(', error="invalid_token"')
        return token.id

    async def admit(self, origin: Origin) -> None:
        """Count a question.

        Raises:
            ProblemError: it is one too many.
        """
        admission = await self._desk.admit(origin)
        if not admission.admitted:
            raise ProblemError(429, headers={"Retry-After": str(admission.wait)})


def open_origin(channel: str, asker: str) -> Origin:
    """Where a new question comes from: its answer has an id of its own."""
    return Origin(channel=channel, workspace="", asker=asker, event=secrets.token_hex(32))


def tell_records_are_away() -> ProblemError:
    """The problem of records that can't be reached."""
    return ProblemError(503, headers={"Retry-After": _TRY_AGAIN})


def _refuse(why: str = "") -> ProblemError:
    return ProblemError(401, headers={"WWW-Authenticate": f'Bearer realm="clausebot"{why}'})
