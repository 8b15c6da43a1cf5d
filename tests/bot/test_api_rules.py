"""The JSON API's rules: who gets in, how often, what is refused and how that is said."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from fakes.answers import StubAnswerer
from fakes.leaks import note_text
from fakes.programs import Programs, Reply, serve_programs
from sqlalchemy import text

from bot.web.problems import KINDS, Problem

QUESTION = {"question": note_text("who keeps copies of our data?")}
ANSWER = "0" * 64

OPERATIONS: list[tuple[str, dict[str, Any]]] = [
    ("ask", {"body": QUESTION}),
    ("feedback", {"body": {"answer": ANSWER, "helpful": True}}),
    ("clause", {"ref": "GL8 5.1(c)"}),
    ("clauses", {}),
    ("matrix", {"regulation": "GL8"}),
]
NAMES = [name for name, _ in OPERATIONS]


async def call(api: Programs, name: str, given: dict[str, Any], **headers: str) -> Reply:
    """A call of an operation."""
    if "body" in given:
        return await api.post(name, given["body"], headers=headers)
    return await api.send("GET", f"/api/v1/{name}", params=given, headers=headers)


def read_problem(reply: Reply, status: int) -> Problem:
    """The problem that a reply tells, which is whole, and of a kind that the API's page explains."""
    assert (reply.status, reply.headers["Content-Type"]) == (status, "application/problem+json")
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert len(reply.headers["X-Request-Id"]) == 32
    problem = Problem.model_validate_json(reply.body)
    assert problem.status == status
    assert (problem.type, problem.title) == (f"/api/v1/#{KINDS[status].name}", KINDS[status].title)
    assert problem.detail
    return problem


@pytest.fixture
def answerer() -> StubAnswerer:
    """What the service asks."""
    return StubAnswerer()


@pytest.fixture
async def api(answerer: StubAnswerer) -> AsyncIterator[Programs]:
    """The service on this machine, for everybody on it."""
    async with serve_programs(answerer) as running:
        yield running


@pytest.fixture
async def closed(answerer: StubAnswerer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Programs]:
    """The service with a way in from outside: a proxy leads to it."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example")
    async with serve_programs(answerer) as running:
        yield running


@pytest.mark.parametrize(("name", "given"), OPERATIONS, ids=NAMES)
async def test_on_this_machine_nobody_needs_a_token(api: Programs, name: str, given: dict[str, Any]) -> None:
    """Bound to loopback, each operation answers whoever calls it by one of this machine's names."""
    port = urlsplit(api.address).port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "127.0.0.1", f"[::1]:{port}", "LOCALHOST"):
        assert (await call(api, name, given, Host=host)).status in (200, 204), host
    own = await call(api, name, given, Origin=f"http://localhost:{port}")
    assert own.status in (200, 204)


@pytest.mark.parametrize(("name", "given"), OPERATIONS, ids=NAMES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example:3000"},
        {"Host": "127.0.0.1.rebound.example"},
        {"Host": "localhost.example"},
        {"Host": "10.0.0.1"},
        {"Host": "x@evil.example"},
        {"Host": "[::1"},
        {"Origin": "https://page.example"},
        {"Origin": "null"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=192.0.2.60;host=localhost"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Real-IP": "::1"},
        {"X-Forwarded-Proto": "https"},
        {"Via": "1.1 proxy"},
    ],
    ids=lambda headers: " ".join(headers.values()),
)
async def test_who_is_elsewhere_gets_nothing_from_this_machine(
    api: Programs, answerer: StubAnswerer, name: str, given: dict[str, Any], headers: dict[str, str]
) -> None:
    """A page whose name was made to lead here (DNS rebinding), one of another origin, and a proxy need a token."""
    read_problem(await call(api, name, given, **headers), 401)
    assert answerer.questions == []


