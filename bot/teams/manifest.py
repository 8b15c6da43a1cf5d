"""The Teams app: what Teams shows of it, where it may be added, what its menus offer; and the package to upload."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

MESSAGES_PATH = "/api/messages"

SEARCH = "search"
"""The id of the message extension's command."""

_SCHEMA = "https://developer.microsoft.com/en-us/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"
# Teams takes a package in the place of one that is there already only if this has risen.
_VERSION = "1.0.0"

_SCOPES = ("personal", "team", "groupChat")
_SHORT = "Who does what about a clause: the provider's duties and yours"
_LONG = """\
Ask who does what about a clause of GL8 or GL14 of the Hong Kong Insurance Authority, in English or Chinese. Clausebot \
finds the clause in a cloud provider's guide, shows what the provider does and what the customer does, and says to the \
sentence where that is written. It does not generate text: it finds, quotes and cites, and where the guide does not \
answer, it says so.

Write to it directly, mention it in a channel or a group chat, or search for a clause while you write a message. What \
it says is no legal advice and confirms no compliance.
"""
COMMANDS = (
    ("look up", "A clause by its number or by words: look up GL8 5.1(c)"),
    ("list clauses", "Every clause that the guide answers, and who carries it"),
    ("matrix", "Who carries each clause, of one regulation: matrix GL14"),
    ("help", "How to ask, in English and Chinese"),
    ("settings", "How Clausebot behaves in this team or chat"),
)
"""What Teams' menu puts into the box, and what it says of that."""
REVIEW_COMMAND = ("review", "Have a vendor questionnaire filled from the guide: how to send it")
"""The same, in the personal chat of an app that takes questionnaires."""

_ICONS = Path(__file__).parent / "icons"

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# A fixed time, so that the same app is the same package.
_BUILT = (2026, 1, 1, 0, 0, 0)


def read_app_id(text: str) -> str:
    """The app's id at Microsoft, such as ``00000000-0000-0000-0000-000000000000``, in small letters.

    Raises:
        ValueError: it is no such id; the message says where to find it.
    """
    app_id = text.strip().lower()
    if not _GUID.fullmatch(app_id):
        raise ValueError('is no id such as 00000000-…; copy "Microsoft App ID" from the bot\'s configuration')
    return app_id


def compose_manifest(app_id: str, address: str, *, follow_ups: bool = False, reviews: bool = False) -> dict[str, Any]:
    """The manifest, version 1.25.

    Limits: the schema that it names, which Microsoft's package ``@microsoft/app-manifest`` holds.

    Args:
        app_id: see `read_app_id`.
        address: where the service is reached, such as ``https://bot.example``.
        follow_ups: have Teams deliver every message of the channels that the app is in.
        reviews: let people send files to it in the personal chat, and it ask to save files in their OneDrive.
    """
    return {
        "$schema": _SCHEMA,
        "manifestVersion": "1.25",
        "version": _VERSION,
        "id": app_id,
        "developer": {
            "name": "Clausebot",
            "websiteUrl": f"{address}/",
            "privacyUrl": f"{address}/",
            "termsOfUseUrl": f"{address}/",
        },
        "name": {"short": "Clausebot", "full": "Clausebot: who does what about a clause"},
        "description": {"short": _SHORT, "full": _LONG},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#14181F",
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "bots": [_compose_bot(app_id, reviews=reviews)],
        "composeExtensions": [_compose_search(app_id)],
        **(_compose_hearing(app_id) if follow_ups else {}),
    }


def _compose_bot(app_id: str, *, reviews: bool) -> dict[str, Any]:
    lists = {scope: [*COMMANDS, *([REVIEW_COMMAND] if reviews and scope == "personal" else ())] for scope in _SCOPES}
    return {
        "botId": app_id,
        "scopes": list(_SCOPES),
        "commandLists": [
            {"scopes": [scope], "commands": [{"title": title, "description": told} for title, told in listed]}
            for scope, listed in lists.items()
        ],
        **({"supportsFiles": True} if reviews else {}),
    }


def _compose_search(app_id: str) -> dict[str, Any]:
    words = {
        "name": "query",
        "title": "Clause",
        "description": "A number (5.1), a title or a subject (backup, encryption), 或中文",
        "inputType": "text",
    }
    search = {
        "id": SEARCH,
        "type": "query",
        "title": "Look up a clause",
        "description": "Find a clause by number or words, and put who does what into your message",
        "context": ["compose", "commandBox"],
        "initialRun": True,
        "parameters": [words],
    }
    return {"botId": app_id, "commands": [search]}


def _compose_hearing(app_id: str) -> dict[str, Any]:
    """The permission to hear what is said in a team's channels, which whoever adds the app there gives."""
    heard = {"name": "ChannelMessage.Read.Group", "type": "Application"}
    return {
        # Microsoft asks for an address here, and uses none.
        "webApplicationInfo": {"id": app_id, "resource": "https://RscBasedStoreApp"},
        "authorization": {"permissions": {"resourceSpecific": [heard]}},
    }


def build_package(manifest: dict[str, Any]) -> bytes:
    """The package that Teams takes: a zip archive of the manifest and the two icons that it names."""
    parts = {"manifest.json": json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"}
    parts |= {name: (_ICONS / name).read_bytes() for name in sorted(manifest["icons"].values())}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _BUILT), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
