"""App Home: what it shows to whom, and that Slack takes it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from fakes.answers import LAYOUTS, StubAnswerer
from fakes.any_answers import CATALOGUES, LANGUAGES, LINE
from fakes.slack_reading import PUBLIC_URL, find_elements, find_markup, read
from fakes.slack_view_limits import refuse_view
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack import ids
from bot.slack.home import render_home
from bot.values import Pointer, unpack
from corpus.models import Ownership
from retrieval.answer import UpdateView
from retrieval.catalogue import Catalogue, GuideView, Suggestion
from retrieval.wording import Language


def make_catalogue(count: int = 3) -> Catalogue:
    """A guide with so many clauses of two regulations, and two changes since."""
    clauses = tuple(
        Suggestion(
            ref=f"{regulation} 5.{number}",
            title="Copies & places",
            guide="a-guide",
            section="5.1",
            ownership=ownership,
            regulation=regulation,
        )
        for regulation, ownership in (("GL8", Ownership.SHARED), ("GL14", Ownership.CSC_OWNED))
        for number in range(1, count + 1)
    )
    guide = GuideView(
        id="a-guide",
        title="A guide",
        edition="1.0",
        date="2019-03",
        provider="Quaymoth Cloud",
        regulations=("GL8", "GL14"),
        clauses=clauses,
        background=(clauses[0],),
    )
    updates = tuple(
        UpdateView(date=date, title=f"A law of {date}", text="It adds.", status="confirmed", source="example.org")
        for date in ("2019-06", "2021-10-08")
    )
    return Catalogue(guides=(guide,), updates=updates)


HOMES = {
    "member": render_home(
        make_catalogue(), ["GL8 5.1", "guide 3"], language="en", is_admin=False, public_url=PUBLIC_URL
    ),
    "administrator": render_home(
        make_catalogue(), [], language="zh-Hant", is_admin=True, support="The compliance desk <desk@example.org>"
    ),
}


@pytest.mark.parametrize("name", HOMES)
def test_home_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each Home is, block by block, the one in its golden file, and one that Slack takes."""
    assert refuse_view(HOMES[name], "home") is None
    golden(f"slack/home/{name}.json", json.dumps(HOMES[name], ensure_ascii=False, indent=1) + "\n")


def test_home_says_what_is_covered_and_who_carries_it() -> None:
    """Guide, edition, date, each regulation's clauses with who carries them, and what changed since, latest first."""
    shown = read(HOMES["member"])
    assert f"*<{PUBLIC_URL}/guides/a-guide|A guide>*\nedition 1.0 (March 2019), by Quaymoth Cloud" in shown
    assert "*GL8*\n🤝 *5.1* Copies &amp; places — Shared\n" in shown
    assert "*GL14*\n🏢 *5.1* Copies &amp; places — Customer\n" in shown
    assert shown.index("A law of 2021-10-08") < shown.index("A law of 2019-06")


def test_what_one_looked_up_can_be_opened_and_forgotten() -> None:
    """Each recent reference is a button, and one more forgets them; without any there is neither."""
    elements = find_elements(HOMES["member"])
    assert unpack(Pointer, elements["recent:1"]["value"]) == Pointer("guide 3", "", "en")
    assert ids.RECENT.fullmatch("recent:1")
    assert ids.CLEAR_RECENT in elements
    assert ids.LOOK_UP in elements
    assert ids.CLEAR_RECENT not in find_elements(HOMES["administrator"])


def test_only_who_may_set_sees_the_settings() -> None:
    """The picker of a channel is there for administrators only."""
    assert ids.SETTINGS_CHANNEL in find_elements(HOMES["administrator"])
    assert ids.SETTINGS_CHANNEL not in find_elements(HOMES["member"])


@pytest.mark.parametrize(
    ("support", "shown"),
    [
        (
            "https://help.example.org/?a=1&b",
            "<https://help.example.org/?a=1&amp;b|https://help.example.org/?a=1&amp;b>",
        ),
        ("desk@example.org", "<mailto:desk@example.org|desk@example.org>"),
        ("Ask <!channel> at desk@example.org", "Ask &lt;!channel&gt; at desk@example.org"),
    ],
)
def test_support_is_a_link_where_it_is_an_address(support: str, shown: str) -> None:
    """An address alone can be pressed; a sentence stands as it was written."""
    home = render_home(make_catalogue(), [], language="en", is_admin=False, support=support)
    assert refuse_view(home, "home") is None
    assert shown in read(home)


def test_clauses_that_home_has_no_room_for_are_counted() -> None:
    """Of very many clauses those that fit are listed, and how many more there are is said."""
    guides = make_catalogue(900).guides * 3
    home = render_home(Catalogue(guides=guides, updates=()), [], language="en", is_admin=True)
    assert refuse_view(home, "home") is None
    shown = read(home)
    assert f"… {5400 - shown.count('— ')} more, in the search" in shown


def test_home_of_an_empty_catalogue() -> None:
    """Without a guide there is still how to ask."""
    home = render_home(Catalogue(guides=(), updates=()), [], language="en", is_admin=False)
    assert refuse_view(home, "home") is None


def test_home_is_drawn_from_the_desks_catalogue() -> None:
    """What an answerer lists is what Home shows."""
    catalogue = StubAnswerer(LAYOUTS["two-clauses"]).catalogue()
    assert "*5.13* Places — Shared" in read(render_home(catalogue, [], language="en", is_admin=False))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CATALOGUES, st.lists(LINE, max_size=9), LANGUAGES, st.booleans(), LINE)
def test_every_home_is_one_that_slack_takes(
    catalogue: Catalogue, recents: Sequence[str], language: Language, admin: bool, support: str
) -> None:
    """Whatever is covered, looked up or set, Home is within every limit, and pings and links to nothing of others."""
    home: dict[str, Any] = render_home(
        catalogue, recents, language=language, is_admin=admin, public_url=PUBLIC_URL, support=support
    )
    assert refuse_view(home, "home") is None
    assert find_markup(home) == []
    find_elements(home)
