"""Vendor reviews on pages: a questionnaire up, how far it is, the table, the filled file down, deleted."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from fakes.browser import INVENTED, OURS, Browser, Seen, browse, real_answerer
from fakes.leaks import note_secret, note_text
from fakes.pages import find_faults
from sqlalchemy import func, select

from bot.records.models import ReviewFile, ReviewRecord
from bot.review.reading import LARGEST_FILE
from bot.settings import load_settings
from bot.signing import open_links
from bot.web.headers import HEADERS

KEY = "bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyA="
ASKED = ["Who handles backups under GL8 5.1(c)?", "Who pays for the staff's lunch?", "Do you encrypt our data?"]
SHEET = ("Question,Answer,Comment\r\n" + "".join(f"{each},,\r\n" for each in ASKED)).encode()

Serve = Callable[..., AbstractAsyncContextManager[Browser]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Serve:
    """Start the service under an environment, and a browser at it."""

    @asynccontextmanager
    async def start(person: int = 1000, **environment: str) -> AsyncIterator[Browser]:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        async with browse(person=person) as browser:
            yield browser

    return start


async def upload(
    browser: Browser, content: bytes = SHEET, name: str = "vendor.csv", seal: str | None = None, **fields: Any
) -> Seen:
    """Send a file from the page; what comes back is not followed."""
    if seal is None:
        seal = (await browser.get("/review")).seal
    parts: list[Part] = [("seal", None, seal.encode()), ("file", note_text(name), content)]
    parts += [(field, None, value.encode()) for field, value in fields.pop("typed", {}).items()]
    return await send_parts(browser, parts, **fields)


Part = tuple[str, str | None, bytes]


async def send_parts(browser: Browser, parts: Sequence[Part], headers: Mapping[str, str] | None = None) -> Seen:
    """A form as browsers write it (WHATWG): names as they are, but for quotes and line ends."""
    body = bytearray()
    for field, file, value in parts:
        name = (file or "").replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
        told = f'; filename="{name}"\r\nContent-Type: application/octet-stream' if file is not None else ""
        body += f'--x-y\r\nContent-Disposition: form-data; name="{field}"{told}\r\n\r\n'.encode() + value + b"\r\n"
    kind = {"Content-Type": "multipart/form-data; boundary=x-y"}
    return await browser.send(
        "POST", "/review", data=io.BytesIO(body + b"--x-y--\r\n"), headers=kind | dict(headers or {})
    )


async def wait_for(browser: Browser, seen: Seen) -> Seen:
    """The review's page once it is over."""
    assert seen.status == 303, seen.text
    path = seen.headers["Location"].removeprefix(".")
    async with asyncio.timeout(120):
        while True:
            seen = await browser.get(path)
            assert (seen.status, find_faults(seen.page)) == (200, [])
            assert seen.headers["Cache-Control"] == "private, no-store"
            if not seen.page.all("progress", role="progressbar"):
                return seen
            await asyncio.sleep(0.05)


