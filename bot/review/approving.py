"""Answers that a person approved, offered again for the same question. Pure."""

from __future__ import annotations

import re
import unicodedata

from corpus.models import Model

# What stands before a question to number it: "12.", "(a)", "3.1.4", "Q7:", "IAM-01.2 -". A number alone may count.
_NUMBER = (
    r"\(?(?:[a-z]|[a-z]{0,5}[0-9]+[a-z]?)[).:]|[a-z]{0,5}[-.]?[0-9]+(?:[.-][0-9]+)+[a-z]?|"
    r"(?:question|q|no\.?) ?[0-9]+(?:[.-][0-9]+)*|第 ?[0-9]+ ?[題条條項]"
)
_NUMBERING = re.compile(rf"(?:(?:{_NUMBER}|[0-9]+(?=、))(?![^\s.:)、\-–—])[\s.:)、\-–—]*)+", re.IGNORECASE)


class Approved(Model):
    """An answer that a person gave or approved.

    ``question`` is as it stood in the file, ``reviewer`` what the reviewer's column holds, ``at`` seconds since 1970,
    ``corpus`` the SHA-256 of the corpus that was answered from, ``clause`` the references beside it.
    """

    question: str
    answer: str
    comment: str
    reviewer: str
    at: float
    corpus: str
    clause: str


def strip_number(text: str) -> str:
    """A question without what numbers it; the text itself where nothing else is in it."""
    plain = unicodedata.normalize("NFKC", text).strip()
    numbering = _NUMBERING.match(plain)
    return (plain[numbering.end() :] if numbering else plain) or plain


def normalize_question(text: str) -> str:
    """A question as it is told from others: without case, numbering, punctuation or further blanks."""
    folded = strip_number(text).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())
