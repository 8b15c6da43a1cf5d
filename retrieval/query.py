"""What a question is about: its weighted terms, the concepts it names, the words nobody knows. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache

from corpus.models import Owner
from corpus.thesaurus import Concept
from retrieval.analyzer import Analyzer, Mention, concept_term, fold_words, is_content, stem_words
from retrieval.owned import Owned, find_owned
from retrieval.shape import is_about_guide
from retrieval.wording import Language
from retrieval.words import GENERAL_WORDS, MUTED_WORDS

MUTED_WEIGHT = 0.15
GUIDE = "guide"
GREETING = "meta-greeting"
"""The thesaurus's concepts for the guide itself, and for greetings and thanks."""
CONCEPT_WEIGHT = 1.4
"""A concept is surer than a word: it was named on purpose, and the passage names it too."""
META_WEIGHT = 0.0
"""The guide itself, a greeting: said of any question, so neither a reason to find a passage nor to doubt it.

Where the question is about the guide itself, the guide weighs like any concept.
"""
PARTY_WEIGHT = 0.5
"""A party named ("policyholder") tells passages apart, but not subjects."""
BROADER_WEIGHT = 0.4
WORD_IN_CONCEPT_WEIGHT = 0.4
"""What a word still weighs of its own inside a concept's name, to prefer the passage that uses the same word."""
GENERAL_WEIGHT = 0.5
UNKNOWN_WEIGHT = 0.5
"""What a word that neither passages nor thesaurus know counts for: most are talk, some are another subject."""

_MUTED_STEMS = frozenset(stem_words(sorted(MUTED_WORDS)))

