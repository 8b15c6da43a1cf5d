"""Words to terms: folding, stemming, stop words, and the concepts that words name.

A term is a stem ("encrypt") or a concept ("#encryption-at-rest"). Passages and questions are analyzed alike,
so a question meets a passage by a shared stem or by a concept that both name in their own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import Stemmer

from corpus.thesaurus import Concept, Thesaurus
from retrieval.words import STOP_WORDS

_WORD = re.compile(r"[a-z]+|[0-9]+")
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\b|['’]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


_AMERICAN = (
    (re.compile(r"^(.{3,})is(e|ed|es|er|ers|ing|ation|ations|ational)$"), r"\1iz\2"),
    (re.compile(r"^(.{2,})our(s|ed|ing|al|able|ite)?$"), r"\1or\2"),
    (re.compile(r"^(cent|met|theat)re(s?)$"), r"\1er\2"),
    (re.compile(r"^(licen|defen|offen|preten)ce(s|d)?$"), r"\1se\2"),
    (re.compile(r"^(.{2,}[aeiou]l)l(ed|ing|er|ers|ation)$"), r"\1\2"),
    (re.compile(r"^(.{3,})ogue(s?)$"), r"\1og\2"),
    (re.compile(r"^(program)me(s?)$"), r"\1\2"),
    (re.compile(r"^(analy|paraly)s(e|ed|es|ing)$"), r"\1z\2"),
)
# Words that only look British: both spellings are one word, or there is but one.
_KEPT = re.compile(
    r"^(?:.*(?:wise|cise|vise|mise|prise|rise|raise|noise|guise|chise|mise|tise|vis(?:ed|es|er|ing)|mis(?:ed|es|ing)"
    r"|pris(?:ed|es|ing)|ris(?:ed|es|ing)|cis(?:ed|es|ing)|advertis.*|ris(?:er|ers))|four|hour|hours|our|your|tour|tours|pour"
    r"|hourly|sour|flour|contour|basis|analysis|crisis|this)$"
)


def fold_words(text: str) -> list[str]:
    """The words and numbers of `text`: lower case, ASCII, letters apart from digits, American spelling."""
    folded = unicodedata.normalize("NFKD", text.lower())
    folded = _POSSESSIVE.sub("", "".join(char for char in folded if not unicodedata.combining(char)))
    return [_americanize(word) for word in _WORD.findall(folded)]


@lru_cache(maxsize=8192)
def _americanize(word: str) -> str:
    if len(word) < 5 or _KEPT.match(word):
        return word
    for british, american in _AMERICAN:
        changed = british.sub(american, word)
        if changed != word:
            return changed
    return word


_STEMMER = Stemmer.Stemmer("english")


def stem_words(words: Sequence[str]) -> list[str]:
    """Snowball's English stems of folded words."""
    return list(_STEMMER.stemWords(words))


@dataclass(frozen=True, slots=True)
class Mention:
    """A concept that a text names, with the words that name it (positions in the text's word list)."""

    concept: Concept
    name: str
    positions: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    concepts: list[tuple[Concept, str]] = field(default_factory=list)


class Analyzer:
    """Finds the terms of passages and questions, with the concepts of one thesaurus.

    ``concepts`` are by id; ``words`` and ``name_stems`` are the words of their English names, and these stemmed.
    """

    def __init__(self, thesaurus: Thesaurus):
        self.concepts = {concept.id: concept for concept in thesaurus.concepts}
        self._broader = {concept.id: self._ancestors(concept) for concept in thesaurus.concepts}
        self._names = _Node()
        self._cased: dict[str, list[Concept]] = {}
        self._chinese: dict[str, list[tuple[str, Concept]]] = {}
        self.words: set[str] = set()
        self.name_stems: set[str] = set()
        for concept in thesaurus.concepts:
            for name in (*concept.en, *concept.exact):
                words = fold_words(name)
                self.words.update(words)
                self._add(words, concept, name)
            for name in concept.cased:
                self._cased.setdefault(name, []).append(concept)
            for name in concept.zh:
                folded = unicodedata.normalize("NFKC", name).lower()
                self._chinese.setdefault(folded[0], []).append((folded, concept))
        for names in self._chinese.values():
            names.sort(key=lambda entry: -len(entry[0]))

    def _add(self, words: Sequence[str], concept: Concept, name: str) -> None:
        node = self._names
        stems = stem_words(words)
        self.name_stems.update(stems)
        for stem in stems:
            node = node.children.setdefault(stem, _Node())
        node.concepts.append((concept, name))

    def _ancestors(self, concept: Concept) -> tuple[str, ...]:
        found: dict[str, None] = {}
        queue = list(concept.broader)
        while queue:
            general = queue.pop(0)
            if general not in found and general in self.concepts:
                found[general] = None
                queue += self.concepts[general].broader
        return tuple(found)

    def broader(self, concept_id: str) -> tuple[str, ...]:
        """Ids of every more general concept, nearest first."""
        return self._broader[concept_id]

    def find_concepts(self, text: str, words: Sequence[str] | None = None) -> list[Mention]:
        """The concepts that a text names, the longest name at each place, in order.

        Args:
            text: the text as written (capitals count for some abbreviations).
            words: its folded words, if they are at hand already.
        """
        stems = stem_words(fold_words(text) if words is None else list(words))
        found: list[Mention] = []
        i = 0
        while i < len(stems):
            node, longest, end = self._names, None, i
            for j in range(i, len(stems)):
                child = node.children.get(stems[j])
                if child is None:
                    break
                node = child
                if node.concepts:
                    longest, end = node, j + 1
            if longest is None:
                i += 1
                continue
            found += [Mention(concept, name, frozenset(range(i, end))) for concept, name in longest.concepts]
            i = end
        if self._cased:
            for token in re.findall(r"[A-Za-z0-9]+", text):
                found += [Mention(concept, token) for concept in self._cased.get(token, ())]
        found += self._find_chinese(text)
        return found

    def _find_chinese(self, text: str) -> list[Mention]:
        if not _HAN.search(text):
            return []
        folded = unicodedata.normalize("NFKC", text).lower()
        found: list[Mention] = []
        i = 0
        while i < len(folded):
            length = 0
            for name, concept in self._chinese.get(folded[i], ()):
                if len(name) < length:
                    break
                if folded.startswith(name, i):
                    length = len(name)
                    found.append(Mention(concept, name))
            i += length or 1
        return found

    def passage_terms(self, text: str) -> list[str]:
        """The terms of a passage's text: stems of content words, each concept named, and its broader ones."""
        words = fold_words(text)
        terms = [stem for word, stem in zip(words, stem_words(words), strict=True) if is_content(word)]
        for mention in self.find_concepts(text, words):
            terms.append(concept_term(mention.concept.id))
            terms += [concept_term(general) for general in self._broader[mention.concept.id]]
        return terms

    def topic_terms(self, topics: Iterable[str]) -> list[str]:
        """The terms of concepts given by id, with their broader ones."""
        return [concept_term(each) for topic in topics for each in (topic, *self._broader.get(topic, ()))]


def is_content(word: str) -> bool:
    """Whether a folded word can say something about a subject."""
    return len(word) > 1 and word not in STOP_WORDS


def concept_term(concept_id: str) -> str:
    """The index term that stands for a concept."""
    return f"#{concept_id}"
