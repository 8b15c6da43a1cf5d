"""What is said while a questionnaire is reviewed: the same in Slack and in Teams, in both languages."""

from __future__ import annotations

import json
import re

import pytest

from bot.review.notices import NOTICE_PHRASES, draw_bar, tell_counts
from bot.slack import review_notices as in_slack
from bot.teams import review_notices as in_teams
from retrieval.wording import Language

LANGUAGES: tuple[Language, ...] = ("en", "zh-Hant")
BOTH = pytest.mark.parametrize("language", LANGUAGES)


@BOTH
def test_both_channels_say_the_same(language: Language) -> None:
    """A file that came in, waits, is reviewed, is too large or can't be reviewed is told in the same words in both."""
    name, large = "vendor {check}.csv", in_slack.tell_problem("too_large", language, megabytes=20)
    assert large == in_teams.tell_problem("too large", language, megabytes=20)
    for ahead in (0, 2):
        assert in_slack.render_received(name, ahead, language).text == (
            in_teams.render_received(name, ahead, language).speak
        )
    assert in_slack.render_progress(name, 29, 100, language).text == (
        in_teams.render_progress(name, 29, 100, language).speak
    )
    assert in_slack.render_not_reviewed(name, large, language).text == (
        in_teams.render_not_reviewed(name, large, language).speak
    )
    reviewed = in_teams.render_reviewed(name, 3, 1, language).speak
    assert in_slack.render_reviewed(name, 3, 1, language).text.startswith(reviewed)
    offer = in_teams.render_consent("a" * 64, name, 10, 3, 1, language).attachment
    assert offer
    for told in (in_slack.write_comment(3, 1, language), offer["content"]["description"]):
        assert told.startswith(tell_counts(3, 1, language))
        assert told.endswith(NOTICE_PHRASES[language].draft)


@pytest.mark.parametrize(("done", "total", "filled"), [(0, 0, 0), (0, 7, 0), (29, 100, 5), (99, 100, 19), (7, 7, 20)])
def test_the_bar_is_full_only_at_the_end(done: int, total: int, filled: int) -> None:
    """Both channels draw the same twenty squares, of which as many are full as are done, rounded down."""
    bar = draw_bar(done, total)
    assert bar == "█" * filled + "░" * (20 - filled)
    assert bar in json.dumps(in_slack.render_progress("a.csv", done, total, "en").blocks, ensure_ascii=False)
    assert in_teams.render_progress("a.csv", done, total, "en").text.startswith(f"{bar}\n")


def test_a_percentage_is_rounded_down_exactly() -> None:
    """29 of 100 are 29 %: no fraction is lost on the way."""
    assert "29%" in in_teams.render_progress("a.csv", 29, 100, "en").text


@BOTH
def test_a_long_name_and_a_long_problem_are_cut(language: Language) -> None:
    """A name has at most 120 characters and a problem 1,500, each with a mark where it is cut, in both channels."""
    for told in (
        in_slack.render_not_reviewed("n" * 500, "p" * 9000, language).text,
        in_teams.render_not_reviewed("n" * 500, "p" * 9000, language).speak,
    ):
        assert (told.count("n" * 119 + "…"), told.count("p" * 1499 + "…")) == (1, 1)


def test_chinese_notices_have_no_stray_space() -> None:
    """No space stands behind a full-width mark, and no half-width mark behind a Chinese character."""
    upload = {"name": "a.csv", "uniqueId": "1", "fileType": "csv", "contentUrl": "https://example.test/a.csv"}
    offer = in_teams.render_consent("a" * 64, "a.csv", 10, 3, 1, "zh-Hant").attachment
    assert offer
    for told in (
        in_slack.render_reviewed("a.csv", 3, 1, "zh-Hant").text,
        in_slack.render_moved("a.csv", "zh-Hant").text,
        in_slack.write_comment(3, 1, "zh-Hant"),
        in_teams.render_reviewed("a.csv", 3, 1, "zh-Hant").text,
        in_teams.render_saved(upload, 3, 1, "zh-Hant").text,
        offer["content"]["description"],
    ):
        assert not re.search(r"[。；：，）] |[\u3400-\u9fff][.,:;]", told)
