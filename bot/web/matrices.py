"""The responsibility matrix on pages: of every guide side by side, and as a file in each form."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from aiohttp import web

from bot.desk import Desk
from bot.review.matrix import MatrixClause, draw_matrix
from bot.review.matrix_forms import MATRIX_TYPES, MatrixFormat, name_matrix, render_matrix
from bot.web.contents import count_ownerships, list_contents, tell_counts
from bot.web.downloads import send_file
from bot.web.overview import UnknownError
from bot.web.visit import Visit
from retrieval.answer import ClauseView
from retrieval.wording import Language


@dataclass(frozen=True, slots=True)
class Cell:
    """What one guide says of a clause: ``view`` is None where it does not answer it; ``reason`` how that is known."""

    guide: str
    view: ClauseView | None
    reason: str


@dataclass(frozen=True, slots=True)
class Line:
    """A clause with what each guide says of it, in the guides' order."""

    ref: str
    title: str
    cells: tuple[Cell, ...]


class Matrices:
    """Draws what the desk shows, and sends what `clausebot matrix` writes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def show(self, visit: Visit) -> web.Response:
        """Every clause, or those of a regulation, with each guide's answer beside the others'."""
        catalogue = self._desk.catalogue()
        names = list(dict.fromkeys(name for guide in catalogue.guides for name in guide.regulations))
        chosen = visit.request.query.get("regulation")
        chosen = chosen if chosen in names else None
        clauses = draw_matrix(self._desk, chosen).clauses
        heads = [list_contents(guide, catalogue.regulations, visit.language) for guide in catalogue.guides]
        counted = {
            guide.id: count_ownerships(
                each.ownership for clause in clauses for each in clause.answers if each.guide == guide.id
            )
            for guide in catalogue.guides
        }
        return visit.draw(
            "matrices.html",
            names=names,
            chosen=chosen,
            guides=list(zip(catalogue.guides, heads, strict=True)),
            counts=counted,
            told={guide: tell_counts(counts, visit.language) for guide, counts in counted.items()},
            lines=[self._lay_out(clause, visit.language) for clause in clauses],
        )

    async def send(self, visit: Visit) -> web.Response:
        """The matrix as a file: of every guide and regulation, or those that are named."""
        query = visit.request.query
        regulation, guide, form = query.get("regulation"), query.get("guide"), query.get("format", "")
        if form not in set(MatrixFormat):
            return visit.draw_problem(404)
        chosen = MatrixFormat(form)
        try:
            drawn = draw_matrix(self._desk, regulation, [guide] if guide else ())
        except UnknownError:
            return visit.draw_problem(404)
        # A workbook takes some tenths of a second, for which chats don't wait.
        content = await asyncio.to_thread(render_matrix, drawn, chosen)
        parts = [drawn.regulations[0].id] if regulation else []
        return send_file(content, name_matrix([*parts, guide] if guide else parts, chosen), MATRIX_TYPES[chosen])

    def _lay_out(self, clause: MatrixClause, language: Language) -> Line:
        reasons = {each.guide: each.reason for each in clause.unanswered}
        cells = []
        for guide in self._desk.catalogue().guides:
            view = None if guide.id in reasons else self._desk.show(clause.ref, guide.id, language)
            cells.append(Cell(guide.id, view, reasons.get(guide.id, "")))
        return Line(clause.ref, clause.answers[0].title, tuple(cells))
