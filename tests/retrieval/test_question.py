"""What is left of a typed question, and the language it is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.question import LONGEST_QUESTION, clean_question, detect_language


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<@U04AB12CD> who does backups", "who does backups"),
        ("<at>Clausebot</at>&nbsp;who does backups", "who does backups"),
        ("<!here> *who* does _backups_ :pray: 🙏", "who does backups"),
        ("see <https://example.com|this page> please", "see this page please"),
        ("see https://example.com/a?b=c please", "see please"),
        ("GL8 &amp; GL14 &lt;b&gt;", "GL8 & GL14 <b"),
        ("who\u200b does\ufeff back\u00adups", "who does backups"),
        ("ＧＬ８　5．1（ｃ）", "GL8 5.1(c)"),
        ("   \n\t ", ""),
    ],
)
def test_cleans(typed: str, expected: str) -> None:
    """Mentions, emoji, markup, links and unseen characters go; full-width forms are folded."""
    assert clean_question(typed) == expected


@given(st.text(max_size=500))
def test_any_text_is_cleaned_to_one_line(typed: str) -> None:
    """What comes out has no line breaks or control characters."""
    assert clean_question(typed).isprintable() or clean_question(typed) == ""


def test_only_so_much_is_read() -> None:
    """A question of a book's length is read to its first ten thousand characters."""
    assert len(clean_question("a" * (LONGEST_QUESTION + 5))) == LONGEST_QUESTION


@pytest.mark.parametrize(
    ("text", "language"),
    [("who", "en"), ("邊個", "zh-Hant"), ("GL14 5.16 講咩?", "zh-Hant"), ("", "en"), ("naïve", "en")],
)
def test_detects_the_language(text: str, language: str) -> None:
    """Any Chinese character makes a question Chinese."""
    assert detect_language(text) == language
