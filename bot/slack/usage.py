"""How to ask, in Slack. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blocks import Message
from bot.slack.mrkdwn import plain, section
from retrieval.wording import Language

_USAGE: Mapping[Language, str] = {
    "en": """\
Ask who does what about a clause of a regulation:
• mention me in a channel: who handles backups under GL8 5.1(c)?
• write to me directly: 客戶資料由誰備份？
• read a clause, seen by you alone: /clause GL8 5.1(c)
• see who carries each clause: /clause matrix GL14
• search: the plus sign, then Look up a clause
• answer a message: its menu, then Answer from the guide
• everything that is covered: my Home tab
• settings of a channel: /clause settings
以中文或英文提問皆可，中文說明請輸入「說明」。""",
    "zh-Hant": """\
查詢規例的條文由誰負責：
• 在頻道提及我：GL8 5.1(c) 由誰負責備份？
• 直接寫給我：客戶資料由誰備份？
• 閱讀一條條文，只有你看到：/clause GL8 5.1(c)
• 查看每條條文由誰負責：/clause matrix GL14
• 搜尋：按加號，再選 Look up a clause
• 回答一則訊息：在其選單選 Answer from the guide
• 涵蓋的所有內容：我的「主頁」分頁
• 頻道的設定：/clause settings
Questions in English are answered too; for this in English, type help.""",
}

_SETTINGS_USAGE: Mapping[Language, str] = {
    "en": "To open a channel's settings, type /clause settings in it, or pick the channel in my Home tab.",
    "zh-Hant": "要開啟頻道的設定，請在該頻道輸入 /clause settings，或在我的「主頁」分頁選擇頻道。",
}

# What says no more than that somebody is there, or asks what this is.
_CALLS = {
    *("", "help", "hi", "hello", "hey", "thanks", "thank you", "thx", "who are you", "what are you", "what can you do"),
    *("說明", "幫助", "你好", "您好", "哈囉", "多謝", "謝謝", "唔該", "你是誰", "你係邊個", "你識做咩"),
}
_SETTINGS = {"settings", "設定"}
_AROUND = " \t\n!?.,~…！？。，、～"

_PROMPTS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Who handles backups?", "Who does backups under GL8 5.1(c)?"),
        ("Who encrypts our data?", "Who encrypts the customer's data?"),
        ("Read a clause", "GL14 5.13"),
        ("What is shared?", "Which clauses are shared?"),
    ),
    "zh-Hant": (
        ("誰負責備份？", "GL8 5.1(c) 由誰負責備份？"),
        ("客戶資料由誰加密？", "客戶資料加密由誰負責？"),
        ("閱讀一條條文", "GL14 5.13 由誰負責？"),
        ("哪些是共同負責？", "哪些條文是共同負責？"),
    ),
}


def asks_for_usage(text: str) -> bool:
    """Whether a message holds no question but a greeting, thanks or a call for help."""
    return _fold(text) in _CALLS


def asks_for_settings(text: str) -> bool:
    """Whether a message asks for the settings."""
    return _fold(text) in _SETTINGS


def render_usage(language: Language) -> Message:
    """How to ask, with examples, and how to have that in the other language."""
    return Message(_USAGE[language], [section(plain(_USAGE[language]))])


def render_settings_usage(language: Language) -> Message:
    """How to open the settings: only what is pressed, chosen or a slash command can."""
    return Message(_SETTINGS_USAGE[language], [section(plain(_SETTINGS_USAGE[language]))])


def _fold(text: str) -> str:
    return text.strip(_AROUND).casefold()


def suggested_prompts(language: Language) -> list[dict[str, str]]:
    """At most four prompts, ``title`` and ``message``, for ``assistant.threads.setSuggestedPrompts``."""
    return [{"title": title, "message": message} for title, message in _PROMPTS[language]]
