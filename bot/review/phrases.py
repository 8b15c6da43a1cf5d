"""The fixed sentences of a review's comments, in English and Traditional Chinese. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.wording import MARKS, Language, join_names


class Phrases:
    """The sentences in English; a subclass says them in another language."""

    language: Language = "en"
    yes = "Yes."
    no = "No."
    remains = "Remains with the customer"
    closest = "Closest, not an answer"
    own_affairs = "Only the insurer can answer this: it is about the insurer's own affairs."
    vague = "The question may mean several clauses, so none is answered."
    choose = "None of the allowed answers follows from the guide in terms; a person has to choose."
    unowned = "Who is responsible does not follow from the guide in terms; a person has to say."
    shared = "Shared"
    differ = "The providers differ, so a person has to choose."
    kept = "The file has another answer here already, which stays; a person has to compare the two."
    untimed = "The guide gives no time or interval for this."
    other_provider = "The question is about a provider whose guide is not among those chosen."
    stale = "The guides or rules have changed since it was approved; look at it again."

    def unsure(self, value: float) -> str:
        """That what was found is not sure enough."""
        return f"Not sure enough to answer ({value:.2f})."

    def partly(self, missed: Sequence[str]) -> str:
        """That only a part of the question is answered."""
        return f"Answered in part only: what the guide says here does not name {join_names(missed, self.language)}."

    def many(self, count: int) -> str:
        """That too many clauses answer to be told in a cell."""
        return f"{count} clauses answer this; a person has to choose among them."

    def by_guide(self, provider: str) -> str:
        """Whose guide names the party before it."""
        return f"by {provider}'s guide"

    def more(self, count: int) -> str:
        """That further duties are not told here."""
        return f"(and {count} more)"

    def approved(self, reviewer: str, day: str) -> str:
        """Whose answer it is."""
        return f"Approved by {reviewer} on {day}; not from the guide."

    def not_allowed(self, answer: str) -> str:
        """That an approved answer is none of those that the file allows."""
        return f"The approved answer is none of those allowed here: {answer}"

    def guide_says(self, comment: str) -> str:
        """What the guide says beside a person's answer."""
        return f"The guide itself: {comment}"


class _Chinese(Phrases):
    language: Language = "zh-Hant"
    yes = "是。"
    no = "否。"
    remains = "仍由客戶負責"
    closest = "最接近的條文（並非答案）"
    own_affairs = "這關乎保險公司自己的事務，只有保險公司能夠回答。"
    vague = "問題可能指多條條文，因此沒有作答。"
    choose = "指南沒有明文支持任何一個可選答案，須由人選擇。"
    unowned = "指南沒有明文列出由誰負責，須由人填寫。"
    shared = "共同負責"
    differ = "各供應商的答案不同，須由人選擇。"
    kept = "檔案在此已有另一個答案，予以保留；須由人比較兩者。"
    untimed = "指南沒有就此列明時間或次數。"
    other_provider = "問題所指的供應商，其指南不在所選之列。"
    stale = "核准之後，指南或法規已有變更，請重新審視。"

    def unsure(self, value: float) -> str:
        return f"把握不足，沒有作答（{value:.2f}）。"

    def partly(self, missed: Sequence[str]) -> str:
        return f"只能回答部分問題：指南在此沒有提及{join_names(missed, self.language)}。"

    def many(self, count: int) -> str:
        return f"共有 {count} 條條文回答此問題，須由人選擇。"

    def by_guide(self, provider: str) -> str:
        return f"按 {provider} 的指南"

    def more(self, count: int) -> str:
        return f"（另有 {count} 項）"

    def approved(self, reviewer: str, day: str) -> str:
        return f"由 {reviewer} 於 {day} 核准；並非來自指南。"

    def not_allowed(self, answer: str) -> str:
        return f"已核准的答案不在此處可選之列：{answer}"

    def guide_says(self, comment: str) -> str:
        return f"指南本身：{comment}"


def phrases(language: Language) -> Phrases:
    """The sentences of one language."""
    return _Chinese() if language == "zh-Hant" else Phrases()


def list_lines(heading: str, names: Sequence[str], language: Language) -> str:
    """A heading and what stands under it, in one line; empty for nothing."""
    marks = MARKS[language]
    return f"{heading}{marks.colon}{marks.semicolon.join(names)}" if names else ""
