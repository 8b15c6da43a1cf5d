"""What a card's actions ask for. Pure: what draws writes these words, what listens reads them.

The data of every action is ``{"verb": VERB, "value": TEXT}``. The text is what `bot.values.pack` makes of what
the verb names below. In the place of ``value`` an ``Input.ChoiceSet`` may stand whose id is the verb itself and whose
choices' values are such texts, so that several inputs of a card do not meet.

``Action.Execute`` draws another card in the place of the one where it was pressed, for whoever pressed it; an
``Action.Submit`` is stored like a question, and answered below.
"""

from __future__ import annotations

SOURCE = "source"
"""Execute, a Pointer: everything that is known of the clause, in the place of the answer."""

RELATED = "related"
"""Execute, a Pointer: as `SOURCE`, of a clause that the answer only names."""

BACK = "back"
"""Execute, an Asked: the answer again, in the place of what `SOURCE` or `RELATED` opened."""

ASK_PERSON = "ask_person"
"""Execute, an Asked: puts the question to people."""

CHOICE = "choice"
"""Submit, a Pointer: answers for the clause that was chosen."""

LOOK_UP = "look_up"
"""Submit, a Pointer whose ``ref`` is a question to ask, such as an example of the welcome."""

SETTINGS = "settings"
"""Submit, a Pointer of which only the language counts: opens the settings of the place."""

SAVE_SETTINGS = "save_settings"
"""Execute, a Pointer of which only the language counts, and the inputs below: keeps the settings.

Whoever can write in a place may set it, and what they set is told to all there with their name: the connector calls
every member of a team a ``user``, its owners too, and Graph, which knows them, is not asked for one permission more.
"""

ASKED = "asked"
"""Beside ``value`` in the data of `SOURCE` and `RELATED`: the answer's Asked, packed, for `BACK`."""

INPUT_REGULATION = "regulation"
"""Input.ChoiceSet: a regulation's name, or `ANY`."""

INPUT_FEEDBACK = "feedback"
"""Input.Toggle, ``true`` or ``false``."""

INPUT_QUIET = "quiet"
"""Input.Toggle, ``true`` or ``false``."""

INPUT_HELPERS = "helpers"
"""Input.ChoiceSet: `ANY` for nobody, `HERE`, or `UNCHANGED`."""

ANY = "-"
"""The value of a choice that sets nothing."""

HERE = "here"
"""The channel in which the settings are shown: that is where people are asked."""

UNCHANGED = "unchanged"
"""Whoever is set to be asked already, in another channel of the team."""
