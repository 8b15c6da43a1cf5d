"""The service as a process: it starts, says where and with what, answers, and stops when told."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.leaks import note_stderr
from fakes.service import Service

START_WITHIN = 30
STOP_WITHIN = 15


@contextmanager
def running(**environment: str) -> Iterator[subprocess.Popen[str]]:
    """``python -m bot`` under the environment given, ended at the end whatever happens."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATABASE_URL") if name in os.environ}
    inherited = kept | {"PYTHONDONTWRITEBYTECODE": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        env=inherited | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    watchdog = threading.Timer(3 * START_WITHIN, process.kill)
    watchdog.start()
    try:
        yield process
    finally:
        watchdog.cancel()
        process.kill()
        note_stderr(process.communicate()[1])


def read_address(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address that the process says it listens on, and all that it said until then."""
    assert process.stderr
    said = ""
    for line in process.stderr:
        said += line
        note_stderr(line)
        if found := re.search(r"Listening on (http://127\.0\.0\.1:\d+)", line):
            return found[1], said
    raise AssertionError(f"the service did not start: {said}")


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_without_settings_and_stops_on_a_signal(signum: signal.Signals) -> None:
    """With nothing set the process serves its health check, says how to turn Slack on, and exits 0 when told to."""
    with running(PORT="0") as process:
        address, said = read_address(process)
        with urllib.request.urlopen(f"{address}/healthz", timeout=START_WITHIN) as response:
            assert (response.status, response.read()) == (200, b'{"status": "ok"}')
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{address}/slack/events", data=b"{}", timeout=START_WITHIN)
        with caught.value as refused:
            assert (refused.code, refused.read()) == (404, b"Slack is off: the service has no SLACK_BOT_TOKEN.\n")
        process.send_signal(signum)
        process.communicate(timeout=STOP_WITHIN)
    assert process.returncode == 0
    assert "Slack is off: set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET" in said
    assert "Teams is off" in said


def test_bad_settings_end_it_with_a_line_each() -> None:
    """Unusable variables end the process with status 2 and nothing but their lines."""
    with running(SLACK_BOT_TOKEN="xoxp-secret", PORT="x") as process:
        said = process.communicate(timeout=START_WITHIN)[1]
    assert process.returncode == 2
    assert [line.split(":")[0] for line in said.splitlines()] == ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT"]
    assert "xoxp-secret" not in said


def test_a_taken_port_ends_it_with_a_line() -> None:
    """A port that something else listens on ends the process with status 2 and a line that names PORT."""
    with socket.create_server(("127.0.0.1", 0)) as taken, running(PORT=str(taken.getsockname()[1])) as process:
        said = process.communicate(timeout=START_WITHIN)[1]
    assert process.returncode == 2
    assert said.splitlines()[-1].startswith("HOST, PORT: ")


async def test_health_is_reported(service: Service) -> None:
    """The health check answers without a signature."""
    async with service.session.get(f"{service.address}/healthz") as response:
        assert (response.status, await response.json()) == (200, {"status": "ok"})
