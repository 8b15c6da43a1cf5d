"""What Slack's readers see of an answer, and that Slack takes it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fakes.answers import (
    COPIES,
    CUSTOMER,
    LAYOUTS,
    ONE_CLAUSE,
    PROVIDER,
    THIRD,
    make_answer,
    make_choice,
    make_clause,
    make_duty,
)
from fakes.any_answers import ANSWERS
from fakes.slack_limits import all_texts, refuse_message
from fakes.slack_reading import PUBLIC_URL, find_elements, find_markup, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.links import Links
from bot.slack import ids
from bot.slack.blocks import Message, render_answer, render_shared
from bot.slack.notices import render_request
from bot.values import Asked, Pointer, Rating, unpack
from corpus.models import Kind, Owner
from retrieval.answer import Answer, Outcome

LINKS = Links(PUBLIC_URL)
ID = "a" * 64


def draw(answer: Answer, **changes: object) -> dict[str, object]:
    """The message for an answer, recorded under an id."""
    return render_answer(answer, **({"answer_id": ID} | changes))._asdict()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each layout is, block by block, the one in its golden file, and one that Slack takes."""
    message = render_answer(LAYOUTS[name], links=LINKS, answer_id=ID)
    assert refuse_message(message._asdict()) is None
    keep(golden, name, message)


def test_private_and_shared_layouts_stay_as_they_were(golden: Callable[[str, str], None]) -> None:
    """What the asker alone sees can be shared; what is shared names who shares it, over the question."""
    private = render_answer(ONE_CLAUSE, links=LINKS, answer_id=ID, private=True)
    shared = render_shared(ONE_CLAUSE, "U0ANN", links=LINKS, answer_id=ID)
    for name, message in (("private", private), ("shared", shared)):
        assert refuse_message(message._asdict()) is None
        keep(golden, name, message)
    assert ids.SHARE in find_elements(private._asdict())
    assert ids.SHARE not in find_elements(shared._asdict())
    assert [text["text"] for text in shared.blocks[0]["elements"]] == [
        "<@U0ANN> shared this answer to:",
        ONE_CLAUSE.question,
    ]


def keep(golden: Callable[[str, str], None], name: str, message: Message) -> None:
    """Compare a message with its golden file."""
    golden(f"slack/{name}.json", json.dumps(message._asdict(), ensure_ascii=False, indent=1) + "\n")


def test_the_split_comes_first() -> None:
    """The badge is the first block, and says in words who carries what was asked about."""
    first = render_answer(ONE_CLAUSE).blocks[0]
    assert "Customer (CSC-owned)" in first["text"]["text"]


def test_parties_stand_side_by_side_provider_first() -> None:
    """One section holds the provider's and the customer's duties as two fields."""
    fields = [block["fields"] for block in render_answer(ONE_CLAUSE).blocks if "fields" in block]
    assert len(fields) == 1
    provider, customer = (field["text"] for field in fields[0])
    assert provider.startswith("*Provider (Quaymoth Cloud)*")
    assert customer.startswith("*Customer*")
    assert "tries out whether copies can be read back" in customer


def test_duties_that_do_not_answer_are_counted_and_kept_in_the_source() -> None:
    """A party's column tells what answers the question; how many other duties it has is said, not what they are."""
    provider = next(block["fields"][0]["text"] for block in render_answer(ONE_CLAUSE).blocks if "fields" in block)
    assert provider == "*Provider (Quaymoth Cloud)*\n_Also under this clause: 3 more, in Source_"


def test_a_clause_that_is_looked_up_shows_all_of_its_duties() -> None:
    """Where the question singles no duty out, each is told, with its kind and its place."""
    clause = make_clause(duties=[make_duty(PROVIDER, "Sells it.", relevant=False, kind=Kind.SERVICE)])
    assert "• Sells it. _(service)_ [page 9 ¶1 s3]" in read(draw(make_answer([clause])))


@pytest.mark.parametrize(("owner", "words"), [(PROVIDER, "no customer duty"), (CUSTOMER, "no provider duty")])
def test_a_silent_side_is_said_to_be_silent(owner: Owner, words: str) -> None:
    """Where the guide binds one party only, the other's column says that the guide is silent."""
    assert words in read(draw(make_answer([make_clause(duties=[make_duty(owner, "Acts.")])])))


