"""A question in, an Answer out: references first, else the index, judged by evidence. Pure once built."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.corpus import Corpus
from corpus.files import guide_folders
from corpus.models import Clause
from corpus.quotes import Quotes
from retrieval.analyzer import Analyzer
from retrieval.answer import Answer, ClauseView, Confidence, Outcome
from retrieval.asked import Asked, Shown, relevant_duties
from retrieval.confidence import Evidence, judge
from retrieval.fixed import fixed_sentences, missing_sentence
from retrieval.listing import Listing, read_listing
from retrieval.prepare import Prepared, load_prepared, prepare
from retrieval.query import Query
from retrieval.question import clean_question, detect_language
from retrieval.reference import blank_references, parse_references, parse_relative
from retrieval.relevance import gives_number
from retrieval.replies import Replies
from retrieval.resolve import Directory, Entry, Resolution
from retrieval.search import PassageSearch
from retrieval.shape import Asks, Shape, points_back, read_shape, refers_back, split_list, split_questions
from retrieval.views import NO_QUOTES, view_clause
from retrieval.wording import Language

if TYPE_CHECKING:
    from retrieval.catalogue import Catalogue, Suggestion
    from retrieval.explain import Explanation
    from retrieval.findings import Finding, Findings
    from retrieval.sourced import SourceView
    from retrieval.suggest import Suggester

MOST_FOUND = 4
"""Passages that a search shows at most: the answer and what is related to it."""
NEAR_TOP = 0.45
"""Share of the best score from which a further passage is shown as related."""

SURE = Confidence.model_construct(value=1.0, band="high", matched=(), unknown=())


class Answerer:
    """Answers questions from one corpus: same question, same answer, byte for byte."""

    def __init__(self, corpus: Corpus, prepared: Prepared | None = None, quotes: Mapping[str, Quotes] | None = None):
        prepared = prepared or prepare(corpus)
        self.corpus = corpus
        self.directory = Directory(corpus.guides, corpus.regulations)
        self._quotes = dict(quotes or {})
        self._analyzer = Analyzer(corpus.thesaurus, prepared.names)
        self._spoken = prepared.spoken
        self._search = PassageSearch(self.directory.entries, self._analyzer, prepared)
        self._reply = Replies(corpus, self.directory, self._search, self._quotes)

    def answer(self, question: str, *, context: Sequence[str] = (), regulation: str | None = None) -> Answer:
        """Answer one question.

        Args:
            question: as typed, residue of the channel included.
            context: references of the conversation so far, the latest last.
            regulation: whose clause a bare number means where several regulations have it (``GL14``).

        Returns:
            An Answer, whatever the text: the outcome says what became of it.
        """
        return self._answer(self._read(question, regulation), context)

    def _answer(self, asked: Asked, context: Sequence[str] = ()) -> Answer:
        listing = read_listing(asked.text)
        if listing and all(resolution.reference.number is None for resolution in asked.resolutions):
            return self._list(asked, listing)
        if asked.resolutions:
            return self._carry_over(asked, context) or self._answer_references(asked)
        return self._follow_up(asked, context) or self._search_for(asked)

    def review(self, question: str, guides: Collection[str] = ()) -> tuple[Finding, ...]:
        """What each guide of those ids, or each for none, has for a question of a questionnaire; see `Findings`."""
        return self._findings.find(self._read(question, read=self._findings.read), guides)

    @cached_property
    def _findings(self) -> Findings:
        from retrieval.findings import Findings

        return Findings(self.directory, self._search, self._answer)

    def explain(self, question: str, *, context: Sequence[str] = ()) -> Explanation:
        """Answer one question, and say what led to the answer."""
        from retrieval.explain import explain_answer

        asked = self._read(question)
        found = self._search.find(asked.query, asked.within, asked.shape)
        answer = self.answer(question, context=context)
        return explain_answer(answer, asked.text, asked.query, asked.resolutions, found, self._search)

    def catalogue(self) -> Catalogue:
        """Everything that can be shown, and the known changes of the rules since."""
        return self._catalogue

    @cached_property
    def _catalogue(self) -> Catalogue:
        from retrieval.catalogue import list_catalogue

        return list_catalogue(self.directory, self.corpus.guides, self.corpus.regulations)

    def show(self, ref: str, guide: str | None = None, language: Language = "en") -> ClauseView | None:
        """One clause or background item with all its duties in order, none of them marked as relevant.

        Args:
            ref: the reference of a clause or, for background, the item's id or its section (``guide 2.1``), which
                shows the section's first.
            guide: the guide's id; None for the first that has it.
            language: of citations.

        Returns:
            None where no loaded guide has it.
        """
        entry = self.directory.entry(ref, guide)
        if entry is None:
            return None
        return view_clause(entry, (), None, self.corpus.regulations, self._quotes, language)

    def source(self, guide: str, refs: Sequence[str]) -> SourceView | None:
        """Where passages of one guide stand in its source, sentence by sentence.

        Args:
            guide: the guide's id.
            refs: references of clauses, or ids of background items; the first one's place is shown whole.

        Returns:
            None where the guide has not all of them, or none is named.
        """
        from retrieval.sourced import view_source

        entries = [self.directory.entry(ref, guide) for ref in refs]
        found = [entry for entry in entries if entry]
        if not found or len(found) < len(entries):
            return None
        return view_source(found[0].guide, [entry.passage for entry in found], self._quotes.get(guide, NO_QUOTES))

    def suggest(
        self, text: str, *, regulation: str | None = None, owner: str | None = None, most: int = 100
    ) -> list[Suggestion]:
        """The clauses that a text typed so far may be meant for, best first.

        Args:
            text: part of a number, of a title or of the name of a subject, in English or Chinese; empty for all in
                order.
            regulation: only its clauses.
            owner: only clauses in which that party (a value of `Owner`) has a duty.
            most: how many at most.
        """
        return self._suggester.suggest(text, regulation=regulation, owner=owner, most=most)

    @cached_property
    def _suggester(self) -> Suggester:
        from retrieval.suggest import Suggester

        return Suggester(self.directory, self._analyzer, self._spoken)

    @cached_property
    def _strangers(self) -> str:
        """What matches the providers whose names the thesaurus does not know; empty for none."""
        names = [re.escape(name) for name in self.directory.providers() if not self._analyzer.find_concepts(name)]
        return rf"(?<![a-z])(?:{'|'.join(names)})(?![a-z])" if names else ""

    def _read(self, question: str, regulation: str | None = None, read: Callable[[str], Shape] = read_shape) -> Asked:
        # A lone surrogate (a broken emoji, bytes that are no UTF-8) could not be sent on.
        question = question.encode("utf-8", "replace").decode()
        text = clean_question(question)
        references = parse_references(text)
        resolutions = tuple(
            found for reference in references if (found := self.directory.resolve(reference, regulation))
        )
        guides = self.directory.named(text)
        if guides:
            resolutions = tuple(resolution.of_guides(guides) for resolution in resolutions)
        rest = blank_references(text, [resolution.reference for resolution in resolutions])
        if self._strangers:
            rest = re.sub(self._strangers, "the provider", rest, flags=re.IGNORECASE)
        language = detect_language(text)
        return Asked(
            question=question,
            text=text,
            rest=rest,
            language=language,
            say=fixed_sentences(language),
            query=self._search.read(rest),
            shape=read(rest),
            within=self.directory.positions(guides),
            resolutions=resolutions,
        )

    def _follow_up(self, asked: Asked, context: Sequence[str]) -> Answer | None:
        """The answer from the conversation's latest clauses, where the question goes on about them.

        It does where it asks about the very thing ("and who tests it?"), points back ("and exit?") or names no
        subject of its own; not where it asks for what no passage mentions, or only points back and another passage
        answers it clearly better. Of several clauses, those answer that speak of the subject.
        """
        entries = self._spoken_of(context)
        query = asked.query
        if not entries or (query.is_greeting and asked.shape.asks is Asks.OTHER):
            return None
        if all(term.label.isdigit() for term in query.specific) and (
            relative := self._resolve_relative(asked, entries)
        ):
            return self._answer_references(replace(asked, resolutions=relative))
        stays = refers_back(asked.text)
        if not (stays or points_back(asked.text) or not query.specific) or self._search.absent(query):
            return None
        hits = self._search.find(query, asked.within, asked.shape) if query.specific else []
        if hits and hits[0].entry not in entries and not stays:
            here = max(judge(self._search.evidence(query, entry)).value for entry in entries)
            there = judge(self._search.evidence(query, hits[0].entry))
            if there.band == "high" and here < there.value / 2:
                return None
        entries = [entry for entry in entries if self._search.names_any(query.specific, entry.position)] or entries
        found = [self._show(asked, entry, None) for entry in entries]
        refs = tuple(dict.fromkeys(entry.passage.ref for entry in entries))
        confidence = SURE.model_copy(update={"matched": refs})
        return self._reply.answered(asked, found, len(found), [asked.say.follows(refs)], confidence, named=True)

    def _spoken_of(self, context: Sequence[str]) -> list[Entry]:
        """The passages that a conversation was about last."""
        latest = (self.directory.resolve(reference) for said in context[-1:] for reference in parse_references(said))
        return [entry for resolution in latest if resolution for entry in resolution.found]

    def _resolve_relative(self, asked: Asked, entries: Sequence[Entry]) -> tuple[Resolution, ...]:
        """Where "and (d)?" leads in a conversation about 5.1(c)."""
        clauses = [entry.passage.ref for entry in entries if isinstance(entry.passage, Clause)]
        named = [each for ref in clauses[:1] for each in parse_relative(asked.text, parse_references(ref)[0])]
        return tuple(filter(None, map(self.directory.resolve, named)))

    def _carry_over(self, asked: Asked, context: Sequence[str]) -> Answer | None:
        """The answer from another regulation on the subject of the conversation's clauses: "and GL14?"."""
        entries = self._spoken_of(context)
        positions = {entry.position for resolution in asked.resolutions for entry in resolution.found}
        names_only = all(resolution.reference.number is None for resolution in asked.resolutions)
        is_there = any(entry.position in positions for entry in entries)
        if not names_only or not positions or not entries or is_there:
            return None
        if asked.query.specific or not points_back(asked.text):
            return None
        subjects = self._search.subjects(entries)
        there = [term for term in subjects if any(self._search.names_any([term], at) for at in positions)]
        if there:
            return self._search_for(replace(asked, query=Query(tuple(there)), within=positions))
        labels = [resolution.label for resolution in asked.resolutions]
        names = [term.name(asked.language) for term in subjects]
        return self._reply.not_covered(asked, asked.say.says_nothing(labels, names, ()), ()) if names else None

    def _answer_references(self, asked: Asked) -> Answer:
        found = [resolution for resolution in asked.resolutions if resolution.found]
        missing = [resolution for resolution in asked.resolutions if not resolution.found]
        if not found:
            return self._reply.no_such_clause(asked, missing)
        only_regulations = all(resolution.reference.number is None for resolution in found)
        if only_regulations and any((term.concepts or self._search.is_known(term)) for term in asked.query.specific):
            positions = {entry.position for resolution in found for entry in resolution.found}
            answer = self._search_for(replace(asked, within=positions))
            if answer.outcome is Outcome.ANSWERED or any(term.concepts for term in asked.query.specific):
                return answer
        entries = list(dict.fromkeys(entry.position for resolution in found for entry in resolution.found))
        shown = [self.directory.entries[position] for position in entries]
        relevant = [self._show(asked, entry, None) for entry in shown]
        notes = [asked.say.partial(each.label, each.found) for each in found if each.partial]
        notes += self._reply.tell_silent(asked, found)
        notes += [missing_sentence(resolution, asked.say, self.directory.regulations) for resolution in missing]
        confidence = SURE.model_copy(update={"matched": tuple(resolution.label for resolution in found)})
        return self._reply.answered(asked, relevant, len(relevant), notes, confidence)

    def _list(self, asked: Asked, listing: Listing) -> Answer:
        named = {entry.position for resolution in asked.resolutions for entry in resolution.found}
        within = named or asked.within
        found = [
            Shown(entry, chosen, None)
            for entry in self.directory.entries
            if entry.position in within and (chosen := listing.select(entry.passage)) is not None
        ]
        if not found:
            return self._reply.not_covered(asked, asked.say.not_found, ())
        order = {name: i for i, name in enumerate(self.directory.regulations)}
        found.sort(key=lambda each: order.get(each.entry.passage.ref.split(" ", 1)[0], len(order)))
        lead = asked.say.listed(listing.shared, listing.owner, listing.page, len(found))
        return self._reply.answered(asked, found, len(found), (), SURE, lead)

    def _search_for(self, asked: Asked) -> Answer:
        query = asked.query
        notes: list[str] = []
        absent = self._search.absent(query)
        if absent:
            names = [term.name(asked.language) for term in absent]
            another = any(concept.kind in ("product", "authority") for term in absent for concept in term.concepts)
            answerable = None if another else self._answerable_part(asked)
            if answerable is None:
                return self._reply.not_covered(asked, asked.say.never_mentions(names), tuple(names))
            asked, query = replace(asked, query=answerable), answerable
            notes = [asked.say.part_never_mentioned(names)]
        if not query.specific:
            if query.unread:
                return self._reply.not_covered(asked, asked.say.not_found, ())
            return self._reply.clarify(asked)
        several = self._answer_each(asked, notes) if not absent else None
        if several is not None:
            return several
        hits = self._search.find(query, asked.within, asked.shape)
        if not hits:
            return self._reply.not_covered(asked, asked.say.not_found, tuple(term.label for term in query.specific))
        confidence = judge(self._search.evidence(query, hits[0].entry))
        named = any(term.concepts and term.label in confidence.matched for term in query.specific)
        # Words alone may mean anything ("book", "claim"): without a concept they have to cover the question well, and
        # a word that nobody knows may be the subject ("drop table").
        stray = not named and not all(map(self._search.is_known, query.specific))
        if confidence.band == "low" or stray or (confidence.band == "medium" and not named):
            return self._reply.not_covered(asked, asked.say.not_found, confidence.unknown, confidence)
        scores = {hit.entry.position: hit.score for hit in hits}
        # Another guide's response to the same clause is as much of an answer as the best one's.
        best = [entry for entry in self.directory.same_clause(hits[0].entry) if entry.position in scores]
        best += self._search.beside(query, hits, confidence.value)
        near = [hit.entry for hit in hits[:MOST_FOUND] if hit.score >= NEAR_TOP * hits[0].score]
        shown = list(dict.fromkeys([*(entry.position for entry in best), *(entry.position for entry in near)]))
        found = [self._show(asked, self.directory.entries[position], scores[position]) for position in shown]
        if asked.shape.asks is Asks.NUMBER and not any(map(gives_number, relevant_duties(found[: len(best)]))):
            return self._reply.not_covered(asked, asked.say.no_number, confidence.unknown, confidence)
        return self._reply.answered(asked, found, len(best), notes, confidence)

    def _answer_each(self, asked: Asked, notes: Sequence[str]) -> Answer | None:
        """The answer to several questions in one text that different clauses answer; None where it is one question."""
        questions = split_questions(asked.rest)
        if len(questions) < 2:
            return None
        parts = [replace(asked, query=self._search.read(question)) for question in questions]
        parts = [part for part in parts if any(term.concepts for term in part.query.specific)]
        if len(parts) < 2:
            return None
        found: dict[int, Shown] = {}
        evidence: list[Evidence] = []
        for part in parts:
            hits = self._search.find(part.query, asked.within)
            held = self._search.evidence(part.query, hits[0].entry) if hits else []
            if judge(held).band != "high":
                return None
            evidence += held
            shown = self._show(part, hits[0].entry, hits[0].score)
            found.setdefault(shown.entry.position, shown)
        if len(found) < 2:
            return None
        return self._reply.answered(asked, list(found.values()), len(found), notes, judge(evidence))

    def _answerable_part(self, asked: Asked) -> Query | None:
        """The terms of those of several questions in one text that ask for nothing absent; None where none does.

        Of one question about several things, those that come before the first absent one.
        """
        parts = [(part, self._search.read(part)) for part in split_questions(asked.rest)]
        if len(parts) == 1:
            listed = [(part, self._search.read(part)) for part in split_list(asked.rest)]
            parts = list(takewhile(lambda part: not self._search.absent(part[1]), listed))
        kept = [
            part
            for part, query in parts
            if not self._search.absent(query) and any(term.concepts for term in query.specific)
        ]
        return self._search.read(" ".join(kept)) if kept else None

    def _show(self, asked: Asked, entry: Entry, score: float | None) -> Shown:
        return Shown(entry, self._search.relevant(asked.query, asked.shape, entry), score)


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
