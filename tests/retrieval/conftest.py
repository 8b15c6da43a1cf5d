"""What the tests of retrieval share: the answerers, and a stop for patterns that run away."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.answerer import Answerer, load_answerer

FIXTURES = Path(__file__).parent.parent / "fixtures"
RUNAWAY = 60
"""Seconds after which a pattern is taken to have run away; what is tested takes milliseconds."""


@pytest.fixture
def no_runaway() -> Iterator[None]:
    """Fail a test that hangs, rather than hang with it."""

    def stop(*_: object) -> None:
        raise AssertionError("still running after a minute: a pattern or loop has run away")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(RUNAWAY)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def answerer() -> Answerer:
    """Clausebot as it comes, without a source."""
    found, problems = load_answerer()
    assert problems == []
    return found


@pytest.fixture(scope="session")
def two_guides() -> Answerer:
    """Clausebot with the invented second guide beside its own, and the second guide's source attached."""
    found, problems = load_answerer(FIXTURES / "sources", FIXTURES / "guides")
    assert problems == []
    return found
