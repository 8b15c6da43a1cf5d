"""The web chat over real HTTP, without scripts and as the script asks: the same answers as everywhere."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote

import pytest
from fakes.answers import LAYOUTS, StubAnswerer
from fakes.browser import Browser, Seen, browse, find_ask_form, real_answerer
from fakes.leaks import note_text
from fakes.pages import Element, find_faults, read_page
from sqlalchemy import select

from bot.metrics import ANSWERS
from bot.parts import remark
from bot.records.models import AnswerRecord, FeedbackRecord
from bot.web.turns import split_duties
from corpus.models import Kind
from retrieval.answer import Answer, Outcome
from retrieval.wording import LABELS

QUESTIONS = [
    "who handles backups?",
    "GL8 5.1(c)",
    "GL14 5.13 and GL8 5.1(b)",
    "GL14 5.8",
    "GL8 5.1(g)",
    "who pays for lunch?",
    "security?",
    "客戶資料加密由邊個負責?",
    "guide 2.1",
]
PART = {"X-Requested-With": "clausebot"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser on the service's own machine."""
    async with browse() as found:
        yield found


async def read_rows(browser: Browser, table: type[AnswerRecord] | type[FeedbackRecord]) -> Sequence[object]:
    """What the records hold."""
    async with browser.records.engine.connect() as connection:
        return (await connection.execute(select(table.__table__))).all()


def check_same(turn: Element, answer: Answer) -> None:
    """Hold a drawn answer to the answer: outcome, who carries it, every clause, duty, place, quote and note, once."""
    labels, language = LABELS[answer.language], answer.language
    assert turn.one("h2").text == " ".join(answer.question.split())
    body = turn.one("div", css="answer")
    assert (answer.outcome.value in body.classes, body.attributes["lang"]) == (True, language)
    if answer.outcome is not Outcome.ANSWERED:
        assert body.one("p", css="verdict").text == answer.message.split("\n")[0]
        choices = [each.attributes["value"] for each in body.all("button", css="choice")]
        assert choices == list(dict.fromkeys(choice.ref for choice in answer.closest))
        return
    assert body.one("p", css="verdict").one("span", css="badge").text == labels.ownership[answer.ownership]
    assert [each.text for each in body.all("p", css="remark")] == [" ".join(remark(answer).split())][
        : bool(remark(answer))
    ]
    clauses = body.all("section", css="clause")
    assert len(clauses) == answer.asked
    for drawn, view in zip(clauses, answer.clauses, strict=False):
        for owner, answering, others in split_duties(view):
            party = drawn.one("section", css=owner.value)
            assert party.one("h4").text.startswith(labels.owner[owner])
            told = [each.all("span", lang="en")[0].text for each in party.all("li")]
            assert told == [" ".join(duty.text.split()) for duty in (*answering, *others)]
            if not told:
                assert party.one("p", css="silent").text == labels.silent[owner]
            kinds = [labels.kind[each.kind] for each in (*answering, *others) if each.kind is not Kind.OBLIGATION]
            assert [each.text for each in party.all("span", css="kind")] == kinds
        said = {" ".join(duty.quote.split()) for duty in view.duties if duty.quote}
        assert {each.text for each in drawn.all("blockquote")} == said
        assert drawn.one("p", css="cite").one("a").text == " ".join(view.citation.split())
        for note in (*view.errata, *view.updates):
            assert " ".join(note.text.split()) in drawn.text
        assert " ".join(view.currency.split()) in drawn.text


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_answer_is_the_one_of_everywhere(browser: Browser, question: str) -> None:
    """As a page without a script, and as the part that the script asks for: all that the answer holds."""
    answer = real_answerer().answer(question)
    seen = await browser.ask(question)
    check_same(seen.page.one("article", css="turn"), answer)
    form = {"seal": seen.seal, "question": question}
    part = await browser.post("/", form, **PART)
    assert part.status == 200
    check_same(part.page.one("article"), answer)
    assert part.page.one("article").attributes["data-told"] == answer.message.split("\n")[0]


