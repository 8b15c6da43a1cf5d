"""The responsibility matrix as a card: who carries each clause, at a glance. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.parts import count_carriers, name_carrier
from bot.phrases import PHRASES
from bot.review.matrix import GuideAnswer, GuideHead, MatrixClause, ResponsibilityMatrix
from bot.teams.clause import LONGEST_REF
from bot.teams.elements import (
    Element,
    compose,
    container,
    cut,
    fill,
    measure_room,
    open_url,
    paragraph,
    rows_of_actions,
    run,
    say,
    weigh,
)
from bot.teams.phrases import TEAMS_PHRASES
from bot.teams.reply import Reply
from corpus.models import Owner
from retrieval.wording import LABELS, MARKS, Language, bracket, format_date

_LONGEST_TITLE = 90
_LONGEST_PROVIDER = 40
_LONGEST_READING = 200
_LARGEST_HEAD = 8000

# Guides beside one another in a line, and regulations that a button opens; there are one or two.
_MOST_GUIDES = 6
_MOST_LINKS = 6


def render_matrix(matrix: ResponsibilityMatrix, language: Language, *, links: Links | None = None) -> Reply:
    """Each clause with who carries it, in as many lines as a card holds; the rest is counted.

    Args:
        matrix: of one regulation or several, by one guide or several.
        language: of labels and fixed sentences.
        links: the pages' addresses, if they can be reached: each regulation has its matrix there.
    """
    words = TEAMS_PHRASES[language]
    names = MARKS[language].between.join(rule.id for rule in matrix.regulations)
    reading = cut(PHRASES[language].matrix_title.format(names=names), _LONGEST_READING)
    head: list[Element] = [
        paragraph(run(reading, weight="Bolder", size="Medium")),
        say(words.matrix_hint, isSubtle=True, spacing="Small"),
        *fill([[each] for each in _draw_guides(matrix, language)], _LARGEST_HEAD, PHRASES[language].left_out_choices),
    ]
    tail = [say(PHRASES[language].matrix_notice, isSubtle=True, size="Small"), *_draw_links(matrix, links, language)]
    room = measure_room(language, reading=reading) - weigh(head) - weigh(tail)
    rows = fill([*_draw_rows(matrix, language)], room, PHRASES[language].more_clauses)
    return Reply("", reading, reading, compose([*head, *rows, *tail], language, reading=reading))


def render_no_matrix(names: list[str], language: Language) -> Reply:
    """That no guide answers a regulation; ``names`` are those that are answered."""
    told = PHRASES[language].no_matrix.format(names=MARKS[language].between.join(names))
    plain = cut(told, _LONGEST_READING)
    return Reply(plain, plain, plain)


def _draw_guides(matrix: ResponsibilityMatrix, language: Language) -> Iterator[Element]:
    """Each guide, and how many clauses each party carries by it."""
    for guide in matrix.guides:
        carried = (answer.ownership for answer in matrix.answers if answer.guide == guide.id)
        counts = count_carriers(carried, language)
        edition = FORM_PHRASES[language].guide.format(
            edition=cut(guide.edition, 30),
            date=format_date(guide.date, language),
            provider=cut(guide.provider, _LONGEST_PROVIDER),
        )
        name = [run(cut(guide.title, 200), weight="Bolder"), run(f" {edition}", isSubtle=True)]
        yield container([paragraph(*name), paragraph(run(counts), spacing="Small")], separator=True)


def _draw_rows(matrix: ResponsibilityMatrix, language: Language) -> Iterator[list[Element]]:
    for regulation, clauses in groupby(matrix.clauses, key=lambda clause: clause.ref.partition(" ")[0]):
        heading = [container([paragraph(run(cut(regulation, LONGEST_REF), weight="Bolder"))], separator=True)]
        for clause in clauses:
            yield [*heading, _draw_row(clause, matrix, language)]
            heading = []


def _draw_row(clause: MatrixClause, matrix: ResponsibilityMatrix, language: Language) -> Element:
    number = run(cut(clause.ref.partition(" ")[2] or clause.ref, LONGEST_REF), weight="Bolder")
    title = run(f" {cut(clause.answers[0].title, _LONGEST_TITLE)}" if clause.answers else "")
    answers = {answer.guide: answer for answer in clause.answers}
    if len(matrix.guides) == 1 and clause.answers:
        only = clause.answers[0]
        who = run(f"{name_carrier(only.ownership, language)} · ")
        return paragraph(who, number, title, run(_count_duties(only, language), isSubtle=True), spacing="Small")
    told = [_tell_guide(guide, answers.get(guide.id), language) for guide in matrix.guides[:_MOST_GUIDES]]
    rest = f" … +{len(matrix.guides) - len(told)}" if len(matrix.guides) > len(told) else ""
    return paragraph(number, title, run(f" — {' · '.join(told)}{rest}"), spacing="Small")


def _tell_guide(guide: GuideHead, answer: GuideAnswer | None, language: Language) -> str:
    provider = cut(guide.provider, _LONGEST_PROVIDER) + MARKS[language].colon
    if answer is None:
        return provider + PHRASES[language].not_answered
    return provider + name_carrier(answer.ownership, language) + _count_duties(answer, language)


def _count_duties(answer: GuideAnswer, language: Language) -> str:
    held = {Owner.CSP: answer.csp, Owner.CSC: answer.csc, Owner.THIRD_PARTY: answer.third_party}
    told = [f"{LABELS[language].owner[owner]} {len(duties)}" for owner, duties in held.items() if duties]
    return bracket(MARKS[language].between.join(told), language) if told else ""


def _draw_links(matrix: ResponsibilityMatrix, links: Links | None, language: Language) -> list[Element]:
    if links is None:
        return []
    words, colon = TEAMS_PHRASES[language], MARKS[language].colon
    answered = dict.fromkeys((answer.guide, answer.ref.partition(" ")[0]) for answer in matrix.answers)
    several = len(matrix.guides) > 1
    providers = {guide.id: bracket(guide.provider, language) if several else "" for guide in matrix.guides}
    pages = [
        (f"{words.open_matrix}{colon}{name}{providers[guide]}", links.regulation(guide, name))
        for guide, name in answered
        if max(len(guide), len(name)) <= LONGEST_REF
    ]
    return rows_of_actions([open_url(title, url) for title, url in pages[:_MOST_LINKS]])
