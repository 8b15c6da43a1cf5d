"""Everything that is known of a clause, as a card. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.parts import Titles, date_of, list_places, list_related, parties
from bot.phrases import PHRASES
from bot.teams import verbs
from bot.teams.buttons import back_button, draw_list, link_button
from bot.teams.clause import (
    LONGEST_REF,
    draw_badge,
    draw_citation,
    draw_name,
    draw_notes,
    draw_together,
    name_kind,
    name_party,
    quote,
)
from bot.teams.elements import (
    Element,
    compose,
    container,
    cut,
    fill,
    measure_room,
    paragraph,
    rows_of_actions,
    run,
    say,
    weigh,
)
from bot.teams.reply import Card
from bot.values import Asked
from corpus.models import Owner
from retrieval.answer import ClauseView, DutyView
from retrieval.wording import LABELS, MARKS, Language

_LONGEST_TEXT = 1200
_LONGEST_PLACE = 600
_LONGEST_QUOTE = 2000
_LONGEST_STATEMENT = 1500
_LARGEST_NOTES = 10_000
_LONGEST_RESOURCES = 600


def render_clause_card(
    view: ClauseView,
    *,
    language: Language,
    links: Links | None = None,
    titles: Titles | None = None,
    asked: Asked | None = None,
) -> Card:
    """Each duty of a clause with its place and its quote, by party; then requirement, notes and related clauses.

    Nothing is left out but what a card has no room for, which is counted.

    Args:
        view: the clause.
        language: of labels and fixed sentences.
        links: the source viewer's addresses, if it can be reached.
        titles: of related clauses: `bot.parts.list_titles`.
        asked: the answer in whose place the card is shown, to go back to; None where a person sends the card, and
            then nothing in it asks the bot for anything.
    """
    head = [draw_badge(view.ownership, language), draw_name(view), *_stand(view, language)]
    tail = [*_draw_rest(view, language), *_draw_buttons(view, links, titles or {}, asked, language)]
    reading = f"{cut(view.ref, LONGEST_REF)} {cut(view.title, 120)}"
    reading += MARKS[language].colon + LABELS[language].ownership[view.ownership]
    room = measure_room(language, reading=reading) - weigh(head) - weigh(tail)
    return compose([*head, *_draw_parties(view, room, language), *tail], language, reading=reading)


def _stand(view: ClauseView, language: Language) -> Iterator[Element]:
    words = FORM_PHRASES[language]
    yield draw_citation(view, language, 600)
    if view.together_with:
        yield draw_together(view, language)
    quoted = sum(bool(duty.quote) for duty in view.duties)
    if quoted < len(view.duties):
        yield say(words.withheld if quoted else words.restated, isSubtle=True, size="Small")


def _draw_parties(view: ClauseView, room: int, language: Language) -> Iterator[Element]:
    """Each party's duties in an equal part of so many bytes, or that it has none."""
    held = {owner: [duty for duty in view.duties if duty.owner is owner] for owner in parties(view)}
    heads = {owner: list(_head_party(view, owner, language, silent=not duties)) for owner, duties in held.items()}
    share = (room - weigh(list(heads.values()))) // (sum(map(bool, held.values())) or 1)
    for owner, duties in held.items():
        yield from heads[owner]
        yield from fill([list(_draw_duty(duty, language)) for duty in duties], share, FORM_PHRASES[language].left_out)


def _head_party(view: ClauseView, owner: Owner, language: Language, *, silent: bool) -> Iterator[Element]:
    yield container([name_party(owner, view, language)], separator=True)
    if silent:
        yield say(LABELS[language].silent[owner], isSubtle=True, spacing="Small")


def _draw_duty(duty: DutyView, language: Language) -> Iterator[Element]:
    text = f"• {cut(duty.text, _LONGEST_TEXT)}{date_of(duty, language)}"
    yield paragraph(run(text), *name_kind(duty, language), spacing="Small")
    if place := cut(MARKS[language].semicolon.join(list_places(duty.anchors, language)), _LONGEST_PLACE):
        yield paragraph(run(place, isSubtle=True, size="Small"), spacing="None")
    yield from quote(duty, _LONGEST_QUOTE)


def _draw_rest(view: ClauseView, language: Language) -> Iterator[Element]:
    words, phrases = FORM_PHRASES[language], PHRASES[language]
    if asks := cut(view.requirement, _LONGEST_STATEMENT):
        heading = [run(phrases.asks + MARKS[language].colon, weight="Bolder")] if view.kind == "clause" else []
        yield paragraph(*heading, run(asks), separator=True)
    yield from fill(draw_notes([view], language), _LARGEST_NOTES, words.left_out)
    if resources := cut(" · ".join(view.resources), _LONGEST_RESOURCES):
        yield paragraph(run(words.resources + MARKS[language].colon, weight="Bolder"), run(resources))


def _draw_buttons(
    view: ClauseView, links: Links | None, titles: Titles, asked: Asked | None, language: Language
) -> Iterator[Element]:
    if asked:
        related = list_related([view], [], titles, language)
        yield from draw_list(verbs.RELATED, PHRASES[language].related, related, asked)
    buttons = [
        *([back_button(asked)] if asked else []),
        *([link_button(view, links, language)] if links else []),
    ]
    yield from rows_of_actions(buttons)
