"""Ranking for large and general corpora: BM25 finds candidates, and all that speaks for them is added up.

A passage's score is linear: what its columns of evidence weigh, what the question's words weigh, and what passage
and document are worth before any question. The weights are plain data: ``PLAIN``, or learnt from a corpus's own
answered questions. There is no language model and no embedding; equal questions rank equally.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from retrieval.evidence import COLUMNS, Evidence
from retrieval.index import Hit

CANDIDATES = 200
"""How many passages found by BM25 are read closely."""

ASKING_WORDS = frozenset(
    """
    any can case clarify context could criteria describe detail detailed details effectively elaborate ensure example
    examples expect expectations expected explain framework further guidance information insight insights involved may
    measures might must outline particular potential process provide provided regarding required requirements should
    specific specifically steps take taken considered according terms typically what within
    """.split()
)
"""Words of asking, not of the subject: in the question they weigh little."""


@dataclass(frozen=True)
class Weights:
    """What ranking adds up.

    Attributes:
        columns: By the names of ``evidence.COLUMNS``; an absent one weighs nothing.
        muted: By word of the question (lower case), its weight while candidates are sought; others weigh 1.
        words: By stem of the question, what its worth in a passage weighs beside the columns.
        passages: By stem, what a passage is worth for holding it (see ``Evidence.rate_passages``).
        documents: By document, what its passages are worth.
    """

    columns: Mapping[str, float]
    muted: Mapping[str, float] = field(default_factory=lambda: dict.fromkeys(ASKING_WORDS, 0.4))
    words: Mapping[str, float] = field(default_factory=dict)
    passages: Mapping[str, float] = field(default_factory=dict)
    documents: Mapping[int, float] = field(default_factory=dict)


PLAIN = Weights(
    {
        "stems": 1.4,
        "pairs": 1.3,
        "near": 1.0,
        "words": 0.6,
        "little words": 1.5,
        "phrases": 1.3,
        "enclosing": 0.2,
        "around": 0.6,
        "beside": 0.6,
        "siblings": 1.5,
        "document": 1.8,
        "best of document": 0.9,
        "covered": 1.6,
        "covering": -3.3,
        "matched": 4.8,
        "capitals": 2.1,
        "figures": 4.8,
        "late": 2.3,
        "length": -0.5,
        "length squared": -0.1,
        "short": -1.4,
        "lines": 0.5,
        "open end": -1.2,
        "depth": -0.2,
    }
)
"""Weights for a corpus without answered questions: the columns only, learnt once on ObliQA's development questions.

A benchmark that reports on those questions must not use them.
"""


class Ranker:
    """Ranks the passages of a corpus for questions."""

    def __init__(self, evidence: Evidence, weights: Weights = PLAIN) -> None:
        self._evidence = evidence
        self._weights = weights
        self._columns = np.array([weights.columns.get(name, 0.0) for name in COLUMNS])
        self._ratings = evidence.rate_passages(weights.passages)
        documents = np.zeros(int(evidence.documents.max(initial=-1)) + 1)
        for document, weight in weights.documents.items():
            documents[document] = weight
        self._ratings += documents[evidence.documents]

    def search(self, question: str, limit: int = 10) -> list[Hit]:
        """Rank the passages that share a stem with the question.

        Args:
            question: The question as asked.
            limit: How many hits at most.

        Returns:
            The best hits, best first; equal scores in the corpus's order. Scores compare within one question.
        """
        found = self._evidence.collect(question, self._weights.muted, max(limit, CANDIDATES))
        if found is None:
            return []
        words = np.array([self._weights.words.get(stem, 0.0) for stem in found.stems])
        scores = found.columns @ self._columns + found.worths @ words + self._ratings[found.positions]
        order = np.lexsort((found.positions, -scores))[:limit]
        return [
            Hit(position, score)
            for position, score in zip(found.positions[order].tolist(), scores[order].tolist(), strict=True)
        ]
