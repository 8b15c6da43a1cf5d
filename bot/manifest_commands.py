"""`clausebot manifest …`: what a chat platform asks of an app. Imports what it needs when it runs."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

manifest_app = typer.Typer(help="Print the app's manifest for a chat platform.", no_args_is_help=True)


@manifest_app.command("slack")
def slack(
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where Slack reaches the service, such as https://bot.example.", show_default=False),
    ] = None,
    socket: Annotated[bool, typer.Option("--socket", help="Socket Mode: Slack needs no address.")] = False,
    oauth: Annotated[
        bool, typer.Option("--oauth", help="For many workspaces through OAuth: tokens expire and are renewed.")
    ] = False,
    follow_ups: Annotated[
        bool,
        typer.Option(
            "--follow-ups", help="Hear every message of its channels, to answer follow-ups without a mention."
        ),
    ] = False,
) -> None:
    """Print the Slack app's manifest, for Create New App, From a manifest at api.slack.com/apps."""
    import yaml

    from bot.slack.manifest import compose_manifest, read_address

    if url is None and not socket:
        _fail("--url: not given; write where Slack reaches the service, or --socket, which needs no address")
    if url is None and oauth:
        _fail("--url: not given; --oauth needs it even over Socket Mode, for the browsers of those who install")
    try:
        address = None if url is None else read_address(url)
    except ValueError as error:
        _fail(f"--url: {error}")
    manifest = compose_manifest(address, socket=socket, oauth=oauth, follow_ups=follow_ups)
    sys.stdout.write(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100))


def _fail(line: str) -> NoReturn:
    print(f"clausebot: {line}", file=sys.stderr)
    raise typer.Exit(2)
