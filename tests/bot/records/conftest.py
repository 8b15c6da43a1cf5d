"""Both databases, each empty at the start of a test."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.postgresql import run_server
from bot.records.database import close_database, open_database
from bot.records.migrate import migrate


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server, for the whole run."""
    with run_server() as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
async def address(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new database, of either kind; `DATABASE_URL` names it."""
    if request.param == "sqlite":
        made = f"sqlite:///{tmp_path}/folder/records.db"
    else:
        server = request.getfixturevalue("postgresql")
        name = f"records_{uuid.uuid4().hex}"
        connection = await asyncpg.connect(server)
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        made = make_url(server).set(database=name).render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", made)
    return made


@pytest.fixture
async def engine(address: str) -> AsyncIterator[AsyncEngine]:
    """A migrated database of either kind."""
    opened = open_database(address)
    await migrate(opened)
    yield opened
    await close_database(opened)
