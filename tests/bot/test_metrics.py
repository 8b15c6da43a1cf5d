"""What probes and scrapes are told: alive, ready or why not, and counts that Prometheus can read."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from fakes.service import Service
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from bot import metrics
from bot.desk import Desk
from bot.origin import Origin
from bot.records.inbox import Inbox


async def read_ready(service: Service) -> tuple[int, dict[str, object]]:
    """The status and the body of ``/readyz``."""
    async with service.session.get(f"{service.address}/readyz") as response:
        return response.status, await response.json()


async def scrape(service: Service) -> dict[str, dict[str, float]]:
    """Each metric's samples at a scrape, by their labels' values."""
    async with service.session.get(f"{service.address}/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=")
        families = list(text_string_to_metric_families(await response.text()))
    found: dict[str, dict[str, float]] = {}
    for family in families:
        for sample in family.samples:
            found.setdefault(sample.name, {})[" ".join(sample.labels.values())] = sample.value
    return found


@asynccontextmanager
async def locked(service: Service) -> AsyncIterator[None]:
    """While another program holds the database's lock."""
    path = service.records.engine.url.database
    assert path
    with closing(sqlite3.connect(path, check_same_thread=False)) as other:
        await asyncio.to_thread(other.execute, "BEGIN IMMEDIATE")
        yield


async def test_it_is_ready_with_its_corpus(service: Service) -> None:
    """With corpus, database and tables in order it is ready, and tells the corpus's hash."""
    checks = {"corpus": True, "database": True, "migrations": True}
    expected = {"status": "ready", "checks": checks, "corpus": service.answerer.corpus.sha256}
    assert await read_ready(service) == (200, expected)


async def test_it_is_not_ready_before_the_tables_are(service: Service) -> None:
    """A database that lacks a migration is there, but the service is not ready."""
    async with service.records.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    status, said = await read_ready(service)
    assert (status, said["status"]) == (503, "not ready")
    assert said["checks"] == {"corpus": True, "database": True, "migrations": False}


async def test_it_is_not_ready_while_the_database_is_away(service: Service) -> None:
    """While the database does not answer the service says so and is alive; afterwards it is ready again."""
    async with locked(service):
        status, said = await read_ready(service)
        assert (status, said["status"]) == (503, "not ready")
        assert said["checks"] == {"corpus": True, "database": False, "migrations": False}
        async with service.session.get(f"{service.address}/healthz") as response:
            assert response.status == 200
    async with asyncio.timeout(60):
        while (await read_ready(service))[0] != 200:
            pass


async def test_the_inboxs_depth_is_read_at_each_scrape(service: Service) -> None:
    """Each channel's events without an answer are counted, whichever process stored them; done ones are not."""
    assert (await scrape(service))["clausebot_inbox_depth"] == {"review": 0, "slack": 0}
    # As another process would: under another name, of a channel that is not even on here.
    slack, teams = (Inbox(service.records.engine, channel) for channel in ("slack", "teams"))
    done = await teams.store("done", "T0", {}, take=True)
    assert done
    await teams.finish(done.id)
    for number in range(3):
        await teams.store(str(number), "T0", {}, take=True)
    assert (await scrape(service))["clausebot_inbox_depth"] == {"review": 0, "slack": 0, "teams": 3}
    await slack.store("held", "T0", {}, take=True)
    assert (await scrape(service))["clausebot_inbox_depth"] == {"review": 0, "slack": 1, "teams": 3}


async def test_no_depth_is_told_while_the_database_is_away(service: Service) -> None:
    """A depth that is not known is left out; all else is told."""
    async with locked(service):
        found = await scrape(service)
    assert "clausebot_inbox_depth" not in found
    assert "process_resident_memory_bytes" in found


async def test_every_metric_can_be_scraped(service: Service) -> None:
    """Each metric has its labels, and what was counted is told."""
    desk = Desk(service.answerer, service.records.answers)
    await desk.ask("who keeps copies?", Origin("metrics", "T0", "U0", "event"))
    metrics.ANSWER_SECONDS.labels("metrics").observe(0.2)
    metrics.REDELIVERIES.labels("metrics").inc()
    metrics.REFUSED.labels("metrics").inc()
    metrics.UPSTREAM_ERRORS.labels("metrics", "channel_not_found").inc()
    metrics.UPSTREAM_RATE_LIMITS.labels("metrics").inc()
    found = await scrape(service)
    assert found["clausebot_answers_total"]["metrics answered"] == 1
    assert found["clausebot_answer_seconds_bucket"]["metrics 0.1"] == 0
    assert found["clausebot_answer_seconds_bucket"]["metrics 0.25"] == 1
    for name in ("redeliveries", "refused", "upstream_rate_limits"):
        assert found[f"clausebot_{name}_total"]["metrics"] == 1
    assert found["clausebot_upstream_errors_total"]["channel_not_found metrics"] == 1
