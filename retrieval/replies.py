"""From the passages found to the Answer: the four outcomes, each with its message. Pure once built."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from corpus.corpus import Corpus
from corpus.models import Clause, Ownership, derive_ownership
from corpus.quotes import Quotes
from retrieval.answer import Answer, ClauseView, Closest, Confidence, CorpusView, Outcome
from retrieval.asked import Asked, Shown, relevant_duties
from retrieval.fixed import missing_sentence
from retrieval.lead import OWNED_BY, Part, compose_lead, find_acting, names_no_duty
from retrieval.message import compose_answered, compose_choices
from retrieval.query import Term
from retrieval.resolve import Directory, Entry, Resolution
from retrieval.search import PassageSearch
from retrieval.shape import Asks
from retrieval.views import answer_with, view_clause, view_closest
from retrieval.wording import LABELS, MARKS, Language, join_sentences

MOST_CHOICES = 5
MOST_CLOSEST = 3

NOTHING = Confidence.model_construct(value=0.0, band="low", matched=(), unknown=())


class Replies:
    """Makes the Answers of one corpus; ``quotes`` are the attached sources by guide id."""

    def __init__(self, corpus: Corpus, directory: Directory, search: PassageSearch, quotes: Mapping[str, Quotes]):
        self._directory = directory
        self._search = search
        self._regulations = corpus.regulations
        self._quotes = quotes
        self._views: dict[tuple[int, Language], ClauseView] = {}
        self._corpus = CorpusView.model_construct(
            guide=", ".join(guide.info.id for guide in corpus.guides),
            edition=", ".join(guide.info.edition for guide in corpus.guides),
            sha256=corpus.sha256,
            source_attached=bool(quotes),
        )

    def answered(
        self,
        asked: Asked,
        found: Sequence[Shown],
        count: int,
        notes: Iterable[str],
        confidence: Confidence,
        lead: str = "",
        named: bool = False,
    ) -> Answer:
        """The answer that shows some passages.

        Args:
            asked: the question.
            found: the passages, best first.
            count: how many of them, from the first, are the answer; the rest are related.
            notes: sentences to put after the first words.
            confidence: how sure the answer is.
            lead: the first words; empty to compose them from the duties that answer.
            named: whether the reader named the passages, in the question or in the conversation.
        """
        ownership = derive_ownership(relevant_duties(found[:count]))
        unanswered = "" if lead else self._unanswered_subject(asked, [each.entry for each in found[:count]], named)
        if unanswered:
            lead, ownership = unanswered, Ownership.NONE
            notes = [] if named else notes
        elif not lead:
            parts = [self._part(asked, each) for each in found[:count]]
            lead = compose_lead(parts, asked.shape, asked.say)
            acting = find_acting(parts, asked.shape)
            ownership = OWNED_BY[acting] if acting else ownership
            ownership = Ownership.NONE if names_no_duty(parts, asked.shape) else ownership
            doubt = self._search.doubts(asked.query, found[0].entry)[:1]
            notes = [*notes, *(f"{LABELS[asked.language].note}{MARKS[asked.language].colon}{text}" for text in doubt)]
        if asked.query.corrections:
            lead = join_sentences((asked.say.read_as(asked.query.corrections), lead), asked.language)
        clauses = tuple(self._view(each, asked.language) for each in found)
        message = compose_answered(lead, ownership, clauses, count, notes, asked.language)
        return self._finish(
            asked, Outcome.ANSWERED, message, ownership=ownership, clauses=clauses, count=count, confidence=confidence
        )

    def _part(self, asked: Asked, shown: Shown) -> Part:
        doers = self._search.doers(asked.query, asked.shape, shown.entry)
        return Part(shown.entry, relevant_duties([shown]), [doers[i] for i in sorted(shown.relevant)])

    def _view(self, shown: Shown, language: Language) -> ClauseView:
        key = shown.entry.position, language
        if key not in self._views:
            self._views[key] = view_clause(shown.entry, (), None, self._regulations, self._quotes, language)
        return answer_with(self._views[key], shown.relevant, shown.score)

    def _unanswered_subject(self, asked: Asked, entries: Sequence[Entry], named: bool) -> str:
        """What to say where the passages shown do not answer for the subject that the question names; else nothing."""
        if asked.shape.asks is Asks.PAGE:
            return ""
        subjects = [term for term in asked.query.specific if term.concepts]
        supports = [self._search.support(asked.query, entry) for entry in entries]
        required = _most_special([term for _, left in supports for term in left])
        if not required and any(answered for answered, _ in supports):
            return ""
        names = [term.name(asked.language) for term in (required or subjects)]
        if required:
            return asked.say.names_nobody(list(dict.fromkeys(names)))
        if not (named or asked.resolutions) or not subjects:
            return ""
        better = [hit.entry for hit in self._search.find(asked.query, asked.within)[:1] if hit.entry not in entries]
        refs = [entry.passage.ref for entry in entries]
        return asked.say.says_nothing(refs[:3], names, [entry.passage.ref for entry in better])

    def tell_silent(self, asked: Asked, found: Sequence[Resolution]) -> list[str]:
        """Which of several guides has no response to a clause that another one answers."""
        return [
            asked.say.silent_guide(guide.info.short_title, each.label)
            for each in found
            for guide in self._directory.silent(each, asked.within)
        ]

    def no_such_clause(self, asked: Asked, missing: Sequence[Resolution]) -> Answer:
        """The answer to references that lead to no clause: what is known of them, and what stands nearby."""
        near = [entry for resolution in missing for entry in (*resolution.elsewhere, *resolution.nearby)]
        closest = tuple(dict.fromkeys(view_closest(entry) for entry in near))[:MOST_CHOICES]
        sentences = [missing_sentence(resolution, asked.say, self._directory.regulations) for resolution in missing]
        lead = join_sentences(sentences, asked.language)
        heading = asked.say.elsewhere if any(resolution.elsewhere for resolution in missing) else asked.say.nearby
        return self._finish(
            asked, Outcome.NO_SUCH_CLAUSE, compose_choices(lead, heading, closest, asked.language), closest=closest
        )

    def not_covered(
        self,
        asked: Asked,
        lead: str,
        unknown: tuple[str, ...],
        confidence: Confidence | None = None,
    ) -> Answer:
        """The answer where the guide has none, with the closest passages.

        Args:
            asked: the question.
            lead: why there is none.
            unknown: what no passage mentions.
            confidence: how sure the closest passage would have been, if one was judged.
        """
        hits = self._search.find(asked.query, asked.within)[:MOST_CLOSEST]
        closest = tuple(dict.fromkeys(view_closest(hit.entry) for hit in hits))
        message = compose_choices(lead, LABELS[asked.language].closest, closest, asked.language)
        judged = confidence or NOTHING.model_copy(update={"unknown": unknown})
        return self._finish(asked, Outcome.NOT_COVERED, message, closest=closest, confidence=judged)

    def clarify(self, asked: Asked) -> Answer:
        """The answer to what is too vague: choices."""
        hits = self._search.find(asked.query, asked.within)
        entries = [hit.entry for hit in hits]
        # A choice is best a clause: it is what the reader will be asked about.
        entries.sort(key=lambda entry: not isinstance(entry.passage, Clause))
        if not entries:
            entries = [entry for name in self._directory.regulations for entry in self._directory.regulation(name)]
        closest = tuple(dict.fromkeys(view_closest(entry) for entry in entries))[:MOST_CHOICES]
        message = compose_choices(asked.say.too_vague, LABELS[asked.language].choices, closest, asked.language)
        return self._finish(asked, Outcome.CLARIFY, message, closest=closest)

    def _finish(
        self,
        asked: Asked,
        outcome: Outcome,
        message: str,
        *,
        ownership: Ownership = Ownership.NONE,
        clauses: tuple[ClauseView, ...] = (),
        count: int = 0,
        closest: tuple[Closest, ...] = (),
        confidence: Confidence = NOTHING,
    ) -> Answer:
        return Answer.model_construct(
            question=asked.question,
            language=asked.language,
            outcome=outcome,
            ownership=ownership,
            clauses=clauses,
            asked=count,
            closest=closest,
            message=message,
            confidence=confidence,
            corpus=self._corpus,
        )


def _most_special(terms: Sequence[Term]) -> list[Term]:
    """Terms without those that another among them names by a more special concept."""
    return [
        term
        for term in terms
        if not any(
            other.concepts != term.concepts and term.terms[0][0] in (name for name, _ in other.terms) for other in terms
        )
    ]
