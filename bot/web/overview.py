"""What is there to look up: everything, or what a program narrows it to; and a regulation's matrix."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desk import Desk
from bot.web.messages import CatalogueQuery, Matrix, MatrixQuery, MatrixRow
from corpus.models import Owner
from retrieval.answer import ClauseView
from retrieval.catalogue import Catalogue, GuideView

# More clauses than any set of guides has.
_ALL = 1_000_000


class UnknownError(Exception):
    """No loaded guide is of that id, or answers that regulation; the message says which there are."""


def list_catalogue(desk: Desk, query: CatalogueQuery) -> Catalogue:
    """Everything that can be looked up, narrowed down.

    Background belongs to no regulation, so that there is none where one is named; nor where a party is.

    Raises:
        UnknownError: there is no such guide or regulation.
    """
    catalogue = desk.catalogue()
    guides = _choose_guides(catalogue, query.guide, query.regulation)
    if query.regulation is None and query.owner is None:
        return catalogue.model_copy(update={"guides": guides})
    kept = set(desk.suggest("", regulation=query.regulation, owner=query.owner, most=_ALL))
    narrowed = (
        guide.model_copy(
            update={"clauses": tuple(clause for clause in guide.clauses if clause in kept), "background": ()}
        )
        for guide in guides
    )
    return catalogue.model_copy(update={"guides": tuple(narrowed)})


def compose_matrix(desk: Desk, query: MatrixQuery) -> Matrix:
    """Who does what about a regulation.

    Raises:
        UnknownError: there is no such guide or regulation.
    """
    listed = list_catalogue(desk, CatalogueQuery(guide=query.guide, regulation=query.regulation, owner=query.owner))
    views = (desk.show(clause.ref, guide.id, query.language) for guide in listed.guides for clause in guide.clauses)
    return Matrix(regulation=query.regulation, rows=tuple(_view_row(view) for view in views if view))


def _view_row(view: ClauseView) -> MatrixRow:
    csp, csc, third = (
        tuple(duty for duty in view.duties if duty.owner is owner)
        for owner in (Owner.CSP, Owner.CSC, Owner.THIRD_PARTY)
    )
    return MatrixRow(
        ref=view.ref,
        guide=view.guide,
        section=view.section,
        row=view.row,
        pages=view.pages,
        title=view.title,
        requirement=view.requirement,
        ownership=view.ownership,
        csp=csp,
        csc=csc,
        third_party=third,
        citation=view.citation,
    )


def _choose_guides(catalogue: Catalogue, guide: str | None, regulation: str | None) -> tuple[GuideView, ...]:
    chosen = tuple(each for each in catalogue.guides if guide in (None, each.id))
    if not chosen:
        raise UnknownError(f"No guide of that id is loaded; there are: {_join(each.id for each in catalogue.guides)}.")
    if regulation is not None and not any(regulation in each.regulations for each in chosen):
        known = dict.fromkeys(name for each in chosen for name in each.regulations)
        raise UnknownError(f"No loaded guide answers that regulation; those answered are: {_join(known)}.")
    return chosen


def _join(names: Iterable[str]) -> str:
    return ", ".join(names)