async def count_kept(browser: Browser) -> tuple[int, int]:
    """How many reviews, and files of theirs, the records hold."""
    async with browser.records.engine.connect() as connection:
        reviews = (await connection.execute(select(func.count()).select_from(ReviewRecord))).scalar_one()
        return reviews, (await connection.execute(select(func.count()).select_from(ReviewFile))).scalar_one()


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
async def test_a_questionnaire_is_uploaded_looked_through_and_downloaded(serve: Serve, language: str) -> None:
    """Without a script: the table has each question with answer, clause and status, and the file is the filled one."""
    async with serve() as browser:
        browser.cookies["clausebot-lang"] = language
        form = await browser.get("/review")
        assert find_faults(form.page) == []
        seen = await wait_for(browser, await upload(browser, name="vendor 問卷.csv"))
        assert seen.page.one("h1").text == "vendor 問卷.csv"
        rows = seen.page.one("tbody").all("tr")
        assert [row.one("th").one("span", css="text").text for row in rows] == ASKED
        answered, declined = rows[0], rows[1]
        told = {"en": "Question 1 · row 2", "zh-Hant": "第 1 題 · 第 2 行"}
        assert answered.one("th").one("span", css="where").text == told[language]
        assert answered.one("a").attributes["href"] == f"../guides/{OURS}/GL8/5.1(c)"
        assert (await browser.get(f"/guides/{OURS}/GL8/5.1(c)")).status == 200
        assert [css for each in answered.all("span", css="badge") for css in sorted(each.classes - {"badge"})] == [
            "csc_owned",
            "csp_owned",
        ]
        assert "(high)" in answered.text
        assert {state for row in rows for state in row.one("span", css="state").classes} == {
            "state",
            "answered",
            "person",
        }
        assert not declined.all("p", css="answer-text")
        assert declined.one("p", css="asks").text
        download = seen.page.one("a", id="download").attributes["href"].removeprefix("..")
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        async with browser.session.get(browser.address + download, headers={"Cookie": cookie}) as response:
            disposition = response.headers["Content-Disposition"]
            assert response.content_type == "text/csv"
            assert not dict(HEADERS).items() - dict(response.headers).items()
            table = list(csv.reader(io.StringIO((await response.read()).decode("utf-8-sig"))))
        assert [row[0] for row in table[1:4]] == ASKED
        plain, _, encoded = disposition.partition("; filename*=UTF-8''")
        assert plain == 'attachment; filename="vendor_-reviewed.csv"'
        assert unquote(encoded) == "vendor 問卷-reviewed.csv"


async def test_a_page_says_how_far_a_review_is(serve: Serve) -> None:
    """Waiting or under way: a bar with a name, told politely, loaded anew by itself; the script gets a part."""
    async with serve() as browser:
        line = "\n".join(f"Question {number}: who handles backups?" for number in range(3000))
        sent = await upload(browser, line.encode(), "long.txt")
        path = sent.headers["Location"].removeprefix(".")
        seen = await browser.get(path)
        assert seen.page.one("noscript").one("meta", http_equiv="refresh").attributes["content"] == "3"
        assert seen.page.one("progress", role="progressbar").attributes["aria-label"] == "Progress of the review"
        assert seen.page.one("p", id="review-told").attributes["aria-live"] == "polite"
        part = await browser.get(path, **{"X-Requested-With": "clausebot"})
        assert (part.status, "<html" in part.text, "data-progress" in part.text) == (200, False, True)
        over = await wait_for(browser, sent)
        part = await browser.get(path, **{"X-Requested-With": "clausebot"})
        assert ("data-over" in part.text, "data-progress" in part.text) == (True, False)
        assert "3000 questions" in over.page.one("p", id="counts").text


async def test_a_long_table_comes_in_pages_and_is_filtered(serve: Serve) -> None:
    """A hundred rows a page; those alone that need a person; a page that is none is the nearest one."""
    asked = [ASKED[number % 2] for number in range(250)]
    async with serve() as browser:
        seen = await wait_for(browser, await upload(browser, "\n".join(asked).encode(), "long.txt"))
        path = seen.path
        assert [len((await browser.get(f"{path}?page={page}")).page.one("tbody").all("tr")) for page in (1, 2, 3)] == [
            100,
            100,
            50,
        ]
        filters = {each.text: each for each in seen.page.one("nav", css="filter").all("a")}
        assert list(filters) == ["All 250", "Answered 125", "Needs a person 125"]
        left = await browser.get(path + filters["Needs a person 125"].attributes["href"])
        last = await browser.get(path + left.page.one("a", rel="next").attributes["href"])
        shown = [row for page in (left, last) for row in page.page.one("tbody").all("tr")]
        assert [row.attributes["id"] for row in shown] == [f"row-{number}" for number in range(2, 251, 2)]
        assert {row.one("span", css="text").text for row in shown} == {ASKED[1]}
        assert [each.text for each in last.page.one("nav", css="pager").one("ol").all("a")] == ["1", "2"]
        assert find_faults(last.page) == []
        for page, nearest in (("0", 1), ("99", 3), ("-1", 1), ("x", 1), ("9" * 5000, 1), ("%C2%B2", 1)):
            near = await browser.get(f"{path}?page={page}&show=nonsense")
            assert f"Page {nearest} of 3" in near.page.text


