"""The tools for assistants, with the SDK's own client, over HTTP and over standard input and output."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes.answers import StubAnswerer
from fakes.leaks import note_stderr, note_text, open_stderr
from fakes.programs import Programs, Reply, serve_programs
from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp.types import CallToolResult, TextContent
from sqlalchemy import select

from bot.records.models import AnswerRecord
from retrieval.answer import Answer
from retrieval.answerer import Answerer, load_answerer
from retrieval.catalogue import Catalogue

CLAUSEBOT = Path(sys.executable).parent / "clausebot"
INVENTED = Path(__file__).parents[1] / "fixtures"

TRANSPORTS = ["http", "stdio"]
# The handshake that clients began with until 2025, and what those of 2026 do without.
MODES = ["legacy", "auto"]

QUESTION = note_text("who handles backups under GL8 5.1(c)?")

both = pytest.mark.parametrize("transport", TRANSPORTS)


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The pack that Clausebot brings."""
    return load_answerer(None, None)[0]


@asynccontextmanager
async def connect(transport: str, answerer: Answerer, folder: Path, mode: str = "auto") -> AsyncIterator[Client]:
    """A client of the real service, or of the real command in a folder of its own without a database."""
    if transport == "stdio":
        async with Client(stdio_client(name_command(folder), errlog=open_stderr()), mode=mode) as client:  # type: ignore[arg-type]
            yield client
        return
    async with serve_programs(answerer) as running, Client(f"{running.address}/mcp", mode=mode) as client:
        yield client


def name_command(folder: Path, *arguments: str, **environment: str) -> StdioServerParameters:
    """``clausebot mcp`` for somebody who has nothing set."""
    own = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
    return StdioServerParameters(command=str(CLAUSEBOT), args=["mcp", *arguments], env=own | environment, cwd=folder)


async def call(client: Client, tool: str, **arguments: Any) -> CallToolResult:
    """The result of a tool; the client holds it to the tool's schema."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, CallToolResult)
    return result


def read_text(result: CallToolResult) -> str:
    """The words of a result."""
    [content] = result.content
    assert isinstance(content, TextContent)
    return content.text


@both
@pytest.mark.parametrize("mode", MODES)
async def test_an_assistant_quotes_the_guide(transport: str, mode: str, answerer: Answerer, tmp_path: Path) -> None:
    """Clients of either age learn of three tools, ask, look up and list, and get what every channel shows."""
    async with connect(transport, answerer, tmp_path, mode) as client:
        assert client.server_info.name == "clausebot"
        assert "Call it before stating anything" in (client.instructions or "")
        assert [tool.name for tool in (await client.list_tools()).tools] == [
            "ask_guide",
            "look_up_clause",
            "list_clauses",
        ]
        asked = await call(client, "ask_guide", question=QUESTION)
        looked_up = await call(client, "look_up_clause", reference="gl 8 s5.1 c")
        listed = await call(client, "list_clauses")
    for result, question in ((asked, QUESTION), (looked_up, "gl 8 s5.1 c")):
        expected = answerer.answer(question)
        assert not result.is_error
        assert Answer.model_validate_json(json.dumps(result.structured_content)) == expected
        assert read_text(result) == expected.message
    assert looked_up.structured_content["clauses"][0]["ref"] == "GL8 5.1(c)"
    assert Catalogue.model_validate_json(json.dumps(listed.structured_content)) == answerer.catalogue()


@both
async def test_what_the_guide_does_not_answer_is_said(transport: str, answerer: Answerer, tmp_path: Path) -> None:
    """A question that it does not answer is no error: the outcome says so, in the structure and in words."""
    async with connect(transport, answerer, tmp_path) as client:
        for tool, arguments, outcome in (
            ("ask_guide", {"question": note_text("what is the price of an elephant?")}, "not_covered"),
            ("look_up_clause", {"reference": "GL8 9.9"}, "no_such_clause"),
            ("ask_guide", {"question": "hello"}, "clarify"),
        ):
            result = await call(client, tool, **arguments)
            assert (result.is_error, result.structured_content["outcome"]) == (False, outcome)
            assert result.structured_content["clauses"] == []
            assert read_text(result) == result.structured_content["message"]


@both
async def test_a_follow_up_takes_its_context_along(transport: str, answerer: Answerer, tmp_path: Path) -> None:
    """No session is kept: what was spoken of is an argument."""
    async with connect(transport, answerer, tmp_path) as client:
        result = await call(client, "ask_guide", question="and who tests it?", context=["GL8 5.1(c)"])
    expected = answerer.answer("and who tests it?", context=["GL8 5.1(c)"])
    assert result.structured_content == expected.model_dump(mode="json")


@both
async def test_the_list_is_narrowed_down_and_readable(transport: str, answerer: Answerer, tmp_path: Path) -> None:
    """By regulation and party; in words, a line for each clause with who carries it, and what changed since."""
    async with connect(transport, answerer, tmp_path) as client:
        result = await call(client, "list_clauses", regulation="GL8", owner="csc")
    [guide] = result.structured_content["guides"]
    lines = read_text(result).splitlines()
    assert [clause["ref"] for clause in guide["clauses"]] == [
        suggestion.ref for suggestion in answerer.suggest("", regulation="GL8", owner="csc")
    ]
    for clause in guide["clauses"]:
        assert [line for line in lines if line.startswith(f"- {clause['ref']} {clause['title']}: ")]
    assert len([line for line in lines if line.startswith("Changed since (")]) == len(answerer.catalogue().updates)


WRONG: list[tuple[str, dict[str, Any], str]] = [
    # (tool, arguments, what the assistant reads)
    ("ask_guide", {}, "question: This field is needed"),
    ("ask_guide", {"question": 5}, "question: Input should be a valid string"),
    ("ask_guide", {"query": "who?", "question": "who?"}, "query: There is no such field; there are: question, context"),
    ("ask_guide", {"question": "x" * 4001}, "question: String should have at most 4000 characters"),
    ("look_up_clause", {"reference": "the backups"}, "ask_guide takes a question in words"),
    ("list_clauses", {"owner": "us"}, "owner: Input should be 'csp', 'csc' or 'third_party'"),
    ("list_clauses", {"regulation": "GL99"}, "those answered are: GL8, GL14"),
    ("list_clauses", {"guide": "another"}, "No guide of that id is loaded; there are: alibaba-cloud-hk-insurance-2019"),
]


@both
async def test_what_can_not_be_answered_says_what_to_do(transport: str, answerer: Answerer, tmp_path: Path) -> None:
    """A wrong call is the tool's error, in words that an assistant can act on."""
    async with connect(transport, answerer, tmp_path) as client:
        for tool, arguments, told in WRONG:
            result = await call(client, tool, **arguments)
            assert (result.is_error, result.structured_content) == (True, None), arguments
            assert told in read_text(result)
        with pytest.raises(MCPError, match="There is no such tool; there are: ask_guide, look_up_clause, list_clauses"):
            await client.call_tool("delete_everything", {})
        assert not (await call(client, "ask_guide", question=QUESTION)).is_error


