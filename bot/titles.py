"""The titles of every clause, listed once for each corpus."""

from __future__ import annotations

from bot.desk import Desk
from bot.parts import Titles, list_titles
from retrieval.catalogue import Catalogue


class TitleList:
    """What the clauses that an answer only names are called, as the corpus stands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._listed: tuple[Catalogue | None, Titles] = (None, {})

    def read(self) -> Titles:
        """Titles by guide and reference; see `list_titles`."""
        catalogue = self._desk.catalogue()
        if self._listed[0] is not catalogue:
            self._listed = (catalogue, list_titles(catalogue))
        return self._listed[1]
