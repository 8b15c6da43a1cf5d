"""One clause in an answer's card: its name, the split, where it stands, and its notes, folded. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.form_phrases import FORM_PHRASES
from bot.parts import BADGES, cite_beside, date_update, find_place, parties, relevant_duties
from bot.phrases import PHRASES
from bot.teams.elements import Element, columns, container, cut, fill, paragraph, run, say
from corpus.models import Kind, Owner, Ownership
from retrieval.answer import ClauseView, DutyView, Note, UpdateView
from retrieval.wording import LABELS, MARKS, Language, bracket, join_names

LONGEST_REF = 60
_LONGEST_TITLE = 120
_LONGEST_DUTY = 600
_LONGEST_QUOTE = 240
_LONGEST_REQUIREMENT = 300
_LONGEST_NOTE = 1200

# Colours of Teams' own, told apart in its dark and its high contrast theme too; the words beside them say the same.
_COLOURS = {
    Ownership.CSP_OWNED: "accent",
    Ownership.CSC_OWNED: "good",
    Ownership.SHARED: "warning",
    Ownership.THIRD_PARTY: "emphasis",
    Ownership.NONE: "emphasis",
}


def badge(ownership: Ownership, language: Language) -> str:
    """Who carries a set of duties."""
    return f"{BADGES[ownership]} {LABELS[language].ownership[ownership]}"


def draw_badge(ownership: Ownership, language: Language, before: str = "") -> Element:
    """The card's head: who carries what was asked about, in words on a colour."""
    words = say(before + badge(ownership, language), weight="Bolder", size="Medium", style="heading")
    return container([words], style=_COLOURS[ownership], bleed=True)


def draw_name(view: ClauseView) -> Element:
    """A clause's reference and title."""
    return paragraph(run(cut(view.ref, LONGEST_REF) + " ", weight="Bolder"), run(cut(view.title, _LONGEST_TITLE)))


def name_party(owner: Owner, view: ClauseView, language: Language) -> Element:
    """A party as a heading; the provider with its name."""
    named = owner is Owner.CSP and view.provider.strip()
    name = bracket(cut(view.provider, 60), language) if named else ""
    return paragraph(run(LABELS[language].owner[owner] + name, weight="Bolder"))


def name_kind(duty: DutyView, language: Language) -> list[Element]:
    """What a duty is where it is no obligation, behind its text."""
    kind = LABELS[language].kind[duty.kind]
    return [] if duty.kind is Kind.OBLIGATION else [run(bracket(kind, language), italic=True)]


def quote(duty: DutyView, limit: int) -> list[Element]:
    """The source's words, if there are any."""
    words = cut(duty.quote or "", limit)
    return [paragraph(run(f"“{words}”", italic=True), spacing="Small")] if words else []


