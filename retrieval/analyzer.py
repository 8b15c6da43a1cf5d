"""Words to terms: folding, stemming, stop words, and the concepts that words name.

A term is a stem ("encrypt") or a concept ("#encryption-at-rest"). Passages and questions are analyzed alike,
so a question meets a passage by a shared stem or by a concept that both name in their own words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import Stemmer

from corpus.thesaurus import Concept, Thesaurus
from retrieval.words import STOP_WORDS

_WORD = re.compile(r"[a-z]+|[0-9]+")
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_ORDINAL = re.compile(r"\b([0-9]{1,2})(?:st|nd|rd|th)\b")
_ORDINALS = {"1": "first", "2": "second", "3": "third", "4": "fourth"}
_POSSESSIVE = re.compile(r"(?<=[a-z])['’]s\b|['’]")
_TOKEN = re.compile(r"[A-Za-z0-9]+")


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
# These have one spelling only, whatever their ending looks like.
_KEPT = re.compile(
    r"(?:un|re|pre|mis)?(?:advertis|advis|aris|compris|compromis|concis|cruis|devis|disguis|enterpris|exercis|expertis|"
    r"franchis|improvis|likewis|merchandis|nois|otherwis|paradis|prais|precis|premis|promis|rais|revis|ris|supervis|"
    r"surpris|televis|treatis|wis)(?:e|ed|es|er|ers|ing|ation|ations)"
    r"|(?:f|h|p|s|t|y)?our(?:s|ly|ed|ing)?|fl?our|contour"
)


def fold_words(text: str) -> list[str]:
    """The words and numbers of `text`: lower case, ASCII, letters apart from digits, American spelling."""
    folded = _ADDRESS.sub(" ", text.lower()).replace("w/o", "without")
    folded = unicodedata.normalize("NFKD", folded)
    folded = _ORDINAL.sub(lambda ordinal: f" {_ORDINALS.get(ordinal[1], ordinal[1])} ", folded)
    folded = _POSSESSIVE.sub("", "".join(char for char in folded if not unicodedata.combining(char)))
    return [_americanize(word) for word in _WORD.findall(folded)]


@lru_cache(maxsize=8192)
def _americanize(word: str) -> str:
    if len(word) < 5 or _KEPT.fullmatch(word):
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


class Names(NamedTuple):
    """The names of a thesaurus's concepts, made ready for look-up; plain data, so that it can be kept as JSON.

    ``english`` and ``chinese`` map a name to the ids of its concepts, joined by spaces. An English name is
    written as steps: stems, or ``=word`` for a name that is matched whole. ``longest`` maps a first step, or a
    first Chinese character, to the most steps or characters of a name that begins with it. ``cased`` holds the
    names in capitals. ``words`` are the words of all English names, ``stems`` these stemmed, joined by spaces.
    """

    english: dict[str, str]
    cased: dict[str, str]
    chinese: dict[str, str]
    longest: dict[str, int]
    words: str
    stems: str


def collect_names(thesaurus: Thesaurus) -> Names:
    """The names of every concept of a thesaurus."""
    english: dict[str, str] = {}
    cased: dict[str, str] = {}
    chinese: dict[str, str] = {}
    longest: dict[str, int] = {}
    words: set[str] = set()
    for concept in thesaurus.concepts:
        steps = [stem_words(fold_words(name)) for name in concept.en]
        steps += [[f"={word}" for word in fold_words(name)] for name in concept.exact]
        words.update(word for name in (*concept.en, *concept.exact) for word in fold_words(name))
        for name in filter(None, steps):
            _add(english, " ".join(name), concept.id)
            longest[name[0]] = max(longest.get(name[0], 0), len(name))
        for written in concept.cased:
            _add(cased, written, concept.id)
        for written in map(fold_chinese, concept.zh):
            _add(chinese, written, concept.id)
            longest[written[0]] = max(longest.get(written[0], 0), len(written))
    stems = sorted(set(stem_words(sorted(words))))
    return Names(english, cased, chinese, longest, " ".join(sorted(words)), " ".join(stems))


def _add(names: dict[str, str], name: str, concept: str) -> None:
    names[name] = f"{names[name]} {concept}" if name in names else concept


def fold_chinese(text: str) -> str:
    """`text` as Chinese names are compared: full-width forms folded, Latin letters in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


