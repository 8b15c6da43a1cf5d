"""Files that lie beside the repository and are not part of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
REAL_GUIDE = SHARED / "guide" / "alibaba-cloud-hk-insurance-2019.txt"


def find_shared(path: Path) -> Path:
    """A file of ``../shared``; the test is skipped where that folder is not there, and fails for it under CI."""
    if not path.exists():
        reason = f"needs ../shared/{path.relative_to(SHARED)}, which is not part of the repository"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
