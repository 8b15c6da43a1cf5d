"""Brings the database to the tables that this version knows; any number of processes may start at once."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import transact

# Any number, the same in every version: PostgreSQL's advisory lock goes by it.
_LOCK = 7_265_533_001

# Seconds that the switch to WAL, for which SQLite itself does not wait, is tried for.
_SWITCH_WITHIN = 30.0


async def migrate(engine: AsyncEngine) -> None:
    """Run the migrations that the database lacks, all in one transaction, while no other process does.

    Raises:
        DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
    """
    if engine.dialect.name == "sqlite":
        await _switch_to_wal(engine)
    # SQLite's transactions hold its write lock from their first statement, so there they are lock enough.
    async with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        await connection.run_sync(_upgrade)


async def is_current(engine: AsyncEngine) -> bool:
    """Whether the database has every migration of this version; it may have those of a later one too.

    Raises:
        DATABASE_FAULTS: the database can't be reached or refuses; see `bot.records.database`.
    """
    return await transact(engine, has_every_migration)


def _upgrade(connection: Connection) -> None:
    if not has_every_migration(connection):
        config = _configure()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def has_every_migration(connection: Connection) -> bool:
    """What `is_current` tells, for a connection that is at hand."""
    if not inspect(connection).has_table("alembic_version"):
        return False
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return revision is not None and revision not in _list_outdated()


@cache
def _list_outdated() -> frozenset[str]:
    """The revisions that lack a migration of this version. One that is not known is a later version's.

    Later versions only add: while one takes this one's place, process by process, and after a step back, both go on.
    """
    revisions = ScriptDirectory.from_config(_configure()).walk_revisions()
    return frozenset(script.revision for script in revisions if not script.is_head)


def _configure() -> Config:
    config = Config()
    # Alembic reads a percent sign as the start of a name to fill in.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


async def _switch_to_wal(engine: AsyncEngine) -> None:
    async with asyncio.timeout(_SWITCH_WITHIN):
        while True:
            try:
                async with engine.connect() as connection:
                    # The mode can't be switched within a transaction, which SQLAlchemy would begin.
                    raw: Any = await connection.get_raw_connection()
                    await raw.driver_connection.execute("PRAGMA journal_mode = WAL")
                    return
            except (OperationalError, sqlite3.OperationalError) as error:
                if "locked" not in str(error):
                    raise
                await asyncio.sleep(0.05)
