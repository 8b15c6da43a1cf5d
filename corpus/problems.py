"""What can be wrong with a pack: where it is, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Problem(NamedTuple):
    """One thing wrong with a pack: where, what, and what to do; ``line`` counts from 1, 0 is the whole file."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        name = "/".join(self.path.parts[-2:])
        return f"{name}:{self.line}: {self.message}" if self.line else f"{name}: {self.message}"


class CorpusError(Exception):
    """The corpus does not load; ``problems`` say why, each with file and line."""

    def __init__(self, problems: Sequence[Problem]):
        self.problems = tuple(problems)
        more = f" (and {len(problems) - 1} more: run clausebot corpus check)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
