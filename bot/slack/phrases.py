"""What only Slack's readers are told, in English and Traditional Chinese; the rest: `retrieval.wording`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """Slack's own sentences in one language; those in braces are filled by `str.format`."""

    asks: str
    more: str
    left_out: str
    more_clauses: str
    look_up: str
    confidence: str
    unknown: str
    shortened: str


PHRASES: Mapping[Language, Phrases] = {
    "en": Phrases(
        asks="Requirement",
        more="… {count} more: ask for {ref}",
        left_out="… {count} more, left out here",
        more_clauses="… {count} more clauses: ask for {ref}",
        look_up="To read one: /clause {ref}",
        confidence="Confidence: {band}",
        unknown="not found in the guide: {terms}",
        shortened="… (shortened: ask for one clause)",
    ),
    "zh-Hant": Phrases(
        asks="要求",
        more="… 另有 {count} 項:請查詢 {ref}",
        left_out="… 另有 {count} 項,此處從略",
        more_clauses="… 另有 {count} 條條文:請查詢 {ref}",
        look_up="查閱其中一條:/clause {ref}",
        confidence="可信度:{band}",
        unknown="指南內找不到:{terms}",
        shortened="…(已縮短:請逐條查詢)",
    ),
}

USAGE = """\
Ask who does what about a clause of a regulation:
• mention me in a channel: who handles backups under GL8 5.1(c)?
• write to me directly: 客戶資料由誰備份?
• read a clause, seen by you alone: /clause GL8 5.1(c)
以中文或英文提問皆可。"""

FAULT = """\
A fault on my side kept me from answering. Please ask again, or ask for one clause, such as GL8 5.1(c).
系統出錯,未能回覆。請再試一次,或只查詢一條條文,例如 GL8 5.1(c)。"""
