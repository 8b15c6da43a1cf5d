"""A look at the database that changes nothing in it: what `clausebot doctor` says about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import URL, Connection, insert, make_url, select, text

from bot.records.database import close_database, find_database, open_database, transact
from bot.records.migrate import has_every_migration
from bot.records.models import Key
from bot.records.sealing import Sealer, SealError


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: the state of the tables, and whether the keys at hand open what is sealed.

    ``tables`` are ``missing`` where there is no database file or no table yet, ``outdated`` where migrations lack:
    the service's next start makes up for both.
    """

    tables: str
    opens: bool = True


def name_place(address: str | None) -> str:
    """Which kind of database an address names, and where it is, without user and password."""
    url = make_url(address) if address else find_database()
    if url.get_backend_name() == "sqlite":
        return f"SQLite in {url.database}"
    port = f":{url.port}" if url.port else ""
    return f"PostgreSQL at {url.host or 'the local socket'}{port}/{url.database}"


async def probe(address: str | None, keys: list[str]) -> Probe:
    """Try what the service's start would do, and take it back.

    Args:
        address: see `bot.records.database.open_database`.
        keys: Fernet keys, the newest first.

    Raises:
        DATABASE_FAULTS: the database can't be reached, read or written; see `bot.records.database`.
    """
    if not _is_there(make_url(address) if address else find_database()):
        return Probe("missing")
    engine = open_database(address)
    try:
        return await transact(engine, lambda connection: _try_and_take_back(connection, keys))
    finally:
        await close_database(engine)


def _is_there(url: URL) -> bool:
    """Whether there is something to connect to, as opposed to an SQLite file that has yet to be made.

    Raises:
        OSError: it could not be made.
    """
    file = Path(url.database or "").absolute()
    if url.get_backend_name() != "sqlite" or file.exists():
        return True
    folder = file.parent
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir():
        raise NotADirectoryError(str(folder))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(str(folder))
    return False


def _try_and_take_back(connection: Connection, keys: list[str]) -> Probe:
    try:
        return _try_tables(connection, keys)
    finally:
        connection.rollback()


def _try_tables(connection: Connection, keys: list[str]) -> Probe:
    if not has_every_migration(connection):
        # What a migration needs most: the right to make tables.
        connection.execute(text("CREATE TABLE clausebot_doctor (tried INTEGER)"))
        revision = MigrationContext.configure(connection).get_current_revision()
        return Probe("outdated" if revision else "missing")
    connection.execute(insert(Key).values(name="doctor", value=""))
    sealer = Sealer(keys) if keys else None
    held = connection.execute(select(Key.value).where(Key.name != "doctor")).scalars()
    return Probe("current", opens=all(_opens(value, sealer) for value in held))


def _opens(value: str, sealer: Sealer | None) -> bool:
    if value.startswith("unsealed:"):
        return True
    try:
        return sealer is not None and sealer.open(value) is not None
    except SealError:
        return False
