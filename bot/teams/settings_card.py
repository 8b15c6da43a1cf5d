"""The form of a place's settings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.form_phrases import FORM_PHRASES
from bot.teams import verbs
from bot.teams.elements import actions, choices, compose, execute, say, tick
from bot.teams.phrases import TEAMS_PHRASES
from bot.teams.reply import Card
from bot.values import Pointer, pack
from retrieval.wording import Language

if TYPE_CHECKING:
    from bot.place_settings import PlaceSettings

# Regulations to choose from; a guide answers a few.
_MOST_REGULATIONS = 100


def render_settings(
    settings: PlaceSettings, regulations: Sequence[str], language: Language, *, here: str = "", saved: bool = False
) -> Card:
    """How Clausebot behaves in one place, to be changed: its inputs are those that `bot.teams.verbs` names.

    Args:
        settings: as they are.
        regulations: to choose the default one from.
        language: of labels.
        here: the id of the channel in which the form is shown; ``helpers`` that are this are `HERE`. Empty where there
            is none, and nobody can be set.
        saved: whether to say that they were kept just now.
    """
    words, forms = TEAMS_PHRASES[language], FORM_PHRASES[language]
    named = dict.fromkeys([*([settings.regulation] if settings.regulation else []), *regulations])
    known = [(forms.none, verbs.ANY), *((name, name) for name in named)][:_MOST_REGULATIONS]
    helpers = [(words.nobody_asked, verbs.ANY)]
    if here:
        helpers.append((words.here, verbs.HERE))
    elsewhere = bool(settings.helpers) and settings.helpers != here
    if elsewhere:
        helpers.append((words.elsewhere, verbs.UNCHANGED))
    chosen = verbs.UNCHANGED if elsewhere else verbs.HERE if settings.helpers else verbs.ANY
    value = pack(Pointer("", language=language))
    save = execute(forms.save, verbs.SAVE_SETTINGS, {"value": value}, with_inputs=True)
    body = [
        *([say(words.saved, color="Good", weight="Bolder")] if saved else []),
        say(words.settings, weight="Bolder", size="Medium", style="heading"),
        choices(verbs.INPUT_REGULATION, forms.regulation, known, settings.regulation or verbs.ANY),
        say(forms.regulation_hint, isSubtle=True, size="Small", spacing="Small"),
        tick(verbs.INPUT_FEEDBACK, forms.feedback, words.feedback_on, ticked=settings.feedback),
        tick(verbs.INPUT_QUIET, forms.quiet, words.quiet_on, ticked=settings.quiet),
        choices(verbs.INPUT_HELPERS, words.helpers, helpers, chosen),
        actions([save]),
    ]
    return compose(body, language, reading=words.saved if saved else words.settings)
