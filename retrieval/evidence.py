"""What speaks for each of the passages that BM25 found: the columns that ranking weighs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from retrieval.forward import Forward, split_words, stem_word
from retrieval.index import Index
from retrieval.matching import (
    K1,
    B,
    Floats,
    Ints,
    count_terms,
    find_slots,
    norm_lengths,
    saturate,
    score_near,
    score_pairs,
)

DOCUMENT_K1 = 1.2
DOCUMENT_B = 0.5
"""BM25's parameters for whole documents, where words repeat more and length says less: not tuned."""

BASIS = {"pairs": 0.4, "words": 0.2, "phrases": 0.2}
"""What is added to the stems' score to compare candidates with their neighbours: a mix tried once, not learnt."""

AROUND = (-2, -1, 1, 2)
"""The neighbours of a passage in its document that are looked at."""

BEST_OF_DOCUMENT = 5
"""How many of a document's candidates speak for it."""

LEAST = 0.01
"""The least idf of a stem."""

TINY = 1e-9
"""Divides in place of nothing."""

LITTLE = 1.0
"""The idf given to words without a stem ("must", "within")."""

RELATIVE = (
    *("stems", "pairs", "near", "words", "little words", "phrases"),
    *("enclosing", "around", "beside", "siblings", "document", "best of document"),
)
"""Columns given as a share of the greatest among the question's candidates."""

ABSOLUTE = (
    *("covered", "covering", "matched", "capitals", "figures", "late"),
    *("length", "length squared", "short", "lines", "open end", "depth"),
)
"""Columns that mean the same for every question."""

COLUMNS = RELATIVE + ABSOLUTE


class Unit(NamedTuple):
    """A passage of a large corpus: its text, its document (from 0), the positions of what encloses it, inner first."""

    text: str
    document: int
    within: Sequence[int] = ()


@dataclass(frozen=True)
class Question:
    """A question's words in lower case and its stems, each once.

    ``row`` numbers the stems as they follow each other. ``traits`` has of each stem's first word whether it has a
    capital inside a sentence, whether it is a figure and how late it comes (0 to 1).
    """

    words: list[str]
    stems: list[str]
    row: list[int]
    weights: Floats
    traits: Floats


@dataclass(frozen=True)
class Candidates:
    """Passages found for a question.

    ``positions`` are in BM25's order, best first. ``columns`` has a row a passage and a column each of
    ``COLUMNS``; ``worths`` a column each of the question's ``stems``: what the stem is worth in the passage, as
    a share of the greatest sum of all stems in one.
    """

    positions: Ints
    columns: Floats
    worths: Floats
    stems: list[str]


def read_question(text: str, muted: Mapping[str, float]) -> Question:
    """The words and stems of a question; `muted` words weigh what it says, others as often as they come."""
    words = split_words(text)
    numbers: dict[str, int] = {}
    row = []
    weights: list[float] = []
    traits = []
    for place, word in enumerate(words):
        stem = stem_word(word.lower())
        if stem is None:
            continue
        number = numbers.setdefault(stem, len(numbers))
        row.append(number)
        if number == len(weights):
            weights.append(0.0)
            traits.append((place > 0 and word[0].isupper(), word[0].isdigit(), place / len(words)))
        weights[number] += muted.get(word.lower(), 1.0)
    held = np.array(traits, np.float64).reshape(-1, 3)
    return Question([word.lower() for word in words], list(numbers), row, np.array(weights), held)


