"""A browser without scripts: it keeps cookies, follows links and sends forms over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookies import Morsel, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from aiohttp import ClientSession
from fakes.leaks import note_text
from fakes.pages import Element, read_page
from fakes.programs import MANY, serve_programs
from yarl import URL

from bot.desk import Answers
from bot.records.records import Records
from retrieval.answerer import Answerer, load_answerer

FIXTURES = Path(__file__).parents[1] / "fixtures"
OURS = "alibaba-cloud-hk-insurance-2019"
INVENTED = "quaymoth-cloud-hk-insurance-2021"


@lru_cache(maxsize=1)
def real_answerer() -> Answerer:
    """Clausebot with the invented second guide beside its own, and the second guide's source attached."""
    answerer, problems = load_answerer(FIXTURES / "sources", FIXTURES / "guides")
    assert problems == []
    return answerer


@dataclass(frozen=True)
class Seen:
    """What a browser was sent: ``path`` is where it ended up."""

    status: int
    path: str
    headers: Mapping[str, str]
    text: str
    cookies: Mapping[str, Morsel[str]]

    @property
    def page(self) -> Element:
        """The page."""
        return read_page(self.text)

    @property
    def seal(self) -> str:
        """What the page's forms carry."""
        return next(each.attributes["value"] for each in self.page.all("input", name="seal"))


@dataclass
class Browser:
    """One person's browser at a running service; ``headers`` go with everything."""

    address: str
    session: ClientSession
    records: Records
    headers: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)

    def another(self, **headers: str) -> Browser:
        """Somebody else's, which knows no cookie."""
        return Browser(self.address, self.session, self.records, self.headers | headers)

    async def send(self, method: str, path: str, **options: Any) -> Seen:
        """One request; the path goes out as it is, and redirects are not followed."""
        headers = {"Accept": "text/html", **self.headers, **options.pop("headers", {})}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        called = self.session.request(
            method, URL(self.address + path, encoded=True), headers=headers, allow_redirects=False, **options
        )
        async with called as response:
            cookies: SimpleCookie = SimpleCookie()
            for line in response.headers.getall("Set-Cookie", ()):
                cookies.load(line)
            for name, morsel in cookies.items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
            return Seen(response.status, path, response.headers, await response.text(), cookies)

    async def get(self, path: str, **headers: str) -> Seen:
        """A page, wherever it is; its address goes out as it is."""
        return await self._follow(await self.send("GET", path, headers=headers))

    async def post(self, path: str, form: Mapping[str, str], **headers: str) -> Seen:
        """A form as it is given, and where it leads to."""
        return await self._follow(await self.send_form(path, form, **headers))

    async def send_form(self, path: str, form: Mapping[str, str], **headers: str) -> Seen:
        """A form as it is given."""
        data = urlencode(form, errors="surrogatepass").encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.send("POST", path, data=data, headers=kind | headers)

    async def submit(self, seen: Seen, form: Element, **given: str) -> Seen:
        """A form of a page, filled in."""
        assert form.attributes.get("method") == "post"
        fields = {
            each.attributes["name"]: each.attributes.get("value", "") for each in form.all("input", type="hidden")
        }
        path = urlsplit(urljoin(f"http://host{seen.path}", form.attributes["action"])).path
        return await self.post(path, fields | given)

    async def ask(self, question: str, seen: Seen | None = None) -> Seen:
        """A question, on the start page or on the page of an answer; the log may hold nothing of it."""
        seen = seen or await self.get("/")
        return await self.submit(seen, find_ask_form(seen.page), question=note_text(question))

    async def sign_in(self, days: int | None = None) -> str:
        """Sign in with a new token."""
        token = await self.records.tokens.create("a person", days)
        seen = await self.get("/sign-in")
        await self.submit(seen, seen.page.one("form", css="stack"), token=token)
        return token

    async def _follow(self, seen: Seen) -> Seen:
        for _ in range(5):
            if seen.status != 303:
                return seen
            target = urlsplit(urljoin(f"http://host{seen.path}", seen.headers["Location"]))
            assert (target.scheme, target.netloc) == ("http", "host")
            seen = await self.send("GET", target.path + (f"?{target.query}" if target.query else ""))
        raise AssertionError("the service leads in a circle")


def find_ask_form(page: Element) -> Element:
    """The form with the box to ask in."""
    return next(form for form in page.all("form") if form.all("textarea", id="question"))


@asynccontextmanager
async def browse(answerer: Answers | None = None, *, person: int = MANY) -> AsyncIterator[Browser]:
    """A browser at the service under the settings of the environment; it asks the real answerer unless given one."""
    async with serve_programs(answerer or real_answerer(), person=person) as running:
        yield Browser(running.address, running.session, running.records)
