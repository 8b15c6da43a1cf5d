"""Made-up corpora of any size, the same each time: terms as frequent as in legal text without its stop words."""

from __future__ import annotations

import numpy as np

SEED = 8
_CHUNK = 100_000


def make_corpus(passages: int) -> list[list[str]]:
    """Passages of about 43 terms (5 to 400, log-normal), drawn independently by Zipf's and Mandelbrot's law.

    The commonest term stands in about a third of the passages; the vocabulary grows with the corpus (Heaps' law:
    30,000 terms for a thousand passages, 475,000 for a million).
    """
    random = np.random.default_rng(SEED)
    vocabulary = int(30_000 * (passages / 1_000) ** 0.4)
    odds = np.cumsum(1 / (np.arange(vocabulary) + 10.0))
    odds /= odds[-1]
    lengths = np.clip(random.lognormal(3.6, 0.6, passages), 5, 400).astype(int)
    names = [f"t{number}" for number in range(vocabulary)]
    made: list[list[str]] = []
    for start in range(0, passages, _CHUNK):
        some = lengths[start : start + _CHUNK]
        drawn = odds.searchsorted(random.random(int(some.sum())))
        terms = list(map(names.__getitem__, drawn.tolist()))
        ends = np.cumsum(some).tolist()
        made += [terms[end - length : end] for end, length in zip(ends, some.tolist(), strict=True)]
    return made


def make_queries(corpus: list[list[str]], queries: int) -> list[list[str]]:
    """Questions of 4 to 12 terms, each drawn from one passage; a term may come twice."""
    random = np.random.default_rng(SEED + 1)
    made = []
    for _ in range(queries):
        passage = corpus[int(random.integers(len(corpus)))]
        picked = random.integers(0, len(passage), int(random.integers(4, 13)))
        made.append([passage[place] for place in picked.tolist()])
    return made
