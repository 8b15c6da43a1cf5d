"""Who gets in to pages: everybody here, who signs in, who has a link; and what is refused of whom."""

from __future__ import annotations

import io
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urljoin, urlsplit

import pytest
from fakes.browser import INVENTED, OURS, Browser, Seen, browse, find_ask_form, real_answerer
from fakes.leaks import note_secret, note_text
from itsdangerous import TimestampSigner
from sqlalchemy import func, select

from bot.records.models import AnswerRecord, EndedSession, FeedbackRecord
from bot.records.sessions import SESSIONS_LAST
from bot.records.upkeep import purge
from bot.settings import load_settings
from bot.signing import LINKS_LAST, open_links
from bot.web.headers import HEADERS
from bot.web.messages import LONGEST_QUESTION

PUBLIC = "https://bot.example"
KEY, OTHER_KEY = "bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyA=", "b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9sZCA="
CLAUSE = f"/guides/{OURS}/GL8/5.1(c)"
PAGES = ["/", "/guides", f"/guides/{OURS}", f"/guides/{OURS}/GL8", f"/guides/{OURS}/2.1", CLAUSE, "/suggest?text=5"]
TAKERS = ["/", "/feedback"]

# How the service may be bound, and what must not be open then.
CLOSED = [{"HOST": "0.0.0.0"}, {"PUBLIC_URL": PUBLIC}, {"HOST": "0.0.0.0", "PUBLIC_URL": "http://127.0.0.1:3000"}]

Serve = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Start the service under an environment, and a browser at it."""

    @asynccontextmanager
    async def start(**environment: str) -> AsyncIterator[Browser]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        async with browse() as browser:
            yield browser

    return start


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let seconds pass for whatever is signed; until then none does."""
    now, passed = TimestampSigner("any").get_timestamp(), [0]
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + sum(passed))
    return lambda seconds: passed.append(int(seconds))


def link(ref: str, guide: str = OURS) -> str:
    """The path and query that an answer in a chat links to."""
    links, view = open_links(load_settings()), real_answerer().show(ref, guide)
    assert links
    assert view
    address = urlsplit(links.clause(view))
    return f"{address.path}?{address.query}"


async def count(browser: Browser, table: type[AnswerRecord] | type[FeedbackRecord] | type[EndedSession]) -> int:
    """How many rows the records have."""
    async with browser.records.engine.connect() as connection:
        return (await connection.execute(select(func.count()).select_from(table))).scalar_one()


def is_sign_in(seen: Seen) -> bool:
    """Whether it is the page to sign in on, which shows nothing else."""
    return bool(seen.page.all("input", id="token")) and not seen.page.all("nav") and "5.1(c)" not in seen.page.text


async def test_on_this_machine_pages_are_open(serve: Serve) -> None:
    """Bound to loopback, every page is there without more; there is nothing to sign in to or out of."""
    async with serve() as browser:
        for path in PAGES:
            seen = await browser.get(path)
            assert (seen.status, "sign-out" in seen.text) == (200, False)
        assert (await browser.get("/sign-in")).path == "/"


@pytest.mark.parametrize("environment", CLOSED)
async def test_elsewhere_nobody_gets_in_without_more(serve: Serve, environment: dict[str, str]) -> None:
    """Bound to more, or reached from outside: each page and form leads to signing in, known or not; assets don't."""
    async with serve(**environment) as browser:
        for path in [*PAGES, "/guides/no-guide", f"/guides/{OURS}/GL8/9.9"]:
            seen = await browser.get(path)
            assert (seen.status, is_sign_in(seen)) == (401, True)
            assert seen.headers["WWW-Authenticate"].startswith("Bearer")
        for path in TAKERS:
            seen = await browser.post(path, {"seal": seen.seal, "question": "GL8 5.1(c)"})
            assert (seen.status, is_sign_in(seen)) == (401, True)
        assert await count(browser, AnswerRecord) == 0
        seen = await browser.get("/sign-in")
        assert seen.status == 200
        style = seen.page.one("link", rel="stylesheet").attributes["href"].removeprefix("./")
        assert (await browser.get(f"/{style}")).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "bot.example"},
        {"Host": "127.0.0.1.bot.example"},
        {"Host": "localhost@bot.example"},
        {"Host": ""},
        {"Origin": "https://bot.example"},
        {"Origin": "null"},
    ],
)
async def test_a_name_that_is_not_this_machines_is_not_open(serve: Serve, headers: dict[str, str]) -> None:
    """What came through a tunnel, or from a page that gave its name to this address, has to sign in."""
    async with serve() as browser:
        seen = await browser.another(**headers).get(CLAUSE)
        assert (seen.status, is_sign_in(seen)) == (401, True)


