"""Programs that run beside a test, or for a developer: started, awaited by what they say, and ended by their number."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLAYGROUND = Path(__file__).parent / "node_modules/@microsoft/m365agentsplayground/cli.js"

_START_WITHIN = 60.0
_STOP_WITHIN = 30.0

# What would make the service another than the one under test, or lead traffic on this machine over a proxy.
_FOREIGN = re.compile(
    r"(SLACK|MICROSOFT|CLAUSEBOT|TEAMSAPPTESTER)_\w+|DATABASE_URL|PUBLIC_URL|HOST|PORT|\w+_PROXY", re.IGNORECASE
)


def clean_environment() -> dict[str, str]:
    """The environment without any setting of the service's."""
    return {name: value for name, value in os.environ.items() if not _FOREIGN.fullmatch(name)}


def find_free_port() -> int:
    """A port of the loopback interface that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


class Program:
    """A running program; ``log`` is the file with all that it says."""

    def __init__(self, command: Sequence[str | Path], log: Path, variables: Mapping[str, str]) -> None:
        self.log = log
        with log.open("wb") as output:
            # A group of its own: a terminal's Ctrl-C reaches whoever started it, who then ends it in order.
            self._process = subprocess.Popen(
                command,
                cwd=log.parent,
                env=clean_environment() | variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        """All that it said so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def await_line(self, pattern: str) -> re.Match[str]:
        """What it says once it is there.

        Raises:
            RuntimeError: it ended, or said nothing of the kind within a minute.
        """
        deadline = time.monotonic() + _START_WITHIN
        while not (found := re.search(pattern, self.said)):
            if not self.runs or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(self.said)
            time.sleep(0.05)
        return found

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def stop(self) -> int:
        """End it as an operator does, and by force if it does not end; its exit status."""
        if self.runs:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
        return self._process.wait()


@contextmanager
def run_service(folder: Path, **variables: str) -> Iterator[tuple[Program, str]]:
    """The service, with records of its own in a folder; and its address.

    Args:
        folder: for its records and its log.
        variables: its settings beside those.
    """
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    settings = {
        "PYTHONPATH": str(ROOT),
        "PORT": str(port),
        "PUBLIC_URL": address,
        "DATABASE_URL": f"sqlite:///{folder}/records.db",
        **variables,
    }
    service = Program([sys.executable, "-m", "bot"], folder / "service.log", settings)
    try:
        service.await_line(r"Listening on http://127\.0\.0\.1:\d+")
        yield service, address
    finally:
        service.stop()


@contextmanager
def run_playground(folder: Path, address: str) -> Iterator[tuple[Program, str]]:
    """Microsoft's playground before a service; and the address to open in a browser.

    Args:
        folder: for its own files and its log.
        address: the service's.
    """
    command = ["node", PLAYGROUND, "start", "--app-endpoint", f"{address}/api/messages", "--channel-id", "msteams"]
    command += ["--port", str(find_free_port()), "--disable-telemetry"]
    playground = Program(command, folder / "playground.log", {"TEAMSAPPTESTER_BROWSER": "none"})
    try:
        port = playground.await_line(r"Listening on (\d+)")[1]
        yield playground, f"http://127.0.0.1:{port}"
    finally:
        playground.stop()


def run_clausebot(folder: Path, *arguments: str) -> str:
    """What the command line says; its records are in a folder.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    variables = {"PYTHONPATH": str(ROOT), "DATABASE_URL": f"sqlite:///{folder}/records.db"}
    command = [sys.executable, "-m", "bot.cli", *arguments]
    done = subprocess.run(
        command, cwd=folder, env=clean_environment() | variables, stdout=subprocess.PIPE, text=True, check=True
    )
    return done.stdout


def read_pdf(path: Path) -> str:
    """The words of a PDF, white space folded."""
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True, timeout=60)
    return " ".join(done.stdout.split())
