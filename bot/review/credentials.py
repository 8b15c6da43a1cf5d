"""Whether a duty says that the provider has a certificate, or a report on its controls, that a question names. Pure.

Certificates and reports are asked for in many ways ("hold", "certified to", "has … available") that say the same of the
name between them. The name counts as it stands: its year, level and type included.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What is asked for under a name."""

    CERTIFICATE = "certificate"
    COMPLIANCE = "compliance"
    REPORT = "report"


class Credential(NamedTuple):
    """What the provider is asked whether it has: all of the names, each as its words in small letters."""

    kind: Kind
    names: tuple[tuple[str, ...], ...]


_PARTY = r"(?:the |their )?(?:cloud )?(?:service )?(?:provider|vendor|supplier|csp)"
_ASKED = rf"(?:(?:please )?(?:confirm|state|indicate) (?:whether|if|that) )?(?:(?:do|does|is|are|has|have) )?{_PARTY}"
_HOLD = r"(?:have|has|had|hold|holds|held|possess|possesses|maintain|maintains|obtain|obtained|achieved|received|got)"
_NAME = r"(?P<name>[a-z0-9][a-z0-9 ,&/:.-]*?)"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            Kind.CERTIFICATE,
            rf"{_ASKED} (?:been )?certified (?:to|under|against|for|with|by|in accordance with) (?:the )?{_NAME}"
            r"(?: standards?)?",
        ),
        (Kind.CERTIFICATE, rf"{_ASKED} (?:been |is |are )?{_NAME}[- ]certified"),
        (
            Kind.CERTIFICATE,
            rf"{_ASKED} {_HOLD} (?:an? |any |the )?(?:certifications?|certificates?) (?:for|to|under|against|in|of) "
            rf"{_NAME}",
        ),
        (Kind.CERTIFICATE, rf"{_ASKED} {_HOLD} (?:an? |any |the )?{_NAME} (?:certifications?|certificates?)"),
        (Kind.COMPLIANCE, rf"{_ASKED} (?:been |is |are )?{_NAME}[- ]complian(?:t|ce)"),
        (Kind.COMPLIANCE, rf"{_ASKED} (?:is |are )?in compliance with (?:the )?{_NAME}(?: standards?)?"),
        (
            Kind.REPORT,
            rf"{_ASKED} (?:{_HOLD}|provides?|offers?) (?:an? |any |the )?{_NAME} reports?(?: available)?",
        ),
        (Kind.REPORT, rf"{_ASKED} makes? (?:an? |any |the )?{_NAME} reports? available"),
        (Kind.REPORT, rf"(?:is|are) there (?:an? |any )?{_NAME} reports?(?: available)?"),
        (Kind.REPORT, rf"(?:is|are) (?:an? |any |the |their )?{_NAME} reports? available"),
    )
)
# What a duty begins with that has a certificate, complies, or has a report; names follow.
_TELLS: dict[Kind, re.Pattern[str]] = {
    Kind.CERTIFICATE: re.compile(
        r"(?:is|has been) certified(?:,? globally,?)? (?:to|under|against) (?P<names>.*)|"
        r"has had its isms certified to (?P<isms>.*)|(?:has obtained|holds) (?P<held>.*?) certification"
    ),
    Kind.COMPLIANCE: re.compile(
        r"(?:complies|is compliant|has been compliant|has complied)(?: strictly)? with (?:the requirements of )?"
        r"(?:the )?(?P<names>.*)"
    ),
    Kind.REPORT: re.compile(r"has (?:an? |reports of (?:\w+ types), )?(?P<names>.*)"),
}
_TYPE = ("type", "ii")


def read_credential(folded: str) -> Credential | None:
    """The certificate, compliance or report that a question asks the provider for, and nothing more; None for others.

    Args:
        folded: the question in small letters, with "the provider" for whom is asked, without its last mark.
    """
    for kind, pattern in _PATTERNS:
        if found := pattern.fullmatch(folded):
            names = tuple(_words(part) for part in re.split(r",? and |, | & ", found["name"]))
            return Credential(kind, names) if all(names) and "or" not in found["name"].split() else None
    return None


def has_credential(asked: Credential, text: str) -> bool:
    """Whether a duty says in terms that the provider has all that is asked, each under its very name."""
    lowered = text.lower()
    found = _TELLS[asked.kind].match(lowered)
    told = next((part for part in found.groups() if part is not None), "") if found else ""
    if asked.kind is Kind.REPORT and not re.search(r"\breports?\b", told):
        return False
    items = [_words(part) for part in re.split(r",? and |, |;|\.(?!\d)| for | by ", told)]
    return bool(told) and all(any(_is_named(name, item, asked.kind) for item in items) for name in asked.names)


def _is_named(name: tuple[str, ...], item: tuple[str, ...], kind: Kind) -> bool:
    """Whether a list's item is a name: a year may follow the number of a standard, and "Type II" that of a report."""
    if kind is Kind.REPORT:
        item = tuple(word for word in item if word not in ("report", "reports"))
        return item == name or (item[-2:] == _TYPE and item[:-2] == name)
    return item == name or (len(item) == len(name) + 1 and item[:-1] == name and bool(re.fullmatch(r"\d{4}", item[-1])))


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in _spell(text) if word not in ("iec", "the"))


def _spell(text: str) -> Iterator[str]:
    yield from re.findall(r"[a-z]+|[0-9]+(?:\.[0-9]+)?", text)
