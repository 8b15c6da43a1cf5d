"""A run of tests fails if it logs what a person wrote or a secret: shown on small runs of their own."""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fakes.leaks import find_leaks, is_distinct, note_text

ROOT = Path(__file__).parents[1]
QUESTION = "who <b>keeps</b> copies of our data, and for how long?"

# How a line may tell it: what is logged, as a JSON line or as a process says it.
TOLD = {
    "as typed": f"asked: {QUESTION}",
    "cut": f"asked: {QUESTION:.20}…",
    "as Python writes it": str({"text": QUESTION}),
    "as JSON": json.dumps({"text": QUESTION}),
    "as JSON in a JSON line": json.dumps({"message": json.dumps({"text": QUESTION})}),
    "as a form": urlencode({"text": QUESTION}),
    "as Slack sends it": f"asked: {html.escape(QUESTION, quote=False)}",
}

# A run's own conftest.py and a test, which passes by itself.
CONFTEST = """
from fakes.leaks import LeakCheck

def pytest_configure(config):
    config.pluginmanager.register(LeakCheck())
"""
TEST = """
import logging, subprocess, sys
from fakes.leaks import note_file, note_secret, note_stderr, note_text, open_stderr

note_text({question!r})
note_text("GL8 5.1(c)")
note_text("question")
logger = logging.getLogger("bot.any")

def start(program, said):
    subprocess.run([sys.executable, "-c", program, said], stderr=open_stderr())

def test_that_passes(monkeypatch, tmp_path):
    {line}
"""
LEAKS = {
    "in a line": f"logger.info('asked: %s', {QUESTION!r})",
    "in a traceback": f"\n    try: raise ValueError({QUESTION!r})\n    except ValueError: logger.exception('failed')",
    "before it is noted": "logger.debug('said: 備份由誰負責'); note_text('備份由誰負責')",
    "a setting's secret": "monkeypatch.setenv('DATABASE_URL', 'postgresql://u:secret12@h/n'); logger.info('secret12?')",
    "a process": f"start('import sys; sys.exit(sys.argv[1])', {QUESTION!r})",
    "a process's file": (f"path = tmp_path / 'log'; note_file(path); path.write_text({QUESTION!r}, encoding='utf-8')"),
    "a process that a test read": f"note_stderr('Error: ' + {QUESTION!r})",
}


def run(folder: Path, line: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a test of one line in a folder of its own."""
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_one.py").write_text(TEST.format(question=QUESTION, line=line), encoding="utf-8")
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder, *arguments, folder]
    return subprocess.run(
        command, cwd=folder, env=os.environ | {"PYTHONPATH": paths}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("line", LEAKS.values(), ids=LEAKS)
def test_a_leak_fails_the_run(tmp_path: Path, line: str) -> None:
    """Each test passes, and the run fails and says what leaked, however the line tells it."""
    done = run(tmp_path, line, "-k", "passes")
    assert "1 passed" in done.stdout
    assert "What people write and secrets must not be logged" in done.stdout
    assert done.returncode == 1, done.stdout


def test_an_honest_run_passes(tmp_path: Path) -> None:
    """References, single words and what is redacted may stand in a line, and a run that logs no more passes."""
    line = "logger.info('a question about GL8 5.1(c), for %s', 'xoxb-1-fake'); note_secret('xoxb-1-fake')"
    done = run(tmp_path, line)
    assert (done.returncode, "must not be logged" in done.stdout) == (0, False), done.stdout


@pytest.mark.parametrize("line", TOLD.values(), ids=TOLD)
def test_a_text_is_found_however_a_line_tells_it(line: str) -> None:
    """A text that is cut, escaped or quoted is found; what else the log holds is not taken for it."""
    note_text(QUESTION)
    assert [leak.partition(" in: ")[2] for leak in find_leaks(f"before\n{line}\nafter\n")]
    assert find_leaks("before\nafter\n") == []


@pytest.mark.parametrize(
    ("text", "distinct"),
    [
        ("who keeps copies?", True),
        ("GL8 5.1(c) copies", True),
        ("備份?", True),
        ("<script>", True),
        ("GL8 5.1(c)", False),
        ("第5.13條", False),
        ("another", False),
        ("who?", False),
        ("0000000000", False),
        ("x" * 200 + ".csv", False),
        ("", False),
    ],
)
def test_what_can_be_told_from_the_services_own_lines(text: str, distinct: bool) -> None:
    """Only texts that no honest line holds are looked for."""
    assert is_distinct(text) is distinct
