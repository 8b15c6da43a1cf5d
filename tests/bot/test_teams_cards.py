"""What Teams' readers see of an answer, and that Teams takes it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from fakes.answers import (
    CHINESE,
    COPIES,
    CUSTOMER,
    LAYOUTS,
    ONE_CLAUSE,
    PROVIDER,
    QUOTED,
    THIRD,
    TWO_CLAUSES,
    make_answer,
    make_choice,
    make_clause,
    make_duty,
)
from fakes.any_answers import ANSWERS, CLAUSES, LANGUAGES, MARKUP
from fakes.teams_cards import PUBLIC_URL, find_actions, find_inputs, find_markup, read, refuse_card, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.links import Links
from bot.teams import verbs
from bot.teams.cards import render_answer
from bot.teams.notices import render_request
from bot.teams.reply import Card, Citation, Reply, cite_entity
from bot.teams.source import render_clause_card
from bot.values import Asked, Pointer, unpack
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import Answer, ClauseView, Outcome
from retrieval.wording import LABELS, Language

LINKS = Links(PUBLIC_URL)
ID = "a" * 64
ASKED = Asked(ID, "who keeps copies?", ("GL8 5.1(c)",), "en")


def draw(answer: Answer, **changes: Any) -> Card:
    """The card of an answer that is recorded under an id."""
    card = render_answer(answer, **({"answer_id": ID} | changes)).card
    assert card is not None
    return card


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each layout is, element by element, the one in its golden file, and one that Teams takes."""
    reply = render_answer(LAYOUTS[name], links=LINKS, answer_id=ID)
    keep(golden, name, reply)


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_source_stays_as_it_was(language: Language, golden: Callable[[str, str], None]) -> None:
    """A clause's card is the one in its golden file, and one that Teams takes."""
    view = LAYOUTS["silent-side"].clauses[0].model_copy(update={"resources": ("A white paper",)})
    card = render_clause_card(view, language=language, links=LINKS, asked=ASKED)
    assert refuse_card(card) is None
    golden(f"teams/source-{language}.json", json.dumps(card, ensure_ascii=False, indent=1) + "\n")


