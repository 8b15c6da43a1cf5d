"""The source viewer: clauses, sections and matrices, each duty tied to its sentences both ways."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from fakes.browser import FIXTURES, INVENTED, OURS, Browser, browse, real_answerer
from fakes.pages import Element, find_faults

from bot.parts import list_places, parties
from corpus.models import Owner
from retrieval.answer import ClauseView
from retrieval.answerer import load_answerer
from retrieval.wording import LABELS

GUIDES = {guide.id: guide for guide in real_answerer().catalogue().guides}
CLAUSES = [(guide.id, clause.ref) for guide in GUIDES.values() for clause in guide.clauses]
SECTIONS = [(guide.id, section.number) for guide in GUIDES.values() for section in guide.sections]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser on the service's own machine."""
    async with browse() as found:
        yield found


def show(guide: str, name: str) -> ClauseView:
    """What the desk shows of a clause or an item."""
    view = real_answerer().show(name, guide)
    assert view
    return view


def fold(text: str) -> str:
    """A text as a page shows it."""
    return " ".join(text.split())


def ties(element: Element) -> set[str]:
    """The ids that an element is tied to."""
    return set(element.attributes.get("data-ties", "").split())


def check_ties(page: Element) -> None:
    """Hold every tie to being one both ways, to one sentence at least, with a link each way that needs no script."""
    tied = {each.attributes["id"]: each for each in page.walk() if "data-ties" in each.attributes}
    for name, element in tied.items():
        assert ties(element), name
        for other in ties(element):
            assert name in ties(tied[other]), (name, other)
        is_sentence = "sentence" in element.classes
        assert all(("sentence" in tied[other].classes) is not is_sentence for other in ties(element))
        links = {link.attributes["href"][1:] for link in element.all("a") if link.attributes["href"].startswith("#")}
        assert links
        assert links <= ties(element)


def check_passage(article: Element, view: ClauseView) -> None:
    """Hold a drawn passage to what the desk shows: each party's duties in order with their places, and every note."""
    labels = LABELS["en"]
    for owner in parties(view):
        held = [duty for duty in view.duties if duty.owner is owner]
        party = article.one("section", css=owner.value)
        assert [each.one("p", css="says").one("span", lang="en").text for each in party.all("li")] == [
            fold(duty.text) for duty in held
        ]
        assert [each.one("span", css="kind").text for each in party.all("li")] == [labels.kind[d.kind] for d in held]
        for drawn, duty in zip(party.all("li"), held, strict=True):
            places = list(list_places(duty.anchors, "en"))
            links = drawn.all("a", css="place")
            assert [link.attributes.get("title") or link.text for link in links] == [fold(place) for place in places]
            assert set(drawn.attributes["class"].split()) == {"duty", owner.value}
        if not held:
            assert party.one("p", css="silent").text == labels.silent[owner]
    notes = [each.one("span", lang="en").text for each in article.all("li", css="note")]
    assert notes == [fold(note.text) for note in view.errata]


@pytest.mark.parametrize(("guide", "ref"), CLAUSES)
async def test_a_clause_shows_its_split_tied_to_its_source(browser: Browser, guide: str, ref: str) -> None:
    """Everything that the desk shows of it, and every statement leads to its sentences and back."""
    view = show(guide, ref)
    seen = await browser.get(f"/guides/{guide}/{ref.replace(' ', '/')}")
    assert (seen.status, find_faults(seen.page)) == (200, [])
    page = seen.page
    assert page.one("h1").text == fold(f"{ref} {view.title}")
    article = page.one("article")
    assert article.one("p", css="carried").one("span", css="badge").text == LABELS["en"].ownership[view.ownership]
    assert view.requirement in article.one("section", css="requirement").text
    assert article.one("cite").text == fold(view.citation)
    check_passage(article, view)
    check_ties(page)
    for update in view.updates:
        drawn = next(each for each in page.one("ul", css="updates").all("li") if update.title in each.text)
        for told in (update.text, update.source, LABELS["en"].update_status[update.status]):
            assert fold(told) in drawn.text
    assert fold(view.currency) in article.text
    assert [
        each.one("span", css="ref").text for each in page.all("section", css="related") for each in each.all("li")
    ] == [other for other in dict.fromkeys((*view.together_with, *view.see_also)) if other != ref]
    assert [each.text for each in page.all("section", css="resources") for each in each.all("li")] == [
        fold(name) for name in view.resources
    ]