_CHINESE_FILLER = (
    r"邊個|边个|誰人|誰|谁|由|負責|负责|責任|责任|需唔需要|需不需要|需要|係咪|是否|係|是|有冇|有沒有|有没有|有無|可唔可以|可不可以|可以|"
    r"點樣|点样|點|怎麼|怎樣|如何|咩|乜嘢|乜|什麼|甚麼|幾多|幾耐|幾時|多久|多少|何時|邊度|哪裡|哪|嗎|吗|呢|啊|呀|嘅|的|咗|了|"
    r"我哋|我們|我们|我|佢哋|他們|他们|佢|你哋|你們|你|唔該|請問|请问|請|一下|下|同|和|及|或|在|喺|會|会|要|到|個|条|條|款|講|讲|"
    r"說|说|想|知道|知|關於|关于|有關|邊|嗰|呢度|裡|這|那|把|被|對|对|啲|些|都|就|還|還有|其他|話|问|問|答|指南|指引|提及|提到|寫|"
    r"供應商|供应商|廠商|客戶|客户|保險公司|保險|公司|雲端|雲|云|阿里雲|阿里云|阿里巴巴|阿里|香港|規定|规定|要求|服務|系統|嘢|事|做|給|畀|俾|"
    r"點算|方面|樣樣|呢樣|那樣|了解|清楚|情況|東西|幫忙|做定|定係|算|好|得|樣|定|"
    r"保安|安全|資料|数据|數據|資訊|條例|法例|法規|合規|合规|風險|风险|政策|監管|標準|文件|問題|雲計算|科技|"
    r"幫手|幫|帮|睇|看|可|能|不|唔|冇|沒有|無|有|為|为|吧|喇|啦|喎|先|再|多|第|頁"
)


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that the question names.

    ``label`` is how a reader is told of it; ``terms`` are index terms with their weights, any of which means
    that a passage names it (the first is the exact one); ``concepts`` are empty for a plain word. ``weight``
    is what it counts for in the evidence, before idf. ``general`` terms name the whole field.
    """

    label: str
    terms: tuple[tuple[str, float], ...]
    weight: float
    concepts: tuple[Concept, ...] = ()
    general: bool = False

    @property
    def exact(self) -> tuple[str, ...]:
        """The index terms of what is named itself, without those of more general concepts."""
        return tuple(name for name, weight in self.terms if weight == self.terms[0][1])

    def name(self, language: Language) -> str:
        """What a message in that language calls it."""
        return self.concepts[0].label_zh if self.concepts and language == "zh-Hant" else self.label


@dataclass(frozen=True)
class Query:
    """The terms of a question; ``corrections`` maps a mistyped word to the word it was read as.

    ``unread`` is Chinese text in which no concept was found; ``about_guide`` says that the guide itself is asked about,
    ``owned`` has the kinds of what is asked about and is the customer's own: see `find_owned`.
    """

    terms: tuple[Term, ...]
    corrections: tuple[tuple[str, str], ...] = ()
    unread: str = ""
    about_guide: bool = False
    owned: frozenset[str] = frozenset()

    @cached_property
    def weights(self) -> dict[str, float]:
        """Every index term with its weight in the search; the greatest where two names share one."""
        weights: dict[str, float] = {}
        for named in self.terms:
            for term, weight in named.terms:
                weights[term] = max(weight, weights.get(term, 0.0))
        return weights

    @cached_property
    def things(self) -> tuple[frozenset[str], ...]:
        """The stems of what each subject is called."""
        return tuple(frozenset(stem_words(fold_words(term.label))) for term in self.specific)

    @property
    def is_greeting(self) -> bool:
        """Whether nothing is said but a greeting or thanks."""
        greetings = [term for term in self.terms if any(concept.id == GREETING for concept in term.concepts)]
        return bool(greetings) and not any(term.weight for term in self.terms)

    @property
    def specific(self) -> tuple[Term, ...]:
        """The terms that narrow the question down to a subject."""
        return tuple(term for term in self.terms if not term.general)


def read_query(
    text: str, analyzer: Analyzer, vocabulary: Collection[str], words: str, subjects: Collection[str] = ()
) -> Query:
    """The query of a cleaned question without its clause references.

    Args:
        text: the question.
        analyzer: for words and concepts.
        vocabulary: the index's terms.
        words: every word of the passages, joined by spaces, to which a mistyped one may be corrected.
        subjects: ids of the concepts that passages are about, by their topics.
    """
    typed = fold_words(text)
    corrections = correct_words(typed, analyzer, vocabulary, words)
    read = [corrections.get(word, word) for word in typed]
    mentions = analyzer.find_concepts(text, read)
    owned = list(find_owned(text, read))
    about_guide = any(mention.concept.id == GUIDE for mention in mentions) and is_about_guide(text)
    terms = [_concept_term(names, analyzer, vocabulary, subjects, about_guide) for names in _by_name(mentions)]
    said = {mention.concept.id for mention in mentions}
    things = [each for each in owned if each.concept in analyzer.concepts and each.concept not in said]
    beside = any(mention.concept.kind in ("topic", "standard") for mention in mentions)
    terms += [_own_term(thing, analyzer, vocabulary, beside) for thing in things]
    mentions += [Mention(analyzer.concepts[each.concept], each.words, each.positions) for each in things]
    covered = {position for mention in mentions for position in mention.positions}
    stems = stem_words(read)
    for position, (word, stem) in enumerate(zip(read, stems, strict=True)):
        if not is_content(word):
            continue
        muted = word in MUTED_WORDS or stem in _MUTED_STEMS
        if position in covered:
            if not muted:
                terms.append(Term(word, ((stem, WORD_IN_CONCEPT_WEIGHT),), 0.0, general=True))
            continue
        general = muted or word in GENERAL_WORDS
        weight = MUTED_WEIGHT if muted else GENERAL_WEIGHT if general else 1.0 if stem in vocabulary else UNKNOWN_WEIGHT
        terms.append(Term(word, ((stem, weight),), weight, general=general))
    unique = {(term.label, term.terms): term for term in terms}
    unread = _unread_chinese(text, mentions)
    own = {each.concept for each in owned}
    own |= {mention.concept.id for mention in mentions if mention.concept.side is Owner.CSC}
    if any(mention.concept.side is Owner.CSP for mention in mentions) and re.search(_BOTH, text.lower()):
        own = set()
    return Query(tuple(unique.values()), tuple(corrections.items()), unread, about_guide, frozenset(own))


_BOTH = r"\b(?:and|or|vs|versus)\b|同|和|及|定"
"""What joins a thing of the provider's to one of the customer's: both are asked about, not one on the other."""


def name_concept(concept_id: str, analyzer: Analyzer) -> Term:
    """The term of a question that names a concept."""
    mention = Mention(analyzer.concepts[concept_id], concept_id)
    return _concept_term((mention,), analyzer, (), (), False)


def _own_term(thing: Owned, analyzer: Analyzer, vocabulary: Collection[str], beside: bool) -> Term:
    """The term for a thing of the customer's own; `beside` another subject it tells duties apart, but not subjects."""
    mention = Mention(analyzer.concepts[thing.concept], thing.words)
    term = _concept_term((mention,), analyzer, vocabulary, (), False)
    return replace(term, terms=((term.terms[0][0], PARTY_WEIGHT),), weight=0.0) if beside else term


def _by_name(mentions: Sequence[Mention]) -> list[tuple[Mention, ...]]:
    """The concepts that one name may mean, together."""
    groups: dict[tuple[str, frozenset[int]], list[Mention]] = {}
    for mention in mentions:
        groups.setdefault((mention.name, mention.positions), []).append(mention)
    return [tuple(group) for group in groups.values()]


