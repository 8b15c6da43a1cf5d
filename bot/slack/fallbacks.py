"""What is shown where Slack refuses a layout or a place. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.slack.blocks import Message
from bot.slack.mrkdwn import Block, context, cut, plain, section

_PLAINLY = "Shown as plain text: Slack refused the usual layout. 以純文字顯示。"
_LONGEST_SECTION = 3000
_LONGEST_READING = 11_000

# What the asker can do about each of Slack's refusals.
_ADVICE: Mapping[str, str] = {
    "not_in_channel": "I am not in <#{channel}>: invite me there with /invite. 我不在該頻道，請先邀請我加入。",
    "channel_not_found": "I can't see that channel: invite me there with /invite. 我看不到該頻道，請先邀請我加入。",
    "is_archived": "<#{channel}> is archived, so I can't answer there: ask me here. 該頻道已封存，請在此提問。",
}
_OTHERWISE = (
    "Slack does not let me answer in <#{channel}>; ask its administrators to let me post there, or ask me here. "
    "Slack 不容許我在該頻道回覆，請聯絡管理員，或在此提問。"
)


def render_plainly(message: Message) -> Message:
    """The message's reading in blocks that Slack has no reason to refuse, with a line that says why."""
    reading = cut(message.text, _LONGEST_READING)
    parts = [reading[start : start + _LONGEST_SECTION] for start in range(0, len(reading), _LONGEST_SECTION)]
    blocks: list[Block] = [section(plain(part)) for part in parts if part.strip()]
    return Message(message.text, [*blocks, context(plain(_PLAINLY))])


def render_unreachable(message: Message, channel: str, code: str) -> Message:
    """The message for its asker alone, under a line that says why it stands here and what to do.

    Args:
        message: what could not be posted.
        channel: where; Slack shows its name to those who may see it.
        code: Slack's refusal.
    """
    advice = _ADVICE.get(code, _OTHERWISE).format(channel=channel)
    note: Block = {"type": "context", "elements": [{"type": "mrkdwn", "text": advice}]}
    return Message(f"{advice}\n\n{message.text}", [note, *message.blocks])
