"""Type-ahead over clauses: by number, by title and by the names of what a clause is about. Pure once built."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz.distance import OSA

from retrieval.analyzer import Analyzer, fold_chinese, fold_words, stem_words
from retrieval.catalogue import Suggestion, view_suggestion
from retrieval.query import MUTED_WEIGHT
from retrieval.resolve import Directory
from retrieval.typed import Is, Part, read_typed
from retrieval.words import MUTED_WORDS, STOP_WORDS

TITLE, TOPIC, OTHER_NAME, BROADER = 1.0, 0.8, 0.5, 0.2
"""What a word counts for by where it stands: in the title; in a name of the passage or a topic's usual one; in another
name of a topic; in a name of a more general concept."""
WHOLE, BEGUN, WITHIN, SLIPPED = 1.0, 0.8, 0.5, 0.4
"""The same by how it was typed: in full, its beginning, a part of a Chinese name, with a slip."""
EXACT, NEAR = 3.0, 1.5
"""What a number counts for: the clause's own, or one that begins so."""
SHORTEST_SLIPPED = 5
"""Letters from which a word may have one slip of typing."""

Scores = dict[int, float]
_Named = dict[str, Scores]


class Suggester:
    """The clauses of the loaded guides, to be found while a reader types.

    Args:
        directory: the clauses.
        analyzer: knows the concepts, and finds those that a Chinese text names.
        spoken: names of concepts by id, a line each.
    """

    def __init__(self, directory: Directory, analyzer: Analyzer, spoken: Mapping[str, str]):
        entries = directory.clauses()
        self._suggestions = [view_suggestion(entry.guide, entry.passage) for entry in entries]
        self._owners = [{duty.owner.value for duty in entry.passage.duties} for entry in entries]
        self._refs = [_split_ref(suggestion.ref) for suggestion in self._suggestions]
        self._analyzer = analyzer
        self._concepts: _Named = {}
        self._chinese: _Named = {}
        self._phrases: _Named = {}
        for clause, entry in enumerate(entries):
            self._name(clause, TITLE, [entry.passage.title])
            self._name(clause, TOPIC, entry.passage.names)
            broader = {general for topic in entry.passage.topics for general in analyzer.broader(topic)}
            for concept in broader.union(entry.passage.topics):
                held, weight = analyzer.concepts[concept], TOPIC if concept in entry.passage.topics else BROADER
                _raise(self._concepts, concept, clause, weight)
                self._name(clause, weight, [held.label, held.label_zh])
                self._name(clause, min(weight, OTHER_NAME), spoken.get(concept, "").split("\n"))
        self._words: _Named = {}
        self._stems: _Named = {}
        for phrase, scores in self._phrases.items():
            # Both spellings, so that either is met by its beginning.
            for word in {*phrase.replace("-", " ").split(), *fold_words(phrase)} - STOP_WORDS:
                for clause, weight in scores.items():
                    _raise(self._words, word, clause, weight)
                    _raise(self._stems, stem_words([word])[0], clause, weight)
        self._sorted_words = sorted(self._words)
        self._sorted_phrases = sorted(self._phrases)

    def _name(self, clause: int, weight: float, names: Iterable[str]) -> None:
        for name in filter(None, names):
            _raise(self._phrases if name.isascii() else self._chinese, fold_chinese(name), clause, weight)

    def suggest(self, text: str, *, regulation: str | None, owner: str | None, most: int) -> list[Suggestion]:
        """The clauses that a text typed so far may be meant for, best first; all in order for an empty text.

        Args:
            text: part of a number, of a title or of the name of a subject, in English or Chinese.
            regulation: only its clauses.
            owner: only clauses in which that party has a duty.
            most: how many at most.
        """
        scores = self._score(read_typed(text))
        kept = [
            clause
            for clause in sorted(scores, key=lambda clause: (-round(scores[clause], 6), clause))
            if regulation in (None, self._suggestions[clause].regulation)
            and (owner is None or owner in self._owners[clause])
        ]
        return [self._suggestions[clause] for clause in kept[: max(most, 0)]]

    def _score(self, parts: Sequence[Part]) -> Scores:
        """What each clause is worth that has all that was typed; words that name no subject narrow nothing down."""
        telling = [part for part in parts if part.text not in STOP_WORDS] or parts
        needed = [part for part in telling if part.text not in MUTED_WORDS] or telling
        scores = dict.fromkeys(range(len(self._suggestions)), 0.0)
        for part in telling:
            found = self._match(part)
            if part in needed:
                scores = {clause: score + found[clause] for clause, score in scores.items() if clause in found}
            else:
                scores = {clause: score + MUTED_WEIGHT * found.get(clause, 0.0) for clause, score in scores.items()}
        phrase = " ".join(part.text for part in telling if part.kind is Is.WORD)
        begun: Scores = {}
        for name in _begun(self._sorted_phrases, phrase) if phrase else ():
            begun = _best(begun, self._phrases[name])
        return {clause: score + begun.get(clause, 0.0) for clause, score in scores.items()}

    def _match(self, part: Part) -> Scores:
        """What the clauses are worth that have one part of what was typed."""
        if part.kind is Is.CHINESE:
            return self._match_chinese(part.text)
        if part.kind is Is.WORD:
            return self._match_word(part)
        found = {
            clause: worth for clause, ref in enumerate(self._refs) if (worth := _match_number(part, *ref)) is not None
        }
        # "5.1 b" may be a clause's letter or the beginning of "backup", "27001" a number of somebody else's.
        return _best(self._match_word(part), found) if part.kind in (Is.LETTER, Is.FIGURE) and part.open else found

    def _match_word(self, part: Part) -> Scores:
        word = part.text
        found = _best(
            _times(WHOLE, self._words.get(word, {})), _times(WHOLE, self._stems.get(stem_words([word])[0], {}))
        )
        if part.open:
            for longer in _begun(self._sorted_words, word):
                found = _best(found, _times(BEGUN, self._words[longer]))
        if found or len(word) < SHORTEST_SLIPPED:
            return found
        for other in _begun(self._sorted_words, word[0]):
            lengths = {len(other), *range(len(word) - 1, len(word) + 2)} if part.open else {len(other)}
            if any(OSA.distance(word, other[:length], score_cutoff=1) <= 1 for length in lengths):
                found = _best(found, _times(SLIPPED, self._words[other]))
        return found

    def _match_chinese(self, text: str) -> Scores:
        found: Scores = {}
        for name, scores in self._chinese.items():
            if text in name:
                how = WHOLE if text == name else BEGUN if name.startswith(text) else WITHIN
                found = _best(found, _times(how, scores))
        for mention in self._analyzer.find_concepts(text):
            found = _best(found, self._concepts.get(mention.concept.id, {}))
        return found


