"""The modals as views for ``views.open``, ``views.push`` and a submission's answer. Pure.

What comes back from them is read by `bot.slack.forms`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.form_phrases import FORM_PHRASES, FormPhrases
from bot.links import Links
from bot.slack import ids
from bot.slack.elements import (
    MOST_CHOICES,
    Option,
    actions,
    channel_select,
    checkbox,
    clause_option,
    external_select,
    field,
    file_input,
    label,
    option,
    radio_buttons,
    select,
    text_input,
)
from bot.slack.forms import ANY, LONGEST_COMMENT, TICKED, write_metadata
from bot.slack.mrkdwn import Block, context, mrkdwn, plain, section
from bot.slack.source import draw_source
from bot.values import Pointer
from corpus.models import Owner
from retrieval.answer import ClauseView
from retrieval.wording import LABELS, Language

if TYPE_CHECKING:
    from bot.parts import Titles
    from bot.place_settings import PlaceSettings
    from retrieval.catalogue import Catalogue, Suggestion

View = dict[str, Any]

_LONGEST_TITLE = 24


def source_modal(
    view: ClauseView, *, links: Links | None = None, language: Language, titles: Titles | None = None
) -> View:
    """Everything that is known of a clause: each duty with its place and quote, requirement, notes, related.

    Args:
        view: the clause.
        links: the source viewer's addresses, if it can be reached.
        language: of labels and fixed sentences.
        titles: of related clauses: `bot.parts.list_titles`.
    """
    blocks = draw_source(view, links, titles or {}, language)
    return _modal(ids.SOURCE_MODAL, view.ref, blocks, FORM_PHRASES[language].close)


def lookup_result_view(
    view: ClauseView, *, links: Links | None = None, language: Language, titles: Titles | None = None
) -> View:
    """What was looked up, to be pushed onto the search (``response_action`` ``push``)."""
    blocks = draw_source(view, links, titles or {}, language)
    return _modal(ids.LOOKUP_RESULT, view.ref, blocks, FORM_PHRASES[language].back)


def lookup_modal(catalogue: Catalogue, language: Language) -> View:
    """The search for a clause: a type-ahead (`suggestion_options`), and filters by regulation and party."""
    words, labels = FORM_PHRASES[language], LABELS[language]
    names = dict.fromkeys(name for guide in catalogue.guides for name in guide.regulations)
    regulations = [option(words.any_regulation, ANY), *(option(name, name) for name in names)]
    parties = [option(words.any_party, ANY), *(option(labels.owner[owner], owner.value) for owner in Owner)]
    blocks = [
        field(
            words.lookup_clause,
            external_select(ids.LOOKUP_CLAUSE, words.lookup_placeholder),
            hint=words.lookup_hint,
        ),
        context(plain(words.lookup_filters)),
        {
            "block_id": ids.LOOKUP_FILTERS,
            **actions(
                [
                    select(
                        ids.LOOKUP_REGULATION, words.any_regulation, regulations[:MOST_CHOICES], initial=regulations[0]
                    ),
                    select(ids.LOOKUP_OWNER, words.any_party, parties, initial=parties[0]),
                ]
            ),
        },
    ]
    return _form(ids.LOOKUP_MODAL, words.lookup_title, blocks, words.show, words, write_metadata(language))


def feedback_modal(answer_id: str, language: Language, *, channel: str = "", thread: str = "") -> View:
    """What was wrong with an answer: a reason, and a comment if one likes.

    Args:
        answer_id: the answer's.
        language: of labels.
        channel: where the answer stands, from Slack; its giver is thanked there, or directly if it is empty.
        thread: the timestamp of the thread that it stands in, if any.
    """
    words = FORM_PHRASES[language]
    reasons = [option(text, code) for code, text in words.reasons.items()]
    blocks = [
        field(words.feedback_reason, radio_buttons(ids.FEEDBACK_REASON, reasons)),
        field(
            words.feedback_text,
            text_input(ids.FEEDBACK_TEXT, LONGEST_COMMENT),
            optional=True,
            hint=words.feedback_hint,
        ),
    ]
    metadata = write_metadata(language, answer_id=answer_id, channel=channel, thread=thread)
    return _form(ids.FEEDBACK_MODAL, words.feedback_title, blocks, words.send, words, metadata)


def settings_modal(
    settings: PlaceSettings, regulations: Sequence[str], channel_id: str, language: Language, *, group_name: str = ""
) -> View:
    """How Clausebot behaves in one channel.

    Args:
        settings: as they are.
        regulations: ids to choose the default one from.
        channel_id: the channel's, from Slack.
        language: of labels.
        group_name: names the user group that is set, if one is.
    """
    words = FORM_PHRASES[language]
    named = dict.fromkeys([*regulations, *([settings.regulation] if settings.regulation else [])])
    known = [option(words.none, ANY), *(option(name, name) for name in named)][:MOST_CHOICES]
    chosen = next((each for each in known if each["value"] == settings.regulation), known[0])
    replies = [option(words.in_thread, "thread"), option(words.to_asker, "ephemeral")]
    helpers, called = settings.helpers, settings.helpers_channel
    group = option(group_name.strip() or helpers, helpers) if helpers and helpers.startswith("S") else None
    blocks = [
        section(mrkdwn(words.settings_of.format(place=f"<#{channel_id}>"))),
        field(
            words.regulation,
            select(ids.SETTINGS_REGULATION, words.choose, known, initial=chosen),
            hint=words.regulation_hint,
        ),
        field(
            words.replies,
            radio_buttons(ids.SETTINGS_REPLIES, replies, initial=replies[settings.replies == "ephemeral"]),
        ),
        _box(ids.SETTINGS_FEEDBACK, words.feedback, words.feedback_on, ticked=settings.feedback),
        _box(ids.SETTINGS_QUIET, words.quiet, words.quiet_on, ticked=settings.quiet),
        field(
            words.helpers,
            channel_select(ids.SETTINGS_HELPERS, words.choose, called if group else helpers),
            optional=True,
            hint=words.helpers_hint,
        ),
        field(
            words.group,
            external_select(ids.SETTINGS_GROUP, words.choose, initial=group),
            optional=True,
            hint=words.group_hint,
        ),
    ]
    metadata = write_metadata(language, channel=channel_id)
    return _form(ids.SETTINGS_MODAL, words.settings_title, blocks, words.save, words, metadata)


def review_modal(endings: Sequence[str], language: Language) -> View:
    """A questionnaire to give, of one of these kinds of files."""
    words = FORM_PHRASES[language]
    blocks = [field(words.review_file, file_input(ids.REVIEW_FILE, endings), hint=words.review_hint)]
    return _form(ids.REVIEW_MODAL, words.review_title, blocks, words.send, words, write_metadata(language))


def gone_view(language: Language) -> View:
    """That a clause is no longer to be found: the guides have changed since."""
    words = FORM_PHRASES[language]
    return _modal(ids.SOURCE_MODAL, words.gone_title, [section(plain(words.gone))], words.close)


def suggestion_options(suggestions: Sequence[Suggestion], language: Language) -> list[Option]:
    """Clauses as options of LOOKUP_CLAUSE, at most 100; each value is a `Pointer`."""
    offered = (
        clause_option(f"{each.ref} {each.title}", Pointer(each.item or each.ref, each.guide, language))
        for each in suggestions[:MOST_CHOICES]
    )
    return [each for each in offered if each]


def group_options(groups: Sequence[tuple[str, str]], typed: str) -> list[Option]:
    """The user groups (id, name) whose name holds what was typed, as options of SETTINGS_GROUP, at most 100."""
    wanted = typed.strip().casefold()
    return [option(name, key) for key, name in groups if name.strip() and wanted in name.casefold()][:MOST_CHOICES]


def _box(name: str, words: str, only: str, *, ticked: bool) -> Block:
    return field(words, checkbox(name, option(only, TICKED), ticked=ticked), optional=True)


def _modal(callback_id: str, title: str, blocks: list[Block], close: str) -> View:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": label(title, _LONGEST_TITLE),
        "close": label(close, _LONGEST_TITLE),
        "blocks": blocks,
    }


def _form(callback_id: str, title: str, blocks: list[Block], submit: str, words: FormPhrases, metadata: str) -> View:
    view = _modal(callback_id, title, blocks, words.close)
    return view | {"submit": label(submit, _LONGEST_TITLE), "private_metadata": metadata}
