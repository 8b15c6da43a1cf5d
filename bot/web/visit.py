"""One request for a page: who asks, in which language and colours, and the page that is drawn for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, get_args
from urllib.parse import parse_qsl, urlencode

import aiohttp_jinja2
from aiohttp import web

from bot.links import SIGNED
from bot.web.access import Access, Visitor
from bot.web.assets import Assets
from bot.web.headers import HEADERS
from bot.web.messages import LONGEST_QUESTION
from bot.web.phrases import WEB_PHRASES
from bot.web.reading_phrases import READING_PHRASES
from retrieval.wording import LABELS, MARKS, Language, format_date

LANGUAGE, THEME = "lang", "theme"
"""The parts of an address's query that change how pages look, from then on."""

THEMES = ("light", "dark")

# What may be led back to: pages of ours, as their addresses are quoted; no dots alone, which browsers take for the way
# up.
_OUR_PATH = re.compile(
    r"/(guides(/(?!(\.|%2e){1,2}(/|$))[\w.%()~-]+){0,3}|matrix|review(/[\w-]+)?)?", re.ASCII | re.IGNORECASE
)
_OUR_QUERY = re.compile(r"[\w.%~+=&*-]*", re.ASCII)

# Seconds: a year.
_REMEMBERED = 365 * 24 * 60 * 60

# Bytes of a form: the longest question in Chinese, escaped, and some names.
_LARGEST_FORM = 64 * 1024
_MOST_FIELDS = 20


@dataclass(frozen=True)
class Visit:
    """A request with what is known of its visitor."""

    request: web.Request
    visitor: Visitor
    access: Access
    assets: Assets

    @property
    def language(self) -> Language:
        """That which was chosen, else that which the browser prefers, of those there are."""
        return find_language(self.request)

    @property
    def is_let(self) -> bool:
        """Whether the visitor may see this page."""
        return self.visitor.let in ("in", "to the page")

    @property
    def is_part(self) -> bool:
        """Whether our script asks, for a part of a page; no form of another site can send this header."""
        return self.request.headers.get("X-Requested-With") == "clausebot"

    @property
    def root(self) -> str:
        """The way from this page to the start page, however the service's address begins outside."""
        return "../" * (self.request.rel_url.raw_path.count("/") - 1) or "./"

    @property
    def here(self) -> str:
        """This page's path and query, without what lets its reader in."""
        query = change_query(self.request, {SIGNED: None})
        return self.request.rel_url.raw_path + (query if query != "?" else "")

    def draw(self, template: str, *, status: int = 200, **context: Any) -> web.Response:
        """A page, or a part of one, from a template; its context is what follows and what every page has."""
        request, language = self.request, self.language
        shown = {
            "assets": self.assets,
            "comma": MARKS[language].comma,
            "dated": lambda date: format_date(date, language),
            "labels": LABELS[language],
            "language": language,
            "other_language": next(each for each in get_args(Language) if each != language),
            "phrases": WEB_PHRASES[language],
            "reading": READING_PHRASES[language],
            "root": self.root,
            "seal": self.access.seal_form(self.visitor),
            "theme": find_theme(request),
            "visitor": self.visitor,
            "with_query": lambda **changes: change_query(request, changes),
        }
        text = aiohttp_jinja2.render_string(template, request, shown | context)
        response = web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)
        # Kept by the browser, for the way back, but not by others, and asked about each time.
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Accept-Language, Cookie"
        if self.visitor.is_new:
            self.access.remember(request, response, self.visitor)
        return response

    def draw_problem(
        self,
        status: int,
        *,
        told: str = "",
        wait: int = 0,
        offered: Sequence[tuple[str, str, str]] = (),
        heading: str = "",
    ) -> web.Response:
        """A page, or the part of one, that says what is wrong and what to do.

        Args:
            status: of HTTP.
            told: what to say in place of what is usually said of it.
            wait: after how many seconds it may be tried again, where that is so.
            offered: pages to go to instead (name, title, path), for those who may see them.
            heading: theirs.
        """
        title, usual = WEB_PHRASES[self.language].problems[status]
        return self.draw(
            "problem_part.html" if self.is_part else "problem.html",
            status=status,
            problem=status,
            title=title,
            told=told or usual.format(wait=wait, longest=f"{LONGEST_QUESTION:,}"),
            offered=offered if self.visitor.let == "in" else (),
            heading=heading,
        )

    def draw_sign_in(self, wanted: str, *, status: int, wrong: bool = False) -> web.Response:
        """The page to sign in on; ``wanted`` is the path and query to lead on to afterwards."""
        words = WEB_PHRASES[self.language]
        told = words.link_expired if self.visitor.let == "expired" else words.sign_in_why
        response = self.draw("sign_in.html", status=status, told=told, next=wanted, wrong=wrong)
        if status == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = 'Bearer realm="clausebot"'
        return response

    def lead(self, path: str, query: str = "") -> web.Response:
        """Send the browser on to a page of ours; ``path`` is quoted, and nothing of it leads anywhere else."""
        location = self.root + path.lstrip("/") + (f"?{query}" if query else "")
        return web.Response(status=303, headers={**HEADERS, "Location": location})

    def lead_back(self, wanted: str) -> web.Response:
        """Send the browser on to the page of ours that it wanted, or to the start page."""
        path, _, query = wanted.partition("?")
        return self.lead(path, query) if _OUR_PATH.fullmatch(path) and _OUR_QUERY.fullmatch(query) else self.lead("")

    def lead_on(self) -> web.Response | None:
        """Send the browser on to the page of ours whose address it has with slashes behind; None for others."""
        path, query = self.request.rel_url.raw_path, self.request.rel_url.raw_query_string
        if not path.endswith("/") or not _OUR_PATH.fullmatch(path.rstrip("/")):
            return None
        return self.lead(path.rstrip("/"), query)

    def change_look(self) -> web.Response | None:
        """Remember the language or colours that an address asks for, and lead on to it without; None for others."""
        query = self.request.query
        if LANGUAGE not in query and THEME not in query:
            return None
        response = self.lead(
            self.request.rel_url.raw_path, change_query(self.request, {LANGUAGE: None, THEME: None})[1:]
        )
        for name, known in ((LANGUAGE, get_args(Language)), (THEME, THEMES)):
            if query.get(name) in known:
                self.access.set_cookie(self.request, response, f"clausebot-{name}", query[name], _REMEMBERED)
        return response


