"""The database: SQLite in the platform's data folder, or whatever `DATABASE_URL` names."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

import aiosqlite
import platformdirs
from sqlalchemy import (
    URL,
    Connection,
    Engine,
    StaticPool,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

Result = TypeVar("Result")


class BusyError(Exception):
    """So much waits to be written already that memory would not hold more: the database is away, or too slow."""


# What a database that is away, full or closed to us raises; connections that are refused come as they are, and SQLite's
# errors where a connection is made.
DATABASE_FAULTS = (SQLAlchemyError, sqlite3.Error, OSError, BusyError)

# Seconds: to wait for another process's write (SQLite), to connect, to run one statement (PostgreSQL).
_WRITE_WITHIN = 30
_CONNECT_WITHIN = 5
_STATEMENT_WITHIN = 30

# What libpq heeds in an address, asyncpg does not know, and a server would refuse as a setting of its own. Managed
# databases write them into their addresses; time-outs are ours.
_LIBPQ_ONLY = {
    *("channel_binding", "connect_timeout", "gssencmode", "sslcompression", "sslsni", "tcp_user_timeout"),
    *("keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval"),
}

# The name under which an engine knows its `_Direct`.
_DIRECT = "clausebot_direct"


def find_database() -> URL:
    """Where the records are without a `DATABASE_URL`: a file in the platform's data folder."""
    return URL.create("sqlite", database=str(platformdirs.user_data_path("clausebot", appauthor=False) / "records.db"))


def open_database(address: str | None) -> AsyncEngine:
    """The engine for an address such as ``postgresql://user:password@host/name``; None for the default place.

    Nothing is connected yet, but SQLite's folder is there afterwards.

    Raises:
        OSError: SQLite's folder can't be made.
    """
    url = make_url(address) if address else find_database()
    return _open_sqlite(url) if url.get_backend_name() == "sqlite" else _open_postgresql(url)


def _open_sqlite(url: URL) -> AsyncEngine:
    # Its lines below INFO quote every statement's values, and so what people wrote.
    logging.getLogger("aiosqlite").setLevel(logging.INFO)
    # Readable by the service's own user only: events wait here with what people wrote.
    Path(url.database or "").parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    direct = _Direct(url)
    # One connection a process beside that: SQLite has one writer at a time, and queueing for it here is fair and quick.
    engine = create_async_engine(
        url.set(drivername="sqlite+aiosqlite"),
        pool_size=1,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"timeout": _WRITE_WITHIN, "async_creator_fn": _connect_sqlite},
        execution_options={_DIRECT: direct},
    )
    _configure_sqlite(engine.sync_engine)
    event.listen(engine.sync_engine, "engine_disposed", direct.close)
    return engine


async def _connect_sqlite(*arguments: Any, **options: Any) -> aiosqlite.Connection:
    connection = aiosqlite.connect(*arguments, **options)
    connection._thread.daemon = True  # as SQLAlchemy has it, which is told nothing by a public name either
    try:
        return await connection
    except sqlite3.Error:
        # Its thread has a last thing to tell the loop, which may be closed by then, and would write a traceback.
        await asyncio.to_thread(connection._thread.join)
        raise


def _configure_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # Transactions are begun below, at once for writing: one that starts by reading could not wait to write.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            # In WAL mode FULL is what makes a commit outlive a power cut.
            cursor.execute("PRAGMA synchronous = FULL")
        except sqlite3.Error:  # the file is no database, and nobody else would close it
            cursor.close()
            connection.close()
            raise
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


class _Direct:
    """SQLite in a thread of its own, where a whole transaction is run at a go.

    With aiosqlite every statement, and every row of many, is a way there and back, for which a busy event loop has
    to let go of the interpreter.
    """

    def __init__(self, url: URL) -> None:
        self._url = url.set(drivername="sqlite+pysqlite")
        self._opened: tuple[Engine, ThreadPoolExecutor] | None = None

    async def transact(self, work: Callable[[Connection], Result]) -> Result:
        self._opened = self._opened or self._open()
        engine, thread = self._opened
        return await asyncio.get_running_loop().run_in_executor(thread, _run, engine, work)

    def _open(self) -> tuple[Engine, ThreadPoolExecutor]:
        limits = {"timeout": _WRITE_WITHIN, "check_same_thread": False}
        engine = create_engine(self._url, poolclass=StaticPool, hide_parameters=True, connect_args=limits)
        _configure_sqlite(engine)
        return engine, ThreadPoolExecutor(1, thread_name_prefix="sqlite")

    def close(self, _: Engine) -> None:
        if self._opened:
            engine, thread = self._opened
            self._opened = None
            thread.submit(engine.dispose)
            thread.shutdown(wait=False)


def _run(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    with engine.begin() as connection:
        return work(connection)


def _open_postgresql(url: URL) -> AsyncEngine:
    # What stands behind the question mark is libpq's, such as sslmode: asyncpg understands that in an address only.
    query = [(("sslmode" if name == "ssl" else name), value) for name, value in url.query.items()]
    heeded = urlencode([(name, value) for name, value in query if name not in _LIBPQ_ONLY], doseq=True)
    return create_async_engine(
        url.set(drivername="postgresql+asyncpg", query={}),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"timeout": _CONNECT_WITHIN, "command_timeout": _STATEMENT_WITHIN}
        | ({"dsn": f"postgresql://?{heeded}"} if heeded else {}),
    )


def describe_fault(error: BaseException) -> str:
    """What is wrong with a database, for its operator: the kind of a fault, and SQLite's or the system's words for it.

    Those quote no value of a row, and no password; a server's own words may.
    """
    # SQLAlchemy wraps the driver's error, and for asyncpg once more: the innermost says most.
    driven = getattr(error, "orig", None) or error
    if isinstance(driven.__cause__, Exception):  # a time-out's is that its wait was cancelled
        driven = driven.__cause__
    said = driven.strerror if isinstance(driven, OSError) else str(driven) if isinstance(driven, sqlite3.Error) else ""
    return ": ".join(filter(None, (type(driven).__name__, said)))


async def close_database(engine: AsyncEngine) -> None:
    """Close every connection, those that were cut off too: their sockets go in the loop's next turn."""
    await engine.dispose()
    await asyncio.sleep(0)


def insert_into(engine: AsyncEngine, table: Any) -> Any:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, in the database's own dialect."""
    return sqlite.insert(table) if engine.dialect.name == "sqlite" else postgresql.insert(table)


async def transact(engine: AsyncEngine, work: Callable[[Connection], Result]) -> Result:
    """Run work in a transaction of its own, perhaps in another thread, and return what it returns once it is committed.

    Raises:
        DATABASE_FAULTS: the database can't be reached or refuses; nothing is changed.
    """
    direct: _Direct | None = engine.get_execution_options().get(_DIRECT)
    if direct:
        return await direct.transact(work)
    async with engine.begin() as connection:
        return await connection.run_sync(work)
