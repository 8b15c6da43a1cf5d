"""The address of a clause in the source viewer. Pure, but for what signs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import quote

SIGNED = "signed"
"""The part of an address's query that lets its reader in."""


class Linked(Protocol):
    """What has a page of its own: a clause's view, a choice, a suggestion."""

    @property
    def ref(self) -> str: ...  # noqa: D102
    @property
    def guide(self) -> str: ...  # noqa: D102
    @property
    def section(self) -> str: ...  # noqa: D102


class Links:
    """Addresses under ``PUBLIC_URL``, which is https and reached from outside."""

    def __init__(self, public_url: str, sign: Callable[[Sequence[str]], str] | None = None) -> None:
        """Lead to the pages there.

        Args:
            public_url: where they are.
            sign: gives, for the parts of a page's path behind ``guides``, what lets its reader in to that page; None
                where the addresses carry no query.
        """
        self._root = public_url.rstrip("/")
        self._sign = sign

    def clause(self, view: Linked) -> str:
        """``…/guides/GUIDE/GL8/5.1(c)`` of a clause; ``…/guides/GUIDE/2.1`` of the guide's own section 2.1."""
        return self._lead((view.guide, *locate(view)))

    def regulation(self, guide: str, regulation: str) -> str:
        """``…/guides/GUIDE/GL8``: who does what about a whole regulation."""
        return self._lead((guide, regulation))

    def guide(self, guide: str) -> str:
        """``…/guides/GUIDE``: the guide as a whole."""
        return f"{self._root}/guides/{quote_part(guide)}"

    def _lead(self, place: Sequence[str]) -> str:
        address = "/".join([self._root, "guides", *map(quote_part, place)])
        return f"{address}?{SIGNED}={self._sign(place)}" if self._sign else address


def locate(view: Linked) -> tuple[str, ...]:
    """The parts of a page's path behind its guide: ``GL8``, ``5.1(c)`` of a clause, ``2.1`` of background."""
    regulation, _, number = view.ref.partition(" ")
    return (view.section,) if regulation == "guide" or not number else (regulation, number)


def quote_part(part: str) -> str:
    """One part of a path, whatever it holds."""
    return quote(part, safe="()")
