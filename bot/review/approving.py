"""Answers that a person approved, offered again for the same question. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.review.model import Fill, ReviewedRow
from corpus.models import Model

# What stands before a question to number it: "12.", "(a)", "3.1.4", "Q7:", "IAM-01.2 -". A number alone may count.
_NUMBER = (
    r"\(?(?:[a-z]|[a-z]{0,5}[0-9]+[a-z]?)[).:]|[a-z]{0,5}[-.]?[0-9]+(?:[.-][0-9]+)+[a-z]?|"
    r"(?:question|q|no\.?) ?[0-9]+(?:[.-][0-9]+)*|第 ?[0-9]+ ?[題条條項]"
)
_NUMBERING = re.compile(rf"(?:(?:{_NUMBER}|[0-9]+(?=、))(?![^\s.:)、\-–—])[\s.:)、\-–—]*)+", re.IGNORECASE)


# What stands behind a question to say how to answer it: "(Y/N)", "[Yes / No / N/A]".
_HOW = re.compile(r"[(\[]\s*y(?:es)?\s*/\s*no?(?:\s*/\s*n/?a)?\s*[)\]]$", re.IGNORECASE)


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
    """A question without what numbers it and "(Y/N)" behind it; the text itself where nothing else is in it."""
    plain = _HOW.sub("", unicodedata.normalize("NFKC", text).strip()).rstrip()
    numbering = _NUMBERING.match(plain)
    return (plain[numbering.end() :] if numbering else plain) or plain


def normalize_question(text: str) -> str:
    """A question as it is told from others: without case, numbering, punctuation or further blanks."""
    folded = strip_number(text).casefold()
    return " ".join("".join(char if char.isalnum() else " " for char in folded).split())


class Approval(NamedTuple):
    """What a file that came back approves.

    Attributes:
        answers: of the rows in which somebody put a name to an answer.
        differing: rows with a name and two answers, in the file's own column and in Clausebot's.
        unanswered: rows with a name and no answer.
        unreviewed: how many rows have no name.
    """

    answers: tuple[Approved, ...]
    differing: tuple[ReviewedRow, ...]
    unanswered: tuple[ReviewedRow, ...]
    unreviewed: int


def read_approval(
    rows: Iterable[ReviewedRow],
    offer: Callable[[str], Sequence[Fill]],
    known: Mapping[str, Approved],
    *,
    at: float,
    corpus: str,
) -> Approval:
    """What people approved in a file that came back.

    Args:
        rows: as they left it.
        offer: what Clausebot may have written beside a question, the likeliest first: a comment of its own is no
            person's.
        known: what was approved before, by `normalize_question`.
        at: when, in seconds since 1970.
        corpus: the SHA-256 of the corpus now.
    """
    answers: dict[str, Approved] = {}
    differing, unanswered, unreviewed = [], [], 0
    for row in rows:
        answer = row.answer.strip() or row.given.strip()
        if not row.reviewer.strip():
            unreviewed += 1
        elif not answer:
            unanswered.append(row)
        elif row.given.strip() not in ("", answer):
            differing.append(row)
        else:
            key = normalize_question(row.question)
            offered = offer(row.question)
            before = known.get(key)
            ours = [fill.comment for fill in offered if fill.comment]
            told = [text for text in (row.comment.strip(), row.remark.strip()) if text]
            said = [text for text in told if not any(each in text for each in ours)]
            comment = said[0] if said else before.comment if told and before and before.answer == answer else ""
            answers[key] = Approved(
                question=row.question,
                answer=answer,
                comment=comment,
                reviewer=row.reviewer.strip(),
                at=at,
                corpus=corpus,
                clause=offered[0].clause if offered else "",
            )
    return Approval(tuple(answers.values()), tuple(differing), tuple(unanswered), unreviewed)
