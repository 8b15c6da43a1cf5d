"""The ids under which Slack tells what was pressed, chosen or sent. Those of a message are unique within it."""

from __future__ import annotations

import re

# Buttons and selects of a message.
SOURCE = "source"  # button, value: Pointer; opens source_modal
RELATED = "related"  # static_select, option value: Pointer; opens source_modal
OPEN_CLAUSE = "open_clause"  # static_select under a table, option value: Pointer; opens source_modal
ASK_PERSON = "ask_person"  # button with a confirmation, value: Asked
SHARE = "share"  # button, value: Asked
FEEDBACK = "feedback"  # feedback_buttons, value: Rating
CHOICE = re.compile(r"choice:[0-9]+")  # buttons, value: Pointer; asks for that clause
CHOICE_SELECT = "choices"  # static_select, option value: Pointer; asks for that clause

# App Home.
LOOK_UP = "look_up"  # button; opens lookup_modal
RECENT = re.compile(r"recent:[0-9]+")  # buttons, value: Pointer without a guide; opens source_modal
CLEAR_RECENT = "clear_recent"  # button
SETTINGS_CHANNEL = "settings_channel"  # conversations_select; opens settings_modal

# Modals.
SOURCE_MODAL = "source"
LOOKUP_MODAL = "look_up"
LOOKUP_RESULT = "looked_up"
FEEDBACK_MODAL = "feedback"
SETTINGS_MODAL = "settings"

REVIEW_MODAL = "review"

# Inputs of the modals: each is both the block_id and the action_id of its input; the filters share a block.
LOOKUP_CLAUSE = "lookup_clause"  # external_select: app.options(LOOKUP_CLAUSE)
LOOKUP_FILTERS = "lookup_filters"
LOOKUP_REGULATION = "lookup_regulation"
LOOKUP_OWNER = "lookup_owner"
FEEDBACK_REASON = "feedback_reason"
FEEDBACK_TEXT = "feedback_text"
SETTINGS_REGULATION = "settings_regulation"
SETTINGS_REPLIES = "settings_replies"
SETTINGS_FEEDBACK = "settings_feedback"
SETTINGS_HELPERS = "settings_helpers"  # conversations_select
SETTINGS_GROUP = "settings_group"  # external_select: app.options(SETTINGS_GROUP)
SETTINGS_QUIET = "settings_quiet"
REVIEW_FILE = "review_file"

# Shortcuts, as the manifest names them.
LOOK_UP_SHORTCUT = "look_up_clause"
ASK_SHORTCUT = "answer_message"
REVIEW_SHORTCUT = "review_questionnaire"
