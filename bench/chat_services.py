"""The services that chat is measured with, each in processes of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.chat_slack import SECRET, TOKEN
from bench.postgresql import run_server

ROOT = Path(__file__).parent.parent
_START_WITHIN = 60
_STOP_WITHIN = 15

# Far above what is sent: the limits are there for people.
_NO_LIMIT = "1000000"


@dataclass
class Service:
    """A service: its processes, and the port that each of them listens on."""

    processes: Sequence[subprocess.Popen[bytes]]
    ports: Sequence[int]
    log: Path

    def count_cpu(self) -> float:
        """Seconds of processor that its own processes used so far (Linux; 0 elsewhere), without its database's."""
        used = 0
        for process in self.processes:
            try:
                used += sum(map(int, Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
            except OSError:
                return 0.0
        return used / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Programs:
    """What serves a channel: the modules of the echo app, which takes a port first, and of Clausebot; with arguments.

    Both are given the environment ``shared``, and Clausebot its ``settings``.
    """

    echo: Sequence[str]
    clausebot: Sequence[str]
    settings: Mapping[str, str]
    shared: Mapping[str, str] = field(default_factory=dict)


def list_slack(slack_api: str) -> Programs:
    """What serves Slack, whose Web API is at that address."""
    return Programs(
        ["bench.chat_echo", slack_api, TOKEN, SECRET],
        ["bench.chat_clausebot", slack_api],
        {"SLACK_BOT_TOKEN": TOKEN, "SLACK_SIGNING_SECRET": SECRET},
    )


@contextmanager
def run_services(address: str, list_programs: Callable[[str], Programs] = list_slack) -> Iterator[dict[str, Service]]:
    """The echo app, Clausebot on SQLite, and two of it on PostgreSQL, as long as they are measured.

    Args:
        address: where the channel's own servers are.
        list_programs: what serves the channel at that address.

    Raises:
        RuntimeError: one of them did not start; what it said last.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clausebot-bench-")))
        database = stack.enter_context(run_server(durable=True))
        programs = list_programs(address)
        running = {
            "echo": _run_echo(stack, programs, folder / "echo.log"),
            "sqlite": _run_clausebot(stack, programs, f"sqlite:///{folder}/records.db", 1, folder / "sqlite.log"),
            "postgresql": _run_clausebot(stack, programs, database, 2, folder / "postgresql.log"),
        }
        for service in running.values():
            _await_ports(service)
        yield running


def _run_echo(stack: ExitStack, programs: Programs, log: Path) -> Service:
    port = _find_port()
    module, *arguments = programs.echo
    return Service([_start(stack, [module, str(port), *arguments], programs.shared, log)], [port], log)


def _run_clausebot(stack: ExitStack, programs: Programs, database: str, count: int, log: Path) -> Service:
    ports = [_find_port() for _ in range(count)]
    settings = {
        **programs.shared,
        **programs.settings,
        "DATABASE_URL": database,
        "CLAUSEBOT_PERSON_LIMIT": _NO_LIMIT,
        "CLAUSEBOT_WORKSPACE_LIMIT": _NO_LIMIT,
    }
    processes = [_start(stack, programs.clausebot, settings | {"PORT": str(port)}, log) for port in ports]
    return Service(processes, ports, log)


def _start(stack: ExitStack, program: Sequence[str], settings: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a module of ours with these settings and none of the caller's, until the end of the measuring."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    written = stack.enter_context(log.open("ab"))
    process = subprocess.Popen(  # noqa: S603 (this program itself)
        [sys.executable, "-m", *program], cwd=ROOT, env=kept | settings, stdout=written, stderr=written
    )
    stack.callback(_stop, process)
    return process


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_ports(service: Service) -> None:
    until = time.monotonic() + _START_WITHIN
    for process, port in zip(service.processes, service.ports, strict=True):
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > until:
                    said = service.log.read_text(errors="replace").strip().splitlines()[-1:]
                    raise RuntimeError(f"{service.log.stem} did not start: {' '.join(said)}") from None
                time.sleep(0.05)


def _find_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
