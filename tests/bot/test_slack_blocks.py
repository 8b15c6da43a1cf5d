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
    make_answer,
    make_choice,
    make_clause,
    make_duty,
)
from fakes.slack_limits import all_texts, find_pings, refuse_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.slack.blocks import Message, render_answer, render_fault, render_usage
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import Answer, Confidence, Note, Outcome, UpdateView


def texts(message: Message) -> str:
    """Every text that the blocks show."""
    return "\n".join(all_texts(message.blocks))


def test_usage_and_fault_keep_within_slacks_limits() -> None:
    """The two messages that stand for no answer are ones that Slack takes."""
    assert refuse_message(render_usage()._asdict()) is None
    assert refuse_message(render_fault()._asdict()) is None


def test_usage_shows_a_question_and_a_command() -> None:
    """The help text has examples that can be copied."""
    assert "/clause GL8 5.1(c)" in render_usage().text
    assert "who handles backups under GL8 5.1(c)?" in render_usage().text


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each layout is, block by block, the one in its golden file, and one that Slack takes."""
    message = render_answer(LAYOUTS[name])
    assert refuse_message(message._asdict()) is None
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


def test_relevant_duties_stand_before_the_others() -> None:
    """Within a party's column the duties that answer come before those that do not."""
    clause = make_clause(
        duties=[make_duty(PROVIDER, "Answers."), make_duty(PROVIDER, "Does something else.", relevant=False)]
    )
    shown = texts(render_answer(make_answer([clause])))
    assert shown.index("Answers.") < shown.index("Also under this clause") < shown.index("Does something else.")


@pytest.mark.parametrize(("owner", "words"), [(PROVIDER, "no customer duty"), (CUSTOMER, "no provider duty")])
def test_a_silent_side_is_said_to_be_silent(owner: Owner, words: str) -> None:
    """Where the guide binds one party only, the other's column says that the guide is silent."""
    assert words in texts(render_answer(make_answer([make_clause(duties=[make_duty(owner, "Acts.")])])))


def test_third_party_is_shown_only_if_it_has_duties() -> None:
    """A third column appears with a third party's duty, and not else."""
    assert "Third party" not in texts(render_answer(ONE_CLAUSE))
    assert "Audits the provider" in texts(render_answer(LAYOUTS["silent-side"]))


def test_chinese_question_has_chinese_labels_and_the_guides_own_duties() -> None:
    """Labels follow the answer's language; duties stay as the pack words them."""
    shown = texts(render_answer(LAYOUTS["chinese"]))
    assert "客戶負責" in shown
    assert "供應商" in shown
    assert "Copies its own data" in shown


def test_updates_notes_and_source_are_shown() -> None:
    """What is doubtful, what changed since and where it stands are all beneath the split."""
    shown = texts(render_answer(LAYOUTS["silent-side"]))
    assert "The guide writes 5.21 where 5.12 is meant." in shown
    assert "8 October 2021, reported only" in shown
    assert "Source: A guide, edition 1.0" in shown


def test_what_a_clause_says_of_its_age_is_said_once() -> None:
    """Two clauses of one regulation tell its currency once."""
    shown = texts(render_answer(make_answer([COPIES, make_clause("GL8 5.2")])))
    assert shown.count("no revision of GL8") == 1


def test_whole_clause_is_told_where_the_question_narrows_it() -> None:
    """The clause's own ownership is beside the answer's where the two differ."""
    assert "whole clause: 🤝 *Shared (CSP and CSC)*" in texts(render_answer(ONE_CLAUSE))


@pytest.mark.parametrize("name", ["no-such-clause", "not-covered", "clarify"])
def test_unanswered_lists_what_can_be_asked_instead(name: str) -> None:
    """Each way of not answering lists its choices, and names the first as a command."""
    answer = LAYOUTS[name]
    shown = texts(render_answer(answer))
    assert all(f"*{choice.ref}* {choice.title}" in shown for choice in answer.closest)
    assert f"/clause {answer.closest[0].ref}" in shown
    assert ("not an answer" in shown) == (answer.outcome is Outcome.NOT_COVERED)


def test_what_a_person_wrote_pings_and_formats_nothing() -> None:
    """Mentions and links in an answer's texts are escaped, and what people wrote is never formatted by Slack."""
    for name in ("not-covered", "silent-side"):
        message = render_answer(LAYOUTS[name])
        assert find_pings(message._asdict()) == []
    lead = render_answer(LAYOUTS["not-covered"]).blocks[0]["text"]
    assert lead == {
        "type": "plain_text",
        "text": "The guide does not mention *lunch* &lt;@U0BOSS&gt;.",
        "emoji": False,
    }


