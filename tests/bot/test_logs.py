"""The log's lines: what they carry, and what they hide."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pty
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from bot.logs import JsonLineFormatter, RedactingFormatter, answer_id, identify_request, request_id
from bot.records.inbox import Event, derive_key
from bot.records.records import open_records
from bot.records.worker import Worker
from bot.settings import load_settings

logger = logging.getLogger("bot.any")
HEX = re.compile("[0-9a-f]{32}")

HIDDEN = [
    # (what is said, what is logged)
    ("token xoxb-12-ab_C refused", "token *** refused"),
    ("token xapp-1-A0-ff refused", "token *** refused"),
    ("Bearer clausebot_0123456789ab_a-B_9 refused", "Bearer *** refused"),
    ("renewed with xoxe-1-abc", "renewed with ***"),
    ("url='wss://w.slack.com/link/?ticket=ab-1&app_id=2'", "url='wss://w.slack.com/link/?ticket=***&app_id=2'"),
    ("https://hooks.slack.com/commands/T0/1/abc failed", "https://hooks.slack.com/*** failed"),
    ("postgresql://ann:p:w/9@db.example/name is away", "postgresql://ann:***@db.example/name is away"),
    ("redis://:secret@cache/0", "redis://:***@cache/0"),
    ("body client_id=1.2&client_secret=0a1b&code=3", "body client_id=1.2&client_secret=***&code=3"),
    ("{'client_secret': '0a1b', 'code': 3}", "{'client_secret': '***', 'code': 3}"),
    ('{"clientSecret": "0a1b"}', '{"clientSecret": "***"}'),
    ("signed with 8f742231b10e8888", "signed with ***"),
    ("either key-number-1= or key-number-2= opens it", "either *** or *** opens it"),
]
SHOWN = [
    "https://example.org/ticket is fine",
    "SLACK_CLIENT_SECRET: not set, or empty",
    "Listening on http://127.0.0.1:3000",
    "ann@example.org: 3 answers",
    "a short secret is none",
]


@pytest.fixture
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets that look like other words; the last is too short to be one."""
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "8f742231b10e8888\n")
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", "key-number-1=, key-number-2=")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "short")


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The JSON lines that are logged from here on, when read: a list that grows."""
    found: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(self.format(record)))

    handler = Keep()
    handler.setFormatter(JsonLineFormatter())
    logging.getLogger("bot").addHandler(handler)
    yield found
    logging.getLogger("bot").removeHandler(handler)


def make_record(said: str) -> logging.LogRecord:
    """A record of an error."""
    return logging.LogRecord("bot.any", logging.ERROR, __file__, 1, "%s", (said,), None)


def fail(said: str) -> logging.LogRecord:
    """A record of an error, with a traceback that names it too."""
    record = make_record("failed")
    try:
        raise ValueError(said)
    except ValueError as error:
        record.exc_info = (ValueError, error, error.__traceback__)
    return record


@pytest.mark.usefixtures("_secrets")
@pytest.mark.parametrize(("said", "logged"), HIDDEN + [(said, said) for said in SHOWN])
def test_lines_hide_what_would_let_a_reader_act_as_the_app(said: str, logged: str) -> None:
    """Secrets are starred out in the message and in a traceback, of JSON lines and plain ones, and nothing else is."""
    for formatter in (RedactingFormatter("%(message)s"), JsonLineFormatter()):
        line = formatter.format(make_record(said))
        assert (json.loads(line)["message"] if line.startswith('{"time"') else line) == logged
        line = formatter.format(fail(said))
        assert (json.loads(line)["exception"] if line.startswith('{"time"') else line).endswith(f"ValueError: {logged}")


def test_a_plain_line_can_neither_be_forged_nor_move_the_cursor() -> None:
    """Where a message quotes a line end, what follows is indented; what a terminal would obey is written out."""
    line = RedactingFormatter("%(levelname)s %(message)s").format(make_record("備份\nERROR no line\x1b[2J\r\u202e"))
    assert line.partition(" ")[2] == "備份\n    ERROR no line\\x1b[2J\\x0d\\x202e"


def test_a_json_line_holds_these_fields_and_no_others() -> None:
    """Time in UTC, level, logger and message; nothing that a library adds to its records."""
    record = make_record('備份 "quoted"\nand\x1b[31m more')
    record.created = 1_700_000_000.123
    record.payload = "what a person wrote"
    line = JsonLineFormatter().format(record)
    assert json.loads(line) == {
        "time": "2023-11-14T22:13:20.123+00:00",
        "level": "ERROR",
        "logger": "bot.any",
        "message": '備份 "quoted"\nand\x1b[31m more',
    }
    assert "備份" in line
    assert "\n" not in line
    assert "\x1b" not in line


def test_a_dictionary_is_told_as_a_message() -> None:
    """What is logged as a dictionary adds no fields of its own."""
    record = logging.LogRecord("bot.any", logging.INFO, __file__, 1, {"level": "none"}, None, None)  # type: ignore[arg-type]
    fields = json.loads(JsonLineFormatter().format(record))
    assert (fields["level"], fields["message"]) == ("INFO", "{'level': 'none'}")


PROGRAM = (
    "import logging; from bot.logs import configure_logging; configure_logging()\n"
    "logging.getLogger('bot.any').info('up'); logging.getLogger('bot.any').debug('down')"
)


def test_standard_error_gets_json() -> None:
    """Into a pipe or a file each line from INFO on is a JSON object with the time of now."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], stderr=-1, text=True, cwd=Path(__file__).parents[2], check=True
    )
    [line] = [json.loads(line) for line in done.stderr.splitlines()]
    assert (line["level"], line["logger"], line["message"]) == ("INFO", "bot.any", "up")
    assert abs((datetime.now(UTC) - datetime.fromisoformat(line["time"])).total_seconds()) < 3600


