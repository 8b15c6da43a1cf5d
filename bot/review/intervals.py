"""How often something is done, as a question or a duty says it. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

_INTERVALS = (
    (r"(?:24x7|around the clock|continuous(?:ly)?)", 0.0),
    (r"(?:daily|every day|each day|nightly|each night)", 0.03),
    (r"(?:weekly|every week|each week|once a week)", 0.25),
    (r"(?:monthly|every month|each month|once a month)", 1.0),
    (r"(?:quarterly|every quarter|each quarter|every three months)", 3.0),
    (
        r"(?:half[- ]yearly|semi-?annual(?:ly)?|bi-?annual(?:ly)?|every (?:six|6) months|every half year|twice a year|"
        r"two times a year|each half year)",
        6.0,
    ),
    (r"(?:annual(?:ly)?|yearly|every year|each year|once a year|per year|every (?:twelve|12) months)", 12.0),
)
_REGULAR = r"(?:regular(?:ly)?|periodic(?:ally)?|routine(?:ly)?|on a regular basis)"
_AT_LEAST = r"(?:(?:and )?at (?:least|minimum)(?: once)? |at a minimum )?"


class Interval(NamedTuple):
    """How often at least, in months; None for "regularly". ``told`` is how it is written, ``rest`` the text without."""

    months: float | None
    told: str
    rest: str

    @property
    def given(self) -> bool:
        """Whether the text says how often."""
        return bool(self.told)


def read_interval(text: str) -> Interval:
    """How often a text in small letters says that something is done."""
    for pattern, months in _INTERVALS:
        if found := re.search(rf"\b{_AT_LEAST}{pattern}(?!\w)", text):
            return Interval(months, found.group(), text[: found.start()] + text[found.end() :])
    pattern = rf"\b(?:on a )?{_REGULAR}(?: basis)?\b"
    found = re.search(pattern, text)
    return Interval(None, found.group() if found else "", re.sub(pattern, "", text))


def is_as_often(told: Interval, asked: Interval) -> bool:
    """Whether something is done at least as often as is asked."""
    if asked.months is None:
        return told.given
    return told.months is not None and told.months <= asked.months
