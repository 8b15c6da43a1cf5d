"""Whether a guide answers a Chinese question with a plain yes. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from retrieval.findings import Finding, Support

_HAVING = re.compile(r"有沒有|有冇|是否有|是否已|是否設有|是否持有|有否|有無|設有|備有|係咪有")
_HAS = re.compile(r"has (?:established|maintained|an?)\b|is certified|complies|is compliant|has been compliant|holds")
_MORE = re.compile(r"每|全部|所有|小時|日內|內|不|曾|過|定期|只|或")
_CHINESE_THINGS = (
    ("計劃", "plan"),
    ("政策", "polic"),
    ("認證|證書", "certif|compl"),
    ("報告", "report"),
    ("程序", "procedure"),
)


def find_chinese(question: str, finding: Finding, is_plain: Callable[[str], bool]) -> Support | None:
    """The duty that bears out a yes: only for whether there is a thing, or a certificate, and nothing more of it.

    Args:
        question: as it stands in the questionnaire, without its number.
        finding: what a guide has for it.
        is_plain: whether a duty's text neither hedges nor denies.
    """
    if finding.unread or not _HAVING.search(question) or _MORE.search(_HAVING.sub("", question)):
        return None
    things = [english for chinese, english in _CHINESE_THINGS if re.search(chinese, question)]
    numbers = re.findall(r"[0-9]+", question)
    for support in finding.supports:
        text = support.duty.text
        plain = support.whole and is_plain(text)
        named = bool(things) and all(re.search(each, text.lower()) for each in things)
        if plain and named and _HAS.match(text.lower()) and set(numbers) <= set(re.findall(r"[0-9]+", text)):
            return support
    return None
