"""The modals: what they show, that Slack takes them, and that what comes back is read."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from fakes.answers import COPIES, CUSTOMER, LAYOUTS, PROVIDER, StubAnswerer, make_clause, make_duty
from fakes.any_answers import CLAUSES, LANGUAGES, SUGGESTIONS
from fakes.slack_limits import all_texts
from fakes.slack_reading import PUBLIC_URL, find_elements, find_markup, read
from fakes.slack_view_limits import refuse_options, refuse_view
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.links import Links
from bot.place_settings import PlaceSettings
from bot.slack import ids
from bot.slack.forms import Feedback, read_feedback, read_filters, read_lookup, read_settings
from bot.slack.modals import (
    feedback_modal,
    gone_view,
    group_options,
    lookup_modal,
    lookup_result_view,
    settings_modal,
    source_modal,
    suggestion_options,
)
from bot.values import Pointer, pack, unpack
from corpus.models import Owner, Ownership
from retrieval.answer import AnchorView, ClauseView
from retrieval.catalogue import Suggestion
from retrieval.wording import Language

LINKS = Links(PUBLIC_URL)
ID = "a" * 64
CATALOGUE = StubAnswerer().catalogue()
QUOTED = LAYOUTS["quoted"].clauses[0]
SILENT = LAYOUTS["silent-side"].clauses[0]
SET = PlaceSettings(regulation="GL8", replies="ephemeral", feedback=False, helpers="S0HELP", helpers_channel="C0HELP")
VIEWS = {
    "source": source_modal(COPIES, links=LINKS, language="en", titles={("a-guide", "guide 3"): "Who does what"}),
    "source-quoted": source_modal(QUOTED, language="en"),
    "source-chinese": source_modal(SILENT, links=LINKS, language="zh-Hant"),
    "lookup": lookup_modal(CATALOGUE, "en"),
    "lookup-result": lookup_result_view(SILENT, links=LINKS, language="en"),
    "feedback": feedback_modal(ID, "en"),
    "settings": settings_modal(PlaceSettings(), ["GL8", "GL14"], "C0CHAN", "en"),
    "settings-chinese": settings_modal(SET, ["GL8", "GL14"], "C0CHAN", "zh-Hant", group_name="Compliance"),
    "gone": gone_view("zh-Hant"),
}


@pytest.mark.parametrize("name", VIEWS)
def test_modal_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each modal is, block by block, the one in its golden file, and one that Slack takes."""
    assert refuse_view(VIEWS[name], "modal") is None
    golden(f"slack/modals/{name}.json", json.dumps(VIEWS[name], ensure_ascii=False, indent=1) + "\n")


def submit(view: dict[str, Any], **chosen: Any) -> dict[str, Any]:
    """The view as Slack sends it back: what was initially there, unless something else was chosen."""
    values: dict[str, dict[str, Any]] = {}
    for number, block in enumerate(view["blocks"]):
        for element in block.get("elements", [block["element"]] if "element" in block else []):
            name = element.get("action_id")
            if not name:
                continue
            state = {"type": element["type"]} | {
                state: element[initial]
                for initial, state in {
                    "initial_option": "selected_option",
                    "initial_options": "selected_options",
                    "initial_conversation": "selected_conversation",
                }.items()
                if initial in element
            }
            values.setdefault(block.get("block_id", str(number)), {})[name] = state | chosen.get(name, {})
    return view | {"state": {"values": values}}


def choose(value: str) -> dict[str, Any]:
    """An option that was chosen."""
    return {"selected_option": {"text": {"type": "plain_text", "text": "…"}, "value": value}}


def test_the_source_tells_where_each_duty_stands_to_the_sentence() -> None:
    """Duty, kind, date, section, row, paragraph, sentence and page are all there, in words."""
    shown = read(VIEWS["source"])
    assert "• Shows a certificate. (as of November 2018) _(evidence)_" in shown
    assert "_section 5.1, row c, paragraph 1, sentence 3, page 9_" in shown
    assert shown.index("*Provider (Quaymoth Cloud)*") < shown.index("*Customer*")
    assert "*Requirement*\nKeep copies of what matters" in shown


