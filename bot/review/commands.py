"""`clausebot review`: a questionnaire filled, and what people approved kept. Imports what it needs when it runs."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from bot.records.records import Records
    from bot.review.approving import Approved
    from bot.review.model import Columns, ReviewedRow
    from bot.review.run import Progress, Reviewed
    from bot.settings import Settings

_STANDARD_OUTPUT = Path("-")
_COLUMNS = ("question", "answer", "comment")
# Rows that are named where they can't be kept; more are counted.
_MOST_NAMED = 5


def review(
    file: Annotated[
        Path,
        typer.Argument(metavar="IN", help="A questionnaire: xlsx, csv, tsv, docx, JSON or text.", show_default=False),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Where to write it (-: standard output); else IN-reviewed beside IN.",
            show_default=False,
        ),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--columns",
            help="Which columns hold what, by heading, letter or number: question=B,answer=C,comment=D.",
            show_default=False,
        ),
    ] = None,
    guide: Annotated[
        list[str] | None,
        typer.Option("--guide", help="A guide's id, as often as needed; else every guide.", show_default=False),
    ] = None,
    approve: Annotated[
        bool,
        typer.Option("--approve", help="Keep what people approved in IN, a file that a review returned."),
    ] = False,
) -> None:
    """Fill a questionnaire: what the guide answers is answered, the rest left blank with the reason."""
    from bot.records.database import DATABASE_FAULTS
    from bot.review.model import ReviewError
    from bot.settings import SettingsError
    from corpus.problems import CorpusError

    if approve and output:
        _fail("--approve writes no file; leave out -o")
    named = _read_columns(columns or [])
    try:
        if approve:
            _approve(file, named, guide or [])
        else:
            _review(file, output, named, guide or [])
    except (ReviewError, CorpusError, SettingsError) as error:
        _fail(str(error).rstrip("."))
    except DATABASE_FAULTS as error:
        _fail(f"the approved answers can't be read or kept ({type(error).__name__})")


def _review(file: Path, output: Path | None, columns: Columns | None, guides: list[str]) -> None:
    import asyncio

    from bot.review.local import open_desk
    from bot.review.reading import open_questionnaire
    from bot.review.run import review as run

    content = _read(file)
    to_pipe = output == _STANDARD_OUTPUT
    written = _STANDARD_OUTPUT if to_pipe else _choose_output(file, output)
    questionnaire = open_questionnaire(content, file.name, columns)
    if to_pipe and questionnaire.kind in ("xlsx", "docx") and sys.stdout.isatty():
        _fail(f"--output: a .{questionnaire.kind} is nothing for a terminal; name a file, or send it on with > or |")
    if output and written.suffix.lower() not in ("", file.suffix.lower(), f".{questionnaire.kind}"):
        _fail(f"--output: what is in {file} comes back as .{questionnaire.kind}, not as {written.suffix}")
    desk, settings = open_desk(_warn), _find_records()

    async def fill(progress: Progress | None) -> Reviewed:
        approved = await _load_approved(settings) if settings else {}
        return await run(questionnaire, desk, name=file.name, guides=guides, approved=approved, progress=progress)

    reviewed = asyncio.run(_watch(fill))
    from bot.review.files import write_whole

    place = "standard output" if to_pipe else str(written)
    try:
        if to_pipe:
            # Not through sys.stdout, which would try once more at the end where the reader has gone.
            with os.fdopen(sys.stdout.fileno(), "wb", closefd=False) as pipe:
                pipe.write(reviewed.content)
        else:
            write_whole(written, reviewed.content)
    except OSError as error:
        _fail(f"{place} can't be written: {error.strerror}")
    counts = reviewed.counts
    noun = "question" if counts.questions == 1 else "questions"
    told = f"{counts.questions:,} {noun}: {counts.answered:,} answered, {counts.person:,} for a person"
    piped = to_pipe or written == Path("/dev/stdout")
    print(f"{told}; written to {place}", file=sys.stderr if piped else sys.stdout)


async def _watch(fill: Callable[[Progress | None], Awaitable[Reviewed]]) -> Reviewed:
    """Fill, with a bar on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        return await fill(None)
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reviewing", total=None)
        return await fill(lambda done, total: bar.update(task, completed=done, total=total))