@pytest.mark.parametrize("name", LAYOUTS)
async def test_any_answer_can_be_drawn(name: str) -> None:
    """Every layout that an answer may have, with markup in its texts: shown as text, on a valid page."""
    async with browse(StubAnswerer(LAYOUTS[name])) as browser:
        seen = await browser.ask("who keeps copies?")
        assert (seen.status, find_faults(seen.page)) == (200, [])
        check_same(seen.page.one("article", css="turn"), LAYOUTS[name])


HOSTILE = [
    "<script>alert(1)</script> who handles backups?",
    '"><img src=x onerror=alert(1)> GL8 5.1(c)',
    "{{7*7}} {% include 'base.html' %} who encrypts data?",
    "'; DROP TABLE answers; -- who handles backups?",
    "</h2></article></template><b>who handles backups?",
    "&lt;b&gt; &amp; who handles backups?",
    "\u202e\u0000 who handles backups?",
]


@pytest.mark.parametrize("question", HOSTILE)
async def test_a_question_is_shown_as_it_was_written(browser: Browser, question: str) -> None:
    """Nothing in it becomes markup, on the page or in its part."""
    seen = await browser.ask(question)
    part = await browser.post("/", {"seal": seen.seal, "question": note_text(question)}, **PART)
    shown = " ".join(question.replace("\0", "\ufffd").split())
    for page in (seen.page, part.page):
        article = page.one("article", css="turn")
        assert article.one("h2").text in (shown, " ".join(question.split()))
        assert not page.all("img")
        assert not page.all("b")
        assert "49" not in article.one("h2").text
    assert [each.attributes.get("src", "") for each in seen.page.all("script")] == [
        seen.page.one("script").attributes["src"]
    ]


async def test_a_follow_up_keeps_the_clause(browser: Browser) -> None:
    """In the form below an answer the conversation goes on; in a new one, or in another's session, it does not."""
    first = await browser.ask("GL14 5.17")
    second = await browser.ask("and who tests it?", first)
    check_same(
        second.page.one("article", css="turn"), real_answerer().answer("and who tests it?", context=["GL14 5.17"])
    )
    alone = real_answerer().answer("and who tests it?")
    check_same((await browser.ask("and who tests it?")).page.one("article", css="turn"), alone)
    conversation = find_ask_form(first.page).one("input", name="conversation").attributes["value"]
    other = browser.another()
    form = {"seal": (await other.get("/")).seal, "conversation": conversation, "question": "and who tests it?"}
    check_same((await other.post("/", form)).page.one("article", css="turn"), alone)


async def test_a_choice_is_answered(browser: Browser) -> None:
    """Each choice asks for its clause."""
    seen = await browser.ask("GL8 5.1(g)")
    button = seen.page.all("button", css="choice")[0]
    form = button.parent
    assert form
    seen = await browser.submit(seen, form, question=button.attributes["value"])
    check_same(seen.page.one("article", css="turn"), real_answerer().answer(button.attributes["value"]))


async def test_an_example_is_answered(browser: Browser) -> None:
    """What the start page suggests gets an answer from the guide, in both languages."""
    for language in ("en", "zh-Hant"):
        browser.cookies["clausebot-lang"] = language
        start = await browser.get("/")
        examples = start.page.all("button", css="example")
        assert len(examples) == 4
        for button in examples:
            assert button.parent
            seen = await browser.submit(start, button.parent, question=button.attributes["value"])
            assert seen.page.one("div", css="answered")


async def test_a_clauses_page_asks_about_it(browser: Browser) -> None:
    """The box on a clause's page asks with that clause in mind; a made-up one is left out."""
    page = await browser.get("/guides/alibaba-cloud-hk-insurance-2019/GL14/5.17")
    seen = await browser.ask("and who tests it?", page)
    check_same(seen.page.one("article", css="turn"), real_answerer().answer("and who tests it?", context=["GL14 5.17"]))
    form = {"seal": page.seal, "question": "and who tests it?", "about": "GL99 1.1"}
    alone = real_answerer().answer("and who tests it?")
    check_same((await browser.post("/", form)).page.one("article", css="turn"), alone)