async def test_a_link_opens_its_page_and_no_other(serve: Serve) -> None:
    """Without a cookie, for that clause of that guide; what it shows leads to signing in, and asks nothing."""
    async with serve(PUBLIC_URL=PUBLIC, CLAUSEBOT_SECRET_KEY=KEY) as browser:
        path = link("GL8 5.1(c)")
        seen = await browser.get(path)
        assert seen.status == 200
        assert "Makes sure that its content is backed up properly." in seen.page.text
        assert not seen.page.all("nav", id="contents")
        assert not seen.page.all("textarea")
        assert not seen.page.all("form")
        signature = path.partition("?")[2]
        for other in [
            *PAGES[:-2],
            f"/guides/{OURS}/GL8/5.1(d)",
            f"/guides/{OURS}/GL8/5.1",
            f"/guides/{OURS}/GL8",
            f"/guides/{INVENTED}/GL8/5.1(c)",
            f"/guides/{OURS}/5.1",
        ]:
            seen = await browser.another().get(f"{other}?{signature}")
            assert (seen.status, is_sign_in(seen)) == (401, True), other
        assert (await browser.get(CLAUSE)).status == 401
        assert (await browser.post("/", {"question": "GL8 5.1(c)", "signed": signature})).status == 401


async def test_a_link_opens_a_section_and_every_other_guide(serve: Serve) -> None:
    """Background has its section's page, and a second guide its own."""
    async with serve(PUBLIC_URL=PUBLIC, CLAUSEBOT_SECRET_KEY=KEY) as browser:
        assert (await browser.get(link("soc-2"))).page.one("h1").text == "Section 2.1 Security and Compliance"
        assert "Quaymoth Cloud" in (await browser.get(link("GL14 5.8(b)", INVENTED))).page.text


async def test_a_link_keeps_its_reader_in_while_the_look_changes(serve: Serve) -> None:
    """Language and colours change, and the page is still open."""
    async with serve(PUBLIC_URL=PUBLIC, CLAUSEBOT_SECRET_KEY=KEY) as browser:
        seen = await browser.get(link("GL8 5.1(c)"))
        for wanted in ({"hreflang": "zh-Hant"}, {"data_theme_to": "dark"}):
            href = seen.page.one("a", **wanted).attributes["href"]
            seen = await browser.get(urlsplit(seen.path).path + href)
            assert seen.status == 200
        html = seen.page.one("html").attributes
        assert (html["lang"], html["data-theme"]) == ("zh-Hant", "dark")


@pytest.mark.parametrize(("age", "status"), [(LINKS_LAST, 200), (LINKS_LAST + 1, 401)])
async def test_a_link_lasts_a_month(serve: Serve, later: Callable[[float], None], age: float, status: int) -> None:
    """To the second; afterwards the page says so."""
    async with serve(PUBLIC_URL=PUBLIC, CLAUSEBOT_SECRET_KEY=KEY) as browser:
        path = link("GL8 5.1(c)")
        later(age)
        seen = await browser.get(path)
        assert seen.status == status
        assert ("This link opens its page no longer." in seen.page.text) is (status == 401)


@pytest.mark.parametrize(
    "change", [lambda path: path[:-1], lambda path: f"{path}A", lambda path: path.partition("=")[0]]
)
async def test_a_link_that_was_changed_opens_nothing(serve: Serve, change: Callable[[str], str]) -> None:
    """A signature is whole or none."""
    async with serve(PUBLIC_URL=PUBLIC, CLAUSEBOT_SECRET_KEY=KEY) as browser:
        assert (await browser.get(change(link("GL8 5.1(c)")))).status == 401