def _approve(file: Path, columns: Columns | None, guides: list[str]) -> None:
    import asyncio
    import time

    from bot.records.approved import keep_approved, load_approved
    from bot.records.commands import run_on_records
    from bot.review.approving import read_approval
    from bot.review.composing import Reviewer
    from bot.review.local import open_desk
    from bot.review.model import Fill, Question
    from bot.review.reading import read_reviewed

    rows = read_reviewed(_read(file), file.name, columns)
    if not any(row.reviewer.strip() for row in rows):
        _fail(f"nobody approved anything in {file}: put a name in the column “Clausebot: Reviewer” of each row to keep")
    desk = open_desk(_warn)
    each = [[guide.id] for guide in desk.catalogue().guides]
    reviewers = [Reviewer(desk, chosen) for chosen in ([guides] + [one for one in each if one != guides])]

    def offer(question: str) -> list[Fill]:
        return [reviewer.fill(Question(place="", row=1, text=question)) for reviewer in reviewers]

    async def keep(records: Records, _: object) -> None:
        known = await load_approved(records.engine)
        approval = await asyncio.to_thread(
            lambda: read_approval(rows, offer, known, at=time.time(), corpus=desk.corpus_hash)
        )
        await keep_approved(records.engine, approval.answers)
        _say_left(approval.differing, "the two answers differ; make them one")
        _say_left(approval.unanswered, "there is a reviewer and no answer")
        noun = "answer" if len(approval.answers) == 1 else "answers"
        rest = f"{approval.unreviewed:,} {'row' if approval.unreviewed == 1 else 'rows'} without a reviewer"
        print(f"{len(approval.answers):,} approved {noun} kept; {rest}")

    run_on_records(keep)


def _say_left(rows: tuple[ReviewedRow, ...], why: str) -> None:
    for row in rows[:_MOST_NAMED]:
        _warn(f"row {row.row}{f' of {row.place}' if row.place else ''} is not kept: {why}")
    if len(rows) > _MOST_NAMED:
        _warn(f"{len(rows) - _MOST_NAMED:,} more rows are not kept: {why}")


def _find_records() -> Settings | None:
    """The settings, where there are records: a review makes none."""
    from sqlalchemy import make_url

    from bot.records.database import find_database
    from bot.settings import load_settings

    settings = load_settings()
    url = make_url(settings.database_url.get_secret_value()) if settings.database_url else find_database()
    return settings if url.get_backend_name() != "sqlite" or Path(url.database or "").is_file() else None


async def _load_approved(settings: Settings) -> dict[str, Approved]:
    from bot.records.approved import load_approved
    from bot.records.records import open_records

    records = await open_records(settings)
    try:
        return await load_approved(records.engine)
    finally:
        await records.close()


def _choose_output(file: Path, output: Path | None) -> Path:
    """Where the filled file goes: nowhere that was not named and is taken, and never in the questionnaire's place."""
    from bot.review.run import output_name

    written = output or file.with_name(output_name(file.name))
    if output is None and (written.exists() or written.is_symlink()):
        _fail(f"{written} is there already; name where to write with -o")
    if written.exists() and file.exists() and written.samefile(file):
        _fail("--output: that is the questionnaire itself; name another file")
    if not written.parent.is_dir():
        _fail(f"--output: there is no folder {written.parent}")
    if written.is_dir():
        _fail(f"--output: {written} is a folder; name a file")
    return written


def _read(file: Path) -> bytes:
    """A file whose size was looked at first."""
    from bot.review.reading import LARGEST_FILE

    try:
        if not file.is_file():
            _fail(f"{file} is {'no file' if file.exists() else 'not there'}")
        size = file.stat().st_size
        if size > LARGEST_FILE:
            _fail(f"{file} has {size / 1e6:,.0f} MB; {LARGEST_FILE // 1_000_000} MB are read at most")
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError as error:
        _fail(f"{file} can't be read: {error.strerror}")


def _read_columns(given: list[str]) -> Columns | None:
    from bot.review.model import Columns

    named: dict[str, str] = {}
    for text in given:
        # A heading may hold a comma itself.
        for part in re.split(rf",\s*(?=(?:{'|'.join(_COLUMNS)})\s*=)", text):
            field, _, column = (each.strip() for each in part.partition("="))
            if field not in _COLUMNS or not column or field in named:
                _fail(f"--columns: “{part.strip()}” is none; write question=B,answer=C,comment=D")
            named[field] = column
    return Columns(**named) if named else None


def _warn(line: str) -> None:
    print(f"clausebot: {line}", file=sys.stderr)


def _fail(line: str) -> NoReturn:
    _warn(line)
    raise typer.Exit(2)