def test_third_party_is_shown_only_if_it_has_duties() -> None:
    """A third column appears with a third party's duty, and not else; in a table too."""
    assert "Third party" not in read(draw(ONE_CLAUSE))
    assert "Audits the provider" in read(draw(LAYOUTS["silent-side"]))
    audited = make_clause("GL8 5.2", [make_duty(THIRD, "Audits.")])
    heads = [cell["text"] for cell in table_of(make_answer([COPIES, audited]))[0]]
    assert heads == ["Clause", "Who", "Provider", "Customer", "Third party"]


def test_chinese_question_has_chinese_labels_and_the_guides_own_duties() -> None:
    """Labels follow the answer's language; duties stay as the pack words them."""
    shown = read(draw(LAYOUTS["chinese"]))
    assert "客戶負責" in shown
    assert "請教專人" in shown
    assert "Copies its own data" in shown


def test_notes_are_folded_into_a_line_that_says_how_many_and_what_kinds() -> None:
    """What is doubtful and what changed since is counted in the message and told in the source."""
    shown = read(draw(LAYOUTS["silent-side"]))
    assert "In Source: notes on the guide (1: misprint) · changes since (1) · how current the guide is" in shown
    assert "The guide writes 5.21" not in shown
    assert "dated facts (1)" in read(draw(ONE_CLAUSE))


def test_the_citation_leads_to_the_source_viewer_where_there_is_one() -> None:
    """With a public address the citation is a link to the clause's page; without, it is plain words."""
    assert f"<{PUBLIC_URL}/guides/a-guide/GL8/5.1(c)|A guide, edition 1.0" in read(draw(ONE_CLAUSE, links=LINKS))
    assert "Source: A guide, edition 1.0" in read(draw(ONE_CLAUSE))
    assert find_markup(draw(ONE_CLAUSE)) == []


def test_quotes_are_shortened() -> None:
    """Of a long quote the message shows the beginning."""
    clause = make_clause(duties=[make_duty(CUSTOMER, "Copies.", quote="Customers copy. " * 100)])
    quote = next(text for text in all_texts(draw(make_answer([clause]))) if text.startswith(">"))
    assert quote.startswith(">Customer: “Customers copy.")
    assert len(quote) < 270
    assert quote.endswith("…”")


def test_whole_clause_is_told_where_the_question_narrows_it() -> None:
    """The clause's own ownership is beside the answer's where the two differ."""
    assert "whole clause: 🤝 *Shared (CSP and CSC)*" in read(draw(ONE_CLAUSE))


def test_buttons_carry_what_they_need() -> None:
    """Each button says by itself which clause, question and answer it is about."""
    elements = find_elements(draw(ONE_CLAUSE, private=True))
    assert unpack(Pointer, elements[ids.SOURCE]["value"]) == Pointer("GL8 5.1(c)", "a-guide", "en")
    asked = Asked(ID, "who keeps copies?", ("GL8 5.1(c)",), "en")
    assert unpack(Asked, elements[ids.ASK_PERSON]["value"]) == asked
    assert unpack(Asked, elements[ids.SHARE]["value"]) == asked
    thumbs = elements[ids.FEEDBACK]
    assert unpack(Rating, thumbs["positive_button"]["value"]) == Rating(ID, True, "en")
    assert unpack(Rating, thumbs["negative_button"]["value"]) == Rating(ID, False, "en")
    assert thumbs["negative_button"]["accessibility_label"] == "This answer did not help"


def test_an_asker_is_told_before_a_question_is_passed_on() -> None:
    """*Ask a person* asks first, and says that the question and the name are posted."""
    confirm = find_elements(draw(ONE_CLAUSE))[ids.ASK_PERSON]["confirm"]
    assert "posted, with your name" in confirm["text"]["text"]


def test_what_is_switched_off_is_not_shown() -> None:
    """Without feedback, without a person to ask and in the open there are no buttons for them."""
    elements = find_elements(draw(ONE_CLAUSE, feedback=False, ask_person=False))
    assert set(elements) == {ids.SOURCE, ids.RELATED}
    assert ids.FEEDBACK not in find_elements(draw(ONE_CLAUSE, answer_id=""))