@pytest.mark.parametrize(("guide", "number"), SECTIONS)
async def test_a_section_shows_its_background_and_leads_to_its_clauses(
    browser: Browser, guide: str, number: str
) -> None:
    """Each item as the desk shows it, with an id of its own; clauses of its table as links."""
    held = GUIDES[guide]
    seen = await browser.get(f"/guides/{guide}/{number}")
    page = seen.page
    assert (seen.status, find_faults(page)) == (200, [])
    items = [each for each in held.background if each.section == number]
    clauses = [show(guide, each.ref) for each in held.clauses if each.section == number]
    for item in items:
        assert item.item
        view = show(guide, item.item)
        drawn = page.one("section", css="item", id=item.item)
        assert drawn.one("h2").text == fold(view.title)
        assert fold(view.requirement) in drawn.one("p", css="summary").text
        check_passage(drawn, view)
    listed = [each.one("span", css="ref").text for each in page.all("section", css="rows") for each in each.all("li")]
    assert listed == [view.ref for view in clauses if view.row]
    assert len(page.all("section", css="item")) == len(items) + sum(view.row is None for view in clauses)
    check_ties(page)


async def test_without_its_source_a_page_names_sentences_and_shows_no_words(browser: Browser) -> None:
    """Section, row, paragraph, sentence and page, and how to read them; numbered by the sentence."""
    page = (await browser.get(f"/guides/{OURS}/GL8/5.1(c)")).page
    source = page.one("section", id="source")
    assert "Where it stands in the guide" in source.text
    assert "not attached" in source.text
    assert not source.all("span", css="words")
    duty = next(each for each in page.all("li", css="duty") if "backed up properly" in each.text)
    assert duty.one("a", css="place").text == "section 5.1, row c, paragraph 1, sentence 3, page 9"
    assert duty.one("a", css="place").attributes["href"] == "#s3"
    sentence = page.one(id="s3")
    assert sentence.text == "3 Sentence 3"
    assert duty.attributes["id"] in ties(sentence)
    assert [each.attributes["id"] for each in source.all("span", css="sentence")] == [
        "req-s1",
        "s1",
        "s2",
        "s3",
        "p2-s1",
        "p2-s2",
    ]


async def test_with_its_source_a_page_shows_the_sentences(browser: Browser) -> None:
    """All of the row's, in order, each with its own words; a duty's are those of its quote."""
    view = show(INVENTED, "GL14 5.8(b)")
    page = (await browser.get(f"/guides/{INVENTED}/GL14/5.8(b)")).page
    source = page.one("section", id="source")
    assert "The guide's own words" in source.text
    words = {each.attributes["id"]: each.one("span", css="words").text for each in source.all("span", css="sentence")}
    drawn = {each.one("p", css="says").one("span", lang="en").text: each for each in page.all("li", css="duty")}
    for duty in view.duties:
        assert duty.quote
        said = [words[name] for name in drawn[fold(duty.text)].attributes["data-ties"].split()]
        assert all(each in fold(duty.quote) for each in said)
        assert fold(" […] ".join(said)).replace(" […] ", " ") == fold(duty.quote).replace(" […] ", " ")
    text = (FIXTURES / "sources" / f"{INVENTED}.txt").read_text(encoding="utf-8")
    assert sum(each in fold(text.replace("“", '"').replace("”", '"')) for each in words.values()) > len(words) / 2


