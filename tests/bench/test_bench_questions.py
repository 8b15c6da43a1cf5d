"""The gold questions stay above their floors, with the source and without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.questions import SOURCE, Tally, check_floors, load_questions, measure
from retrieval.answerer import load_answerer


@pytest.mark.parametrize("source", [None, SOURCE], ids=["without source", "with source"])
def test_gold_questions_are_above_their_floors(source: Path | None) -> None:
    """On the development split and over all questions no figure is under its floor."""
    if source is not None and not source.is_dir():
        assert os.environ.get("CI") != "true", "CI has the guide"
        pytest.skip("the guide's text is not beside the checkout")
    answerer, problems = load_answerer(source)
    assert problems == []
    tallies, _ = measure(answerer, load_questions())
    assert check_floors(tallies, "dev") == {}
    assert check_floors(tallies, "all") == {}


def test_a_figure_under_its_floor_is_told() -> None:
    """Where half of the direct questions miss, the check says which figure and by how much."""
    missed = Tally(questions=2, answerable=2, first=1, third=2)
    tallies = {("direct", "all", "dev"): missed, ("all", "all", "dev"): missed}
    assert check_floors(tallies, "dev") == {"direct hit@1": (0.5, 1.0)}
