"""A browser, and the service as a process of its own with Microsoft's playground before it."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from e2e.browsing import ARTEFACTS, CHROMIUM_ARGUMENTS, PATIENCE, Visit, keep, visit
from e2e.programs import Program, clean_environment, run_clausebot, run_playground, run_service
from fakes.leaks import note_file, note_secret
from fakes.shared import REAL_GUIDE, find_shared
from playwright.sync_api import Browser, Page, expect, sync_playwright

FIXTURES = Path(__file__).parents[1] / "fixtures"

MANY = "1000000000"
LIMITS = {"CLAUSEBOT_PERSON_LIMIT": MANY, "CLAUSEBOT_WORKSPACE_LIMIT": MANY}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.exit("make e2e drives Chromium, which is not here: apt-get install chromium", returncode=2)
    shutil.rmtree(ARTEFACTS, ignore_errors=True)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=CHROMIUM_ARGUMENTS, env={**clean_environment()}
        )
        yield launched
        launched.close()


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note which test failed, for `visitor`."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Somebody's own browser on a wide screen; of a test that fails, what it shows is kept."""
    with visit(browser, height=1500) as one:
        yield one
        if request.node.stash[FAILED]:
            for number, page in enumerate(one.pages):
                keep(page, f"failed/{request.node.name}-{number}")


def watch(service: Program) -> None:
    """The service ends in order, and logged neither a fault nor what anybody wrote."""
    assert service.stop() == 0, service.said
    for line in service.said.splitlines():
        assert '"level": "ERROR"' not in line, line
        assert "Traceback" not in line, service.said


def make_token(folder: Path) -> str:
    """A new token to sign in with, which no log may hold."""
    token = run_clausebot(folder, "token", "create", "a person").split()[-1]
    note_secret(token)
    return token


@pytest.fixture
def service(tmp_path: Path) -> Iterator[str]:
    """The address of the service with Teams on for whoever is on this machine."""
    with run_service(tmp_path, CLAUSEBOT_TEAMS_ANONYMOUS="1", **LIMITS) as (running, address):
        note_file(running.log)
        yield address
        watch(running)


@pytest.fixture
def playground(service: str, visitor: Visit, tmp_path: Path) -> Iterator[Page]:
    """Microsoft's playground, newly started, in the browser."""
    with run_playground(tmp_path, service) as (_, address):
        yield visitor.open(address)


@pytest.fixture(scope="session")
def chat_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the records of `chat` are."""
    return tmp_path_factory.mktemp("chat")


@pytest.fixture(scope="session")
def chat(chat_folder: Path) -> Iterator[str]:
    """The address of the service with its own guide alone, without its source."""
    with run_service(chat_folder, **LIMITS) as (running, address):
        note_file(running.log)
        yield address
        watch(running)


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the service with the invented guide beside its own, and the sources of both attached."""
    sources = tmp_path_factory.mktemp("sources")
    for path in (find_shared(REAL_GUIDE), *(FIXTURES / "sources").glob("*.txt")):
        shutil.copy(path, sources)
    settings = {"CLAUSEBOT_GUIDES": str(FIXTURES / "guides"), "CLAUSEBOT_SOURCES": str(sources)}
    with run_service(tmp_path_factory.mktemp("library"), **settings, **LIMITS) as (running, address):
        note_file(running.log)
        yield address
        watch(running)
