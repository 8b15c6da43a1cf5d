"""The README says what is there: settings, commands, options, targets, paths; and its examples run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer import Context
from typer.main import get_group

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLAUSEBOT = Path(sys.executable).parent / "clausebot"


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    """Each variable that the service reads stands in the README's table."""
    assert f"`{name.upper()}`" in README


def test_every_command_and_option_is_documented() -> None:
    """Each command and each of its options stands in the README."""
    group = get_group(app)
    context = Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        commands = getattr(command, "commands", {name: command})
        for inner, each in commands.items():
            label = name if inner == name else f"{name} {inner}"
            assert f"clausebot {label}" in README, label
            for option in each.params:
                for flag in option.opts:
                    if flag.startswith("--"):
                        assert flag in README, f"{label} {flag}"


def test_every_path_that_it_names_exists() -> None:
    """Where to change what: the files are there."""
    for path in re.findall(r"`((?:corpus|retrieval|bot|docs)/[\w/.]+\.\w+)`", README):
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize(
    "page", [Path("README.md"), *(each.relative_to(ROOT) for each in ROOT.glob("docs/*.md"))], ids=str
)
def test_every_link_leads_somewhere(page: Path) -> None:
    """Each link of the README and of docs/ to a file here, or to a heading, finds it."""
    for name, heading in re.findall(
        r"\]\((?!https:)([^)#]*)(?:#([^)]+))?\)", (ROOT / page).read_text(encoding="utf-8")
    ):
        aim = (ROOT / page).parent / name if name else ROOT / page
        assert aim.is_file(), name
        headings = re.findall(r"^#+ (.+)$", aim.read_text(encoding="utf-8"), re.MULTILINE) if heading else []
        assert not heading or heading in [
            re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings
        ], heading


@pytest.mark.parametrize("line", re.findall(r"^clausebot ask (?!--jsonl)[^#\n]*[^# \n]", README, re.MULTILINE))
def test_its_questions_are_answered(line: str) -> None:
    """Each question in the README gets an answer from the guide."""
    done = subprocess.run([CLAUSEBOT, *shlex.split(line)[1:]], capture_output=True, text=True, check=True)
    assert re.search('^Source: |^出處：|"outcome":"answered"|^answered, ', done.stdout, re.MULTILINE)


def test_make_help_explains_every_target() -> None:
    """`make help` has a line for each target that a person calls."""
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in targets:
        assert re.search(rf"^  make {target} +\S", done.stdout, re.MULTILINE), target
