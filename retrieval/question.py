"""A typed question without the residue of where it was typed, and the language it is in. Pure."""

from __future__ import annotations

import re
import unicodedata

from retrieval.wording import Language

LONGEST_QUESTION = 10_000
"""Characters of a question that are read; no question about a clause needs more."""

_MENTION = re.compile(r"<at[^>]{0,200}>[^<]{0,200}</at>|<[@!][^<>]{0,200}>|<#[^<>|]{0,100}(?:\|[^<>]{0,200})?>")
_LINK = re.compile(r"<(?:https?|mailto|tel):[^<>|]{0,2000}(?:\|([^<>]{0,500}))?>")
_BARE_LINK = re.compile(r"https?://[^\s<>]{1,2000}")
_EMOJI_NAME = re.compile(r"(?<![a-z0-9]):[a-z0-9_+\-]{2,40}:", re.IGNORECASE)
_MARKS = re.compile(r"[*_~`>|]+")
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")


def clean_question(text: str) -> str:
    """`text` as its writer meant it: no mentions, links, emoji, markup or unseen characters, at most 10,000 long."""
    plain = _MENTION.sub(" ", text[:LONGEST_QUESTION])
    if "&" in plain:
        import html

        plain = html.unescape(plain)
    # Slack escapes what people type, so that a second pass meets "<" only where it was typed.
    plain = _LINK.sub(lambda link: link[1] or " ", _MENTION.sub(" ", plain))
    plain = _BARE_LINK.sub(" ", plain)
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", plain))
    plain = _MARKS.sub(" ", _EMOJI_NAME.sub(" ", plain))
    plain = "".join(" " if unicodedata.category(char) in ("So", "Cs", "Cc", "Co", "Cn") else char for char in plain)
    return " ".join(plain.split())


def detect_language(text: str) -> Language:
    """Traditional Chinese where the text holds any Chinese character, else English."""
    return "zh-Hant" if any("\u3400" <= char <= "\u9fff" for char in text) else "en"