@pytest.mark.parametrize(("name", "given"), OPERATIONS, ids=NAMES)
async def test_from_outside_a_token_is_needed(
    closed: Programs, answerer: StubAnswerer, name: str, given: dict[str, Any]
) -> None:
    """No operation answers without a token, whatever the request says of itself; with one, each does."""
    token = await closed.make_token()
    wrong = [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": token},
        {"Authorization": f"Basic {token}"},
        {"Authorization": f"Bearer {token}x"},
        {"Authorization": f"Bearer {token} {token}"},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Cookie": f"token={token}"},
        {"X-Forwarded-For": "127.0.0.1", "Host": "127.0.0.1"},
    ]
    for headers in wrong:
        refused = await call(closed, name, given, **headers)
        read_problem(refused, 401)
        assert refused.headers["WWW-Authenticate"].startswith('Bearer realm="clausebot"')
    assert answerer.questions == []
    for scheme in ("Bearer", "bearer"):
        assert (await call(closed, name, given, Authorization=f"{scheme} {token}")).status in (200, 204)


async def test_a_token_in_the_address_is_none(closed: Programs) -> None:
    """Addresses end up in logs: a token there is not looked at, and no parameter of an operation."""
    token = await closed.make_token()
    read_problem(await closed.get("clauses", access_token=token), 401)


async def test_a_token_that_is_good_no_longer_is_refused(closed: Programs) -> None:
    """Revoked or over, it is as good as none, from the next call on."""
    await closed.sign_in()
    assert (await closed.get("clauses")).status == 200
    [token] = await closed.records.tokens.list()
    await closed.records.tokens.revoke(token.id)
    refused = await closed.get("clauses")
    read_problem(refused, 401)
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="clausebot", error="invalid_token"'


async def test_a_wrong_token_is_told_on_this_machine_too(api: Programs) -> None:
    """Where none is needed, a wrong one is still a mistake that its owner wants to hear of."""
    read_problem(await api.send("GET", "/api/v1/clauses", headers={"Authorization": "Bearer wrong"}), 401)


