"""`clausebot token`: real processes; what they print, make and take away."""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes.leaks import note_secret

from bot.records.records import open_records
from bot.settings import load_settings

CLAUSEBOT = Path(sys.executable).parent / "clausebot"


async def run(*arguments: str) -> tuple[int | None, str, str]:
    """Run ``clausebot token`` in this test's environment: its status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(CLAUSEBOT, "token", *arguments, stdout=-1, stderr=-1)
    out, errors = await process.communicate()
    return process.returncode, out.decode(), errors.decode()


async def create(*arguments: str) -> str:
    """The token that the command makes."""
    status, out, errors = await run("create", *arguments)
    assert status == 0, errors
    note_secret(out.strip())
    return out.strip()


async def is_good(token: str) -> bool:
    """Whether the token lets in."""
    records = await open_records(load_settings())
    try:
        return await records.tokens.check(token) is not None
    finally:
        await records.close()


async def test_create_prints_the_token_alone() -> None:
    """Standard output is the token, for scripts; what to do with it stands on standard error."""
    status, out, errors = await run("create", "nightly report")
    note_secret(out.strip())
    assert status == 0
    assert re.fullmatch(r"clausebot_[0-9a-f]{12}_[\w-]{43}\n", out)
    assert errors.startswith("clausebot: keep it now, it is not shown again")
    assert await is_good(out.strip())


async def test_list_tells_names_and_beginnings_only() -> None:
    """The list has a line a token: how it begins, its name, its days; and no token."""
    began = datetime.now(UTC).date()
    first, second = await create("nightly report"), await create("保險公司", "--days", "30")
    await is_good(first)
    status, out, errors = await run("list")
    assert (status, errors) == (0, "")
    one, other = out.splitlines()
    days = [date.fromisoformat(day) for day in re.findall(r"\d{4}-\d\d-\d\d", out)]
    assert one == f"{first[:22]}…  nightly report  (made {days[0]}, last used {days[1]}, no end)"
    assert other == f"{second[:22]}…  保險公司  (made {days[2]}, never used, expires {days[2] + timedelta(days=30)})"
    assert {*days[:3]} <= {began, datetime.now(UTC).date()}  # midnight may pass meanwhile


@pytest.mark.parametrize("length", [4, 12, 22, 23, 66])
async def test_revoke_takes_an_id_a_beginning_or_the_token(length: int) -> None:
    """However the token is named, with or without ``clausebot_``, it lets nobody in any more."""
    token = await create("nightly report")
    named = token[10 : 10 + length] if length < 22 else token[:length]
    assert await run("revoke", named) == (0, f"{token[:22]}… nightly report revoked\n", "")
    assert not await is_good(token)
    assert await run("list") == (0, "", "")


async def test_revoke_takes_only_what_it_is_sure_of() -> None:
    """Where no token or several begin so, none is revoked, and a line says what to do."""
    tokens = [await create("one"), await create("two")]
    for named in ("", "clausebot_", "_", "zzzz"):
        status, out, errors = await run("revoke", "--", named)
        assert (status, out) == (2, "")
        assert errors == "clausebot: there is no token that begins so; see clausebot token list\n"
    while len({token[10] for token in tokens}) == len(tokens):
        tokens.append(await create("more"))
    shared = next(token[10] for token in tokens[:-1] if token[10] == tokens[-1][10])
    status, out, errors = await run("revoke", shared)
    assert (status, out) == (2, "")
    assert "2 tokens begin so" in errors
    assert all([await is_good(token) for token in tokens])


@pytest.mark.parametrize("name", ["", "   ", "x" * 65, "a\x1b[2Jb", "a\nb"])
async def test_a_name_is_short_and_printable(name: str) -> None:
    """A name that a terminal would act on, or that tells nothing, is refused."""
    status, out, errors = await run("create", "--", name)
    assert (status, out) == (2, "")
    assert errors.startswith("clausebot: the name is not 1 to 64 printable characters")


@pytest.mark.parametrize("days", ["0", "-1", "x", "36501"])
async def test_days_are_days(days: str) -> None:
    """A token that would be over before it is used is not made."""
    status, out, errors = await run("create", "one", "--days", days)
    assert (status, out) == (2, "")
    assert errors.startswith("clausebot: Invalid value for '--days'")
