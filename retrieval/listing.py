"""Questions for a list of clauses: by who carries them, or by the page they stand on. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.models import Clause, Duty, Kind, Owner, Ownership
from retrieval.resolve import Passage

_CLAUSES = (
    r"\b(?:which|what|list|show|all|every|give)\b.{0,24}\b(?:clauses?|rows?|duties|obligations)\b|"
    r"(?:邊啲|哪些|列出|所有|全部).{0,8}(?:條文|條款|條|責任)"
)
_PAGE = (
    r"\b(?:what|whats|show|list)\b.{0,16}\b(?:on|from|at) page ([0-9]{1,3})\b|^page ([0-9]{1,3})\s*\??$|"
    r"第\s?([0-9]{1,3})\s?頁(?:有|講|係|寫)?(?:咩|乜|什麼|甚麼)?"
)
_SHARED = r"\b(?:shared|joint\w*|both (?:sides|parties|of us))\b|共同|雙方"
_CUSTOMER = r"\b(?:customers?|insurers?|we|us|our|ours|csc)\b|客戶|保險公司|我哋|我們"
_PROVIDER = r"\b(?:providers?|vendors?|they|them|theirs|alibaba|csp)\b|供應商|阿里|佢哋|他們"


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list is asked of: shared clauses, one party's obligations, or a page."""

    shared: bool = False
    owner: Owner | None = None
    page: int | None = None

    def select(self, passage: Passage) -> frozenset[int] | None:
        """Positions of the passage's duties that put it on the list; None where it is not on it."""
        if self.page is not None:
            return frozenset(range(len(passage.duties))) if self.page in passage.pages else None
        if not isinstance(passage, Clause) or (self.shared and passage.ownership is not Ownership.SHARED):
            return None
        chosen = frozenset(i for i, duty in enumerate(passage.duties) if self.shared or self._is_owed(duty))
        return chosen or None

    def _is_owed(self, duty: Duty) -> bool:
        return duty.owner is self.owner and duty.kind is Kind.OBLIGATION


def read_listing(text: str) -> Listing | None:
    """The list that a cleaned question asks for; None where it asks for none."""
    folded = text.lower()
    page = re.search(_PAGE, folded)
    if page:
        return Listing(page=int(next(filter(None, page.groups()))))
    if not re.search(_CLAUSES, folded):
        return None
    if re.search(_SHARED, folded):
        return Listing(shared=True)
    customer, provider = bool(re.search(_CUSTOMER, folded)), bool(re.search(_PROVIDER, folded))
    if customer == provider:
        return None
    return Listing(owner=Owner.CSC if customer else Owner.CSP)
