"""What a question says to be the customer's own: "our servers", "the VMs we run", "our own policy". Pure.

What the provider does for its platform is no answer for what the customer runs on it, whatever that is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

RUN = "application-security"
"""The thesaurus's concept for what the customer runs on the platform."""
USERS = "customer-users"
"""The thesaurus's concept for what the customer's own people may do there."""
PAPER = ""
"""A plan, policy or certificate of the customer's: no concept, for the provider has such of its own."""

# Patterns are compiled when a question first needs them: a cold start is felt in the terminal.
_THING = (
    r"(?:apps?|applications?|software|middleware|os|operating systems?|linux|windows|servers?|vms?|virtual machines?|"
    r"ecs|instances?|machines?|box(?:es)?|nodes?|workloads?|websites?|sites?|portals?|systems?|databases?|dbs?|images?|code)"
)
_PLAN = r"(?:plans?|polic(?:y|ies)|procedures?|drills?|certifications?|certificates?)"
_PEOPLE = r"(?:staff|users?|employees?|people|admins?|administrators?|developers?|engineers?|teams?|colleagues)"
_RIGHTS = r"(?:access|rights?|permissions?|passwords?|accounts?|logins?|credentials?|privileges?)"
_OUR = r"(?:our(?: own)?|my|(?:customer|insurer)s?(?: own)?(?! (?:data|db))|own)"
# What may stand before the thing: "our policy admin database", not "our team patches the servers".
_KIND = (
    r"(?:(?!(?:and|or|the|an?|that|which|who|to|for|from|with|is|are|on|in|of|at|by|we|they|if|when|what|how|before|"
    r"data|content|clients?|customers?|company|auditors?|underlying|physical|cloud|provider|vendor|supplier|alibaba|"
    r"staff|team|people)\b)[a-z0-9]+ )"
)
_HAS = r"(?:runs?|host(?:s|ed)?|deploy(?:s|ed)?|builds?|built|operates?|owns?|put|installs?|installed)"
_ABOVE = (
    r" (?:(?:is|are|actually) )*(?:runs?|running|sits?|sitting|lives?|stands?|hosted|deployed) (?:on|in)"
    r"(?! (?:the|an?|your|their|alibaba|aliyun|ecs)\b)"
)
_ENGLISH = (
    (RUN, rf"\b{_OUR} {_KIND}{{0,2}}?{_THING}\b(?: {_THING}\b)*(?!{_ABOVE})"),
    (RUN, rf"\b{_THING} (?:that |which )?(?:we|i|(?:the )?(?:customer|insurer)s?) (?:[a-z]+ )?{_HAS}\b"),
    (RUN, r"\bguest (?:os|operating systems?|vms?|machines?)\b"),
    (RUN, r"\b(?:os|operating systems?) (?:of|on|in|inside) (?:the |an? |each )?(?:vms?|virtual machines?|ecs)\b"),
    (USERS, rf"\b{_OUR} {_PEOPLE} (?:[a-z]+ )?{_RIGHTS}\b|\b{_RIGHTS} (?:[a-z]+ )?(?:of|for) {_OUR} {_PEOPLE}\b"),
    (PAPER, rf"\b{_OUR} {_KIND}{{0,3}}?{_PLAN}\b"),
)
_CUES = frozenset("our my own we i customer customers insurer insurers guest os operating".split())
"""One of these stands in whatever a pattern of `_ENGLISH` matches; without one, none need be compiled."""
_OUR_ZH = (
    r"(?:我哋|我們|我们|本公司|我司|(?<!阿里雲|阿里云|供應商)(?<!佢哋|他們)自己|客[戶户]自己|保險公司)(?:自己|公司)?"
    r"(?:嘅|啲|的|部|個|套|隻|架|間|那些|嗰啲)*"
)
_THING_ZH = (
    r"(?:伺服器|服务器|servers?|vms?|虛擬機|虚拟机|作業系統|操作系統|操作系统|os|網站|网站|apps?|applications?|應用|应用|"
    r"程式|資料庫|数据库|數據庫|databases?|db|instances?|實例|ecs|主機|部機|機(?!房|密)|軟件|系統|系统|workloads?)"
)
_KIND_ZH = r"[^\s，。？！,.?!嘅的我佢你邊誰由係同定]{0,4}?\s?"
_CHINESE = (
    (RUN, rf"{_OUR_ZH}\s?{_KIND_ZH}{_THING_ZH}(?!下面|底下|下層|背後)"),
    (RUN, r"(?:虛擬機|虚拟机|vm|ecs)(?:入面|裡面|裏面|上面|內)?(?:嘅|的)?\s?(?:作業系統|操作系統|操作系统|os)"),
    (PAPER, rf"{_OUR_ZH}\s?[^\s，。？！,.?!我佢你邊誰]{{0,6}}?(?:計劃|計畫|政策|程序|演練|認證|證書)"),
)


_BELOW = frozenset("under underneath below beneath behind hosting running supporting".split())
"""What stands before a thing of the customer's where what lies under it is asked about, which is the provider's.

So does what `_ABOVE` matches after it: "the servers that our apps run on".
"""
_DATA_IN = r"\b(?:data|content|files?|records?|information)(?: (?:held|kept|stored))? (?:in|on|inside|within|from)$"
"""What makes the thing the place of what is asked about, the data in it."""
_ITS = frozenset(("its", "their"))
_OTHERS = frozenset("alibaba aliyun ali cloud provider vendor supplier".split())
_CUSTOMER = frozenset("customer customers insurer insurers company".split())


class Owned(NamedTuple):
    """A thing of the customer's own: its concept (or `PAPER`), its words and their positions."""

    concept: str
    words: str
    positions: frozenset[int] = frozenset()


def _is_customer(before: Sequence[str]) -> bool:
    """Whether "its own" behind some words is the customer's: the last party named there."""
    parties = [word for word in before if word in _CUSTOMER or word in _OTHERS or word in ("they", "them")]
    return bool(parties) and parties[-1] in _CUSTOMER


def find_owned(text: str, words: Sequence[str]) -> Iterator[Owned]:
    """The things that a question says to be the customer's own.

    Args:
        text: the question.
        words: its folded words.
    """
    said = " ".join(words)
    for concept, pattern in () if _CUES.isdisjoint(words) else _ENGLISH:
        for found in re.finditer(pattern, said):
            first = said.count(" ", 0, found.start())
            before = words[first - 1] if first else ""
            others = words[first] == "own" and (
                before in _OTHERS or (before in _ITS and not _is_customer(words[:first]))
            )
            is_place = re.search(_DATA_IN, said[: found.start()].rstrip())
            if before not in _BELOW and not others and not is_place:
                yield Owned(concept, found[0], frozenset(range(first, first + found[0].count(" ") + 1)))
    if not text.isascii():
        for concept, pattern in _CHINESE:
            yield from (Owned(concept, found[0]) for found in re.finditer(pattern, text.lower()))
