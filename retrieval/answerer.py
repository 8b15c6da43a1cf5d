"""A question in, an Answer out: references first, else the index, judged by evidence. Pure once built."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from corpus.corpus import Corpus
from corpus.files import guide_folders
from corpus.models import Clause, Duty, Guide, Ownership, derive_ownership
from corpus.quotes import Quotes
from retrieval.analyzer import Analyzer, concept_term
from retrieval.answer import Answer, ClauseView, Closest, Confidence, CorpusView, Outcome
from retrieval.confidence import Evidence, judge
from retrieval.fixed import Fixed, fixed_sentences
from retrieval.index import Hit, Index
from retrieval.message import compose_answered, compose_choices
from retrieval.prepare import Prepared, load_prepared, prepare
from retrieval.query import Query, Term, read_query
from retrieval.question import clean_question, detect_language
from retrieval.reference import blank_references, parse_references
from retrieval.relevance import LEAST_IDF, denies, gives_time, select_duties, share_terms
from retrieval.resolve import Directory, Entry, Resolution
from retrieval.shape import Asks, Shape, points_back, read_shape
from retrieval.views import view_clause, view_closest
from retrieval.wording import LABELS, Language

MOST_FOUND = 4
"""Passages that a search shows at most: the answer and what is related to it."""
NEAR_TOP = 0.45
"""Share of the best score from which a further passage is shown as related."""
LENGTH_WEIGHT = 0.5
"""BM25's b: a clause with many duties is longer, not less to the point."""
PASSAGE_SHARE = 0.25
"""A passage's score counts for this much by itself, and for more as one of its duties says what the question names."""
BACKGROUND_WEIGHT = 0.85
"""What a background item's score counts for beside a clause's: who asks about a duty mostly asks about a clause."""
MOST_CHOICES = 5
MOST_CLOSEST = 3

SURE = Confidence.model_construct(value=1.0, band="high", matched=(), unknown=())
NOTHING = Confidence.model_construct(value=0.0, band="low", matched=(), unknown=())