class Evidence:
    """A corpus ready to be searched by its stems and read closely where they are found."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._forward = Forward(unit.text for unit in units)
        self._index = Index(self._forward.stems(), k1=K1, b=B)
        self.documents = np.array([unit.document for unit in units], np.int64)
        order = np.argsort(self.documents, kind="stable")
        documents = np.arange(1, int(self.documents.max(initial=0)) + 1)
        together = np.split(order, self.documents[order].searchsorted(documents))
        self._document_index = Index(self._forward.stems(together), k1=DOCUMENT_K1, b=DOCUMENT_B)
        self._depths = np.array([len(unit.within) for unit in units], np.int64)
        self._ends = np.cumsum(self._depths)
        self._outer = np.array([position for unit in units for position in unit.within], np.int64)
        self._parents = np.array([unit.within[0] if unit.within else -1 for unit in units], np.int64)
        lengths = self._forward.stem_lengths
        self._average = float(lengths.sum()) / max(len(units), 1)
        self._word_average = float(self._forward.word_lengths.sum()) / max(len(units), 1)
        idf = np.array([self._weigh(stem) for stem in self._forward.stem_numbers])
        holders, held = self._forward.held_stems()
        self._mass = np.bincount(holders, idf[held], len(units))
        length = np.log1p(self._forward.word_lengths)
        lines = np.log1p([unit.text.count("\n") for unit in units])
        open_end = [unit.text.rstrip()[-1:].isalnum() for unit in units]
        shape = (length, length**2, self._forward.word_lengths < 8, lines, open_end, self._depths)
        self._shape = np.array(shape, np.float64)

    def __len__(self) -> int:
        return len(self.documents)

    def stems(self) -> Iterator[Sequence[str]]:
        """Each passage's stems, one after the other."""
        return self._forward.stems()

    def rate_passages(self, worths: Mapping[str, float]) -> Floats:
        """What each passage is worth before any question, by its stems.

        Args:
            worths: What a stem adds. The more of these stems a passage holds, the less each counts, by the square
                root of their number.

        Returns:
            A rating a passage, 0.0 where it holds none of the stems.
        """
        table = np.zeros(len(self._forward.stem_numbers))
        known = np.zeros(len(table), bool)
        for stem, worth in worths.items():
            if stem in self._forward.stem_numbers:
                table[self._forward.stem_numbers[stem]] = worth
                known[self._forward.stem_numbers[stem]] = True
        holders, held = self._forward.held_stems()
        holders, held = holders[known[held]], held[known[held]]
        sums = np.bincount(holders, table[held], len(self))
        return sums / np.sqrt(np.maximum(np.bincount(holders, minlength=len(self)), 1))

    def held_stems(self) -> list[tuple[str, Ints]]:
        """Each stem with the positions of the passages that hold it."""
        holders, held = self._forward.held_stems()
        order = np.argsort(held, kind="stable")
        ends = np.cumsum(np.bincount(held, minlength=len(self._forward.stem_numbers)))
        return list(zip(self._forward.stem_numbers, np.split(holders[order], ends[:-1]), strict=True))

    def collect(self, text: str, muted: Mapping[str, float], limit: int) -> Candidates | None:
        """Find the best passages by BM25 and all that speaks for them.

        Args:
            text: The question.
            muted: Weights of words (lower case) that say less than others, which weigh 1.
            limit: How many passages to look at.

        Returns:
            The passages, None where none shares a stem with the question.
        """
        question = read_question(text, muted)
        terms = dict(zip(question.stems, question.weights.tolist(), strict=True))
        hits = self._index.search(terms, limit)
        if not hits:
            return None
        positions = np.array([hit.position for hit in hits], np.int64)
        idf = np.array([self._weigh(stem) for stem in question.stems])
        counts, around, enclosing = self._count_around(positions, question)
        norms = norm_lengths(self._forward.stem_lengths[positions], self._average)
        worths = saturate(counts, norms[:, None]) * idf
        inner = self._match_order(positions, question, idf, norms)
        stems = worths @ question.weights
        basis = stems + sum(share * inner[name] for name, share in BASIS.items())
        documents = self.documents[positions]
        found = (counts > 0).astype(np.float64)
        total = max(worths.sum(axis=1).max(), TINY)
        columns = {
            "stems": stems,
            **inner,
            "around": around @ (idf * question.weights),
            "enclosing": enclosing @ (idf * question.weights),
            "beside": self._best_beside(positions, basis),
            "siblings": _best_of(self._parents[positions], basis) * (self._parents[positions] >= 0),
            "document": np.maximum(self._document_index.scores(terms), 0.0)[documents],
            "best of document": _sum_of_best(documents, basis),
            "covered": found @ idf / max(idf.sum(), TINY),
            "covering": found @ idf / np.maximum(self._mass[positions], TINY),
            "matched": found.mean(axis=1),
            **dict(zip(("capitals", "figures", "late"), (worths @ question.traits).T / total, strict=True)),
            **dict(zip(ABSOLUTE[6:], self._shape[:, positions], strict=True)),
        }
        for name in RELATIVE:
            columns[name] = columns[name] / max(columns[name].max(), TINY)
        together = np.column_stack([columns[name] for name in COLUMNS])
        return Candidates(positions, together, worths / total, question.stems)

    def _weigh(self, stem: str) -> float:
        """The stem's idf, kept positive: in a handful of passages it need not be."""
        return max(self._index.idf(stem), LEAST)

    def _count_around(self, positions: Ints, question: Question) -> tuple[Floats, Floats, Floats]:
        """Counts of the stems in the passages; and their weighed counts in neighbours, and in what encloses."""
        beside, whose = self._neighbours(positions)
        depths = self._depths[positions]
        outer = self._outer[np.repeat(self._ends[positions] - np.cumsum(depths), depths) + np.arange(depths.sum())]
        inside = np.repeat(np.arange(len(positions)), depths)
        read, places = np.unique(np.concatenate([positions, beside, outer]), return_inverse=True)
        words, owners = self._forward.read(read)
        numbers = [self._forward.stem_numbers.get(stem, -1) for stem in question.stems]
        slots = find_slots(self._forward.stem_of[words], numbers, len(self._forward.stem_numbers))
        counts = count_terms(slots, owners, len(read), len(numbers))
        lengths = self._forward.stem_lengths[read]

        def add_up(places: Ints, rows: Ints) -> Floats:
            sums = np.zeros((len(positions), len(numbers)))
            np.add.at(sums, rows, counts[places])
            length = np.bincount(rows, lengths[places], len(positions)).astype(np.float64)
            return saturate(sums, norm_lengths(length, float(length.mean()))[:, None])

        here, there, over = np.split(places, [len(positions), len(positions) + len(beside)])
        return counts[here], add_up(there, whose), add_up(over, inside)

    def _match_order(self, positions: Ints, question: Question, idf: Floats, norms: Floats) -> dict[str, Floats]:
        """Scores by unstemmed words, and by the order of stems and words."""
        forward = self._forward
        words, owners = forward.read(positions)
        stems = forward.stem_of[words]
        stemmed = (stems >= 0).nonzero()[0]
        numbers = [forward.stem_numbers.get(stem, -1) for stem in question.stems]
        slots = find_slots(stems[stemmed], numbers, len(forward.stem_numbers))
        known = list(dict.fromkeys(question.words))
        place = {word: number for number, word in enumerate(known)}
        held = [stem_word(word) for word in known]
        little = np.array([stem is None for stem in held])
        worth = np.array([LITTLE if stem is None else self._weigh(stem) for stem in held])
        written = find_slots(words, [forward.word_numbers.get(word, -1) for word in known], len(forward.word_numbers))
        word_norms = norm_lengths(forward.word_lengths[positions], self._word_average)
        counts = saturate(count_terms(written, owners, len(positions), len(known)), word_norms[:, None])
        row = [place[word] for word in question.words]
        return {
            "pairs": score_pairs(slots, owners[stemmed], question.row, idf, norms),
            "near": score_near(slots, owners[stemmed], question.row, idf, norms),
            "words": counts @ (worth * ~little),
            "little words": counts @ (worth * little),
            "phrases": score_pairs(written, owners, row, worth, word_norms),
        }

    def _neighbours(self, positions: Ints) -> tuple[Ints, Ints]:
        """The neighbours in the same document, and beside each the row of whose neighbour it is."""
        beside = (positions[:, None] + np.array(AROUND)).ravel()
        rows = np.repeat(np.arange(len(positions)), len(AROUND))
        inside = (beside >= 0) & (beside < len(self))
        inside[inside] = self.documents[beside[inside]] == self.documents[positions[rows[inside]]]
        return beside[inside], rows[inside]

    def _best_beside(self, positions: Ints, scores: Floats) -> Floats:
        """The better score of the two passages next to each, if they are candidates too."""
        by_position = dict(zip(positions.tolist(), scores.tolist(), strict=True))
        documents = self.documents
        best = np.zeros(len(positions))
        for row, position in enumerate(positions.tolist()):
            for beside in (position - 1, position + 1):
                if beside in by_position and documents[beside] == documents[position]:
                    best[row] = max(best[row], by_position[beside])
        return best


def _best_of(groups: Ints, scores: Floats) -> Floats:
    """The best score in each one's group."""
    _, members = np.unique(groups, return_inverse=True)
    best = np.zeros(len(groups))
    np.maximum.at(best, members, scores)
    return best[members]


def _sum_of_best(groups: Ints, scores: Floats) -> Floats:
    """The sum of the best few scores in each one's group."""
    _, members = np.unique(groups, return_inverse=True)
    order = np.lexsort((-scores, members))
    starts = np.searchsorted(members[order], members[order])
    few = order[np.arange(len(order)) - starts < BEST_OF_DOCUMENT]
    return np.bincount(members[few], scores[few], len(groups)).astype(np.float64)[members]
