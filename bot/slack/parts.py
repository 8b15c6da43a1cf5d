"""The words that several layouts share: badges, names, a duty in a line, what is folded away. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.links import Links
from bot.parts import BADGES, find_place
from bot.phrases import PHRASES
from bot.slack.mrkdwn import cut, link
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import ClauseView, Closest, DutyView
from retrieval.wording import LABELS, MARKS, Language, bracket

LONGEST_REF = 60
_LONGEST_TITLE = 120


def badge(ownership: Ownership, language: Language) -> str:
    """Who carries a set of duties, as mrkdwn."""
    return f"{BADGES[ownership]} *{LABELS[language].ownership[ownership]}*"


def name_clause(clause: ClauseView | Closest) -> str:
    """A clause's reference and title, as mrkdwn."""
    return f"*{cut(clause.ref, LONGEST_REF)}* {cut(clause.title, _LONGEST_TITLE)}"


def name_party(owner: Owner, view: ClauseView, language: Language) -> str:
    """A party as a heading; the provider with its name; mrkdwn."""
    named = owner is Owner.CSP and view.provider.strip()
    name = bracket(cut(view.provider, 60), language) if named else ""
    return f"*{LABELS[language].owner[owner]}{name}*"


def name_kind(duty: DutyView, language: Language) -> str:
    """What a duty is where it is no obligation, as mrkdwn behind its text."""
    return "" if duty.kind is Kind.OBLIGATION else f" _{bracket(LABELS[language].kind[duty.kind], language).strip()}_"


def place_briefly(duty: DutyView, view: ClauseView, language: Language) -> str:
    """Where a duty stands, beside a citation of its clause: "page 9 ¶1 s3"; of many places only the pages."""
    return cut(find_place(duty, view, language), 80)


def cite(view: ClauseView, links: Links | None, limit: int = 300) -> str:
    """The citation, linked to the source viewer where there is one; mrkdwn."""
    citation = cut(view.citation, limit)
    return link(links.clause(view), citation) if links else citation


def fold(views: Sequence[ClauseView], language: Language) -> str:
    """What the sources of these clauses tell beside the duties: how many of each kind; one line."""
    phrases = PHRASES[language]
    doubts = Counter(note.kind for view in views for note in view.errata)
    terms = doubts.pop("term", 0)
    updates = len({(update.date, update.title) for view in views for update in view.updates})
    dated = sum(duty.as_of is not None for view in views for duty in view.duties)
    kinds = MARKS[language].between.join(phrases.note_kind[kind] for kind in doubts)
    told = [
        phrases.doubts.format(count=doubts.total(), kinds=kinds) if doubts else "",
        phrases.updates.format(count=updates) if updates else "",
        phrases.dated.format(count=dated) if dated else "",
        phrases.terms.format(count=terms) if terms else "",
        phrases.currency if any(view.currency for view in views) else "",
    ]
    said = " · ".join(filter(None, told))
    where = phrases.in_source if len(views) == 1 else phrases.in_sources
    return f"{'⚠️' if doubts or updates else '🕓'} {where.format(kinds=said)}" if said else ""
