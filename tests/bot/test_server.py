"""The service as a process: it starts, says where and with what, answers, and stops when told."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import ClientError
from fakes.answers import ONE_CLAUSE
from fakes.leaks import note_stderr
from fakes.service import Service, serve
from fakes.slack import FakeSlack
from sqlalchemy import select, update

from bot.origin import Origin
from bot.records.models import AnswerRecord
from bot.records.records import open_records
from bot.settings import Settings, load_settings

START_WITHIN = 60
STOP_WITHIN = 30


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


INVENTED = Path(__file__).parents[1] / "fixtures" / "guides" / "quaymoth-cloud-hk-insurance-2021"


def read_corpus(address: str) -> str:
    """The hash of the corpus that the service answers from, if it is ready."""
    with urllib.request.urlopen(f"{address}/readyz", timeout=START_WITHIN) as response:
        return json.load(response)["corpus"]


def read_until(process: subprocess.Popen[str], part: str) -> str:
    """The next line of the log that holds this."""
    assert process.stderr
    for line in process.stderr:
        note_stderr(line)
        if part in line:
            return line
    raise AssertionError(f"the service ended before it logged: {part}")


def test_a_hang_up_reloads_the_corpus(tmp_path: Path) -> None:
    """On SIGHUP changed packs are answered from; broken ones are told in the log, and the ones before stay."""
    pack = Path(shutil.copytree(INVENTED, tmp_path / "packs" / INVENTED.name)) / "guide.yaml"
    whole = pack.read_text(encoding="utf-8")
    with running(PORT="0", CLAUSEBOT_GUIDES=str(tmp_path / "packs")) as process:
        address, _ = read_address(process)
        first = read_corpus(address)
        pack.write_text(whole.replace("Quaymoth Cloud", "Seaborne Cloud"), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        line = read_until(process, "The corpus was")
        second = read_corpus(address)
        assert f"The corpus was reloaded: {second}" in line
        assert first != second
        pack.write_text(whole.replace("provider:", "provder:"), encoding="utf-8")
        process.send_signal(signal.SIGHUP)
        line = read_until(process, "The corpus was")
        assert "ERROR" in line
        assert f"The corpus was not reloaded, the one before stays: {INVENTED.name}/guide.yaml:" in line
        assert read_corpus(address) == second
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_WITHIN)
    assert process.returncode == 0


def test_a_hang_up_before_it_serves_is_obeyed_once_it_does(tmp_path: Path) -> None:
    """SIGHUP while the corpus is loaded for the first time ends nothing, and has it loaded again."""
    pack = Path(shutil.copytree(INVENTED, tmp_path / "packs" / INVENTED.name)) / "guide.yaml"
    whole = pack.read_text(encoding="utf-8")
    pack.unlink()
    os.mkfifo(pack)
    with running(PORT="0", CLAUSEBOT_GUIDES=str(tmp_path / "packs")) as process:
        with pack.open("w", encoding="utf-8") as pipe:  # returns once it is being read
            process.send_signal(signal.SIGHUP)
            pack.unlink()
            pack.write_text(whole, encoding="utf-8")
            pipe.write(whole)
        read_until(process, "The corpus was reloaded")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=STOP_WITHIN)
    assert process.returncode == 0


async def test_what_is_past_its_days_is_purged_by_itself() -> None:
    """A running service deletes answers that are older than they are kept, without being told to."""
    records = await open_records(load_settings())
    for event in ("old", "new"):
        await records.answers.record_answer(ONE_CLAUSE, Origin("slack", "T0", "U0", event), 0.1)
    async with records.engine.begin() as connection:
        await connection.execute(update(AnswerRecord).where(AnswerRecord.id == "old").values(at=5.0))
    with running(PORT="0", CLAUSEBOT_RETENTION_DAYS="30") as process:
        async with asyncio.timeout(START_WITHIN):
            while True:
                async with records.engine.connect() as connection:
                    kept = (await connection.execute(select(AnswerRecord.id))).scalars().all()
                if kept == ["new"]:
                    break
                await asyncio.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.communicate, timeout=STOP_WITHIN)
    await records.close()


@pytest.fixture
async def impatient(
    http_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Service]:
    """A service that waits for clients only a second and a half."""
    for name in ("_HEAD_WITHIN", "_BODY_WITHIN", "_REST_WITHIN"):
        monkeypatch.setattr(f"bot.server.{name}", 1.5)
    async with serve(http_settings, fake) as running:
        yield running


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (b"", b""),
        (b"POST /slack/events HTTP/1.1\r\nHost: any\r\n", b""),
        (b"POST /slack/events HTTP/1.1\r\nHost: any\r\nContent-Length: 9\r\n\r\n{", b"HTTP/1.1 408 "),
        (b"POST /slack/events HTTP/1.1\r\nHost: any\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"HTTP/1.1 408 "),
        (b"GET /healthz HTTP/1.1\r\nHost: any\r\n\r\nGET /heal", b"HTTP/1.1 200 "),
    ],
)
async def test_a_client_that_does_not_go_on_is_let_go(impatient: Service, sent: bytes, answered: bytes) -> None:
    """Whatever part of a request comes, and in however many pieces: the connection is closed after a while."""
    address = urlsplit(impatient.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)

    async def trickle() -> None:
        for number in range(len(sent)):
            writer.write(sent[number : number + 1])
            await asyncio.sleep(0)

    async with asyncio.timeout(START_WITHIN):
        await trickle()
        said = await reader.read()
    writer.close()
    assert said.startswith(answered)
    assert bool(said) == bool(answered)
    assert said.count(b"HTTP/1.1") == bool(answered)


async def test_a_body_that_trickles_in_for_ever_is_refused(impatient: Service) -> None:
    """A byte now and then does not keep a request alive."""

    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"{"
            await asyncio.sleep(0.05)

    async with asyncio.timeout(START_WITHIN):
        with suppress(ClientError):  # the service may close the connection before the client has read the refusal
            async with impatient.session.post(f"{impatient.address}/slack/events", data=trickle()) as response:
                assert response.status == 408
        async with impatient.session.get(f"{impatient.address}/healthz") as response:
            assert response.status == 200
