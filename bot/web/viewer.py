"""The source viewer: a guide's clauses and sections as pages, each duty beside the sentences that it restates."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.desk import Desk
from bot.links import locate
from bot.origin import Origin
from bot.parts import list_related, parties
from bot.titles import TitleList
from bot.web.contents import (
    Contents,
    Entry,
    count_ownerships,
    find_beside,
    list_cards,
    list_contents,
    list_entry,
    path_in,
    path_of,
    path_to,
    tell_counts,
)
from bot.web.phrases import WEB_PHRASES
from bot.web.reading_phrases import READING_PHRASES
from bot.web.ties import tie
from bot.web.visit import Visit
from corpus.models import Owner
from retrieval.answer import Answer, ClauseView, Outcome
from retrieval.catalogue import GuideView
from retrieval.wording import LABELS, MARKS, Language

LONGEST_SEARCH = 200
"""Characters that are searched for."""

_MOST_FOUND = 50

Related = tuple[str, str, str]
"""What a page is called, its title, and the way to it from the start page."""


class Viewer:
    """Draws what the desk shows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._titles = TitleList(desk)

    async def show_guides(self, visit: Visit) -> web.Response:
        """Every guide, or the clauses that are searched for; a clause that is named leads straight to it."""
        catalogue = self._desk.catalogue()
        text = visit.request.query.get("q", "").strip()[:LONGEST_SEARCH]
        if not text:
            listed = [list_contents(guide, catalogue.regulations, visit.language) for guide in catalogue.guides]
            return visit.draw("guides.html", searched="", guides=listed)
        answer = await self._preview(text, visit)
        if _names_one(answer):
            return visit.lead(path_of(answer.clauses[0]))
        found = [list_entry(each) for each in self._desk.suggest(text, most=_MOST_FOUND)]
        answering = [_enter(view) for view in answer.clauses[: answer.asked]]
        once = {entry.path: entry for entry in (*found, *answering)}
        return visit.draw(
            "guides.html", searched=text, found=list(once.values()), conversation=secrets.token_urlsafe(16)
        )

    async def show_guide(self, visit: Visit) -> web.Response:
        """A guide: its regulations at a glance, what changed since, what it does not answer."""
        guide = self._find_guide(visit)
        if guide is None:
            return self._draw_no_guide(visit)
        catalogue = self._desk.catalogue()
        return visit.draw(
            "guide.html",
            **self._place(visit, guide),
            cards=list_cards(catalogue, visit.language, [guide]),
            updates=catalogue.updates,
            absent=guide.absent,
        )

    async def show_place(self, visit: Visit) -> web.Response:
        """A regulation's responsibility matrix, or a section of the guide."""
        guide, place = self._find_guide(visit), visit.request.match_info["place"]
        if guide is None:
            return self._draw_no_guide(visit)
        if place in guide.regulations:
            return self._draw_matrix(visit, guide, place)
        if place in {section.number for section in guide.sections}:
            return self._draw_section(visit, guide, place)
        return self._draw_no_page(visit, guide)

    async def show_clause(self, visit: Visit) -> web.Response:
        """A clause with its split and its source; one written in another way leads to it."""
        guide = self._find_guide(visit)
        if guide is None:
            return self._draw_no_guide(visit)
        regulation, number = visit.request.match_info["regulation"], visit.request.match_info["clause"]
        ref = f"{regulation} {number}"
        view = self._desk.show(ref, guide.id, visit.language) if regulation in guide.regulations else None
        source = self._desk.source_of(guide.id, [ref]) if view else None
        if view is None or source is None:
            return await self._draw_no_clause(visit, guide, ref)
        context = self._place(visit, guide)
        contents: Contents = context["contents"]
        entries = [
            Entry(f"{part.name} {entry.name}", entry.title, entry.path)
            for part in contents.parts
            for entry in part.entries
        ]
        before, after = find_beside(entries, path_of(view))
        counts = Counter(duty.owner for duty in view.duties)
        return visit.draw(
            "clause.html",
            **context,
            page=tie([view], source),
            regulation=regulation,
            regulation_path=path_in(guide, regulation),
            number=number,
            split_counts={owner: counts[owner] for owner in Owner if counts[owner]},
            split_words=tell_counts({owner: counts[owner] for owner in Owner if counts[owner]}, visit.language),
            together=[(each, path_to(guide.id, each)) for each in view.together_with],
            related=self._relate(view, visit.language),
            elsewhere=self._find_elsewhere(view),
            before=before,
            after=after,
            conversation=secrets.token_urlsafe(16),
        )

    def _draw_section(self, visit: Visit, guide: GuideView, number: str) -> web.Response:
        """The section's background, and the clauses that its prose answers, beside its sentences."""
        held = [each for each in (*guide.background, *guide.clauses) if each.section == number]
        views = [view for each in held if (view := self._desk.show(each.item or each.ref, guide.id, visit.language))]
        of_prose = [view for view in views if view.row is None]
        source = self._desk.source_of(guide.id, [view.item or view.ref for view in of_prose])
        context = self._place(visit, guide)
        contents: Contents = context["contents"]
        section = next(each for each in guide.sections if each.number == number)
        before, after = find_beside(contents.sections, path_in(guide, number))
        reading = READING_PHRASES[visit.language]
        name = reading.notices if number == "notices" else reading.place.format(section=number)
        page = reading.on_page.format(page=section.page) if section.page else ""
        return visit.draw(
            "section.html",
            **context,
            section=section,
            name=name,
            citation=MARKS[visit.language].comma.join(filter(None, (contents.title, contents.told, name, page))),
            page=tie(of_prose, source) if source else None,
            clauses=[_enter(view) for view in views if view.row is not None],
            related_of=lambda view: self._relate(view, visit.language),
            before=before,
            after=after,
        )

    def _draw_matrix(self, visit: Visit, guide: GuideView, name: str) -> web.Response:
        """Every clause of a regulation with each party's duties; or those in which one party has any."""
        catalogue, labels = self._desk.catalogue(), LABELS[visit.language]
        shown = (
            self._desk.show(each.ref, guide.id, visit.language) for each in guide.clauses if each.regulation == name
        )
        views = [view for view in shown if view]
        held = {view.ref: {duty.owner for duty in view.duties} for view in views}
        party = visit.request.query.get("party")
        party = party if party in set(Owner) else None
        kept = [view for view in views if party is None or party in held[view.ref]]
        filters: list[tuple[str | None, str, int]] = [(None, READING_PHRASES[visit.language].everybody, len(views))]
        filters += [
            (owner.value, labels.owner[owner], sum(owner in owners for owners in held.values())) for owner in Owner
        ]
        counts = count_ownerships(view.ownership for view in kept)
        updates = {(update.date, update.title): update for view in views for update in view.updates}
        return visit.draw(
            "matrix.html",
            **self._place(visit, guide),
            regulation=next(each for each in catalogue.regulations if each.id == name),
            guide=guide.id,
            provider=guide.provider,
            owners=[owner for owner in Owner if any(owner in parties(view) for view in kept)],
            party=party,
            filters=filters,
            views=kept,
            counts=counts,
            told=tell_counts(counts, visit.language),
            absent=[each for each in guide.absent if each.ref.startswith(f"{name} ")],
            updates=[updates[key] for key in sorted(updates)],
        )

    def _find_guide(self, visit: Visit) -> GuideView | None:
        name = visit.request.match_info["guide"]
        return next((guide for guide in self._desk.catalogue().guides if guide.id == name), None)

    def _place(self, visit: Visit, guide: GuideView) -> dict[str, Any]:
        """What every page of a guide shows: its contents, and which page this is."""
        return {
            "contents": list_contents(guide, self._desk.catalogue().regulations, visit.language),
            "here": visit.request.rel_url.raw_path.lstrip("/"),
            "corpus": self._desk.corpus_hash,
        }

    def _relate(self, view: ClauseView, language: Language) -> list[Related]:
        """The clauses and sections that a passage names, with the ways to them."""
        return [
            (pointer.ref, title.removeprefix(pointer.ref).strip(), path_to(pointer.guide, pointer.ref))
            for title, pointer in list_related([view], (), self._titles.read(), language)
        ]

    def _find_elsewhere(self, view: ClauseView) -> list[Related]:
        """The same clause in other guides."""
        return [
            (guide.provider, guide.title, path_of(clause))
            for guide in self._desk.catalogue().guides
            for clause in guide.clauses
            if clause.ref == view.ref and guide.id != view.guide
        ]

    async def _preview(self, text: str, visit: Visit) -> Answer:
        return await self._desk.preview(text, Origin("web", "", visit.visitor.asker, ""))

    def _draw_no_guide(self, visit: Visit) -> web.Response:
        words = WEB_PHRASES[visit.language]
        guides = [("", guide.title, path_in(guide)) for guide in self._desk.catalogue().guides]
        return visit.draw_problem(404, told=words.no_such_guide, offered=guides, heading=words.guides_there)

    def _draw_no_page(self, visit: Visit, guide: GuideView) -> web.Response:
        contents = list_contents(guide, self._desk.catalogue().regulations, visit.language)
        pages = [("", contents.title, contents.path), *((part.name, part.title, part.path) for part in contents.parts)]
        told, heading = WEB_PHRASES[visit.language].no_such_page, READING_PHRASES[visit.language].contents
        return visit.draw_problem(404, told=told, offered=pages, heading=heading)

    async def _draw_no_clause(self, visit: Visit, guide: GuideView, ref: str) -> web.Response:
        """What the guide says of a clause that it does not answer; one that is only written otherwise leads there."""
        if visit.visitor.let != "in":
            return self._draw_no_page(visit, guide)
        answer = await self._preview(ref[:LONGEST_SEARCH], visit)
        if _names_one(answer) and answer.clauses[0].guide == guide.id and answer.clauses[0].kind == "clause":
            return visit.lead(path_of(answer.clauses[0]))
        reason = next((absent.reason for absent in guide.absent if absent.ref == ref), "")
        if not reason and answer.outcome is not Outcome.NO_SUCH_CLAUSE:
            return self._draw_no_page(visit, guide)
        near = [(each.ref, each.title, path_of(each)) for each in answer.closest if each.guide == guide.id]
        others = [(view.provider, f"{ref} {view.title}", path_of(view)) for view in answer.clauses if view.ref == ref]
        reading = READING_PHRASES[visit.language]
        # The reason is the pack's own, in English, on a Chinese page too.
        why = Markup('<span lang="en">{}</span>').format(reason)
        told = Markup(reading.lacks_because if reason else reading.lacks).format(ref=ref, reason=why)  # noqa: S704 - ours
        heading = reading.other_guides if others else WEB_PHRASES[visit.language].closest
        return visit.draw_problem(404, told=told, offered=others or near, heading=heading)


def _names_one(answer: Answer) -> bool:
    """Whether what was asked for names one clause or section, and nothing else."""
    named = {locate(view) for view in answer.clauses[: answer.asked] if view.score is None}
    return answer.outcome is Outcome.ANSWERED and len(named) == 1 and answer.asked == len(answer.clauses)


def _enter(view: ClauseView) -> Entry:
    path = path_of(view) + (f"#{view.item}" if view.item else "")
    return Entry(view.ref, view.title, path, view.ownership)
