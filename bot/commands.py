"""Every command but `clausebot ask`, which waits for none of them. Each imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.corpus_commands import corpus_app
from bot.manifest_commands import manifest_app
from bot.records.commands import records_app, run_on_records
from bot.review.commands import review
from bot.review.matrix_commands import matrix
from bot.token_commands import token_app

if TYPE_CHECKING:
    from bot.records.records import Records
    from bot.settings import Settings

others = typer.Typer(rich_markup_mode=None)
others.command()(matrix)
others.command()(review)
others.add_typer(corpus_app, name="corpus")
others.add_typer(manifest_app, name="manifest")
others.add_typer(records_app, name="records")
others.add_typer(token_app, name="token")


@others.command()
def serve() -> None:
    """Start the service: pages, API and health checks; Slack and Teams where they are set up."""
    from bot.server import serve as run

    raise typer.Exit(run())


@others.command()
def mcp(
    source: Annotated[
        Path | None,
        typer.Option("--source", help="Folder with the guides' texts (or one text), for quotes.", show_default=False),
    ] = None,
) -> None:
    """Serve the guide to an assistant over standard input and output (Model Context Protocol)."""
    from bot.mcp import serve_stdio

    raise typer.Exit(serve_stdio(source))


@others.command()
def doctor() -> None:
    """Say what is set up, what is left to do and what is wrong; status 1 if something is wrong."""
    from bot.doctor import diagnose

    raise typer.Exit(diagnose())


@others.command()
def migrate() -> None:
    """Bring the database to the tables of this version, as the service does at its start, and end."""

    async def report(records: Records, _: Settings) -> None:
        print(f"the tables are up to date ({records.engine.dialect.name})")

    run_on_records(report)
