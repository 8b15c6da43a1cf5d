"""The command line: `clausebot`, with `ask`. What else it can do is loaded when asked for, so that asking is quick."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

# Clausebot uses no plugins of pydantic's; looking for some would cost a tenth of a cold start.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")
# What a start allocates stays: with Python's threshold of 700 the collector would look through it a hundred times.
gc.set_threshold(50_000, 20, 20)

import typer  # noqa: E402
from typer.core import TyperGroup  # noqa: E402

from bot.places import find_guides, find_sources  # noqa: E402

if TYPE_CHECKING:
    from retrieval.answerer import Answerer


class _Group(TyperGroup):
    """`ask`, and the other commands as soon as one of them is called or all are listed: a question needs none."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:
            self._add_others()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: Any) -> list[str]:
        self._add_others()
        return super().list_commands(ctx)

    def _add_others(self) -> None:
        from bot.commands import others

        self.commands.update(typer.main.get_group(others).commands)


app = typer.Typer(
    name="clausebot",
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"clausebot {version('clausebot')}")
        raise typer.Exit


@app.callback()
def describe(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Who does what about a regulation's clause: answers from a cloud provider's guide, with sources."""


@app.command()
def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="The question; with --jsonl, a file with a question a line, or - for standard input."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the answer as one JSON object.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Answer a question a line (text, or JSON with a question key) as JSON lines."),
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show terms, concepts, scores and evidence.")] = False,
    source: Annotated[
        Path | None,
        typer.Option("--source", help="Folder with the guides' texts (or one text), for quotes.", show_default=False),
    ] = None,
) -> None:
    """Answer a question from the guide: clausebot ask "who handles backups under GL8 5.1(c)?"."""
    words = question or []
    if jsonl:
        if len(words) > 1:
            _fail("--jsonl takes one file, or - for standard input")
        _answer_lines(words[0] if words else "-", source)
        return
    text = " ".join(words)
    if not text.strip():
        _fail('no question; ask one, such as: clausebot ask "who handles backups under GL8 5.1(c)?"')
    answerer = _load_answerer(source)
    if explain:
        from bot.terminal import print_explanation

        print_explanation(answerer.explain(text))
        return
    answer = answerer.answer(text)
    if json:
        _print(answer.model_dump_json())
    elif sys.stdout.isatty():
        from bot.terminal import print_card

        print_card(answer)
    else:
        _print(answer.message)


def _answer_lines(name: str, source: Path | None) -> None:
    from bot.lines import answer_lines

    answerer = _load_answerer(source)
    if name == "-":
        lines = sys.stdin.buffer
        for line in answer_lines(lines, answerer, _warn):
            _print(line)
        return
    try:
        with Path(name).open("rb") as lines:
            for line in answer_lines(lines, answerer, _warn):
                _print(line)
    except OSError as error:
        _fail(f"{name} cannot be read: {error.strerror}")


def _load_answerer(source: Path | None) -> Answerer:
    from corpus.problems import CorpusError
    from retrieval.answerer import load_answerer

    # Tens of thousands of objects that stay: the corpus that comes now would have them all looked through for garbage.
    gc.freeze()
    try:
        answerer, problems = load_answerer(source or find_sources(), find_guides())
    except CorpusError as error:
        _fail(str(error))
    for problem in problems:
        _warn(problem)
    return answerer


def _print(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:
        _leave_pipe()
        raise typer.Exit from None


def _leave_pipe() -> None:
    """Write no more to a pipe whose reader has gone: Python would complain when it flushes at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _warn(line: str) -> None:
    print(f"clausebot: {line}", file=sys.stderr)


def _fail(line: str) -> NoReturn:
    _warn(line)
    raise typer.Exit(2)


def run() -> int:
    """Run the command line.

    Returns:
        The exit status: 2 for unusable arguments or a corpus that does not load.
    """
    for stream in (sys.stdout, sys.stderr):
        # Answers hold Chinese and dashes, whatever the terminal's locale says.
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    status = 0
    try:
        status = app(standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        if "\n" in error.format_message():
            # No command was named: this is the help.
            print(error.format_message(), file=sys.stderr)
            return 2
        _warn(f"{error.format_message().rstrip('.')}; see clausebot --help")
        status = 2
    except BrokenPipeError:
        _leave_pipe()
    except OSError as error:
        # A full disk, a closed output: what could not be written is said where something still can be.
        _leave_pipe()
        _warn(f"the answer cannot be written: {error.strerror}")
        status = 2
    return status or 0


def main() -> None:
    """Run the command line and end the process with its exit status."""
    status = run()
    sys.stderr.flush()
    # Nothing is left to tidy up, and taking a corpus apart object by object costs a tenth of the whole run.
    os._exit(status)


if __name__ == "__main__":
    # Where only the dependencies are installed, as platforms do that find a requirements.txt.
    main()
