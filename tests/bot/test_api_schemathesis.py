"""Schemathesis, with all of its checks, against the service as a process: what the API's description says, holds."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.leaks import note_secret, note_stderr

ROOT = Path(__file__).parents[2]
COMMANDS = Path(sys.executable).parent

# Seconds after which a process is ended that should have ended by itself.
WITHIN = 800


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[str]:
    """``python -m bot`` on a port of its own, with limits that no test reaches: its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bot"],
        cwd=ROOT,
        env=compose_environment(folder, PORT="0", CLAUSEBOT_PERSON_LIMIT="1000000000", **environment),
        stderr=subprocess.PIPE,
        text=True,
    )
    watchdog = threading.Timer(WITHIN, process.kill)
    watchdog.start()
    try:
        yield read_address(process)
    finally:
        watchdog.cancel()
        process.terminate()
        note_stderr(process.communicate()[1])


def compose_environment(folder: Path, **environment: str) -> dict[str, str]:
    """What a process of the test sees: records in a folder of the test's own."""
    return {"PYTHONDONTWRITEBYTECODE": "1", "DATABASE_URL": f"sqlite:///{folder}/records.db", **environment}


def read_address(process: subprocess.Popen[str]) -> str:
    """The address that the process says it listens on."""
    assert process.stderr
    for line in process.stderr:
        note_stderr(line)
        if found := re.search(r"Listening on (http://127\.0\.0\.1:\d+)", line):
            return found[1]
    raise AssertionError("the service did not start")


def make_token(folder: Path) -> str:
    """A token in the records that the process will open."""
    command = [COMMANDS / "clausebot", "token", "create", "schemathesis"]
    made = subprocess.run(command, env=compose_environment(folder), capture_output=True, text=True, check=True)
    note_secret(made.stdout.strip())
    return made.stdout.strip()


def test_all_that_is_described_holds(tmp_path: Path) -> None:
    """On this machine: examples, limits of every field, anything like it, and one operation after another."""
    with running(tmp_path) as address:
        said = check(tmp_path, address, "--seed", "20261123")
    assert re.search(r"Tested: 5\b", said)
    assert "API Links:    2 covered / 2 selected / 2 total" in said


def test_it_holds_with_tokens_too(tmp_path: Path) -> None:
    """From outside, where a token is needed: besides, that no operation answers without one, or with a wrong one."""
    token = make_token(tmp_path)
    with running(tmp_path, PUBLIC_URL="https://bot.example") as address:
        said = check(tmp_path, address, "--seed", "20261124", "--header", f"Authorization: Bearer {token}")
    assert re.search(r"Tested: 5\b", said)
    assert token not in said


def check(folder: Path, address: str, *options: str) -> str:
    """What Schemathesis says of the service, if it finds nothing."""
    api = f"{address}/api/v1"
    command = [COMMANDS / "schemathesis", "run", f"{api}/openapi.json", "--url", api, "--checks", "all"]
    bounds = ["--max-examples", "40", "--generation-deterministic", "--no-color", "--workers", "1"]
    done = subprocess.run(
        [*command, *bounds, *options],
        cwd=folder,
        env={"HOME": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        pytest.fail(done.stdout + done.stderr)
    assert "No issues found" in done.stdout
    return done.stdout