def keep(golden: Callable[[str, str], None], name: str, reply: Reply) -> None:
    """Compare a reply with its golden file."""
    assert reply.card
    assert refuse_card(reply.card) is None
    told = reply._asdict()
    assert told.pop("attachment") is None
    golden(f"teams/{name}.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def test_the_split_comes_first_in_words_on_a_colour() -> None:
    """The badge is the first element, and its words say by themselves who carries what was asked about."""
    for ownership in Ownership:
        first = draw(ONE_CLAUSE.model_copy(update={"ownership": ownership}))["body"][0]
        assert first["style"] in ("accent", "good", "warning", "emphasis")
        assert first["items"][0]["style"] == "heading"
    assert "Customer (CSC-owned)" in draw(ONE_CLAUSE)["body"][0]["items"][0]["text"]


def columns_of(answer: Answer) -> list[str]:
    """What stands side by side in an answer's card."""
    [split] = [each for each in draw(answer)["body"] if each["type"] == "ColumnSet"]
    return [read(column["items"]) for column in split["columns"]]


def test_parties_stand_side_by_side_provider_first() -> None:
    """Two columns hold the provider's and the customer's duties, with their places."""
    provider, customer = columns_of(ONE_CLAUSE)
    assert provider == "Provider (Quaymoth Cloud)\nAlso under this clause: 3 more, in Source"
    assert customer == (
        "Customer\n• Copies its own data, and tries out whether copies can be read back. [page 9 ¶1 s3]"
    )


@pytest.mark.parametrize(("owner", "words"), [(PROVIDER, "no customer duty"), (CUSTOMER, "no provider duty")])
def test_a_silent_side_is_said_to_be_silent(owner: Owner, words: str) -> None:
    """Where the guide binds one party only, the other's column says that the guide is silent."""
    assert words in "".join(columns_of(make_answer([make_clause(duties=[make_duty(owner, "Acts.")])])))


def test_the_side_that_has_more_to_tell_has_more_room() -> None:
    """Columns are as wide as one another where both sides answer, and else the one that does is twice as wide."""
    both = make_answer([make_clause(duties=[make_duty(PROVIDER, "Acts."), make_duty(CUSTOMER, "Acts too.")])])
    for answer, widths in ((both, [2, 2]), (ONE_CLAUSE, [1, 2]), (LAYOUTS["silent-side"], [2, 1])):
        [split] = [each for each in draw(answer)["body"] if each["type"] == "ColumnSet"]
        assert [column["width"] for column in split["columns"]] == widths


def test_a_third_party_stands_below() -> None:
    """A third party's duties have the whole width, and no place where it has none."""
    card = draw(LAYOUTS["silent-side"])
    assert len(columns_of(LAYOUTS["silent-side"])) == 2
    assert "Third party\n• Audits the provider each year." in read(card)
    assert "Third party" not in read(draw(ONE_CLAUSE))


def test_the_kind_of_a_duty_is_named_unless_it_is_an_obligation() -> None:
    """What is offered or shown is told from what must be done."""
    clause = make_clause(duties=[make_duty(PROVIDER, "Sells it.", relevant=False, kind=Kind.SERVICE)])
    assert "• Sells it. (service) [page 9 ¶1 s3]" in read(draw(make_answer([clause])))


def test_quotes_stand_below_the_duty_and_are_shortened() -> None:
    """The source's words stand where they are attached; of a long quote, its beginning."""
    assert "“Customers copy <their> data.”" in columns_of(QUOTED)[1]
    long = make_clause(duties=[make_duty(CUSTOMER, "Copies.", quote="Customers copy. " * 100)])
    quote = next(line for line in read(draw(make_answer([long]))).split("\n") if line.startswith("“"))
    assert len(quote) < 250
    assert quote.endswith("…”")


def test_whole_clause_is_told_where_the_question_narrows_it() -> None:
    """The clause's own ownership is beside the answer's where the two differ."""
    assert "whole clause: 🤝 Shared (CSP and CSC)" in read(draw(ONE_CLAUSE))


def test_notes_are_folded_until_they_are_asked_for() -> None:
    """A button says how many notes there are, and shows them: what is doubtful, what changed, how current it is."""
    card = draw(LAYOUTS["silent-side"])
    shown = find_actions(card)["Notes (3)"]["targetElements"]
    [notes] = [each for each in walk(card) if each.get("id") in shown]
    assert notes["isVisible"] is False
    told = read(notes)
    assert "• misprint: The guide writes 5.21 where 5.12 is meant. [page 14]" in told
    assert "• 8 October 2021, reported only: A law on copies Adds a duty to report. [example.org]" in told
    assert "How current this is: The guide is of March 2019" in told


def test_notes_that_clauses_share_are_told_once() -> None:
    """Of several clauses each note is counted once, and says which clause it is about."""
    note = LAYOUTS["silent-side"].clauses[0].errata[0]
    views = [make_clause(f"GL8 5.{number}", COPIES.duties, errata=(note,)) for number in range(3)]
    card = draw(make_answer(views))
    assert "Notes (2)" in find_actions(card)
    assert read(card).count("The guide writes 5.21") == 1
    assert "• GL8 5.0, misprint" in read(card) or "• GL8 5.2, misprint" in read(card)


def test_the_citation_is_told_and_opens_the_source_viewer_where_there_is_one() -> None:
    """With a public address a button opens the clause's page; without, there is none."""
    assert "Source: A guide, edition 1.0 (March 2019), section 5.1, row c, pages 9-10" in read(draw(ONE_CLAUSE))
    opened = find_actions(draw(ONE_CLAUSE, links=LINKS))["Open in the guide"]
    assert opened == {
        "type": "Action.OpenUrl",
        "title": "Open in the guide",
        "url": f"{PUBLIC_URL}/guides/a-guide/GL8/5.1(c)",
    }
    assert not [each for each in walk(draw(ONE_CLAUSE)) if "url" in each]


def test_buttons_carry_what_they_need() -> None:
    """Each button says by itself which clause, question and answer it is about, and takes no input along."""
    buttons = find_actions(draw(ONE_CLAUSE))
    source = buttons["Source"]
    assert (source["type"], source["verb"], source["associatedInputs"]) == ("Action.Execute", verbs.SOURCE, "none")
    assert source["data"]["verb"] == verbs.SOURCE
    assert unpack(Pointer, source["data"]["value"]) == Pointer("GL8 5.1(c)", "a-guide", "en")
    assert unpack(Asked, source["data"][verbs.ASKED]) == ASKED
    ask = buttons["Ask"]
    assert (ask["type"], ask["verb"]) == ("Action.Execute", verbs.ASK_PERSON)
    assert unpack(Asked, ask["data"]["value"]) == ASKED


def test_an_asker_is_told_before_a_question_is_passed_on() -> None:
    """*Ask a person* shows first that the question and the name are posted, and asks again."""
    card = draw(ONE_CLAUSE)
    first = find_actions(card)["Ask a person"]
    assert first["type"] == "Action.ToggleVisibility"
    [told] = [each for each in walk(card) if each.get("id") in first["targetElements"]]
    assert told["isVisible"] is False
    assert "posted, with your name" in read(told)
    assert find_actions(told)["Cancel"]["targetElements"] == first["targetElements"]


def test_what_is_switched_off_is_not_shown() -> None:
    """Without a person to ask there is no button for one; only what was recorded can be judged."""
    assert "Ask a person" not in find_actions(draw(ONE_CLAUSE, ask_person=False))
    assert render_answer(ONE_CLAUSE, answer_id=ID).feedback
    assert not render_answer(ONE_CLAUSE, answer_id=ID, feedback=False).feedback
    assert not render_answer(ONE_CLAUSE).feedback
    assert not render_answer(LAYOUTS["clarify"], answer_id=ID).feedback


def test_related_clauses_are_named_with_their_titles() -> None:
    """The clauses that one names can be read from a list, each once, by title where that is known."""
    related = make_clause("GL14 5.13", title="Places")
    card = draw(make_answer([COPIES, related], asked=1), titles={("a-guide", "guide 3"): "Shared responsibility"})
    listed = find_inputs(card)[verbs.RELATED]
    assert [each["title"] for each in listed["choices"]] == ["GL14 5.13 Places", "guide 3 Shared responsibility"]
    assert unpack(Pointer, listed["choices"][0]["value"]) == Pointer("GL14 5.13", "a-guide", "en")
    assert listed["value"] == listed["choices"][0]["value"]
    read_it = find_actions(card)["Read"]
    assert (read_it["verb"], "value" in read_it["data"], "associatedInputs" in read_it) == (verbs.RELATED, False, False)


def test_several_clauses_stand_below_one_another() -> None:
    """Each clause names who carries it and what each party does; then one can be read."""
    card = draw(TWO_CLAUSES)
    assert read(card).startswith(
        "2 clauses · together: 🤝 Shared (CSP and CSC)\n"
        "🤝 Shared · GL8 5.1(c) Copies of data (pages 9-10)\n"
        "Provider: Also under this clause: 3 more, in Source\n"
        "Customer: Copies its own data, and tries out whether copies can be read back.\n"
        "🤝 Shared · GL14 5.13 Places (pages 9-10)\n"
        "Provider: Stores data in the region that was chosen.\n"
        "Customer: none named\n"
    )
    listed = find_inputs(card)[verbs.SOURCE]["choices"]
    assert [each["title"] for each in listed] == ["GL8 5.1(c) Copies of data", "GL14 5.13 Places"]
    assert "Source" not in find_actions(card)


def test_duties_that_a_row_has_no_room_for_are_counted() -> None:
    """A party's line tells whole duties, and how many more there are."""
    duties = [make_duty(PROVIDER, f"Does thing number {number} of a long list of things.") for number in range(9)]
    line = read(draw(make_answer([make_clause(duties=duties), COPIES]))).split("\n")[2]
    assert line.startswith("Provider: Does thing number 0 of a long list of things. Does thing number 1")
    assert line.endswith("of a long list of things. (+4)")


def test_of_very_many_clauses_each_is_named_or_counted() -> None:
    """Where duties have no room there are names and who carries them; what even then has none is counted."""
    answer = make_answer([make_clause(f"GL8 5.{number}") for number in range(120)])
    shown = read(draw(answer))
    named = shown.count("Shared · GL8 5.")
    assert named > 20
    assert f"… {120 - named} more clauses" in shown
    assert refuse_card(draw(answer)) is None


def test_items_of_one_section_are_opened_one_by_one() -> None:
    """Background items share a reference; each is opened by its own id."""
    items = [make_clause("guide 2.1", title=f"ISO {n}", kind="background", item=f"iso-{n}") for n in (27001, 27017)]
    listed = find_inputs(draw(make_answer(items)))[verbs.SOURCE]["choices"]
    assert [unpack(Pointer, each["value"]) for each in listed] == [
        Pointer("iso-27001", "a-guide", "en"),
        Pointer("iso-27017", "a-guide", "en"),
    ]


def test_buttons_are_no_wider_than_a_phone() -> None:
    """Two stand in a row at most; a long title is cut, sooner in Chinese, and whole in the tooltip."""
    card = draw(ONE_CLAUSE, links=LINKS)
    rows = [each["actions"] for each in card["body"] if each["type"] == "ActionSet"]
    assert [[each["title"] for each in row] for row in rows] == [
        ["Source", "Open in the guide"],
        ["Notes (1)", "Related clauses"],
        ["Ask a person"],
    ]
    choices = (make_choice("GL8 5.1(c)", "T" * 40), make_choice("GL8 5.1(d)", "客戶" * 20))
    buttons = find_actions(draw(make_answer(outcome=Outcome.CLARIFY, closest=choices)))
    latin, chinese = buttons
    assert (len(latin), latin[-2:]) == (34, "T…")
    assert (len(chinese), chinese[-2:]) == (22, "戶…")
    assert buttons[latin]["tooltip"] == "GL8 5.1(c) " + "T" * 40


@pytest.mark.parametrize("name", ["no-such-clause", "not-covered", "clarify"])
def test_unanswered_offers_what_can_be_asked_instead(name: str) -> None:
    """Each way of not answering offers its choices as buttons; the closest are marked as no answer."""
    answer = LAYOUTS[name]
    card = draw(answer)
    buttons = find_actions(card)
    for choice in answer.closest:
        button = buttons[f"{choice.ref} {choice.title}"]
        assert (button["type"], button["data"]["verb"]) == ("Action.Submit", verbs.CHOICE)
        assert unpack(Pointer, button["data"]["value"]) == Pointer(choice.ref, "a-guide", "en")
    assert ("not an answer" in read(card)) == (answer.outcome is Outcome.NOT_COVERED)
    assert ("Ask a person" in buttons) == (answer.outcome is not Outcome.CLARIFY)
    assert render_answer(answer).text == ""


def test_more_than_six_choices_drop_down() -> None:
    """Seven choices are one list; what no list holds is counted."""
    choices = [make_choice(f"GL8 5.{number}", "Title") for number in range(120)]
    six = draw(make_answer(outcome=Outcome.CLARIFY, closest=tuple(choices[:6])))
    assert find_inputs(six) == {}
    seven = find_inputs(draw(make_answer(outcome=Outcome.CLARIFY, closest=tuple(choices[:7]))))[verbs.CHOICE]
    assert [each["title"] for each in seven["choices"]] == [f"GL8 5.{number} Title" for number in range(7)]
    many = draw(make_answer(outcome=Outcome.CLARIFY, closest=tuple(choices)))
    left_out = 120 - len(find_inputs(many)[verbs.CHOICE]["choices"])
    assert f"… {left_out} more" in read(many)


def test_the_line_above_the_card_cites_each_clause() -> None:
    """Who carries it, and each clause with the number of its citation: name, place, quote and address."""
    reply = render_answer(TWO_CLAUSES, links=LINKS)
    assert reply.text == "Both: the provider and the customer each have duties. GL8 5.1(c) [1] and GL14 5.13 [2]"
    assert reply.citations[0] == Citation(
        "GL8 5.1(c) Copies of data",
        "A guide, edition 1.0 (March 2019), section 5.1, row c, pages 9-10",
        f"{PUBLIC_URL}/guides/a-guide/GL8/5.1(c)",
    )
    assert render_answer(QUOTED).citations[0].abstract.endswith("pages 9-10: “Customers copy <their> data.”")
    many = render_answer(make_answer([make_clause(f"GL8 6.{number}") for number in range(23)]))
    assert len(many.citations) == 20
    assert many.text.endswith("GL8 6.19 [20] and 3 more")


@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_stands_above_the_card_alone(name: str) -> None:
    """Teams on iPhones shows no text above a card: who carries it, and each clause, stand in the card too."""
    reply = render_answer(LAYOUTS[name], answer_id=ID)
    assert reply.card
    shown = read(reply.card)
    for view in LAYOUTS[name].clauses[: LAYOUTS[name].asked] if reply.text else ():
        assert view.ref in reply.text
        assert view.ref in shown
    assert not reply.text or LABELS[LAYOUTS[name].language].ownership[LAYOUTS[name].ownership] in shown


@pytest.mark.parametrize("name", LAYOUTS)
def test_chinese_stands_between_its_own_marks(name: str) -> None:
    """In a card in Chinese no mark of half width stands behind a Chinese word, nor a bracket around one."""
    answer = LAYOUTS[name].model_copy(update={"language": "zh-Hant"})
    views = [view for view in answer.clauses if view.kind == "clause"]
    cards = [draw(answer), *(render_clause_card(view, language="zh-Hant", asked=ASKED) for view in views)]
    shown = "\n".join(each["text"] for card in cards for each in walk(card) if "text" in each)
    assert re.findall(r"[\u4e00-\u9fff](?:[:;,]| \()|\([\u4e00-\u9fff]", shown) == []


def test_citations_are_no_claim_of_ai() -> None:
    """Teams is told what the numbers stand for, and nothing of generated content, which this is not."""
    entity = cite_entity((Citation("GL8 5.1(c)", "page 9", f"{PUBLIC_URL}/x"), Citation("GL8 5.2", "page 10")))
    assert entity == {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "citation": [
            {
                "@type": "Claim",
                "position": 1,
                "appearance": {
                    "@type": "DigitalDocument",
                    "name": "GL8 5.1(c)",
                    "abstract": "page 9",
                    "url": f"{PUBLIC_URL}/x",
                },
            },
            {
                "@type": "Claim",
                "position": 2,
                "appearance": {"@type": "DigitalDocument", "name": "GL8 5.2", "abstract": "page 10"},
            },
        ],
    }


def test_chinese_question_has_chinese_labels_and_the_guides_own_duties() -> None:
    """Labels follow the answer's language; duties stay as the pack words them."""
    card = draw(CHINESE)
    shown = read(card)
    assert card["lang"] == "zh"
    assert "客戶負責" in shown
    assert "請教專人" in shown
    assert "Copies its own data" in shown
    assert render_answer(CHINESE).text == "由客戶負責。GL8 5.1(c) [1]"


def test_what_a_client_without_cards_and_a_listener_get() -> None:
    """There is a reading for who listens, a line for notifications, and one for clients that show no such cards."""
    reply = render_answer(LAYOUTS["not-covered"])
    assert reply.speak.startswith("The guide does not mention *lunch* <@U0BOSS>. Closest, not an answer")
    assert reply.summary == "The guide does not mention *lunch* <@U0BOSS>."
    assert reply.card
    assert reply.card["speak"] == "The guide does not mention *lunch* &lt;@U0BOSS&gt;."
    assert reply.card["fallbackText"] == r"The guide does not mention \*lunch\* &lt;@U0BOSS&gt;."


def test_words_too_long_for_a_phones_column_may_be_broken() -> None:
    """A word of more than eighteen characters has places to break; shorter ones, and Chinese, have none."""
    clause = make_clause(duties=[make_duty(PROVIDER, "institutionalizations responsibilities " + "資" * 40)])
    [told] = [each["text"] for each in walk(draw(make_answer([clause]))) if "responsibilities" in str(each.get("text"))]
    assert told == "• institut\u200bionaliza\u200btions responsibilities " + "資" * 40


def test_source_tells_every_duty_with_its_place_and_quote() -> None:
    """The clause's card tells all that is known, to the sentence, and leads back to the answer."""
    view = make_clause(
        duties=[make_duty(CUSTOMER, "Copies its own data.", quote="Customers copy."), *COPIES.duties[1:]],
        see_also=("GL14 5.13",),
    )
    card = render_clause_card(view, language="en", links=LINKS, asked=ASKED)
    shown = read(card)
    assert (
        "Customer\n• Copies its own data.\nsection 5.1, row c, paragraph 1, sentence 3, page 9\n“Customers copy.”"
        in shown
    )
    assert "• Shows a certificate. (as of November 2018) (evidence)" in shown
    assert "Where no quote stands" in shown
    back = find_actions(card)["Back to the answer"]
    assert (back["type"], back["verb"]) == ("Action.Execute", verbs.BACK)
    assert unpack(Asked, back["data"]["value"]) == ASKED
    assert unpack(Asked, find_actions(card)["Read"]["data"][verbs.ASKED]) == ASKED


def test_a_card_that_a_person_sends_asks_the_bot_for_nothing() -> None:
    """Without an answer to go back to, the card has the link to the source, and no other button."""
    card = render_clause_card(COPIES, language="en", links=LINKS)
    assert set(find_actions(card)) == {"Open in the guide"}
    assert find_inputs(card) == {}


def test_duties_that_a_card_has_no_room_for_are_counted() -> None:
    """Of a clause with very many duties, as many are told as a card holds, of both parties; the rest is counted."""
    duties = [
        make_duty(owner, f"Does thing number {number}. " + "And so on. " * 40)
        for owner in (PROVIDER, CUSTOMER)
        for number in range(60)
    ]
    for card in (
        render_clause_card(make_clause(duties=duties), language="en"),
        draw(make_answer([make_clause(duties=duties)])),
    ):
        shown = read(card)
        assert refuse_card(card) is None
        counted = [int(line.split()[1]) for line in shown.split("\n") if line.startswith("… ")]
        assert len(counted) == 2
        assert shown.count("Does thing number") + sum(counted) == 120
        assert min(counted) > 0


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(ANSWERS, st.sampled_from([None, LINKS]))
def test_every_answer_is_a_card_that_teams_takes_and_pings_nobody(answer: Answer, links: Links | None) -> None:
    """Any answer, and a request for a person with it, is valid, under 40 KB, and formats, links, mentions nothing."""
    asked = Asked(ID, answer.question, ("GL8 5.1(c)",), answer.language)
    for reply in (
        render_answer(answer, links=links, answer_id=ID),
        render_request(asked, MARKUP, answer=answer, links=links),
    ):
        assert reply.card
        assert refuse_card(reply.card) is None
        assert find_markup(reply.card) == []
        check_words(reply)


def check_words(reply: Reply) -> None:
    """What stands around the card is short, and mentions nothing."""
    assert "<" not in reply.text
    assert len(reply.text) < 3000
    assert len(reply.speak) <= 1500
    assert len(reply.summary) <= 200
    assert len(reply.citations) <= 20
    for citation in reply.citations:
        assert 0 < len(citation.name) <= 80
        assert len(citation.abstract) <= 160


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(CLAUSES, LANGUAGES, st.sampled_from([None, LINKS]), st.sampled_from([None, ASKED]))
def test_every_clause_is_a_card_that_teams_takes(
    view: ClauseView, language: Language, links: Links | None, asked: Asked | None
) -> None:
    """Whatever is known of a clause, its card is valid, under 40 KB, and neither formats, links nor mentions."""
    card = render_clause_card(view, language=language, links=links, asked=asked)
    assert refuse_card(card) is None
    assert find_markup(card) == []


def test_third_party_has_a_row_of_its_own_among_several_clauses() -> None:
    """A third party is named where it has duties."""
    audited = make_clause("GL8 5.2", [make_duty(THIRD, "Audits.")])
    assert "Third party: Audits." in read(draw(make_answer([COPIES, audited])))
