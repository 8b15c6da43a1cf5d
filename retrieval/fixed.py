"""The sentences with which an answer says what became of a question, in English and Traditional Chinese. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.models import Owner
from retrieval.resolve import Entry, Resolution
from retrieval.wording import LABELS, Language, format_pages, join_names


class Fixed:
    """The sentences in English; a subclass says them in another language."""

    language: Language = "en"
    not_found = "The guide does not answer this."
    too_vague = (
        "Which duty do you mean? Name a clause (GL8 5.1(c)) or a subject (backups, penetration tests, exit), "
        "or choose one."
    )
    nearby = "Clauses nearby that the guide answers"
    elsewhere = "The clause of that number"

    confirms_nothing = "Clausebot confirms and promises nothing; this is what the guide says."
    no_time = "The guide gives no time or interval for this."
    requirement_stays = "The guide names no customer obligation here; the requirement itself stays the insurer's."
    no_plain_answer = "The guide gives no plain yes or no."
    no_number = "The guide does not answer this: it gives no number for it."

    def only_offers(self, party: str) -> str:
        """That a party offers what was asked about, and nobody is obliged."""
        return f"The {party.lower()} offers this; the guide names no obligation."

    def only_shows(self, party: str) -> str:
        """That a party states what was asked about, and nobody has to do anything."""
        return f"The {party.lower()} states this; the guide names no obligation."

    def listed(self, shared: bool, owner: Owner | None, page: int | None, count: int) -> str:
        """What a list of clauses holds, and how many."""
        if page is not None:
            return f"On page {page} of the guide: {count} passages." if count > 1 else f"On page {page} of the guide:"
        clauses = "1 clause" if count == 1 else f"{count} clauses"
        if shared or owner is None:
            return f"{clauses}, with obligations on both sides."
        return f"{clauses} with an obligation of the {LABELS[self.language].owner[owner].lower()}."

    def names_nobody(self, subjects: Sequence[str]) -> str:
        """That what was asked about stands in the requirement only."""
        return (
            f"The guide's response names nobody for {self._names(subjects)}: only the requirement speaks of it, "
            "and a requirement is the insurer's."
        )

    def says_nothing(self, clauses: Sequence[str], subjects: Sequence[str], elsewhere: Sequence[str]) -> str:
        """That the clause asked about does not speak of the subject, and which one does."""
        see = f"; see {self._names(elsewhere)}" if elsewhere else ""
        verb = "says" if len(clauses) == 1 else "say"
        return f"{self._names(clauses)} {verb} nothing about {self._names(subjects)}{see}."

    def denied(self, duty: str) -> str:
        """The answer to a yes-or-no question that a duty denies in terms."""
        return f"No: {duty}"

    def on_pages(self, pages: Sequence[int]) -> str:
        """The answer to "which page?"."""
        named = format_pages(pages, self.language)
        return f"{named[:1].upper()}{named[1:]}."

    def follows(self, clauses: Sequence[str]) -> str:
        """That a question was read as one about the clauses of the conversation."""
        return f"On {self._names(clauses)}, as before."

    def _names(self, names: Sequence[str]) -> str:
        return join_names(names, self.language)

    def never_mentions(self, concepts: Sequence[str]) -> str:
        """What the question asks for and the guide never speaks of."""
        return f"The guide does not answer this: it never mentions {self._names(concepts)}."

    def part_never_mentioned(self, concepts: Sequence[str]) -> str:
        """What one of several questions asks for and the guide never speaks of."""
        return f"The guide never mentions {self._names(concepts)}; on the rest:"

    def no_response(self, clause: str, reason: str | None) -> str:
        """A clause without a response, and what the pack knows of it."""
        return f"The guide has no response to {clause}" + (f": {reason}." if reason else ".")

    def unknown_regulation(self, clause: str, known: Sequence[str]) -> str:
        """A regulation that no loaded guide answers."""
        return f"The guide has no response to {clause}: it answers {self._names(known)} only."

    def wrong_regulation(self, clause: str, elsewhere: Sequence[str]) -> str:
        """A clause number that stands under another regulation."""
        return f"The guide has no response to {clause}; what it answers is {self._names(elsewhere)}."

    def silent_guide(self, guide: str, clause: str) -> str:
        """A clause that another guide answers and this one does not."""
        return f"{guide}: no response to {clause}."

    def partial(self, clause: str, found: Sequence[Entry]) -> str:
        """A clause of which the guide answers only parts."""
        return f"Of {clause} the guide answers only {self._names(list_refs(found))}."

    def read_as(self, corrections: Sequence[tuple[str, str]]) -> str:
        """Mistyped words and what they were read as."""
        return "Read as: " + ", ".join(f"{read} (typed: {typed})" for typed, read in corrections) + "."


class _Chinese(Fixed):
    language: Language = "zh-Hant"
    not_found = "指南沒有回答這個問題。"
    too_vague = "你想問哪一項責任？請寫出條文（例如 GL8 5.1(c)）或題目（例如備份、滲透測試、退出），或選擇其一。"
    nearby = "指南有回應的鄰近條文"
    elsewhere = "該編號的條文"

    confirms_nothing = "Clausebot 不確認亦不保證任何事；以下是指南的內容。"
    no_time = "指南沒有就此列明時間或次數。"
    requirement_stays = "指南在此沒有列明客戶的責任；條文要求本身仍由保險公司負責。"
    no_plain_answer = "指南沒有直接答是或否。"
    no_number = "指南沒有回答這個問題：指南沒有就此列明數字。"

    def listed(self, shared: bool, owner: Owner | None, page: int | None, count: int) -> str:
        if page is not None:
            return f"指南第 {page} 頁有 {count} 項內容。"
        if shared or owner is None:
            return f"共 {count} 條，雙方均有責任。"
        return f"共 {count} 條列明{LABELS[self.language].owner[owner]}的責任。"

    def only_offers(self, party: str) -> str:
        return f"{party}提供此項；指南沒有列明任何一方必須這樣做。"

    def only_shows(self, party: str) -> str:
        return f"{party}如此說明；指南沒有列明任何一方的責任。"

    def names_nobody(self, subjects: Sequence[str]) -> str:
        return f"指南的回應沒有列明{self._names(subjects)}由誰負責：只有條文要求提及，而條文要求是對保險公司的。"

    def says_nothing(self, clauses: Sequence[str], subjects: Sequence[str], elsewhere: Sequence[str]) -> str:
        see = f"；請看 {self._names(elsewhere)}" if elsewhere else ""
        return f"{self._names(clauses)} 沒有提及{self._names(subjects)}{see}。"

    def denied(self, duty: str) -> str:
        return f"否：{duty}"

    def on_pages(self, pages: Sequence[int]) -> str:
        return f"{format_pages(pages, self.language)}。"

    def follows(self, clauses: Sequence[str]) -> str:
        return f"承上文，關於 {self._names(clauses)}。"

    def never_mentions(self, concepts: Sequence[str]) -> str:
        return f"指南沒有回答這個問題：指南從未提及{self._names(concepts)}。"

    def part_never_mentioned(self, concepts: Sequence[str]) -> str:
        return f"指南從未提及{self._names(concepts)}；其餘部分如下："

    def no_response(self, clause: str, reason: str | None) -> str:
        return f"指南沒有回應 {clause}。"

    def unknown_regulation(self, clause: str, known: Sequence[str]) -> str:
        return f"指南沒有回應 {clause}：指南只回應 {self._names(known)}。"

    def wrong_regulation(self, clause: str, elsewhere: Sequence[str]) -> str:
        return f"指南沒有回應 {clause}；指南回應的是 {self._names(elsewhere)}。"

    def silent_guide(self, guide: str, clause: str) -> str:
        return f"{guide}：沒有回應 {clause}。"

    def partial(self, clause: str, found: Sequence[Entry]) -> str:
        return f"就 {clause}，指南只回應 {self._names(list_refs(found))}。"

    def read_as(self, corrections: Sequence[tuple[str, str]]) -> str:
        return "已理解為：" + "、".join(f"{read}（原文：{typed}）" for typed, read in corrections) + "。"


def list_refs(found: Sequence[Entry]) -> list[str]:
    """The references of some passages, each once, however many guides have it."""
    return list(dict.fromkeys(entry.passage.ref for entry in found))


def fixed_sentences(language: Language) -> Fixed:
    """The sentences of one language."""
    return _Chinese() if language == "zh-Hant" else Fixed()


def missing_sentence(resolution: Resolution, say: Fixed, regulations: Sequence[str]) -> str:
    """What to say of a reference that leads to no clause.

    Args:
        resolution: where it leads.
        say: the sentences of the answer's language.
        regulations: those that the loaded guides answer.
    """
    if not resolution.is_known_regulation:
        return say.unknown_regulation(resolution.label, regulations)
    if resolution.elsewhere:
        return say.wrong_regulation(resolution.label, [entry.passage.ref for entry in resolution.elsewhere])
    return say.no_response(resolution.label, resolution.reason)