async def test_the_tools_say_what_they_are_for(answerer: Answerer, tmp_path: Path) -> None:
    """Descriptions tell when to call, what an outcome and an ownership mean, and that nothing is filled in."""
    async with connect("http", answerer, tmp_path) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    for name in ("ask_guide", "look_up_clause"):
        for word in (
            "`outcome`",
            "no_such_clause",
            "not_covered",
            "clarify",
            "`quote`",
            "`citation`",
            "csp_owned",
            "silent",
        ):
            assert word in (tools[name].description or ""), (name, word)
        assert tools[name].output_schema["properties"].keys() == Answer.model_fields.keys()  # type: ignore[index]
    assert tools["ask_guide"].input_schema["required"] == ["question"]
    assert tools["list_clauses"].output_schema["properties"].keys() == Catalogue.model_fields.keys()  # type: ignore[index]
    for tool in tools.values():
        assert tool.annotations
        assert (tool.annotations.read_only_hint, tool.annotations.open_world_hint) == (True, False)
        assert not tool.input_schema["additionalProperties"]
        for field in tool.input_schema["properties"].values():
            assert field.get("description") or [each for each in field["anyOf"] if each.get("description")]


@pytest.fixture
def stub() -> StubAnswerer:
    """What a service is asked that is to fail, or to count."""
    return StubAnswerer()


async def test_calls_over_http_are_recorded_and_counted(stub: StubAnswerer) -> None:
    """An answer is recorded as MCP's; past the limit of a minute a tool says after how many seconds to ask again."""
    async with serve_programs(stub, person=2) as running, Client(f"{running.address}/mcp") as client:
        results = [await call(client, "ask_guide", question="who keeps copies?") for _ in range(3)]
        async with running.records.engine.connect() as connection:
            recorded = (await connection.execute(select(AnswerRecord.channel))).scalars().all()
    assert [result.is_error for result in results] == [False, False, True]
    assert re.fullmatch(r"Too many questions in a minute. Ask again in \d+ seconds.", read_text(results[2]))
    assert recorded == ["mcp", "mcp"]


