"""The Answer: what every channel shows, frozen, and the same bytes for the same question and corpus."""

from enum import StrEnum
from typing import Literal

from corpus.models import Kind, Model, Owner, Ownership


class Outcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    NO_SUCH_CLAUSE = "no_such_clause"
    NOT_COVERED = "not_covered"
    CLARIFY = "clarify"


class AnchorView(Model):
    """Where a duty stands in the source: section, row (None in prose), paragraph, sentences and pages, from 1."""

    section: str
    row: str | None
    paragraph: int
    sentences: tuple[int, ...]
    pages: tuple[int, ...]


class DutyView(Model):
    """A duty as shown: ``relevant`` if it answers the question, ``quote`` the source's words if attached.

    ``as_of`` (``2019-03``) dates a fact that ages.
    """

    owner: Owner
    kind: Kind
    text: str
    relevant: bool
    quote: str | None
    citation: str
    anchors: tuple[AnchorView, ...]
    as_of: str | None = None


class Note(Model):
    """Something doubtful in the guide, or a word with a meaning of its own, with where it stands."""

    kind: Literal["misprint", "contradiction", "ambiguity", "omission", "term"]
    text: str
    citation: str


class UpdateView(Model):
    """A change of the rules after the guide's date, ``confirmed`` or only ``reported``, with its source."""

    date: str
    title: str
    text: str
    status: Literal["confirmed", "reported"]
    source: str


class ClauseView(Model):
    """One clause (or background item) of an answer.

    ``ownership`` is that of all its duties. ``duties`` come with the relevant ones first. ``score`` is the
    passage's BM25 score, None where the reader named the clause. ``together_with`` are clauses that the
    guide answers with the same words. ``requirement`` is a background item's summary. ``currency`` says how old
    the guide is and what is known of the regulation since; ``updates`` are the changes that are known. ``item`` is a
    background item's id, which tells it from others of its section.
    """

    ref: str
    guide: str
    section: str
    row: str | None
    pages: tuple[int, ...]
    title: str
    requirement: str
    ownership: Ownership
    score: float | None
    duties: tuple[DutyView, ...]
    errata: tuple[Note, ...]
    updates: tuple[UpdateView, ...]
    currency: str
    see_also: tuple[str, ...]
    resources: tuple[str, ...]
    together_with: tuple[str, ...]
    citation: str
    provider: str
    kind: Literal["clause", "background"]
    item: str | None = None


class Closest(Model):
    """A clause near what was asked, offered as a choice and never as an answer."""

    ref: str
    guide: str
    title: str
    section: str


class Confidence(Model):
    """How sure the answer is, and why: the question's terms that the first clause has, and those it lacks.

    ``value`` lies in 0..1 and does not depend on the question's length.
    """

    value: float
    band: Literal["high", "medium", "low"]
    matched: tuple[str, ...]
    unknown: tuple[str, ...]


class CorpusView(Model):
    """What the answer was made from: guide ids, editions, the corpus hash, and if sources are attached."""

    guide: str
    edition: str
    sha256: str
    source_attached: bool


class Answer(Model):
    """The answer to one question.

    ``ownership`` is that of the duties that answer this question, ``none`` where nothing was answered;
    ``clauses`` are best first, ``asked`` of them (from the first) are the answer and the rest related to it;
    ``closest`` are choices (clarify, no_such_clause) or the nearest clauses
    (not_covered); ``message`` is what a reader would read, as plain text.
    """

    question: str
    language: Literal["en", "zh-Hant"]
    outcome: Outcome
    ownership: Ownership
    clauses: tuple[ClauseView, ...]
    asked: int
    closest: tuple[Closest, ...]
    message: str
    confidence: Confidence
    corpus: CorpusView
