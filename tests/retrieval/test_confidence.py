"""Confidence: bounded, free of length, explained."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from retrieval.confidence import HIGH, LOW, Evidence, band, judge

TERMS = st.builds(Evidence, st.text("abc", min_size=1, max_size=3), st.floats(0.1, 10), st.floats(0, 1), st.booleans())


def test_hand_worked() -> None:
    """The value is the share of weight that is covered; matched and unknown terms are named once."""
    found = judge(
        [Evidence("a", 3, 1, True), Evidence("b", 1, 0, True), Evidence("c", 2, 0.5, False), Evidence("a", 2, 0, True)]
    )
    assert found.value == 0.5
    assert (found.matched, found.unknown) == (("a", "c"), ("c",))


@given(st.lists(TERMS, max_size=8))
def test_bounded_and_free_of_length(evidence: list[Evidence]) -> None:
    """The value lies in 0..1, and saying everything twice changes nothing."""
    found = judge(evidence)
    assert 0 <= found.value <= 1
    assert judge(evidence * 2).value == found.value
    assert found.band == band(found.value) or round(found.value, 4) in (HIGH, LOW)


def test_bands() -> None:
    """The bands part at HIGH and LOW."""
    assert [band(value) for value in (1, HIGH, HIGH - 0.01, LOW, LOW - 0.01, 0)] == [
        "high",
        "high",
        "medium",
        "medium",
        "low",
        "low",
    ]
