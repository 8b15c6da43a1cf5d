"""The JSON API: questions, clauses, lists, the matrix and feedback, for programs."""

from __future__ import annotations

import json
import logging
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bot.desk import Desk
from bot.faults import describe_error
from bot.logs import answer_id
from bot.metrics import ANSWER_SECONDS
from bot.origin import Origin
from bot.records.database import DATABASE_FAULTS
from bot.settings import Settings
from bot.web.api_page import render_page
from bot.web.callers import Callers, open_origin, tell_records_are_away
from bot.web.messages import (
    AskRequest,
    CatalogueQuery,
    ClauseQuery,
    FeedbackRequest,
    InvalidError,
    MatrixQuery,
    UnreadableError,
    Wrong,
    read_json,
    read_strings,
)
from bot.web.openapi import ANSWER_ID, compose_openapi
from bot.web.overview import UnknownError, compose_matrix, list_catalogue
from bot.web.problems import API, ProblemError
from corpus.models import Model

logger = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a body: the longest question with each character escaped, and as much again."""

CHANNEL = "api"

# The page runs nothing, and loads nothing but its style.
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_STYLE = Path(__file__).parent / "static" / "api.css"

Message = TypeVar("Message", bound=Model)


class Api:
    """The operations, and their description for programs and for people."""

    def __init__(self, settings: Settings, desk: Desk, callers: Callers) -> None:
        """Answer through the desk those whom ``callers`` let in.

        Args:
            settings: name the address that the description gives.
            desk: answers.
            callers: who asks, and how often they may.
        """
        self._desk = desk
        self._callers = callers
        document = compose_openapi((settings.public_url or "") + API, is_open=callers.is_open)
        self._document = json.dumps(document, ensure_ascii=False).encode()
        self._page = render_page(document).encode()
        self._style = _STYLE.read_bytes()

    def create_app(self) -> web.Application:
        """The application to mount at `API`."""
        app = web.Application()
        # One of its own, and not routes beside those of the rest: whatever begins with its path is answered here.
        app.router.add_get("", self._lead_to_page)
        app.router.add_get("/", self._send_page)
        app.router.add_get("/style.css", self._send_style)
        app.router.add_get("/openapi.json", self._send_document)
        app.router.add_post("/ask", self._ask)
        app.router.add_get("/clause", self._show_clause)
        app.router.add_get("/clauses", self._list_clauses)
        app.router.add_get("/matrix", self._draw_matrix)
        app.router.add_post("/feedback", self._record_feedback)
        return app

    async def _lead_to_page(self, _: web.Request) -> web.Response:
        # Relative, for a service whose address has a path in front.
        return web.Response(status=HTTPStatus.PERMANENT_REDIRECT, headers={"Location": "v1/"})

    async def _send_page(self, _: web.Request) -> web.Response:
        return web.Response(body=self._page, content_type="text/html", charset="utf-8", headers=_PAGE_HEADERS)

    async def _send_style(self, _: web.Request) -> web.Response:
        return web.Response(body=self._style, content_type="text/css", charset="utf-8", headers=_PAGE_HEADERS)

    async def _send_document(self, _: web.Request) -> web.Response:
        return _send(self._document)

    async def _ask(self, request: web.Request) -> web.Response:
        with ANSWER_SECONDS.labels(CHANNEL).time():
            origin = await self._identify(request)
            asked = await _read_body(request, AskRequest)
            await self._callers.admit(origin)
            token = answer_id.set(origin.event)
            try:
                answer = await self._desk.ask(asked.question, origin, context=asked.context)
            finally:
                answer_id.reset(token)
            response = _reply(answer)
            response.headers[ANSWER_ID] = origin.event
            return response

    async def _show_clause(self, request: web.Request) -> web.Response:
        query = await self._take_query(request, ClauseQuery)
        view = self._desk.show(query.ref, query.guide, query.language)
        if view is None:
            raise ProblemError(404, "No loaded guide responds to that clause; GET clauses lists those that there are.")
        return _reply(view)

    async def _list_clauses(self, request: web.Request) -> web.Response:
        query = await self._take_query(request, CatalogueQuery)
        try:
            return _reply(list_catalogue(self._desk, query))
        except UnknownError as error:
            raise ProblemError(404, str(error)) from None

    async def _draw_matrix(self, request: web.Request) -> web.Response:
        query = await self._take_query(request, MatrixQuery)
        try:
            return _reply(compose_matrix(self._desk, query))
        except UnknownError as error:
            raise ProblemError(404, str(error)) from None

    async def _record_feedback(self, request: web.Request) -> web.Response:
        origin = await self._identify(request)
        given = await _read_body(request, FeedbackRequest)
        await self._callers.admit(origin)
        judged = Origin(channel=CHANNEL, workspace="", asker=origin.asker, event=given.answer)
        try:
            await self._desk.record_feedback(judged, helpful=given.helpful, reason=given.reason)
        except DATABASE_FAULTS as error:
            logger.warning("Feedback was not recorded: %s", describe_error(error))
            raise tell_records_are_away() from None
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def _identify(self, request: web.Request) -> Origin:
        return open_origin(CHANNEL, await self._callers.identify(request))

    async def _take_query(self, request: web.Request, model: type[Message]) -> Message:
        """What is asked for in a query, by whoever may ask."""
        origin = await self._identify(request)
        query = _read_query(request, model)
        await self._callers.admit(origin)
        return query


async def _read_body(request: web.Request, model: type[Message]) -> Message:
    """A message from a request's body.

    Raises:
        ProblemError: it is none, or too large.
    """
    charset = (request.charset or "utf-8").lower()
    is_packed = request.headers.get("Content-Encoding", "identity") != "identity"
    if request.content_type != "application/json" or charset not in ("utf-8", "utf8") or is_packed:
        raise ProblemError(415)
    body = await request.read()
    if len(body) > LARGEST_BODY:
        raise ProblemError(413)
    if request.query_string:
        raise ProblemError(422, "Leave the query out of the address: everything goes into the body.")
    try:
        return read_json(model, body)
    except UnreadableError:
        raise ProblemError(400) from None
    except InvalidError as error:
        raise ProblemError(422, errors=error.wrong) from None


def _read_query(request: web.Request, model: type[Message]) -> Message:
    """A message from a request's query.

    Raises:
        ProblemError: it is none.
    """
    query = request.query
    twice = [name for name in dict.fromkeys(query) if len(query.getall(name)) > 1]
    if twice:
        wrong = tuple(Wrong(place=name, detail="It stands there more than once") for name in twice)
        raise ProblemError(422, errors=wrong)
    try:
        return read_strings(model, dict(query))
    except InvalidError as error:
        raise ProblemError(422, errors=error.wrong) from None


def _reply(answer: Model) -> web.Response:
    """What the command line prints, to the byte."""
    return _send(answer.model_dump_json().encode() + b"\n")


def _send(body: bytes) -> web.Response:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return web.Response(body=body, content_type="application/json", headers=headers)
