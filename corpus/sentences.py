"""Text to sentences, and a sentence to the hash by which it is known again.

Typography is folded first, so that one text saved by two programs gives the same sentences and hashes.
"""

from __future__ import annotations

import hashlib
import re

# Each of these stands for an ASCII twin that other programs write in its place.
_FOLDED = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u2033": '"',
        "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-",
        "\u2026": "...",
        "\ufeff": None, "\u200b": None, "\u200c": None, "\u200d": None, "\u2060": None, "\u00ad": None,
    }
)  # fmt: skip
_SPACES = re.compile(r"[^\S\n\t]")
_BLOCK_TAGS = re.compile(r"</?p>")
_INLINE_TAGS = re.compile(r"</?[a-z]{1,6}>")
_EMPHASIS = re.compile(r"\*+")
_BULLET = re.compile(r"^(?:-|[0-9]+\))\s+")

# A full stop after one of these ends no sentence.
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie cf vs no nos v ver fig sec para paras art cl approx a.m p.m mr ms mrs dr st".split()
)
_ENDING = re.compile(r"""(?<=\S)[.!?]["')\]]*\s+(?=["'(\[]*[A-Z0-9])""")
# "6. Financial Solutions", at the start or after a dash: the number of a title, not a sentence's end.
_NUMBERED_TITLE = re.compile(r"(?:^|\s-\s)[0-9]{1,3}$")
_COMPLETE = re.compile(r"""[.!?:;]["')\]]*$""")


def fold_typography(text: str) -> str:
    """`text` without byte-order marks, carriage returns, special spaces, curly quotes and long dashes.

    Line feeds and tabs stay: they carry the document's structure.
    """
    return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n").translate(_FOLDED))


def strip_markup(text: str) -> str:
    """One paragraph as plain words: no tags, emphasis marks or list bullet; white space runs folded."""
    plain = _EMPHASIS.sub("", _INLINE_TAGS.sub("", _BLOCK_TAGS.sub(" ", text)))
    return _BULLET.sub("", " ".join(plain.split()))


def is_complete(text: str) -> bool:
    """Whether a paragraph ends as a paragraph does: with a full stop or its like, closing marks aside."""
    return bool(_COMPLETE.search(text.rstrip()))


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end offset of each sentence of one plain paragraph, ends without the white space."""
    spans = []
    start = 0
    for ending in _ENDING.finditer(text):
        word = text[start : ending.start()]
        last = word.rsplit(None, 1)[-1].lstrip("\"'([").lower() if word.strip() else ""
        if text[ending.start()] == "." and (last in _ABBREVIATIONS or _NUMBERED_TITLE.search(word)):
            continue
        spans.append((start, start + len(text[start : ending.end()].rstrip())))
        start = ending.end()
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return spans


def split_sentences(text: str) -> list[str]:
    """The sentences of one paragraph, markup and typography folded."""
    plain = strip_markup(fold_typography(text))
    return [plain[start:end] for start, end in sentence_spans(plain)]


def hash_sentence(sentence: str) -> str:
    """SHA-256, in hexadecimal, of a sentence with typography, markup and white space folded."""
    return hashlib.sha256(strip_markup(fold_typography(sentence)).encode()).hexdigest()
