"""What a question asks the doing of, and which party does it in a duty's sentence. Pure.

A duty's sentence begins with what its owner does ("Does not move …"). What somebody else does stands behind that
party ("Lets the customer raise a ticket", "the regions that the customer selected").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from corpus.models import Duty, Owner
from retrieval.analyzer import stem_words


class Deed(NamedTuple):
    """One thing that a party may do: the verbs that ask for it in English and in Chinese, the words that tell of it."""

    verbs: tuple[str, ...]
    chinese: str
    told: str


DEEDS = {
    "access": Deed(("access", "read", "see", "view", "look", "open", "peek", "use"), "睇|看|存取|讀取", "access"),
    "disclose": Deed(("disclose", "share", "give", "pass", "hand", "sell", "reveal"), "披露|洩露|交出", "discloses?"),
    "move": Deed(("move", "transfer", "relocate", "ship"), "搬|轉移|移走|轉去", "moves?"),
    "choose": Deed(
        ("choose", "pick", "select", "decide", "determine"),
        "選擇|選定|選|揀|決定",
        r"choos\w+|chosen?|select\w*|picks?|decid\w+|determin\w+",
    ),
    "sign": Deed(("sign", "conclude", "execute"), "簽", "signs?|enter(?:s|ing)? into|concludes?"),
    "raise": Deed(
        ("raise", "open", "file", "log", "lodge", "submit", "create"),
        "提出|開|提交|入",
        "raises?|opens?|submits?|files?",
    ),
}
"""What duties tell of more than one party. To read, see or use somebody's data is to have access to it."""

_WHO = (
    r"\b(?:who|which (?:party|side))(?: (?:is|are|s|has|have|had|does|do|should|shall|must|will|would|can|could|may|"
    r"might|gets?|needs?|supposed|responsible|accountable|in charge|actually|really|the one|to|for|of|be))* ([a-z]+)"
)
_PARTY = (
    r"(?:they|we|i|(?:the |our |my )?(?:cloud )?(?:provider|vendor|supplier|csp|customer|insurer)s?|alibaba(?: cloud)?|"
    r"ali|aliyun)"
)
_PARTY_DOES = (
    r"\b(?:can|could|may|might|do|does|did|will|would|must|should|shall) "
    rf"{_PARTY} (?:(?:ever|still|also|just|have to|need to|has to|get to) )*([a-z]+)"
)
_WHO_CHINESE = r"(?:邊個|边个|誰|谁|邊方|哪方)(?:負責|负责|可以|要|應該|去|來|嚟)*"


def read_deeds(folded: str) -> tuple[str, ...]:
    """The deeds of which a question asks who does them, or whether a party does.

    Args:
        folded: the question in lower case, without apostrophes.
    """
    asked = re.search(_WHO, folded) or re.search(_PARTY_DOES, folded)
    found = [name for name, deed in DEEDS.items() if asked and _is_verb(asked[1], deed)]
    if not folded.isascii():
        found += [name for name, deed in DEEDS.items() if re.search(rf"{_WHO_CHINESE}(?:{deed.chinese})", folded)]
    return tuple(dict.fromkeys(found))


def _is_verb(word: str, deed: Deed) -> bool:
    """Whether a word is a form of a verb that asks for the deed: "choosing", "signs"."""
    return stem_words([word])[0] in stem_words(deed.verbs)


_STOP = r"[,;:.]\s"
_OWN = (
    r"^(?:(?:will|would|may|might|can|could|must|should|shall|does|do|has|have|is|are|be|no|not|never|also|only|itself)\s)*"
    r"(?:\w+ (?:up |out |over )?(?:and|or)\s)?$"
)
_CUSTOMER = (
    r"\b(?:customers?|insurers?)\s(?:(?:who|that|which|can|may|must|should|will|wants?|has|have|needs?|to|itself|"
    r"the (?:option|right|choice) (?:of|to))\s)*$"
)


class Told(NamedTuple):
    """A deed that a duty tells of: who does it, and the part of the sentence in which it stands."""

    deed: str
    doer: Owner
    words: str


def find_told(duty: Duty) -> Iterator[Told]:
    """Every deed that a duty tells of, with its doer; not those of which it does not say who does them."""
    for name, deed in DEEDS.items():
        for told in re.finditer(rf"\b(?:{deed.told})\b", duty.text, re.IGNORECASE):
            before, after = duty.text[: told.start()], duty.text[told.end() :]
            words = re.split(_STOP, before)[-1] + told.group() + re.split(_STOP, after)[0]
            if re.search(_OWN, before, re.IGNORECASE):
                yield Told(name, duty.owner, words)
            elif re.search(_CUSTOMER, before, re.IGNORECASE):
                yield Told(name, Owner.CSC, words)


def who_does(duty: Duty, deed: str) -> Owner | None:
    """The party that does a deed as the duty tells it; None where it tells of no such deed, or not by whom."""
    return next((told.doer for told in find_told(duty) if told.deed == deed), None)
