"""Which package may know which, and which modules touch nothing outside themselves: read from the imports."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LAYERS = {
    "corpus": {"corpus"},
    "retrieval": {"corpus", "retrieval"},
    "bot": {"corpus", "retrieval", "bot"},
}
OURS = {*LAYERS, "bench", "tests", "fakes"}

# What reaches out of the process, or what chat is made of.
OUTSIDE = set(
    "os sys io pathlib shutil tempfile glob fileinput socket ssl select selectors asyncio threading multiprocessing "
    "subprocess signal urllib http ftplib smtplib sqlite3 dbm shelve pickle logging time random secrets importlib "
    "aiohttp slack_bolt slack_sdk typer rich yaml pydantic_settings".split()
)
CALLS = {"open", "print", "input", "exec", "eval", "__import__", "breakpoint"}
MAY_TOUCH = {
    "corpus": {
        "checks": {"pathlib"},
        "files": {"pathlib"},
        "loader": {"pathlib", "yaml"},
        "problems": {"pathlib"},
        "source": {"pathlib"},
    },
    "retrieval": {
        "answerer": {"pathlib"},
        "prepare": {"os", "pathlib", "pickle", "sys"},
    },
}
DRAWN = (
    "blocks buttons clause elements forms home ids matrix modals mrkdwn notices parts review_notices source table usage"
)
DRAWN_IN_TEAMS = (
    "buttons cards clause elements matrix notices phrases preview reply review_notices rows settings_card source verbs "
    "welcome"
)
DRAWN_ON_PAGES = "contents phrases reading_phrases review_phrases review_rows ties turns"
READ_FOR_REVIEW = (
    "cells choices columns delimited dialect encoding headers headings json_file json_tree lines model problems "
    "questions reading ticks"
)
PURE_IN_BOT = [
    *"form_phrases lines parts phrases review.notices values web.messages web.openapi web.overview".split(),
    *(f"review.matrix{part}" for part in ("", "_lines", "_oscal", "_page", "_request", "_text")),
    *(f"review.{name}" for name in READ_FOR_REVIEW.split()),
    *(f"slack.{name}" for name in DRAWN.split()),
    *(f"teams.{name}" for name in DRAWN_IN_TEAMS.split()),
    *(f"web.{name}" for name in DRAWN_ON_PAGES.split()),
]

HEAVY = (
    "numpy scipy rank_bm25 aiohttp asyncio slack_bolt slack_sdk pydantic_settings openpyxl rich sqlalchemy alembic "
    "cryptography microsoft_agents msal jwt"
)


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """Each module of a package: its name inside the package, and its file."""
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT / package).with_suffix("").parts
        yield ".".join(parts), path


def imports(path: Path) -> set[str]:
    """Every top-level package that a file imports anywhere, inside functions and for types too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            assert node.module
            found.add(node.module.split(".")[0])
    return found


def calls(path: Path) -> set[str]:
    """Every function that a file calls by its bare name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}


@pytest.mark.parametrize("package", LAYERS)
def test_layers_only_look_down(package: str) -> None:
    """Corpus knows no other package, retrieval only corpus, bot both: never the other way round."""
    found = {name: imports(path) & OURS for name, path in modules(package)}
    assert len(found) > 1
    assert {name: known - LAYERS[package] for name, known in found.items() if known - LAYERS[package]} == {}
    # Each layer does use the one below, so the reading of imports works.
    assert set().union(*found.values()) == LAYERS[package]


def test_no_import_is_hidden() -> None:
    """No module imports another by a name worked out at run time, or relatively."""
    for package in LAYERS:
        for name, path in modules(package):
            assert "__import__" not in calls(path), name
            tree = ast.parse(path.read_text(encoding="utf-8"))
            # `importlib.metadata` reads what is installed, and imports nothing.
            given = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)}
            known = {"from importlib.metadata import version"}
            assert not [each for each in given - known if "importlib" in each], name
            assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level], name


@pytest.mark.parametrize("package", MAY_TOUCH)
def test_corpus_and_retrieval_are_pure_but_for_what_is_named(package: str) -> None:
    """Only the modules that read packs and sources, or keep what was worked out, touch files; none anything else."""
    allowed = MAY_TOUCH[package]
    found = {name: imports(path) & OUTSIDE for name, path in modules(package)}
    assert {name: used for name, used in found.items() if used - allowed.get(name, set())} == {}
    assert {name: path for name, path in modules(package) if calls(path) & CALLS} == {}
    # What is named is used: an exception that is needed no more is taken off the list.
    assert {name: found[name] for name in allowed} == allowed


@pytest.mark.parametrize("name", PURE_IN_BOT)
def test_what_draws_touches_nothing(name: str) -> None:
    """An answer becomes lines, blocks or markup without a file, a socket, a clock or a chat library."""
    path = ROOT / "bot" / Path(*name.split(".")).with_suffix(".py")
    assert imports(path) & OUTSIDE == set()
    assert calls(path) & CALLS == set()


def test_asking_in_a_pipe_loads_nothing_heavy() -> None:
    """A question on the command line loads no server, no chat library, no arrays and no drawing of cards."""
    program = (
        "import sys; from bot.cli import run\n"
        "run()\n"
        f"print(sorted({set(HEAVY.split())!r} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "ask", "who handles backups under GL8 5.1(c)?"]
    # Asked twice: the first time the corpus may have to be prepared, which is kept for the second.
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr == "[]\n"
