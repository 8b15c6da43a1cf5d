"""Where the operator's own files are: the guides' texts, and further guides' packs."""

from __future__ import annotations

import os
from pathlib import Path


def find_sources() -> Path | None:
    """Where quotes are attached from: ``CLAUSEBOT_SOURCES``, else ``sources/`` in the checkout, else nowhere."""
    named = os.environ.get("CLAUSEBOT_SOURCES", "").strip()
    if named:
        return Path(named)
    checkout = Path(__file__).parent.parent / "sources"
    return checkout if checkout.is_dir() else None


def find_guides() -> Path | None:
    """The folder of further packs: ``CLAUSEBOT_GUIDES``, else none."""
    named = os.environ.get("CLAUSEBOT_GUIDES", "").strip()
    return Path(named) if named else None
