"""What every test may use: files of expected output, kept beside the tests; and the check of what all of them log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.leaks import LeakCheck
from hypothesis import settings

# How long an example takes is the machine's affair.
settings.register_profile("untimed", settings.default, deadline=None)
settings.load_profile("untimed")

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that `make golden` gives."""
    parser.addoption("--golden-update", action="store_true", help="write the golden files instead of comparing them")


def pytest_configure(config: pytest.Config) -> None:
    """Fail a run that logs what a person wrote, or a secret."""
    config.pluginmanager.register(LeakCheck())


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with ``tests/golden/NAME``, or write it there under ``--golden-update``."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden-update"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"no golden file {name}: run make golden, and read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return check
