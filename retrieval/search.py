"""Search among a pack's passages: BM25, the duty that says most, the evidence for each. Pure once built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from corpus.models import Clause, Owner
from retrieval.analyzer import Analyzer, concept_term
from retrieval.confidence import Evidence, judge
from retrieval.index import Index
from retrieval.prepare import Prepared
from retrieval.query import Query, Term, name_concept, read_query
from retrieval.relevance import BY_SPECIAL_SHARE, LEAST_IDF, Says, counts_any, select_duties
from retrieval.resolve import Entry
from retrieval.shape import Asks, Shape

LENGTH_WEIGHT = 0.5
"""BM25's b: a clause with many duties is longer, not less to the point."""
PASSAGE_SHARE = 0.25
"""A passage's score counts for this much by itself, and for more as one duty says what the question names."""
SUBJECT_SHARE = 0.75
"""Share of the rarest concept's idf from which a concept is the question's subject, not its setting."""
UNTOLD = Says(None, counted=False)
"""What a duty says of what is asked where nothing precise is."""
SIDES = ("provider", "insurer")
"""The thesaurus's concepts for the two sides of the split."""
FITTING_SHARE = 0.3
"""What a passage's share gains where one of its duties tells just what the question asks for."""
OTHER_PARTY_SHARE = 0.5
"""What a duty counts for that tells of the deed asked about, but of another party's."""
LEAD_WEIGHT = 0.8
"""What a passage's title, names, topics and requirement count for beside its best duty."""
BACKGROUND_WEIGHT = 0.8
"""What a background item's score counts for beside a clause's: who asks about a duty mostly asks about a clause.

Not so who asks about the guide itself.
"""


class Found(NamedTuple):
    """A passage found: the score it ranks by, its BM25 score, what its best duty or lead has of the question's weight.

    ``score`` is ``bm25 × (PASSAGE_SHARE + duty_share)``, for background × BACKGROUND_WEIGHT; ``duty_share`` holds
    FITTING_SHARE where a duty tells just what is asked for.
    """

    entry: Entry
    score: float
    bm25: float
    duty_share: float