async def test_an_answer_is_recorded_and_counted(browser: Browser) -> None:
    """As one of the web's, once, under an id of its own."""
    counter = ANSWERS.labels("web", "answered")
    before = counter._value.get()
    await browser.ask("who handles backups?")
    await browser.ask("who handles backups?")
    rows = await read_rows(browser, AnswerRecord)
    assert len({row.id for row in rows}) == len(rows) == 2
    assert {(row.channel, row.workspace, row.question) for row in rows} == {("web", "", None)}
    assert len({row.asker for row in rows}) == 1
    assert counter._value.get() == before + 2


async def rate(browser: Browser, seen: Seen, **given: str) -> Seen:
    """Send the form under an answer."""
    return await browser.submit(seen, seen.page.one("form", css="rating"), **given)


async def test_a_reader_says_whether_an_answer_helped(browser: Browser) -> None:
    """Yes is kept and thanked for; no is kept, asked why, and kept with the reason, for the answer that was given."""
    seen = await browser.ask("who handles backups?")
    assert (await rate(browser, seen, helpful="yes")).page.one("p", css="thanks")
    why = await rate(browser, seen, helpful="no")
    assert [each.attributes["value"] for each in why.page.all("input", type="radio")] == [
        "wrong_clause",
        "wrong_split",
        "should_have_answered",
        "should_have_declined",
        "other",
    ]
    comment = note_text("it is <b>the provider</b>, I say  ") + "x" * 600
    done = await rate(browser, why, reason="wrong_split", comment=comment)
    assert done.page.one("p", css="thanks")
    (answer,), (feedback,) = await read_rows(browser, AnswerRecord), await read_rows(browser, FeedbackRecord)
    assert (feedback.answer, feedback.asker, feedback.helpful) == (answer.id, answer.asker, False)
    assert feedback.reason == "wrong_split: " + " ".join(comment.split())[:500]


async def test_a_script_rates_in_place(browser: Browser) -> None:
    """The form comes back as a part: the reasons, then the thanks, in the answer's language."""
    seen = await browser.ask("由誰負責備份?")
    form = {each.attributes["name"]: each.attributes["value"] for each in seen.page.one(css="rating").all("input")}
    why = await browser.post("/feedback", form | {"helpful": "no"}, **PART)
    assert why.page.one("form", css="rating").one("legend").text == "哪裡不對？"
    done = await browser.post("/feedback", form | {"helpful": "no", "reason": "other"}, **PART)
    assert done.page.one("p", css="thanks").text.startswith("謝謝")


async def test_nobody_rates_somebody_elses_answer(browser: Browser) -> None:
    """The same form sent by another session is kept for no answer that there is."""
    seen = await browser.ask("who handles backups?")
    form = {each.attributes["name"]: each.attributes["value"] for each in seen.page.one(css="rating").all("input")}
    other = browser.another()
    seal = (await other.get("/")).seal
    assert (await other.post("/feedback", form | {"seal": seal, "helpful": "no"})).status == 200
    (answer,), (feedback,) = await read_rows(browser, AnswerRecord), await read_rows(browser, FeedbackRecord)
    assert feedback.answer != answer.id


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"answer": "A" * 22},
        {"answer": "A" * 22, "helpful": "perhaps"},
        {"answer": "A" * 21, "helpful": "yes"},
        {"answer": "../" * 8, "helpful": "yes"},
        {"answer": "A" * 22, "helpful": "no", "reason": "because"},
    ],
)
async def test_feedback_that_is_none_is_refused(browser: Browser, form: dict[str, str]) -> None:
    """About no answer, of no kind, for no known reason: nothing is kept."""
    seal = (await browser.get("/")).seal
    assert (await browser.post("/feedback", {"seal": seal} | form)).status == 400
    assert await read_rows(browser, FeedbackRecord) == []


async def test_no_question_leads_to_the_start(browser: Browser) -> None:
    """An empty box, or blanks, ask nothing."""
    start = await browser.get("/")
    for question in ("", " \n\t "):
        seen = await browser.ask(question, start)
        assert not seen.page.all("article", css="turn")
    assert await read_rows(browser, AnswerRecord) == []


