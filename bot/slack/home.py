"""App Home: what is covered, what one looked up, settings and help, as a view for ``views.publish``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.form_phrases import FORM_PHRASES
from bot.links import Links
from bot.parts import BADGES, date_update
from bot.phrases import PHRASES
from bot.slack import ids
from bot.slack.elements import actions, button, channel_select
from bot.slack.mrkdwn import DIVIDER, Block, context, cut, escape, fill, header, link, mrkdwn, plain, section, weigh
from bot.slack.parts import LONGEST_REF
from bot.values import Pointer, pack
from retrieval.wording import Language, format_date

if TYPE_CHECKING:
    from retrieval.answer import UpdateView
    from retrieval.catalogue import Catalogue, GuideView, Suggestion

# Slack takes 100 blocks and 250,000 bytes in a view; all but the guides' take at most 15, and 60,000.
_MOST_GUIDE_BLOCKS = 80
_LARGEST_GUIDES = 180_000
_LONGEST_SECTION = 2900
_LONGEST_TITLE = 100
_MOST_RECENTS = 5
_LONGEST_SUPPORT = 1000

_ADDRESS = re.compile(r"https://[^\s<>|]{1,500}")
_MAIL = re.compile(r"[^\s<>|@:]{1,100}@[^\s<>|@:]{1,100}")


def render_home(
    catalogue: Catalogue,
    recents: Sequence[str],
    *,
    language: Language,
    is_admin: bool,
    public_url: str = "",
    support: str = "",
) -> dict[str, Any]:
    """The Home of one person.

    Args:
        catalogue: what is covered.
        recents: references that the person looked up, newest first.
        language: of labels and fixed sentences.
        is_admin: whether the person may change a channel's settings.
        public_url: where the source viewer is, if it can be reached.
        support: who runs the service and how to reach them, in a sentence, or an address alone.
    """
    words = FORM_PHRASES[language]
    blocks = [
        header(words.home_title),
        section(mrkdwn(words.home_intro)),
        actions([button(words.look_up, ids.LOOK_UP, "home", style="primary")]),
        *_draw_recents(recents, language),
        *_draw_guides(catalogue.guides, Links(public_url) if public_url else None, language),
        *_draw_changes(catalogue.updates, language),
    ]
    if is_admin:
        picker = channel_select(ids.SETTINGS_CHANNEL, words.settings_pick)
        blocks += [DIVIDER, section(mrkdwn(f"*{words.settings}*\n{words.settings_home}"), picker)]
    if support.strip():
        blocks += [DIVIDER, section(mrkdwn(f"*{words.support}*")), section(_tell_support(support.strip()))]
    return {"type": "home", "blocks": blocks}


def _draw_recents(recents: Sequence[str], language: Language) -> Iterator[Block]:
    """What was looked up, each to be opened again, and a button that forgets it."""
    named = [ref for ref in recents if ref.strip()][:_MOST_RECENTS]
    if not named:
        return
    words = FORM_PHRASES[language]
    opened = [
        button(ref, f"recent:{number}", pack(Pointer(ref[:100], language=language))) for number, ref in enumerate(named)
    ]
    yield section(mrkdwn(f"*{words.recents}*"))
    yield actions([*opened, button(words.clear, ids.CLEAR_RECENT, "home", style="danger")])


def _draw_guides(guides: Sequence[GuideView], links: Links | None, language: Language) -> Iterator[Block]:
    """Each guide with its clauses; what the view has no room for is counted."""
    shown = size = left_out = 0
    for block, count in (each for guide in guides for each in _draw_guide(guide, links, language)):
        size += weigh([block])
        if shown < _MOST_GUIDE_BLOCKS and size <= _LARGEST_GUIDES:
            yield block
            shown += 1
        else:
            left_out += count
    if left_out:
        yield context(plain(FORM_PHRASES[language].more_clauses.format(count=left_out)))


def _draw_guide(guide: GuideView, links: Links | None, language: Language) -> Iterator[tuple[Block, int]]:
    """A guide's blocks, with how many clauses each lists."""
    words = FORM_PHRASES[language]
    title = cut(guide.title, 200)
    edition = words.guide.format(
        edition=cut(guide.edition, 30), date=format_date(guide.date, language), provider=cut(guide.provider, 60)
    )
    yield DIVIDER, 0
    yield section(mrkdwn(f"*{link(links.guide(guide.id), title) if links else title}*\n{edition}")), 0
    for regulation, clauses in groupby(guide.clauses, key=lambda clause: clause.regulation or ""):
        lines = [_tell_clause(clause, language) for clause in clauses]
        pages: list[list[str]] = [[]]
        for line in lines:
            if len("\n".join([*pages[-1], line])) > _LONGEST_SECTION - LONGEST_REF:
                pages.append([])
            pages[-1].append(line)
        for page in pages:
            yield section(mrkdwn("\n".join([f"*{cut(regulation, LONGEST_REF)}*", *page]))), len(page)
    if guide.background:
        yield context(plain(words.background.format(count=len(guide.background)))), 0


def _tell_clause(clause: Suggestion, language: Language) -> str:
    """A clause and who carries it, in a line."""
    number = clause.ref.removeprefix(f"{clause.regulation} ")
    carried = PHRASES[language].carrier[clause.ownership]
    return f"{BADGES[clause.ownership]} *{cut(number, LONGEST_REF)}* {cut(clause.title, _LONGEST_TITLE)} — {carried}"


def _draw_changes(updates: Sequence[UpdateView], language: Language) -> Iterator[Block]:
    """The rules' changes since the guides, the latest first."""
    words = FORM_PHRASES[language]
    lines = [
        f"• {date_update(update, language)}{cut(update.title, 200)}"
        for update in sorted(updates, key=lambda update: update.date, reverse=True)
    ]
    if lines:
        yield DIVIDER
        yield section(mrkdwn(f"🕓 *{words.changes}*\n{fill(lines, _LONGEST_SECTION - 60, words.left_out)}"))


def _tell_support(support: str) -> dict[str, Any]:
    """Whom to turn to: an address can be pressed, anything else stands as it was written."""
    if _ADDRESS.fullmatch(support):
        return mrkdwn(link(escape(support), escape(support)))
    if _MAIL.fullmatch(support):
        return mrkdwn(link(f"mailto:{escape(support)}", escape(support)))
    return plain(cut(support, _LONGEST_SUPPORT))
