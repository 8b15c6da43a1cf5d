"""The address of a clause in the source viewer. Pure."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote


class Linked(Protocol):
    """What has a page of its own: a clause's view, a choice, a suggestion."""

    @property
    def ref(self) -> str: ...  # noqa: D102
    @property
    def guide(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102


class Links:
    """Addresses under ``PUBLIC_URL``, which is https and reached from outside; they carry no query."""

    def __init__(self, public_url: str) -> None:
        self._root = public_url.rstrip("/")

    def clause(self, view: Linked) -> str:
        """``…/guides/GUIDE/GL8/5.1(c)`` of a clause; ``…/guides/GUIDE/2.1`` of the guide's own section 2.1."""
        regulation, _, number = view.ref.partition(" ")
        place = [view.section] if regulation == "guide" or not number else [regulation, number]
        return "/".join([self._root, "guides", *(quote(part, safe="()") for part in (view.guide, *place))])

    def guide(self, guide: str) -> str:
        """``…/guides/GUIDE``: the guide as a whole."""
        return f"{self._root}/guides/{quote(guide, safe='')}"