@pytest.mark.parametrize(
    ("typed", "first"), [("", "GL8 5.1(a)"), ("5.1c", "GL8 5.1(c)"), ("backup", "GL8 5.1(c)"), ("加密", "GL8 5.1(d)")]
)
async def test_clauses_are_suggested_while_typing(browser: Browser, typed: str, first: str) -> None:
    """The desk's suggestions as options, at most seven, each with its reference."""
    seen = await browser.send("GET", f"/suggest?text={quote(typed)}")
    options = seen.page.all("li", role="option")
    assert options[0].attributes["data-ref"] == first
    refs = [suggestion.ref for suggestion in real_answerer().suggest(typed, most=7)]
    assert [option.attributes["data-ref"] for option in options] == refs
    assert len({option.attributes["id"] for option in options}) == len(options)


async def test_nothing_is_suggested_for_nonsense(browser: Browser) -> None:
    """An empty list, whatever is typed."""
    for typed in ("zzzzzzzz", "%3Cscript%3E", "x" * 3000):
        seen = await browser.get(f"/suggest?text={typed}")
        assert (seen.status, read_page(seen.text).all("li")) == (200, [])


async def test_who_asks_too_much_is_told_when_to_go_on() -> None:
    """On a page and in a part, with the seconds to wait; others are answered meanwhile."""
    async with browse(person=2) as browser:
        seal = (await browser.ask("GL8 5.1(a)")).seal
        await browser.ask("GL8 5.1(b)")
        refused = await browser.ask("GL8 5.1(c)")
        assert refused.status == 429
        wait = int(refused.headers["Retry-After"])
        assert 0 < wait <= 60
        assert re.search(rf"Ask again in {wait} seconds", refused.page.text)
        part = await browser.post("/", {"seal": seal, "question": "GL8 5.1(c)"}, **PART)
        assert (part.status, part.page.one("p").attributes["data-problem"]) == (429, "429")
        assert (await browser.post("/feedback", {"seal": seal, "answer": "A" * 22, "helpful": "yes"})).status == 429
        assert (await browser.another().ask("GL8 5.1(c)")).status == 200


async def test_a_fault_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """A page says that it is ours, in a part too; the log says where, and nothing that was written."""
    secret = note_text("words that only the asker knows")
    async with browse(StubAnswerer(ValueError(secret))) as browser:
        seen = await browser.ask(secret)
        assert (seen.status, find_faults(seen.page)) == (500, [])
        assert secret not in seen.text
        part = await browser.post("/", {"seal": (await browser.get("/")).seal, "question": secret}, **PART)
        assert (part.status, part.page.one("p").attributes["data-problem"]) == (500, "500")
    assert "A page could not be served: ValueError at" in caplog.text


async def test_without_records_there_is_an_answer_and_no_feedback(browser: Browser) -> None:
    """What the database keeps from being recorded is answered all the same; what would be lost is refused."""
    start = await browser.get("/")
    async with browser.records.engine.begin() as connection:
        await connection.exec_driver_sql("ALTER TABLE answers RENAME TO gone")
        await connection.exec_driver_sql("ALTER TABLE feedback RENAME TO gone_too")
    seen = await browser.ask("who handles backups?", start)
    check_same(seen.page.one("article", css="turn"), real_answerer().answer("who handles backups?"))
    seen = await rate(browser, seen, helpful="yes")
    assert (seen.status, seen.page.one("h1").text) == (503, "Not now")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("en-GB,zh-HK;q=0.9", "en"),
        ("fr-FR, zh-TW;q=0.8, en;q=0.5", "zh-Hant"),
        ("de", "en"),
        ("zh;q=0, en;q=0.1", "en"),
        ("zh;q=x", "en"),
        ("zh-Hant", "zh-Hant"),
        (",;q=,", "en"),
    ],
)
async def test_a_page_speaks_the_browsers_language(browser: Browser, header: str, language: str) -> None:
    """English or Chinese, as the browser prefers, unless its reader chose."""
    browser.headers["Accept-Language"] = header
    assert (await browser.get("/")).page.one("html").attributes["lang"] == language
    other = "en" if language == "zh-Hant" else "zh-Hant"
    seen = await browser.get(f"/?lang={other}")
    assert (seen.path, seen.page.one("html").attributes["lang"]) == ("/", other)
    assert (await browser.get("/guides?lang=fr")).page.one("html").attributes["lang"] == other
