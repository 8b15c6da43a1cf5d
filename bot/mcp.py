"""The guide for assistants (Model Context Protocol): tools that quote and cite it, so that nothing is made up."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp import MCPError, types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from bot.desk import Desk
from bot.faults import describe_error
from bot.logs import answer_id, configure_logging
from bot.origin import Origin
from bot.places import find_guides, find_sources
from bot.unrecorded import Unrecorded
from bot.web.messages import (
    AskRequest,
    CatalogueQuery,
    InvalidError,
    LookUpRequest,
    UnreadableError,
    Wrong,
    read_json,
)
from bot.web.openapi import VERSION, compose_schema
from bot.web.overview import UnknownError, list_catalogue
from corpus.models import Model
from corpus.problems import CorpusError
from retrieval.answer import Answer
from retrieval.answerer import load_answerer
from retrieval.catalogue import Catalogue, Suggestion
from retrieval.reference import parse_references
from retrieval.wording import LABELS, format_date

logger = logging.getLogger(__name__)

CHANNEL = "mcp"

Context = ServerRequestContext[Any]

_INSTRUCTIONS = """\
Clausebot answers who does what about a clause of a regulation, from a guide in which a cloud provider responds to it. \
It generates nothing: what it returns stands in the guide, with section, row, paragraph, sentence and page. Call it \
before stating anything about these clauses, say no more than it returns, cite as it cites, and where it does not \
answer, say that the guide does not."""

_HOW_TO_READ = """\
`outcome` says what became of it. Only `answered` is an answer; with `no_such_clause` (the guide has no response to \
that clause), `not_covered` (nothing in the guide answers it) and `clarify` (too vague), tell the reader so: `closest` \
holds clauses to ask about next, never an answer. The first `asked` of `clauses` answer, the rest are related. Each \
duty has a party (`owner`: csp is the provider, csc the customer), a `kind` (obligation: must do; service: offers; \
evidence: shows), a `citation`, and with the source attached a `quote`, the guide's own words; without, `text` \
restates them and is no quotation. `ownership` uses the CSA Cloud Controls Matrix' terms: csp_owned, csc_owned, \
shared, third_party, none. A party without duties is one about which the guide is silent: don't fill that in. Pass on \
`errata` (doubtful statements in the guide), `updates` and `currency` (what changed since)."""

_ASK = f"""\
Ask in words who does what: "who handles backups under GL8 5.1(c)?", "do they encrypt our data?", in English or \
Chinese. A follow-up needs `context`: the references of the clauses spoken of so far. {_HOW_TO_READ}"""

_LOOK_UP = f"""\
Read what the guide says about clauses that you can name, such as "GL8 5.1(c)" or "GL14 5.12 to 5.14": every duty of \
every party. {_HOW_TO_READ}"""

_LIST = """\
List what the guide answers: each clause and background item with its reference, title and `ownership` (CSA Cloud \
Controls Matrix: csp_owned is the provider's, csc_owned the customer's, shared, third_party, none), and the known \
changes of the rules since. Narrow it down by regulation or by party; then look clauses up by their reference."""


class ToolError(Exception):
    """A call that can't be answered; the message tells the assistant what to do."""


@dataclass(frozen=True)
class Tool:
    """One tool: what it takes and gives, and how; ``run`` returns the result, and the same in words."""

    title: str
    description: str
    takes: type[Model]
    gives: type[Model]
    run: Callable[[Desk, Any, Origin], Awaitable[tuple[Model, str]]]


async def _ask(desk: Desk, asked: AskRequest, origin: Origin) -> tuple[Answer, str]:
    answer = await desk.ask(asked.question, origin, context=asked.context)
    return answer, answer.message


async def _look_up(desk: Desk, wanted: LookUpRequest, origin: Origin) -> tuple[Answer, str]:
    if not parse_references(wanted.reference):
        raise ToolError(
            'No clause is named by its number. Write it as in "GL8 5.1(c)"; ask_guide takes a question in words, and '
            "list_clauses tells which clauses there are."
        )
    answer = await desk.look_up(wanted.reference, origin)
    return answer, answer.message


async def _list(desk: Desk, query: CatalogueQuery, _: Origin) -> tuple[Catalogue, str]:
    try:
        catalogue = list_catalogue(desk, query)
    except UnknownError as error:
        raise ToolError(str(error)) from None
    return catalogue, "\n".join(_write_catalogue(catalogue))


