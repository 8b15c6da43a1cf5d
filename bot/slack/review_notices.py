"""Slack messages about reviews of questionnaires: how far one is, what came of it, why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.slack.blocks import Message
from bot.slack.mrkdwn import Block, context, cut, escape, plain, section
from retrieval.wording import Language

# Characters: of a file's name; of what is wrong with it; of a bar.
_LONGEST_NAME = 120
_LONGEST_PROBLEM = 1500
_BAR = 20


@dataclass(frozen=True, slots=True)
class _Notices:
    waiting: str
    starting: str
    progress: str
    done: str
    file_below: str
    comment: str
    draft: str
    failed: str
    moved: str
    problems: Mapping[str, str]


_NOTICES: Mapping[Language, _Notices] = {
    "en": _Notices(
        waiting="{name}: received. It waits for its turn; reviews ahead of it: {ahead}.",
        starting="{name}: received. The review begins.",
        progress="{name}: {percent}% reviewed, {done} of {total} questions.",
        done="{name}: reviewed. Questions: {total}; answered from the guide: {answered}; left to a person: {person}.",
        file_below="The filled file stands in this thread.",
        comment="Questions: {total} · answered from the guide: {answered} · left to a person, with reasons: {person}",
        draft="A draft: a person has to look through it and approve it.",
        failed="{name}: not reviewed. {problem}",
        moved="I can't put the filled file where it was asked for, so it stands here.",
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
            "too_large": "The file is too large: I review files of up to {size} MB. Split it.",
        },
    ),
    "zh-Hant": _Notices(
        waiting="{name}：已收到，正在輪候；前面還有 {ahead} 份審閱。",
        starting="{name}：已收到，開始審閱。",
        progress="{name}：已審閱 {percent}%，共 {total} 題，完成 {done} 題。",
        done="{name}：審閱完成。共 {total} 題；按指南作答 {answered} 題；留待專人處理 {person} 題。",
        file_below="已填寫的檔案在此討論串。",
        comment="共 {total} 題 · 按指南作答 {answered} 題 · 留待專人處理（已附原因）{person} 題",
        draft="這是草稿，須由專人審閱及批准。",
        failed="{name}：未能審閱。{problem}",
        moved="未能把已填寫的檔案放在原來的位置，因此放在這裡。",
        problems={
            "external": "檔案存放在 Slack 以外，我無法讀取：請上載檔案本身。",
            "gone": "我無法取得檔案：它已被刪除、隱藏，或沒有與我分享。請在此重新上載。",
            "kind": "我可審閱 .xlsx、.csv、.tsv、.docx、.json 及 .txt（每行一題）的問卷：請儲存為其中一種格式。",
            "not_taken": "Slack 不接受已填寫的檔案（{code}）：請聯絡工作區管理員。",
            "scopes": (
                "我未獲准在此讀寫檔案。請工作區管理員為應用程式加上 files:read 及 files:write 權限"
                "（以 --reviews 產生的 manifest 已包括），然後重新安裝。"
            ),
            "too_large": "檔案太大：我可審閱的檔案上限為 {size} MB，請分拆檔案。",
        },
    ),
}


def render_received(name: str, ahead: int, language: Language) -> Message:
    """That a file came in, and how many reviews are ahead of it."""
    words = _NOTICES[language]
    return _say(words.waiting if ahead else words.starting, name, ahead=ahead)


def render_progress(name: str, done: int, total: int, language: Language) -> Message:
    """How far a review is: in words, which a screen reader reads, and as a bar."""
    percent = 100 * done // max(total, 1)
    filled = _BAR * percent // 100
    bar = context(plain("█" * filled + "░" * (_BAR - filled)))
    return _say(_NOTICES[language].progress, name, bar, percent=percent, done=done, total=total)


def render_reviewed(name: str, answered: int, person: int, language: Language) -> Message:
    """That a review is done, with its counts."""
    words = _NOTICES[language]
    counts = {"total": answered + person, "answered": answered, "person": person}
    return _say(f"{words.done} {words.file_below}", name, **counts)


def render_not_reviewed(name: str, problem: str, language: Language) -> Message:
    """That a file could not be reviewed, and why."""
    return _say(_NOTICES[language].failed, name, problem=problem[:_LONGEST_PROBLEM])


def render_may_not_read(language: Language) -> Message:
    """That the app may not read files, and what an administrator has to do."""
    told = _NOTICES[language].problems["scopes"]
    return Message(told, [section(plain(told))])


def render_moved(name: str, language: Language) -> Message:
    """That a filled file stands elsewhere than it was asked for."""
    return _say(f"{{name}}: {_NOTICES[language].moved}", name)


def tell_problem(problem: str, language: Language, *, code: str = "", megabytes: int = 0) -> str:
    """Why a file can't be reviewed, and what to do: by the name of `bot.slack.files.Problem`."""
    return _NOTICES[language].problems[problem].format(code=code, size=megabytes)


def write_comment(answered: int, person: int, language: Language) -> str:
    """What stands above the filled file, as mrkdwn."""
    words = _NOTICES[language]
    counts = {"total": answered + person, "answered": answered, "person": person}
    return escape(f"{words.comment.format(**counts)}\n{words.draft}")


def _say(words: str, name: str, *more: Block, **values: object) -> Message:
    called = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    shown = words.format(name=called, **values)
    return Message(cut(shown, 2 * _LONGEST_PROBLEM), [section(plain(shown)), *more])
