"""The question in an activity of Teams', if it holds one for Clausebot, and what is stored of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from microsoft_agents.activity import Activity, ConversationReference

from bot.origin import Origin
from bot.place_settings import PlaceSettings
from bot.records.inbox import derive_key
from bot.teams.reading import (
    read_asker,
    read_channel,
    read_data,
    read_language,
    read_place,
    read_scope,
    read_team,
    read_tenant,
)
from bot.teams.verbs import CHOICE, LOOK_UP, SETTINGS
from bot.values import Asked, Pointer, unpack
from retrieval.question import clean_question
from retrieval.wording import Language

# What stands in a text in the place of a card that is sent with it.
_CARD_IN_TEXT = re.compile(
    r'<span class="inline-compose-card".{0,300}?</span>\s*</span>|<attachment\b[^>]{0,300}></attachment>', re.DOTALL
)


# A file in the personal chat; how many of a message are taken, and characters of a name.
_FILE = "application/vnd.microsoft.teams.file.download.info"
_MOST_FILES = 5
_LONGEST_NAME = 200

REVIEW = "review"
"""The command that says how a questionnaire is reviewed."""

_REVIEW_ID = re.compile(r"[0-9a-f]{64}")
_UPLOAD = ("contentUrl", "name", "uploadUrl", "uniqueId", "fileType")


@dataclass(frozen=True)
class Question:
    """A question as the inbox stores it: see `Inbox.store`.

    Its payload holds ``kind`` (what to do with it: see `bot.teams.replies`), ``text``, ``asker``, ``place``, ``scope``,
    ``language`` (that Teams is set to) and ``reference``: where to reply, as the SDK stores it.
    """

    key: str
    workspace: str
    payload: dict[str, Any]

    @property
    def origin(self) -> Origin:
        """Who asked, where."""
        return read_origin(self.key, self.workspace, self.payload)


def read_origin(key: str, workspace: str, payload: dict[str, Any]) -> Origin:
    """Who asked, where, from what is stored of a question."""
    return Origin(
        channel="teams",
        workspace=workspace,
        asker=payload["asker"],
        event=key,
        place=payload["place"],
        # In a channel it names the thread; elsewhere there are no threads.
        thread=payload["reference"]["conversation"]["id"],
    )


def read_message(activity: Activity) -> Question | None:
    """The question in a message, or in what was pressed in a card; None if it is not for us.

    What mentions Clausebot is, and what is written to it alone. Where an app is let hear everything in a channel, what
    mentions nobody may be (its ``kind`` is ``follow_up``), if it stands in a thread.
    """
    sender = activity.from_property
    if not (activity.id and sender and sender.id) or sender.role == "bot":
        return None
    data = read_data(activity)
    if "verb" in data:
        return _read_pressed(activity, data)
    is_personal = read_scope(activity) == "personal"
    typed = activity.text if isinstance(activity.text, str) else ""
    if is_personal and (files := _read_files(activity)):
        return _store(activity, "review", "message", activity.id, text=clean_question(typed), files=files)
    if not isinstance(activity.text, str):
        return None
    text = clean_question(_CARD_IN_TEXT.sub(" ", typed))
    if not text and not is_personal and _has_file(activity):
        text = REVIEW
    if not text and _has_card(activity):
        return None
    kind = "message"
    if not is_personal and not _is_mentioned(activity):
        if "<at>" in activity.text or ";messageid=" not in activity.conversation.id:
            return None
        kind = "follow_up"
    return _store(activity, kind, "message", activity.id, text=text)


def read_consent(activity: Activity) -> Question | None:
    """Whether a filled file may be saved, and where; None where that can't be read."""
    value = activity.value if isinstance(activity.value, dict) else {}
    context, upload = value.get("context"), value.get("uploadInfo")
    review = context.get("review") if isinstance(context, dict) else None
    action = value.get("action")
    if not (isinstance(review, str) and _REVIEW_ID.fullmatch(review)) or action not in ("accept", "decline"):
        return None
    held = upload if isinstance(upload, dict) else {}
    told = {name: held[name] for name in _UPLOAD if isinstance(held.get(name), str)}
    if action == "accept" and len(told) < len(_UPLOAD):
        return None
    kind = "save" if action == "accept" else "drop"
    card = activity.reply_to_id or ""
    name = (kind, review, told.get("uploadUrl", ""))
    return _store(activity, kind, *name, text="", review=review, upload=told, card=card)


