"""What only readers in a chat are told of an answer, in English and Chinese; the rest: `retrieval.wording`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.models import Ownership
from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """A chat's own words around an answer in one language; those in braces are filled by `str.format`."""

    asks: str
    more: str
    others: str
    more_clauses: str
    confidence: str
    unknown: str
    shortened: str
    clauses: str
    together: str
    carrier: Mapping[Ownership, str]
    none_named: str
    column_clause: str
    column_who: str
    in_source: str
    in_sources: str
    doubts: str
    terms: str
    updates: str
    dated: str
    currency: str
    note_kind: Mapping[str, str]
    source: str
    related: str
    open_clause: str
    ask_person: str
    ask_person_title: str
    ask_person_text: str
    ask_person_yes: str
    ask_person_no: str
    share: str
    helpful: str
    unhelpful: str
    choose: str
    nearby: str
    shared: str
    left_out_choices: str
    matrix_title: str
    matrix_notice: str
    not_answered: str
    no_matrix: str


PHRASES: Mapping[Language, Phrases] = {
    "en": Phrases(
        asks="Requirement",
        more="… {count} more, in Source",
        others="Also under this clause: {count} more, in Source",
        more_clauses="… {count} more clauses: ask for them by number",
        confidence="Confidence: {band}",
        unknown="not found in the guide: {terms}",
        shortened="… (shortened: ask for one clause)",
        clauses="{count} clauses",
        together="together",
        carrier={
            Ownership.CSP_OWNED: "Provider",
            Ownership.CSC_OWNED: "Customer",
            Ownership.SHARED: "Shared",
            Ownership.THIRD_PARTY: "Third party",
            Ownership.NONE: "No duty named",
        },
        none_named="none named",
        column_clause="Clause",
        column_who="Who",
        in_source="In Source: {kinds}",
        in_sources="In the clauses' sources: {kinds}",
        doubts="notes on the guide ({count}: {kinds})",
        terms="terms explained ({count})",
        updates="changes since ({count})",
        dated="dated facts ({count})",
        currency="how current the guide is",
        note_kind={
            "misprint": "misprint",
            "contradiction": "contradiction",
            "ambiguity": "ambiguity",
            "omission": "omission",
            "term": "term",
        },
        source="Source",
        related="Related clauses",
        open_clause="Read one clause",
        ask_person="Ask a person",
        ask_person_title="Ask a person?",
        ask_person_text="Your question and the clauses found are posted, with your name, to the people who help here.",
        ask_person_yes="Ask",
        ask_person_no="Cancel",
        share="Share to channel",
        helpful="This answer helped",
        unhelpful="This answer did not help",
        choose="Choose a clause",
        nearby="Clauses nearby that the guide answers",
        shared="shared this answer to:",
        left_out_choices="… {count} more",
        matrix_title="Responsibility matrix: {names}",
        matrix_notice="Restated from the guide, which alone counts. No legal advice; it confirms no compliance.",
        not_answered="not answered",
        no_matrix="No guide answers that regulation. Those answered are: {names}.",
    ),
    "zh-Hant": Phrases(
        asks="要求",
        more="… 另有 {count} 項，見「出處」",
        others="本條其他內容：{count} 項，見「出處」",
        more_clauses="… 另有 {count} 條條文：請按編號查詢",
        confidence="可信度：{band}",
        unknown="指南內找不到：{terms}",
        shortened="…（已縮短：請逐條查詢）",
        clauses="{count} 條條文",
        together="合計",
        carrier={
            Ownership.CSP_OWNED: "供應商",
            Ownership.CSC_OWNED: "客戶",
            Ownership.SHARED: "共同",
            Ownership.THIRD_PARTY: "第三方",
            Ownership.NONE: "未列明",
        },
        none_named="沒有列明",
        column_clause="條文",
        column_who="負責方",
        in_source="見「出處」：{kinds}",
        in_sources="見各條的「出處」：{kinds}",
        doubts="指南註記 {count} 項（{kinds}）",
        terms="用語解釋 {count} 項",
        updates="其後變更 {count} 項",
        dated="附日期的事實 {count} 項",
        currency="指南的時效",
        note_kind={
            "misprint": "誤植",
            "contradiction": "矛盾",
            "ambiguity": "含糊",
            "omission": "遺漏",
            "term": "用語",
        },
        source="出處",
        related="相關條文",
        open_clause="閱讀其中一條",
        ask_person="請教專人",
        ask_person_title="請教專人？",
        ask_person_text="你的問題、找到的條文和你的名字會轉交負責協助的同事。",
        ask_person_yes="轉交",
        ask_person_no="取消",
        share="分享到頻道",
        helpful="這個答案有幫助",
        unhelpful="這個答案沒有幫助",
        choose="選擇條文",
        nearby="指南有回應的鄰近條文",
        shared="分享了以下問題的答案：",
        left_out_choices="… 另有 {count} 項",
        matrix_title="責任矩陣：{names}",
        matrix_notice="依指南重述，一切以指南為準。這不是法律意見，也不確認合規。",
        not_answered="沒有回應",
        no_matrix="沒有指南回應該規例。有回應的是：{names}。",
    ),
}
