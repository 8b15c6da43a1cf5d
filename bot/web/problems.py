"""What every error of the JSON API looks like: problem details (RFC 9457), whatever part of the service it is from."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import Field

from bot.faults import describe_error
from bot.web.messages import Wrong
from corpus.models import Model

logger = logging.getLogger(__name__)

API = "/api/v1"
MCP = "/mcp"


class Kind(NamedTuple):
    """A kind of problem: its name in the API's page, its title, and what to do about it where nothing more is known."""

    name: str
    title: str
    detail: str


KINDS: Mapping[int, Kind] = {
    400: Kind("unreadable", "The request can't be read", "Send JSON in UTF-8, whole."),
    401: Kind(
        "no-token",
        "A token is needed",
        "Send Authorization: Bearer TOKEN, with a token that `clausebot token create` made and nobody revoked.",
    ),
    403: Kind("foreign-page", "Not from another site", "Call from a program, not from a page of another site."),
    404: Kind("not-found", "There is no such thing", "The operations are listed at /api/v1/."),
    405: Kind("wrong-method", "The method is another", "Use a method that the header Allow names."),
    408: Kind("too-slow", "The body took too long to come", "Send it again, at a go."),
    413: Kind("too-large", "The body is too large", "Send at most 65,536 bytes."),
    415: Kind("no-json", "The body is not JSON", "Send Content-Type: application/json, in UTF-8, not compressed."),
    422: Kind("not-as-described", "The request is not as described", "Each entry of errors says what to change."),
    429: Kind("too-many", "Too many questions in a minute", "Ask again after the seconds that Retry-After names."),
    500: Kind("failed", "Clausebot failed", "Try again; if it fails again, tell whoever runs it the X-Request-Id."),
    503: Kind("records-away", "The records can't be reached", "Try again after the seconds that Retry-After names."),
}


class Problem(Model):
    """Why a request was not answered, as RFC 9457 writes it."""

    type: str = Field(description="The kind of problem: an address on this API's page.")
    title: str = Field(description="The kind in words, the same whenever it occurs.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What to do about it.")
    errors: tuple[Wrong, ...] = Field(description="What to change in the request, if it is that.")


class ProblemError(Exception):
    """Ends a request with a problem.

    Args:
        status: one of `KINDS`.
        detail: what to do about it; by default, what its kind says.
        errors: what to change in the request.
        headers: further headers of the response.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        errors: tuple[Wrong, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.detail = detail
        self.errors = errors
        self.headers = headers


def respond(problem: ProblemError) -> web.Response:
    """The response that tells a problem."""
    kind = KINDS.get(problem.status)
    told = Problem(
        type=f"{API}/#{kind.name}" if kind else "about:blank",
        title=kind.title if kind else HTTPStatus(problem.status).phrase,
        status=problem.status,
        detail=problem.detail or (kind.detail if kind else ""),
        errors=problem.errors,
    )
    return web.Response(
        status=problem.status,
        body=told.model_dump_json().encode() + b"\n",
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(problem.headers or {})},
    )


@web.middleware
async def tell_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever prevents an answer into a problem, for programs only: people get pages."""
    if request.path not in (API, MCP) and not request.path.startswith(f"{API}/"):
        return await handler(request)
    try:
        return await handler(request)
    except ProblemError as problem:
        return respond(problem)
    except web.HTTPException as refusal:
        if refusal.status < HTTPStatus.BAD_REQUEST:
            raise
        allowed = {name: refusal.headers[name] for name in ("Allow",) if name in refusal.headers}
        return respond(ProblemError(refusal.status, headers=allowed))
    except Exception as error:
        logger.error("A request failed: %s", describe_error(error))
        return respond(ProblemError(500))