class PassageSearch:
    """The passages of a corpus, to be searched by a question's terms."""

    def __init__(self, entries: Sequence[Entry], analyzer: Analyzer, prepared: Prepared):
        terms = [passage.split() for passage in prepared.terms]
        self._entries = entries
        self._analyzer = analyzer
        self._words = prepared.words
        self._duties = prepared.duties
        self._leads = prepared.leads
        self._titles = prepared.titles
        self._required = prepared.required
        self._doubts = prepared.doubts
        self._deeds = prepared.deeds
        self._counted = prepared.counted
        self._terms = [frozenset(passage) for passage in terms]
        self._held_terms: dict[int, list[frozenset[str]]] = {}
        self._index = Index(terms, b=LENGTH_WEIGHT)
        self._vocabulary = frozenset(self._index.vocabulary)
        self._subjects = frozenset(topic for entry in entries for topic in entry.passage.topics)

    def read(self, text: str) -> Query:
        """The terms of a question without its references."""
        return read_query(text, self._analyzer, self._vocabulary, self._words, self._subjects)

    def subjects(self, entries: Iterable[Entry]) -> list[Term]:
        """What passages are about first of all."""
        topics = dict.fromkeys(entry.passage.topics[0] for entry in entries if entry.passage.topics)
        return [name_concept(topic, self._analyzer) for topic in topics]

    def idf(self, term: str) -> float:
        """A term's inverse document frequency, at least LEAST_IDF."""
        return max(self._index.idf(term), LEAST_IDF)

    def is_known(self, term: Term) -> bool:
        """Whether any passage names what the question names."""
        return any(name in self._vocabulary for name, _ in term.terms)

    def absent(self, query: Query) -> list[Term]:
        """What the question asks for and no passage mentions: concepts unknown to the index in every reading."""
        return [
            term
            for term in query.specific
            if term.concepts and not any(concept_term(concept.id) in self._vocabulary for concept in term.concepts)
        ]

    def find(self, query: Query, within: Collection[int], shape: Shape | None = None) -> list[Found]:
        """The passages at the positions `within` that share a term with the question, best first.

        With its shape, those come forward in which a duty that shares a term tells just what the question asks for.
        """
        weights = {name: weight * self.idf(name) for name, weight in query.weights.items()}
        whole = sum(weights.values()) or 1.0
        shares = self._share_terms(weights)
        background = 1.0 if query.about_guide else BACKGROUND_WEIGHT
        precise = shape if shape and shape.is_precise else None
        found = []
        for position, bm25 in self._index.search(query.weights, len(self._entries)):
            if position not in within:
                continue
            entry = self._entries[position]
            slots = self._slots[position]
            if precise:
                share = self._best_share(entry, [shares[slot] / whole for slot in slots], query, precise)
            else:
                share = max(shares[slots.start : slots.stop]) / whole
            factor = (PASSAGE_SHARE + share) * (1.0 if isinstance(entry.passage, Clause) else background)
            found.append(Found(entry, bm25 * factor, bm25, share))
        return sorted(found, key=lambda each: (-each.score, each.entry.position))

    def _best_share(self, entry: Entry, shares: Sequence[float], query: Query, shape: Shape) -> float:
        """What a passage's best duty or lead has, from the shares of each, the lead's last; see `Says`."""
        *duties, best = shares
        gain = 0.0
        for says, share in zip(self._says(query, shape, entry), duties, strict=True):
            fit = says.fits(shape) if share else None
            best = max(best, share * OTHER_PARTY_SHARE if fit is False else share)
            gain = FITTING_SHARE if fit else gain
        return best + gain

    def _share_terms(self, weights: Mapping[str, float]) -> list[float]:
        """What each duty and lead has of the weights, by its slot."""
        shares = [0.0] * (self._slots[-1].stop if self._slots else 0)
        for name, weight in weights.items():
            for slot, part in self._holders.get(name, ()):
                shares[slot] += weight * part
        for slots in self._slots:
            shares[slots[-1]] *= LEAD_WEIGHT
        return shares

    @cached_property
    def _slots(self) -> list[range]:
        """A number for each duty of a passage and, last, for its lead."""
        ends = accumulate(len(duties) + 1 for duties in self._duties)
        return [range(end - len(duties) - 1, end) for duties, end in zip(self._duties, ends, strict=True)]

    @cached_property
    def _holders(self) -> dict[str, list[tuple[int, float]]]:
        """Each term with the slots that hold it, and the part that it counts for there; see `share_terms`."""
        holders: dict[str, list[tuple[int, float]]] = {}
        for slots, duties, lead in zip(self._slots, self._duties, self._leads, strict=True):
            for slot, text in zip(slots, (*duties, lead), strict=True):
                held = set(text.split())
                for name in held:
                    if not name.startswith("~"):
                        holders.setdefault(name, []).append((slot, 1.0))
                    elif name[1:] not in held:
                        holders.setdefault(name[1:], []).append((slot, BY_SPECIAL_SHARE))
        return holders

    def evidence(self, query: Query, entry: Entry) -> list[Evidence]:
        """What a passage has of each of the question's terms."""
        held = self._terms[entry.position]
        found = []
        for term in query.terms:
            if not term.weight:
                continue
            exact = term.terms[0][1]
            best = max((weight for name, weight in term.terms if name in held), default=0.0)
            idf = max(self.idf(name) for name, weight in term.terms if weight == exact)
            found.append(Evidence(term.label, term.weight * idf, best / exact, self.is_known(term)))
        return found

    def beside(self, query: Query, hits: Sequence[Found], value: float) -> list[Entry]:
        """Other guides' background that has as much of the question as the best passage, if that is background too."""
        best = hits[0].entry
        firsts = {hit.entry.guide.info.id: hit.entry for hit in reversed(hits)}
        if isinstance(best.passage, Clause) or len(firsts) < 2:
            return []
        others = [entry for entry in firsts.values() if entry.guide is not best.guide]
        return [
            entry
            for entry in others
            if not isinstance(entry.passage, Clause) and judge(self.evidence(query, entry)).value >= value
        ]

    def names_any(self, terms: Iterable[Term], position: int) -> bool:
        """Whether a passage names any of some terms, and not only something more general."""
        held = self._terms[position]
        return any(name in held for term in terms for name in term.exact)

    def support(self, query: Query, entry: Entry) -> tuple[bool, list[Term]]:
        """Whether a passage's response speaks of any subject of the question, and what it leaves to the requirement.

        What it leaves is the rarest subject, or a party to be told, that only the clause's requirement names. A
        background item has no requirement: what it says is the guide's own.
        """
        duties = {term.removeprefix("~") for duty in self._duty_terms(entry.position) for term in duty}
        said = duties.union(self._titles[entry.position].split())
        required = set(self._required[entry.position].split())
        subjects = [term for term in query.specific if term.concepts]
        left = [term for term in self._recipients(query) if _names(term) & required and not _names(term) & duties]
        rarest = max((self.idf(term.terms[0][0]) for term in subjects), default=0.0)
        left += [
            term
            for term in subjects
            if self.idf(term.terms[0][0]) >= SUBJECT_SHARE * rarest
            and _names(term) & required
            and not _names(term) & said
        ]
        return any(_names(term) & said for term in subjects), left

    def _recipients(self, query: Query) -> list[Term]:
        """The parties beside provider and customer that the question names, such as the authority to be told."""
        return [
            term
            for term in query.terms
            if term.concepts and all(each.kind == "party" and each.id not in SIDES for each in term.concepts)
        ]

    def doubts(self, query: Query, entry: Entry) -> list[str]:
        """What the pack says that the guide leaves out or contradicts of the very subjects asked about."""
        names = {concept_term(concept.id) for term in query.specific for concept in term.concepts}
        return [
            erratum.text
            for erratum, held in zip(entry.passage.errata, self._doubts[entry.position], strict=True)
            if erratum.kind in ("omission", "contradiction") and not names.isdisjoint(held.split())
        ]

    def naming(self, query: Query) -> list[tuple[Entry, int, bool]]:
        """The duties, by their positions, that name each concept of the question itself, or have all of its words.

        With each goes whether it names the concepts.
        """
        whole = self._holding([term for term in query.specific if term.concepts])
        slots = sorted(whole | self._holding([term for term in query.terms if not term.concepts]))
        return [(*self._places[slot], slot in whole) for slot in slots if slot in self._places]

    def _holding(self, terms: Iterable[Term]) -> set[int]:
        """The slots of the duties and leads that hold each of some terms, and not only something more general."""
        found = [
            {slot for name in term.exact for slot, part in self._holders.get(name, ()) if part == 1.0} for term in terms
        ]
        return set.intersection(*found) if found else set()

    @cached_property
    def _places(self) -> dict[int, tuple[Entry, int]]:
        """The passage of each duty, and its position there, by its slot."""
        return {
            slot: (entry, i)
            for entry, slots in zip(self._entries, self._slots, strict=True)
            for i, slot in enumerate(slots[:-1])
        }

    def unsaid(self, query: Query, entries: Iterable[Entry], told: Collection[str]) -> list[Term]:
        """What the question names and neither a passage's title nor those duties do of which the texts are told.

        Provider and customer, how often, and words that say nothing (`MUTED_WORDS`) are no subject.
        """
        held: set[str] = set()
        for entry in entries:
            held.update(self._titles[entry.position].split())
            for duty, terms in zip(entry.passage.duties, self._duty_terms(entry.position), strict=True):
                if duty.text in told:
                    held.update(term.removeprefix("~") for term in terms)
        named = [term for term in query.specific if term.weight] + self._recipients(query)
        return [term for term in named if held.isdisjoint(term.exact)]

    def relevant(self, query: Query, shape: Shape, entry: Entry) -> frozenset[int]:
        """Positions of the passage's duties that answer the question."""
        terms = self._duty_terms(entry.position)
        return select_duties(entry.passage.duties, terms, query, shape, self.idf, self._says(query, shape, entry))

    def _duty_terms(self, position: int) -> list[frozenset[str]]:
        """The terms of each of a passage's duties, told apart when they are first asked for."""
        if position not in self._held_terms:
            self._held_terms[position] = [frozenset(terms.split()) for terms in self._duties[position]]
        return self._held_terms[position]

    def doers(self, query: Query, shape: Shape, entry: Entry) -> list[Owner | None]:
        """Who does what the question asks about in each of the passage's duties; None where it does not tell.

        A duty tells of a deed where it names in the same part of its sentence what the question names.
        """
        return [_find_doer(told, query, shape) if told else None for told in self._deeds[entry.position]]

    def _says(self, query: Query, shape: Shape, entry: Entry) -> list[Says]:
        if not shape.is_precise:
            return [UNTOLD] * len(self._duties[entry.position])
        things = query.things if shape.asks is Asks.NUMBER else ()
        counted = [counts_any(map(str.split, lines), things) for lines in self._counted[entry.position]]
        return [Says(doer, counts) for doer, counts in zip(self.doers(query, shape, entry), counted, strict=True)]


def _find_doer(told: str, query: Query, shape: Shape) -> Owner | None:
    for line in told.split("\n") if shape.deeds else ():
        deed, doer, *terms = line.split(" ")
        if deed in shape.deeds and not query.weights.keys().isdisjoint(terms):
            return Owner(doer)
    return None


def _names(term: Term) -> set[str]:
    return {concept_term(concept.id) for concept in term.concepts}
