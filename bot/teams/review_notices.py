"""What is said of reviews in Teams: how far one is, what came of it, why there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.review.notices import (
    LONGEST_NAME,
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
from bot.teams.elements import clean, cut, escape_markdown
from bot.teams.reply import Reply
from retrieval.wording import MARKS, Language, join_sentences

_CONSENT = "application/vnd.microsoft.teams.card.file.consent"
_INFO = "application/vnd.microsoft.teams.card.file.info"

# Characters: of what is read aloud, and of a notification.
_LONGEST_READING = 2000
_LONGEST_SUMMARY = 200


@dataclass(frozen=True, slots=True)
class _Words:
    save_below: str
    saved: str
    declined: str
    gone: str
    not_saved: str
    how: str
    elsewhere: str
    problems: Mapping[str, str]


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        save_below="Allow below that the filled file is saved in your OneDrive.",
        saved="{name} is in your OneDrive. {counts}",
        declined="Not saved, and deleted here. Send the questionnaire again whenever you want it reviewed.",
        gone="That filled file is not kept any more: it is deleted within a day. Send the questionnaire again.",
        not_saved="OneDrive did not take the filled file. Send the questionnaire again, or ask whoever runs OneDrive.",
        how=(
            "Send me a questionnaire here, as .xlsx, .csv, .tsv, .docx, .json or .txt (a question a line): I answer "
            "what the guide answers, leave the rest to a person, and give the same file back. If there is no paper "
            "clip below, whoever installed me has to do so again, with a package that is made for reviews (--reviews)."
        ),
        elsewhere="I review questionnaires in our personal chat: send me the file there. Teams gives me none here.",
        problems={
            "gone": "I can't get at the file any more: send it again.",
            "not sent": "The filled file could not be offered here.",
        },
    ),
    "zh-Hant": _Words(
        save_below="請在下方允許把已填寫的檔案存入你的 OneDrive。",
        saved="{name} 已存入你的 OneDrive。{counts}",
        declined="沒有儲存，這裡的檔案亦已刪除。如需審閱，請隨時再傳送問卷。",
        gone="該已填寫的檔案已不再保留：檔案會在一天內刪除。請再次傳送問卷。",
        not_saved="OneDrive 沒有接受已填寫的檔案。請再次傳送問卷，或聯絡 OneDrive 的管理員。",
        how=(
            "請在此傳送問卷（.xlsx、.csv、.tsv、.docx、.json 或每行一題的 .txt）："
            "指南有回應的，我會作答；其餘留待專人處理，並交回同一份檔案。"
            "如下方沒有附件圖示，請安裝者以審閱用的套件（--reviews）重新安裝。"
        ),
        elsewhere="我在個人聊天審閱問卷：請在那裡把檔案傳給我。Teams 不會在此把檔案交給我。",
        problems={
            "gone": "我無法再取得檔案：請重新傳送。",
            "not sent": "未能在此提供已填寫的檔案。",
        },
    ),
}


def render_received(name: str, ahead: int, language: Language) -> Reply:
    """That a file came in, and how many reviews are ahead of it."""
    return _say(notice_received(name, ahead, language))


def render_progress(name: str, done: int, total: int, language: Language) -> Reply:
    """How far a review is, with a bar."""
    told = _say(notice_progress(name, done, total, language))
    return told._replace(text=f"{draw_bar(done, total)}\n\n{told.text}")


def render_reviewed(name: str, answered: int, person: int, language: Language) -> Reply:
    """What came of a review, and that its file is offered below."""
    told = _say(notice_reviewed(name, answered, person, language))
    below = join_sentences((NOTICE_PHRASES[language].draft, _WORDS[language].save_below), language)
    return told._replace(text=f"{told.text}\n\n{below}")


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
    told = tell_counts(answered, person, language)
    content = {
        "description": f"{told}{MARKS[language].stop}{NOTICE_PHRASES[language].draft}",
        "sizeInBytes": size,
        "acceptContext": {"review": review},
        "declineContext": {"review": review},
    }
    return _attach({"contentType": _CONSENT, "name": cut(name, LONGEST_NAME), "content": content}, told)


def render_saved(upload: Mapping[str, Any], answered: int, person: int, language: Language) -> Reply:
    """The file, to be opened from the chat, with the counts; ``upload`` is what Teams told of its place."""
    name = cut(str(upload["name"]), LONGEST_NAME)
    told = _say(Notice(_WORDS[language].saved, name, {"counts": tell_counts(answered, person, language)}))
    content = {"uniqueId": upload["uniqueId"], "fileType": upload["fileType"]}
    attachment = {"contentType": _INFO, "contentUrl": upload["contentUrl"], "name": name, "content": content}
    return told._replace(attachment=attachment)


def render_declined(language: Language) -> Reply:
    """That the filled file was not wanted, and is gone."""
    return _say(Notice(_WORDS[language].declined))


def render_file_gone(language: Language) -> Reply:
    """That a filled file is not kept any more."""
    return _say(Notice(_WORDS[language].gone))


def render_not_saved(language: Language) -> Reply:
    """That OneDrive does not take the filled file."""
    return _say(Notice(_WORDS[language].not_saved))


def render_not_reviewed(name: str, problem: str, language: Language) -> Reply:
    """Why there is no filled file."""
    return _say(notice_not_reviewed(name, problem, language))


def render_review_help(language: Language, *, here: bool) -> Reply:
    """How to have a questionnaire reviewed, if that works ``here``; else where it does."""
    return _say(Notice(_WORDS[language].how if here else _WORDS[language].elsewhere))


def tell_problem(problem: str, language: Language, *, megabytes: int) -> str:
    """What is wrong with a file, in a sentence."""
    if problem == "too large":
        return tell_too_large(megabytes, language)
    return _WORDS[language].problems[problem]


def _say(notice: Notice) -> Reply:
    text = notice.write(lambda given: escape_markdown(clean(given)), lambda name: f"**{name}**")
    plain = cut(notice.write(), _LONGEST_READING)
    return Reply(text, plain, cut(plain, _LONGEST_SUMMARY))


def _attach(attachment: dict[str, Any], summary: str) -> Reply:
    return Reply("", summary, cut(summary, _LONGEST_SUMMARY), attachment=attachment)
