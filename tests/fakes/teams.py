"""A strict stand-in for Microsoft's side of Teams, on the loopback interface: connector, signing keys, Entra."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from fakes.teams_activities import BOT, CHANNEL, GROUP, HELPERS, PERSONAL, Activity
from fakes.teams_cards import read, refuse_card
from fakes.teams_entra import Entra
from fakes.teams_onedrive import OneDrive, refuse_attachment
from fakes.teams_signer import KeyServer

from bot.teams.addresses import Addresses

# What goes wrong on the way to the connector or back; and what it refuses whatever was asked.
Mishap = Literal[
    "rate limit", "server error", "slow", "hang", "close", "nonsense", "unauthorized", "refuse layout", "blocked"
]

_CARD = "application/vnd.microsoft.card.adaptive"
_FIELDS = set(
    "type textFormat text speak summary attachments entities channelData channelId from recipient conversation "
    "serviceUrl replyToId locale".split()
)


@dataclass
class Sent:
    """A message that the connector took."""

    id: str
    conversation: str
    reply_to: str | None
    activity: Activity

    @property
    def card(self) -> Any:
        """Its card; None where it has none."""
        return self.attachment["content"] if self.attachment.get("contentType") == _CARD else None

    @property
    def attachment(self) -> dict[str, Any]:
        """What comes with it; empty where nothing does."""
        attachments = self.activity.get("attachments")
        return attachments[0] if attachments else {}

    @property
    def text(self) -> str:
        """Everything that people read in it."""
        return "\n".join([self.activity.get("text", ""), read(self.card)])


class FakeTeams:
    """Microsoft, as an app sees it; ``messages`` are those that the connector took, in order.

    ``updates`` tells which of them were changed to what, ``deleted`` which were taken back, ``attempts`` how often a
    message came, taken or not.

    ``mishaps`` are what the next messages meet, one each, before they are taken as usual. ``gone`` are conversations
    that the app was removed from. If ``anonymous``, the connector asks for no token, as on a developer's machine.
    """

    def __init__(self, folder: Path) -> None:
        self.messages: list[Sent] = []
        self.updates: list[tuple[str, str]] = []
        self.deleted: list[str] = []
        self.onedrive = OneDrive(self._tell)
        self.typing: list[str] = []
        self.refusals: list[list[str]] = []
        self.attempts = 0
        self.mishaps: deque[Mishap] = deque()
        self.gone: set[str] = set()
        self.known: set[str] = set()
        self.keys = KeyServer()
        self.entra = Entra(folder)
        self.anonymous = False
        self._numbers = itertools.count(1_800_000_000_000)
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()

    @property
    def addresses(self) -> Addresses:
        """Where a service finds all of this."""
        return Addresses(
            keys=f"{self.address}/keys",
            authority=self.entra.authority,
            connector=f"{self.address}/connector/",
            files=self.onedrive.root,
        )

    async def start(self) -> None:
        """Listen on free loopback ports."""
        await self.entra.start()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.onedrive.add_to(app)
        app.router.add_get("/keys", self.keys.answer)
        app.router.add_post("/connector/v3/conversations/{conversation}/activities", self._take)
        one = "/connector/v3/conversations/{conversation}/activities/{activity}"
        app.router.add_post(one, self._take)
        app.router.add_put(one, self._change)
        app.router.add_delete(one, self._change)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{site.port}"
        self.onedrive.root = f"{self.address}/onedrive/"

    async def stop(self) -> None:
        """End every connection and stop listening."""
        self._released.set()
        self.keys.released.set()
        self.onedrive.released.set()
        await self._runner.cleanup()
        await self.entra.stop()

    async def wait_for(self, count: int) -> list[Sent]:
        """The messages taken, once there are so many."""
        await self.wait_until(lambda: len(self.messages) >= count)
        return self.messages

    async def wait_until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds, looked at after each call that the app makes.

        Raises:
            TimeoutError: it did not come to hold within a minute.
        """
        async with self._changed, asyncio.timeout(60):
            await self._changed.wait_for(holds)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _change(self, request: web.Request) -> web.Response:
        """Change a message, or take it back; only the app's own can be."""
        try:
            if self._is_stranger(request):
                return _refuse(401, "Unauthorized")
            conversation, number = request.match_info["conversation"], request.match_info["activity"]
            found = [each for each in self.messages if (each.id, each.conversation) == (number, conversation)]
            if not found or number in self.deleted:
                return _refuse(404, "ActivityNotFoundInConversation")
            if request.method == "DELETE":
                self.deleted.append(number)
                return web.Response()
            activity = json.loads(await request.text())
            reasons = list(_check_activity({name: told for name, told in activity.items() if name != "id"}))
            reasons += [] if activity.get("id") == number else ["it is another message's"]
            if reasons:
                self.refusals.append(reasons)
                return _refuse(400, "BadSyntax")
            found[0].activity = activity
            self.updates.append((number, found[0].text))
            return web.json_response({"id": number})
        finally:
            await self._tell()

    def _is_stranger(self, request: web.Request) -> bool:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return bearer not in ({""} if self.anonymous else self.entra.issued)

    async def _take(self, request: web.Request) -> web.StreamResponse:
        try:
            if json.loads(await request.text()).get("type") == "typing":
                return await self._post(request)
            self.attempts += 1
            if self.mishaps:
                mishap = self.mishaps.popleft()
                await self._tell()
                return await self._go_wrong(mishap, request)
            return await self._post(request)
        finally:
            await self._tell()

    async def _post(self, request: web.Request) -> web.Response:
        if self._is_stranger(request):
            return _refuse(401, "Unauthorized")
        conversation, replied = request.match_info["conversation"], request.match_info.get("activity")
        activity = json.loads(await request.text())
        reasons = [*self._check_place(activity, conversation, replied), *_check_activity(activity)]
        kinds = {each.get("contentType") for each in activity.get("attachments", ())}
        if kinds - {_CARD} and conversation != PERSONAL:
            reasons.append("a file outside of the personal chat")
        if request.content_type != "application/json":
            reasons.append("the body is not JSON")
        if reasons:
            self.refusals.append(reasons)
            return _refuse(400, "BadSyntax")
        if conversation.partition(";")[0] in self.gone:
            return _refuse(403, "BotNotInConversationRoster")
        number = str(next(self._numbers))
        if activity["type"] == "typing":
            self.typing.append(conversation)
        else:
            self.messages.append(Sent(number, conversation, replied, activity))
            self.known.add(number)
        return web.json_response({"id": number}, status=201)

    def _check_place(self, activity: Activity, conversation: str, replied: str | None) -> Iterator[str]:
        root = conversation.partition(";messageid=")[0]
        if root not in {PERSONAL, GROUP, CHANNEL, HELPERS}:
            yield f"no conversation {conversation}"
        if activity.get("conversation", {}).get("id") != conversation:
            yield "the activity names another conversation"
        if replied is not None and (replied not in self.known or activity.get("replyToId") != replied):
            yield f"no activity {replied} to reply to"
        if activity.get("from", {}).get("id") != BOT:
            yield "it is not from the app"
        if activity.get("type") == "typing" and ";messageid=" in conversation:
            yield "typing can't be shown in a channel"

    async def _go_wrong(self, mishap: Mishap, request: web.Request) -> web.StreamResponse:
        match mishap:
            case "rate limit":
                return _refuse(429, "ThrottledRequests")
            case "server error":
                return _refuse(502, "BadGateway")
            case "unauthorized":
                return _refuse(401, "Unauthorized")
            case "refuse layout":
                return _refuse(400, "BadArgument")
            case "blocked":
                return _refuse(403, "MessageWritesBlocked")
            case "nonsense":
                return web.Response(text="<html>A proxy's page</html>", content_type="text/html")
            case "slow":
                await asyncio.sleep(0.5)
                return await self._post(request)
            case "hang":
                await self._released.wait()
        assert request.transport
        request.transport.close()
        return web.Response()