async def test_two_tokens_are_none(closed: Programs) -> None:
    """A request that shows two tokens is refused, whichever of them a proxy looked at."""
    token = await closed.make_token()
    address = urlsplit(closed.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    shown = f"Authorization: Bearer {token}\r\n" * 2
    writer.write(f"GET /api/v1/clauses HTTP/1.1\r\nHost: bot.example\r\n{shown}Connection: close\r\n\r\n".encode())
    assert (await reader.read()).startswith(b"HTTP/1.1 401 ")
    writer.close()


async def test_the_description_needs_no_token(closed: Programs) -> None:
    """How to ask can be read by whoever is about to be given a token; nothing of the guide stands there."""
    for path in ("/api/v1/", "/api/v1/style.css", "/api/v1/openapi.json"):
        assert (await closed.send("GET", path)).status == 200


@pytest.mark.parametrize(("name", "given"), OPERATIONS, ids=NAMES)
async def test_questions_are_counted_for_each_token(
    answerer: StubAnswerer, monkeypatch: pytest.MonkeyPatch, name: str, given: dict[str, Any]
) -> None:
    """Past the limit of a minute every operation is refused with the seconds to wait; another token is not."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example")
    async with serve_programs(answerer, person=2) as api:
        await api.sign_in()
        assert [(await call(api, name, given)).status in (200, 204) for _ in range(2)] == [True, True]
        for _ in range(2):
            refused = await call(api, name, given)
            read_problem(refused, 429)
            assert 1 <= int(refused.headers["Retry-After"]) <= 60
        await api.sign_in()
        assert (await call(api, name, given)).status in (200, 204)


async def test_on_this_machine_questions_are_counted_too(answerer: StubAnswerer) -> None:
    """Whoever needs no token is counted as one."""
    async with serve_programs(answerer, person=1) as api:
        assert (await api.get("clauses")).status == 200
        read_problem(await api.get("matrix", regulation="GL8"), 429)
        # What can't be read is no question.
        read_problem(await api.post("ask", b"{"), 400)


UNREADABLE = {
    "no JSON": b"who?",
    "cut": b'{"question": "who',
    "empty": b"",
    "not UTF-8": b'{"question": "\xff"}',
    "UTF-16": '{"question": "who?"}'.encode("utf-16"),
    "half a character": b'{"question": "\\ud83d"}',
    "deep": b"[" * 30_000,
    "deep in a field": b'{"question": ' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    "deep objects": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "a number too long": b'{"question": ' + b"9" * 60_000 + b"}",
    "two texts": b'{"question": "a"}{"question": "b"}',
    "single quotes": b"{'question': 'who?'}",
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
async def test_what_is_no_json_is_refused(api: Programs, body: bytes) -> None:
    """Whatever is no JSON in UTF-8, or deeper than any message, is 400 and changes nothing."""
    read_problem(await api.post("ask", body), 400)
    assert (await api.post("ask", QUESTION)).status == 200


WRONG: dict[str, tuple[str, Any, dict[str, str]]] = {
    # (operation, body or query, what to change)
    "no object": ("ask", ["question"], {"/": "It has to be an object"}),
    "null": ("ask", None, {"/": "It has to be an object"}),
    "nothing": ("ask", {}, {"/question": "This field is needed"}),
    "unknown fields": (
        "ask",
        QUESTION | {"regulation": "GL8", "a/b~c": 1},
        {
            "/regulation": "There is no such field; there are: question, context",
            "/a~1b~0c": "There is no such field; there are: question, context",
        },
    ),
    "no text": ("ask", {"question": 5}, {"/question": "Input should be a valid string"}),
    "an empty question": ("ask", {"question": ""}, {"/question": "String should have at least 1 character"}),
    "a blank question": ("ask", {"question": " \t\n"}, {"/question": "It is blank: write a question"}),
    "a long question": (
        "ask",
        {"question": "x" * 4001},
        {"/question": "String should have at most 4000 characters"},
    ),
    "a context that is no list": ("ask", QUESTION | {"context": "GL8"}, {"/context": "Input should be a valid array"}),
    "a context of others": (
        "ask",
        QUESTION | {"context": ["GL8", 1]},
        {"/context/1": "Input should be a valid string"},
    ),
    "yes": (
        "feedback",
        {"answer": ANSWER, "helpful": "yes"},
        {"/helpful": "Input should be a valid boolean"},
    ),
    "no answer's id": (
        "feedback",
        {"answer": "0" * 63, "helpful": True},
        {"/answer": "String should match pattern '^[0-9a-f]{64}$'"},
    ),
    "no reference": ("clause", {}, {"ref": "This field is needed"}),
    "an unknown parameter": (
        "clauses",
        {"question": "who?"},
        {"question": "There is no such field; there are: guide, regulation, owner"},
    ),
    "another party": (
        "matrix",
        {"regulation": "GL8", "owner": "us"},
        {"owner": "Input should be 'csp', 'csc' or 'third_party'"},
    ),
    "another language": (
        "clause",
        {"ref": "GL8 5.1(c)", "language": "fr"},
        {"language": "Input should be 'en' or 'zh-Hant'"},
    ),
}


@pytest.mark.parametrize(("name", "given", "wrong"), WRONG.values(), ids=WRONG)
async def test_what_is_not_as_described_is_refused(api: Programs, name: str, given: Any, wrong: dict[str, str]) -> None:
    """Each thing to change is named by its place, with what is wrong with it, and nothing is guessed."""
    reply = await (api.post(name, given) if name in ("ask", "feedback") else api.get(name, **given))
    problem = read_problem(reply, 422)
    assert {each.place: each.detail for each in problem.errors} == wrong


@pytest.mark.parametrize("ref", ["gl8 5.1(c)", "GL 8  5.1 (C)", "gl8 5.1c", " Gl8 5.1 ( c "])
async def test_a_reference_may_be_written_otherwise(api: Programs, ref: str) -> None:
    """In small letters, with blanks, without brackets: the clause is the same."""
    assert (await api.get("clause", ref=ref)).body == (await api.get("clause", ref="GL8 5.1(c)")).body
    assert (await api.get("clause", ref="Guide  2.1")).body == (await api.get("clause", ref="guide 2.1")).body


@pytest.mark.parametrize("ref", ["who handles backups?", "../../etc/passwd", "GL8 5.1(c)\n", "", "x" * 65])
async def test_a_reference_is_no_question(api: Programs, ref: str) -> None:
    """Words have no place in an address: what is no reference is refused, and `ask` takes it."""
    problem = read_problem(await api.get("clause", ref=ref), 422)
    assert [each.place for each in problem.errors] == ["ref"]


async def test_a_parameter_stands_once(api: Programs) -> None:
    """Of two values none is chosen."""
    problem = read_problem(await api.send("GET", "/api/v1/matrix?regulation=GL8&regulation=GL14"), 422)
    assert [(each.place, each.detail) for each in problem.errors] == [("regulation", "It stands there more than once")]


async def test_a_question_in_an_address_is_refused(api: Programs, answerer: StubAnswerer) -> None:
    """What people ask does not go into addresses, which end up in logs."""
    reply = await api.send(
        "POST",
        "/api/v1/ask?question=who",
        data=json.dumps(QUESTION),
        headers={"Content-Type": "application/json"},
    )
    assert "everything goes into the body" in read_problem(reply, 422).detail
    assert answerer.questions == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=latin-1"},
        {"Content-Type": "application/json5"},
        {"Content-Type": ""},
    ],
    ids=lambda headers: headers["Content-Type"],
)
async def test_a_body_is_json(api: Programs, answerer: StubAnswerer, headers: dict[str, str]) -> None:
    """Another type, such as a form of another site may send, or another charset is 415."""
    read_problem(await api.post("ask", QUESTION, headers=headers), 415)
    assert answerer.questions == []


async def test_a_body_in_utf_8_may_say_so(api: Programs) -> None:
    """The charset that JSON has may be named."""
    for charset in ("utf-8", "UTF-8", '"utf-8"'):
        named = {"Content-Type": f"application/json; charset={charset}"}
        assert (await api.post("ask", QUESTION, headers=named)).status == 200


async def test_a_compressed_body_is_refused(api: Programs) -> None:
    """A small body that would become a large one is not unpacked for anybody."""
    read_problem(await api.post("ask", QUESTION, compress="deflate"), 415)


@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024 + 1, 3 * 1024 * 1024])
async def test_a_large_body_is_refused(api: Programs, size: int) -> None:
    """Past 64 KiB a body is 413, whichever of the service's limits it meets first."""
    read_problem(await api.post("ask", b" " * size), 413)
    fits = json.dumps(QUESTION).encode().ljust(64 * 1024)
    assert (await api.post("ask", fits)).status == 200


async def test_the_longest_question_is_answered(api: Programs, answerer: StubAnswerer) -> None:
    """4,000 characters, each of them escaped, are a question."""
    question = note_text("\U00020bb7" * 4000)
    assert (await api.post("ask", {"question": question})).status == 200
    assert answerer.questions == [question]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "ask", "POST"),
        ("PUT", "feedback", "POST"),
        ("DELETE", "ask", "POST"),
        ("OPTIONS", "ask", "POST"),
        ("POST", "clauses", "GET,HEAD"),
        ("POST", "matrix", "GET,HEAD"),
        ("POST", "openapi.json", "GET,HEAD"),
        ("POST", "", "GET,HEAD"),
    ],
)
async def test_another_method_is_told_the_right_one(api: Programs, method: str, path: str, allowed: str) -> None:
    """405 names the methods that there are; no page of another site is let send more (CORS)."""
    reply = await api.send(method, f"/api/v1/{path}")
    read_problem(reply, 405)
    assert reply.headers["Allow"] == allowed
    assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "path", ["nope", "ask/", "ask/more", "..%2f..%2fetc/passwd", "%00", "clauses%2f", "style.css/x"]
)
async def test_another_path_is_not_there(api: Programs, path: str) -> None:
    """Whatever else begins with the API's path is 404, told as a problem."""
    read_problem(await api.send("GET", f"/api/v1/{path}"), 404)


