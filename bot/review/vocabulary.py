"""What the answers that a questionnaire allows mean, whatever words it has for them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum

from corpus.models import Ownership


class Meaning(StrEnum):
    """What an allowed answer says."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    PROVIDER = "provider"
    CUSTOMER = "customer"
    SHARED = "shared"
    THIRD_PARTY = "third party"


OWNED: Mapping[Ownership, Meaning] = {
    Ownership.CSP_OWNED: Meaning.PROVIDER,
    Ownership.CSC_OWNED: Meaning.CUSTOMER,
    Ownership.SHARED: Meaning.SHARED,
    Ownership.THIRD_PARTY: Meaning.THIRD_PARTY,
}
"""The answer that says who carries something; there is none for "nobody is named"."""

PARTIES = frozenset(OWNED.values())

_DONE = r"(?:compliant|complies|comply|implemented|in place|met|satisfied|conform\w*|applied|supported)"
_OWNED = r"(?:[- ](?:owned|managed|responsib\w+|side))?"
# Read in this order; an answer that none of these takes for its own ("N/A", "Planned", "2") means nothing here.
_MEANINGS: tuple[tuple[Meaning, str], ...] = (
    (Meaning.SHARED, r"shared\b.*|both(?: parties| sides)?|joint(?:ly)?\b.*|(?:共同|共享|雙方|双方).*"),
    (Meaning.THIRD_PARTY, rf"(?:third|3rd)[- ]part(?:y|ies){_OWNED}(?: outsourced)?|outsourced|第三方.*"),
    (
        Meaning.PROVIDER,
        rf"(?:the )?(?:csp|(?:cloud )?(?:service )?provider|vendor|supplier){_OWNED}|"
        r"(?:雲端|云)?(?:服務)?(?:供應商|供应商)(?:負責)?",
    ),
    (
        Meaning.CUSTOMER,
        rf"(?:the )?(?:csc|(?:cloud )?(?:service )?customer|client|tenant|(?:authorized )?insurer){_OWNED}|"
        r"(?:客戶|客户|保險公司|保险公司)(?:負責)?",
    ),
    (
        Meaning.PARTLY,
        rf"part(?:ly|ial|ially)?(?: {_DONE})?|in part|(?:部分|部份|局部)(?:符合|合規|實施|是)?",
    ),
    (
        Meaning.NO,
        rf"no|n|false|none|non[- ]?compliant|not {_DONE}|does not comply|"
        r"否|沒有|没有|不符合|不合規|未實施|未符合|冇|無",
    ),
    (
        Meaning.YES,
        rf"yes|y|true|(?:fully |full |yes )?{_DONE}|fully|full|"
        r"是|有|(?:完全|全面)?(?:符合|合規|實施)|已實施|已符合|合规",
    ),
)


def read_meaning(choice: str) -> Meaning | None:
    """What an allowed answer means: ``Yes``, ``Y - Fully implemented``, ``CSP-owned``, ``不符合``; None for others."""
    folded = " ".join(unicodedata.normalize("NFKC", choice).casefold().split())
    # "3 - Fully implemented", "Yes (in place)": what is beside the word has to say the same.
    parts = [part.strip(" .!") for part in re.split(r"\s[-–—]\s|[:：;；()]|,", re.sub(r"^[0-9]{1,2}\b", "", folded))]
    meanings = {_read_word(part) for part in parts if part.strip("-–— .")}
    return meanings.pop() if len(meanings) == 1 else None


def _read_word(word: str) -> Meaning | None:
    cleaned = word.strip("-–— ")
    return next((meaning for meaning, pattern in _MEANINGS if re.fullmatch(pattern, cleaned)), None)


def pick(choices: Sequence[str], meaning: Meaning | None) -> str:
    """The one allowed answer of a meaning, in the file's words; empty where there is none, or more than one."""
    found = [choice for choice in choices if meaning and read_meaning(choice) is meaning]
    return found[0] if len(found) == 1 else ""