def draw_split(view: ClauseView, room: int, language: Language) -> Iterator[Element]:
    """The parties' duties in so many bytes: provider and customer side by side, a third party below."""
    owners = parties(view)
    drawn = {owner: _draw_party(view, owner, room // len(owners), language) for owner in owners}
    answers = {duty.owner for duty in relevant_duties(view)}
    # Where one side alone has something to tell, it gets the room for that.
    yield columns([(2 if owner in answers else 1, drawn[owner]) for owner in (Owner.CSP, Owner.CSC)])
    if Owner.THIRD_PARTY in drawn:
        yield container(drawn[Owner.THIRD_PARTY])


def _draw_party(view: ClauseView, owner: Owner, room: int, language: Language) -> list[Element]:
    """A party's duties that answer, and how many others it has under the clause."""
    labels, phrases = LABELS[language], PHRASES[language]
    name = name_party(owner, view, language)
    held = [duty for duty in view.duties if duty.owner is owner]
    if not held:
        return [name, say(labels.silent[owner], isSubtle=True, spacing="Small")]
    answering = [duty for duty in relevant_duties(view) if duty.owner is owner]
    others = len(held) - len(answering)
    told = fill([list(_tell(duty, view, language)) for duty in answering], room - 1200, phrases.more)
    rest = [say(phrases.others.format(count=others), isSubtle=True, spacing="Small")] if others else []
    return [name, *told, *rest]


def _tell(duty: DutyView, view: ClauseView, language: Language) -> Iterator[Element]:
    place = cut(find_place(duty, view, language), 80)
    yield paragraph(
        run(f"• {cut(duty.text, _LONGEST_DUTY)}"),
        *name_kind(duty, language),
        *([run(f" [{place}]", isSubtle=True)] if place else []),
        spacing="Small",
    )
    yield from quote(duty, _LONGEST_QUOTE)


def draw_small_print(view: ClauseView, language: Language) -> Iterator[Element]:
    """What the clause asks, where it stands, and what is answered with the same words."""
    if asks := cut(view.requirement, _LONGEST_REQUIREMENT):
        label = PHRASES[language].asks + MARKS[language].colon if view.kind == "clause" else ""
        yield paragraph(run(label + asks, isSubtle=True), separator=True)
    yield draw_citation(view, language, 300)
    if view.together_with:
        yield draw_together(view, language)


def draw_citation(view: ClauseView, language: Language, limit: int) -> Element:
    """Where the clause stands in the guide."""
    told = f"{LABELS[language].source}{MARKS[language].colon}{cut(view.citation, limit)}"
    return paragraph(run(told, isSubtle=True), spacing="Small")


def draw_together(view: ClauseView, language: Language) -> Element:
    """Which clauses the guide answers with the same words."""
    names = cut(join_names(view.together_with, language), 150)
    told = f"{cut(view.ref, LONGEST_REF)} {LABELS[language].together} {names}"
    return paragraph(run(told, isSubtle=True), spacing="Small")


def draw_notes(views: Sequence[ClauseView], language: Language) -> list[list[Element]]:
    """What is doubtful, what changed since, how current it all is: each once, under headings."""
    words = FORM_PHRASES[language]
    errata = {(note.text, note.citation): (view, note) for view in views for note in view.errata}
    updates = {(update.date, update.title): update for view in views for update in view.updates}
    currency = dict.fromkeys(told for view in views if (told := cut(view.currency, _LONGEST_NOTE)))
    notes = [_tell_note(note, view, language, named=len(views) > 1) for view, note in errata.values()]
    changes = [_tell_update(update, language) for update in updates.values()]
    return [
        *_head_list(f"⚠️ {words.notes}", notes),
        *_head_list(f"🕓 {words.changes}", changes),
        *([paragraph(run(f"{words.currency}{MARKS[language].colon}{told}", isSubtle=True))] for told in currency),
    ]


def _head_list(heading: str, lines: Sequence[Element]) -> list[list[Element]]:
    return [[*([say(heading, weight="Bolder")] if not number else []), line] for number, line in enumerate(lines)]


def _tell_note(note: Note, view: ClauseView, language: Language, *, named: bool) -> Element:
    marks = MARKS[language]
    before = cut(view.ref, LONGEST_REF) + marks.comma if named else ""
    cited = cut(cite_beside(note.citation, view.citation), 300)
    return paragraph(
        run(f"• {before}{PHRASES[language].note_kind[note.kind]}{marks.colon}{cut(note.text, _LONGEST_NOTE)}"),
        *([run(f" [{cited}]", isSubtle=True)] if cited else []),
        spacing="Small",
    )


def _tell_update(update: UpdateView, language: Language) -> Element:
    return paragraph(
        run(f"• {date_update(update, language)}"),
        run(f"{cut(update.title, 200)} ", weight="Bolder"),
        run(cut(update.text, _LONGEST_NOTE)),
        run(f" [{cut(update.source, 300)}]", isSubtle=True),
        spacing="Small",
    )
