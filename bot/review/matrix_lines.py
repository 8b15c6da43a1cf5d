"""The matrix as a table and a summary of plain lines, which every format of a table draws. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.parts import date_of
from bot.review.matrix import CSA_NAMES, GuideAnswer, GuideHead, ResponsibilityMatrix, Unanswered
from corpus.models import Owner
from retrieval.answer import DutyView, Note, UpdateView
from retrieval.message import place_duty
from retrieval.wording import LABELS, format_date

_LABELS = LABELS["en"]

# What neither XML nor a terminal takes: C0 controls but tab, line feed and carriage return, C1 controls, lone
# surrogates, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Line(NamedTuple):
    """One guide's answer to one clause: each field a cell, as the lines in it."""

    clause: Sequence[str]
    title: Sequence[str]
    provider: Sequence[str]
    requirement: Sequence[str]
    csp: Sequence[str]
    csc: Sequence[str]
    third_party: Sequence[str]
    ownership: Sequence[str]
    citation: Sequence[str]
    notes: Sequence[str]


HEADINGS = Line(
    *(
        (heading,)
        for heading in (
            "Clause",
            "Title",
            "Provider",
            "Requirement",
            "Provider's duties (CSP)",
            "Customer's duties (CSC)",
            "Third party's duties",
            "Ownership",
            "Citation",
            "Notes",
        )
    )
)


def list_lines(matrix: ResponsibilityMatrix) -> Iterator[Line]:
    """The table's rows: clause by clause, and within a clause guide by guide, those that do not answer it too."""
    for clause in matrix.clauses:
        answers = {answer.guide: answer for answer in clause.answers}
        unanswered = {silent.guide: silent for silent in clause.unanswered}
        for guide in matrix.guides:
            answer = answers.get(guide.id)
            yield _answer_line(answer) if answer else _silent_line(clause.ref, guide, unanswered[guide.id])


def list_summary(matrix: ResponsibilityMatrix) -> Iterator[tuple[str, str]]:
    """What to know beside the table, each with its heading: the notice, whose it is, who carries how much, currency."""
    yield "Notice", matrix.notice
    for guide in matrix.guides:
        yield (
            "Guide",
            plain(f"{guide.title}, edition {guide.edition} ({format_date(guide.date, 'en')}), by {guide.provider}"),
        )
    for rule in matrix.regulations:
        yield "Regulation", plain(f"{rule.id}: {rule.title} ({rule.issuer}). {rule.in_force}")
    yield "Corpus (SHA-256)", matrix.sha256
    yield "Clauses", str(len(matrix.clauses))
    carried = Counter((answer.guide, answer.ownership) for answer in matrix.answers)
    for guide in matrix.guides:
        told = [f"{name}: {count}" for who, name in CSA_NAMES.items() if (count := carried[guide.id, who])]
        yield f"Ownership, {plain(guide.provider)}", "; ".join(told)
    for provider, currency in dict.fromkeys((answer.provider, answer.currency) for answer in matrix.answers):
        yield f"Currency, {plain(provider)}", plain(currency)
    for update in dict.fromkeys(update for answer in matrix.answers for update in answer.updates):
        yield _LABELS.update, plain(f"{_dated(update)}: {update.title}. {update.text} [{update.source}]")


def list_errata(matrix: ResponsibilityMatrix) -> Iterator[tuple[str, str]]:
    """What is doubtful in the guides, once for all the clauses that it touches, each with a heading."""
    refs: dict[Note, list[str]] = {}
    for answer in matrix.answers:
        for note in answer.errata:
            refs.setdefault(note, []).append(answer.ref)
    for note, touched in refs.items():
        yield _LABELS.note, plain(f"{', '.join(touched)}: {note.text} [{note.citation}]")


def plain(text: str) -> str:
    """A text of a pack in one line, without what no file format takes."""
    return " ".join(_UNPRINTABLE.sub("", text).split())


def _answer_line(answer: GuideAnswer) -> Line:
    notes = [f"{_LABELS.note}: {note.text}" for note in answer.errata]
    notes += [f"{_LABELS.update} ({_dated(update)}): {update.title}" for update in answer.updates]
    return Line(
        clause=(answer.ref,),
        title=(plain(answer.title),),
        provider=(plain(answer.provider),),
        requirement=(plain(answer.requirement),),
        csp=_tell_duties(answer.csp, Owner.CSP),
        csc=_tell_duties(answer.csc, Owner.CSC),
        third_party=_tell_duties(answer.third_party, Owner.THIRD_PARTY),
        ownership=(CSA_NAMES[answer.ownership],),
        citation=(plain(answer.citation),),
        notes=tuple(map(plain, notes)),
    )


def _silent_line(ref: str, guide: GuideHead, silent: Unanswered) -> Line:
    told = f"The guide does not answer this clause{f': {silent.reason}' if silent.reason else ''}."
    return Line(
        clause=(ref,),
        title=(),
        provider=(plain(guide.provider),),
        requirement=(),
        csp=(),
        csc=(),
        third_party=(),
        ownership=("Not answered",),
        citation=(),
        notes=(plain(told),),
    )


def _tell_duties(duties: Sequence[DutyView], owner: Owner) -> Sequence[str]:
    return tuple(map(_tell_duty, duties)) or (_LABELS.silent[owner],)


def _tell_duty(duty: DutyView) -> str:
    return plain(f"[{_LABELS.kind[duty.kind]}] {duty.text}{date_of(duty, 'en')} [{place_duty(duty, 'en')}]")


def _dated(update: UpdateView) -> str:
    return f"{format_date(update.date, 'en')}, {_LABELS.update_status[update.status]}"
