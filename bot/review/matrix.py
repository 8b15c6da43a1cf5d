"""The responsibility matrix: who does what about each clause, as each chosen guide answers it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.desk import Desk
from bot.web.messages import MatrixQuery, MatrixRow
from bot.web.overview import UnknownError, compose_matrix
from corpus.models import Model, Ownership
from retrieval.answer import Note, UpdateView
from retrieval.catalogue import GuideView, RegulationView
from retrieval.wording import LABELS

CSA_NAMES: Mapping[Ownership, str] = {
    Ownership.CSP_OWNED: "CSP-owned",
    Ownership.CSC_OWNED: "CSC-owned",
    Ownership.SHARED: "Shared CSP and CSC",
    Ownership.THIRD_PARTY: "Third-party outsourced",
    Ownership.NONE: LABELS["en"].ownership[Ownership.NONE],
}
"""Ownership as the CSA Cloud Controls Matrix (STA-04) and CAIQ's SSRM column call it; they have no name for silence."""

NOTICE = (
    "Restated from the guides in Clausebot's own words, each duty with its place in the guide, which alone counts. "
    "It is no legal advice and confirms no compliance."
)

# More clauses than any set of guides has.
_ALL = 1_000_000


class GuideHead(Model):
    """A guide that the matrix is drawn from; ``date`` is of the form 2019, 2019-03 or 2019-03-31."""

    id: str
    title: str
    provider: str
    edition: str
    date: str


class GuideAnswer(MatrixRow):
    """One guide's answer to a clause, with what is doubtful in it and what changed since."""

    provider: str
    errata: tuple[Note, ...]
    updates: tuple[UpdateView, ...]
    currency: str


class Unanswered(Model):
    """A guide that does not answer a clause which another one does; ``reason`` is how that is known, or empty."""

    guide: str
    reason: str


class MatrixClause(Model):
    """A clause with the answers of the guides side by side, in the guides' order."""

    ref: str
    answers: tuple[GuideAnswer, ...]
    unanswered: tuple[Unanswered, ...]


class ResponsibilityMatrix(Model):
    """Who does what, clause by clause, in the regulations' order; ``sha256`` is the corpus's."""

    sha256: str
    guides: tuple[GuideHead, ...]
    regulations: tuple[RegulationView, ...]
    clauses: tuple[MatrixClause, ...]
    notice: str

    @property
    def dated(self) -> str:
        """The latest day that the matrix speaks of, as 2019-03-31: the guides' dates, the rules' last look-up."""
        dates = [guide.date for guide in self.guides] + [rule.checked for rule in self.regulations]
        return max(f"{date}-01-01"[:10] if len(date) == 4 else f"{date}-01"[:10] for date in dates)

    @property
    def answers(self) -> tuple[GuideAnswer, ...]:
        """Every answer, in order."""
        return tuple(answer for clause in self.clauses for answer in clause.answers)


def draw_matrix(desk: Desk, regulation: str | None = None, guides: Sequence[str] = ()) -> ResponsibilityMatrix:
    """The matrix of some guides.

    Args:
        desk: what is answered from.
        regulation: only its clauses, however it is written (``gl 14``); None for all that the guides answer.
        guides: ids of the guides; empty for every loaded one.

    Raises:
        UnknownError: there is no such guide, or none of them answers that regulation; the message names those there
            are.
    """
    catalogue = desk.catalogue()
    chosen = _choose(catalogue.guides, guides)
    answered = dict.fromkeys(name for guide in chosen for name in guide.regulations)
    named = "".join(regulation.split()).upper() if regulation is not None else None
    if named is not None and named not in answered:
        raise UnknownError(f"no chosen guide answers that regulation; those answered are: {', '.join(answered)}")
    kept = list(answered) if named is None else [named]
    rows = {
        (row.ref, row.guide): row
        for guide in chosen
        for name in kept
        if name in guide.regulations
        for row in compose_matrix(desk, MatrixQuery(regulation=name, guide=guide.id)).rows
    }
    order = dict.fromkeys(each.ref for name in kept for each in desk.suggest("", regulation=name, most=_ALL))
    refs = [ref for ref in order if any((ref, guide.id) in rows for guide in chosen)]
    return ResponsibilityMatrix(
        sha256=desk.corpus_hash,
        guides=tuple(
            GuideHead(id=guide.id, title=guide.title, provider=guide.provider, edition=guide.edition, date=guide.date)
            for guide in chosen
        ),
        regulations=tuple(rule for name in kept for rule in catalogue.regulations if rule.id == name),
        clauses=tuple(
            MatrixClause(
                ref=ref,
                answers=tuple(_answers(desk, (rows.get((ref, guide.id)) for guide in chosen))),
                unanswered=tuple(_silence(guide, ref) for guide in chosen if (ref, guide.id) not in rows),
            )
            for ref in refs
        ),
        notice=NOTICE,
    )


def _choose(loaded: Sequence[GuideView], ids: Sequence[str]) -> list[GuideView]:
    known = {guide.id: guide for guide in loaded}
    if any(each not in known for each in ids):
        raise UnknownError(f"no guide of that id is loaded; there are: {', '.join(known)}")
    return [known[each] for each in dict.fromkeys(ids)] or list(loaded)


def _answers(desk: Desk, rows: Iterable[MatrixRow | None]) -> Iterator[GuideAnswer]:
    for row in rows:
        view = desk.show(row.ref, row.guide) if row else None
        if row and view:
            noted = {name: getattr(view, name) for name in ("provider", "errata", "updates", "currency")}
            yield GuideAnswer(**dict(row), **noted)


def _silence(guide: GuideView, ref: str) -> Unanswered:
    reason = next((absent.reason for absent in guide.absent if absent.ref == ref), "")
    return Unanswered(guide=guide.id, reason=reason)
