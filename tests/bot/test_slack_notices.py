"""Messages that are no answer, and how to ask."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fakes.answers import ONE_CLAUSE
from fakes.any_answers import MARKUP
from fakes.slack_limits import refuse_message
from fakes.slack_reading import find_elements, find_markup, read

from bot.slack.blocks import Message
from bot.slack.notices import (
    render_fault,
    render_may_not_set,
    render_nobody_to_ask,
    render_refusal,
    render_request,
    render_requested,
    render_thanks,
)
from bot.slack.usage import render_usage, suggested_prompts
from bot.values import Asked
from retrieval.answerer import load_answerer
from retrieval.wording import Language

ASKED = Asked("a" * 64, f"who keeps copies? {MARKUP}", ("GL8 5.1(c)",), "en")
PERMALINK = "https://example.slack.com/archives/C0CHAN/p1700000000000100?thread_ts=1&cid=C0CHAN"
NOTICES = {
    "fault": render_fault(),
    "usage": render_usage("en"),
    "usage-chinese": render_usage("zh-Hant"),
    "refusal": render_refusal(30, 12, "en"),
    "refusal-chinese": render_refusal(30, 12, "zh-Hant"),
    "thanks": render_thanks(False, "en"),
    "request": render_request(ASKED, "U0ANN", answer=ONE_CLAUSE, group="S0HELP", permalink=PERMALINK),
    "requested": render_requested("C0HELP", "en"),
    "nobody-to-ask": render_nobody_to_ask("zh-Hant"),
    "may-not-set": render_may_not_set("en"),
}


@pytest.mark.parametrize("name", NOTICES)
def test_notice_stays_as_it_was(name: str, golden: Callable[[str, str], None]) -> None:
    """Each notice is the one in its golden file, and one that Slack takes."""
    message = NOTICES[name]
    assert refuse_message(message._asdict()) is None
    golden(f"slack/notices/{name}.json", json.dumps(message._asdict(), ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_notice_exists_in_both_languages(language: Language) -> None:
    """Each notice is one that Slack takes in either language."""
    notices: list[Message] = [
        render_refusal(30, 12, language),
        render_thanks(True, language),
        render_thanks(False, language),
        render_requested("not an id", language),
        render_nobody_to_ask(language),
        render_may_not_set(language),
    ]
    assert [refuse_message(message._asdict()) for message in notices] == [None] * 6
    assert [find_markup(message._asdict()) for message in notices] == [[]] * 6


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_usage_shows_a_question_and_a_command(language: Language) -> None:
    """The help text has examples that can be copied, and names how to set a channel."""
    text = render_usage(language).text
    assert "/clause GL8 5.1(c)" in text
    assert "/clause settings" in text
    assert {"en": "who handles backups under GL8 5.1(c)?", "zh-Hant": "GL8 5.1(c) 由誰負責備份"}[language] in text


def test_help_that_is_asked_for_in_chinese_is_chinese_first() -> None:
    """The first line is in the language of who asks, and each help tells how to have the other."""
    assert render_usage("zh-Hant").text.startswith("查詢")
    assert render_usage("zh-Hant").text.endswith("type help.")
    assert "「說明」" in render_usage("en").text


def test_a_refusal_says_the_limit_and_when_to_ask_again() -> None:
    """How many questions a minute there are, and in how many seconds the next is answered."""
    assert NOTICES["refusal"].text == "You have asked more than 30 questions in a minute; ask again in 12 s."


def test_a_request_names_who_asks_calls_the_group_and_shows_the_answer() -> None:
    """The people asked see the question as it was written, what was found, and where it stands; buttons are few."""
    message = NOTICES["request"]._asdict()
    assert find_markup(message) == [
        "<!subteam^S0HELP>",
        "<@U0ANN>",
        f"<{PERMALINK.replace('&', '&amp;')}|Open the conversation>",
    ]
    assert message["blocks"][1]["text"]["type"] == "plain_text"
    assert "Customer (CSC-owned)" in read(message)
    assert set(find_elements(message)) == {"source", "related"}


def test_what_is_no_id_of_slacks_becomes_no_mention() -> None:
    """Ids and addresses that are not Slack's are left out."""
    message = render_request(ASKED, "U0ANN>", group="S0|x", permalink="javascript:alert(1)")
    assert find_markup(message._asdict()) == []
    assert refuse_message(message._asdict()) is None


def test_a_question_without_words_says_where_it_stands() -> None:
    """Where the question had no room in the button, the request points to the conversation."""
    message = render_request(Asked("a" * 64, "", ("GL8 5.1(c)",), "en"), "U0ANN")
    assert "The question stands in the conversation" in read(message._asdict())


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_suggested_prompts_are_answered(language: Language) -> None:
    """At most four questions are suggested, and the guide answers each."""
    answerer = load_answerer(None)[0]
    prompts = suggested_prompts(language)
    assert 0 < len(prompts) <= 4
    assert all(prompt.keys() == {"title", "message"} for prompt in prompts)
    assert [answerer.answer(prompt["message"]).outcome for prompt in prompts] == ["answered"] * len(prompts)
