"""What Teams sends to an app: messages, what is pressed in cards, searches, feedback, installations."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any

from fakes.leaks import note_text
from fakes.teams_cards import walk
from fakes.teams_signer import APP_ID, TENANT

Activity = dict[str, Any]

BOT = f"28:{APP_ID}"
ANN = "29:ann"
ANN_ID = "aaaaaaaa-0000-4000-8000-000000000a11"

TEAM = "19:riskteam00000000000000000000000@thread.tacv2"
CHANNEL = "19:claims0000000000000000000000000@thread.tacv2"
HELPERS = "19:helpdesk000000000000000000000000@thread.tacv2"
GROUP = "19:meeting000000000000000000000000000@thread.v2"
# As long as Teams makes them.
PERSONAL = "a:1" + "Personal" * 16

_numbers = itertools.count(1_700_000_000_000)


def personal(text: str, /, **changes: Any) -> Activity:
    """A message that a person writes to the app alone; a change to None takes the field away."""
    conversation = {"id": PERSONAL, "conversationType": "personal", "tenantId": TENANT}
    return _say(text, conversation, {"tenant": {"id": TENANT}}, changes)


def group(text: str, /, **changes: Any) -> Activity:
    """A message in a group chat that mentions the app."""
    conversation = {"id": GROUP, "conversationType": "groupChat", "isGroup": True, "tenantId": TENANT}
    return _say(f"<at>Clausebot</at> {text}", conversation, {"tenant": {"id": TENANT}}, _mentioning(changes))


def mention(text: str, /, *, thread: str = "", channel: str = CHANNEL, **changes: Any) -> Activity:
    """A message in a team's channel that mentions the app, in the thread of that message or as the first of its own."""
    return channel_message(f"<at>Clausebot</at>\xa0{text}", thread=thread, channel=channel, **_mentioning(changes))


def channel_message(text: str, /, *, thread: str = "", channel: str = CHANNEL, **changes: Any) -> Activity:
    """A message in a team's channel that mentions nobody: Teams tells it to apps that are allowed to hear all."""
    number = str(next(_numbers))
    root = thread or str(changes.get("id") or number)
    conversation = {
        "id": f"{channel};messageid={root}",
        "conversationType": "channel",
        "isGroup": True,
        "tenantId": TENANT,
    }
    data = {"teamsTeamId": TEAM, "teamsChannelId": channel, "team": {"id": TEAM}, "channel": {"id": channel}}
    return _say(text, conversation, data | {"tenant": {"id": TENANT}}, {"id": number} | changes)


def submit(activity: Activity, data: Mapping[str, Any], **changes: Any) -> Activity:
    """Press an ``Action.Submit`` of a card in the conversation of an activity."""
    return _again(activity, "message", changes) | {"value": dict(data)}


def execute(activity: Activity, action: Mapping[str, Any], *, message: str = "", **changes: Any) -> Activity:
    """Press an ``Action.Execute`` of a card in the conversation of an activity, with what is filled in as it stands."""
    told = {"type": "Action.Execute", "verb": action.get("verb", ""), "data": dict(action["data"])}
    made = _again(activity, "invoke", ({"replyToId": message} if message else {}) | changes)
    return made | {"name": "adaptiveCard/action", "value": {"action": told, "trigger": "manual"}}


def search(text: str | None, /, *, skip: int = 0, **changes: Any) -> Activity:
    """What the message extension asks while somebody types; None as it opens."""
    first = {"name": "initialRun", "value": "true"}
    parameters = [first] if text is None else [{"name": "clause", "value": note_text(text)}]
    value = {"commandId": "search", "parameters": parameters, "queryOptions": {"skip": skip, "count": 25}}
    return _again(personal(""), "invoke", changes) | {"name": "composeExtension/query", "value": value}


def feedback(activity: Activity, message: str, reaction: str, said: str | None = None, **changes: Any) -> Activity:
    """A thumb, and a reason if one is given, under a message of the app's."""
    text = json.dumps({"feedbackText": note_text(said)} if said else {})
    value = {"actionName": "feedback", "actionValue": {"reaction": reaction, "feedback": text}}
    made = _again(activity, "invoke", changes)
    return made | {"name": "message/submitAction", "value": value, "replyToId": message}


def answer_consent(
    activity: Activity, attachment: Mapping[str, Any], upload: Mapping[str, Any] | None, **changes: Any
) -> Activity:
    """Allow a file to be saved where ``upload`` says, or not, on the card that offers it."""
    action = "decline" if upload is None else "accept"
    value: dict[str, Any] = {
        "type": "fileUpload",
        "action": action,
        "context": attachment["content"][f"{action}Context"],
    }
    made = _again(activity, "invoke", changes) | {"name": "fileConsent/invoke"}
    return made | {"value": value if upload is None else value | {"uploadInfo": dict(upload)}}


def installed(activity: Activity, **changes: Any) -> list[Activity]:
    """What Teams tells of when the app is added to the conversation of an activity: twice."""
    update = _again(activity, "conversationUpdate", changes) | {"membersAdded": [{"id": BOT}]}
    return [update, _again(activity, "installationUpdate", changes) | {"action": "add"}]


def removed(activity: Activity, **changes: Any) -> Activity:
    """That the app is removed from the conversation of an activity."""
    return _again(activity, "installationUpdate", changes) | {"action": "remove"}


def fill_in(card: Any, verb: str, **filled: str) -> dict[str, Any]:
    """The data of the action of that verb in a card, with each input's value, or what is filled in instead."""
    action = find_verb(card, verb)
    values = {each["id"]: each.get("value", "") for each in walk(card) if str(each.get("type")).startswith("Input.")}
    return action | {"data": values | filled | action["data"]}


def find_verb(card: Any, verb: str) -> dict[str, Any]:
    """The first action of that verb in a card."""
    return next(each for each in walk(card) if isinstance(each.get("data"), dict) and each["data"].get("verb") == verb)


def _say(text: str, conversation: Activity, data: Activity, changes: Mapping[str, Any]) -> Activity:
    note_text(text.replace("<at>Clausebot</at>", ""))
    made = {
        "type": "message",
        "id": str(next(_numbers)),
        "timestamp": "2026-11-20T09:00:00.000Z",
        "channelId": "msteams",
        "from": {"id": ANN, "name": "Ann Reader", "aadObjectId": ANN_ID},
        "recipient": {"id": BOT, "name": "Clausebot"},
        "conversation": conversation,
        "channelData": data,
        "locale": "en-GB",
        "textFormat": "plain",
        "text": text,
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web"}],
    }
    return {name: value for name, value in (made | dict(changes)).items() if value is not None}


def _mentioning(changes: Mapping[str, Any]) -> dict[str, Any]:
    mentioned = {"type": "mention", "mentioned": {"id": BOT, "name": "Clausebot"}, "text": "<at>Clausebot</at>"}
    return {"entities": [mentioned]} | dict(changes)


def _again(activity: Activity, kind: str, changes: Mapping[str, Any]) -> Activity:
    """Another activity in the same conversation, by the same person."""
    kept = {name: value for name, value in activity.items() if name not in ("text", "textFormat", "entities")}
    return kept | {"type": kind, "id": str(next(_numbers))} | dict(changes)