def _refuse(status: int, code: str) -> web.Response:
    """A refusal, which quotes nothing here; Microsoft's own may quote the message."""
    return web.json_response({"error": {"code": code, "message": "The fake of Teams refuses it."}}, status=status)


def _check_activity(activity: Activity) -> Iterator[str]:
    """What is wrong with an activity."""
    if odd := activity.keys() - _FIELDS:
        yield f"fields that Teams does not know: {sorted(odd)}"
    if empty := [name for name, value in activity.items() if value in (None, "", [], {})]:
        yield f"empty fields: {empty}"
    if activity.get("type") == "typing":
        return
    if activity.get("type") != "message":
        yield f"no kind of activity: {activity.get('type')}"
    text, attachments = activity.get("text", ""), activity.get("attachments", [])
    if not (text or attachments):
        yield "nothing is said"
    if attachments and not activity.get("summary"):
        yield "nothing to be read in a notification"
    if activity.get("textFormat") not in ("markdown", "plain"):
        yield "its text has no format"
    for each in attachments:
        if each.get("contentType") != _CARD:
            yield from refuse_attachment(each)
        elif set(each) != {"contentType", "content"}:
            yield "an attachment that is no card"
        elif reason := refuse_card(each["content"]):
            yield reason
    if activity.get("channelData", {"feedbackLoop": {"type": "default"}}) != {"feedbackLoop": {"type": "default"}}:
        yield "channelData holds more than the wish for feedback"
    for entity in activity.get("entities", []):
        yield from _check_entity(entity, text)


def _check_entity(entity: Any, text: str) -> Iterator[str]:
    if entity.keys() != {"type", "@type", "@context", "citation"}:
        yield f"an entity with other fields than citations have: {sorted(entity)}"  # the label of AI among them
        return
    cited = entity["citation"]
    if [each["position"] for each in cited] != [int(number) for number in _list_marks(text)] or len(cited) > 20:
        yield "citations and their marks in the text differ"
    for each in cited:
        appearance = each["appearance"]
        if not 0 < len(appearance["name"]) <= 80 or not 0 < len(appearance["abstract"]) <= 160:
            yield "a citation's name or abstract is empty or too long"
        if not appearance.get("url", "https://").startswith("https://"):
            yield "a citation leads to no web page"


def _list_marks(text: str) -> list[str]:
    """The numbers of the marks in a text, each once, in order."""
    return sorted(set(re.findall(r"\[(\d+)\]", text)), key=int)
