"""Slack messages about reviews of questionnaires: how far one is, what came of it, why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.review.notices import (
    NOTICE_PHRASES,
    Notice,
    draw_bar,
    notice_not_reviewed,
    notice_progress,
    notice_received,
    notice_reviewed,
    tell_counts,
    tell_too_large,
)
from bot.slack.blocks import Message
from bot.slack.mrkdwn import Block, context, cut, escape, plain, section
from retrieval.wording import Language, join_sentences

_LONGEST_READING = 3000


@dataclass(frozen=True, slots=True)
class _Words:
    file_below: str
    moved: str
    problems: Mapping[str, str]


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        file_below="The filled file stands in this thread.",
        moved="{name}: I can't put the filled file where it was asked for, so it stands here.",
        problems={
            "external": "The file is kept outside Slack, where I can't read it: upload the file itself.",
            "gone": "I can't get at the file: it is deleted, hidden, or not shared with me. Upload it here again.",
            "kind": (
                "I review questionnaires as .xlsx, .csv, .tsv, .docx, .json and .txt (a question a line): save it as "
                "one of those."
            ),
            "not_taken": "Slack does not take the filled file ({code}): ask an administrator of the workspace.",
            "scopes": (
                "I may not read and write files here yet. An administrator of the workspace adds the scopes files:read "
                "and files:write to the app (its manifest has them with --reviews), and installs it again."
            ),
        },
    ),
    "zh-Hant": _Words(
        file_below="已填寫的檔案在此討論串。",
        moved="{name}：未能把已填寫的檔案放在原來的位置，因此放在這裡。",
        problems={
            "external": "檔案存放在 Slack 以外，我無法讀取：請上載檔案本身。",
            "gone": "我無法取得檔案：它已被刪除、隱藏，或沒有與我分享。請在此重新上載。",
            "kind": "我可審閱 .xlsx、.csv、.tsv、.docx、.json 及 .txt（每行一題）的問卷：請儲存為其中一種格式。",
            "not_taken": "Slack 不接受已填寫的檔案（{code}）：請聯絡工作區管理員。",
            "scopes": (
                "我未獲准在此讀寫檔案。請工作區管理員為應用程式加上 files:read 及 files:write 權限"
                "（以 --reviews 產生的 manifest 已包括），然後重新安裝。"
            ),
        },
    ),
}


def render_received(name: str, ahead: int, language: Language) -> Message:
    """That a file came in, and how many reviews are ahead of it."""
    return _say(notice_received(name, ahead, language))


def render_progress(name: str, done: int, total: int, language: Language) -> Message:
    """How far a review is: in words, which a screen reader reads, and as a bar."""
    return _say(notice_progress(name, done, total, language), context(plain(draw_bar(done, total))))


def render_reviewed(name: str, answered: int, person: int, language: Language) -> Message:
    """That a review is done, with its counts."""
    told = notice_reviewed(name, answered, person, language).write()
    return _draw(join_sentences((told, _WORDS[language].file_below), language))


def render_not_reviewed(name: str, problem: str, language: Language) -> Message:
    """That a file could not be reviewed, and why."""
    return _say(notice_not_reviewed(name, problem, language))


def render_may_not_read(language: Language) -> Message:
    """That the app may not read files, and what an administrator has to do."""
    return _draw(_WORDS[language].problems["scopes"])


def render_moved(name: str, language: Language) -> Message:
    """That a filled file stands elsewhere than it was asked for."""
    return _say(Notice(_WORDS[language].moved, name))


def tell_problem(problem: str, language: Language, *, code: str = "", megabytes: int = 0) -> str:
    """Why a file can't be reviewed, and what to do: by the name of `bot.slack.files.Problem`."""
    if problem == "too_large":
        return tell_too_large(megabytes, language)
    return _WORDS[language].problems[problem].format(code=code)


def write_comment(answered: int, person: int, language: Language) -> str:
    """What stands above the filled file, as mrkdwn."""
    return escape(f"{tell_counts(answered, person, language)}\n{NOTICE_PHRASES[language].draft}")


def _say(notice: Notice, *more: Block) -> Message:
    return _draw(notice.write(), *more)


def _draw(told: str, *more: Block) -> Message:
    return Message(cut(told, _LONGEST_READING), [section(plain(told)), *more])
