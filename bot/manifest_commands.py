"""`clausebot manifest …`: what a chat platform asks of an app. Imports what it needs when it runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

manifest_app = typer.Typer(help="The app's manifest for a chat platform.", no_args_is_help=True)


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
    reviews: Annotated[
        bool, typer.Option("--reviews", help="Take questionnaires to review, and give them back filled.")
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
    manifest = compose_manifest(address, socket=socket, oauth=oauth, follow_ups=follow_ups, reviews=reviews)
    sys.stdout.write(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=100))


@manifest_app.command("teams")
def teams(
    app_id: Annotated[
        str, typer.Option("--app-id", help="The bot's Microsoft App ID (MICROSOFT_APP_ID).", show_default=False)
    ],
    url: Annotated[
        str,
        typer.Option("--url", help="Where Teams reaches the service, such as https://bot.example.", show_default=False),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Where to write the package.")] = Path(
        "clausebot-teams.zip"
    ),
    follow_ups: Annotated[
        bool,
        typer.Option(
            "--follow-ups", help="Hear every message of its channels, to answer follow-ups without a mention."
        ),
    ] = False,
    reviews: Annotated[
        bool, typer.Option("--reviews", help="Take questionnaires to review, and give them back filled.")
    ] = False,
) -> None:
    """Write the Teams app's package, to be uploaded to Teams, and say where the bot has to send messages."""
    from bot.slack.manifest import read_address
    from bot.teams.manifest import MESSAGES_PATH, build_package, compose_manifest, read_app_id

    try:
        bot = read_app_id(app_id)
    except ValueError as error:
        _fail(f"--app-id: {error}")
    try:
        address = read_address(url)
    except ValueError as error:
        _fail(f"--url: {error}")
    try:
        manifest = compose_manifest(bot, address, follow_ups=follow_ups, reviews=reviews)
        output.write_bytes(build_package(manifest))
    except OSError as error:
        _fail(f"--output: {output} can't be written: {error.strerror}")
    print(f"{output}: upload it to Teams. The bot's messaging endpoint is {address}{MESSAGES_PATH}")


def _fail(line: str) -> NoReturn:
    print(f"clausebot: {line}", file=sys.stderr)
    raise typer.Exit(2)