async def test_a_review_is_deleted_at_once(serve: Serve) -> None:
    """With its files; its page says so, and another's form does not do it."""
    async with serve() as browser:
        seen = await wait_for(browser, await upload(browser))
        assert (await browser.send_form(f"{seen.path}/delete", {"seal": ""})).status == 403
        form = seen.page.one("form", css="delete")
        gone = await browser.submit(seen, form)
        assert (gone.status, gone.page.one("p", role="status").text) == (200, "The review and its files are deleted.")
        assert await count_kept(browser) == (0, 0)
        for path in (seen.path, f"{seen.path}/file"):
            missing = await browser.get(path)
            assert (missing.status, find_faults(missing.page)) == (404, [])
        part = await browser.get(seen.path, **{"X-Requested-With": "clausebot"})
        assert (part.status, "data-progress" in part.text) == (404, False)


@pytest.mark.parametrize(
    ("name", "content"), [("vendor.pdf", b"%PDF-1.7 x"), ("empty.csv", b" "), ("bad<b>&.csv", b"\x00\x01\x02\x03" * 9)]
)
async def test_a_file_that_cannot_be_reviewed_says_why(serve: Serve, name: str, content: bytes) -> None:
    """Its page has the reason in a line, and the form once more with what was typed."""
    async with serve() as browser:
        typed = {"question": "Frage <1>", "guide": OURS}
        seen = await wait_for(browser, await upload(browser, content, name, typed=typed))
        assert seen.page.one("p", css="file-name").text == name
        assert seen.page.one("p", id="problem").text
        assert seen.page.one("p", id="problem").attributes["lang"] == "en"
        assert seen.page.one("input", id="column-question").attributes["value"] == "Frage <1>"
        checked = [each for each in seen.page.all("input", name="guide") if "checked" in each.attributes]
        assert [each.attributes["value"] for each in checked] == [OURS]
        assert (await browser.get(f"{seen.path}/file")).status == 404
        gone = await browser.submit(seen, seen.page.one("form", css="delete"))
        assert (gone.status, await count_kept(browser)) == (200, (0, 0))


async def test_a_chinese_reader_is_told_why_in_chinese(serve: Serve) -> None:
    """Who reads the pages in Chinese is told in Chinese what is wrong with the file, marked as Chinese."""
    async with serve() as browser:
        browser.cookies["clausebot-lang"] = "zh-Hant"
        problem = (await wait_for(browser, await upload(browser, b" ", "empty.csv"))).page.one("p", id="problem")
        assert (problem.text, problem.attributes["lang"]) == ("檔案是空的。", "zh-Hant")


async def test_no_file_too_large_a_file_and_too_many_lose_nothing_typed(serve: Serve) -> None:
    """The page comes back with the reason and what was typed; our script gets the reason alone; nothing is kept."""
    async with serve(person=3) as browser:
        typed = {"answer": 'Antwort "2"'}
        large = b"x" * (LARGEST_FILE + 1)
        refused = [(413, "more than 20 MB", await upload(browser, large, typed=typed))]
        refused += [(422, "No file was chosen", await upload(browser, b"", name="", typed=typed))]
        for _ in range(3):
            await upload(browser)
        refused += [(429, "Ask again in", await upload(browser, typed=typed))]
        for status, told, seen in refused:
            assert (seen.status, find_faults(seen.page)) == (status, [])
            assert told in seen.page.one("div", id="upload-wrong").text
            assert seen.page.one("input", id="column-answer").attributes["value"] == 'Antwort "2"'
        assert int(refused[-1][2].headers["Retry-After"]) > 0
        part = await upload(browser, large, headers={"X-Requested-With": "clausebot"})
        assert (part.status, part.page.one("p").attributes["data-problem"]) == (413, "413")
        assert (await count_kept(browser))[0] == 3