async def test_a_failure_says_nothing_of_its_cause(stub: StubAnswerer, caplog: pytest.LogCaptureFixture) -> None:
    """What no one foresaw is told in words, and in the log by its place, never by its message."""
    caplog.set_level(logging.DEBUG)
    stub.answer_to_give = RuntimeError("secret of the house")
    async with serve_programs(stub) as running, Client(f"{running.address}/mcp") as client:
        result = await call(client, "ask_guide", question=QUESTION)
    assert result.is_error
    assert read_text(result).startswith("Clausebot failed.")
    assert "A tool failed: RuntimeError at " in caplog.text
    assert "secret" not in caplog.text
    assert QUESTION not in caplog.text


# The first request of a client of 2025; and a call of 2026, which needs nothing before it.
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "raw", "version": "1"}},
}
CALL = {
    "jsonrpc": "2.0",
    "id": 2,
    "method": "tools/call",
    "params": {"name": "ask_guide", "arguments": {"question": QUESTION}},
}
HEADERS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


async def post(running: Programs, message: Any, **headers: str) -> Reply:
    """One message as it is given: JSON, or bytes as they are."""
    data = message if isinstance(message, bytes) else json.dumps(message).encode()
    return await running.send("POST", "/mcp", data=data, headers=HEADERS | headers)


