"""What a reader has typed so far of a clause's number, or of words: "gl8 5", "14 5.1", "5.15 c", "backup 加". Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from retrieval.reference import fold_text

LONGEST = 200
"""Characters that are read; no title is longer."""

_TOKEN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]*)*|[\u3400-\u9fff]+")
_REGULATION = frozenset(("gl", "gls", "gn", "guideline", "guidelines", "指引"))
_UNIT = frozenset("s sec sect section sections para paras paragraph paragraphs clause clauses cl no 第".split())
_UNIT_AFTER = re.compile("^[條条段項项節节款]+")


class Is(StrEnum):
    """What a part of the text stands for; a figure may be a regulation's, a clause's or a standard's number."""

    REGULATION = "regulation"
    NUMBER = "number"
    FIGURE = "figure"
    LETTER = "letter"
    WORD = "word"
    CHINESE = "chinese"


class Part(NamedTuple):
    """One part of what was typed; an ``open`` one is the last, and may go on, as no bracket closes it."""

    kind: Is
    text: str
    open: bool


def read_typed(text: str) -> list[Part]:
    """The parts of a text in any case and width, in order; a regulation's is its number, empty before it is typed."""
    folded = fold_text(text[:LONGEST])
    tokens = _TOKEN.findall(folded)
    parts: list[tuple[Is, str]] = []
    for i, token in enumerate(tokens):
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        before = parts[-1][0] if parts else None
        numbered = following[:1].isdigit()
        if token in _REGULATION and (numbered or not following):
            parts.append((Is.REGULATION, ""))
        elif token in _UNIT and numbered:
            continue
        elif token[0].isdigit():
            parts += _read_number(parts, token, following, is_clause=i > 0 and tokens[i - 1] in _UNIT)
        elif token.isascii():
            is_letter = len(token) == 1 and before in (Is.NUMBER, Is.FIGURE)
            parts.append((Is.LETTER if is_letter else Is.WORD, token))
        else:
            named = _UNIT_AFTER.sub("", token) if before in (Is.NUMBER, Is.FIGURE) else token
            parts += [(Is.CHINESE, named)] if named else []
    is_closed = folded.rstrip().endswith(")")
    return [Part(kind, held, i == len(parts) - 1 and not is_closed) for i, (kind, held) in enumerate(parts)]


def _read_number(parts: list[tuple[Is, str]], token: str, following: str, *, is_clause: bool) -> list[tuple[Is, str]]:
    if parts and parts[-1] == (Is.REGULATION, ""):
        # "gl8.5.1": the regulation's number, then the clause's.
        issue, _, number = token.partition(".")
        parts[-1] = (Is.REGULATION, issue)
        return [(Is.NUMBER, number)] if number else []
    if "." in token or is_clause or (parts and parts[-1][0] is Is.REGULATION):
        return [(Is.NUMBER, token)]
    return [(Is.REGULATION, token)] if following[:1].isdigit() else [(Is.FIGURE, token)]
