"""A service under test, and the fake Slack that it talks to, both on the loopback interface."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fakes.service import Service, serve
from fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack
from fakes.slack_requests import SIGNING_SECRET
from fakes.teams import FakeTeams
from fakes.teams_entra import SECRET
from fakes.teams_service import TeamsService, serve_teams
from fakes.teams_signer import APP_ID, TENANT

from bot.settings import Settings, load_settings

VARIABLES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "MICROSOFT_APP_ID",
    "MICROSOFT_APP_PASSWORD",
    "MICROSOFT_APP_TYPE",
    "MICROSOFT_APP_TENANT_ID",
    "CLAUSEBOT_TEAMS_ANONYMOUS",
    "CLAUSEBOT_SOURCES",
    "CLAUSEBOT_GUIDES",
    "CLAUSEBOT_SECRET_KEY",
    "CLAUSEBOT_STORE_QUESTIONS",
    "CLAUSEBOT_RETENTION_DAYS",
    "CLAUSEBOT_PERSON_LIMIT",
    "CLAUSEBOT_WORKSPACE_LIMIT",
    "CLAUSEBOT_SUPPORT",
    "PUBLIC_URL",
    "HOST",
    "PORT",
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"),
)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No test sees the settings or records of whoever runs it, nor sends loopback traffic through a proxy."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/records.db")


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """Slack, until the end of the test."""
    slack = FakeSlack()
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def http_settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Slack over HTTP."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SIGNING_SECRET)
    return load_settings()


@pytest.fixture
def socket_settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Slack over Socket Mode only."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", BOT_TOKEN)
    monkeypatch.setenv("SLACK_APP_TOKEN", APP_TOKEN)
    return load_settings()


@pytest.fixture
async def service(http_settings: Settings, fake: FakeSlack) -> AsyncIterator[Service]:
    """The service with Slack over HTTP."""
    async with serve(http_settings, fake) as running:
        yield running


@pytest.fixture
async def socket_service(socket_settings: Settings, fake: FakeSlack) -> AsyncIterator[Service]:
    """The service with Slack over Socket Mode."""
    async with serve(socket_settings, fake) as running:
        yield running


@pytest.fixture
async def teams(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeTeams]:
    """Microsoft's side of Teams, until the end of the test."""
    fake_teams = FakeTeams(tmp_path)
    await fake_teams.start()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(fake_teams.entra.certificate))
    yield fake_teams
    await fake_teams.stop()


@pytest.fixture
def teams_settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Teams for an app with a client secret."""
    monkeypatch.setenv("MICROSOFT_APP_ID", APP_ID)
    monkeypatch.setenv("MICROSOFT_APP_PASSWORD", SECRET)
    monkeypatch.setenv("MICROSOFT_APP_TENANT_ID", TENANT)
    return load_settings()


@pytest.fixture
async def teams_service(teams_settings: Settings, teams: FakeTeams) -> AsyncIterator[TeamsService]:
    """The service with Teams on."""
    async with serve_teams(teams_settings, teams) as running:
        yield running
