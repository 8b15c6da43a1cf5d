"""What is said of reviews in Teams: how far one is, what came of it, why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.teams.elements import cut, escape_markdown
from bot.teams.reply import Reply
from retrieval.wording import Language

_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
_INFO = "application/vnd.microsoft.teams.card.file.info"

# Characters: of a file's name, of what is wrong with it, of a notification, of a bar.
_LONGEST_NAME = 120
_LONGEST_PROBLEM = 1500
_LONGEST_SUMMARY = 200
_BAR = 20


@dataclass(frozen=True, slots=True)
class _Notices:
    waiting: str
    starting: str
    progress: str
    done: str
    save_below: str
    counts: str
    draft: str
    saved: str
    declined: str
    gone: str
    not_saved: str
    failed: str
    how: str
    elsewhere: str
    problems: Mapping[str, str]


_NOTICES: Mapping[Language, _Notices] = {
    "en": _Notices(
        waiting="{name}: received. It waits for its turn; reviews ahead of it: {ahead}.",
        starting="{name}: received. The review begins.",
        progress="{name}: {percent}% reviewed, {done} of {total} questions.",
        done="{name}: reviewed. {counts}",
        save_below="Allow below that the filled file is saved in your OneDrive.",
        counts="Questions: {total} · answered from the guide: {answered} · left to a person, with reasons: {person}",
        draft="A draft: a person has to look through it and approve it.",
        saved="{name} is in your OneDrive. {counts}",
        declined="Not saved, and deleted here. Send the questionnaire again whenever you want it reviewed.",
        gone="That filled file is not kept any more: it is deleted within a day. Send the questionnaire again.",
        not_saved="OneDrive did not take the filled file. Send the questionnaire again, or ask whoever runs OneDrive.",
        failed="{name}: not reviewed. {problem}",
        how=(
            "Send me a questionnaire here, as .xlsx, .csv, .tsv, .docx, .json or .txt (a question a line): I answer "
            "what the guide answers, leave the rest to a person, and give the same file back. If there is no paper "
            "clip below, whoever installed me has to do so again, with a package that is made for reviews (--reviews)."
        ),
        elsewhere="I review questionnaires in our personal chat: send me the file there. Teams gives me none here.",
        problems={
            "gone": "I can't get at the file any more: send it again.",
            "too large": "The file is too large: I review files of up to {size} MB. Split it.",
            "not sent": "The filled file could not be offered here.",
        },
    ),
    "zh-Hant": _Notices(
        waiting="{name}：已收到，正在輪候；前面還有 {ahead} 份審閱。",
        starting="{name}：已收到，開始審閱。",
        progress="{name}：已審閱 {percent}%，共 {total} 題，完成 {done} 題。",
        done="{name}：審閱完成。{counts}",
        save_below="請在下方允許把已填寫的檔案存入你的 OneDrive。",
        counts="共 {total} 題 · 按指南作答 {answered} 題 · 留待專人處理（已附原因）{person} 題",
        draft="這是草稿，須由專人審閱及批准。",
        saved="{name} 已存入你的 OneDrive。{counts}",
        declined="沒有儲存，這裡的檔案亦已刪除。如需審閱，請隨時再傳送問卷。",
        gone="該已填寫的檔案已不再保留：檔案會在一天內刪除。請再次傳送問卷。",
        not_saved="OneDrive 沒有接受已填寫的檔案。請再次傳送問卷，或聯絡 OneDrive 的管理員。",
        failed="{name}：未能審閱。{problem}",
        how=(
            "請在此傳送問卷（.xlsx、.csv、.tsv、.docx、.json 或每行一題的 .txt）："
            "指南有回應的，我會作答；其餘留待專人處理，並交回同一份檔案。"
            "如下方沒有附件圖示，請安裝者以審閱用的套件（--reviews）重新安裝。"
        ),
        elsewhere="我在個人聊天審閱問卷：請在那裡把檔案傳給我。Teams 不會在此把檔案交給我。",
        problems={
            "gone": "我無法再取得檔案：請重新傳送。",
            "too large": "檔案太大：我可審閱的檔案上限為 {size} MB，請分拆檔案。",
            "not sent": "未能在此提供已填寫的檔案。",
        },
    ),
}


def render_received(name: str, ahead: int, language: Language) -> Reply:
    """That a file came in, and how many reviews are ahead of it."""
    words = _NOTICES[language]
    return _say(words.waiting if ahead else words.starting, name, ahead=ahead)


def render_progress(name: str, done: int, total: int, language: Language) -> Reply:
    """How far a review is, with a bar."""
    part = done / total if total else 0.0
    told = _say(_NOTICES[language].progress, name, percent=int(part * 100), done=done, total=total)
    filled = int(part * _BAR)
    return told._replace(text=f"{'▓' * filled}{'░' * (_BAR - filled)}\n\n{told.text}")


def render_reviewed(name: str, answered: int, person: int, language: Language) -> Reply:
    """What came of a review, and that its file is offered below."""
    words = _NOTICES[language]
    told = _say(words.done, name, counts=_count(answered, person, language))
    return told._replace(text=f"{told.text}\n\n{words.draft} {words.save_below}")


def render_consent(review: str, name: str, size: int, answered: int, person: int, language: Language) -> Reply:
    """The card that asks whether the filled file may be saved.

    Args:
        review: the review's id, which comes back with the answer.
        name: what the filled file is called.
        size: its bytes.
        answered: how many questions are answered.
        person: how many are left to a person.
        language: of what is said.
    """
    told = _count(answered, person, language)
    content = {
        "description": f"{told}. {_NOTICES[language].draft}",
        "sizeInBytes": size,
        "acceptContext": {"review": review},
        "declineContext": {"review": review},
    }
    return _attach({"contentType": _CONSENT, "name": cut(name, _LONGEST_NAME), "content": content}, told)


def render_saved(upload: Mapping[str, Any], answered: int, person: int, language: Language) -> Reply:
    """The file, to be opened from the chat, with the counts; ``upload`` is what Teams told of its place."""
    name = cut(str(upload["name"]), _LONGEST_NAME)
    told = _say(_NOTICES[language].saved, name, counts=_count(answered, person, language))
    content = {"uniqueId": upload["uniqueId"], "fileType": upload["fileType"]}
    attachment = {"contentType": _INFO, "contentUrl": upload["contentUrl"], "name": name, "content": content}
    return told._replace(attachment=attachment)


def render_declined(language: Language) -> Reply:
    """That the filled file was not wanted, and is gone."""
    return _say(_NOTICES[language].declined)


def render_file_gone(language: Language) -> Reply:
    """That a filled file is not kept any more."""
    return _say(_NOTICES[language].gone)


def render_not_saved(language: Language) -> Reply:
    """That OneDrive does not take the filled file."""
    return _say(_NOTICES[language].not_saved)


def render_not_reviewed(name: str, problem: str, language: Language) -> Reply:
    """Why there is no filled file."""
    return _say(_NOTICES[language].failed, name, problem=cut(problem, _LONGEST_PROBLEM))


def render_review_help(language: Language, *, here: bool) -> Reply:
    """How to have a questionnaire reviewed, if that works ``here``; else where it does."""
    return _say(_NOTICES[language].how if here else _NOTICES[language].elsewhere)


def tell_problem(problem: str, language: Language, *, megabytes: int) -> str:
    """What is wrong with a file, in a sentence."""
    return _NOTICES[language].problems[problem].format(size=megabytes)


def _count(answered: int, person: int, language: Language) -> str:
    return _NOTICES[language].counts.format(total=answered + person, answered=answered, person=person)


def _say(words: str, name: str = "", **told: Any) -> Reply:
    plain = cut(words.format(name=cut(name, _LONGEST_NAME), **told), 2000)
    shown = {key: escape_markdown(value) if isinstance(value, str) else value for key, value in told.items()}
    text = words.format(name=f"**{escape_markdown(cut(name, _LONGEST_NAME))}**" if name else "", **shown)
    return Reply(text, plain, cut(plain, _LONGEST_SUMMARY))


def _attach(attachment: dict[str, Any], summary: str) -> Reply:
    return Reply("", summary, cut(summary, _LONGEST_SUMMARY), attachment=attachment)
