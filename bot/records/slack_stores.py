"""slack-sdk's own stores of installations and OAuth states, on our tables, with the tokens sealed."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

from slack_sdk.oauth.installation_store.models.installation import Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore, SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import ColumnElement, Table, and_, column, delete, desc, select, table, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.records.sealing import Sealed, Sealer

# Tokens, and addresses that let anybody who has them post or change the installation.
SEALED_COLUMNS = {
    "slack_bots": ("bot_token", "bot_refresh_token"),
    "slack_installations": (
        "bot_token",
        "bot_refresh_token",
        "user_token",
        "user_refresh_token",
        "incoming_webhook_url",
        "incoming_webhook_configuration_url",
    ),
}

# Seconds that somebody has to agree to an installation.
STATE_LASTS = 600

# A state as the store issues it: a UUID.
_STATE = re.compile(r"[0-9a-f-]{36}")

# The SDK's own lines quote states, and rows.
_logger = logging.getLogger("slack_sdk.oauth")


class InstallationStore(AsyncSQLAlchemyInstallationStore):
    """Installations of the app, one a workspace, their tokens sealed in the database."""

    def __init__(self, client_id: str, engine: AsyncEngine, sealer: Sealer) -> None:
        super().__init__(client_id, engine, logger=_logger)
        for stored in (self.bots, self.installations):
            _seal_columns(stored, sealer)

    async def find(self, workspace: str) -> Installation | None:
        """The latest installation in a workspace, whichever organization that belongs to."""
        query = self.installations.select().where(self._is_in(self.installations, workspace))
        latest = query.order_by(desc(self.installations.c.installed_at)).limit(1)
        async with self.engine.connect() as connection:
            row = (await connection.execute(latest)).mappings().first()
        return None if row is None else SQLAlchemyInstallationStore.build_installation_entity(row)

    async def replace(self, installation: Installation) -> None:
        """Store an installation, and drop those before it in the same workspace."""
        await self.async_save(installation)
        workspace, at = installation.team_id or "", _as_stored(installation.installed_at)
        await self._delete(workspace, lambda stored: stored.c.installed_at < at)

    async def renew(self, installation: Installation) -> None:
        """Store the renewed tokens of an installation, unless it has been forgotten or replaced meanwhile."""
        expires = installation.bot_token_expires_at
        tokens = {
            "bot_token": installation.bot_token,
            "bot_refresh_token": installation.bot_refresh_token,
            "bot_token_expires_at": None if expires is None else _as_stored(expires),
        }
        at = _as_stored(installation.installed_at)
        async with self.engine.begin() as connection:
            for stored in (self.bots, self.installations):
                same = and_(self._is_in(stored, installation.team_id or ""), stored.c.installed_at == at)
                await connection.execute(update(stored).where(same).values(**tokens))

    async def forget(self, workspace: str, at: float) -> None:
        """Delete the installation in a workspace, unless it is from after that time (seconds since 1970)."""
        await self._delete(workspace, lambda stored: stored.c.installed_at <= _as_stored(at))

    async def _delete(self, workspace: str, which: Callable[[Table], ColumnElement[bool]]) -> None:
        async with self.engine.begin() as connection:
            for stored in (self.bots, self.installations):
                await connection.execute(delete(stored).where(self._is_in(stored, workspace), which(stored)))

    def _is_in(self, stored: Table, workspace: str) -> ColumnElement[bool]:
        return and_(stored.c.client_id == self.client_id, stored.c.team_id == workspace)


def _as_stored(at: float) -> datetime:
    """A time as slack-sdk stores it: UTC, without its zone."""
    return datetime.fromtimestamp(at, UTC).replace(tzinfo=None)


def _seal_columns(stored: Table, sealer: Sealer) -> None:
    for name in SEALED_COLUMNS[stored.name]:
        stored.c[name].type = Sealed(sealer)


class StateStore(AsyncSQLAlchemyOAuthStateStore):
    """The OAuth states that are out: each good for one use, within ten minutes."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(STATE_LASTS, engine, logger=_logger)

    async def async_consume(self, state: str) -> bool:
        """Whether the state was out; it is not afterwards.

        The SDK's own looks first and deletes then, so that two requests at once may both find it.
        """
        if not _STATE.fullmatch(state):
            return False
        states = self.oauth_states
        good = and_(states.c.state == state, states.c.expire_at > datetime.now(UTC).replace(tzinfo=None))
        async with self.engine.begin() as connection:
            return (await connection.execute(delete(states).where(good))).rowcount > 0


def open_state_store(engine: AsyncEngine) -> StateStore:
    """The OAuth states in that database."""
    return StateStore(engine)


async def renew_seals(connection: AsyncConnection, sealer: Sealer) -> None:
    """Seal what is stored with the newest key, so that older ones can be dropped.

    Raises:
        SealError: something is sealed with a key that is not at hand.
    """
    for name, columns in SEALED_COLUMNS.items():
        stored = table(name, column("id"), *(column(each) for each in columns))
        for row in (await connection.execute(select(stored))).mappings().all():
            renewed = {each: sealer.renew(row[each]) for each in columns if row[each] is not None}
            if any(renewed[each] != row[each] for each in renewed):
                await connection.execute(update(stored).where(stored.c.id == row["id"]).values(**renewed))
