"""No sentence of the real guide is in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_tracked_file_repeats_the_guide(overlap_tool: Path) -> None:
    """No file under version control holds a dozen words in a row of the guide's text."""
    found = subprocess.run([sys.executable, overlap_tool, ROOT], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (0, ""), found.stdout + found.stderr


def test_the_tool_finds_a_copied_sentence(overlap_tool: Path, real_source_path: Path, tmp_path: Path) -> None:
    """The proof above can fail: one sentence put under version control is found."""
    sentence = max(real_source_path.read_text(encoding="utf-8").splitlines(), key=len)
    (tmp_path / "copied.md").write_text(sentence, encoding="utf-8")
    for command in (["init", "-q"], ["add", "copied.md"]):
        subprocess.run(["git", "-C", tmp_path, *command], check=True)
    found = subprocess.run([sys.executable, overlap_tool, tmp_path], capture_output=True, text=True, check=False)
    assert found.returncode == 1
    assert "copied.md:1" in found.stdout
