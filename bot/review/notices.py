"""What every channel says while a questionnaire is reviewed, in English and Traditional Chinese. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from retrieval.wording import Language

# Characters: of a file's name, and of what is wrong with it; a bar's squares.
LONGEST_NAME = 120
_LONGEST_PROBLEM = 1500
_BAR = 20


@dataclass(frozen=True, slots=True)
class NoticePhrases:
    """One language's words; those in braces are filled by `str.format`."""

    waiting: str
    starting: str
    progress: str
    reviewed: str
    counts: str
    draft: str
    failed: str
    too_large: str


NOTICE_PHRASES: Mapping[Language, NoticePhrases] = {
    "en": NoticePhrases(
        waiting="{name}: received. It waits for its turn; reviews ahead of it: {ahead}.",
        starting="{name}: received. The review begins.",
        progress="{name}: {percent}% reviewed, {done} of {total} questions.",
        reviewed=(
            "{name}: reviewed. Questions: {total}; answered from the guide: {answered}; left to a person: {person}."
        ),
        counts="Questions: {total} · answered from the guide: {answered} · left to a person, with reasons: {person}",
        draft="A draft: a person has to look through it and approve it.",
        failed="{name}: not reviewed. {problem}",
        too_large="The file is too large: I review files of up to {size} MB. Split it.",
    ),
    "zh-Hant": NoticePhrases(
        waiting="{name}：已收到，正在輪候；前面還有 {ahead} 份審閱。",
        starting="{name}：已收到，開始審閱。",
        progress="{name}：已審閱 {percent}%，共 {total} 題，完成 {done} 題。",
        reviewed="{name}：審閱完成。共 {total} 題；按指南作答 {answered} 題；留待專人處理 {person} 題。",
        counts="共 {total} 題 · 按指南作答 {answered} 題 · 留待專人處理（已附原因）{person} 題",
        draft="這是草稿，須由專人審閱及批准。",
        failed="{name}：未能審閱。{problem}",
        too_large="檔案太大：我可審閱的檔案上限為 {size} MB，請分拆檔案。",
    ),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about a file, before a channel marks it up: ``values`` fill the words beside the file's name."""

    words: str
    name: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)

    def write(self, escape: Callable[[str], str] = str, stress: Callable[[str], str] = str) -> str:
        """As text.

        Args:
            escape: keeps what came from elsewhere from being read as the channel's markup.
            stress: marks the file's name, once that is escaped.
        """
        given = {key: escape(value) if isinstance(value, str) else value for key, value in self.values.items()}
        return self.words.format(name=stress(escape(shorten(self.name, LONGEST_NAME))), **given)


def notice_received(name: str, ahead: int, language: Language) -> Notice:
    """That a file came in, and how many reviews are ahead of it."""
    words = NOTICE_PHRASES[language]
    return Notice(words.waiting if ahead else words.starting, name, {"ahead": ahead})


def notice_progress(name: str, done: int, total: int, language: Language) -> Notice:
    """How far a review is, in words, which a screen reader reads; beside them `draw_bar`."""
    values = {"percent": _percent(done, total), "done": done, "total": total}
    return Notice(NOTICE_PHRASES[language].progress, name, values)


def notice_reviewed(name: str, answered: int, person: int, language: Language) -> Notice:
    """That a review is done, with its counts."""
    return Notice(NOTICE_PHRASES[language].reviewed, name, _count(answered, person))


def notice_not_reviewed(name: str, problem: str, language: Language) -> Notice:
    """That a file could not be reviewed, and why."""
    return Notice(NOTICE_PHRASES[language].failed, name, {"problem": shorten(problem, _LONGEST_PROBLEM)})


def tell_counts(answered: int, person: int, language: Language) -> str:
    """How many questions are answered and how many left to a person: a line, without a full stop."""
    return NOTICE_PHRASES[language].counts.format(**_count(answered, person))


def tell_too_large(megabytes: int, language: Language) -> str:
    """That a file is larger than is reviewed."""
    return NOTICE_PHRASES[language].too_large.format(size=megabytes)


def draw_bar(done: int, total: int) -> str:
    """How far a review is, as a bar of squares."""
    filled = _BAR * _percent(done, total) // 100
    return "█" * filled + "░" * (_BAR - filled)


def shorten(text: str, limit: int) -> str:
    """The text in at most so many characters; where it is cut it ends in "…"."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _percent(done: int, total: int) -> int:
    return 100 * done // max(total, 1)


def _count(answered: int, person: int) -> dict[str, int]:
    return {"total": answered + person, "answered": answered, "person": person}