def test_duties_left_out_are_counted() -> None:
    """A clause among many shows the duties that there is room for, and how many more there are."""
    duties = [make_duty(PROVIDER, f"Does thing number {number} of a very long list of things.") for number in range(60)]
    message = render_answer(make_answer([make_clause(f"GL8 5.{number}", duties) for number in range(1, 4)]))
    column = next(block["fields"][0]["text"] for block in message.blocks if "fields" in block)
    shown = column.count("• ")
    assert column.endswith(f"… {60 - shown} more: ask for GL8 5.1")


def test_more_clauses_than_a_few_are_listed_with_their_split() -> None:
    """Of more than three clauses each is named with who carries it, and none is left out."""
    answer = LAYOUTS["twenty-clauses"]
    lines = texts(render_answer(answer)).split("\n")
    for clause in answer.clauses:
        assert f"• *{clause.ref}* Copies of data — 🤝 *Shared (CSP and CSC)*" in lines


def test_clauses_past_the_longest_list_are_counted() -> None:
    """Where not even the names fit, the rest is counted."""
    answer = make_answer([make_clause(f"GL8 5.{number}", title="A long title " * 9) for number in range(60)])
    shown = texts(render_answer(answer))
    listed = shown.count("\n• ") + shown.startswith("• ")
    assert f"… {60 - listed} more clauses" in shown


def test_a_message_too_long_to_read_aloud_says_so() -> None:
    """A plain reading that would take the message past 12,000 characters ends in a remark that it was shortened."""
    message = render_answer(make_answer([COPIES], message="word " * 4000))
    assert len(message.text) + len("".join(all_texts(message.blocks))) <= 12_000
    assert message.text.endswith("(shortened: ask for one clause)")


LINE = st.text(max_size=1200) | st.sampled_from(
    ["<!channel> & <@U1>", "*b* _i_ ~s~ `c`", "> q", "客戶資料" * 200, "🤝🏢" * 300, "word " * 900, "&" * 3000, " \n "]
)
NAME = st.sampled_from(["GL8 5.1(c)", "GL14 5.15(c)", "guide 2.1", "<!here>" * 30, "&" * 80])
WORDS = st.lists(LINE, max_size=4).map(tuple)
DUTIES = st.lists(
    st.builds(
        make_duty,
        st.sampled_from(list(Owner)),
        LINE,
        kind=st.sampled_from(list(Kind)),
        relevant=st.booleans(),
        quote=st.none() | LINE,
        as_of=st.sampled_from([None, "2019", "2019-03"]),
    ),
    max_size=14,
).map(tuple)
NOTES = st.lists(st.builds(Note, kind=st.sampled_from(["misprint", "term"]), text=LINE, citation=LINE), max_size=3)
UPDATES = st.lists(
    st.builds(
        UpdateView,
        date=st.just("2021-10-08"),
        title=LINE,
        text=LINE,
        status=st.sampled_from(["confirmed", "reported"]),
        source=LINE,
    ),
    max_size=3,
)
CLAUSES = st.builds(
    make_clause,
    NAME,
    DUTIES,
    title=LINE,
    requirement=LINE,
    citation=LINE,
    provider=LINE,
    currency=LINE,
    ownership=st.sampled_from(list(Ownership)),
    errata=NOTES.map(tuple),
    updates=UPDATES.map(tuple),
    see_also=WORDS,
    together_with=WORDS,
)
ANSWERS = st.builds(
    make_answer,
    st.lists(CLAUSES, min_size=1, max_size=3) | CLAUSES.map(lambda clause: [clause] * 20),
    asked=st.integers(0, 20),
    language=st.sampled_from(["en", "zh-Hant"]),
    ownership=st.sampled_from(list(Ownership)),
    outcome=st.sampled_from(list(Outcome)),
    message=LINE.map(lambda text: f"{text}."),
    closest=st.lists(st.builds(make_choice, NAME, LINE), max_size=9).map(tuple),
    confidence=st.builds(
        Confidence,
        value=st.just(0.5),
        band=st.sampled_from(["high", "medium", "low"]),
        matched=WORDS,
        unknown=WORDS,
    ),
)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(ANSWERS)
def test_every_answer_keeps_within_every_limit_and_pings_nobody(answer: Answer) -> None:
    """Whatever an answer holds, Slack takes its message, under 12,000 characters in all, and nobody is pinged."""
    message = render_answer(answer)
    assert refuse_message(message._asdict()) is None
    assert len(message.text) + sum(map(len, all_texts(message.blocks))) <= 12_000
    assert find_pings(message._asdict()) == []
