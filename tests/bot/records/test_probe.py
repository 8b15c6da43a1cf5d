"""What the doctor finds in either database, and that it leaves it as it was."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import close_database, describe_fault, open_database
from bot.records.models import Key
from bot.records.probe import Probe, name_place, probe
from bot.records.records import open_records
from bot.settings import load_settings


async def list_contents(engine: AsyncEngine) -> tuple[list[str], list[str]]:
    """The names of the tables, and of the stored keys where there are any."""
    async with engine.connect() as connection:
        tables = sorted(await connection.run_sync(lambda held: inspect(held).get_table_names()))
        keys = (await connection.execute(select(Key.name))).scalars().all() if Key.__tablename__ in tables else []
        return tables, list(keys)


async def test_an_empty_database_stays_empty(address: str) -> None:
    """Before the first start there are no tables, which is found without making any, nor SQLite's file."""
    assert await probe(address, []) == Probe("missing")
    engine = open_database(address)
    assert await list_contents(engine) == ([], [])
    assert await probe(address, []) == Probe("missing")
    assert await list_contents(engine) == ([], [])
    await close_database(engine)


async def test_records_in_use_are_current_and_stay_as_they_are(address: str, engine: AsyncEngine) -> None:
    """A migrated database is current, and holds the same afterwards."""
    before = await list_contents(engine)
    assert await probe(address, []) == Probe("current")
    assert await list_contents(engine) == before


async def test_an_older_version_is_not_migrated(address: str, engine: AsyncEngine) -> None:
    """A database that lacks a migration is told, and lacks it afterwards."""
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    before = await list_contents(engine)
    assert await probe(address, []) == Probe("outdated")
    assert await list_contents(engine) == before


async def test_keys_that_do_not_open_the_records_are_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sealed records need one of the keys that sealed them; unsealed ones open without."""
    right, wrong = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    await (await open_records(load_settings())).close()
    assert await probe(address, []) == await probe(address, [right]) == Probe("current")
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", right)
    await (await open_records(load_settings())).close()
    assert await probe(address, [wrong, right]) == Probe("current")
    assert await probe(address, [wrong]) == await probe(address, []) == Probe("current", opens=False)


async def test_records_that_can_only_be_read_are_told(address: str, engine: AsyncEngine) -> None:
    """A database that takes no writes can't be used."""
    refusal = (
        f'ALTER DATABASE "{make_url(address).database}" SET default_transaction_read_only = on'
        if engine.dialect.name == "postgresql"
        else "CREATE TRIGGER refuse BEFORE INSERT ON keys BEGIN SELECT RAISE(ABORT, 'refused'); END"
    )
    async with engine.begin() as connection:
        await connection.execute(text(refusal))
    with pytest.raises(SQLAlchemyError):
        await probe(address, [])


def test_a_place_is_named_without_its_user() -> None:
    """Kind, host, port and name, or the file: never a user or a password."""
    assert name_place("postgresql://ann:secret@db.example:5433/records") == "PostgreSQL at db.example:5433/records"
    assert name_place("postgresql:///records") == "PostgreSQL at the local socket/records"
    assert name_place("sqlite:////folder/records.db") == "SQLite in /folder/records.db"
    assert name_place(None).startswith("SQLite in ")


async def test_a_look_that_is_given_up_ends_while_the_database_is_held(tmp_path: Path) -> None:
    """Where another process holds SQLite's lock, a look that is given up ends, as a time-out."""
    address = f"sqlite:///{tmp_path}/records.db"
    with closing(sqlite3.connect(tmp_path / "records.db", isolation_level=None)) as other:
        other.execute("CREATE TABLE other (a)")
        other.execute("BEGIN IMMEDIATE")
        looking = asyncio.create_task(asyncio.wait_for(probe(address, []), 0.5))
        await asyncio.wait([looking], timeout=15)
        ended = looking.done()
    assert ended
    fault = looking.exception()
    assert fault
    assert describe_fault(fault) == "TimeoutError"
    assert await probe(address, []) == Probe("missing")
