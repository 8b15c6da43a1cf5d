"""What a heading says its column holds, and whether a text asks something: English and Chinese. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

from bot.review.choices import read_heading

Kind = Literal["question", "weak", "answer", "party", "comment", "reference", "options", "id", "other", "none"]
"""``weak`` is a column that holds the questions only where nothing better does: a description, a statement; ``party``
one of who is responsible, which is the answer where no other is."""

LONGEST_HEADING = 80
"""Characters: a longer text is no heading."""
_MOST_WORDS = 9

# In this order: "Question ID" holds no questions, "Response guidance" no responses, "Answer options" no answers.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "party",
        re.compile(
            r"^(?:(?:shared )?responsibility(?: allocation| assignment| split)?|allocation of responsibilit(?:y|ies)|"
            r"responsible(?: party| parties| side)?|(?:ssrm )?control ownership|who is responsible)$"
            r"|^(?:負責|负责|責任|责任)(?:方|歸屬|归属|分配|劃分|划分)$"
        ),
    ),
    (
        "options",
        re.compile(
            r"^options?$|\b(?:allowed|valid|possible|permitted|available|acceptable) "
            r"(?:answers?|responses?|values?|options?|choices?)|\bchoices\b|\bpick ?list\b|\bdrop ?down\b"
            r"|\b(?:answer|response) (?:options?|choices?|values?|types?|list)\b"
            r"|可選(?:答案|回覆|項)|(?:答案|回覆)選項|選項|选项"
        ),
    ),
    (
        "other",
        re.compile(
            r"\b(?:guidance|guidelines? for|examples?|expected|sample|instructions?|help|hints?|tips?|"
            r"weight(?:ing|age)?|scor(?:e|es|ing)|points|rating|priority|severity|risk|type|category|domain|family|group|topic|area|"
            r"section|theme|title|subject|date|due|reviewers?|assessors?|auditors?|internal|attach(?:ment|ed)s?|owner(?:ship)?|"
            r"count|total|tags?|role|version|mandatory|required|applicable|language)\b"
            r"|填寫|範例|示例|例子|權重|权重|分數|得分|類別|类别|領域|分類|章節|標題|日期|負責|審閱|覆核|評分|優先|風險"
        ),
    ),
    (
        "id",
        re.compile(
            r"^(?:#|no|nr|num|s n|sn|sr no|serial|seq|index|item no|row|編號|编号|序號|序号|項次|题号|題號|號碼|"
            r"項目編號)$"
            r"|(?<!/)(?<!/ )\b(?:id|ids|no|number|code|num|identifier|qid)$|^q(?:uestion)? ?#$|(?:編號|编号|代碼|序號)$"
        ),
    ),
    (
        "comment",
        re.compile(
            r"\b(?:implementation descriptions?|comments?|remarks?|explanations?|explain|evidence|"
            r"notes?|details|justifications?|rationale|elaborat\w+"
            r"|supporting (?:info\w*|doc\w*)|additional info\w*|further info\w*|clarifications?|reasons?)\b"
            r"|備註|备注|附註|附注|備注|註釋|說明|说明|意見|意见|證據|证据|佐證|解釋|解释|補充|补充|理由"
        ),
    ),
    (
        "reference",
        re.compile(
            r"\b(?:refs?|references?|clauses?|regulations?|regulatory|guidelines?|provisions?|gl ?\d{1,3}|gn ?\d{1,3}|"
            r"mapping|source)\b|條文|条文|條款|条款|參考|参考|法規|依據|出處"
        ),
    ),
    (
        "answer",
        re.compile(
            r"\b(?:answers?|responses?|reply|replies|compl(?:iance|iant|ied|y|ies)|yes ?/? ?(?:or )?no|y ?/? ?n|"
            r"conform\w*|implementation status|met|meets|fulfil\w*|satisf\w*|in place)\b"
            r"|回覆|回复|答覆|答复|答案|回答|回應|回应|作答|符合|合規|合规|遵守|是 ?/ ?否|是否$"
        ),
    ),
    (
        "question",
        re.compile(
            r"\b(?:questions?|query|queries|requirements?|controls?|inquir(?:y|ies)|enquir(?:y|ies)|asks?|criteri(?:a|on)|"
            r"obligations?|measures?)\b|問題|问题|提問|查詢|題目|题目|要求|規定|规定|管制措施|控制措施|措施|準則|义务|義務"
        ),
    ),
    (
        "weak",
        re.compile(
            r"\b(?:descriptions?|statements?|items?|texts?|checks?|specifications?|duty|duties)\b"
            r"|描述|內容|内容|事項|事项|項目|项目|條件|检查|檢查"
        ),
    ),
)
_ASKED = re.compile(r"(?:questions?|query|queries|requirements?|controls?)$|(?:問題|问题|要求|管制措施|控制措施)$")
# "Requirement details", "問題說明": the question at length, not what is said about it.
_AT_LENGTH = re.compile(
    r"\b(?:questions?|requirements?|controls?) (?:details?|texts?|wording|statements?|descriptions?)$"
    r"|(?:問題|问题|要求|措施)(?:說明|说明|描述|內容|内容)$"
)
_STATUS = re.compile(
    r"^(?:(?:current|control|vendor|supplier|provider|overall) )?(?:status|state)$"
    r"|^(?:目前|現時)?(?:狀態|狀況|情況|进度|進度)$"
)
_BEST = re.compile(r"\b(?:questions?|query|queries)\b|問題|问题|提問|題目|题目")
_BETTER = re.compile(r"\brequirements?\b|要求")
_NOT_WORD = re.compile(r"[^\w/#+&%]+")
_ASKING = re.compile(
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would|should|shall|may|must|what|how|who|whom|whose|which|"
    r"where|when|why|if so|describe|explain|list|specify|confirm|indicate|identify|detail|outline|summari[sz]e|"
    r"(?:please )?(?:describe|explain|list|specify|confirm|indicate|provide|state|give|detail|outline|"
    r"identify))\b[\s,]+\S"
    r"|是否|有否|有沒有|有无|有無|如何|怎樣|怎样|哪|誰|谁|會否|能否|可否|請(?:說明|描述|列|提供|解釋|確認)|请(?:说明|描述|列|提供)"
    r"|甚麼|什麼|什么|為何|为何"
)
_ASKING_ANYWHERE = re.compile(r"[?？]|是否|有否|有沒有|會否|能否|嗎|吗")
_BINDING = re.compile(
    r"\b(?:must|shall|should|is required to|are required to|needs? to)\b|必須|必须|應當|应当|須|"
    r"(?<![供相反回對])[应應](?![用變变商急對对答])"
)
_NUMBERING = re.compile(
    r"(?:[(（]?(?:\d{1,3}|[a-z]|[ivx]{1,4})[)）.、:：]|[qQ問题題]\s?\d{0,3}[.):：、]|[-*•‣◦–·])\s+|"
    r"[(（]\d{1,3}[)）]\s*|\d{1,3}、\s*",
    re.IGNORECASE,
)
_NO_QUESTION = re.compile(
    r"(?:(?:sub ?-?|grand )?totals?|(?:overall |max\w* |average )?scores?|sum|instructions?|legend)\b"
    r"\W*+(?:\w++\W*+){0,2}$|notes?[:：]|legend[:：]|"
    r"end of (?:the )?(?:\w+ )?(?:questionnaire|section|document|sheet|form|survey|part|list)\b|"
    r"n/?a$|continued\b|page \d|(?:allowed|valid|possible|permitted) (?:answers?|responses?|values?)\b|answer options\b"
    r"|合計|總計|总计|小計|小计|圖例|图例|備註[:：]|註[:：]|完$",
    re.IGNORECASE,
)


def fold_heading(text: str) -> str:
    """A heading as it is compared: in lower case, full-width forms folded, without punctuation."""
    return (
        _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text[: LONGEST_HEADING * 2]).lower()).replace("_", " ").strip()
    )


@lru_cache(maxsize=4096)
def name_kind(text: str) -> Kind:
    """What a column headed so holds; ``none`` where the text is no heading that is known."""
    # What stands in brackets says how to fill a column in: "Answer (Yes / No, explain in comments)".
    before = re.sub(r"[(（\[].*", "", text, flags=re.DOTALL)
    if not text or len(before.strip() or text) > LONGEST_HEADING:
        return "none"
    folded = fold_heading(text)
    if folded == "" and text.strip() == "#":
        return "id"
    plain = fold_heading(before) or folded
    if not folded or len(plain.split()) > _MOST_WORDS:
        return "none"
    if _AT_LENGTH.search(plain):
        return "question"
    asked = _ASKED.search(plain) is not None
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            # "Mandatory requirement", "Risk question".
            return "question" if kind == "other" and asked else kind
    # "Status" alone may be anybody's; one that lists answers is asked for.
    return "answer" if _STATUS.match(plain) and read_heading(text) else "none"


def rank_question(text: str) -> int:
    """How well a heading names the questions, from 0: "Description", "Control", "Requirement", "Question"."""
    if name_kind(text) != "question":
        return 0
    folded = fold_heading(text)
    return 3 if _BEST.search(folded) else 2 if _BETTER.search(folded) else 1


def is_asking(text: str) -> bool:
    """Whether a text asks: a question mark, or a beginning that only a question or a request has."""
    return bool(_ASKING_ANYWHERE.search(text) or _ASKING.match(strip_numbering(text).lower()))


def is_binding(text: str) -> bool:
    """Whether a text says what somebody must do."""
    return bool(_BINDING.search(text.lower()))


def is_long(text: str) -> bool:
    """Whether a text has the length of a sentence: 7 words, or 12 Chinese characters."""
    return text.count(" ") >= 6 or sum("\u4e00" <= sign <= "\u9fff" for sign in text[:60]) >= 12


def is_like(text: str) -> bool:
    """Whether a text may well be a question or a requirement."""
    return is_asking(text) or is_binding(text) or is_long(text)


def is_none(text: str) -> bool:
    """Whether a text beside the questions is none: blank, a number, a total, a note."""
    return not any(sign.isalpha() for sign in text) or _NO_QUESTION.match(text.strip()) is not None


def strip_numbering(text: str) -> str:
    """A question without the number, letter or bullet before it; what names a clause ("5.12 …") stays."""
    stripped = text.strip()
    found = _NUMBERING.match(stripped)
    return stripped[found.end() :].strip() if found and found.end() < len(stripped) else stripped
