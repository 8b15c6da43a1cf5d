"""Where the database is, by what the operator names."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.records.database import (
    DATABASE_FAULTS,
    close_database,
    describe_fault,
    find_database,
    open_database,
    transact,
)
from bot.records.migrate import migrate


def test_without_an_address_it_is_a_file_in_the_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The records are a file named after the program, in the platform's folder for data."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    place = Path(str(find_database().database))
    assert place.name == "records.db"
    assert place.parent.name == "clausebot"
    assert place.is_relative_to(tmp_path)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
async def test_an_address_of_postgresql_is_taken_as_it_is_written(scheme: str) -> None:
    """Both spellings and libpq's sslmode are understood, and a password keeps its odd characters."""
    engine = open_database(f"{scheme}://ann:p%40ss@host:5433/name?sslmode=require")
    assert engine.url.drivername == "postgresql+asyncpg"
    assert (engine.url.password, engine.url.host, engine.url.database) == ("p@ss", "host", "name")
    await close_database(engine)


async def test_what_an_address_says_to_libpq_is_heeded(postgresql: str) -> None:
    """What managed databases write behind the question mark is no hindrance; the server is told what it is to know."""
    said = "sslmode=prefer&channel_binding=prefer&connect_timeout=10&application_name=of+ours"
    engine = open_database(f"{postgresql}?{said}")
    told = await transact(engine, lambda connection: connection.execute(text("SHOW application_name")).scalar_one())
    assert told == "of ours"
    await close_database(engine)


async def test_an_address_that_asks_for_encryption_gets_no_other_connection(postgresql: str) -> None:
    """Where the server has no TLS, sslmode=require is a fault and no plain connection."""
    engine = open_database(f"{postgresql}?sslmode=require")
    with pytest.raises(DATABASE_FAULTS) as caught:
        await transact(engine, lambda connection: connection.execute(text("SELECT 1")))
    assert "ConnectionError" in describe_fault(caught.value)
    await close_database(engine)


async def test_a_file_of_sqlites_that_is_none_is_told(tmp_path: Path) -> None:
    """The fault is one of those that are expected, in SQLite's own words, and its connection is closed."""
    place = tmp_path / "file"
    place.write_text("no database, but long enough to be taken for one" * 100, encoding="utf-8")
    earlier = _connected()
    assert await _fault_of(f"sqlite:///{place}") == "DatabaseError: file is not a database"
    # A closed connection's thread has told the loop so, and needs a moment more to end.
    for thread in _connected() - earlier:
        await asyncio.to_thread(thread.join, timeout=20)
        assert not thread.is_alive()


async def test_a_place_where_sqlite_cannot_write_is_told(tmp_path: Path) -> None:
    """The fault is SQLite's, and no thread is left by then that would speak to a loop which may be closed."""
    earlier = _connected()
    assert await _fault_of(f"sqlite:///{tmp_path}/") == "OperationalError: unable to open database file"
    assert not _connected() - earlier


async def _fault_of(address: str) -> str:
    engine = open_database(address)
    with pytest.raises(DATABASE_FAULTS) as caught:
        await migrate(engine)
    await close_database(engine)
    return describe_fault(caught.value)


def _connected() -> set[threading.Thread]:
    """The threads of aiosqlite's connections."""
    return {each for each in threading.enumerate() if "connection_worker" in each.name}
