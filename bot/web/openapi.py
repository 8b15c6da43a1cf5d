"""The JSON API's description (OpenAPI 3.1), made from the models that it reads and answers with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from bot.web.messages import (
    AskRequest,
    CatalogueQuery,
    ClauseQuery,
    FeedbackRequest,
    Matrix,
    MatrixQuery,
)
from bot.web.problems import KINDS, Problem
from corpus.models import Model
from retrieval.answer import Answer, ClauseView
from retrieval.catalogue import Catalogue

Schema = dict[str, Any]

VERSION = "1.0.0"
"""Of what programs rely on: the API's operations and MCP's tools, with their models."""

ANSWER_ID = "Answer-Id"
"""The header that an answer's id comes in, for feedback."""

_ABOUT = """\
Who does what about a clause of a regulation, as a cloud provider's guide answers it. Nothing is generated: an answer \
holds what the guide says, in other words and (with the source attached) in its own, each duty with its place in the \
guide. Same question and same corpus, same answer, byte for byte: `POST ask` answers as `clausebot ask --json` does.

Who carries a clause is told in the terms of the CSA Cloud Controls Matrix: `csp_owned` (the provider's), `csc_owned` \
(the customer's), `shared`, `third_party`, `none`. `outcome` says how a question ended: `answered`; `no_such_clause` \
(the guide has no response to that clause); `not_covered` (nothing in the guide answers it); `clarify` (too vague). \
Only `answered` is an answer; `closest` holds choices, never an answer."""

# Headers that come with a problem.
_HEADERS = {
    401: ("WWW-Authenticate", "How to show a token."),
    429: ("Retry-After", "Seconds after which to ask again."),
    503: ("Retry-After", "Seconds after which to try again."),
}

# What of one operation's response goes into another's request.
_LINKS = {
    "ask": {
        "feedback": {
            "operationId": "feedback",
            "requestBody": {"answer": f"$response.header.{ANSWER_ID}", "helpful": True},
            "description": "The answer's id tells which answer helped.",
        }
    },
    "clauses": {
        "clause": {
            "operationId": "clause",
            "parameters": {
                "ref": "$response.body#/guides/0/clauses/0/ref",
                "guide": "$response.body#/guides/0/id",
            },
            "description": "Each clause listed can be read.",
        }
    },
}

# What every operation may end with; and those that take a body, besides.
_ALWAYS = (401, 422, 429, 500, 503)
_WITH_BODY = (400, 408, 413, 415)


@dataclass(frozen=True)
class Operation:
    """One operation: what it is called, takes and gives.

    ``query`` and ``body`` are the models of what is sent, ``answer`` that of what comes back, None for nothing;
    ``gives`` says in words what comes back, ``missing`` when there is nothing to give.
    """

    method: Literal["get", "post"]
    path: str
    name: str
    summary: str
    about: str
    gives: str
    query: type[Model] | None = None
    body: type[Model] | None = None
    answer: type[Model] | None = None
    missing: str = ""


OPERATIONS = (
    Operation(
        "post",
        "/ask",
        "ask",
        "Ask a question",
        "Answers a question, or says that the guide does not.",
        "The answer, or that there is none and why.",
        body=AskRequest,
        answer=Answer,
    ),
    Operation(
        "get",
        "/clause",
        "clause",
        "Read a clause",
        "One clause or background item with every duty, in the guide's order. Nothing is recorded.",
        "The clause.",
        query=ClauseQuery,
        answer=ClauseView,
        missing="No loaded guide responds to that clause.",
    ),
    Operation(
        "get",
        "/clauses",
        "clauses",
        "List what can be looked up",
        "Every clause and background item of the loaded guides, and the known changes of the rules since. "
        "Background belongs to no regulation: none is listed where a regulation or a party is named.",
        "The list, a guide at a time.",
        query=CatalogueQuery,
        answer=Catalogue,
        missing="No such guide is loaded, or none answers that regulation.",
    ),
    Operation(
        "get",
        "/matrix",
        "matrix",
        "Draw up a regulation's responsibility matrix",
        "Each clause of a regulation with the duties of each party, side by side.",
        "The matrix, a clause a row.",
        query=MatrixQuery,
        answer=Matrix,
        missing="No such guide is loaded, or none answers that regulation.",
    ),
    Operation(
        "post",
        "/feedback",
        "feedback",
        "Say whether an answer helped",
        "Replaces what the same token said of that answer before.",
        "Noted.",
        body=FeedbackRequest,
    ),
)


