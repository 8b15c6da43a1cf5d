"""How to ask, in Slack. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blocks import Message
from bot.slack.mrkdwn import plain, section
from retrieval.wording import Language

_USAGE = """\
Ask who does what about a clause of a regulation:
• mention me in a channel: who handles backups under GL8 5.1(c)?
• write to me directly: 客戶資料由誰備份?
• read a clause, seen by you alone: /clause GL8 5.1(c)
• search: the plus sign, then Look up a clause
• answer a message: its menu, then Answer from the guide
• everything that is covered: my Home tab
以中文或英文提問皆可。"""

_PROMPTS: Mapping[Language, tuple[tuple[str, str], ...]] = {
    "en": (
        ("Who handles backups?", "Who handles backups under GL8 5.1(c)?"),
        ("Who encrypts our data?", "Who encrypts the customer's data?"),
        ("Read a clause", "GL14 5.13"),
        ("What is shared?", "Which clauses are shared?"),
    ),
    "zh-Hant": (
        ("誰負責備份?", "GL8 5.1(c) 由誰負責備份?"),
        ("客戶資料由誰加密?", "客戶資料加密由誰負責?"),
        ("閱讀一條條文", "GL14 5.13 由誰負責?"),
        ("哪些是共同負責?", "哪些條文是共同負責?"),
    ),
}


def render_usage() -> Message:
    """How to ask, with examples, in both languages."""
    return Message(_USAGE, [section(plain(_USAGE))])


def suggested_prompts(language: Language) -> list[dict[str, str]]:
    """At most four prompts, ``title`` and ``message``, for ``assistant.threads.setSuggestedPrompts``."""
    return [{"title": title, "message": message} for title, message in _PROMPTS[language]]