def test_related_clauses_are_named_with_their_titles() -> None:
    """The clauses that one names can be opened from a list, each once, by title where that is known."""
    related = make_clause("GL14 5.13", title="Places")
    answer = make_answer([COPIES, related], asked=1)
    element = find_elements(draw(answer, titles={("a-guide", "guide 3"): "Shared responsibility"}))[ids.RELATED]
    assert [option["text"]["text"] for option in element["options"]] == [
        "GL14 5.13 Places",
        "guide 3 Shared responsibility",
    ]
    assert unpack(Pointer, element["options"][0]["value"]) == Pointer("GL14 5.13", "a-guide", "en")


def table_of(answer: Answer) -> list[list[dict[str, str]]]:
    """The rows of an answer's table."""
    [table] = [block for block in render_answer(answer).blocks if block["type"] == "table"]
    rows: list[list[dict[str, str]]] = table["rows"]
    return rows


def test_several_clauses_are_a_table() -> None:
    """Each clause is a row: its name and page, who carries it, what each party does; then one can be opened."""
    rows = [[cell["text"] for cell in row] for row in table_of(LAYOUTS["two-clauses"])]
    assert rows == [
        ["Clause", "Who", "Provider", "Customer"],
        [
            "GL8 5.1(c) Copies of data (pages 9-10)",
            "🤝 Shared",
            "Also under this clause: 3 more, in Source",
            "Copies its own data, and tries out whether copies can be read back.",
        ],
        [
            "GL14 5.13 Places (pages 9-10)",
            "🤝 Shared",
            "Stores data in the region that was chosen.",
            "none named",
        ],
    ]
    elements = find_elements(draw(LAYOUTS["two-clauses"]))
    assert [option["text"]["text"] for option in elements[ids.OPEN_CLAUSE]["options"]] == [
        "GL8 5.1(c) Copies of data",
        "GL14 5.13 Places",
    ]
    assert ids.SOURCE not in elements


def test_duties_that_a_row_has_no_room_for_are_counted() -> None:
    """A cell tells whole duties, and how many more there are."""
    duties = [make_duty(PROVIDER, f"Does thing number {number} of a long list of things.") for number in range(9)]
    cell = table_of(make_answer([make_clause(duties=duties), COPIES]))[1][2]["text"]
    assert cell.startswith("Does thing number 0 of a long list of things. Does thing number 1")
    assert cell.endswith("of a long list of things. (+6)")


def test_each_of_many_clauses_is_named_with_who_carries_it() -> None:
    """Where there is no room for duties the table has none, but every clause and its ownership."""
    rows = table_of(LAYOUTS["twenty-clauses"])
    assert [row[0]["text"] for row in rows[1:]] == [f"GL8 6.{n} Copies of data (pages 9-10)" for n in range(1, 21)]
    assert {row[1]["text"] for row in rows[1:]} == {"🤝 Shared"}
    assert len(rows[0]) == 2


def test_clauses_past_the_longest_table_are_counted() -> None:
    """Of a hundred and twenty clauses 99 are in the table, and the rest is counted."""
    answer = make_answer([make_clause(f"GL8 5.{number}") for number in range(120)])
    assert len(table_of(answer)) == 100
    assert "… 21 more clauses" in read(draw(answer))


def test_items_of_one_section_are_opened_one_by_one() -> None:
    """Background items share a reference; each is opened by its own id."""
    items = [make_clause("guide 2.1", title=f"ISO {n}", kind="background", item=f"iso-{n}") for n in (27001, 27017)]
    options = find_elements(draw(make_answer(items)))[ids.OPEN_CLAUSE]["options"]
    assert [unpack(Pointer, option["value"]) for option in options] == [
        Pointer("iso-27001", "a-guide", "en"),
        Pointer("iso-27017", "a-guide", "en"),
    ]


def test_what_the_table_says_is_not_said_above_it() -> None:
    """The first line keeps what the table can't tell, such as a part of the question that has no answer."""
    answer = make_answer(
        [COPIES, make_clause("GL8 5.2")],
        message="GL8 5.1(c): The customer. GL8 5.2: The provider. Of GL8 5.2 only (a) is answered.\n\nThe reading.",
    )
    assert render_answer(answer).blocks[1]["text"]["text"] == "Of GL8 5.2 only (a) is answered."


