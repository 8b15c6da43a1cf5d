"""From the corpus's passages to what an Answer shows of them. Pure.

Views are constructed without validation: their values come from validated models, the types are checked
by mypy, and building pydantic's schemas would cost a tenth of a cold start.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from corpus.models import Anchor, Clause, Duty, Erratum, Guide, Term
from corpus.quotes import Quotes
from corpus.regulations import Regulations, Update
from retrieval.answer import AnchorView, ClauseView, Closest, DutyView, Note, UpdateView
from retrieval.resolve import Entry, Passage
from retrieval.wording import Language, format_date, format_pages

NO_QUOTES = Quotes()
_GRAVITY = ("contradiction", "omission", "misprint", "ambiguity")
"""The order in which doubts are shown: what a reader could be misled by first."""


def view_clause(
    entry: Entry,
    relevant: Collection[int],
    score: float | None,
    regulations: Regulations,
    quotes: Mapping[str, Quotes],
    language: Language,
) -> ClauseView:
    """What an answer shows of a passage.

    Args:
        entry: the passage and its guide.
        relevant: positions of the duties that answer the question; they are shown first.
        score: the passage's BM25 score, None where the reader named it.
        regulations: what is known of them; the updates that touch the passage are picked.
        quotes: the attached sources by guide id.
        language: of citations.
    """
    guide, passage = entry.guide, entry.passage
    held = quotes.get(guide.info.id, NO_QUOTES)
    order = sorted(range(len(passage.duties)), key=lambda i: i not in relevant)
    duties = tuple(_view_duty(passage.duties[i], i in relevant, guide, held, language) for i in order)
    is_clause = isinstance(passage, Clause)
    statement = passage.requirement if isinstance(passage, Clause) else passage.summary
    resources = {resource.number: resource.title for resource in guide.info.resources}
    return ClauseView.model_construct(
        ref=passage.ref,
        guide=guide.info.id,
        section=passage.section,
        row=passage.row if isinstance(passage, Clause) else None,
        pages=passage.pages,
        title=passage.title,
        requirement=statement.text,
        ownership=passage.ownership,
        score=None if score is None else round(score, 4),
        duties=duties,
        errata=tuple(
            Note.model_construct(
                kind="term" if isinstance(note, Term) else note.kind,
                text=note.text,
                citation=cite(guide, note.at, language),
            )
            for note in list_notes(passage)
        ),
        updates=tuple(
            view_update(update)
            for update in regulations.updates
            if passage.ref in update.affects or (isinstance(passage, Clause) and passage.regulation in update.affects)
        ),
        currency=_currency(guide, passage.regulation if isinstance(passage, Clause) else None, regulations, language),
        see_also=passage.see_also,
        resources=tuple(resources[number] for number in passage.resources),
        together_with=passage.together_with if isinstance(passage, Clause) else (),
        citation=cite_place(
            guide, passage.section, passage.row if isinstance(passage, Clause) else None, passage.pages, language
        ),
        provider=guide.info.provider.name,
        kind="clause" if is_clause else "background",
        item=None if isinstance(passage, Clause) else passage.id,
    )


def answer_with(view: ClauseView, relevant: Collection[int], score: float | None) -> ClauseView:
    """A passage as one answer shows it, from its `view_clause` with nothing relevant and no score."""
    answering = [duty.model_copy(update={"relevant": True}) for i, duty in enumerate(view.duties) if i in relevant]
    others = [duty for i, duty in enumerate(view.duties) if i not in relevant]
    rounded = None if score is None else round(score, 4)
    return view.model_copy(update={"duties": (*answering, *others), "score": rounded})


def list_notes(passage: Passage) -> list[Erratum | Term]:
    """What is to be noted of a passage: what is doubtful, the gravest first, then words of a meaning of their own."""
    return [*sorted(passage.errata, key=lambda erratum: _GRAVITY.index(erratum.kind)), *passage.terms]


def _view_duty(duty: Duty, relevant: bool, guide: Guide, quotes: Quotes, language: Language) -> DutyView:
    return DutyView.model_construct(
        owner=duty.owner,
        kind=duty.kind,
        text=duty.text,
        relevant=relevant,
        quote=quotes.quote(duty.at),
        citation=cite(guide, duty.at, language),
        anchors=tuple(
            AnchorView.model_construct(
                section=anchor.section,
                row=anchor.row,
                paragraph=anchor.paragraph,
                sentences=anchor.sentences,
                pages=anchor.pages,
            )
            for anchor in duty.at
        ),
        as_of=duty.as_of,
    )


def _currency(guide: Guide, name: str | None, regulations: Regulations, language: Language) -> str:
    dated = format_date(guide.info.date, language)
    known = next((regulation for regulation in regulations.regulations if regulation.id == name), None)
    if language == "zh-Hant":
        since = (
            f"{known.id} 其後的修訂：{known.known_revisions_zh}（查核於 {format_date(known.checked, language)}）。"
            if known
            else ""
        )
        return f"指南的日期為 {dated}。{since}"
    checked = f" (looked up {format_date(known.checked, language)})" if known else ""
    since = f" Revisions of {known.id}: {known.known_revisions}{checked}." if known else ""
    return f"The guide is of {dated}.{since}"


def cite(guide: Guide, anchors: Sequence[Anchor], language: Language) -> str:
    """Document, edition, date, section, row and pages of a statement's anchors."""
    first = anchors[0]
    pages = tuple(sorted({page for anchor in anchors if anchor.section == first.section for page in anchor.pages}))
    return cite_place(guide, first.section, first.row, pages, language)


def cite_place(guide: Guide, section: str, row: str | None, pages: Sequence[int], language: Language) -> str:
    """Document, edition, date, section, row and pages of one place."""
    info = guide.info
    date = format_date(info.date, language)
    if language == "zh-Hant":
        place = "聲明" if section == "notices" else f"第 {section} 節"
        row_part = f"，{row} 行" if row else ""
        return f"{info.title}，第 {info.edition} 版（{date}），{place}{row_part}，{format_pages(pages, language)}"
    place = "notices" if section == "notices" else f"section {section}"
    row_part = f", row {row}" if row else ""
    return f"{info.title}, edition {info.edition} ({date}), {place}{row_part}, {format_pages(pages, language)}"


def view_update(update: Update) -> UpdateView:
    """A change of the rules as shown."""
    return UpdateView.model_construct(
        date=update.date, title=update.title, text=update.text, status=update.status, source=update.source
    )


def view_closest(entry: Entry) -> Closest:
    """A passage as a choice."""
    passage = entry.passage
    return Closest.model_construct(
        ref=passage.ref, guide=entry.guide.info.id, title=passage.title, section=passage.section
    )
