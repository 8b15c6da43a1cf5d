"""The fixed words of every answer, in English and Traditional Chinese. Duties and quotes are never translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from corpus.models import Kind, Owner, Ownership

Language = Literal["en", "zh-Hant"]


@dataclass(frozen=True, slots=True)
class Labels:
    """What the values of an Answer are called in one language.

    ``ownership``, ``owner`` and ``kind`` are for badges and headings; ``carries`` answers "who?" in a
    sentence; ``silent`` says that the guide names no duty of a party. The rest are headings.
    """

    ownership: Mapping[Ownership, str]
    owner: Mapping[Owner, str]
    kind: Mapping[Kind, str]
    carries: Mapping[Ownership, str]
    silent: Mapping[Owner, str]
    source: str
    quote: str
    note: str
    update: str
    update_status: Mapping[str, str]
    as_of: str
    see_also: str
    closest: str
    choices: str
    together: str
    answers: str
    other_duties: str
    whole_clause: str
    confidence: Mapping[str, str]


LABELS: Mapping[Language, Labels] = {
    "en": Labels(
        ownership={
            Ownership.CSP_OWNED: "Provider (CSP-owned)",
            Ownership.CSC_OWNED: "Customer (CSC-owned)",
            Ownership.SHARED: "Shared (CSP and CSC)",
            Ownership.THIRD_PARTY: "Third party",
            Ownership.NONE: "No duty named",
        },
        owner={Owner.CSP: "Provider", Owner.CSC: "Customer", Owner.THIRD_PARTY: "Third party"},
        kind={Kind.OBLIGATION: "obligation", Kind.SERVICE: "service", Kind.EVIDENCE: "evidence"},
        carries={
            Ownership.CSP_OWNED: "The provider.",
            Ownership.CSC_OWNED: "The customer.",
            Ownership.SHARED: "Both: the provider and the customer each have duties.",
            Ownership.THIRD_PARTY: "A third party.",
            Ownership.NONE: "The guide names no duty here.",
        },
        silent={
            Owner.CSP: "The guide names no provider duty here.",
            Owner.CSC: "The guide names no customer duty here.",
            Owner.THIRD_PARTY: "The guide names no third party here.",
        },
        source="Source",
        quote="Quote",
        note="Note on the guide",
        update="Changed since",
        update_status={"confirmed": "confirmed", "reported": "reported only"},
        as_of="as of",
        see_also="See also",
        closest="Closest, not an answer",
        choices="Choose one",
        together="answered together with",
        answers="Answers the question",
        other_duties="Also under this clause",
        whole_clause="whole clause",
        confidence={"high": "high", "medium": "medium", "low": "low"},
    ),
    "zh-Hant": Labels(
        ownership={
            Ownership.CSP_OWNED: "供應商負責（CSP）",
            Ownership.CSC_OWNED: "客戶負責（CSC）",
            Ownership.SHARED: "共同負責（CSP 及 CSC）",
            Ownership.THIRD_PARTY: "第三方負責",
            Ownership.NONE: "未列明責任",
        },
        owner={Owner.CSP: "供應商", Owner.CSC: "客戶", Owner.THIRD_PARTY: "第三方"},
        kind={Kind.OBLIGATION: "責任", Kind.SERVICE: "服務", Kind.EVIDENCE: "證明"},
        carries={
            Ownership.CSP_OWNED: "由供應商負責。",
            Ownership.CSC_OWNED: "由客戶負責。",
            Ownership.SHARED: "雙方共同負責：供應商和客戶各有責任。",
            Ownership.THIRD_PARTY: "由第三方負責。",
            Ownership.NONE: "指南在此沒有列明任何一方的責任。",
        },
        silent={
            Owner.CSP: "指南在此沒有列明供應商的責任。",
            Owner.CSC: "指南在此沒有列明客戶的責任。",
            Owner.THIRD_PARTY: "指南在此沒有提及第三方。",
        },
        source="出處",
        quote="原文",
        note="指南註記",
        update="其後變更",
        update_status={"confirmed": "已確認", "reported": "僅屬報道"},
        as_of="截至",
        see_also="另見",
        closest="最接近的條文（並非答案）",
        choices="請選擇",
        together="一併回應",
        answers="回答問題",
        other_duties="本條其他內容",
        whole_clause="整條",
        confidence={"high": "高", "medium": "中", "low": "低"},
    ),
}


class Marks(NamedTuple):
    """The punctuation between the parts of a line, with its spaces: full-width in Chinese.

    ``between`` stands between the members of a list, ``stop`` between two sentences.
    """

    colon: str
    comma: str
    between: str
    semicolon: str
    opening: str
    closing: str
    stop: str


MARKS: Mapping[Language, Marks] = {
    "en": Marks(colon=": ", comma=", ", between=", ", semicolon="; ", opening=" (", closing=")", stop=". "),
    "zh-Hant": Marks(colon="：", comma="，", between="、", semicolon="；", opening="（", closing="）", stop="。"),
}


def bracket(told: str, language: Language) -> str:
    """What stands in brackets behind the word before it."""
    marks = MARKS[language]
    return f"{marks.opening}{told}{marks.closing}"


def join_names(names: Sequence[str], language: Language) -> str:
    """Names as running text: "A, B and C", or with Chinese marks."""
    if language == "zh-Hant":
        return "、".join(names)
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


_FULL_WIDTH = "。，、；：！？）」』】》"


def join_sentences(sentences: Iterable[str], language: Language) -> str:
    """Sentences as running text, empty ones left out.

    A space stands between two of them, but in Chinese none behind a full-width mark, which brings its own.
    """
    told = [sentence for sentence in sentences if sentence]
    if language != "zh-Hant":
        return " ".join(told)
    return "".join(each if each.endswith(tuple(_FULL_WIDTH)) else f"{each} " for each in told).rstrip()


def format_pages(pages: Sequence[int], language: Language) -> str:
    """Pages, ascending, as a citation names them: "page 9", "pages 11, 13-14", "unnumbered page"."""
    if not pages:
        return "沒有頁碼" if language == "zh-Hant" else "unnumbered page"
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    span = MARKS[language].between.join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
    if language == "zh-Hant":
        return f"第 {span} 頁"
    return f"page {span}" if len(pages) == 1 else f"pages {span}"


_MONTHS = "January February March April May June July August September October November December".split()


def format_date(date: str, language: Language) -> str:
    """A date of the pack ("2019", "2019-03", "2019-03-31") as people write it."""
    parts = [int(part) for part in date.split("-")]
    if language == "zh-Hant":
        return "".join(f"{number} {unit} " for number, unit in zip(parts, "年月日", strict=False)).strip()
    if len(parts) == 1:
        return str(parts[0])
    return " ".join([*map(str, parts[2:]), _MONTHS[parts[1] - 1], str(parts[0])])
