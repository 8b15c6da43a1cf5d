"""`clausebot corpus …`: what a pack's curator needs. Imports what it needs when it runs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.places import find_guides, find_sources

corpus_app = typer.Typer(help="Check the guides' packs, and draft new ones.", no_args_is_help=True)


class DraftFormat(StrEnum):
    """How `corpus split` prints a draft."""

    YAML = "yaml"
    JSONL = "jsonl"


@corpus_app.command("check")
def check(
    source: Annotated[
        Path | None,
        typer.Option(
            "--source",
            help="The guide's text (or a folder of texts), to verify every sentence.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Check every pack: references, pages, anchors; with the source, each sentence's hash."""
    from bot.corpus_report import check_corpus

    raise typer.Exit(check_corpus(source or find_sources(), find_guides(), explicit=source is not None))


@corpus_app.command("split")
def split(
    file: Annotated[Path, typer.Argument(help="A guide's text.", show_default=False)],
    output: Annotated[
        DraftFormat, typer.Option("--format", help="yaml (a pack) or jsonl (a passage a line).")
    ] = DraftFormat.YAML,
) -> None:
    """Print a guide's clause-level passages, with suggested owners, as a draft pack to curate."""
    from bot.corpus_report import print_draft
    from corpus.source import SourceError

    try:
        print_draft(file, output.value)
    except SourceError as error:
        print(f"clausebot: {error}", file=sys.stderr)
        raise typer.Exit(2) from None