def read_person(activity: Activity, asked: Asked) -> Question:
    """The answer about which a person is to be asked: once, however often the button is pressed."""
    sender = activity.from_property
    return _store(
        activity,
        "person",
        "person",
        asked.answer_id,
        text=asked.question,
        refs=list(asked.refs),
        answer_id=asked.answer_id,
        asked_in=asked.language,
        name=(sender.name or "") if sender else "",
        permalink=_link_message(activity),
    )


def read_change(activity: Activity, settings: PlaceSettings, language: Language) -> Question:
    """That somebody set a place, to be told to all there."""
    sender = activity.from_property
    return _store(
        activity,
        "change",
        "change",
        activity.id or "",
        text="",
        name=(sender.name or "") if sender else "",
        language=language,
        settings=settings.model_dump(exclude_defaults=True),
    )


def read_welcome(activity: Activity) -> Question | None:
    """That Clausebot was added to a conversation; None if it was not.

    Teams tells it in up to two activities, of which one question comes.
    """
    own = activity.recipient.id if activity.recipient else None
    added = activity.type == "conversationUpdate" and own in [each.id for each in activity.members_added or ()]
    if not (added or (activity.type == "installationUpdate" and activity.action == "add")):
        return None
    return _store(activity, "welcome", "welcome", "", text="")


def _read_pressed(activity: Activity, data: dict[str, Any]) -> Question | None:
    verb = data.get("verb")
    pointer = unpack(Pointer, data.get("value") or data.get(verb) if isinstance(verb, str) else None)
    kind = {CHOICE: "choice", LOOK_UP: "message", SETTINGS: "settings"}.get(str(verb))
    if pointer is None or kind is None:
        return None
    text = clean_question(pointer.ref)
    return _store(activity, kind, "message", activity.id or "", text=text, language=pointer.language)


def _store(activity: Activity, kind: str, *name: str, **more: Any) -> Question:
    """What is stored under a key that all deliveries of ``name`` have in common."""
    tenant, sender = read_tenant(activity), activity.from_property
    reference = ConversationReference(
        activity_id=activity.id if kind != "welcome" else None,
        user=sender,
        agent=activity.recipient,
        conversation=activity.conversation,
        channel_id=activity.channel_id,
        service_url=activity.service_url,
    )
    payload = {
        "kind": kind,
        "asker": read_asker(activity),
        "place": read_place(activity),
        "scope": read_scope(activity),
        "language": read_language(activity),
        "reference": reference.model_dump(mode="json", by_alias=True, exclude_none=True),
        **more,
    }
    where = read_channel(activity) if kind == "welcome" else activity.conversation.id
    return Question(derive_key(f"teams {name[0]}", tenant, where, *name[1:]), tenant, payload)


def _read_files(activity: Activity) -> list[dict[str, str]]:
    """The files of a message: what each is called, and where it can be fetched for a while."""
    found = []
    for each in activity.attachments or ():
        address = each.content.get("downloadUrl") if isinstance(each.content, dict) else None
        if each.content_type == _FILE and isinstance(address, str):
            name = " ".join((each.name or "").replace("/", " ").replace("\\", " ").split())
            found.append({"name": name[-_LONGEST_NAME:] or "questionnaire", "url": address})
    return found[:_MOST_FILES]


def _has_file(activity: Activity) -> bool:
    """Whether something was put into a message outside of the personal chat, of which Teams tells no more than that."""
    return any(
        each.content_type == "text/html" and isinstance(each.content, str) and "<attachment " in each.content
        for each in activity.attachments or ()
    )


def _has_card(activity: Activity) -> bool:
    """Whether somebody sends a card, such as one that the search offered."""
    kinds = (each.content_type or "" for each in activity.attachments or ())
    return any(kind.startswith("application/vnd.microsoft.card.") for kind in kinds)


def _is_mentioned(activity: Activity) -> bool:
    own = activity.recipient.id if activity.recipient else None
    mentions = (getattr(entity, "mentioned", None) for entity in activity.entities or ())
    return own is not None and own in [getattr(mentioned, "id", None) for mentioned in mentions]


def _link_message(activity: Activity) -> str:
    """The address of the message in which something was pressed; empty where others could not open it."""
    message, tenant = activity.reply_to_id or "", read_tenant(activity)
    if not (read_team(activity) and message.isdigit()):
        return ""
    return f"https://teams.microsoft.com/l/message/{quote(read_channel(activity), safe='')}/{message}?tenantId={tenant}"
