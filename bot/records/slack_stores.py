"""slack-sdk's own stores of installations and OAuth states, on our tables, with the tokens sealed."""

from __future__ import annotations

import logging

from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from sqlalchemy import Table, column, select, table, update
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
_STATE_LASTS = 600

# The SDK's own lines quote states, and rows.
_logger = logging.getLogger("slack_sdk.oauth")


class InstallationStore(AsyncSQLAlchemyInstallationStore):
    """Installations of the app, their tokens sealed in the database."""

    def __init__(self, client_id: str, engine: AsyncEngine, sealer: Sealer) -> None:
        super().__init__(client_id, engine, logger=_logger)
        for stored in (self.bots, self.installations):
            _seal_columns(stored, sealer)


def _seal_columns(stored: Table, sealer: Sealer) -> None:
    for name in SEALED_COLUMNS[stored.name]:
        stored.c[name].type = Sealed(sealer)


def open_state_store(engine: AsyncEngine) -> AsyncSQLAlchemyOAuthStateStore:
    """The OAuth states that are out: each good for one use, within ten minutes."""
    return AsyncSQLAlchemyOAuthStateStore(_STATE_LASTS, engine, logger=_logger)


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
