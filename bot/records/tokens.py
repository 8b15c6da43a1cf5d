"""Tokens that let programs in: made once, shown once, and known afterwards by a hash only."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import secrets
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.faults import describe_error
from bot.records.database import DATABASE_FAULTS
from bot.records.models import TokenRecord

logger = logging.getLogger(__name__)

PREFIX = "clausebot_"
"""What every token begins with, so that people and scanners know one that strays."""

# Bytes: of a token's id, which tells it from others and is no secret; of its secret part.
_ID_SIZE = 6
_SECRET_SIZE = 32

_FORM = re.compile(rf"{PREFIX}(?P<id>[0-9a-f]{{{2 * _ID_SIZE}}})_[\w-]{{43}}", re.ASCII)
_DAY = 24 * 60 * 60.0


@dataclass(frozen=True)
class Token:
    """What is known of a token. Times are seconds since 1970 (UTC); ``used`` is the start of a day."""

    id: str
    name: str
    created: float
    used: float | None
    expires: float | None

    @property
    def prefix(self) -> str:
        """How the token begins."""
        return PREFIX + self.id

    @property
    def is_over(self) -> bool:
        """Whether it has expired."""
        return self.expires is not None and self.expires <= time.time()


class TokenBook:
    """The tokens in the database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def create(self, name: str, days: int | None = None) -> str:
        """Make a token.

        Args:
            name: whose it is, or what for; at most 64 characters.
            days: how long it is good for; None for ever.

        Returns:
            The token, which can't be told again.

        Raises:
            DATABASE_FAULTS: it is not made; see `bot.records.database`.
        """
        number = secrets.token_hex(_ID_SIZE)
        token = f"{PREFIX}{number}_{secrets.token_urlsafe(_SECRET_SIZE)}"
        now = time.time()
        expires = None if days is None else now + days * _DAY
        row = insert(TokenRecord).values(id=number, name=name, digest=_digest(token), created=now, expires=expires)
        async with self._engine.begin() as connection:
            await connection.execute(row)
        return token

    async def check(self, text: str) -> Token | None:
        """The token that somebody shows; None where there is none such, or no longer.

        Raises:
            DATABASE_FAULTS: it can't be checked; see `bot.records.database`.
        """
        found = _FORM.fullmatch(text)
        if not found:
            return None
        row = await self._read(found["id"])
        # Compared even where there is none, so that the time taken does not tell which ids there are.
        is_known = hmac.compare_digest(_digest(text), row.digest if row else _digest(""))
        return await self._use(row) if is_known else None

    async def find(self, number: str) -> Token | None:
        """The token of that id, for somebody who showed it before; None where it is good no longer.

        Raises:
            DATABASE_FAULTS: it can't be looked up; see `bot.records.database`.
        """
        return await self._use(await self._read(number))

    async def _read(self, number: str) -> Row[Any] | None:
        statement = select(TokenRecord.__table__).where(TokenRecord.id == number)
        async with self._engine.connect() as connection:
            return (await connection.execute(statement)).one_or_none()

    async def _use(self, row: Row[Any] | None) -> Token | None:
        token = _view(row) if row else None
        if token is None or token.is_over:
            return None
        await self._note_use(token)
        return token

    async def _note_use(self, token: Token) -> None:
        """Note the day, once a day."""
        today = time.time() // _DAY * _DAY
        if token.used == today:
            return
        try:
            async with self._engine.begin() as connection:
                await connection.execute(update(TokenRecord).where(TokenRecord.id == token.id).values(used=today))
        except DATABASE_FAULTS as error:  # whoever has a token is owed an answer, whatever becomes of this note
            logger.warning("The use of a token was not noted: %s", describe_error(error))

    async def list(self) -> list[Token]:
        """Every token, the oldest first, those that have expired too.

        Raises:
            DATABASE_FAULTS: they can't be read; see `bot.records.database`.
        """
        statement = select(TokenRecord.__table__).order_by(TokenRecord.created, TokenRecord.id)
        async with self._engine.connect() as connection:
            rows = await connection.execute(statement)
            return [_view(row) for row in rows]

    async def revoke(self, number: str) -> bool:
        """Forget a token by its id; whether there was one.

        Raises:
            DATABASE_FAULTS: it is as good as before; see `bot.records.database`.
        """
        async with self._engine.begin() as connection:
            return bool((await connection.execute(delete(TokenRecord).where(TokenRecord.id == number))).rowcount)


def _view(row: Row[Any]) -> Token:
    return Token(row.id, row.name, row.created, row.used, row.expires)


def _digest(token: str) -> str:
    """The SHA-256 of a token. It is as hard to guess as a key, so that nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()
