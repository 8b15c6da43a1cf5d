"""The words of Teams' cards and replies, in English and Chinese; what Slack says too stands in `bot.phrases`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class TeamsPhrases:
    """One language's words; those in braces are filled by `str.format`."""

    open: str
    notes: str
    read: str
    back: str
    more_cited: str
    clauses: str
    refused: str
    asks: str
    asks_aloud: str
    unknown_question: str
    answered: str
    open_answer: str
    requested: str
    nobody: str
    welcome: str
    introduction: str
    try_it: str
    ways: str
    list_title: str
    list_hint: str
    settings: str
    saved: str
    feedback_on: str
    quiet_on: str
    helpers: str
    nobody_asked: str
    here: str
    elsewhere: str
    matrix_hint: str
    open_matrix: str
    changed: str
    somebody: str
    yes: str
    no: str


TEAMS_PHRASES: Mapping[Language, TeamsPhrases] = {
    "en": TeamsPhrases(
        open="Open in the guide",
        notes="Notes ({count})",
        read="Read",
        back="Back to the answer",
        more_cited="{count} more",
        clauses="Clauses",
        refused="You have asked more than {limit} questions in a minute; ask again in {wait} s.",
        asks="asks a person:",
        asks_aloud="A question for a person: {question}",
        unknown_question="(The question stands in the conversation.)",
        answered="What Clausebot answered:",
        open_answer="Open the conversation",
        requested="Your question was passed on to the people who help here.",
        nobody="Nobody is set to be asked here. To change that, write “settings” to me in a channel of the team.",
        welcome="Who does what about a clause?",
        introduction=(
            "I find what a cloud provider's guide says about a clause of GL8 or GL14, who does it, and where that is "
            "written. I find and quote; I am no legal advice and confirm no compliance."
        ),
        try_it="Try one of these:",
        ways=(
            "In a channel or a group chat, mention me. While you write a message, search for a clause with my icon "
            "below the box. “list clauses” shows them all, “help” how to ask."
        ),
        list_title="What is covered",
        list_hint="Ask for a clause by its number, such as GL8 5.1(c).",
        settings="Settings of this place",
        saved="Saved.",
        feedback_on="Ask whether an answer helped",
        quiet_on="Answer only what mentions me",
        helpers="Who is asked by “Ask a person”",
        nobody_asked="Nobody: the button is not shown",
        here="Whoever reads this channel",
        elsewhere="As set: another channel of the team",
        matrix_hint="Who carries each clause; in brackets, how many duties each party has. Ask for one by its number.",
        open_matrix="Every duty",
        changed="{name} changed my settings for everybody here:",
        somebody="Somebody",
        yes="yes",
        no="no",
    ),
    "zh-Hant": TeamsPhrases(
        open="在指南中開啟",
        notes="註記（{count}）",
        read="閱讀",
        back="返回答案",
        more_cited="另有 {count} 條",
        clauses="條文",
        refused="你在一分鐘內提出了超過 {limit} 條問題；請於 {wait} 秒後再問。",
        asks="想請教專人：",
        asks_aloud="有問題想請教專人：{question}",
        unknown_question="（問題在對話之中。）",
        answered="Clausebot 的答案：",
        open_answer="開啟對話",
        requested="你的問題已轉交負責協助的同事。",
        nobody="這裡尚未設定可請教的人。如要更改，請在團隊的頻道內寫「設定」給我。",
        welcome="一條條文，誰負責甚麼？",
        introduction=(
            "我查找雲端供應商的指南怎樣回應 GL8 或 GL14 的條文、由誰負責、寫在哪裡。"
            "我只查找和引述；這不是法律意見，也不確認合規。"
        ),
        try_it="可以這樣問：",
        ways="在頻道或群組聊天中提及我。撰寫訊息時，可按輸入框下方我的圖示搜尋條文。「列出條文」列出所有條文，「說明」解釋如何提問。",
        list_title="涵蓋的條文",
        list_hint="可按編號查詢條文，例如 GL8 5.1(c)。",
        settings="此處的設定",
        saved="已儲存。",
        feedback_on="詢問答案是否有幫助",
        quiet_on="只回應提及我的訊息",
        helpers="「請教專人」由誰回答",
        nobody_asked="沒有人：不顯示按鈕",
        here="此頻道的成員",
        elsewhere="維持現狀：團隊的另一個頻道",
        matrix_hint="每條條文由誰負責；括號內是各方的責任數目。可按編號查詢其中一條。",
        open_matrix="每項責任",
        changed="{name} 更改了此處的設定，對所有人生效：",
        somebody="有人",
        yes="是",
        no="否",
    ),
}

FAULT = """\
A fault on my side kept me from answering. Please ask again, or ask for one clause, such as GL8 5.1(c).

系統出錯，未能回覆。請再試一次，或只查詢一條條文，例如 GL8 5.1(c)。"""

USAGE = """\
Ask who does what about a clause of a regulation:

- write to me directly: who handles backups under GL8 5.1(c)?
- mention me in a channel or a group chat: 客戶資料由誰備份？
- search for a clause while you write a message: my icon below the box
- “list clauses” (列出條文): every clause; “matrix GL14” (責任矩陣): who carries each
- “settings” (設定): how I behave in a team

以中文或英文提問皆可。"""
