"""An answer as a card in a terminal: who carries it, each party's duties side by side, where it is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from corpus.models import Owner, Ownership
from retrieval.answer import Answer, ClauseView, DutyView, Outcome
from retrieval.explain import Explanation
from retrieval.message import place_duty
from retrieval.wording import LABELS, MARKS, Labels, Language, bracket, format_date

_COLOURS = {
    Ownership.CSP_OWNED: "black on cyan",
    Ownership.CSC_OWNED: "black on yellow",
    Ownership.SHARED: "black on magenta",
    Ownership.THIRD_PARTY: "black on green",
    Ownership.NONE: "black on white",
}
NARROW = 76
"""Columns below which the parties stand one under the other."""


def print_card(answer: Answer) -> None:
    """Print an answer on standard output, as wide as the terminal."""
    console = Console(highlight=False)
    console.print(render_card(answer, console.width))


def print_explanation(explanation: Explanation) -> None:
    """Print how a question was answered on standard output, as tables."""
    console = Console(highlight=False)
    answer = explanation.answer
    confidence = answer.confidence
    lead = answer.message.split("\n", 1)[0]
    console.print(Text(f"{answer.outcome.value}, {answer.ownership.value}: {lead}", style="bold"))
    console.print(Text(f"read as: {explanation.text}"))
    console.print(Text(f"confidence {confidence.value:.2f} ({confidence.band}; {explanation.bands})"))
    for title, lines in (
        ("references", explanation.references),
        ("typing errors", explanation.corrections),
        ("matched", confidence.matched),
        ("unknown", confidence.unknown),
    ):
        if lines:
            console.print(Text(f"{title}: {'; '.join(lines)}"))
    console.print(_table("What the question names", ("term", "kind", "index terms", "idf", "known"), explanation.terms))
    columns = ("passage", "score", "BM25", "duty share", "evidence", "lacks")
    console.print(_table("Passages that share a term", columns, explanation.passages))


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> RenderableType:
    if not rows:
        return Text(f"{title}: none")
    table = Table(title=title, title_justify="left", box=box.SIMPLE)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text("yes" if value is True else "no" if value is False else str(value)) for value in row))
    return table


def render_card(answer: Answer, width: int) -> RenderableType:
    """The card of an answer for a terminal of `width` columns."""
    if answer.outcome is not Outcome.ANSWERED:
        return Panel(Text(answer.message), border_style="yellow", width=min(width, 100))
    labels, marks = LABELS[answer.language], MARKS[answer.language]
    lead = answer.message.split("\n", 1)[0]
    parts: list[RenderableType] = [_badge(answer.ownership, labels, lead)]
    parts += [_clause_card(clause, answer.language, width) for clause in answer.clauses[: answer.asked]]
    related = [f"{clause.ref} {clause.title}" for clause in answer.clauses[answer.asked :]]
    if related:
        parts.append(Text(f"{labels.see_also}{marks.colon}{marks.semicolon.join(related)}", style="dim"))
    return Group(*parts)


def _badge(ownership: Ownership, labels: Labels, lead: str) -> Text:
    return Text.assemble((f" {labels.ownership[ownership]} ", _COLOURS[ownership]), "  ", (lead, "bold"))


def _clause_card(clause: ClauseView, language: Language, width: int) -> RenderableType:
    labels, marks = LABELS[language], MARKS[language]
    body: list[RenderableType] = [Text(clause.requirement, style="italic"), Text()]
    first_relevant = next((duty.owner for duty in clause.duties if duty.relevant), Owner.CSP)
    sides = (Owner.CSC, Owner.CSP) if first_relevant is Owner.CSC else (Owner.CSP, Owner.CSC)
    columns = [_party(clause, owner, language) for owner in sides]
    if width < NARROW:
        for owner, column in zip(sides, columns, strict=True):
            body += [Text(_heading(clause, owner, language), style="bold"), column, Text()]
    else:
        table = Table(box=box.SIMPLE_HEAD, expand=True, padding=(0, 1))
        for owner in sides:
            table.add_column(_heading(clause, owner, language), ratio=1)
        table.add_row(*columns)
        body.append(table)
    third = [duty for duty in clause.duties if duty.owner is Owner.THIRD_PARTY]
    if third:
        body += [Text(labels.owner[Owner.THIRD_PARTY], style="bold"), Group(*_duties(third, language)), Text()]
    if any(duty.relevant for duty in clause.duties) and not all(duty.relevant for duty in clause.duties):
        body.append(Text(f"● {labels.answers}   ○ {labels.other_duties}", style="dim"))
    body.append(Text(f"{labels.source}{marks.colon}{clause.citation}", style="cyan"))
    body += [Text(note, style="yellow") for note in _notes(clause, language)]
    if clause.see_also:
        body.append(Text(f"{labels.see_also}{marks.colon}{marks.between.join(clause.see_also)}", style="dim"))
    title = Text(f"{clause.ref} {clause.title}", style="bold")
    subtitle = Text(f"{labels.whole_clause}{marks.colon}{labels.ownership[clause.ownership]}")
    return Panel(Group(*body), title=title, title_align="left", subtitle=subtitle, subtitle_align="right")


def _heading(clause: ClauseView, owner: Owner, language: Language) -> str:
    name = LABELS[language].owner[owner]
    return name + bracket(clause.provider, language) if owner is Owner.CSP else name


def _party(clause: ClauseView, owner: Owner, language: Language) -> RenderableType:
    held = [duty for duty in clause.duties if duty.owner is owner]
    return Group(*_duties(held, language)) if held else Text(LABELS[language].silent[owner], style="dim")


def _duties(duties: Sequence[DutyView], language: Language) -> Iterator[Text]:
    labels = LABELS[language]
    quoted = None
    for duty in duties:
        dated = bracket(f"{labels.as_of} {format_date(duty.as_of, language)}", language) if duty.as_of else ""
        mark = "●" if duty.relevant else "○"
        style = "" if duty.relevant else "dim"
        yield Text.assemble(
            (f"{mark} [{labels.kind[duty.kind]}] {duty.text}{dated}", style),
            (f" {place_duty(duty, language)}", "cyan dim"),
        )
        # Two duties of one sentence stand side by side: its words are shown once.
        if duty.quote and duty.quote != quoted:
            yield Text(f"  “{duty.quote}”", style="italic dim")
        quoted = duty.quote


def _notes(clause: ClauseView, language: Language) -> Iterator[str]:
    labels, marks = LABELS[language], MARKS[language]
    for note in clause.errata:
        yield f"{labels.note}{marks.colon}{note.text}"
    yield clause.currency
    for update in clause.updates:
        when = f"{format_date(update.date, language)}{marks.comma}{labels.update_status[update.status]}"
        yield f"{labels.update}{bracket(when, language)}{marks.colon}{update.title}. {update.text} [{update.source}]"