async def test_a_token_lets_in_over_http(stub: StubAnswerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a way in from outside nothing answers without a token; the SDK's client is let in with one."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example")
    async with serve_programs(stub) as running:
        for message in (INITIALIZE, CALL):
            refused = await post(running, message)
            assert (refused.status, refused.headers["Content-Type"]) == (401, "application/problem+json")
            assert refused.headers["WWW-Authenticate"] == 'Bearer realm="clausebot"'
            assert (await post(running, message, Authorization="Bearer wrong")).status == 401
        assert stub.questions == []
        shown = {"Authorization": f"Bearer {await running.make_token()}"}
        async with (
            create_mcp_http_client(headers=shown) as http,
            Client(streamable_http_client(f"{running.address}/mcp", http_client=http)) as client,
        ):
            assert not (await call(client, "ask_guide", question=QUESTION)).is_error


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:6274"}, 200),
        ({"Origin": "http://127.0.0.1"}, 200),
        ({"Origin": "https://page.example"}, 403),
        ({"Origin": "http://localhost.example"}, 403),
        ({"Origin": "http://[::1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "rebound.example:3000"}, 401),
        ({"Host": "rebound.example", "Origin": "http://rebound.example"}, 403),
    ],
    ids=str,
)
async def test_a_page_elsewhere_gets_nothing(stub: StubAnswerer, headers: dict[str, str], status: int) -> None:
    """A page of another site, whatever name it found for this machine (DNS rebinding), is turned away."""
    async with serve_programs(stub) as running:
        assert (await post(running, CALL, **headers)).status == status
    assert len(stub.questions) == (status == 200)


async def test_a_page_of_its_own_may_call(stub: StubAnswerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """From outside, only pages of PUBLIC_URL's own site may, and they too need a token."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example/clausebot")
    async with serve_programs(stub) as running:
        assert (await post(running, CALL, Origin="https://bot.example")).status == 401
        await running.sign_in()
        origins = {"https://bot.example": 200, "https://bot.example:444": 403, "http://localhost": 403, "null": 403}
        for origin, status in origins.items():
            assert (await post(running, CALL, Origin=origin)).status == status


async def test_what_is_no_message_is_refused_and_leaves_nothing(stub: StubAnswerer) -> None:
    """Garbage over HTTP is told as such, of either age, and the next call is answered."""
    async with serve_programs(stub) as running:
        for version in ({}, {"MCP-Protocol-Version": "2026-07-28"}, {"MCP-Protocol-Version": "who?"}):
            for message in (b"", b"who?", b"\xff", b"[" * 30_000, b"[]", b'{"jsonrpc": "2.0", "id": 1}', b'"\\ud83d"'):
                assert (await post(running, message, **version)).status == 400, (message[:9], version)
            assert (await post(running, b" " * (64 * 1024 + 1), **version)).status == 413
        half = json.dumps(CALL).replace("who handles", "\\ud83d").encode()
        assert (await post(running, half)).status < 500
        assert (await post(running, {"jsonrpc": "2.0", "method": "notifications/initialized"})).status == 202
        assert (await post(running, CALL, Accept="text/html")).status == 406
        assert (await post(running, CALL, **{"Content-Type": "text/plain"})).status == 400
        for method in ("GET", "DELETE", "PUT", "OPTIONS"):
            reply = await running.send(method, "/mcp", headers=HEADERS)
            assert (reply.status, reply.headers["Allow"]) == (405, "POST")
        answered = await post(running, CALL)
    assert (answered.status, answered.headers["Content-Type"]) == (200, "application/json")
    assert answered.json["result"]["structuredContent"]["outcome"] == "answered"
    assert len(stub.questions) == 1


async def test_many_ask_at_once(stub: StubAnswerer) -> None:
    """Calls that come together are answered each for itself, and the service stops without waiting for any."""
    async with serve_programs(stub) as running:
        replies = await asyncio.gather(*(post(running, CALL | {"id": number}) for number in range(50)))
    assert [(reply.status, reply.json["id"]) for reply in replies] == [(200, number) for number in range(50)]


async def start(folder: Path, *arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """``clausebot mcp`` as it is, for what the SDK's client does not do."""
    command = name_command(folder, *arguments, **environment)
    kept = {name: os.environ[name] for name in ("PATH",)}
    return await asyncio.create_subprocess_exec(
        command.command, *command.args, env=kept | (command.env or {}), cwd=folder, stdin=-1, stdout=-1, stderr=-1
    )


async def test_standard_output_is_the_protocols_alone(tmp_path: Path) -> None:
    """Each line out is a message, whatever comes in; the log goes to standard error and quotes nothing of it."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "alibaba.txt").write_text("This is not the guide's text.\n", encoding="utf-8")
    process = await start(tmp_path, CLAUSEBOT_SOURCES=str(tmp_path / "sources"))
    initialized = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    lines = [json.dumps(INITIALIZE), "who are you?", "{", json.dumps(initialized), "\ud83d", json.dumps(CALL), ""]
    out, errors = await process.communicate("\n".join(lines).encode("utf-8", "surrogatepass"))
    note_stderr(errors.decode())
    messages = [json.loads(line) for line in out.splitlines()]
    assert process.returncode == 0
    assert {message["jsonrpc"] for message in messages} == {"2.0"}
    assert messages[-1]["result"]["structuredContent"]["outcome"] == "answered"
    assert errors
    assert all(json.loads(line)["level"] in ("WARNING", "INFO") for line in errors.splitlines())
    assert b"who" not in errors


def list_files(folder: Path) -> list[Path]:
    """Whatever stands in a folder, at any depth."""
    return list(folder.rglob("*"))


async def test_it_needs_no_database(tmp_path: Path) -> None:
    """Neither a setting that can't be used nor a place to write is in its way, and it leaves nothing behind."""
    async with Client(
        stdio_client(
            name_command(tmp_path, DATABASE_URL="nonsense", PORT="nonsense", SLACK_BOT_TOKEN="nonsense"),
            errlog=open_stderr(),  # type: ignore[arg-type]
        )
    ) as client:
        assert not (await call(client, "ask_guide", question=QUESTION)).is_error
    assert list_files(tmp_path) == []


async def test_it_quotes_from_the_source_that_it_is_given(tmp_path: Path) -> None:
    """With further packs and their source, the tools quote the guide's own words."""
    sources, packs = INVENTED / "sources", INVENTED / "guides"
    command = name_command(tmp_path, "--source", str(sources), CLAUSEBOT_GUIDES=str(packs))
    async with Client(stdio_client(command, errlog=open_stderr())) as client:  # type: ignore[arg-type]
        listed = await call(client, "list_clauses", guide="quaymoth-cloud-hk-insurance-2021")
        [guide] = listed.structured_content["guides"]
        result = await call(client, "look_up_clause", reference=f"Quaymoth Cloud: {guide['clauses'][0]['ref']}")
    quotes = [duty["quote"] for clause in result.structured_content["clauses"] for duty in clause["duties"]]
    assert any(quotes)
    assert all(quote in read_text(result) for quote in quotes if quote)


async def test_a_pack_that_does_not_load_ends_it(tmp_path: Path) -> None:
    """Status 2 and a line on standard error; nothing on standard output that a client would take for a message."""
    process = await start(tmp_path, CLAUSEBOT_GUIDES=str(tmp_path / "nowhere"))
    out, errors = await process.communicate(b"")
    assert (process.returncode, out) == (2, b"")
    assert errors.startswith(b"clausebot: ")
    assert b"is no folder" in errors
