"""`clausebot matrix` as people and programs use it: real processes, their output, files and exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

GUIDES = Path(__file__).parents[1] / "fixtures" / "guides"
CLAUSEBOT = Path(sys.executable).parent / "clausebot"
REAL, INVENTED = "alibaba-cloud-hk-insurance-2019", "quaymoth-cloud-hk-insurance-2021"
BEGINS = {
    "md": b"# Responsibility matrix: GL14\n",
    "csv": b"\xef\xbb\xbfClause,Title,",
    "xlsx": b"PK\x03\x04",
    "html": b"<!DOCTYPE html>\n",
    "json": b'{\n  "sha256": ',
    "oscal": b'{\n  "component-definition": {',
}


def environment() -> dict[str, str]:
    """This process's environment with the invented guide beside the real one and no other setting."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CLAUSEBOT_")}
    return kept | {"CLAUSEBOT_GUIDES": str(GUIDES)}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    """Run `clausebot matrix` with these arguments."""
    return subprocess.run([CLAUSEBOT, "matrix", *arguments], capture_output=True, env=environment(), check=False)


@pytest.mark.parametrize("form", BEGINS)
def test_each_format_goes_to_a_file_and_to_a_pipe(form: str, tmp_path: Path) -> None:
    """Every format is written to standard output and, with -o, to a file: the same bytes, run for run."""
    piped = run("--regulation", "GL14", "--format", form)
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert piped.stdout.startswith(BEGINS[form])
    place = tmp_path / "matrix.out"
    filed = run("--regulation", "GL14", "--format", form, "-o", place)
    assert (filed.returncode, filed.stdout, filed.stderr) == (0, b"", b"")
    assert place.read_bytes() == piped.stdout


def test_without_a_format_the_files_ending_says_it(tmp_path: Path) -> None:
    """Without --format a file is written as its name ends, else as Markdown; with one, the name does not matter."""
    for name, form in (("a.xlsx", "xlsx"), ("a.CSV", "csv"), ("a.json", "json"), ("a.txt", "md"), ("a", "md")):
        assert run("--regulation", "GL14", "-o", tmp_path / name).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(BEGINS[form]), name
    assert run("--regulation", "GL14", "--format", "oscal", "--output", tmp_path / "b.json").returncode == 0
    assert (tmp_path / "b.json").read_bytes().startswith(BEGINS["oscal"])


def test_guides_are_chosen_by_their_ids() -> None:
    """--guide, given once or more, keeps those guides, in that order; without it all are there."""
    for arguments, kept in (
        ((), [REAL, INVENTED]),
        (("--guide", INVENTED), [INVENTED]),
        (("--guide", INVENTED, "--guide", REAL), [INVENTED, REAL]),
    ):
        done = run("--format", "json", *arguments)
        assert [guide["id"] for guide in json.loads(done.stdout)["guides"]] == kept


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--regulation", "GL99"), "no chosen guide answers that regulation; those answered are: GL8, GL14"),
        (("--guide", "\x1b[31m"), f"no guide of that id is loaded; there are: {REAL}, {INVENTED}"),
        (
            ("-o", "matrix.pdf"),
            "--output: .pdf is no format; end it with .md, .csv, .xlsx, .html, .json, .oscal, or name one by --format",
        ),
    ],
)
def test_what_is_unknown_ends_with_a_line_that_names_what_there_is(
    arguments: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    """An unknown regulation, guide or ending: status 2, one line with those there are, and no file."""
    done = run("-o", tmp_path / "matrix.md", *arguments)
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"clausebot: {told}\n")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused() -> None:
    """A format that there is not: status 2 and one line that names those there are."""
    done = run("--format", "pdf")
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(r"clausebot: .*'md'.*'oscal'.*\n", done.stderr.decode())


def test_a_workbook_is_not_written_to_a_terminal() -> None:
    """Onto a terminal, a workbook is refused with a line that says what to do; text is written."""
    main, terminal = pty.openpty()
    try:
        done = subprocess.run(
            [CLAUSEBOT, "matrix", "--format", "xlsx"],
            stdout=terminal,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(main)
    assert done.returncode == 2
    assert done.stderr == b"clausebot: --format xlsx is no text for a terminal; name a file with -o\n"


def test_a_file_is_replaced_whole_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    """An existing file is replaced, its permissions kept, also behind a link; nothing else is left in the folder."""
    place, link = tmp_path / "matrix.md", tmp_path / "link.md"
    place.write_text("old")
    place.chmod(0o640)
    link.symlink_to(place)
    assert run("-o", link).returncode == 0
    assert place.read_bytes().startswith(b"# Responsibility matrix")
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, place]


def test_what_cannot_be_written_is_told_and_changes_nothing(tmp_path: Path) -> None:
    """A folder that is not there, or in the file's place: status 2, one line, nothing written."""
    for place in (tmp_path / "none" / "matrix.md", tmp_path):
        done = run("-o", place)
        assert done.returncode == 2
        assert re.fullmatch(rf"clausebot: --output: {place} can't be written: [\w ]+\n", done.stderr.decode())
    assert list(tmp_path.iterdir()) == []


def test_a_device_is_written_to_as_it_is() -> None:
    """-o /dev/stdout writes to standard output."""
    done = run("--regulation", "GL8", "-o", "/dev/stdout")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"# Responsibility matrix: GL8\n")


def test_a_reader_that_goes_away_is_no_error() -> None:
    """Into a closed pipe: no complaint, status 0."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [CLAUSEBOT, "matrix", "--format", "json"],
            stdout=write,
            stderr=subprocess.PIPE,
            env=environment(),
            check=False,
        )
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")
