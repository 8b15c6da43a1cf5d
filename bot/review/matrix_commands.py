"""`clausebot matrix`: the responsibility matrix as a file. Imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.review.matrix_forms import MatrixFormat, render_matrix

if TYPE_CHECKING:
    from bot.desk import Desk


def matrix(
    regulation: Annotated[
        str | None,
        typer.Option("--regulation", help="Only this regulation's clauses, such as GL14.", show_default=False),
    ] = None,
    guide: Annotated[
        list[str] | None,
        typer.Option("--guide", help="A guide's id, as often as needed; else every guide.", show_default=False),
    ] = None,
    form: Annotated[
        MatrixFormat | None,
        typer.Option(
            "--format", help="What to write; else what -o ends with, and md without an ending.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where to write it; else standard output.", show_default=False)
    ] = None,
) -> None:
    """Draw up who does what, clause by clause: provider, customer, third party, ownership, citation."""
    from bot.review.matrix import draw_matrix
    from bot.web.overview import UnknownError

    chosen = form or _read_ending(output)
    if output is None and chosen is MatrixFormat.XLSX and sys.stdout.isatty():
        _fail("--format xlsx is no text for a terminal; name a file with -o")
    try:
        drawn = draw_matrix(_open_desk(), regulation, guide or ())
    except UnknownError as error:
        _fail(str(error).rstrip("."))
    content = render_matrix(drawn, chosen)
    if output is None:
        _print(content)
        return
    from bot.review.files import write_whole

    try:
        write_whole(output, content)
    except OSError as error:
        _fail(f"--output: {output} can't be written: {error.strerror}")


def _print(content: bytes) -> None:
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # The reader has gone; Python would complain when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _read_ending(output: Path | None) -> MatrixFormat:
    ending = output.suffix[1:].lower() if output else ""
    if ending not in {"", "txt", *MatrixFormat}:
        _fail(f"--output: .{ending} is no format; end it with .{', .'.join(MatrixFormat)}, or name one by --format")
    return MatrixFormat(ending) if ending in set(MatrixFormat) else MatrixFormat.MD


def _open_desk() -> Desk:
    from bot.review.local import open_desk
    from corpus.problems import CorpusError

    try:
        return open_desk(_warn)
    except CorpusError as error:
        _fail(str(error))


def _warn(line: str) -> None:
    print(f"clausebot: {line}", file=sys.stderr)


def _fail(line: str) -> NoReturn:
    _warn(line)
    raise typer.Exit(2)