async def test_a_sentence_that_differs_is_withheld(tmp_path: Path) -> None:
    """In a copy of the source with one word changed, that sentence's words are not shown, and the page says so."""
    name = f"{INVENTED}.txt"
    whole = (FIXTURES / "sources" / name).read_text(encoding="utf-8")
    view = show(INVENTED, "GL14 5.8(b)")
    quoted = next(duty.quote for duty in view.duties if duty.quote and duty.quote in whole)
    (tmp_path / name).write_text(whole.replace(quoted, quoted.replace(" the ", " thee ", 1), 1), encoding="utf-8")
    answerer, problems = load_answerer(tmp_path, FIXTURES / "guides")
    assert len(problems) == 1
    async with browse(answerer) as browser:
        page = (await browser.get(f"/guides/{INVENTED}/GL14/5.8(b)")).page
    withheld = [each for each in page.all("span", css="sentence") if each.all("span", css="no-words")]
    assert len(withheld) == 1
    assert "withheld" in withheld[0].text
    assert " thee " not in page.text
    assert len(page.one(id="source").all("span", css="words")) > 1


@pytest.mark.parametrize("guide", GUIDES)
async def test_previous_and_next_lead_through_every_clause(browser: Browser, guide: str) -> None:
    """From the first to the last and back, in the order of the contents."""
    refs = [clause.ref for clause in GUIDES[guide].clauses]
    path, walked = f"/guides/{guide}/{refs[0].replace(' ', '/')}", []
    while True:
        page = (await browser.get(path)).page
        walked.append(page.one("h1").one("span", css="ref").text)
        before = [each.one("span", css="ref").text for each in page.all("a", rel="prev")]
        assert before == walked[-2:-1]
        after = page.all("a", rel="next")
        if not after:
            break
        path = "/" + after[0].attributes["href"].replace("../", "")
    assert walked == refs


@pytest.mark.parametrize("name", ["GL8", "GL14"])
@pytest.mark.parametrize("guide", GUIDES)
async def test_a_regulation_shows_its_whole_matrix(browser: Browser, guide: str, name: str) -> None:
    """Every clause with its requirement, each party's every duty, who carries it and where it stands."""
    refs = [clause.ref for clause in GUIDES[guide].clauses if clause.regulation == name]
    page = (await browser.get(f"/guides/{guide}/{name}")).page
    rows = page.one("table").one("tbody").all("tr")
    assert [row.one("th").one("span", css="ref").text for row in rows] == refs
    for row, ref in zip(rows, refs, strict=True):
        view = show(guide, ref)
        assert fold(view.requirement) in row.one("th").text
        assert LABELS["en"].ownership[view.ownership] in row.one("td", css="who-carries").text
        assert f"Section {view.section}" in row.one("td", css="who-carries").text
        for owner in parties(view):
            told = [each.one("span", lang="en").text for each in row.one("td", css=owner.value).all("li")]
            assert told == [fold(duty.text) for duty in view.duties if duty.owner is owner]
    assert find_faults(page) == []


@pytest.mark.parametrize("party", ["csp", "csc", "third_party", "nobody", "<script>"])
async def test_a_matrix_is_filtered_by_party(browser: Browser, party: str) -> None:
    """To the clauses in which the party has a duty, which the filter counts; an unknown party filters nothing."""
    views = [show(OURS, clause.ref) for clause in GUIDES[OURS].clauses if clause.regulation == "GL14"]
    owner = next((each for each in Owner if each.value == party), None)
    kept = [view.ref for view in views if owner is None or any(duty.owner is owner for duty in view.duties)]
    page = (await browser.get(f"/guides/{OURS}/GL14?party={quote(party)}")).page
    shown = [row.one("span", css="ref").text for row in page.one("tbody").all("tr")]
    assert shown == kept
    chosen = page.one("nav", css="filter").one("a", aria_current="true")
    assert chosen.one("span", css="count").text == str(len(kept))


@pytest.mark.parametrize("guide", GUIDES)
async def test_a_clause_that_a_guide_lacks_is_told(browser: Browser, guide: str) -> None:
    """With the pack's reason, and a guide that answers it, or clauses nearby."""
    for absent in GUIDES[guide].absent:
        seen = await browser.get(f"/guides/{guide}/{absent.ref.replace(' ', '/')}")
        assert (seen.status, find_faults(seen.page)) == (404, [])
        assert fold(f"The guide has no response to {absent.ref}: {absent.reason}") in seen.page.text
        links = [each.attributes["href"] for each in seen.page.one("ul", css="offered").all("a")]
        answered_by = [name for name, ref in CLAUSES if ref == absent.ref]
        assert links
        assert all(f"guides/{(answered_by or [guide])[0]}/" in href for href in links)


