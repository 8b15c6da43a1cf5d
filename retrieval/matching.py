"""How a question's terms stand in some passages: how often, next to each other, near each other.

The words of the passages come one after the other as slots: the number of the question's term that the word
is, or -1. ``owners`` says beside each slot which passage (row) it belongs to. A count is weighed as BM25 does,
with ``norms``, one a passage; a pair is worth the mean of its two terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.integer[Any]]
Floats = NDArray[np.float64]

K1 = 0.6
B = 0.75
"""BM25's parameters for long questions about long passages: the best of those tried on ObliQA."""

NEAR = 5
"""How far apart, in terms, two terms are still near each other."""


def norm_lengths(lengths: Floats, average: float) -> Floats:
    """What BM25 adds to a count, by the passage's length."""
    return K1 * (1 - B + B * lengths / max(average, 1.0))


def saturate(counts: Floats, norms: Floats) -> Floats:
    """Counts as BM25 weighs them: each further occurrence adds less."""
    return counts * (K1 + 1) / (counts + norms)


def find_slots(words: Ints, numbers: Sequence[int], vocabulary: int) -> Ints:
    """The place in `numbers` of each of `words` (-1 where it has none); a number of -1 stands nowhere."""
    table = np.full(vocabulary + 1, -1, np.int32)
    known = [(number, slot) for slot, number in enumerate(numbers) if number >= 0]
    for number, slot in known:
        table[number] = slot
    # A word of -1 reads the last entry, which no number has.
    slots: Ints = table[words]
    return slots


def count_terms(slots: Ints, owners: Ints, rows: int, terms: int) -> Floats:
    """How often each term stands in each passage: a row a passage, a column a term."""
    held = (slots >= 0).nonzero()[0]
    counts = np.bincount(owners[held] * terms + slots[held], minlength=rows * terms)
    return counts.reshape(rows, terms).astype(np.float64)


def score_pairs(slots: Ints, owners: Ints, row: Sequence[int], worth: Floats, norms: Floats) -> Floats:
    """Score terms that follow each other in the question (`row`) and in the passage alike."""
    numbers: dict[tuple[int, int], int] = {}
    for pair in pairwise(row):
        numbers.setdefault(pair, len(numbers))
    if not numbers:
        return np.zeros(len(norms))
    table = np.full((len(worth), len(worth)), -1)
    for pair, number in numbers.items():
        table[pair] = number
    held = (slots >= 0).nonzero()[0]
    start = held[:-1][np.diff(held) == 1]
    start = start[owners[start] == owners[start + 1]]
    found = table[slots[start], slots[start + 1]]
    counts = count_terms(found, owners[start], len(norms), len(numbers))
    worths = np.array([worth[first] + worth[second] for first, second in numbers]) / 2
    scores: Floats = saturate(counts, norms[:, None]) @ worths
    return scores


def score_near(slots: Ints, owners: Ints, row: Sequence[int], worth: Floats, norms: Floats) -> Floats:
    """Score terms that are near each other in the question and in the passage, in whatever order."""
    terms = len(worth)
    worths = np.zeros((terms, terms))
    for start, first in enumerate(row):
        for second in row[start + 1 : start + 1 + NEAR]:
            if first != second:
                worths[first, second] = worths[second, first] = (worth[first] + worth[second]) / 2
    held = (slots >= 0).nonzero()[0]
    keys = []
    for apart in range(1, min(NEAR, len(held) - 1) + 1):
        left, right = held[:-apart], held[apart:]
        close = ((right - left <= NEAR) & (owners[left] == owners[right])).nonzero()[0]
        one, other = slots[left[close]], slots[right[close]]
        wanted = worths[one, other].nonzero()[0]
        low, high = np.minimum(one, other)[wanted], np.maximum(one, other)[wanted]
        keys.append((owners[left[close[wanted]]] * terms + low) * terms + high)
    if not keys:
        return np.zeros(len(norms))
    pairs, counts = np.unique(np.concatenate(keys), return_counts=True)
    passages = pairs // (terms * terms)
    scores = saturate(counts.astype(np.float64), norms[passages]) * worths[pairs // terms % terms, pairs % terms]
    return np.bincount(passages, scores, len(norms)).astype(np.float64, copy=False)
