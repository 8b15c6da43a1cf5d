"""How to ask, in Teams, and what there is to ask about. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.parts import date_update, name_carrier
from bot.phrases import PHRASES
from bot.slack.usage import suggested_prompts
from bot.teams import verbs
from bot.teams.clause import LONGEST_REF
from bot.teams.elements import (
    Element,
    actions,
    compose,
    container,
    cut,
    fill,
    measure_room,
    open_url,
    paragraph,
    run,
    say,
    submit,
    weigh,
)
from bot.teams.phrases import TEAMS_PHRASES, USAGE
from bot.teams.reply import Reply
from bot.values import Pointer, pack
from retrieval.wording import Language, format_date, join_sentences

if TYPE_CHECKING:
    from retrieval.answer import UpdateView
    from retrieval.catalogue import Catalogue, GuideView, Suggestion

_LONGEST_TITLE = 100
_LARGEST_CHANGES = 6000


def render_welcome(language: Language) -> Reply:
    """What Clausebot is for, with questions to ask at a click; for who installs it."""
    words = TEAMS_PHRASES[language]
    body = [
        say(words.welcome, weight="Bolder", size="Medium", style="heading"),
        say(words.introduction),
        say(words.try_it),
    ]
    for prompt in suggested_prompts(language):
        value = pack(Pointer(prompt["message"], language=language))
        body.append(actions([submit(prompt["message"], verbs.LOOK_UP, {"value": value})], spacing="Small"))
    body.append(say(words.ways, isSubtle=True))
    reading = join_sentences((words.welcome, words.introduction), language)
    return Reply("", reading, words.welcome, compose(body, language, reading=reading))


def render_usage() -> Reply:
    """How to ask, with examples, in both languages."""
    return Reply(USAGE, cut(USAGE, 1000), cut(USAGE, 200))


def render_list(catalogue: Catalogue, language: Language, *, links: Links | None = None) -> Reply:
    """Every clause of every guide with who carries it, as far as a card holds them, and the rules' changes since."""
    words = TEAMS_PHRASES[language]
    head = [
        say(words.list_title, weight="Bolder", size="Medium", style="heading"),
        say(words.list_hint, isSubtle=True, spacing="Small"),
    ]
    changes = [*_draw_changes(catalogue, language)]
    room = measure_room(language, reading=words.list_title) - weigh(head) - weigh(changes)
    groups = [group for guide in catalogue.guides for group in _draw_guide(guide, links, language)]
    body = [*head, *fill(groups, room, PHRASES[language].left_out_choices), *changes]
    return Reply("", words.list_title, words.list_title, compose(body, language, reading=words.list_title))


def _draw_guide(guide: GuideView, links: Links | None, language: Language) -> Iterator[list[Element]]:
    """A guide's clauses, one after the other, under its name, which comes with the first."""
    words = FORM_PHRASES[language]
    edition = words.guide.format(
        edition=cut(guide.edition, 30), date=format_date(guide.date, language), provider=cut(guide.provider, 60)
    )
    title = paragraph(run(cut(guide.title, 200), weight="Bolder"), run(f" {edition}", isSubtle=True))
    head = [container([title], separator=True)]
    if links:
        head.append(actions([open_url(TEAMS_PHRASES[language].open, links.guide(guide.id))]))
    for regulation, clauses in groupby(guide.clauses, key=lambda clause: clause.regulation or ""):
        head.append(paragraph(run(cut(regulation, LONGEST_REF) or "…", weight="Bolder")))
        for clause in clauses:
            yield [*head, _tell_clause(clause, language)]
            head = []
    if guide.background:
        head.append(say(words.background.format(count=len(guide.background)), isSubtle=True))
    if head:
        yield head


def _tell_clause(clause: Suggestion, language: Language) -> Element:
    """A clause and who carries it, in a line."""
    number = cut(clause.ref.removeprefix(f"{clause.regulation} "), LONGEST_REF)
    who = f"{name_carrier(clause.ownership, language)} · "
    title = run(f" {cut(clause.title, _LONGEST_TITLE)}")
    return paragraph(run(who), run(number, weight="Bolder"), title, spacing="Small")


def _draw_changes(catalogue: Catalogue, language: Language) -> Iterator[Element]:
    """The rules' changes since the guides, the latest first."""
    latest = sorted(catalogue.updates, key=lambda update: update.date, reverse=True)
    lines = [[_tell_change(update, language)] for update in latest]
    if lines:
        yield container([say(f"🕓 {FORM_PHRASES[language].changes}", weight="Bolder")], separator=True)
        yield from fill(lines, _LARGEST_CHANGES, FORM_PHRASES[language].left_out)


def _tell_change(update: UpdateView, language: Language) -> Element:
    return paragraph(run(f"• {date_update(update, language)}" + cut(update.title, 200)), spacing="Small")