def test_a_terminal_gets_plain_lines() -> None:
    """Where standard error is a terminal, people read the lines as they are."""
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=theirs, cwd=Path(__file__).parents[2], check=True)
    os.close(theirs)
    said = os.read(ours, 4096)
    os.close(ours)
    assert re.fullmatch(r"[\d-]+ [\d:,]+ INFO bot\.any: up\r\n", said.decode())


@pytest.fixture
async def address() -> AsyncIterator[str]:
    """A server whose handlers log, return, refuse, fail and start a task."""
    tasks = []

    async def later() -> None:
        logger.info("later")

    async def log(request: web.Request) -> web.Response:
        logger.info("before %s", request.path)
        await asyncio.sleep(0.01)
        logger.info("after %s", request.path)
        if request.path == "/refuse":
            raise web.HTTPNotFound(text="not here\n")
        if request.path == "/fail":
            raise ValueError("what a person wrote")
        tasks.append(asyncio.create_task(later()))
        return web.Response()

    app = web.Application(middlewares=[identify_request])
    app.router.add_get("/{name}", log)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site.port}"
    await asyncio.gather(*tasks)
    await runner.cleanup()


async def ask(url: str, **headers: str) -> tuple[int, str, str]:
    """The status, the request's id as it is given back, and the text."""
    async with ClientSession() as session, session.get(url, headers=headers) as response:
        return response.status, response.headers["X-Request-Id"], await response.text()


async def test_each_request_has_an_id_of_its_own(address: str, lines: list[dict[str, Any]]) -> None:
    """Requests at one time are told apart by the id that their lines, their tasks' lines and their responses bear."""
    asked = await asyncio.gather(*(ask(f"{address}/{number}") for number in range(20)))
    await asyncio.sleep(0)
    for number, (status, own, _) in enumerate(asked):
        assert status == 200
        assert HEX.fullmatch(own)
        said = [line["message"] for line in lines if line.get("request_id") == own]
        assert said == [f"before /{number}", f"after /{number}", "later"]
    assert len({own for _, own, _ in asked}) == 20
    assert request_id.get() is None


async def test_an_id_from_outside_is_not_taken(address: str, lines: list[dict[str, Any]]) -> None:
    """A request that brings an id gets ours, which is what is logged."""
    _, own, _ = await ask(f"{address}/one", **{"X-Request-Id": "theirs\t1"})
    assert HEX.fullmatch(own)
    assert {line["request_id"] for line in lines} == {own}


async def test_a_refusal_has_its_id(address: str, lines: list[dict[str, Any]]) -> None:
    """A handler's refusal goes out as it is, with the id."""
    status, own, text = await ask(f"{address}/refuse")
    assert (status, text) == (404, "not here\n")
    assert {line["request_id"] for line in lines} == {own}


async def test_a_failure_is_logged_under_its_id(address: str, lines: list[dict[str, Any]]) -> None:
    """What a handler does not catch is a 500, and a line that says where it arose without the error's message."""
    status, own, text = await ask(f"{address}/fail")
    assert (status, text) == (500, "500: Internal Server Error\n")
    assert lines[-1]["request_id"] == own
    assert lines[-1]["message"].startswith("A request failed: ValueError at ")
    assert "what a person wrote" not in json.dumps(lines)


async def test_lines_about_an_answer_bear_its_id(lines: list[dict[str, Any]]) -> None:
    """While the worker answers, each line bears the event's key, and a task's own lines afterwards too."""
    records = await open_records(load_settings())
    answered = asyncio.Semaphore(0)

    async def answer(event: Event) -> None:
        logger.info("answering %s", event.payload["number"])
        answered.release()
        raise KeyError("what a person wrote")

    worker = Worker(records.inbox("slack"), answer)
    keys = [derive_key("one"), derive_key("two")]
    await asyncio.gather(*(worker.take_in(key, "T0", {"number": key}) for key in keys))
    for _ in keys:
        await answered.acquire()
    await worker.finish(5)
    await records.close()
    for key in keys:
        said = [line["message"] for line in lines if line.get("answer_id") == key]
        assert said[0] == f"answering {key}"
        assert said[1].startswith("An answer was lost: KeyError at ")
    assert answer_id.get() is None