async def test_a_person_keeps_so_many_reviews_at_once(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Past that, one is to be deleted first; another person may upload."""
    monkeypatch.setattr("bot.web.reviews._MOST_KEPT", 2)
    async with serve() as browser:
        kept = [await wait_for(browser, await upload(browser)) for _ in range(2)]
        refused = await upload(browser)
        assert (refused.status, "Delete one" in refused.page.one("div", id="upload-wrong").text) == (429, True)
        assert (await upload(browser.another())).status == 303
        await browser.submit(kept[0], kept[0].page.one("form", css="delete"))
        assert (await upload(browser)).status == 303


async def test_only_a_form_of_ones_own_page_is_taken(serve: Serve) -> None:
    """Without its seal, with another's, of another site or another kind: refused, and nothing kept."""
    async with serve() as browser:
        seal, other = (await browser.get("/review")).seal, (await browser.another().get("/review")).seal
        refused = [
            await upload(browser, seal=""),
            await upload(browser, seal=other),
            await upload(browser, seal=seal, headers={"Sec-Fetch-Site": "cross-site"}),
            await send_parts(browser, [("file", "a.csv", SHEET)]),
        ]
        assert [seen.status for seen in refused] == [403] * 4
        assert (await browser.post("/review", {"seal": seal})).status == 415
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        for body in (b"", b"--x\r\n", b"--x\r\n\r\nno name\r\n--x--\r\n", b"--y--", b"\x00" * 99_999):
            assert (await browser.send("POST", "/review", data=body, headers=kind)).status in (400, 403)
        for odd in (
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=" + "x" * 71,
        ):
            assert (await browser.send("POST", "/review", data=SHEET, headers={"Content-Type": odd})).status == 415
        many = {f"field{number}": "x" for number in range(60)}
        assert (await upload(browser, typed=many)).status == 400
        assert await count_kept(browser) == (0, 0)


async def test_a_file_that_comes_too_slowly_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its sender is told, and the next file is taken; past some at once, others have to wait."""
    monkeypatch.setattr("bot.web.uploads._NEXT_WITHIN", 2.0)
    async with serve() as browser:
        seal = (await browser.get("/review")).seal
        head = (
            b'--x\r\nContent-Disposition: form-data; name="seal"\r\n\r\n' + seal.encode() + b"\r\n--x\r\n"
            b'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nQuestion\r\n'
        )

        async def trickle(answered: asyncio.Event) -> AsyncIterator[bytes]:
            yield head
            await answered.wait()

        async def send_slowly() -> int:
            answered = asyncio.Event()
            sent = {"data": trickle(answered), "headers": {"Content-Type": "multipart/form-data; boundary=x"}}
            async with browser.session.post(f"{browser.address}/review", **sent) as response:
                answered.set()
                return response.status

        statuses = await asyncio.gather(*(send_slowly() for _ in range(5)))
        assert sorted(statuses) == [408, 408, 408, 408, 503]
        assert (await upload(browser)).status == 303


NAMES = [
    "../../etc/passwd",
    "C:\\files\\vendor.csv",
    'a;b\r\nX-Evil: "1";.csv',
    "<script>alert(1)</script>.csv",
    "x" * 500 + ".csv",
]


@pytest.mark.parametrize("name", NAMES)
async def test_a_files_name_is_shown_and_nothing_else(serve: Serve, name: str) -> None:
    """Escaped, without folders and control characters, cut where it is long; a header holds it quoted."""
    async with serve() as browser:
        sent = await upload(browser, name=name)
        seen = await wait_for(browser, sent)
        shown = (
            seen.page.one("h1").text if seen.page.all("a", id="download") else seen.page.one("p", css="file-name").text
        )
        assert len(shown) <= 130
        assert not set(shown) & set("/\\\r\n\x00")
        if seen.page.all("a", id="download"):
            file = await browser.send("GET", f"{seen.path}/file")
            assert "X-Evil" not in file.headers
            assert file.headers["Content-Disposition"].isascii()


async def test_signed_in_one_sees_ones_own_reviews_only(serve: Serve) -> None:
    """By token: after signing in again too; whoever has another token, or a link to a clause, finds none."""
    async with serve(HOST="0.0.0.0", PUBLIC_URL="https://bot.example", CLAUSEBOT_SECRET_KEY=KEY) as browser:
        for path in ("/review", "/review/x", "/review/x/file"):
            assert (await browser.get(path)).status == 401
        token = await browser.sign_in()
        seen = await wait_for(browser, await upload(browser))
        assert seen.page.all("a", id="download")
        other = browser.another()
        await other.sign_in()
        assert [(await other.get(path)).status for path in (seen.path, f"{seen.path}/file")] == [404, 404]
        seal = (await other.get("/review")).seal
        assert (await other.send_form(f"{seen.path}/delete", {"seal": seal})).status == 404
        again = browser.another()
        page = await again.get(seen.path)
        back = await again.submit(page, page.page.one("form", css="stack"), token=token)
        assert (back.status, back.path) == (200, seen.path)
        own = (await again.get("/review")).page.one("section", aria_labelledby="own")
        assert [link.attributes["href"] for link in own.all("a")] == [f".{seen.path}"]
        links, view = open_links(load_settings()), real_answerer().show("GL8 5.1(c)")
        assert links
        assert view
        signed = urlsplit(links.clause(view)).query
        stranger = browser.another()
        assert (await stranger.get(f"/guides/{OURS}/GL8/5.1(c)?{signed}")).status == 200
        for path in ("/review", seen.path, f"{seen.path}/file", "/matrix", "/matrix/file?format=csv"):
            assert (await stranger.get(f"{path}{'&' if '?' in path else '?'}{signed}")).status == 401
        assert (await browser.another().send("POST", "/review", data=io.BytesIO(b"x" * 3_000_000))).status == 401
        note_secret(token)


async def test_a_stop_in_the_middle_loses_no_review(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next start takes it up, and its page at the same address, in another session, has what came of it."""
    monkeypatch.setattr("bot.review.jobs._FINISH_WITHIN", 0.0)
    lines = "\n".join(f"Question {number}: who handles backups?" for number in range(4000)).encode()
    async with serve() as browser:
        sent = await upload(browser, lines, "long.txt")
        assert (await browser.get(sent.headers["Location"].removeprefix("."))).page.all("progress", role="progressbar")
    async with serve() as browser:
        assert "4000 questions" in (await wait_for(browser, sent)).page.one("p", id="counts").text


async def test_here_a_reviews_address_says_who_may_see_it(serve: Serve) -> None:
    """On this machine, where nobody signs in: the address outlives a session; the list is each browser's own."""
    async with serve() as browser:
        seen = await wait_for(browser, await upload(browser))
        other = browser.another()
        assert (await other.get(seen.path)).page.all("a", id="download")
        assert not (await other.get("/review")).page.all("section", aria_labelledby="own")
        for path in ("/review/x", "/review/" + "A" * 43, "/review/..%2f..", "/review/%00"):
            assert (await other.get(path)).status == 404


async def test_a_guide_is_chosen(serve: Serve) -> None:
    """Answers come from it alone, and link to it; one that is not there counts for nothing."""
    async with serve() as browser:
        asked = b"GL14 5.8(b)"
        for typed, guide in (({"guide": INVENTED}, INVENTED), ({"guide": "../x"}, "")):
            seen = await wait_for(browser, await upload(browser, asked, "a.txt", typed=typed))
            links = [each.attributes["href"] for each in seen.page.one("tbody").all("a")]
            assert all(link.startswith(f"../guides/{guide}") for link in links)
