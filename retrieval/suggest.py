"""Type-ahead over clauses: by number, title and subject."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import Clause
from retrieval.catalogue import Suggestion, view_suggestion
from retrieval.resolve import Directory


class Suggester:
    """The clauses of the loaded guides, to be found while a reader types."""

    def __init__(self, directory: Directory):
        self._clauses: list[tuple[Clause, Suggestion]] = [
            (entry.passage, view_suggestion(entry.guide, entry.passage))
            for name in directory.regulations
            for entry in directory.regulation(name)
            if isinstance(entry.passage, Clause)
        ]

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> Sequence[Suggestion]:
        """The clauses that a text may be meant for, best first."""
        typed = "".join(text.lower().split())
        return [
            suggestion
            for clause, suggestion in self._clauses
            if typed in "".join(f"{clause.ref}{clause.title}".lower().split())
            and regulation in (None, clause.regulation)
            and (owner is None or any(duty.owner == owner for duty in clause.duties))
        ][:most]