async def test_a_link_outlives_a_change_of_keys_while_the_old_one_is_kept(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And no longer; without any key, links carry no signature, and none is believed."""
    monkeypatch.setenv("PUBLIC_URL", PUBLIC)
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", OTHER_KEY)
    path = link("GL8 5.1(c)")
    for keys, status in ((f"{KEY},{OTHER_KEY}", 200), (KEY, 401)):
        async with serve(CLAUSEBOT_SECRET_KEY=keys) as browser:
            assert (await browser.get(path)).status == status
    monkeypatch.setenv("DATABASE_URL", f"{load_settings().database_url.get_secret_value()}.other")  # type: ignore[union-attr]
    monkeypatch.delenv("CLAUSEBOT_SECRET_KEY")
    async with serve() as browser:
        assert link("GL8 5.1(c)") == f"{CLAUSE}?"
        assert (await browser.get(path)).status == 401


async def test_a_token_signs_in_and_leads_back(serve: Serve) -> None:
    """On the page that was wanted: then every page is open, asking too, until signing out."""
    async with serve(HOST="0.0.0.0") as browser:
        token = await browser.records.tokens.create("a person")
        note_secret(token)
        seen = await browser.get(CLAUSE)
        seen = await browser.submit(seen, seen.page.one("form", css="stack"), token=f" {token} ")
        assert (seen.status, seen.path) == (200, CLAUSE)
        for path in PAGES:
            assert (await browser.get(path)).status == 200
        seen = await browser.ask("who handles backups?")
        assert "Makes sure that its content is backed up properly." in seen.page.one("article").text
        seen = await browser.submit(seen, seen.page.one("form", action="./sign-out"))
        assert is_sign_in(seen)
        assert is_sign_in(await browser.get(CLAUSE))


async def test_signing_out_ends_the_session_in_every_process(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the cookie is good no longer, here and in another replica; the token signs in again."""
    environment = {"HOST": "0.0.0.0", "CLAUSEBOT_SECRET_KEY": KEY}
    async with serve(**environment) as browser, serve(**environment) as replica:
        token = await browser.sign_in()
        copied, there = browser.another(), replica.another()
        copied.cookies |= browser.cookies
        there.cookies |= browser.cookies
        assert [(await each.get(CLAUSE)).status for each in (copied, there)] == [200, 200]
        seen = await browser.get("/")
        await browser.submit(seen, seen.page.one("form", action="./sign-out"))
        for each in (copied, there):
            assert is_sign_in(await each.get(CLAUSE))
        seen = await there.get("/sign-in")
        await there.submit(seen, seen.page.one("form", css="stack"), token=token)
        assert (await there.get(CLAUSE)).status == 200
        assert await count(browser, EndedSession) == 1
        now = time.time()
        monkeypatch.setattr("bot.records.upkeep.time.time", lambda: now + SESSIONS_LAST + 1)
        await purge(browser.records.engine, None)
        assert await count(browser, EndedSession) == 0


@pytest.mark.parametrize(
    "wanted", [f"/guides/{OURS}/GL8?party=csc", "/guides?q=%E5%82%99%E4%BB%BD+GL8", f"{CLAUSE}?signed=A.B", "/"]
)
async def test_signing_in_leads_back_with_the_query(serve: Serve, wanted: str) -> None:
    """To the page that was wanted, as it was: filter and search too, but for the signature that was good no longer."""
    async with serve(HOST="0.0.0.0", CLAUSEBOT_SECRET_KEY=KEY) as browser:
        token = await browser.records.tokens.create("a person")
        note_secret(token)
        seen = await browser.get(wanted)
        seen = await browser.submit(seen, seen.page.one("form", css="stack"), token=token)
        assert (seen.status, seen.path) == (200, wanted.removesuffix("?signed=A.B"))


@pytest.mark.parametrize("token", ["", "clausebot_", "clausebot_000000000000_" + "A" * 43, "é" * 100, "x" * 5000])
async def test_no_other_word_signs_in(serve: Serve, token: str) -> None:
    """What is no token is refused with the form once more, and not told back."""
    async with serve(HOST="0.0.0.0") as browser:
        seen = await browser.get(CLAUSE)
        seen = await browser.submit(seen, seen.page.one("form", css="stack"), token=token)
        assert (seen.status, is_sign_in(seen)) == (401, True)
        assert "This token is not known" in seen.page.one(id="token-wrong").text
        assert "value" not in seen.page.one("input", id="token").attributes
        assert seen.page.one("input", name="next").attributes["value"] == CLAUSE
        assert is_sign_in(await browser.get(CLAUSE))


async def test_a_token_that_is_over_or_revoked_lets_nobody_in(serve: Serve) -> None:
    """Whoever signed in with it is out with the next request; one that has expired lets in as little."""
    async with serve(HOST="0.0.0.0") as browser:
        await browser.sign_in()
        assert (await browser.get("/")).status == 200
        (token,) = await browser.records.tokens.list()
        await browser.records.tokens.revoke(token.id)
        assert is_sign_in(await browser.get("/"))
        await browser.sign_in(days=-1)
        assert is_sign_in(await browser.get("/"))


@pytest.mark.parametrize(("age", "is_in"), [(SESSIONS_LAST, True), (SESSIONS_LAST + 1, False)])
async def test_a_session_lasts_a_days_work(
    serve: Serve, later: Callable[[float], None], age: float, is_in: bool
) -> None:
    """Twelve hours, to the second."""
    async with serve(HOST="0.0.0.0") as browser:
        await browser.sign_in()
        later(age)
        assert is_sign_in(await browser.get("/")) is not is_in


async def test_a_session_is_the_services_own_word(serve: Serve) -> None:
    """A cookie that was changed, cut, or signed by another service lets nobody in, and is replaced."""
    async with serve(HOST="0.0.0.0") as browser:
        await browser.sign_in()
        cookie = browser.cookies["clausebot"]
        session, token, *signature = cookie.split(".")
        for forged in (
            cookie[:-1],
            ".".join(["0" * 32, token, *signature]),
            ".".join([session, "0" * 12, *signature]),
            f"{session}.{token}.",
            "",
            "é",
        ):
            other = browser.another()
            other.cookies["clausebot"] = forged
            assert is_sign_in(await other.get("/"))
            assert other.cookies["clausebot"] not in (forged, cookie)


async def test_signing_in_begins_another_session(serve: Serve) -> None:
    """Whoever gave a browser its session before has not the one after."""
    async with serve(HOST="0.0.0.0") as browser:
        await browser.get("/sign-in")
        before = browser.cookies["clausebot"].split(".")[0]
        await browser.sign_in()
        assert browser.cookies["clausebot"].split(".")[0] != before


@pytest.mark.parametrize(
    ("environment", "headers", "name", "is_secure"),
    [
        ({}, {}, "clausebot", ""),
        ({"HOST": "0.0.0.0"}, {}, "clausebot", ""),
        ({"HOST": "0.0.0.0"}, {"X-Forwarded-Proto": "https"}, "__Host-clausebot", True),
        ({"PUBLIC_URL": PUBLIC}, {}, "__Host-clausebot", True),
    ],
)
async def test_cookies_are_kept_from_scripts_and_other_sites(
    serve: Serve, environment: dict[str, str], headers: dict[str, str], name: str, is_secure: object
) -> None:
    """HttpOnly and SameSite; over https only, and for this host only, where the browser came over https."""
    async with serve(**environment) as browser:
        browser.headers |= headers
        first, second = await browser.get("/"), await browser.get("/")
        chosen = await browser.send("GET", "/?lang=zh-Hant&theme=dark")
        assert list(first.cookies) == [name]
        assert not second.cookies
        assert list(chosen.cookies) == ["clausebot-lang", "clausebot-theme"]
        for cookie in (*first.cookies.values(), *chosen.cookies.values()):
            assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
            assert (cookie["secure"], cookie["domain"]) == (is_secure, "")
        assert first.cookies[name]["max-age"] == ""


FORMS = [
    ("/", {"question": "GL8 5.1(c)"}),
    ("/feedback", {"answer": "A" * 22, "helpful": "yes"}),
    ("/sign-in", {"token": "clausebot_"}),
    ("/sign-out", {}),
]


@pytest.mark.parametrize(("path", "form"), FORMS, ids=[path for path, _ in FORMS])
async def test_a_form_of_another_site_does_nothing(
    serve: Serve, later: Callable[[float], None], path: str, form: dict[str, str]
) -> None:
    """Without the seal of one's own session, with another's, with one too old, or sent from elsewhere: refused."""
    async with serve() as browser:
        seal, other = (await browser.get("/")).seal, (await browser.another().get("/")).seal
        own = f"http://{urlsplit(browser.address).netloc}"
        refused = [
            await browser.send_form(path, form),
            await browser.send_form(path, form | {"seal": ""}),
            await browser.send_form(path, form | {"seal": other}),
            await browser.another().send_form(path, form | {"seal": seal}),
            await browser.send_form(path, form | {"seal": seal}, **{"Sec-Fetch-Site": "cross-site"}),
            await browser.send_form(path, form | {"seal": seal}, **{"Sec-Fetch-Site": "same-site"}),
        ]
        assert [seen.status for seen in refused] == [403] * len(refused)
        allowed = await browser.send_form(
            path, form | {"seal": seal}, **{"Sec-Fetch-Site": "same-origin", "Origin": own}
        )
        assert allowed.status in (200, 303, 401)
        counted = await count(browser, AnswerRecord), await count(browser, FeedbackRecord)
        assert counted == (path == "/", path == "/feedback")
        later(SESSIONS_LAST + 1)
        assert (await browser.send_form(path, form | {"seal": seal})).status == 403


async def test_what_is_sent_is_small_and_a_form(serve: Serve) -> None:
    """Too long, of another kind, with too many fields, or unreadable: refused with a page that says so."""
    async with serve() as browser:
        seal = (await browser.get("/")).seal
        long = note_text("a question that is too long, ") * (LONGEST_QUESTION // 20)
        assert (await browser.post("/", {"seal": seal, "question": long})).status == 413
        assert (await browser.post("/", {"seal": seal, "question": "x", "more": "y" * 65_536})).status == 413
        assert (await browser.send("POST", "/", data=io.BytesIO(b"x" * 2_000_000))).status == 413
        assert (await browser.send("POST", "/", json={"seal": seal})).status == 415
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        body = b'--x\r\nContent-Disposition: form-data; name="seal"; filename="../x"\r\n\r\nx\r\n--x--\r\n'
        assert (await browser.send("POST", "/", data=body, headers=kind)).status == 415
        many = {"seal": seal, **{f"field{number}": "" for number in range(30)}}
        assert (await browser.post("/", many)).status == 400
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await browser.send("POST", "/", data=b"seal=\xff\xfe", headers=kind)).status == 400


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/guides//evil.example",
        "/guides/..//evil.example",
        "javascript:alert(1)",
        "/guides/a?next=https://evil.example",
        "/guides?q=1\r\nSet-Cookie:a=b",
        "/review/..%2fsign-out",
        "/review/a/b",
        "/matrix//evil.example",
        "/guides\r\nSet-Cookie: a=b",
        "/sign-out",
        "/guides/%0d%0aSet-Cookie:a=b",
        "/guides/../metrics",
        "/guides/a/..",
        "/guides/%2E%2e/sign-in",
        "/guides/.%2e/x",
    ],
)
async def test_signing_in_leads_nowhere_else(serve: Serve, wanted: str) -> None:
    """Whatever a form asks for, the browser is led to a page here."""
    async with serve(HOST="0.0.0.0") as browser:
        token = await browser.records.tokens.create("a person")
        note_secret(token)
        seal = (await browser.get("/sign-in")).seal
        seen = await browser.send_form("/sign-in", {"seal": seal, "token": token, "next": wanted})
        assert seen.status == 303
        location = seen.headers["Location"]
        assert re.fullmatch(r"\./(guides[/?]?.*)?", location)
        assert list(seen.cookies) == ["clausebot"]
        path = urlsplit(urljoin("http://here/", location)).path
        assert path == "/" or path.startswith("/guides")
        target = urlsplit(location)
        assert (target.scheme, target.netloc) == ("", "")


