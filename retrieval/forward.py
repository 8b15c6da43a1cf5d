"""Passages as their words in order: what ranking reads of the few passages that BM25 found."""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.analyzer import fold_words, stem_words
from retrieval.words import STOP_WORDS

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

_WORD = re.compile(r"[A-Za-z0-9]+")
_ENDING = re.compile(r"(?<=[A-Za-z])['’]s\b|(?<=\b[A-Z]{2})s\b|(?<=[A-Z]{3})s\b|\u200e")
"""A possessive, the plural of an abbreviation (MTFs), and a mark that some documents carry inside numbers."""


def split_words(text: str) -> list[str]:
    """The words and numbers of `text` as written, without possessives and without the plural of abbreviations."""
    return _WORD.findall(_ENDING.sub("", text))


@lru_cache(maxsize=1 << 16)
def stem_word(word: str) -> str | None:
    """The stem of a word in lower case; None of a word that says nothing about the subject."""
    if word in STOP_WORDS:
        return None
    return " ".join(stem_words(fold_words(word)))


def stem_text(text: str) -> list[str]:
    """The stems of a text, one after the other."""
    stems = (stem_word(word.lower()) for word in split_words(text))
    return [stem for stem in stems if stem is not None]


class Forward:
    """The words of every passage, numbered, with what is needed to weigh them.

    Attributes:
        stem_numbers: The number of each stem.
        word_numbers: The number of each word, in lower case.
        stem_of: By word, the number of its stem; -1 where it has none.
        stem_lengths: By passage, how many of its words have a stem.
        word_lengths: By passage, how many words it has.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        words = array("i")
        counts = array("i")
        for text in texts:
            split = _WORD.findall(_ENDING.sub("", text).lower())
            words.extend(map(numbers.__getitem__, split))
            counts.append(len(split))
        numbers.default_factory = None
        self.word_numbers: dict[str, int] = numbers
        self.stem_numbers: dict[str, int] = {}
        self.stem_of = np.full(len(numbers), -1, np.int32)
        for word, number in numbers.items():
            stem = stem_word(word)
            if stem is not None:
                self.stem_of[number] = self.stem_numbers.setdefault(stem, len(self.stem_numbers))
        self._words = np.frombuffer(words, np.int32) if words else np.zeros(0, np.int32)
        self._starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
        self.word_lengths = np.array(counts, np.float64)
        stemmed = np.concatenate([[0], np.cumsum(self.stem_of[self._words] >= 0)])
        self.stem_lengths = np.diff(stemmed[self._starts]).astype(np.float64)

    def __len__(self) -> int:
        return len(self.word_lengths)

    def stems(self, groups: Iterable[Ints] | None = None) -> Iterator[Sequence[str]]:
        """Each passage's stems, or the stems of each group of passages (positions) together, for an index."""
        names = list(self.stem_numbers)
        words: Iterable[Ints]
        if groups is None:
            words = (self._words[start:end] for start, end in pairwise(self._starts))
        else:
            words = (self.read(group)[0] for group in groups)
        for some in words:
            yield [names[stem] for stem in self.stem_of[some].tolist() if stem >= 0]

    def read(self, positions: Ints) -> tuple[Ints, Ints]:
        """The words of some passages one after the other, and beside each word which of `positions` it is from."""
        counts = self._starts[positions + 1] - self._starts[positions]
        ends = np.cumsum(counts)
        shift = np.repeat(self._starts[positions] - ends + counts, counts)
        return self._words[np.arange(len(shift)) + shift], np.repeat(np.arange(len(positions)), counts)

    def held_stems(self) -> tuple[Ints, Ints]:
        """Which passage holds which stem: positions and, beside each, the number of a stem, each pair once."""
        stems = self.stem_of[self._words]
        stemmed = stems >= 0
        owners = np.repeat(np.arange(len(self)), np.diff(self._starts))[stemmed]
        width = max(len(self.stem_numbers), 1)
        keys = owners * width + stems[stemmed]
        keys.sort()
        positions, held = np.divmod(keys[np.diff(keys, prepend=-1) > 0], width)
        return positions, held
