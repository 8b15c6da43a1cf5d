"""Slack messages that are no answer: refusals, faults, advice, and what passes between an asker and a person. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.links import Links
from bot.slack.blocks import Message, render_answer
from bot.slack.mrkdwn import DIVIDER, Block, context, cut, escape, link, mrkdwn, plain, section
from bot.values import Asked
from retrieval.answer import Answer
from retrieval.wording import Language

_LONGEST_QUESTION = 1500
_USER = re.compile(r"[UW][A-Z0-9]{1,31}")
_GROUP = re.compile(r"S[A-Z0-9]{1,31}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,31}")
_ADDRESS = re.compile(r"https://[^\s<>|]{1,2900}")


@dataclass(frozen=True, slots=True)
class _Notices:
    refused: str
    thanks: Mapping[bool, str]
    asks: str
    asks_aloud: str
    unknown_question: str
    answered: str
    open: str
    requested: str
    requested_somewhere: str
    requested_already: str
    requested_already_somewhere: str
    shared_already: str
    not_requested: str
    nobody: str
    may_not_set: str
    obstacles: Mapping[str, str]


_NOTICES: Mapping[Language, _Notices] = {
    "en": _Notices(
        refused="You have asked more than {limit} questions in a minute; ask again in {wait} s.",
        thanks={True: "Thank you: noted.", False: "Thank you: noted. It helps to find what has to be better."},
        asks="asks for a person's help:",
        asks_aloud="A question for a person: {question}",
        unknown_question="(The question stands in the conversation.)",
        answered="What Clausebot answered:",
        open="Open the conversation",
        requested="Your question now stands in {place}; somebody there can answer it.",
        requested_somewhere="Your question was passed on to the people who help here.",
        requested_already="This question stands in {place} already; somebody there can answer it.",
        requested_already_somewhere="This question was passed on already to the people who help here.",
        shared_already="This answer was shared here already.",
        not_requested=(
            "Nobody was asked: Slack does not let me post in {place}. An administrator of the workspace can invite me "
            "there, or choose another channel in Clausebot's Home tab, under Settings."
        ),
        nobody=(
            "Nobody is set to be asked here yet. An administrator of the workspace can choose a channel or a group in "
            "Clausebot's Home tab, under Settings."
        ),
        may_not_set="Only administrators of the workspace and the creator of the channel change its settings.",
        obstacles={
            "archived": "This channel is archived: choose another, or restore it first.",
            "absent": "I am not in this channel: invite me there with /invite first, or choose another.",
        },
    ),
    "zh-Hant": _Notices(
        refused="你在一分鐘內提出了超過 {limit} 條問題；請於 {wait} 秒後再問。",
        thanks={True: "謝謝，已記錄。", False: "謝謝，已記錄。這有助找出需要改善的地方。"},
        asks="想請教專人：",
        asks_aloud="有問題想請教專人：{question}",
        unknown_question="（問題在對話之中。）",
        answered="Clausebot 的回覆：",
        open="開啟對話",
        requested="你的問題已轉到 {place}，那裡的同事可以回答。",
        requested_somewhere="你的問題已轉交負責協助的同事。",
        requested_already="這條問題早前已轉到 {place}，那裡的同事可以回答。",
        requested_already_somewhere="這條問題早前已轉交負責協助的同事。",
        shared_already="這個答案早前已在此分享。",
        not_requested=(
            "未能轉交你的問題：Slack 不容許我在 {place} 發訊息。工作區管理員可邀請我加入該頻道，"
            "或在 Clausebot 的「主頁」分頁，於「設定」選擇其他頻道。"
        ),
        nobody="這裡尚未設定可請教的人。工作區管理員可在 Clausebot 的「主頁」分頁，於「設定」選擇頻道或群組。",
        may_not_set="只有工作區管理員和頻道的建立者可以更改頻道的設定。",
        obstacles={
            "archived": "該頻道已封存：請選擇其他頻道，或先取消封存。",
            "absent": "我不在該頻道：請先以 /invite 邀請我加入，或選擇其他頻道。",
        },
    ),
}

_FAULT = """\
A fault on my side kept me from answering. Please ask again, or ask for one clause, such as GL8 5.1(c).
系統出錯，未能回覆。請再試一次，或只查詢一條條文，例如 GL8 5.1(c)。"""

_NOT_OPENED = """\
It could not be opened in time; press again.
未能及時開啟，請再按一次。"""


def render_refusal(limit: int, wait: int, language: Language) -> Message:
    """That ``limit`` questions in a minute are answered, and in how many seconds (``wait``) the next is."""
    return _say(_NOTICES[language].refused.format(limit=limit, wait=wait))


def render_fault() -> Message:
    """An apology for a failure on our side, in both languages."""
    return _say(_FAULT)


def render_not_opened() -> Message:
    """That a modal did not open, and what to do, in both languages."""
    return _say(_NOT_OPENED)


def render_thanks(helpful: bool, language: Language) -> Message:
    """Thanks for feedback; to be seen by its giver alone."""
    return _say(_NOTICES[language].thanks[helpful])


def render_request(
    asked: Asked,
    user_id: str,
    *,
    answer: Answer | None = None,
    links: Links | None = None,
    group: str = "",
    permalink: str = "",
) -> Message:
    """The question for people to answer, and what Clausebot answered.

    Args:
        asked: the question.
        user_id: who asks; is named.
        answer: what Clausebot found, shown below; None where it can't be told again.
        links: the source viewer's addresses, if it can be reached.
        group: the id of the user group that the question is put to, if any; is pinged.
        permalink: Slack's address of the answer, where there is one that others can open.
    """
    words = _NOTICES[asked.language]
    question = cut(asked.question, _LONGEST_QUESTION).strip() or words.unknown_question
    called = [f"<!subteam^{group}>"] if _GROUP.fullmatch(group) else []
    who = [f"<@{user_id}>"] if _USER.fullmatch(user_id) else []
    blocks: list[Block] = [section(mrkdwn(" ".join([*called, *who, words.asks]))), section(plain(question))]
    if _ADDRESS.fullmatch(permalink):
        blocks.append(context(mrkdwn(link(escape(permalink), words.open))))
    if answer:
        shown = render_answer(answer, links=links, feedback=False, ask_person=False)
        blocks += [DIVIDER, context(plain(words.answered)), *shown.blocks]
    return Message(words.asks_aloud.format(question=question), blocks)


def render_requested(channel_id: str, language: Language, *, already: bool = False) -> Message:
    """That the question stands in that channel, since now or ``already``; to be seen by who pressed alone."""
    words = _NOTICES[language]
    somewhere = words.requested_already_somewhere if already else words.requested_somewhere
    if not _CHANNEL.fullmatch(channel_id):
        return _say(somewhere)
    told = (words.requested_already if already else words.requested).format(place=f"<#{channel_id}>")
    return Message(somewhere, [section(mrkdwn(told))])


def render_shared_already(language: Language) -> Message:
    """That everybody has the answer before them already; to be seen by who pressed alone."""
    return _say(_NOTICES[language].shared_already)


def render_not_requested(channel_id: str, language: Language) -> Message:
    """That the question could not be put in that channel, and what to do; to be seen by its asker alone."""
    told = _NOTICES[language].not_requested.format(place=f"<#{channel_id}>")
    return Message(told, [section(mrkdwn(told))])


def render_nobody_to_ask(language: Language) -> Message:
    """That no person is set for questions here, and who can set one; to be seen by the asker alone."""
    return _say(_NOTICES[language].nobody)


def render_may_not_set(language: Language) -> Message:
    """That only some people change a channel's settings; to be seen by whoever tried."""
    return _say(_NOTICES[language].may_not_set)


def tell_obstacle(obstacle: Literal["archived", "absent"], language: Language) -> str:
    """Why nobody can be asked in the channel that was chosen, and what to do; to be read at its input."""
    return _NOTICES[language].obstacles[obstacle]


def _say(text: str) -> Message:
    return Message(text, [section(plain(text))])
