"""`clausebot token …`: which programs may ask over HTTP. Imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.records.commands import run_on_records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.records.records import Records
    from bot.records.tokens import Token
    from bot.settings import Settings

token_app = typer.Typer(help="Create, list and revoke the tokens of programs that ask over HTTP.", no_args_is_help=True)

_LONGEST_NAME = 64


@token_app.command("create")
def create(
    name: Annotated[str, typer.Argument(help="Whose it is, or what for.", show_default=False)],
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, max=36_500, help="How long it is good for.", show_default="for ever"),
    ] = None,
) -> None:
    """Make a token and print it, this once: only a hash of it is kept."""
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        _fail(f"the name is not 1 to {_LONGEST_NAME} printable characters; write whose token it is, or what for")

    async def run(records: Records, _: Settings) -> None:
        print(await records.tokens.create(name, days))
        _warn("keep it now, it is not shown again; send it as Authorization: Bearer TOKEN")

    run_on_records(run)


@token_app.command("list")
def list_tokens() -> None:
    """Print each token's beginning, name, and the days on which it was made, last used and expires."""

    async def run(records: Records, _: Settings) -> None:
        for token in await records.tokens.list():
            used = f"last used {_format_day(token.used)}" if token.used else "never used"
            ends = f"expire{'d' if token.is_over else 's'} {_format_day(token.expires)}" if token.expires else "no end"
            print(f"{token.prefix}…  {token.name}  (made {_format_day(token.created)}, {used}, {ends})")

    run_on_records(run)


@token_app.command("revoke")
def revoke(
    token: Annotated[str, typer.Argument(help="Its id, or its beginning as the list shows it.", show_default=False)],
) -> None:
    """Turn a token away from now on."""

    async def run(records: Records, _: Settings) -> None:
        chosen = _choose(token, await records.tokens.list())
        if not await records.tokens.revoke(chosen.id):
            _fail("somebody else revoked it just now")
        print(f"{chosen.prefix}… {chosen.name} revoked")

    run_on_records(run)


def _choose(text: str, tokens: Sequence[Token]) -> Token:
    """The one token that begins so; a whole one pasted is known by its beginning too."""
    from bot.records.tokens import PREFIX

    begin = text.strip().rstrip("…").removeprefix(PREFIX).partition("_")[0]
    found = [token for token in tokens if begin and token.id.startswith(begin)]
    if not found:
        _fail("there is no token that begins so; see clausebot token list")
    if len(found) > 1:
        _fail(f"{len(found)} tokens begin so: {', '.join(each.prefix for each in found)}; write more of it")
    return found[0]


def _format_day(time: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(time, UTC).date().isoformat()


def _warn(line: str) -> None:
    print(f"clausebot: {line}", file=sys.stderr)


def _fail(line: str) -> NoReturn:
    _warn(line)
    raise typer.Exit(2)