@pytest.mark.parametrize("anonymous", ["0", "1"])
async def test_teams_has_its_place_beside(
    answerer: StubAnswerer, monkeypatch: pytest.MonkeyPatch, anonymous: str
) -> None:
    """With Teams on, `/api/messages` is Teams', with Teams off it says so, and all of `/api/v1` stays the API's."""
    monkeypatch.setenv("CLAUSEBOT_TEAMS_ANONYMOUS", anonymous)
    async with serve_programs(answerer) as api:
        to_teams = await api.send("POST", "/api/messages", data=b"{}", headers={"Content-Type": "application/json"})
        assert "problem" not in to_teams.headers.get("Content-Type", "")
        assert (b"Teams is off" in to_teams.body) == (anonymous == "0")
        assert (await api.post("ask", QUESTION)).status == 200
        read_problem(await api.send("GET", "/api/v1/messages"), 404)
        read_problem(await api.send("GET", "/api/v1/ask"), 405)
        assert (await api.get("")).status == 200


async def test_a_body_that_does_not_come_is_told_as_a_problem(
    answerer: StubAnswerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the service itself refuses, before an operation sees it, is a problem too."""
    monkeypatch.setattr("bot.server._BODY_WITHIN", 0.2)

    async def trickle() -> AsyncIterator[bytes]:
        yield b'{"question'
        await asyncio.sleep(2)

    async with serve_programs(answerer) as api:
        reply = await api.send("POST", "/api/v1/ask", data=trickle(), headers={"Content-Type": "application/json"})
    read_problem(reply, 408)


async def test_a_failure_says_nothing_of_its_cause(api: Programs, answerer: StubAnswerer) -> None:
    """What no one foresaw is 500 with the request's id, and without the error's message."""
    answerer.answer_to_give = RuntimeError("secret of the house")
    reply = await api.post("ask", QUESTION)
    read_problem(reply, 500)
    assert b"secret" not in reply.body


async def drop(api: Programs, table: str) -> None:
    """Leave the records without a table."""
    async with api.records.engine.begin() as connection:
        await connection.execute(text(f"DROP TABLE {table}"))


async def test_without_records_nobody_is_taken_for_anybody(closed: Programs) -> None:
    """Where tokens can't be checked nobody gets in, and is told when to try again."""
    await closed.sign_in()
    await drop(closed, "tokens")
    reply = await closed.get("clauses")
    read_problem(reply, 503)
    assert int(reply.headers["Retry-After"]) > 0


async def test_without_records_answers_go_on_and_feedback_does_not(api: Programs) -> None:
    """An answer is owed whatever becomes of its record; feedback that is lost is said to be."""
    for table in ("answers", "feedback"):
        await drop(api, table)
    assert (await api.post("ask", QUESTION)).status == 200
    reply = await api.post("feedback", {"answer": ANSWER, "helpful": True})
    read_problem(reply, 503)
    assert int(reply.headers["Retry-After"]) > 0


async def test_the_log_holds_no_question_and_no_token(
    closed: Programs, answerer: StubAnswerer, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever comes in, right or wrong, and even what is no request at all: the log does not quote it."""
    caplog.set_level(logging.DEBUG)
    token = await closed.sign_in()
    asked = note_text("may we hand the ledger to a courier?")
    await closed.ask(asked)
    await closed.post("ask", {"questions": asked})
    await closed.get("clause", ref=asked)
    answerer.answer_to_give = ValueError(asked)
    await closed.ask(asked)
    address = urlsplit(closed.address)
    for head in (f"Content-Length: 1\r\n\r\n{asked}", f"Wrong: \x00{asked}\r\n\r\n"):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f"POST /api/v1/ask HTTP/1.1\r\nHost: bot.example\r\n{head}\r\n\r\n".encode())
        writer.write_eof()
        await reader.read()
        writer.close()
    assert "A request failed: ValueError" in caplog.text
    assert "A connection failed: " in caplog.text
    assert asked not in caplog.text
    assert asked.split("the")[1] not in caplog.text
    assert token not in caplog.text
