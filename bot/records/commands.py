"""`clausebot records …`: what the operator does with the records. Imports what it needs when it runs."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.places import find_guides, find_sources

if TYPE_CHECKING:
    from bot.records.records import Records
    from bot.settings import Settings

records_app = typer.Typer(help="Export, purge, erase and replay what was answered.", no_args_is_help=True)


class ExportFormat(StrEnum):
    """How `records export` prints answers."""

    JSONL = "jsonl"
    CSV = "csv"


@records_app.command("export")
def export(
    since: Annotated[
        datetime,
        typer.Option(
            "--since",
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="Answers (or feedback) from this day, or time, on (UTC).",
            show_default="all",
        ),
    ] = datetime(1970, 1, 1),  # noqa: DTZ001 - typer reads times without a zone, which are taken as UTC below
    output: Annotated[
        ExportFormat | None,
        typer.Option("--format", help="jsonl (an answer a line) or csv.", show_default="jsonl"),
    ] = None,
    feedback: Annotated[
        bool,
        typer.Option(
            "--feedback",
            help="Questions found wrongly answered, or approved in a review, as gold questions to fill in (YAML).",
        ),
    ] = False,
) -> None:
    """Print the answers with what people thought of them."""
    if feedback and output:
        _fail("--feedback prints YAML; leave --format out")
    begin = since.replace(tzinfo=UTC).timestamp()

    async def run(records: Records, _: Settings) -> None:
        from bot.records.export import export_answers

        async for line in export_answers(records.engine, begin, (output or ExportFormat.JSONL).value):
            sys.stdout.write(line)

    async def compose(records: Records, _: Settings) -> None:
        from bot.records.gold import compose_questions

        questions, without_text = await compose_questions(records.engine, begin)
        sys.stdout.write(questions)
        if without_text:
            _warn(
                f"{without_text} more answers with such feedback have no question to export: "
                "only CLAUSEBOT_STORE_QUESTIONS=true stores their text"
            )

    run_on_records(compose if feedback else run)


@records_app.command("purge")
def purge() -> None:
    """Delete answers and feedback older than CLAUSEBOT_RETENTION_DAYS."""

    async def run(records: Records, settings: Settings) -> None:
        from bot.records.upkeep import purge as delete

        if settings.clausebot_retention_days is None:
            _fail("CLAUSEBOT_RETENTION_DAYS: not set, or empty; set it to the days that answers are kept")
        print(f"{await delete(records.engine, settings.clausebot_retention_days)} records deleted")

    run_on_records(run)


@records_app.command("erase")
def erase(
    workspace: Annotated[str, typer.Option("--workspace", help="The workspace's id, such as T0123.")],
) -> None:
    """Delete all that came from a workspace, its installation included."""
    if not workspace.strip():  # a variable that was empty, and what came from browsers and programs has no workspace
        _fail("--workspace is empty; write the workspace's id, such as T0123")

    async def run(records: Records, _: Settings) -> None:
        from bot.records.upkeep import erase as delete

        print(f"{await delete(records.engine, workspace.strip())} records deleted")

    run_on_records(run)


@records_app.command("replay")
def replay() -> None:
    """Ask every stored question again on today's corpus, and show which answers changed, and why."""

    async def run(records: Records, settings: Settings) -> None:
        from bot.records.export import Replay, replay_answers
        from retrieval.answerer import load_answerer

        answerer, problems = load_answerer(settings.clausebot_sources or find_sources(), find_guides())
        for problem in problems:
            _warn(problem)
        counts = Replay()
        async for line in replay_answers(records.engine, answerer, counts):
            print(line)
        print(f"{counts.asked} questions asked again, {counts.changed} answers changed")
        if counts.without_text:
            print(f"{counts.without_text} more can't be asked: only CLAUSEBOT_STORE_QUESTIONS=true stores their text")

    run_on_records(run)


def run_on_records(command: Callable[[Records, Settings], Awaitable[None]]) -> None:
    """Run a command on the records that the settings name; what prevents it is said, and ends the process."""
    import asyncio

    from bot.records.database import DATABASE_FAULTS, describe_fault
    from bot.records.records import open_records
    from bot.settings import SettingsError, load_settings
    from corpus.problems import CorpusError

    async def run() -> None:
        settings = load_settings()
        records = await open_records(settings)
        try:
            await command(records, settings)
        finally:
            await records.close()

    try:
        asyncio.run(run())
    except (SettingsError, CorpusError) as error:
        _fail(str(error))
    except DATABASE_FAULTS as error:
        if isinstance(error, OSError) and not isinstance(
            error, ConnectionRefusedError | ConnectionResetError | TimeoutError
        ):
            raise  # what is printed could not be written
        _fail(f"the database went away, or refuses ({describe_fault(error)}); see clausebot doctor, then try again")


def _warn(line: str) -> None:
    print(f"clausebot: {line}", file=sys.stderr)


def _fail(line: str) -> NoReturn:
    _warn(line)
    raise typer.Exit(2)
