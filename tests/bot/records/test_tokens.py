"""Tokens: shown once, kept as a hash, good until they are revoked or over."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

import pytest
from fakes.leaks import note_secret
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.models import TokenRecord
from bot.records.tokens import TokenBook

DAY = 24 * 60 * 60

# What makes the database refuse to note a use.
REFUSE = {
    "sqlite": "CREATE TRIGGER full_disk BEFORE UPDATE ON tokens BEGIN SELECT RAISE(ABORT, 'full'); END",
    "postgresql": "ALTER TABLE tokens ADD CONSTRAINT full_disk CHECK (used IS NULL)",
}


@pytest.fixture
def tokens(engine: AsyncEngine) -> TokenBook:
    """Tokens in an empty database."""
    return TokenBook(engine)


async def make(tokens: TokenBook, days: int | None = None) -> str:
    """A new token."""
    token = await tokens.create("a program", days)
    note_secret(token)
    return token


async def read_all(engine: AsyncEngine) -> str:
    """All that the table holds, as text."""
    async with engine.connect() as connection:
        return str((await connection.execute(select(TokenRecord.__table__))).all())


async def test_a_token_lets_in_and_is_kept_nowhere(engine: AsyncEngine, tokens: TokenBook) -> None:
    """Whoever shows the token is known by its name; the records hold neither it nor its secret part."""
    token = await make(tokens)
    found = await tokens.check(token)
    assert found
    assert (found.name, token.startswith(found.prefix + "_")) == ("a program", True)
    assert token not in await read_all(engine)
    assert token.removeprefix(found.prefix + "_") not in await read_all(engine)


async def test_a_token_can_not_be_guessed(tokens: TokenBook) -> None:
    """Its secret part is 43 characters of URL-safe base64, 256 bits, and no two are alike."""
    made = [await make(tokens) for _ in range(20)]
    secrets = [re.fullmatch(r"clausebot_[0-9a-f]{12}_([\w-]{43})", token, re.ASCII)[1] for token in made]  # type: ignore[index]
    assert len(set(secrets)) == 20


@pytest.mark.parametrize(
    "change",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token + "\n",
        lambda token: token.upper(),
        lambda token: token.removeprefix("clausebot_"),
        lambda token: token.replace(token[10:22], "0" * 12),
        lambda token: token[:22],
        lambda token: "",
        lambda token: "clausebot_' OR 1=1 --",
    ],
)
async def test_nothing_but_the_token_lets_in(tokens: TokenBook, change) -> None:  # type: ignore[no-untyped-def]
    """Whatever is only like a token is none."""
    token = await make(tokens)
    assert await tokens.check(change(token)) is None
    assert await tokens.check(token)


async def test_a_revoked_token_lets_nobody_in(tokens: TokenBook) -> None:
    """From the moment that it is revoked; others stay as good as they were."""
    token, other = await make(tokens), await make(tokens)
    found = await tokens.check(token)
    assert found
    assert await tokens.revoke(found.id)
    assert await tokens.check(token) is None
    assert await tokens.check(other)
    assert not await tokens.revoke(found.id)


async def test_a_token_expires(engine: AsyncEngine, tokens: TokenBook) -> None:
    """A token made for three days is good for those, and is still listed afterwards."""
    token = await make(tokens, days=3)
    found = await tokens.check(token)
    assert found
    assert found.expires == pytest.approx(time.time() + 3 * DAY, abs=600)
    async with engine.begin() as connection:
        await connection.execute(update(TokenRecord).values(expires=time.time() - 1))
    assert await tokens.check(token) is None
    assert [each.is_over for each in await tokens.list()] == [True]


async def test_the_day_of_its_last_use_is_noted_and_no_more(tokens: TokenBook) -> None:
    """A token that was never used says so; one that was names the day, not the time."""
    token = await make(tokens)
    assert [each.used for each in await tokens.list()] == [None]
    await tokens.check(token)
    await tokens.check(token)
    [noted] = [each.used for each in await tokens.list()]
    assert noted
    assert datetime.fromtimestamp(noted, UTC).strftime("%H:%M:%S.%f") == "00:00:00.000000"
    assert 0 <= time.time() - noted < 2 * DAY


async def test_a_token_is_good_where_its_use_can_not_be_noted(engine: AsyncEngine, tokens: TokenBook) -> None:
    """Where nothing can be written, whoever has a token is let in all the same."""
    token = await make(tokens)
    async with engine.begin() as connection:
        await connection.execute(text(REFUSE[engine.dialect.name]))
    assert await tokens.check(token)


async def test_who_showed_a_token_is_known_by_its_id_while_it_is_good(engine: AsyncEngine, tokens: TokenBook) -> None:
    """A session that was opened with a token ends with it: once it is revoked or over, its id finds nothing."""
    first, second = [await tokens.check(await make(tokens, days)) for days in (None, 1)]
    assert first
    assert second
    assert await tokens.find("0" * 12) is None
    assert [await tokens.find(each.id) is not None for each in (first, second)] == [True, True]
    await tokens.revoke(first.id)
    async with engine.begin() as connection:
        await connection.execute(update(TokenRecord).values(expires=time.time() - 1))
    assert [await tokens.find(each.id) for each in (first, second)] == [None, None]
