"""What a duty says of just what is asked."""

from __future__ import annotations

import pytest

from corpus.models import Anchor, Duty, Kind, Owner
from retrieval.analyzer import stem_words
from retrieval.relevance import Says, counts_any, denies, find_counted
from retrieval.shape import read_shape

HERE = Anchor.model_validate("5.1/c ¶1 s1 p9")


def _duty(text: str) -> Duty:
    return Duty(text=text, owner=Owner.CSP, kind=Kind.EVIDENCE, at=(HERE,))


@pytest.mark.parametrize(
    ("text", "thing", "counted"),
    [
        ("Has two availability zones within Hong Kong.", "availability zones", True),
        ("Has two availability zones within Hong Kong.", "zones", True),
        ("Deploys across its two Hong Kong zones.", "zones", False),
        ("Names five sub-contractors.", "sub contractors", True),
        ("Is certified by more than ten standards.", "standards", True),
        ("Is certified by ten bodies to several standards.", "standards", True),
        ("Runs availability zones.", "availability zones", False),
        ("Has two availability zones.", "data centers", False),
    ],
)
def test_tells_what_a_number_counts(text: str, thing: str, counted: bool) -> None:
    """A number counts what follows it within a word, by its stems."""
    assert counts_any(find_counted(_duty(text)), [frozenset(stem_words(thing.split()))]) is counted


@pytest.mark.parametrize(
    ("question", "says", "fits"),
    [
        ("how many zones", Says(None, True), True),
        ("how many zones", Says(Owner.CSC, False), None),
        ("who chooses the region", Says(Owner.CSC, False), True),
        ("can they move our data", Says(Owner.CSP, False), True),
        ("can they move our data", Says(Owner.CSC, False), False),
        ("can we move our data", Says(Owner.CSP, False), False),
        ("can we move our data", Says(None, True), None),
    ],
)
def test_tells_just_what_is_asked(question: str, says: Says, fits: bool | None) -> None:
    """A number fits a question for one; a deed fits unless it is done by the party that was not asked about."""
    assert says.fits(read_shape(question)) is fits


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Will have no access to customer data.", True),
        ("Does not move content.", True),
        ("Discloses content to no government.", True),
        ("Keeps data, which is not moved.", False),
        ("Encrypts data.", False),
    ],
)
def test_tells_a_denial(text: str, denied: bool) -> None:
    """A denial stands at the head of the sentence."""
    assert denies(_duty(text)) is denied
