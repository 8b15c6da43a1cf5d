"""The answers that a questionnaire allows, where it says so in a heading, a line or a small sheet. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.review.vocabulary import Meaning, read_meaning

LONGEST_CHOICE = 60
"""Characters: a longer text is no answer to choose."""
LONGEST_LINE = 600
"""Characters of a text that lists choices."""

MOST_CHOICES = 15
_MOST_LEGEND_ROWS = 40

_NOT_APPLICABLE = re.compile(r"\bn\s?/\s?a\b", re.IGNORECASE)
_KEPT = "\ue000"
_BETWEEN = re.compile(r"\s*(?:[/|;、／∕；\n\r]|,|，|\bor\b|或)\s*", re.IGNORECASE)
_LEAD = re.compile(
    r"^\s*(?:legend|key|(?:allowed|valid|possible|permitted|available|acceptable)? ?"
    r"(?:answers?|responses?|values?|options?|choices?)(?: options?| choices?| values?| key| legend)?|"
    r"(?:please )?(?:answer|choose|select)(?: one of| from)?|"
    r"圖例|图例|可選答案|可选答案|(?:答案|回覆|選項|选项))\s*(?:[:：]|$)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(（\[](?P<held>[^()（）\[\]]+)[)）\]]\s*$")
_PLAIN = re.compile(
    r"yes|no|y|n|partial(?:ly)?|full(?:y)?|none|n/?a|compliant|shared|provider|customer|是|否|不適用|部分|符合",
    re.IGNORECASE,
)
_PAIR = re.compile(r"^(?:yes ?/ ?no|y ?/ ?n|是 ?[/／∕] ?否)(?: ?[/／∕] ?[^/／∕]{1,20})*$", re.IGNORECASE)
_MEANING = re.compile(r"\s*(?:[:：=]|\s[-–—]\s).*$", re.DOTALL)


def split_choices(text: str) -> tuple[str, ...]:
    """What a text such as ``Yes / No / N/A`` lists, each once; empty where it lists nothing to choose from."""
    if len(text) > LONGEST_LINE:
        return ()
    held = _NOT_APPLICABLE.sub(lambda found: found[0].replace("/", _KEPT), text.strip().strip(".。"))
    found = [part.replace(_KEPT, "/").strip(" \t\"'“”•-") for part in _BETWEEN.split(held)]
    chosen = tuple(dict.fromkeys(part for part in found if part))
    return chosen if 2 <= len(chosen) <= MOST_CHOICES and all(len(one) <= LONGEST_CHOICE for one in chosen) else ()


def read_heading(text: str) -> tuple[str, ...]:
    """What a heading itself allows: ``Yes/No``, ``Response (Yes, No or N/A)``."""
    if len(text) > LONGEST_LINE:
        return ()
    if _PAIR.match(text.strip()):
        return split_choices(text)
    held = _BRACKETS.search(text)
    chosen = split_choices(held["held"]) if held else ()
    fit = any(_PLAIN.fullmatch(one) or read_meaning(one) in (Meaning.YES, Meaning.NO) for one in chosen)
    return chosen if fit else ()


def read_line(cells: Sequence[str]) -> tuple[str, ...]:
    """What a row or line allows that says so: ``Allowed answers: Yes / No``, in one cell or in several."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    lead = _LEAD.match(filled[0]) if filled else None
    if lead is None:
        return ()
    behind = filled[0][lead.end() :].strip()
    if behind:
        return split_choices(behind)
    return split_choices(filled[1]) if len(filled) == 2 else _check(filled[1:])


def is_plain_answer(text: str) -> bool:
    """Whether a text is an answer such as "Yes", "N/A" or "不適用"."""
    return _PLAIN.fullmatch(text.strip()) is not None


def find_legend(grid: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The allowed answers that a small sheet lists, in a line or below a heading; empty where it is no legend."""
    rows = [list(row) for row in grid if any(cell.strip() for cell in row)]
    if not rows or len(rows) > _MOST_LEGEND_ROWS:
        return ()
    for number, row in enumerate(rows):
        if line := read_line(row):
            return line
        for column, cell in enumerate(row):
            lead = _LEAD.match(cell)
            if lead is None or cell[lead.end() :].strip():
                continue
            below: list[str] = []
            for later in rows[number + 1 :]:
                if column >= len(later) or not later[column].strip():
                    break
                below.append(_MEANING.sub("", later[column].strip()[:LONGEST_LINE]))
            if found := _check(below):
                return found
    return ()


def _check(listed: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(listed))
    fit = 2 <= len(chosen) <= MOST_CHOICES and all(0 < len(one) <= LONGEST_CHOICE for one in chosen)
    return chosen if fit and any(_PLAIN.fullmatch(one) for one in chosen) else ()
