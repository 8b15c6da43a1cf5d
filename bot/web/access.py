"""Who gets in: everybody on this machine, whoever signed in with a token, and to one page whoever holds its link."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import Literal

from aiohttp import web

from bot.links import SIGNED
from bot.records.sessions import SESSIONS_LAST, EndedSessions
from bot.records.tokens import TokenBook
from bot.settings import Settings
from bot.signing import LINKS_LAST, Signer, make_key, read_keys, sign_links
from bot.web.loopback import is_addressed_here, is_open

# A cookie under this prefix is taken from this very host only, over https, by browsers that know it.
_SECURE_COOKIE = "__Host-clausebot"
_COOKIE = "clausebot"

_SESSION = re.compile(r"(?P<session>[0-9a-f]{32})\.(?P<token>[0-9a-f]{0,64})\.(?P<signature>\S+)", re.ASCII)

Let = Literal["in", "to the page", "expired", "out"]
"""How far somebody gets: everywhere; to the one page; nowhere, with a link that is good no longer; nowhere."""


@dataclass(frozen=True)
class Visitor:
    """Who a request comes from.

    ``session`` tells browsers apart, ``token`` is the id of the token that they signed in with, empty where none was
    needed. ``is_new`` says that the browser does not know its session yet.
    """

    session: str
    token: str
    let: Let
    is_new: bool

    @property
    def asker(self) -> str:
        """Whom to count questions for: whoever has the token, or the browser."""
        return self.token or self.session


class Access:
    """Judges requests, and signs visitors in and out."""

    def __init__(self, settings: Settings, tokens: TokenBook, ended: EndedSessions) -> None:
        """Let in under these settings.

        Args:
            settings: where the service listens, and its keys; without one, sessions end with this process.
            tokens: with which to sign in.
            ended: sessions that were signed out.
        """
        keys = read_keys(settings)
        self._is_open = is_open(settings)
        self._is_public = (settings.public_url or "").startswith("https://")
        self._tokens = tokens
        self._ended = ended
        self._links = sign_links(keys) if keys else None
        self._sessions = Signer(keys or [make_key()], "session")
        self._forms = Signer(keys or [make_key()], "form")

    async def judge(self, request: web.Request, place: tuple[str, ...] = ()) -> Visitor:
        """Who asks, and how far they get.

        Args:
            request: theirs.
            place: the parts of the page's path behind ``guides``, as `bot.links` signs them; none where no link leads.

        Raises:
            DATABASE_FAULTS: their token can't be checked; see `bot.records.database`.
        """
        session, token = self._read_session(request)
        visitor = Visitor(session or secrets.token_hex(16), token, "out", is_new=not session)
        if self._is_open and is_addressed_here(request):
            return replace(visitor, let="in")
        if token and await self._tokens.find(token) and not await self._ended.has_ended(session):
            return replace(visitor, let="in")
        visitor = replace(visitor, token="")
        signature = request.query.get(SIGNED)
        if signature is None or not place:
            return visitor
        is_good = self._links is not None and self._links.is_good(signature, *place, within=LINKS_LAST)
        return replace(visitor, let="to the page" if is_good else "expired")

    async def sign_in(self, text: str) -> Visitor | None:
        """The visitor, with a session of their own, whose token this is; None where it is none.

        Raises:
            DATABASE_FAULTS: it can't be checked; see `bot.records.database`.
        """
        token = await self._tokens.check(text)
        return Visitor(secrets.token_hex(16), token.id, "in", is_new=True) if token else None

    def remember(self, request: web.Request, response: web.Response, visitor: Visitor) -> None:
        """Have the browser keep its session until it is closed."""
        signature = self._sessions.sign(visitor.session, visitor.token)
        self.set_cookie(request, response, self._name(request), f"{visitor.session}.{visitor.token}.{signature}")

    async def sign_out(self, request: web.Request, response: web.Response, visitor: Visitor) -> None:
        """End a session wherever its cookie may have been copied to, and have the browser forget it.

        Raises:
            DATABASE_FAULTS: it is good still; see `bot.records.database`.
        """
        if visitor.token:
            await self._ended.end(visitor.session)
        self.set_cookie(request, response, self._name(request), "", lasts=0)

    def set_cookie(
        self, request: web.Request, response: web.Response, name: str, value: str, lasts: int | None = None
    ) -> None:
        """Set a cookie that no script reads and that comes along from no other site's form.

        Args:
            request: whose answer it is set with.
            response: the answer.
            name: the cookie's.
            value: letters, digits and dots.
            lasts: seconds; None until the browser is closed.
        """
        response.set_cookie(
            name, value, max_age=lasts, path="/", httponly=True, samesite="Lax", secure=self._is_secure(request)
        )

    def seal_form(self, visitor: Visitor) -> str:
        """What the forms of a visitor's pages carry, so that a form of another site is known."""
        return self._forms.sign(visitor.session)

    def is_own_form(self, request: web.Request, visitor: Visitor, seal: str) -> bool:
        """Whether a form was sent from one of the visitor's own pages."""
        site = request.headers.get("Sec-Fetch-Site", "same-origin")
        return site in ("same-origin", "none") and self._forms.is_good(seal, visitor.session, within=SESSIONS_LAST)

    def _read_session(self, request: web.Request) -> tuple[str, str]:
        """The session, and the token that it was opened with; empty where there is none."""
        found = _SESSION.fullmatch(request.cookies.get(self._name(request), ""))
        if not found:
            return "", ""
        session, token = found["session"], found["token"]
        is_good = self._sessions.is_good(found["signature"], session, token, within=SESSIONS_LAST)
        return (session, token) if is_good else ("", "")

    def _name(self, request: web.Request) -> str:
        return _SECURE_COOKIE if self._is_secure(request) else _COOKIE

    def _is_secure(self, request: web.Request) -> bool:
        """Whether the browser came over https, as far as is known behind a proxy."""
        return self._is_public or request.secure or request.headers.get("X-Forwarded-Proto") == "https"