def test_the_source_says_whether_these_are_the_guides_own_words() -> None:
    """Quotes stand under their duties; without them it is said that this is a restatement."""
    assert "its text is not attached" in read(VIEWS["source"])
    quoted = read(VIEWS["source-quoted"])
    assert ">“Customers copy &lt;their&gt; data.”" in quoted
    assert "not attached" not in quoted
    partly = make_clause(duties=[make_duty(PROVIDER, "Acts.", quote="We act."), make_duty(PROVIDER, "Sells.")])
    assert "Where no quote stands" in read(source_modal(partly, language="en"))


def test_a_long_quote_is_whole() -> None:
    """A quote longer than a section takes is told to its last word."""
    words = " ".join(f"word{number}&" for number in range(1500))
    clause = make_clause(duties=[make_duty(PROVIDER, "Acts.", quote=words)])
    view = source_modal(clause, language="en")
    assert refuse_view(view, "modal") is None
    told = "".join(line[1:] for text in all_texts(view) for line in text.split("\n") if line.startswith(">"))
    assert told.strip("“”").replace("&amp;", "&").replace(" ", "") == words.replace(" ", "")


def test_notes_and_changes_are_whole_in_the_source() -> None:
    """What the message only counts is told here, each with its source."""
    shown = read(VIEWS["lookup-result"])
    assert "• misprint: The guide writes 5.21 where 5.12 is meant. [page 14]" in shown
    assert "8 October 2021, reported only: *A law on copies* Adds a duty to report. [example.org]" in shown
    assert "How current this is: The guide is of March 2019" in shown


def test_places_of_one_row_are_named_once() -> None:
    """Several sentences of one row are told after one naming of section and row."""
    anchors = tuple(AnchorView(section="5.1", row="c", paragraph=n, sentences=(1, 2), pages=(9,)) for n in (1, 2))
    clause = make_clause(duties=[make_duty(CUSTOMER, "Acts.", anchors=anchors)])
    place = "_section 5.1, row c, paragraph 1, sentence 1-2, page 9; paragraph 2, sentence 1-2, page 9_"
    assert place in read(source_modal(clause, language="en"))


def test_duties_that_a_view_has_no_room_for_are_counted() -> None:
    """Of a hundred and twenty duties those that 100 blocks hold are told, and the rest is counted."""
    clause = make_clause(duties=[make_duty(PROVIDER, f"Does thing {number}.") for number in range(120)])
    view = source_modal(clause, language="en")
    assert refuse_view(view, "modal") is None
    shown = read(view)
    assert f"… {120 - shown.count('• Does thing')} more that have no room here" in shown
    assert len(view["blocks"]) == 100


def test_related_clauses_can_be_opened_from_the_source() -> None:
    """The list of related clauses names those that are known by title."""
    options = find_elements(VIEWS["source"])[ids.RELATED]["options"]
    assert [option["text"]["text"] for option in options] == ["GL14 5.13", "guide 3 Who does what"]


def test_filters_are_read_as_they_stand() -> None:
    """Nothing narrows the search at first; what is chosen does."""
    view = lookup_modal(CATALOGUE, "zh-Hant")
    assert read_filters(submit(view)) == (None, None, "zh-Hant")
    chosen = submit(view, lookup_regulation=choose("GL14"), lookup_owner=choose("csc"))
    assert read_filters(chosen) == ("GL14", Owner.CSC, "zh-Hant")


def test_the_clause_that_was_looked_up_is_read() -> None:
    """The option that was chosen leads to its clause; a background item by its own id."""
    item = Suggestion(
        ref="guide 2.1",
        title="ISO 27001",
        guide="a-guide",
        section="2.1",
        ownership=Ownership.CSP_OWNED,
        regulation=None,
        item="iso-27001",
    )
    [option] = suggestion_options([item], "en")
    assert option["text"]["text"] == "guide 2.1 ISO 27001"
    view = submit(VIEWS["lookup"], lookup_clause=choose(option["value"]))
    assert read_lookup(view) == Pointer("iso-27001", "a-guide", "en")
    assert read_lookup(submit(VIEWS["lookup"])) is None