def _split_ref(ref: str) -> tuple[str, str, str]:
    """The numbers of regulation and clause, and the first letter: "8", "5.1", "c" of "GL8 5.1(c)"."""
    regulation, _, place = ref.partition(" ")
    number, _, letters = place.partition("(")
    return regulation.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), number, letters[:1]


def _match_number(part: Part, regulation: str, number: str, letter: str) -> float | None:
    """What a part of a reference is worth for one clause; None where it contradicts it."""
    text = part.text
    found = []
    if part.kind is Is.LETTER:
        found += [EXACT] if letter == text else []
    if part.kind in (Is.REGULATION, Is.FIGURE):
        found += [EXACT] if regulation == text or not text else []
        found += [NEAR] if part.open and regulation.startswith(text) else []
    if part.kind in (Is.NUMBER, Is.FIGURE):
        found += [EXACT] if number == text else []
        inside = number.startswith(f"{text.rstrip('.')}.")
        found += [NEAR] if inside or (part.open and "." in text and number.startswith(text)) else []
    return max(found, default=None)


def _begun(ordered: Sequence[str], beginning: str) -> Iterable[str]:
    """Those of some strings in order that begin so."""
    start = bisect_left(ordered, beginning)
    return ordered[start : bisect_left(ordered, f"{beginning}\U0010ffff")]


def _raise(named: _Named, name: str, clause: int, weight: float) -> None:
    scores = named.setdefault(name, {})
    scores[clause] = max(weight, scores.get(clause, 0.0))


def _times(share: float, scores: Scores) -> Scores:
    return {clause: share * weight for clause, weight in scores.items()}


def _best(one: Scores, other: Scores) -> Scores:
    """The better of two scores for each clause."""
    return one | {clause: max(score, one.get(clause, 0.0)) for clause, score in other.items()}