async def test_why_a_clause_is_lacking_is_marked_as_english(browser: Browser) -> None:
    """On a Chinese page, a screen reader reads the pack's reason in English."""
    browser.cookies["clausebot-lang"] = "zh-Hant"
    absent = GUIDES[OURS].absent[0]
    seen = await browser.get(f"/guides/{OURS}/{absent.ref.replace(' ', '/')}")
    told = next(each for each in seen.page.all("p") if f"指南沒有回應 {absent.ref}" in each.text)
    assert told.one("span", lang="en").text == fold(absent.reason)


@pytest.mark.parametrize("path", ["/guides", f"/guides/{OURS}", f"/guides/{OURS}/GL8", f"/guides/{OURS}/GL8/5.1(c)"])
async def test_a_slash_behind_an_address_does_no_harm(browser: Browser, path: str) -> None:
    """It leads to the page, with the query."""
    seen = await browser.get(f"{path}/?party=csc")
    assert (seen.status, seen.path) == (200, f"{path}?party=csc")
    assert (await browser.get(f"{path}//")).path == path


@pytest.mark.parametrize(
    ("path", "offered"),
    [
        ("/guides/no-guide", "Alibaba Cloud User Guide"),
        ("/guides/no-guide/GL8/5.1(c)", "Alibaba Cloud User Guide"),
        (f"/guides/{OURS}/GL20", "GL14 Guideline on Outsourcing"),
        (f"/guides/{OURS}/99.9", "GL14 Guideline on Outsourcing"),
        (f"/guides/{OURS}/GL20/5.1", "GL8 5.1(a) Security policies and measures"),
        (f"/guides/{OURS}/GL8/what-is-this", "GL14 Guideline on Outsourcing"),
        (f"/guides/{OURS}/2.1/5.1", "GL14 Guideline on Outsourcing"),
    ],
)
async def test_what_is_not_there_leads_to_what_is(browser: Browser, path: str, offered: str) -> None:
    """An unknown guide, regulation, section or clause: a page that says so and offers others."""
    seen = await browser.get(path)
    assert (seen.status, find_faults(seen.page)) == (404, [])
    assert offered in seen.page.one("ul", css="offered").text


@pytest.mark.parametrize(
    ("written", "path"),
    [("GL8/5.1%20c", "GL8/5.1(c)"), ("GL8/5.1(C)", "GL8/5.1(c)"), ("GL8/5.1(c)%00", "GL8/5.1(c)")],
)
async def test_a_clause_written_otherwise_leads_to_it(written: str, path: str) -> None:
    """As people write references."""
    async with browse(load_answerer()[0]) as alone:
        assert (await alone.get(f"/guides/{OURS}/{written}")).path == f"/guides/{OURS}/{path}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("GL8 5.1(c)", f"/guides/{OURS}/GL8/5.1(c)"),
        ("gl14 s5.13", f"/guides/{OURS}/GL14/5.13"),
        ("第5.13條", f"/guides/{OURS}/GL14/5.13"),
        ("guide 2.2", f"/guides/{OURS}/2.2"),
    ],
)
async def test_a_named_clause_is_found_at_once(text: str, path: str) -> None:
    """However it is written, the search leads to its page, where one guide alone has it."""
    async with browse(load_answerer()[0]) as browser:
        assert (await browser.get(f"/guides?q={quote(text)}")).path == path


@pytest.mark.parametrize(
    ("text", "first"), [("backup", "GL8 5.1(c)"), ("備份", "GL8 5.1(c)"), ("who encrypts our data?", "GL8 5.1(d)")]
)
async def test_a_search_lists_clauses(browser: Browser, text: str, first: str) -> None:
    """By subject in both languages, and by a question's answer; and offers to ask it."""
    seen = await browser.get(f"/guides?q={quote(text)}")
    assert seen.page.one("ul", css="offered").all("li")[0].one("span", css="ref").text == first
    asked = await browser.submit(seen, seen.page.one("form", css="again"), question=text)
    assert asked.page.one("article", css="turn").one("h2").text == text