def test_feedback_is_read_with_its_comment() -> None:
    """The reason's code comes first; a comment follows in one line, of at most 500 characters."""
    view = VIEWS["feedback"]
    assert read_feedback(submit(view)) is None
    said = read_feedback(submit(view, feedback_reason=choose("wrong_split")))
    assert said == Feedback(ID, "wrong_split", "", "", "en")
    commented = submit(view, feedback_reason=choose("other"), feedback_text={"value": " It is\n5.2. " + "x" * 900})
    read = read_feedback(commented)
    assert read
    assert read.reason.startswith("other: It is 5.2. xxx")
    assert len(read.reason) == len("other: ") + 500
    assert read_feedback(submit(view, feedback_reason=choose("<!channel>"))) is None


@pytest.mark.parametrize(
    "place",
    [
        PlaceSettings(),
        PlaceSettings(regulation="GL14", replies="ephemeral", feedback=False, quiet=True),
        PlaceSettings(helpers="C0HELP"),
        PlaceSettings(helpers="S0HELP", helpers_channel="C0HELP"),
        PlaceSettings(regulation="GL99"),
    ],
)
def test_settings_that_are_saved_unchanged_stay_as_they_are(place: PlaceSettings) -> None:
    """What the form shows at first is how the channel is set."""
    view = settings_modal(place, ["GL8", "GL14"], "C0CHAN", "en")
    assert refuse_view(view, "modal") is None
    assert read_settings(submit(view)) == ("C0CHAN", place, "en")


def test_settings_are_read_as_chosen() -> None:
    """Each input sets what it says; a group without a channel is called in the channel itself."""
    view = settings_modal(PlaceSettings(), ["GL8", "GL14"], "C0CHAN", "zh-Hant")
    chosen = submit(
        view,
        settings_regulation=choose("GL8"),
        settings_replies=choose("ephemeral"),
        settings_feedback={"selected_options": []},
        settings_quiet={"selected_options": [{"value": "on"}]},
        settings_group=choose("S0HELP"),
    )
    wanted = PlaceSettings(
        regulation="GL8",
        replies="ephemeral",
        feedback=False,
        quiet=True,
        helpers="S0HELP",
        helpers_channel="C0CHAN",
    )
    assert read_settings(chosen) == ("C0CHAN", wanted, "zh-Hant")


def test_groups_are_found_by_part_of_their_name() -> None:
    """What was typed narrows the groups, whatever its case."""
    groups = [("S1", "Compliance desk"), ("S2", "Legal"), ("S3", " ")]
    assert [option["value"] for option in group_options(groups, "COMPL")] == ["S1"]
    assert [option["value"] for option in group_options(groups, "")] == ["S1", "S2"]


@pytest.mark.parametrize("view", [{}, {"private_metadata": "[]", "state": {"values": {}}}, {"private_metadata": "{"}])
def test_what_is_no_form_is_read_as_nothing(view: dict[str, Any]) -> None:
    """A view without what was filled in, or of another kind, gives no feedback, settings or clause."""
    assert read_feedback(view) is None
    assert read_settings(view) is None
    assert read_lookup(view) is None
    assert read_filters(view) == (None, None, "en")


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CLAUSES, LANGUAGES, st.sampled_from([None, LINKS]))
def test_every_source_is_one_that_slack_takes(view: ClauseView, language: Language, links: Links | None) -> None:
    """Whatever a clause holds, its modal is within every limit, and pings and links to nothing of others."""
    for draw in (source_modal, lookup_result_view):
        modal = draw(view, links=links, language=language)
        assert refuse_view(modal, "modal") is None
        assert find_markup(modal) == []
        find_elements(modal)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SUGGESTIONS, max_size=5), LANGUAGES)
def test_every_suggestion_is_one_that_slack_takes(suggestions: list[Suggestion], language: Language) -> None:
    """However long names are, options are within their limits, and lead to their clause."""
    options = suggestion_options(suggestions * 30, language)
    assert refuse_options({"options": options}) == []
    for option in options:
        pointer = unpack(Pointer, option["value"])
        assert pointer
        assert pack(pointer) == option["value"]
        assert pointer.ref in {each.ref for each in suggestions}
