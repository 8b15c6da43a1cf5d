"""What buttons carry."""

from __future__ import annotations

import pytest
from fakes.any_answers import LANGUAGES, LINE
from hypothesis import given
from hypothesis import strategies as st

from bot.values import Asked, Pointer, Rating, pack, unpack
from retrieval.wording import Language


@given(LINE, st.lists(LINE, max_size=20), LANGUAGES)
def test_a_question_comes_back_whole_or_is_left_out(question: str, refs: list[str], language: Language) -> None:
    """A value has at most 2,000 characters; what comes back is what went in, without what had no room."""
    asked = Asked("a" * 64, question, tuple(refs), language)
    packed = pack(asked)
    assert len(packed) <= 2000
    back = unpack(Asked, packed)
    assert back
    assert back.question in (question, "")
    assert back.refs == asked.refs[: len(back.refs)]
    if len(question) < 100 and not refs:
        assert back == asked


def test_a_pointer_and_a_rating_come_back() -> None:
    """What a button carries is what is read when it is pressed."""
    pointer, rating = Pointer("GL8 5.1(c)", "a-guide", "zh-Hant"), Rating("a" * 64, False, "en")
    assert unpack(Pointer, pack(pointer)) == pointer
    assert unpack(Rating, pack(rating)) == rating


@pytest.mark.parametrize(
    "text",
    [
        None,
        7,
        "",
        "{",
        "[]",
        "[" * 100_000,
        "{}",
        '{"ref":"GL8 5.1"}',
        '{"ref":7,"guide":"","language":"en"}',
        '{"ref":"GL8 5.1","guide":"","language":"fr"}',
        '{"ref":"GL8 5.1","guide":"","language":[]}',
        '{"ref":"GL8 5.1","guide":"","language":"en","more":1}',
        pack(Rating("a", True)),
    ],
)
def test_what_is_no_pointer_is_none(text: object) -> None:
    """Anything but a pointer is refused without an exception."""
    assert unpack(Pointer, text) is None


@pytest.mark.parametrize("text", ['{"answer_id":"a","helpful":1,"language":"en"}', pack(Asked("a", "q", ()))])
def test_what_is_no_rating_is_none(text: str) -> None:
    """A rating is helpful or not, and nothing else."""
    assert unpack(Rating, text) is None


def test_refs_that_are_no_texts_are_refused() -> None:
    """The clauses of a question are a list of texts."""
    assert unpack(Asked, '{"answer_id":"a","question":"q","refs":[1],"language":"en"}') is None
    assert unpack(Asked, '{"answer_id":"a","question":"q","refs":"GL8","language":"en"}') is None
