"""Encryption at rest: tokens can't be read from the database, keys can be changed, and a lost key is told."""

from __future__ import annotations

import logging

import pytest
from cryptography.fernet import Fernet
from fakes.answers import ONE_CLAUSE
from fakes.installation import INSTALLATION, SECRETS
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.origin import Origin
from bot.records.models import AnswerRecord
from bot.records.records import Records, open_records
from bot.records.slack_stores import SEALED_COLUMNS, open_state_store
from bot.settings import SettingsError, load_settings

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


async def reopen(monkeypatch: pytest.MonkeyPatch, keys: str) -> Records:
    """The records as a new start with those keys finds them."""
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", keys)
    return await open_records(load_settings())


async def read_raw(engine: AsyncEngine) -> dict[str, str]:
    """What stands in each sealed column of each row, and the service's own key."""
    found: dict[str, str] = {}
    async with engine.connect() as connection:
        for table, columns in SEALED_COLUMNS.items():
            for row in (await connection.execute(text(f"SELECT * FROM {table}"))).mappings():
                found |= {f"{table}.{column}": row[column] for column in columns}
        found["key"] = (await connection.execute(text("SELECT value FROM keys"))).scalar_one()
    return found


async def test_tokens_are_sealed_and_found_again(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret of an installation stands in the database, and the store gives each back."""
    records = await reopen(monkeypatch, OLD)
    store = records.installations("client")
    await store.async_save(INSTALLATION)
    found = await store.async_find_installation(enterprise_id=None, team_id="T0TEAM")
    bot = await store.async_find_bot(enterprise_id=None, team_id="T0TEAM")
    assert found
    assert bot
    assert {name: getattr(found, name) for name in SECRETS} == SECRETS
    assert (bot.bot_token, bot.bot_refresh_token) == (SECRETS["bot_token"], SECRETS["bot_refresh_token"])
    raw = await read_raw(records.engine)
    assert len(raw) == 9
    assert not [value for value in raw.values() if "secret" in value or "unsealed" in value]
    await records.close()


async def test_keys_can_be_changed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start with the new key before the old one seals everything anew, so that the next needs the new one alone."""
    records = await reopen(monkeypatch, OLD)
    await records.installations("client").async_save(INSTALLATION)
    before = await read_raw(records.engine)
    await records.close()
    records = await reopen(monkeypatch, f"{NEW},{OLD}")
    between = await read_raw(records.engine)
    await records.close()
    records = await reopen(monkeypatch, NEW)
    after = await read_raw(records.engine)
    found = await records.installations("client").async_find_bot(enterprise_id=None, team_id="T0TEAM")
    assert found
    assert found.bot_token == SECRETS["bot_token"]
    assert not [name for name in before if before[name] == between[name]]
    assert between == after
    await records.close()


@pytest.mark.parametrize("keys", ["", NEW])
async def test_a_lost_key_is_told(address: str, monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    """A start without the key that sealed the records ends with a line that says what to do, and quotes no key."""
    await (await reopen(monkeypatch, OLD)).close()
    with pytest.raises(SettingsError) as caught:
        await reopen(monkeypatch, keys)
    assert str(caught.value).startswith("CLAUSEBOT_SECRET_KEY: does not open what the records hold; ")
    assert OLD not in str(caught.value)


async def test_without_a_key_no_token_is_stored(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installations are refused where nothing could seal their tokens."""
    records = await reopen(monkeypatch, "")
    with pytest.raises(SettingsError, match="CLAUSEBOT_SECRET_KEY: not set"):
        records.installations("client")
    await records.close()


async def test_hashes_outlive_a_change_of_keys(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same question hashes alike without a key, with the first, and with another."""
    for number, keys in enumerate(["", OLD, f"{NEW},{OLD}", NEW]):
        records = await reopen(monkeypatch, keys)
        await records.answers.record_answer(ONE_CLAUSE, Origin("slack", "T0", "U0", str(number)), 0.1)
        await records.close()
    records = await reopen(monkeypatch, NEW)
    async with records.engine.connect() as connection:
        hashes = (await connection.execute(select(AnswerRecord.question_hash))).scalars().all()
    assert len(hashes) == 4
    assert len(set(hashes)) == 1
    await records.close()


async def test_a_state_is_good_once(engine: AsyncEngine, caplog: pytest.LogCaptureFixture) -> None:
    """An OAuth state that was issued is taken once; one that was not, never."""
    store = open_state_store(engine)
    state = await store.async_issue()
    assert [await store.async_consume(each) for each in (state, state, "made up")] == [True, False, False]


async def test_a_database_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing listens, the start ends with a line that names the setting and quotes no password."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://ann:secret@127.0.0.1:1/records")
    with pytest.raises(SettingsError) as caught:
        await open_records(load_settings())
    assert str(caught.value).startswith("DATABASE_URL: the database can't be used (ConnectionRefusedError: ")
    assert "secret" not in str(caught.value)


async def test_a_database_that_is_not_there_is_told(postgresql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the server knows no such database, the start ends with a line that names the setting."""
    monkeypatch.setenv("DATABASE_URL", make_url(postgresql).set(database="no_such").render_as_string())
    with pytest.raises(SettingsError) as caught:
        await open_records(load_settings())
    assert str(caught.value).startswith("DATABASE_URL: the database can't be used (InvalidCatalogNameError); ")


async def test_no_log_line_holds_a_token_or_a_key(
    address: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at DEBUG, storing, finding and changing keys quote no token, state or key."""
    caplog.set_level(logging.DEBUG)
    records = await reopen(monkeypatch, OLD)
    await records.installations("client").async_save(INSTALLATION)
    await records.installations("client").async_find_installation(enterprise_id=None, team_id="T0TEAM")
    await records.close()
    await (await reopen(monkeypatch, f"{NEW},{OLD}")).close()
    assert not [secret for secret in (*SECRETS.values(), OLD, NEW) if secret in caplog.text]