def compose_openapi(root: str, *, is_open: bool) -> Schema:
    """The description.

    Args:
        root: the API's address.
        is_open: whether programs on this machine get in without a token.
    """
    schemas = _compose_schemas()
    token = "A token that `clausebot token create` made."  # noqa: S105 - says what it is, and is none
    here = " The machine that the service runs on needs none." if is_open else ""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Clausebot",
            "version": VERSION,
            "summary": "Who does what about a regulation's clause",
            "description": _ABOUT,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": root}],
        "security": [{}, {"token": []}] if is_open else [{"token": []}],
        "paths": {each.path: {each.method: _compose_operation(each, schemas)} for each in OPERATIONS},
        "components": {
            "schemas": {name: schema for name, schema in schemas.items() if name not in _QUERIES},
            "responses": {f"Problem{status}": _compose_problem(status) for status in sorted(KINDS)},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": token + here}},
        },
    }


class _Plain(GenerateJsonSchema):
    """Schemas in which a field's title does not repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def compose_schema(model: type[Model], mode: JsonSchemaMode) -> Schema:
    """The JSON schema of one model, whole in itself, as it is read (``validation``) or written (``serialization``)."""
    return model.model_json_schema(mode=mode, schema_generator=_Plain)


def _compose_schemas() -> dict[str, Schema]:
    sent: list[type[Model]] = [model for each in OPERATIONS for model in (each.query, each.body) if model]
    got: list[type[Model]] = [*(each.answer for each in OPERATIONS if each.answer), Problem]
    models: list[tuple[type[Model], JsonSchemaMode]] = [(model, "validation") for model in sent]
    models += [(model, "serialization") for model in got]
    _, schema = models_json_schema(models, ref_template="#/components/schemas/{model}", schema_generator=_Plain)
    return dict(schema["$defs"])


# Their fields are parameters; as a whole they are nothing that is sent.
_QUERIES = {each.query.__name__ for each in OPERATIONS if each.query}


def _compose_operation(operation: Operation, schemas: Mapping[str, Schema]) -> Schema:
    statuses = [*_ALWAYS, *(_WITH_BODY if operation.body else ()), *([404] if operation.missing else [])]
    problems = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}
    if operation.missing:
        problems["404"] = _compose_problem(404) | {"description": operation.missing}
    described: Schema = {"operationId": operation.name, "summary": operation.summary, "description": operation.about}
    if operation.query:
        described["parameters"] = _compose_parameters(schemas[operation.query.__name__])
    if operation.body:
        described["requestBody"] = {"required": True, "content": _carry(operation.body)}
    return described | {"responses": _compose_success(operation) | problems}


def _compose_success(operation: Operation) -> Schema:
    response: Schema = {"description": operation.gives}
    if operation.answer:
        response["content"] = _carry(operation.answer)
    if operation.answer is Answer:
        identity = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
        told = {"description": "The answer's id, for feedback.", "required": True, "schema": identity}
        response["headers"] = {ANSWER_ID: told}
    if operation.name in _LINKS:
        response["links"] = _LINKS[operation.name]
    return {"200" if operation.answer else "204": response}


def _compose_parameters(schema: Schema) -> list[Schema]:
    """A query's parameters, from the schema of its model."""
    parameters = []
    for name, field in schema["properties"].items():
        described = dict(field)
        # What may be left out is never sent as null.
        for choice in described.pop("anyOf", []):
            described |= choice if choice != {"type": "null"} else {}
        if described.get("default", "") is None:
            del described["default"]
        about = described.pop("description", "")
        is_needed = name in schema.get("required", ())
        parameters.append(
            {"name": name, "in": "query", "required": is_needed, "description": about, "schema": described}
        )
    return parameters


def _compose_problem(status: int) -> Schema:
    response: Schema = {
        "description": f"{KINDS[status].title}.",
        "content": {"application/problem+json": {"schema": _refer(Problem)}},
    }
    if status in _HEADERS:
        name, about = _HEADERS[status]
        response["headers"] = {name: {"description": about, "required": True, "schema": {"type": "string"}}}
    return response


def _carry(model: type[Model]) -> Schema:
    return {"application/json": {"schema": _refer(model)}}


def _refer(model: type[Model]) -> Schema:
    return {"$ref": f"#/components/schemas/{model.__name__}"}
