"""How people ask for the responsibility matrix in a chat. Pure."""

from __future__ import annotations

import re

_REGULATION = r"([a-z]{1,6}\s?\d{1,4})"
_REQUEST = re.compile(
    rf"(?:responsibility\s+)?matrix(?:\s+(?:for\s+|of\s+)?{_REGULATION})?|(?:責任)?矩陣\s*{_REGULATION}?"
    rf"|{_REGULATION}\s*(?:(?:responsibility\s+)?matrix|的?(?:責任)?矩陣)",
    re.IGNORECASE,
)


def read_command(text: str) -> str | None:
    """The regulation whose matrix a message asks for, empty for all of them; None where it asks for none."""
    found = _REQUEST.fullmatch(text.strip())
    return next(filter(None, found.groups()), "") if found else None