TRICKS = [
    "/static/../app.py",
    "/static/..%2fapp.py",
    "/static/%2e%2e/app.py",
    "/static/clausebot.css",
    "/static/",
    "/static/..%5capp.py",
    "/static/%00",
    "/static//etc/passwd",
    "/guides/..%2f..%2f..%2fetc%2fpasswd",
    f"/guides/{OURS}/..%2f{INVENTED}",
    f"/guides/{OURS}/%2e%2e/{INVENTED}/GL8",
    f"/guides/{OURS}/GL8/..%2f..%2fgl8.yaml",
    f"/guides/{OURS}/GL8/5.1(c)/..",
    f"/guides/{OURS}/gl8.yaml",
    f"/guides/{OURS}.yaml",
    "/guides/%ff%fe",
    f"/guides/{OURS}/GL8/%F0%9F%92%A5" + "x" * 3000,
    "/guides/{{7*7}}",
    "//guides",
]


@pytest.mark.parametrize("path", TRICKS)
async def test_no_name_in_an_address_reaches_a_file(serve: Serve, path: str) -> None:
    """Whatever stands in it leads to a page that is known, or to none; nothing of a file comes back."""
    async with serve() as browser:
        seen = await browser.get(path)
        assert seen.status in (400, 404)
        assert "49" not in seen.page.text.replace("404", "")
        for words in ("root:", "import annotations", "requirement:"):
            assert words not in seen.text


