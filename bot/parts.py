"""What every chat channel shows of an answer, before it is laid out: who is shown, what leads where. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.form_phrases import FORM_PHRASES
from bot.phrases import PHRASES
from bot.values import Asked, Pointer
from corpus.models import Owner, Ownership
from retrieval.answer import AnchorView, Answer, ClauseView, Closest, DutyView, UpdateView
from retrieval.wording import LABELS, MARKS, Language, bracket, format_date, format_pages

if TYPE_CHECKING:
    from retrieval.catalogue import Catalogue

Titles = Mapping[tuple[str, str], str]
"""Titles of clauses by guide and reference."""

BADGES = {
    Ownership.CSP_OWNED: "☁️",
    Ownership.CSC_OWNED: "🏢",
    Ownership.SHARED: "🤝",
    Ownership.THIRD_PARTY: "🔗",
    Ownership.NONE: "➖",
}

# Clauses named in a value, so that it stays short whatever the answer holds.
_MOST_REFS = 20
_LONGEST_POINTED = 100
_FEW_ANCHORS = 2


def name_carrier(ownership: Ownership, language: Language) -> str:
    """Who carries a clause: a badge and a word."""
    return f"{BADGES[ownership]} {PHRASES[language].carrier[ownership]}"


def count_carriers(ownerships: Iterable[Ownership], language: Language) -> str:
    """How many of some clauses each party carries, in a line."""
    counted = Counter(ownerships)
    return " · ".join(f"{name_carrier(who, language)} {counted[who]}" for who in BADGES if counted[who])


def parties(view: ClauseView) -> list[Owner]:
    """The parties to show: provider and customer always, a third party where it has duties."""
    held = {duty.owner for duty in view.duties}
    return [owner for owner in Owner if owner in held or owner is not Owner.THIRD_PARTY]


def relevant_duties(view: ClauseView) -> list[DutyView]:
    """The duties that answer the question: all of them where it singled none out."""
    return [duty for duty in view.duties if duty.relevant] or list(view.duties)


def find_place(duty: DutyView, view: ClauseView, language: Language) -> str:
    """Where a duty stands, beside a citation of its clause: "page 9 ¶1 s3"; of many places only the pages."""
    pages = format_pages(sorted({page for anchor in duty.anchors for page in anchor.pages}), language)
    if not 0 < len(duty.anchors) <= _FEW_ANCHORS:
        return pages
    places = []
    for anchor in duty.anchors:
        first, last = anchor.sentences[0], anchor.sentences[-1]
        at_clause = (anchor.section, anchor.row) == (view.section, view.row)
        elsewhere = "" if at_clause else " ".join(filter(None, (anchor.section, anchor.row))) + " "
        places.append(f"{elsewhere}¶{anchor.paragraph} s{first}" + ("" if first == last else f"-{last}"))
    return f"{pages} {', '.join(places)}"


def list_places(anchors: Sequence[AnchorView], language: Language) -> Iterator[str]:
    """Where a statement stands, to the sentence; section and row are named where they change."""
    words, before = FORM_PHRASES[language], ("", "")
    for anchor in anchors:
        first, last = anchor.sentences[0], anchor.sentences[-1]
        at = (anchor.section, words.row.format(row=anchor.row) if anchor.row else "")
        yield (words.section.format(section=at[0], row=at[1]) if at != before else "") + words.sentence.format(
            paragraph=anchor.paragraph,
            sentences=str(first) if first == last else f"{first}-{last}",
            pages=format_pages(anchor.pages, language),
        )
        before = at


def date_of(duty: DutyView, language: Language) -> str:
    """Since when a fact that ages is known, in brackets behind its text."""
    return bracket(f"{LABELS[language].as_of} {format_date(duty.as_of, language)}", language) if duty.as_of else ""


def date_update(update: UpdateView, language: Language) -> str:
    """When the rules changed, and how sure that is, before what changed."""
    marks, status = MARKS[language], LABELS[language].update_status[update.status]
    return f"{format_date(update.date, language)}{marks.comma}{status}{marks.colon}"


def cite_beside(citation: str, beside: str) -> str:
    """A citation without what it shares with the clause's own, which stands beside it; empty where that is all."""
    shared = next((at for at, (one, other) in enumerate(zip(citation, beside, strict=False)) if one != other), None)
    if shared is None:
        return "" if citation.strip() == beside.strip() else citation
    return citation[max(citation.rfind(mark, 0, shared) for mark in ",，") + 1 :].strip()


def lead(answer: Answer) -> str:
    """What an answer says first, in a line."""
    return answer.message.split("\n", 1)[0].strip() or LABELS[answer.language].carries[answer.ownership]


def remark(answer: Answer) -> str:
    """What an answer says first beside who carries what was asked about, which its layout says already."""
    asked, labels, colon = answer.clauses[: answer.asked], LABELS[answer.language], MARKS[answer.language].colon
    said = lead(answer).removeprefix(labels.carries[answer.ownership])
    if len(asked) > 1:  # the table says this of each
        names = "|".join(re.escape(view.ref) for view in asked)
        carried = "|".join(map(re.escape, labels.carries.values()))
        said = re.sub(rf"(?:(?:{names})(?:, | and |、)?)+{colon}(?:{carried})", "", said)
    return " ".join(said.split())


def point(clause: ClauseView | Closest, language: Language) -> Pointer:
    """What a button carries of a clause."""
    ref = clause.item or clause.ref if isinstance(clause, ClauseView) else clause.ref
    return Pointer(ref[:_LONGEST_POINTED], clause.guide[:_LONGEST_POINTED], language)


def tell_apart(clauses: Sequence[ClauseView | Closest]) -> list[ClauseView | Closest]:
    """Each clause once: choices of one section of the guide lead to the same."""
    once: dict[Pointer, ClauseView | Closest] = {}
    for clause in clauses:
        once.setdefault(point(clause, "en"), clause)
    return list(once.values())


def describe_asked(answer: Answer, answer_id: str) -> Asked:
    """The question of an answer, for buttons that ask it again or pass it on."""
    refs = tuple(dict.fromkeys(view.ref for view in answer.clauses[: answer.asked]))[:_MOST_REFS]
    return Asked(answer_id, answer.question, refs, answer.language)


def list_titles(catalogue: Catalogue) -> Titles:
    """The title of each clause, by guide and reference; sections of a guide with several items have none."""
    titles: dict[tuple[str, str], str] = {}
    for guide in catalogue.guides:
        named = Counter(each.ref for each in guide.background)
        for each in (*guide.clauses, *guide.background):
            if named[each.ref] <= 1:
                titles[guide.id, each.ref] = each.title
    return titles


def list_related(
    views: Sequence[ClauseView], found: Sequence[ClauseView], titles: Titles, language: Language
) -> list[tuple[str, Pointer]]:
    """The clauses beside those shown, named: those found too, then those that a single one names."""
    known = {(view.guide, view.ref) for view in views}
    named = [(view.guide, ref) for view in views for ref in (*view.together_with, *view.see_also)]
    titles = {**titles, **{(view.guide, view.ref): view.title for view in found}}
    others = [*((view.guide, view.ref) for view in found), *(named if len(views) == 1 else ())]
    return [
        (f"{ref} {titles.get((guide, ref), '')}".strip(), Pointer(ref, guide, language))
        for guide, ref in dict.fromkeys(others)
        if ref.strip() and (guide, ref) not in known
    ]
