"""The web as a channel: its addresses, who gets in to which, and what goes wrong told on a page."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk import Desk
from bot.faults import describe_error
from bot.parts import cite_beside, date_of, find_place, list_places, parties
from bot.phrases import PHRASES
from bot.records.database import DATABASE_FAULTS
from bot.records.records import Records
from bot.review.jobs import Reviewing
from bot.settings import Settings
from bot.web.access import Access, Visitor
from bot.web.assets import Assets
from bot.web.chat import Chat
from bot.web.contents import path_of
from bot.web.headers import HEADERS
from bot.web.matrices import Matrices
from bot.web.messages import LONGEST_QUESTION
from bot.web.phrases import WEB_PHRASES
from bot.web.reading_phrases import READING_PHRASES
from bot.web.reviews import Reviews
from bot.web.ties import TiedDuty, name_anchor
from bot.web.turns import MOST_WHOLE, fold, split_duties
from bot.web.uploads import UPLOADS
from bot.web.viewer import Viewer
from bot.web.visit import FormError, Visit, read_form
from retrieval.answer import ClauseView
from retrieval.sourced import PlaceView
from retrieval.wording import MARKS, Language, format_pages, join_names

logger = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).parent / "templates"

# Duties of one party that a cell of the matrix shows; more are folded.
_MOST_LISTED = 4

# Places of one duty that are told in words.
_FEW_PLACES = 2

# Where programs ask, which are told in their own way what is wrong.
_PROGRAMS = ("/api/", "/mcp", "/slack/")

Page = Callable[[Visit], Awaitable[web.Response]]
Taker = Callable[[Visit, dict[str, str]], Awaitable[web.Response]]


class WebChannel:
    """The pages for people, in the application that listens."""

    def __init__(self, settings: Settings, desk: Desk, records: Records, reviewing: Reviewing) -> None:
        """Serve the pages under these settings.

        Args:
            settings: who gets in.
            desk: answers and shows.
            records: hold the tokens to sign in with, and what is reviewed.
            reviewing: reviews questionnaires.
        """
        self._access = Access(settings, records.tokens, records.sessions)
        self._assets = Assets()
        self._chat = Chat(desk)
        self._viewer = Viewer(desk)
        self._matrices = Matrices(desk)
        self._reviews = Reviews(desk, records, reviewing)

    def add_to(self, app: web.Application) -> None:
        """Put the pages where people look for them."""
        set_up_templates(app)
        app.add_routes(
            [
                web.get("/", self._show(self._chat.show)),
                web.post("/", self._take(self._chat.ask)),
                web.post("/feedback", self._take(self._chat.take_feedback)),
                web.get("/suggest", self._show(self._chat.suggest)),
                web.get("/guides", self._show(self._viewer.show_guides)),
                web.get("/guides/{guide}", self._show(self._viewer.show_guide)),
                web.get("/guides/{guide}/{place}", self._show(self._viewer.show_place, by_link=True)),
                web.get("/guides/{guide}/{regulation}/{clause}", self._show(self._viewer.show_clause, by_link=True)),
                web.get("/matrix", self._show(self._matrices.show)),
                web.get("/matrix/file", self._show(self._matrices.send)),
                web.get(UPLOADS, self._show(self._reviews.show)),
                web.post(UPLOADS, self._receive),
                web.get("/review/{review}", self._show(self._reviews.show_one)),
                web.get("/review/{review}/file", self._show(self._reviews.send)),
                web.post("/review/{review}/delete", self._take(self._reviews.delete)),
                web.get("/sign-in", self._show(self._show_sign_in, to_all=True)),
                web.post("/sign-in", self._take(self._sign_in, from_all=True)),
                web.post("/sign-out", self._take(self._sign_out, from_all=True)),
                web.get("/static/{name}", self._assets.send),
            ]
        )
        app.middlewares.append(self._tell_refusals)

    def _show(self, draw: Page, *, to_all: bool = False, by_link: bool = False) -> Handler:
        """A page for whoever gets in, perhaps by a link to it; the page to sign in on for others."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async def show(visit: Visit) -> web.Response:
                return visit.change_look() or (await draw(visit) if visit.is_let or to_all else _ask_to_sign_in(visit))

            return await self._try(request, show, tuple(request.match_info.values()) if by_link else ())

        return handle

    def _take(self, take: Taker, *, from_all: bool = False) -> Handler:
        """What a form of ours is sent to."""

        async def handle(request: web.Request) -> web.StreamResponse:
            async def read(visit: Visit) -> web.Response:
                if not visit.is_let and not from_all:
                    return _ask_to_sign_in(visit)
                form = await read_form(request)
                if not self._access.is_own_form(request, visit.visitor, form.get("seal", "")):
                    return visit.draw_problem(403)
                return await take(visit, form)

            return await self._try(request, read)

        return handle

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        """A form with a file, which is read once it is known who sends it."""

        async def receive(visit: Visit) -> web.Response:
            return await self._reviews.take(visit) if visit.is_let else _ask_to_sign_in(visit)

        return await self._try(request, receive)

    async def _try(self, request: web.Request, serve: Page, place: tuple[str, ...] = ()) -> web.Response:
        """What is served to a visitor, or what went wrong; for ``place`` see `Access.judge`."""
        visit = Visit(request, Visitor("", "", "out", is_new=False), self._access, self._assets)
        try:
            visitor = await self._access.judge(request, place)
            visit = Visit(request, visitor, self._access, self._assets)
            return await serve(visit)
        except FormError as error:
            return visit.draw_problem(error.status)
        except DATABASE_FAULTS as error:
            logger.warning("A page needs the records, which can't be used: %s", describe_error(error))
            return visit.draw_problem(503)
        except Exception as error:
            logger.error("A page could not be served: %s", describe_error(error))
            return visit.draw_problem(500)

    async def _show_sign_in(self, visit: Visit) -> web.Response:
        return visit.lead("") if visit.visitor.let == "in" else visit.draw_sign_in("", status=200)

    async def _sign_in(self, visit: Visit, form: dict[str, str]) -> web.Response:
        visitor = await self._access.sign_in(form.get("token", "").strip())
        if visitor is None:
            return visit.draw_sign_in(form.get("next", ""), status=401, wrong=True)
        response = visit.lead_back(form.get("next", ""))
        self._access.remember(visit.request, response, visitor)
        return response

    async def _sign_out(self, visit: Visit, _: dict[str, str]) -> web.Response:
        response = visit.lead("")
        await self._access.sign_out(visit.request, response, visit.visitor)
        return response

    @web.middleware
    async def _tell_refusals(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Tell people on a page what the server refuses by itself, such as an address that leads nowhere."""
        try:
            return await handler(request)
        except web.HTTPException as refusal:
            status = refusal.status
            if status < HTTPStatus.BAD_REQUEST:
                raise
            refusal.headers.update(HEADERS)
            is_person = "text/html" in request.headers.get("Accept", "") and not request.path.startswith(_PROGRAMS)
            if status not in WEB_PHRASES["en"].problems or not is_person:
                raise
            allowed = {name: refusal.headers[name] for name in ("Allow",) if name in refusal.headers}

        async def tell(visit: Visit) -> web.Response:
            look = visit.change_look() or (visit.lead_on() if status == HTTPStatus.NOT_FOUND else None)
            response = look or visit.draw_problem(status)
            response.headers.update(allowed)
            return response

        return await self._try(request, tell)


def _ask_to_sign_in(visit: Visit) -> web.Response:
    if visit.is_part:
        return visit.draw_problem(401)
    return visit.draw_sign_in(visit.here if visit.request.method in ("GET", "HEAD") else "", status=401)


def set_up_templates(app: web.Application) -> None:
    """Have the application draw our templates, which escape whatever they are given."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        default_helpers=False,
        auto_reload=False,
    )
    environment.globals.update(
        cite_beside=cite_beside,
        date_of=date_of,
        find_place=find_place,
        fold_of=fold,
        join_names=join_names,
        list_ways=_list_ways,
        longest_question=LONGEST_QUESTION,
        most_listed=_MOST_LISTED,
        most_whole=MOST_WHOLE,
        name_anchor=name_anchor,
        name_place=_name_place,
        note_kind={language: phrases.note_kind for language, phrases in PHRASES.items()},
        parties=parties,
        path_of=path_of,
        split=split_duties,
        where_of=_tell_where,
    )
    environment.globals["parts"] = environment.get_template("parts.html").module


def _list_ways(tied: TiedDuty, language: Language) -> Iterator[tuple[str, str, str]]:
    """Where a duty stands: in words (of many places only the first, the others in a title), and the sentence's id."""
    anchors = tied.view.anchors
    for number, (place, anchor, way) in enumerate(zip(list_places(anchors, language), anchors, tied.ways, strict=True)):
        is_brief = number and len(anchors) > _FEW_PLACES
        yield (f"¶{anchor.paragraph} s{anchor.sentences[0]}", place, way) if is_brief else (place, "", way)


def _name_place(place: PlaceView | ClauseView, language: Language) -> str:
    """A section, or a row of its table, in words."""
    reading = READING_PHRASES[language]
    if place.section == "notices":
        return reading.notices
    return (reading.place_row if place.row else reading.place).format(section=place.section, row=place.row)


def _tell_where(view: ClauseView, language: Language) -> str:
    """Where a clause stands in the guide: section, row and pages."""
    return f"{_name_place(view, language)}{MARKS[language].comma}{format_pages(view.pages, language)}"
