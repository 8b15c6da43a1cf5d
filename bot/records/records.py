"""The records as one thing: opened at start, kept up while the service runs, closed at the end."""

from __future__ import annotations

import asyncio
import logging
import secrets

from pydantic import SecretStr
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.faults import describe_error
from bot.records.answers import AnswerBook
from bot.records.batches import Ledger
from bot.records.database import (
    DATABASE_FAULTS,
    close_database,
    describe_fault,
    insert_into,
    open_database,
    transact,
)
from bot.records.inbox import Inbox
from bot.records.migrate import is_current, migrate
from bot.records.models import InboxEvent, Key
from bot.records.reviews import ReviewBook
from bot.records.sealing import Hasher, Sealer, SealError
from bot.records.sent import SentMessages
from bot.records.sessions import EndedSessions
from bot.records.slack_stores import InstallationStore, renew_seals
from bot.records.tokens import TokenBook
from bot.records.upkeep import purge
from bot.settings import Settings, SettingsError

logger = logging.getLogger(__name__)

# Seconds between purges: what is somebody's document goes within the hour, what is kept for days with it.
_PURGE_EVERY = 60 * 60

_HASH_KEY = "hash"
_UNSEALED = "unsealed:"


class Records:
    """The open records: see `open_records`."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer | None, hasher: Hasher, settings: Settings) -> None:
        self.engine = engine
        self._ledger = Ledger(engine)
        self.answers = AnswerBook(
            engine, hasher, keep_questions=settings.clausebot_store_questions, ledger=self._ledger
        )
        self.sent = SentMessages(engine, self._ledger)
        self.tokens = TokenBook(engine)
        self.sessions = EndedSessions(engine)
        self.reviews = ReviewBook(engine, hasher, sealer)
        self._sealer = sealer
        self._retention_days = settings.clausebot_retention_days
        self._channels: set[str] = set()

    def inbox(self, channel: str) -> Inbox:
        """The inbox of one kind of channel."""
        self._channels.add(channel)
        return Inbox(self.engine, channel, self._ledger)

    async def count_waiting(self) -> dict[str, int]:
        """How many events have no answer yet, for each channel whose inbox is in use here or in another process.

        Raises:
            DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
        """
        counts = (
            select(InboxEvent.channel, func.count().label("waiting"))
            .where(InboxEvent.done.is_(None))
            .group_by(InboxEvent.channel)
        )
        waiting = await transact(self.engine, lambda connection: connection.execute(counts).all())
        counted = {row.channel: row.waiting for row in waiting}
        return dict.fromkeys(self._channels, 0) | counted

    async def is_current(self) -> bool:
        """Whether the database has every migration of this version.

        Raises:
            DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
        """
        return await is_current(self.engine)

    def installations(self, client_id: str) -> InstallationStore:
        """The installations of a Slack app.

        Raises:
            SettingsError: there is no key to seal their tokens with.
        """
        if self._sealer is None:
            raise SettingsError(("CLAUSEBOT_SECRET_KEY: not set, or empty; tokens are stored only if sealed",))
        return InstallationStore(client_id, self.engine, self._sealer)

    async def keep_up(self) -> None:
        """Purge now and every hour, until cancelled."""
        while True:
            try:
                await purge(self.engine, self._retention_days)
            except DATABASE_FAULTS as error:
                logger.warning("The purge failed: %s", describe_error(error))
            await asyncio.sleep(_PURGE_EVERY)

    async def close(self) -> None:
        """Close every connection."""
        await close_database(self.engine)


async def open_records(settings: Settings) -> Records:
    """Connect, migrate, and seal with the newest key what older ones sealed.

    Raises:
        SettingsError: the database can't be used, or holds what the keys at hand don't open.
    """
    address = _reveal(settings.database_url)
    keys = _reveal(settings.clausebot_secret_key)
    sealer = Sealer([key.strip() for key in keys.split(",")]) if keys else None
    try:
        engine = open_database(address)
        try:
            await migrate(engine)
            async with engine.begin() as connection:
                hasher = Hasher(await _load_hash_key(engine, connection, sealer))
                if sealer:
                    await renew_seals(connection, sealer)
        except BaseException:
            await close_database(engine)
            raise
    except SealError:
        problem = "does not open what the records hold; put the key that sealed it behind the new one, after a comma"
        raise SettingsError((f"CLAUSEBOT_SECRET_KEY: {problem}",)) from None
    except DATABASE_FAULTS as error:
        problem = f"the database can't be used ({describe_fault(error)})"
        remedy = "start it, or correct its address, its user's rights or its folder"
        raise SettingsError((f"DATABASE_URL: {problem}; {remedy}",)) from None
    return Records(engine, sealer, hasher, settings)


async def _load_hash_key(engine: AsyncEngine, connection: AsyncConnection, sealer: Sealer | None) -> bytes:
    """The key that people and questions are hashed under: made once, and the same whatever it is sealed with."""
    made = secrets.token_hex(32)
    await connection.execute(
        insert_into(engine, Key)
        .values(name=_HASH_KEY, value=sealer.seal(made) if sealer else _UNSEALED + made)
        .on_conflict_do_nothing(index_elements=["name"])
    )
    stored = (await connection.execute(select(Key.value).where(Key.name == _HASH_KEY))).scalar_one()
    if sealer is None:
        if not stored.startswith(_UNSEALED):
            raise SealError
        return bytes.fromhex(stored.removeprefix(_UNSEALED))
    key = stored.removeprefix(_UNSEALED) if stored.startswith(_UNSEALED) else sealer.open(stored)
    renewed = sealer.seal(key) if stored.startswith(_UNSEALED) else sealer.renew(stored)
    if renewed != stored:
        await connection.execute(update(Key).where(Key.name == _HASH_KEY).values(value=renewed))
    return bytes.fromhex(key)


def _reveal(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
