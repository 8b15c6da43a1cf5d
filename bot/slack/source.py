"""Everything that is known of a clause, as the blocks of a modal. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.parts import Titles, cite_beside, date_of, date_update, list_places, parties
from bot.phrases import PHRASES
from bot.slack.buttons import related_select
from bot.slack.elements import actions
from bot.slack.mrkdwn import DIVIDER, Block, context, cut, mrkdwn, section, weigh
from bot.slack.parts import badge, cite, name_clause, name_kind, name_party
from retrieval.answer import ClauseView, DutyView
from retrieval.wording import LABELS, MARKS, Language, join_names

MOST_BLOCKS = 100
"""Blocks that Slack takes in a view."""

# Slack takes 250,000 bytes in a view; what is beside the duties leaves them at least 40,000.
_LARGEST = 240_000
_LARGEST_LIST = 25_000
_LONGEST_SECTION = 2900
_LONGEST_TEXT = 1200
_LONGEST_PLACE = 600
_LONGEST_STATEMENT = 1500


class _Room(NamedTuple):
    """Blocks and bytes that are left of a view."""

    blocks: int
    size: int


def draw_source(view: ClauseView, links: Links | None, titles: Titles, language: Language) -> list[Block]:
    """The clause's duties by party, each with its place and its quote; then requirement, notes and related clauses.

    Nothing is left out but what Slack has no room for, which is counted.
    """
    head = [section(mrkdwn(f"{badge(view.ownership, language)}\n{name_clause(view)}"))]
    head.append(context(mrkdwn("\n".join(_stand(view, links, language)))))
    tail = list(_draw_rest(view, titles, language))
    room = _Room(MOST_BLOCKS - len(head) - len(tail) - 1, _LARGEST - weigh(head) - weigh(tail))
    return [*head, *_draw_duties(view, room, language), *tail]


def _stand(view: ClauseView, links: Links | None, language: Language) -> Iterator[str]:
    labels = LABELS[language]
    yield f"{labels.source}{MARKS[language].colon}{cite(view, links, 600)}"
    if view.together_with:
        yield f"{cut(view.ref, 60)} {labels.together} {cut(join_names(view.together_with, language), 300)}"
    quoted = sum(bool(duty.quote) for duty in view.duties)
    if quoted < len(view.duties):
        yield FORM_PHRASES[language].withheld if quoted else FORM_PHRASES[language].restated


def _draw_duties(view: ClauseView, room: _Room, language: Language) -> Iterator[Block]:
    """The parties' duties as far as there is room, and how many have none."""
    shown = 0
    for owner in parties(view):
        held = [duty for duty in view.duties if duty.owner is owner]
        name = name_party(owner, view, language)
        silent = "" if held else f"\n_{LABELS[language].silent[owner]}_"
        drawn = [[DIVIDER, section(mrkdwn(name + silent))], *(list(_draw_duty(duty, language)) for duty in held)]
        for number, blocks in enumerate(drawn):
            room = _Room(room.blocks - len(blocks), room.size - weigh(blocks))
            if min(room) < 0:
                left_out = FORM_PHRASES[language].left_out.format(count=len(view.duties) - shown)
                yield context(mrkdwn(left_out))
                return
            yield from blocks
            shown += number > 0


def _draw_duty(duty: DutyView, language: Language) -> Iterator[Block]:
    text = f"• {cut(duty.text, _LONGEST_TEXT)}{date_of(duty, language)}{name_kind(duty, language)}"
    place = MARKS[language].semicolon.join(list_places(duty.anchors, language))
    text += f"\n_{cut(place, _LONGEST_PLACE)}_" if place else ""
    quoted = _quote(duty.quote) if duty.quote and duty.quote.strip() else []
    if quoted and len(text) + len(quoted[0]) < _LONGEST_SECTION:
        text, quoted = f"{text}\n{quoted[0]}", quoted[1:]
    yield section(mrkdwn(text))
    yield from (section(mrkdwn(part)) for part in quoted)


def _quote(quote: str) -> list[str]:
    """The source's words, in parts that a section holds."""
    words, step = " ".join(quote.split()), _LONGEST_SECTION // 5  # escaping makes a character five
    if len(cut(words, _LONGEST_SECTION - 5)) == len(cut(words, 5 * len(words))):
        return [f">“{cut(words, _LONGEST_SECTION)}”"]
    parts = [cut(words[start : start + step], _LONGEST_SECTION) for start in range(0, len(words), step)]
    return [f">“{parts[0]}", *(f">{part}" for part in parts[1:-1]), f">{parts[-1]}”"]


def _draw_rest(view: ClauseView, titles: Titles, language: Language) -> Iterator[Block]:
    words, phrases = FORM_PHRASES[language], PHRASES[language]
    yield DIVIDER
    if view.requirement.strip():
        heading = f"*{phrases.asks}*\n" if view.kind == "clause" else ""
        yield section(mrkdwn(heading + cut(view.requirement, _LONGEST_STATEMENT)))
    colon = MARKS[language].colon
    notes = [
        f"• {phrases.note_kind[note.kind]}{colon}{_whole(note.text)}{_cite_briefly(note.citation, view.citation)}"
        for note in view.errata
    ]
    yield from _draw_list(f"⚠️ *{words.notes}*", notes, language)
    changes = [
        f"• {date_update(update, language).rstrip()} *{cut(update.title, 200)}* "
        f"{_whole(update.text)} [{cut(update.source, 300)}]"
        for update in view.updates
    ]
    yield from _draw_list(f"🕓 *{words.changes}*", changes, language)
    if view.currency.strip():
        yield context(mrkdwn(f"{words.currency}{colon}{cut(view.currency, _LONGEST_STATEMENT)}"))
    yield from _draw_list(f"*{words.resources}*", [f"• {_whole(name)}" for name in view.resources], language)
    related = related_select([view], [], titles, language)
    if related:
        yield actions([related])


def _cite_briefly(citation: str, beside: str) -> str:
    """A citation in brackets without what it shares with the clause's own."""
    own = cite_beside(citation, beside)
    return f" [{cut(own, 300)}]" if own else ""


def _whole(text: str) -> str:
    return cut(text, _LONGEST_STATEMENT)


def _draw_list(heading: str, lines: Sequence[str], language: Language) -> Iterator[Block]:
    """Lines under a heading in as few sections as hold them; what would take more than a tenth of a view is counted."""
    if not lines:
        return
    pages, shown = [heading], 0
    for line in lines:
        if sum(map(_measure, [*pages, line])) > _LARGEST_LIST:
            break
        if len(pages[-1]) + len(line) >= _LONGEST_SECTION:
            pages.append(line)
        else:
            pages[-1] += f"\n{line}"
        shown += 1
    yield from (section(mrkdwn(page)) for page in pages)
    if shown < len(lines):
        yield context(mrkdwn(FORM_PHRASES[language].left_out.format(count=len(lines) - shown)))


def _measure(text: str) -> int:
    return weigh([mrkdwn(text)])
