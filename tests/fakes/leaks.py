"""The log of the whole run, in which nothing stands that a person wrote and no secret: else the run fails.

Two kinds of text are looked for. Secrets, whatever they look like. And what people write, where it can be told from
the service's own lines: a bare reference ("GL8 5.1(c)"), a single plain word ("another") or a few letters ("who?")
may rightly stand in a line that nobody's question had a part in, so that looking for them would fail honest runs.
Texts are looked for by their beginning, as a cut quotation is a leak too, in each of the forms that a line may give
them: as typed, with Slack's escapes or without, in JSON, in a form, in Python's quotes.
"""

from __future__ import annotations

import html
import json
import logging
import os
import tempfile
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from urllib.parse import quote_plus, urlsplit

import pytest

from bot.logs import JsonLineFormatter
from retrieval.reference import blank_references, parse_references

# Characters: of a text that is looked for; by which a text is known when it is longer; of a secret.
_SHORTEST = 7
_ENOUGH = 20
_SHORTEST_SECRET = 8

_SECRET_VARIABLES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_SECRET",
    "MICROSOFT_APP_PASSWORD",
    "CLAUSEBOT_SECRET_KEY",
)

_texts: set[str] = set()
_secrets: set[str] = set()
_files: set[Path] = set()
_open: list[FileIO] = []  # the log, while the run goes on


def note_text(text: str) -> str:
    """Look for what a person writes, from now on and in what was logged before; the text itself comes back."""
    _texts.add(text)
    return text


def note_secret(secret: str) -> None:
    """Look for a secret too; one of a few letters only is a test's word for some value, and is not looked for."""
    if len(secret) >= _SHORTEST_SECRET and not secret.isalpha():
        _secrets.add(secret)


def note_stderr(said: str) -> None:
    """Add to the log what a process said on its standard error, for tests that read it themselves."""
    open_stderr().write(said.encode() + b"\n")


def note_file(path: Path) -> None:
    """Add to the log, at the end of the run, what a process wrote into a file that is still there then."""
    _files.add(path)


def open_stderr() -> FileIO:
    """The log itself, open for the whole run: the standard error of a process that a test starts."""
    assert _open, "the log of the run is not kept; is tests/conftest.py in use?"
    return _open[0]


def is_distinct(text: str) -> bool:
    """Whether a text can be told from the service's own lines; see the head of this file."""
    text = text.strip()
    own_words = blank_references(text, parse_references(text)).strip(" .,:;?!()")
    if sum(char.isalnum() and not char.isascii() for char in own_words) > 1:
        return True  # the service's own lines are English
    # Of a name of two hundred times the same letter, what is looked for tells nothing.
    return bool(own_words) and len(text) >= _SHORTEST and len(set(text[:_ENOUGH])) > 2 and not text.isalpha()


def find_leaks(log: str) -> list[str]:
    """A line for each noted text and secret that occurs in the log: which it is, and the log's line."""
    told = log + "\n" + "\n".join(_values(log))
    leaks = []
    for kind, noted in (("secret", _secrets), ("text of a person", {text for text in _texts if is_distinct(text)})):
        for text in sorted(noted):
            found = [told.find(form) for form in _forms(text)]
            if place := max(found) + 1:
                line = told[told.rfind("\n", 0, place) + 1 :].partition("\n")[0]
                leaks.append(f"the {kind} {text[:_ENOUGH]!r} in: {line}")
    return leaks


def _values(log: str) -> Iterator[str]:
    """What the JSON lines say once their escapes are undone."""
    for line in log.splitlines():
        try:
            fields = json.loads(line)
        except ValueError:
            continue
        if isinstance(fields, dict):
            yield from map(str, fields.values())


def _forms(text: str) -> set[str]:
    text = text.strip()
    plain = {text, " ".join(text.split()), html.unescape(text), html.escape(text, quote=False)}
    quoted = {
        form
        for each in plain
        for form in (repr(each)[1:-1], json.dumps(each)[1:-1], quote_plus(each, errors="replace"))
    }
    return {form[:_ENOUGH] for form in plain | quoted}


class _Handler(logging.Handler):
    """Writes each record, as the service would, to the log of the run."""

    def __init__(self, file: FileIO) -> None:
        super().__init__(logging.DEBUG)
        self._file = file
        self.setFormatter(JsonLineFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; what can't be formatted fails the test that logged it."""
        self._file.write(self.format(record).encode("utf-8", "backslashreplace") + b"\n")


class LeakCheck:
    """The plugin: keeps the log from the start of the run on, and looks through it at the end."""

    def __init__(self) -> None:
        self._leaks: list[str] = []

    def pytest_sessionstart(self) -> None:
        """Log from DEBUG on: what keeps a library's line from the service's log is its own logger's level."""
        number, name = tempfile.mkstemp(prefix="clausebot-log-")
        os.close(number)
        self._path = Path(name)
        # Unbuffered and appending: processes that tests start write to it as well.
        self._file = self._path.open("ab", buffering=0)
        _open.append(self._file)
        self._handler = _Handler(self._file)
        logging.getLogger().addHandler(self._handler)
        logging.getLogger().setLevel(logging.DEBUG)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self) -> None:
        """Note the secrets of the test that ends, while its environment is still there."""
        for name in _SECRET_VARIABLES:
            for value in os.environ.get(name, "").split(","):
                note_secret(value.strip())
        note_secret(urlsplit(os.environ.get("DATABASE_URL", "")).password or "")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail the run, whatever its tests said, if anything leaked."""
        logging.getLogger().removeHandler(self._handler)
        _open.clear()
        self._file.close()
        logs = [self._path, *(path for path in _files if path.exists())]
        self._leaks = find_leaks("\n".join(path.read_text(encoding="utf-8", errors="replace") for path in logs))
        self._path.unlink()
        if self._leaks:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what leaked, and where."""
        if self._leaks:
            terminalreporter.section("What people write and secrets must not be logged", red=True)
            for leak in self._leaks:
                terminalreporter.line(leak)