class _Found(NamedTuple):
    """A passage to show: its entry, the positions of its duties that answer, its score if it was searched for."""

    entry: Entry
    relevant: frozenset[int]
    score: float | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question on its way: as typed, its language and fixed sentences, its terms, where its references lead.

    ``within`` are the positions of the passages that may answer it: one regulation's, or one provider's, where it
    names one.
    """

    question: str
    language: Language
    say: Fixed
    query: Query
    shape: Shape
    within: Collection[int]
    resolutions: tuple[Resolution, ...] = ()


class Answerer:
    """Answers questions from one corpus: same question, same answer, byte for byte."""

    def __init__(self, corpus: Corpus, prepared: Prepared | None = None, quotes: Mapping[str, Quotes] | None = None):
        prepared = prepared or prepare(corpus)
        self.corpus = corpus
        self.directory = Directory(corpus.guides, corpus.regulations)
        self._quotes = dict(quotes or {})
        self._analyzer = Analyzer(corpus.thesaurus, prepared.names)
        self._words = prepared.words
        terms = [passage.split() for passage in prepared.terms]
        self._terms = [frozenset(passage) for passage in terms]
        self._duty_terms = prepared.duties
        self._index = Index(terms, b=LENGTH_WEIGHT)
        self._vocabulary = frozenset(self._index.vocabulary)
        self._corpus_view = CorpusView.model_construct(
            guide=", ".join(guide.info.id for guide in corpus.guides),
            edition=", ".join(guide.info.edition for guide in corpus.guides),
            sha256=corpus.sha256,
            source_attached=bool(self._quotes),
        )

    def answer(self, question: str, *, context: Sequence[str] = ()) -> Answer:
        """Answer one question.

        Args:
            question: as typed, residue of the channel included.
            context: references of the conversation so far, the latest last.

        Returns:
            An Answer, whatever the text: the outcome says what became of it.
        """
        # A lone surrogate (a broken emoji, bytes that are no UTF-8) could not be sent on.
        question = question.encode("utf-8", "replace").decode()
        text = clean_question(question)
        language = detect_language(text)
        references = parse_references(text)
        resolutions = tuple(found for reference in references if (found := self.directory.resolve(reference)))
        guides = self.directory.named(text)
        if guides:
            resolutions = tuple(_of_guides(resolution, guides) for resolution in resolutions)
        rest = blank_references(text, [resolution.reference for resolution in resolutions])
        query = read_query(rest, self._analyzer, self._vocabulary, self._words)
        within = {entry.position for entry in self.directory.entries if not guides or entry.guide in guides}
        asked = _Asked(question, language, fixed_sentences(language), query, read_shape(rest), within, resolutions)
        if resolutions:
            return self._answer_references(asked)
        return self._follow_up(asked, text, context) or self._search(asked)

    def _follow_up(self, asked: _Asked, text: str, context: Sequence[str]) -> Answer | None:
        """The answer from the conversation's latest clauses, where the question goes on about them.

        It does where it points back ("and who tests it?") or names no subject of its own, unless another
        passage answers it clearly better, or it asks for what no passage mentions.
        """
        latest = [self.directory.resolve(reference) for said in context[-1:] for reference in parse_references(said)]
        entries = [entry for resolution in latest if resolution for entry in resolution.found]
        query = asked.query
        if not entries or not (points_back(text) or not query.specific) or self._absent(query, asked.language):
            return None
        hits = self._hits(query, asked.within) if query.specific else []
        if hits and hits[0].position not in {entry.position for entry in entries}:
            here = max(judge(self._evidence(query, entry.position)).value for entry in entries)
            there = judge(self._evidence(query, hits[0].position))
            if there.band == "high" and here < there.value / 2:
                return None
        found = [_Found(entry, self._relevant(entry, asked), None) for entry in entries]
        refs = tuple(entry.passage.ref for entry in entries)
        confidence = SURE.model_copy(update={"matched": refs})
        return self._answered(asked, found, len(found), [asked.say.follows(refs)], confidence)

    def _answer_references(self, asked: _Asked) -> Answer:
        found = [resolution for resolution in asked.resolutions if resolution.found]
        missing = [resolution for resolution in asked.resolutions if not resolution.found]
        if not found:
            return self._no_such_clause(asked, missing)
        only_regulations = all(resolution.reference.number is None for resolution in found)
        if only_regulations and any(self._is_known(term) for term in asked.query.specific):
            positions = {entry.position for resolution in found for entry in resolution.found}
            answer = self._search(replace(asked, within=positions))
            if answer.outcome is Outcome.ANSWERED or any(term.concepts for term in asked.query.specific):
                return answer
        entries = list(dict.fromkeys(entry.position for resolution in found for entry in resolution.found))
        shown = [self.directory.entries[position] for position in entries]
        relevant = [_Found(entry, self._relevant(entry, asked), None) for entry in shown]
        notes = [asked.say.partial(self._label(each), each.found) for each in found if each.partial]
        notes += [self._missing_sentence(asked, resolution) for resolution in missing]
        confidence = SURE.model_copy(update={"matched": tuple(self._label(resolution) for resolution in found)})
        return self._answered(asked, relevant, len(relevant), notes, confidence)

    def _no_such_clause(self, asked: _Asked, missing: Sequence[Resolution]) -> Answer:
        near = [entry for resolution in missing for entry in (*resolution.elsewhere, *resolution.nearby)]
        closest = tuple(dict.fromkeys(view_closest(entry) for entry in near))[:MOST_CHOICES]
        lead = " ".join(self._missing_sentence(asked, resolution) for resolution in missing)
        heading = asked.say.elsewhere if any(resolution.elsewhere for resolution in missing) else asked.say.nearby
        return self._finish(asked, Outcome.NO_SUCH_CLAUSE, compose_choices(lead, heading, closest), closest=closest)

    def _missing_sentence(self, asked: _Asked, resolution: Resolution) -> str:
        label = self._label(resolution)
        if not resolution.is_known_regulation:
            return asked.say.unknown_regulation(label, self.directory.regulations)
        if resolution.elsewhere:
            return asked.say.wrong_regulation(label, [entry.passage.ref for entry in resolution.elsewhere])
        return asked.say.no_response(label, resolution.reason)

    def _label(self, resolution: Resolution) -> str:
        reference = resolution.reference
        if resolution.is_section:
            return f"guide {reference.number}"
        if resolution.found and reference.regulation is None:
            regulation = resolution.found[0].passage.ref.split(" ", 1)[0]
            return f"{regulation} {str(reference).strip()}"
        return str(reference)

    def _search(self, asked: _Asked) -> Answer:
        query = asked.query
        absent = self._absent(query, asked.language)
        if absent:
            return self._not_covered(asked, asked.say.never_mentions(absent), tuple(absent))
        if not query.specific:
            if query.unread:
                return self._not_covered(asked, asked.say.not_found, ())
            return self._clarify(asked)
        hits = self._hits(query, asked.within)
        if not hits:
            return self._not_covered(asked, asked.say.not_found, tuple(term.label for term in query.specific))
        confidence = judge(self._evidence(query, hits[0].position))
        if confidence.band == "low":
            return self._not_covered(asked, asked.say.not_found, confidence.unknown, confidence)
        scores = {hit.position: hit.score for hit in hits}
        # Another guide's response to the same clause is as much of an answer as the best one's.
        best = [entry for entry in self.directory.same_clause(self._entry(hits[0])) if entry.position in scores]
        near = [self._entry(hit) for hit in hits[:MOST_FOUND] if hit.score >= NEAR_TOP * hits[0].score]
        shown = list(dict.fromkeys([*(entry.position for entry in best), *(entry.position for entry in near)]))
        entries = [self.directory.entries[position] for position in shown]
        found = [_Found(entry, self._relevant(entry, asked), scores[entry.position]) for entry in entries]
        return self._answered(asked, found, len(best), (), confidence)

    def _entry(self, hit: Hit) -> Entry:
        return self.directory.entries[hit.position]

    def _hits(self, query: Query, within: Collection[int]) -> list[Hit]:
        """Passages `within` that share a term with the question, best first."""
        weights = {name: weight * max(self._index.idf(name), LEAST_IDF) for name, weight in query.weights.items()}
        whole = sum(weights.values()) or 1.0
        hits = []
        for position, score in self._index.search(query.weights, len(self._terms)):
            if position not in within:
                continue
            duties = self._duty_terms[position]
            best = max((share_terms(duty.split(), weights) for duty in duties), default=0.0) / whole
            is_clause = isinstance(self.directory.entries[position].passage, Clause)
            factor = (PASSAGE_SHARE + best) * (1.0 if is_clause else BACKGROUND_WEIGHT)
            hits.append(Hit(position, score * factor))
        return sorted(hits, key=lambda hit: (-hit.score, hit.position))

    def _is_known(self, term: Term) -> bool:
        return bool(term.concepts) or any(name in self._vocabulary for name, _ in term.terms)

    def _absent(self, query: Query, language: Language) -> list[str]:
        """What the question asks for and no passage mentions: concepts unknown to the index in every reading."""
        return [
            term.concepts[0].label_zh if language == "zh-Hant" else term.label
            for term in query.specific
            if term.concepts and not any(concept_term(concept.id) in self._vocabulary for concept in term.concepts)
        ]

    def _evidence(self, query: Query, position: int) -> list[Evidence]:
        held = self._terms[position]
        found = []
        for term in query.terms:
            if not term.weight:
                continue
            exact, best = term.terms[0][1], max((weight for name, weight in term.terms if name in held), default=0.0)
            idf = max(self._index.idf(name) for name, weight in term.terms if weight == exact)
            found.append(Evidence(term.label, term.weight * max(idf, LEAST_IDF), best / exact, self._is_known(term)))
        return found

    def _relevant(self, entry: Entry, asked: _Asked) -> frozenset[int]:
        terms = [frozenset(terms.split()) for terms in self._duty_terms[entry.position]]
        return select_duties(entry.passage.duties, terms, asked.query, asked.shape, self._index.idf)

    def _answered(
        self, asked: _Asked, found: Sequence[_Found], count: int, notes: Iterable[str], confidence: Confidence
    ) -> Answer:
        ownership = derive_ownership(_relevant_duties(found[:count]))
        clauses = tuple(
            view_clause(each.entry, each.relevant, each.score, self.corpus.regulations, self._quotes, asked.language)
            for each in found
        )
        lead = _lead(asked, found[:count], ownership)
        message = compose_answered(lead, ownership, clauses, count, notes, asked.language)
        return self._finish(
            asked, Outcome.ANSWERED, message, ownership=ownership, clauses=clauses, count=count, confidence=confidence
        )

    def _not_covered(
        self,
        asked: _Asked,
        lead: str,
        unknown: tuple[str, ...],
        confidence: Confidence | None = None,
    ) -> Answer:
        hits = self._hits(asked.query, asked.within)[:MOST_CLOSEST]
        closest = tuple(dict.fromkeys(view_closest(self.directory.entries[hit.position]) for hit in hits))
        message = compose_choices(lead, LABELS[asked.language].closest, closest)
        judged = confidence or NOTHING.model_copy(update={"unknown": unknown})
        return self._finish(asked, Outcome.NOT_COVERED, message, closest=closest, confidence=judged)

    def _clarify(self, asked: _Asked) -> Answer:
        hits = self._hits(asked.query, asked.within)
        entries = [self.directory.entries[hit.position] for hit in hits]
        # A choice is best a clause: it is what the reader will be asked about.
        entries.sort(key=lambda entry: not isinstance(entry.passage, Clause))
        if not entries:
            entries = [entry for name in self.directory.regulations for entry in self.directory.regulation(name)]
        closest = tuple(dict.fromkeys(view_closest(entry) for entry in entries))[:MOST_CHOICES]
        message = compose_choices(asked.say.too_vague, LABELS[asked.language].choices, closest)
        return self._finish(asked, Outcome.CLARIFY, message, closest=closest)

    def _finish(
        self,
        asked: _Asked,
        outcome: Outcome,
        message: str,
        *,
        ownership: Ownership = Ownership.NONE,
        clauses: tuple[ClauseView, ...] = (),
        count: int = 0,
        closest: tuple[Closest, ...] = (),
        confidence: Confidence = NOTHING,
    ) -> Answer:
        corrections = asked.say.read_as(asked.query.corrections) if asked.query.corrections and clauses else ""
        return Answer.model_construct(
            question=asked.question,
            language=asked.language,
            outcome=outcome,
            ownership=ownership,
            clauses=clauses,
            asked=count,
            closest=closest,
            message=f"{message}\n\n{corrections}" if corrections else message,
            confidence=confidence,
            corpus=self._corpus_view,
        )


def _of_guides(resolution: Resolution, guides: Sequence[Guide]) -> Resolution:
    """The resolution within the guides of the provider that the question names."""
    found = tuple(entry for entry in resolution.found if entry.guide in guides)
    near = (*resolution.found, *resolution.nearby) if not found else resolution.nearby
    return replace(resolution, found=found, nearby=tuple(entry for entry in near if entry.guide in guides))


def _lead(asked: _Asked, found: Sequence[_Found], ownership: Ownership) -> str:
    """The first words of an answer: what was asked for, in as few of them as say it."""
    duties = _relevant_duties(found)
    carries = LABELS[asked.language].carries[ownership]
    by_guide = {each.entry.guide.info.short_title: derive_ownership(_relevant_duties([each])) for each in found}
    lead = carries
    if len(by_guide) > 1 and len(set(by_guide.values())) > 1:
        labels = LABELS[asked.language]
        lead = " ".join(f"{guide}: {labels.carries[owned]}" for guide, owned in by_guide.items())
    elif asked.shape.asks is Asks.PAGE:
        lead = asked.say.on_pages(sorted({page for each in found for page in each.entry.passage.pages}))
    elif asked.shape.asks is Asks.WHEN and duties and not any(map(gives_time, duties)):
        lead = f"{carries} {asked.say.no_time}"
    elif asked.shape.asks is Asks.YES_NO and not asked.shape.negated and len(duties) == 1 and denies(duties[0]):
        lead = asked.say.denied(duties[0].text)
    return f"{asked.say.confirms_nothing} {lead}" if asked.shape.demand else lead


def _relevant_duties(found: Iterable[_Found]) -> list[Duty]:
    return [each.entry.passage.duties[i] for each in found for i in sorted(each.relevant)]


def load_answerer(sources: Path | None = None, guides: Path | None = None) -> tuple[Answerer, list[str]]:
    """Build the answerer from the packs, with quotes where a source is attached.

    Args:
        sources: a folder with the guides' texts, or one text; None for none.
        guides: a folder of further guides' packs beside those that Clausebot brings.

    Returns:
        The answerer, and one line for each thing wrong with the sources.

    Raises:
        CorpusError: a pack does not load.
    """
    folders = guide_folders(*([guides] if guides else []))
    corpus, prepared = load_prepared(folders)
    if sources is None:
        return Answerer(corpus, prepared), []
    from corpus.source import attach_sources

    owned = {guide.info.id: (guide, folder) for guide, folder in zip(corpus.guides, folders, strict=True)}
    quotes, problems = attach_sources(owned, sources)
    return Answerer(corpus, prepared, quotes), problems