def _concept_term(
    mentions: Sequence[Mention],
    analyzer: Analyzer,
    vocabulary: Collection[str],
    subjects: Collection[str],
    about_guide: bool,
) -> Term:
    concepts = tuple(mention.concept for mention in mentions)
    # A kind of figure that the guide gives ("how often") says what is asked of a subject, not which subject.
    meta = all(concept.kind == "meta" for concept in concepts)
    general = all(
        concept.kind in ("party", "meta")
        or (concept.kind == "figure" and concept_term(concept.id) in vocabulary and concept.id not in subjects)
        for concept in concepts
    )
    if meta:
        weight = CONCEPT_WEIGHT if about_guide and concepts[0].id == GUIDE else META_WEIGHT
    else:
        weight = PARTY_WEIGHT if general else CONCEPT_WEIGHT
    terms = {concept_term(concept.id): weight for concept in concepts}
    if not general:
        for concept in concepts:
            for broader in analyzer.broader(concept.id):
                terms.setdefault(concept_term(broader), BROADER_WEIGHT)
    return Term(concepts[0].label, tuple(terms.items()), weight, concepts, general)


@cache
def _longest_first(pattern: str) -> str:
    """Alternatives in an order in which a short one cannot take the beginning of a longer one."""
    return "|".join(sorted(pattern.split("|"), key=lambda each: -len(each)))


def _unread_chinese(text: str, mentions: Sequence[Mention]) -> str:
    if text.isascii():
        return ""
    for mention in sorted(mentions, key=lambda mention: -len(mention.name)):
        text = text.replace(mention.name, " ")
    return "".join(char for char in re.sub(_longest_first(_CHINESE_FILLER), " ", text) if "\u3400" <= char <= "\u9fff")


SHORTEST_CORRECTED = 4
FEWEST_FOR_TWO = 8
"""Letters from which a word may have two typing errors; a shorter one may have one."""


_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# Each row of keys is shifted by half a key to the right of the one above it.
_PLACES = {key: (row, place + row / 2) for row, keys in enumerate(_KEYBOARD) for place, key in enumerate(keys)}
_VOWELS = "aeiouy"


def _is_slip(typed: str, meant: str) -> bool:
    """Whether one letter is typed for another by a slip: a neighbour on the keyboard, or a vowel for a vowel.

    Any other letter makes another word more often than a typing error: "overnight" is no "oversight".
    """
    if typed in _VOWELS and meant in _VOWELS:
        return True
    if typed not in _PLACES or meant not in _PLACES:
        return False
    (row, column), (other_row, other_column) = _PLACES[typed], _PLACES[meant]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 1


@lru_cache(maxsize=8)
def _group_words(names: frozenset[str], words: str) -> dict[str, list[str]]:
    """Words that a mistyped one may be corrected to, by their first letter."""
    grouped: dict[str, list[str]] = {}
    for word in names.union(words.split()):
        if len(word) >= SHORTEST_CORRECTED:
            grouped.setdefault(word[0], []).append(word)
    return grouped


def correct_words(typed: Sequence[str], analyzer: Analyzer, vocabulary: Collection[str], words: str) -> dict[str, str]:
    """What mistyped words were meant to be, by the distance of typing errors (swapped letters count once).

    Only words that neither the passages nor the thesaurus nor the question's own word lists know are
    corrected, never numbers; the first letter is taken to be right.
    """
    unknown = [
        word
        for word, stem in zip(typed, stem_words(typed), strict=True)
        if len(word) >= SHORTEST_CORRECTED
        and word.isalpha()
        and word not in MUTED_WORDS
        and word not in GENERAL_WORDS
        and is_content(word)
        and stem not in vocabulary
        and stem not in analyzer.name_stems
    ]
    if not unknown:
        return {}
    # Loaded only for a question with an unknown word: a cold start is felt in the terminal.
    from rapidfuzz.distance import OSA, Levenshtein

    def slipped(word: str, other: str, distance: int) -> bool:
        edits = Levenshtein.editops(word, other)
        if len(edits) > distance:
            # Letters swapped: two edits, but one slip.
            return True
        return all(edit.tag != "replace" or _is_slip(word[edit.src_pos], other[edit.dest_pos]) for edit in edits)

    known = _group_words(analyzer.words, words)
    corrections: dict[str, str] = {}
    for word in unknown:
        most = 2 if len(word) >= FEWEST_FOR_TWO else 1
        near = [
            (distance, other)
            for other in known.get(word[0], ())
            if abs(len(other) - len(word)) <= most
            and (distance := OSA.distance(word, other, score_cutoff=most)) <= most
            and slipped(word, other, distance)
        ]
        if near:
            corrections[word] = min(near)[1]
    return corrections