@pytest.mark.parametrize("name", ["no-such-clause", "not-covered", "clarify"])
def test_unanswered_offers_what_can_be_asked_instead(name: str) -> None:
    """Each way of not answering offers its choices as buttons; the closest are marked as no answer."""
    answer = LAYOUTS[name]
    message = draw(answer)
    elements = find_elements(message)
    for index, choice in enumerate(answer.closest):
        button = elements[f"choice:{index}"]
        assert ids.CHOICE.fullmatch(button["action_id"])
        assert button["text"]["text"] == f"{choice.ref} {choice.title}"
        assert unpack(Pointer, button["value"]) == Pointer(choice.ref, "a-guide", "en")
    assert ("not an answer" in read(message)) == (answer.outcome is Outcome.NOT_COVERED)
    assert (ids.ASK_PERSON in elements) == (answer.outcome is not Outcome.CLARIFY)


def test_more_than_five_choices_drop_down() -> None:
    """Six choices are one list; what no list holds is counted."""
    choices = [make_choice(f"GL8 5.{number}", "Title") for number in range(120)]
    few = find_elements(draw(make_answer(outcome=Outcome.CLARIFY, closest=tuple(choices[:6]))))
    assert [option["text"]["text"] for option in few[ids.CHOICE_SELECT]["options"]] == [
        f"GL8 5.{number} Title" for number in range(6)
    ]
    many = draw(make_answer(outcome=Outcome.CLARIFY, closest=tuple(choices)))
    assert len(find_elements(many)[ids.CHOICE_SELECT]["options"]) == 100
    assert "… 20 more" in read(many)


def test_what_a_person_wrote_pings_and_formats_nothing() -> None:
    """Mentions and links in an answer's texts are escaped, and what people wrote is never formatted by Slack."""
    for name in ("not-covered", "silent-side"):
        assert find_markup(draw(LAYOUTS[name])) == []
    lead = render_answer(LAYOUTS["not-covered"]).blocks[0]["text"]
    assert lead == {
        "type": "plain_text",
        "text": "The guide does not mention *lunch* &lt;@U0BOSS&gt;.",
        "emoji": False,
    }


def test_duties_left_out_are_counted() -> None:
    """A long column ends with how many more duties there are."""
    duties = [make_duty(PROVIDER, f"Does thing number {number} of a very long list of things.") for number in range(60)]
    message = render_answer(make_answer([make_clause(duties=duties)]))
    column = next(block["fields"][0]["text"] for block in message.blocks if "fields" in block)
    assert column.endswith(f"… {60 - column.count('• ')} more, in Source")


def test_a_message_too_long_to_read_aloud_says_so() -> None:
    """A plain reading that would take the message past 12,000 characters ends in a remark that it was shortened."""
    message = render_answer(make_answer([COPIES], message="word " * 4000))
    assert len(message.text) + len("".join(all_texts(message.blocks))) <= 12_000
    assert message.text.endswith("(shortened: ask for one clause)")


def test_who_shares_is_named_only_by_an_id_of_slacks() -> None:
    """What is no id of a user becomes no mention."""
    assert find_markup(render_shared(ONE_CLAUSE, "U0ANN> <!channel")._asdict()) == []


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(ANSWERS, st.sampled_from([None, LINKS]))
def test_every_answer_keeps_within_every_limit_and_pings_nobody(answer: Answer, links: Links | None) -> None:
    """In each form Slack takes the message, under 12,000 characters in all, and only who shares or asks is named."""
    asked = Asked(ID, answer.question, ("GL8 5.1(c)",), answer.language)
    forms = [
        (render_answer(answer, links=links, answer_id=ID), []),
        (render_answer(answer, links=links, answer_id=ID, private=True), []),
        (render_shared(answer, "U0ANN", links=links, answer_id=ID), ["<@U0ANN>"]),
        (
            render_request(asked, "U0ANN", answer=answer, links=links, group="S0HELP"),
            ["<!subteam^S0HELP>", "<@U0ANN>"],
        ),
    ]
    for message, named in forms:
        assert refuse_message(message._asdict()) is None
        assert len(message.text) + sum(map(len, all_texts(message.blocks))) <= 12_000
        assert find_markup(message._asdict()) == named
        find_elements(message._asdict())


def test_an_answer_is_drawn_again_as_it_was_at_first() -> None:
    """What was drawn once is kept for the next who asks the same: with their links and buttons, it reads as if new."""
    held = make_answer(clauses=(make_clause(duties=(make_duty(PROVIDER, "Keeps copies."),)),))
    for links, answer_id in ((None, "a"), (LINKS, "b"), (None, "c"), (LINKS, "b")):
        anew = render_answer(held.model_copy(), links=links, answer_id=answer_id)
        assert render_answer(held, links=links, answer_id=answer_id) == anew