async def test_a_search_shows_what_was_searched_as_text(browser: Browser) -> None:
    """Markup in it is none; what is too long is cut; blanks search nothing."""
    hostile = '"><script>alert(1)</script>{{7*7}}'
    seen = await browser.get(f"/guides?q={quote(hostile)}")
    assert seen.status == 200
    assert len(seen.page.all("script")) == 1
    assert hostile in seen.page.one("h1").text
    assert "<script>alert" not in seen.text
    assert seen.page.one("input", id="find").attributes["value"] == hostile
    assert len((await browser.get(f"/guides?q={'x' * 5000}")).page.one("h1").text) < 250
    assert (await browser.get("/guides?q=%20")).page.one("h1").text == "Guides"


async def test_a_guides_page_says_what_is_in_it(browser: Browser) -> None:
    """Edition and date, its regulations at a glance, every section with its page, what it lacks, what changed since."""
    guide = GUIDES[OURS]
    page = (await browser.get(f"/guides/{OURS}")).page
    assert "edition 1.0, March 2019, Alibaba Cloud" in page.text
    assert [each.one("span", css="ref").text for each in page.all("a", css="card")] == ["GL8", "GL14"]
    assert page.all("a", css="card")[0].one("span", css="split-words").text == "1 provider, 3 shared, 1 customer"
    contents = page.one("nav", id="contents")
    for section in guide.sections:
        entry = next(
            each for each in contents.all("a") if urlsplit(each.attributes["href"]).path.endswith(f"/{section.number}")
        )
        assert section.page is None or f"page {section.page}" in entry.text
    for absent in guide.absent:
        assert absent.ref in page.text
        assert fold(absent.reason) in page.text
    assert all(update.title in page.text for update in real_answerer().catalogue().updates)


async def test_the_page_one_is_on_is_marked_in_the_contents(browser: Browser) -> None:
    """For clauses, sections, regulations and the guide itself, once."""
    for place in ("", "/GL8/5.1(c)", "/2.1"):
        page = (await browser.get(f"/guides/{OURS}{place}")).page
        (marked,) = page.one("nav", id="contents").all("a", aria_current="page")
        assert marked.attributes["href"].endswith(f"guides/{OURS}{place}")


async def test_a_clause_of_two_guides_leads_from_one_to_the_other(browser: Browser) -> None:
    """The same clause as the other provider answers it."""
    seen = await browser.get(f"/guides/{OURS}/GL8/5.1(c)")
    (link,) = seen.page.one("section", css="elsewhere").all("a")
    assert link.text.startswith("Quaymoth Cloud")
    seen = await browser.get("/" + link.attributes["href"].replace("../", ""))
    assert seen.page.one("section", css="elsewhere").one("a").text.startswith("Alibaba Cloud")


async def test_a_printed_clause_says_what_it_is_from(browser: Browser) -> None:
    """Document, edition, page, the corpus's hash, and whether the guide's words are on it."""
    for guide, words in ((OURS, "was not attached"), (INVENTED, "verified by their hashes")):
        colophon = (await browser.get(f"/guides/{guide}/GL8/5.1(c)")).page.one("dl", css="colophon").text
        assert GUIDES[guide].title in colophon
        assert f"edition {GUIDES[guide].edition}" in colophon
        assert f"guides/{guide}/GL8/5.1(c)" in colophon
        assert real_answerer().corpus.sha256 in colophon
        assert words in colophon


async def test_the_source_stays_where_it_may_be_read(browser: Browser) -> None:
    """No sentence of an attached source is on a page of another guide."""
    text = (await browser.get(f"/guides/{INVENTED}/GL14/5.8(b)")).page.one(id="source")
    words = [each.text for each in text.all("span", css="words")]
    ours = (await browser.get(f"/guides/{OURS}/GL14/5.8(b)")).text
    assert not [each for each in words if re.search(re.escape(escape(each)), ours)]
