"""Where the database is, by what the operator names."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.records.database import close_database, find_database, open_database


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
    assert engine.url.query == {"ssl": "require"}
    await close_database(engine)
