"""Where Slack installations and OAuth states are kept: one installation a workspace, each state good once."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from fakes.installation import INSTALLATION, SECRETS
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.sealing import Sealer
from bot.records.slack_stores import InstallationStore, StateStore

NOW = datetime(2026, 6, 1, tzinfo=UTC).timestamp()


def installed(**changes: object) -> Installation:
    """An installation with every secret, in T0TEAM unless told otherwise."""
    return Installation(**INSTALLATION.to_dict_for_copying() | {"installed_at": NOW} | changes)


@pytest.fixture
def store(engine: AsyncEngine) -> InstallationStore:
    """The installations of one app."""
    return InstallationStore("client", engine, Sealer([Fernet.generate_key().decode()]))


async def count_rows(engine: AsyncEngine) -> list[int]:
    """How many bots and installations are stored."""
    async with engine.connect() as connection:
        return [
            (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one()
            for table in ("slack_bots", "slack_installations")
        ]


async def test_an_installation_is_found_by_its_workspace_alone(store: InstallationStore) -> None:
    """A workspace's installation is found whether or not an organization owns it, with its secrets; no other's is."""
    await store.replace(installed())
    await store.replace(installed(team_id="T0OWNED", enterprise_id="E0ORG", bot_token="xoxb-2"))
    for team, token in (("T0TEAM", SECRETS["bot_token"]), ("T0OWNED", "xoxb-2")):
        found = await store.find(team)
        assert found
        assert (found.team_id, found.bot_token, found.installed_at) == (team, token, NOW)
    assert [await store.find(other) for other in ("T0ELSE", "E0ORG", "")] == [None] * 3


async def test_another_apps_installation_is_not_found(store: InstallationStore, engine: AsyncEngine) -> None:
    """Installations belong to an app: another client id finds none."""
    await store.replace(installed())
    assert await InstallationStore("other", engine, Sealer([Fernet.generate_key().decode()])).find("T0TEAM") is None


async def test_installing_again_replaces(store: InstallationStore, engine: AsyncEngine) -> None:
    """A second installation takes the place of the first, and leaves other workspaces' alone."""
    await store.replace(installed(team_id="T0ELSE"))
    await store.replace(installed())
    await store.replace(installed(installed_at=NOW + 60, bot_token="xoxb-2"))
    found = await store.find("T0TEAM")
    assert found
    assert found.bot_token == "xoxb-2"
    assert await count_rows(engine) == [2, 2]


async def test_renewed_tokens_replace_those_of_the_same_installation(store: InstallationStore) -> None:
    """Renewed tokens are found by way of the installation and by way of the bot."""
    await store.replace(installed())
    await store.renew(installed(bot_token="xoxb-2", bot_refresh_token="xoxe-9", bot_token_expires_at=2_000_000_000))
    found = await store.find("T0TEAM")
    bot = await store.async_find_bot(enterprise_id=None, team_id="T0TEAM")
    for each in (found, bot):
        assert each
        assert (each.bot_token, each.bot_refresh_token, each.bot_token_expires_at) == (
            "xoxb-2",
            "xoxe-9",
            2_000_000_000,
        )


async def test_renewal_does_not_bring_back_what_was_forgotten(store: InstallationStore, engine: AsyncEngine) -> None:
    """Tokens renewed while their workspace was uninstalled, or installed anew, are dropped."""
    await store.renew(installed(bot_token="xoxb-2"))
    assert await count_rows(engine) == [0, 0]
    await store.replace(installed(installed_at=NOW + 60))
    await store.renew(installed(bot_token="xoxb-2"))
    found = await store.find("T0TEAM")
    assert found
    assert found.bot_token == SECRETS["bot_token"]


@pytest.mark.parametrize(("after", "kept"), [(-1, True), (0, False), (3600, False)])
async def test_what_is_forgotten_is_no_later_installation(store: InstallationStore, after: int, kept: bool) -> None:
    """A revocation deletes what was installed until then, in that workspace only; late news of it spares the next."""
    await store.replace(installed())
    await store.replace(installed(team_id="T0ELSE"))
    await store.forget("T0TEAM", NOW + after)
    assert (await store.find("T0TEAM") is not None) is kept
    assert await store.find("T0ELSE") is not None


async def test_two_requests_at_once_do_not_share_a_state(engine: AsyncEngine) -> None:
    """Of many that bring the same state at the same time, one finds it good."""
    states = StateStore(engine)
    state = await states.async_issue()
    assert sorted(await asyncio.gather(*(states.async_consume(state) for _ in range(8)))) == [False] * 7 + [True]


async def test_a_state_expires(engine: AsyncEngine) -> None:
    """After its ten minutes a state is good no more."""
    states = StateStore(engine)
    state = await states.async_issue()
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    async with engine.begin() as connection:
        await connection.execute(update(states.oauth_states).values(expire_at=past))
    assert await states.async_consume(state) is False


@pytest.mark.parametrize("state", ["", "deleted", "x" * 36, "\0" * 36, "\ud800" * 36, "1" * 10_000])
async def test_what_is_no_state_is_refused(engine: AsyncEngine, state: str) -> None:
    """Whatever an address brings in a state's place is refused before the database sees it."""
    assert await StateStore(engine).async_consume(state) is False