REFUSED = [
    ("POST", "/guides"),
    ("DELETE", "/"),
    ("GET", "/feedback"),
    ("PUT", "/no/such/page"),
    ("GET", "/static/x"),
    ("GET", "/slack/events"),
]
KINDS = ["text/html", "*/*"]


async def test_every_answer_bears_the_headers(serve: Serve) -> None:
    """Pages, parts, refusals, redirects and files: the policy is the same, and allows nothing that stands in a page."""
    async with serve() as browser:
        page = await browser.get("/")
        script = page.page.one("script").attributes["src"].removeprefix(".")
        part = {"X-Requested-With": "clausebot"}
        seen = [
            page,
            await browser.get(script),
            await browser.get("/no/such/page"),
            await browser.send("GET", "/?lang=en"),
            await browser.send("GET", "/guides?q=5.1(c)"),
            await browser.post("/", {}),
            await browser.post("/", {"seal": page.seal, "question": "GL8 5.1(c)"}, **part),
            await browser.get("/suggest?text=5.1", **part),
            await browser.another(Host="bot.example").get("/"),
            *[await browser.send(method, path, headers={"Accept": kind}) for method, path in REFUSED for kind in KINDS],
            await browser.send("POST", "/", data=io.BytesIO(b"x" * 2_000_000), headers={"Accept": "*/*"}),
        ]
        assert [dict(HEADERS).items() - dict(each.headers).items() for each in seen] == [set()] * len(seen)
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert {name: value for name, value in policy.items() if value not in ("'self'", "'none'")} == {}
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"


async def test_a_page_tells_who_may_keep_it(serve: Serve) -> None:
    """The browser alone, which asks each time whether it is still good."""
    async with serve() as browser:
        seen = await browser.get("/")
        assert seen.headers["Cache-Control"] == "private, no-cache"
        assert seen.headers["Vary"] == "Accept-Language, Cookie"


async def test_a_script_of_ours_is_told_that_its_reader_is_out(serve: Serve) -> None:
    """The part that it asked for says so, in place of a page."""
    async with serve(HOST="0.0.0.0") as browser:
        await browser.sign_in()
        seen = await browser.get("/")
        assert find_ask_form(seen.page)
        browser.cookies.clear()
        form = {"seal": seen.seal, "question": "GL8 5.1(c)"}
        seen = await browser.post("/", form, **{"X-Requested-With": "clausebot"})
        assert seen.status == 401
        assert seen.page.one("p").attributes["data-problem"] == "401"
