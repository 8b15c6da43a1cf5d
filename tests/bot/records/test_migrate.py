"""Migrations: the tables that the code knows, made once, whoever else starts at the same time."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from fakes import replica
from fakes.answers import ONE_CLAUSE
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records.answers import AnswerBook
from bot.records.database import close_database, open_database
from bot.records.migrate import _configure, is_current, migrate
from bot.records.models import Base
from bot.records.sealing import Hasher

SLACK_TABLES = {
    "slack_bots": SQLAlchemyInstallationStore.build_bots_table,
    "slack_installations": SQLAlchemyInstallationStore.build_installations_table,
    "slack_oauth_states": SQLAlchemyOAuthStateStore.build_oauth_states_table,
}


async def test_ten_processes_migrate_at_once(address: str) -> None:
    """Ten processes that start together on an empty database all find it current."""
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, replica.__file__, "migrate", address, stdout=-1, stderr=-1, cwd=Path(__file__).parents[3]
        )
        for _ in range(10)
    ]
    said = await asyncio.gather(*(process.communicate() for process in started))
    assert said == [(b"True\n", b"")] * 10


async def test_migrations_make_the_tables_that_the_models_describe(engine: AsyncEngine) -> None:
    """Alembic finds no difference between the models and what the migrations made."""

    def compare(connection: Connection) -> list[object]:
        def is_ours(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or name not in SLACK_TABLES

        options = {"include_name": is_ours, "compare_type": True}
        return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)

    async with engine.connect() as connection:
        assert await connection.run_sync(compare) == []


async def test_slacks_tables_have_the_columns_that_its_sdk_uses(engine: AsyncEngine) -> None:
    """The installed slack-sdk finds every column of its stores."""
    async with engine.connect() as connection:
        for name, build in SLACK_TABLES.items():
            there = await connection.run_sync(lambda each, name=name: inspect(each).get_columns(name))
            wanted = build(Base.metadata.__class__(), name).columns
            assert {column["name"] for column in there} == {column.name for column in wanted}


async def test_a_current_database_is_left_as_it_is(engine: AsyncEngine) -> None:
    """A second start changes nothing, and an older revision is known for what it is."""
    await migrate(engine)
    assert await is_current(engine)
    await set_revision(engine, "0001")
    assert not await is_current(engine)


async def test_a_later_versions_database_is_left_as_it_is(engine: AsyncEngine) -> None:
    """Where a later version has migrated, this one starts and goes on: while it is replaced, and after a step back."""
    await set_revision(engine, "9999")
    await migrate(engine)
    assert await is_current(engine)


async def set_revision(engine: AsyncEngine, revision: str) -> None:
    """Make the database one of that revision, for what Alembic knows."""
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = :now"), {"now": revision})


OLD_ROWS = """
INSERT INTO answers VALUES ('e1', 5.0, 'slack', 'T0', 'h', NULL, 'h', 'answered', 'shared', 'GL8 5.2', 'c', 'd', 1.0);
INSERT INTO feedback VALUES ('e1', 'hash', 'T0', 6.0, true, 'clear');
INSERT INTO channel_settings VALUES ('slack', 'T0', 'C0', '{"quiet": true}');
INSERT INTO inbox VALUES (1, 'k', 'slack', 'T0', '{}', 4.0, 1, NULL, 4.0, NULL);
INSERT INTO keys VALUES ('hash', 'unsealed:00');
"""


async def test_a_database_of_the_first_version_keeps_what_it_holds(address: str) -> None:
    """Tables of the first version, full, are brought up to date with every row as it was."""
    opened = open_database(address)
    async with opened.begin() as connection:
        await connection.run_sync(upgrade_to_first)
        for statement in OLD_ROWS.strip().splitlines():
            await connection.execute(text(statement))
    before = await read_all(opened)
    await migrate(opened)
    assert await is_current(opened)
    after = await read_all(opened)
    assert {name: [row[: len(before[name][0])] for row in after[name]] for name in before} == before
    book = AnswerBook(opened, Hasher(b"key"), keep_questions=False)
    await book.record_answer(ONE_CLAUSE, Origin("slack", "T0", "U0", "e2"), 0.1)
    assert await book.load_settings("slack", "T0", "C0") == {"quiet": True}
    await close_database(opened)


def upgrade_to_first(connection: Connection) -> None:
    """Run the first migration only."""
    config = _configure()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")


async def read_all(engine: AsyncEngine) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that the old rows are in."""
    names = ("answers", "feedback", "channel_settings", "inbox", "keys")
    async with engine.connect() as connection:
        return {
            name: [tuple(row) for row in (await connection.execute(text(f"SELECT * FROM {name}"))).all()]
            for name in names
        }


async def test_a_failed_migration_leaves_nothing_behind(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that fails half-way is undone as a whole, so that the next start can run it."""
    opened = open_database(address)
    monkeypatch.setattr("bot.records.migrate.command.upgrade", _make_a_table_and_fail)
    with pytest.raises(RuntimeError):
        await migrate(opened)
    monkeypatch.undo()
    await migrate(opened)
    async with opened.connect() as connection:
        tables = await connection.run_sync(lambda each: inspect(each).get_table_names())
    assert "half" not in tables
    assert "inbox" in tables
    await close_database(opened)


def _make_a_table_and_fail(config: object, _: str) -> None:
    config.attributes["connection"].execute(text("CREATE TABLE half (id INTEGER)"))  # type: ignore[attr-defined]
    raise RuntimeError


async def test_sqlite_is_in_wal_mode(tmp_path: Path) -> None:
    """The file's own mode is WAL, and its folder is for its owner alone."""
    opened = open_database(f"sqlite:///{tmp_path}/folder/records.db")
    await migrate(opened)
    async with opened.connect() as connection:
        assert (await connection.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
    await close_database(opened)
    assert (tmp_path / "folder").stat().st_mode & 0o777 == 0o700
