"""The source's own words, where they are attached and verified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.models import Anchor


@dataclass(frozen=True, slots=True)
class Quotes:
    """One guide's verified sentences by address, and the addresses whose sentence is not the one known."""

    verified: Mapping[str, str] = field(default_factory=dict)
    withheld: Sequence[str] = ()

    def quote(self, anchors: Sequence[Anchor]) -> str | None:
        """The source's words at the anchors, with an ellipsis between places; None if any is not verified."""
        parts = []
        for anchor in anchors:
            sentences = [self.verified.get(key) for key in anchor.keys]
            if None in sentences:
                return None
            parts.append(" ".join(sentence for sentence in sentences if sentence))
        return " […] ".join(parts) or None