class FormError(Exception):
    """A form that can't be read; ``status`` says why."""

    def __init__(self, status: int) -> None:
        super().__init__(HTTPStatus(status).phrase)
        self.status = status


async def read_form(request: web.Request) -> dict[str, str]:
    """The fields of a form; of several with one name the last.

    Raises:
        FormError: it is no form as browsers send it, or too large.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise FormError(415)
    body = await request.read()
    if len(body) > _LARGEST_FORM:
        raise FormError(413)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="replace"))
    except ValueError:
        raise FormError(400) from None


def change_query(request: web.Request, changes: Mapping[str, str | None]) -> str:
    """The query of an address with some parts changed, and those that are None left out; it begins with ``?``."""
    kept = [(name, value) for name, value in request.query.items() if name not in changes]
    return "?" + urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)])


def find_language(request: web.Request) -> Language:
    """The language of a page: the one chosen, else the one that the browser prefers."""
    chosen = request.cookies.get(f"clausebot-{LANGUAGE}")
    if chosen in ("en", "zh-Hant"):
        return "zh-Hant" if chosen == "zh-Hant" else "en"
    preferred = max(_read_preferences(request.headers.get("Accept-Language", "")), default=(0.0, "en"))
    return "zh-Hant" if preferred[1] == "zh" else "en"


def _read_preferences(header: str) -> Iterator[tuple[float, str]]:
    """How much each language that we know is preferred; of those alike, the one named first."""
    for place, entry in enumerate(header[:500].split(",")):
        name, _, weight = entry.strip().partition(";q=")
        known = name.strip().lower().partition("-")[0]
        try:
            preference = float(weight or 1)
        except ValueError:
            continue
        if known in ("en", "zh") and preference > 0:
            yield preference - place / 1000, known


def find_theme(request: web.Request) -> str:
    """The colours chosen; empty where it is the browser's choice."""
    chosen = request.cookies.get(f"clausebot-{THEME}", "")
    return chosen if chosen in THEMES else ""
