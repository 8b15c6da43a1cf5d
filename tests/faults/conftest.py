"""Slack's two ends, the service as processes, and a PostgreSQL server that a test may take away."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import aiohttp
import asyncpg
import pytest
from faults.process import ServiceProcess
from faults.slack import TakingSlack

from bench.postgresql import Server, open_server

Start = Callable[..., Awaitable[ServiceProcess]]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLACK_APP_TOKEN", "CLAUSEBOT_SOURCES", "CLAUSEBOT_GUIDES", "CLAUSEBOT_SECRET_KEY", "HOST"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def slack() -> AsyncIterator[TakingSlack]:
    """Slack as it takes answers."""
    taking = TakingSlack()
    await taking.start()
    yield taking
    await taking.stop()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections, as many as Slack likes."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as opened:
        yield opened


@pytest.fixture
async def start(slack: TakingSlack, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a process of the service on a database; ``lease`` and ``clock_ahead`` are in seconds."""
    started: list[ServiceProcess] = []

    async def start_one(database: str, **settings: float) -> ServiceProcess:
        process = ServiceProcess(slack.api_url, database, tmp_path, **settings)
        started.append(process)
        await process.start()
        return process

    yield start_one
    for process in started:
        await process.stop()
        for line in process.log.splitlines():
            assert "Traceback" not in line, process.log
            assert "An answer was lost" not in line, process.log


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of a new SQLite database."""
    return f"sqlite:///{tmp_path}/records.db"


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL, for all tests of faults."""
    with open_server() as running:
        yield running


@pytest.fixture
async def postgresql(server: Server) -> str:
    """The address of a new database on the server."""
    name = f"records_{uuid.uuid4().hex}"
    connection = await asyncpg.connect(server.address)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return server.address.removesuffix("postgres") + name