TOOLS = {
    "ask_guide": Tool("Ask the guide", _ASK, AskRequest, Answer, _ask),
    "look_up_clause": Tool("Look up a clause", _LOOK_UP, LookUpRequest, Answer, _look_up),
    "list_clauses": Tool("List the clauses", _LIST, CatalogueQuery, Catalogue, _list),
}


def _write_catalogue(catalogue: Catalogue) -> Iterator[str]:
    for guide in catalogue.guides:
        yield f"{guide.title}, edition {guide.edition} ({format_date(guide.date, 'en')}), {guide.provider}:"
        yield from (f"- {_write_line(each)}" for each in (*guide.clauses, *guide.background))
    for update in catalogue.updates:
        status = LABELS["en"].update_status[update.status]
        told = f"{update.title}. {update.text} [{update.source}]"
        yield f"Changed since ({format_date(update.date, 'en')}, {status}): {told}"


def _write_line(item: Suggestion) -> str:
    return f"{item.ref} {item.title}: {LABELS['en'].ownership[item.ownership]}"


def create_server(desk: Desk) -> Server[Any]:
    """The server, which answers through the desk; one for any number of connections."""
    # The SDK's lines quote what could not be read or sent, and so what people wrote; what fails in a tool is told here.
    logging.getLogger("mcp").setLevel(logging.CRITICAL)
    listed = types.ListToolsResult(tools=[_describe(name, tool) for name, tool in TOOLS.items()])

    async def list_tools(_: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return listed

    async def call_tool(context: Context, called: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(called.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no such tool; there are: {', '.join(TOOLS)}")
        return await _call(desk, tool, called.arguments or {}, _read_asker(context))

    return Server(
        "clausebot",
        version=VERSION,
        title="Clausebot",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _describe(name: str, tool: Tool) -> types.Tool:
    return types.Tool(
        name=name,
        title=tool.title,
        description=tool.description,
        input_schema=compose_schema(tool.takes, "validation"),
        output_schema=compose_schema(tool.gives, "serialization"),
        annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=False),
    )


def _read_asker(context: Context) -> str:
    """Who asks: what the HTTP service found out of them; nobody in particular over standard input."""
    return str(context.request.state.asker) if context.request else ""


async def _call(desk: Desk, tool: Tool, arguments: dict[str, Any], asker: str) -> types.CallToolResult:
    origin = Origin(channel=CHANNEL, workspace="", asker=asker, event=secrets.token_hex(32))
    token = answer_id.set(origin.event)
    try:
        request = _read(tool, arguments)
        admission = await desk.admit(origin)
        if not admission.admitted:
            return _fail(f"Too many questions in a minute. Ask again in {admission.wait} seconds.")
        result, text = await tool.run(desk, request, origin)
    except ToolError as error:
        return _fail(str(error))
    except Exception as error:
        logger.error("A tool failed: %s", describe_error(error))
        return _fail("Clausebot failed. Try once more; if it fails again, tell the reader that there is no answer now.")
    finally:
        answer_id.reset(token)
    content = [types.TextContent(type="text", text=text)]
    return types.CallToolResult(content=content, structured_content=result.model_dump(mode="json"))


def _read(tool: Tool, arguments: dict[str, Any]) -> Model:
    try:
        return read_json(tool.takes, json.dumps(arguments))
    except UnreadableError:
        raise ToolError(
            "The arguments hold what no JSON text does, such as half a character. Leave that out."
        ) from None
    except InvalidError as error:
        raise ToolError(f"The arguments are not as described. {_explain(error.wrong)}.") from None


def _explain(wrong: Sequence[Wrong]) -> str:
    return "; ".join(f"{each.place.removeprefix('/') or 'the whole'}: {each.detail}" for each in wrong)


def _fail(text: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=True)


def serve_stdio(source: Path | None) -> int:
    """Serve over standard input and output until the input ends; the log goes to standard error.

    Nothing is recorded, and no database is needed.

    Args:
        source: folder with the guides' texts, or one text; None for where they are by default.

    Returns:
        The exit status: 2 where the corpus does not load.
    """
    configure_logging()
    # There is nothing to finish. Python would first wait for a line of input, which may never come.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        answerer, problems = load_answerer(source or find_sources(), find_guides())
    except CorpusError as error:
        print(f"clausebot: {error}", file=sys.stderr)
        return 2
    for problem in problems:
        logger.warning("%s", problem)
    server = create_server(Desk(answerer, Unrecorded()))

    async def serve() -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    asyncio.run(serve())
    return 0