class Analyzer:
    """Finds the terms of passages and questions, with the concepts of one thesaurus.

    ``concepts`` are by id; ``words`` and ``name_stems`` are the words of their English names, and these stemmed.
    """

    def __init__(self, thesaurus: Thesaurus, names: Names | None = None):
        self.concepts = {concept.id: concept for concept in thesaurus.concepts}
        self.names = names or collect_names(thesaurus)
        self.words = frozenset(self.names.words.split())
        self.name_stems = frozenset(self.names.stems.split())

    def broader(self, concept_id: str) -> tuple[str, ...]:
        """Ids of every more general concept, nearest first."""
        found: dict[str, None] = {}
        queue = list(self.concepts[concept_id].broader)
        while queue:
            general = queue.pop(0)
            if general not in found and general in self.concepts:
                found[general] = None
                queue += self.concepts[general].broader
        return tuple(found)

    def find_concepts(self, text: str, words: Sequence[str] | None = None) -> list[Mention]:
        """The concepts that a text names, the longest name at each place, in order.

        Args:
            text: the text as written (capitals count for some abbreviations).
            words: its folded words, if they are at hand already.
        """
        folded = fold_words(text) if words is None else list(words)
        stems, exact = stem_words(folded), [f"={word}" for word in folded]
        found: list[Mention] = []
        taken, before = 0, ""
        for i in range(len(stems)):
            end, ids = max(self._longest(stems, i), self._longest(exact, i))
            # A name inside a longer one gives way to it; one that goes on beyond it is said too, if of something else.
            if end <= max(taken, i) or (i < taken and ids == before):
                continue
            found += self._mentions(" ".join(folded[i:end]), ids, frozenset(range(i, end)))
            # A word for the guide itself ("the guide") leaves its words to a subject that begins in them.
            if not all(self.concepts[concept].kind == "meta" for concept in ids.split()):
                taken, before = end, ids
        for token in _TOKEN.findall(text) if self.names.cased else ():
            found += self._mentions(token, self.names.cased.get(token, ""))
        return found + self._find_chinese(text)

    def _mentions(self, name: str, ids: str, positions: frozenset[int] = frozenset()) -> list[Mention]:
        return [Mention(self.concepts[concept], name, positions) for concept in ids.split()]

    def _longest(self, steps: Sequence[str], start: int) -> tuple[int, str]:
        """Where the longest name that begins at `start` ends, and the ids of its concepts; `start` for none."""
        for end in range(min(start + self.names.longest.get(steps[start], 0), len(steps)), start, -1):
            ids = self.names.english.get(" ".join(steps[start:end]))
            if ids:
                return end, ids
        return start, ""

    def _find_chinese(self, text: str) -> list[Mention]:
        if text.isascii():
            return []
        folded = fold_chinese(text)
        found: list[Mention] = []
        taken, party = 0, 0
        for i, first in enumerate(folded):
            if i < taken:
                continue
            for end in range(min(i + self.names.longest.get(first, 0), len(folded)), max(party, i), -1):
                ids = self.names.chinese.get(folded[i:end])
                if ids:
                    found += self._mentions(folded[i:end], ids)
                    # A party ("我哋自己") leaves its characters to what begins in them and goes on ("自己嘅系統").
                    if all(self.concepts[concept].kind == "party" for concept in ids.split()):
                        party = end
                    else:
                        taken = end
                    break
        return found

    def passage_terms(self, text: str) -> list[str]:
        """The terms of a passage's text: stems of content words, and each concept that it names."""
        words = fold_words(text)
        terms = [stem for word, stem in zip(words, stem_words(words), strict=True) if is_content(word)]
        return terms + [concept_term(mention.concept.id) for mention in self.find_concepts(text, words)]

    def broader_terms(self, terms: Iterable[str]) -> list[str]:
        """The terms of every concept that is more general than one among `terms`, each once."""
        ids = [term[1:] for term in terms if term.startswith("#")]
        return sorted({concept_term(general) for concept in ids for general in self.broader(concept)})


def is_content(word: str) -> bool:
    """Whether a folded word can say something about a subject."""
    return len(word) > 1 and word not in STOP_WORDS


def concept_term(concept_id: str) -> str:
    """The index term that stands for a concept."""
    return f"#{concept_id}"
