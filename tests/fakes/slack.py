"""A strict stand-in for Slack's Web API, its response URLs and Socket Mode, on the loopback interface."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from aiohttp import web
from fakes.slack_chat import Chat, Post
from fakes.slack_files import Files
from fakes.slack_lookups import Agent, list_usergroups, open_direct, tell_channel, tell_user
from fakes.slack_methods import METHODS, read_structures
from fakes.slack_oauth import Authorizer
from fakes.slack_person import Person
from fakes.slack_responses import ResponseUrl, ResponseUrls
from fakes.slack_socket import Sockets
from fakes.slack_views import View, Views
from fakes.slack_world import APP_TOKEN, BOT_TOKEN, TEAM, RefusedError, Token, Workspace, World

__all__ = ["APP_TOKEN", "BOT_TOKEN", "FakeSlack", "Mishap", "Post", "Sent", "View"]

# What goes wrong on the way to Slack or back; and what Slack refuses whatever was asked, the last by their codes.
_Stray = Literal["rate limit", "server error", "hang", "close", "nonsense"]
_LOST: Literal["lose answer"] = "lose answer"  # Slack does it, and the app never hears so
Mishap = (
    _Stray
    | Literal["lose answer", "refuse layout", "account_inactive", "fatal_error", "internal_error", "token_revoked"]
)
_Method = Callable[[Workspace, Token, dict[str, Any]], dict[str, Any]]

# What people read: these are kept in `FakeSlack.messages`.
_SENDING = {"chat.postMessage", "chat.postEphemeral", "chat.update", "files.completeUploadExternal"}

# Bytes: the largest file that the app takes, and some.
_LARGEST_BODY = 24 * 1024 * 1024


@dataclass
class Sent:
    """A message that Slack took: how it was sent, its payload, and the message as people see it now."""

    method: str
    payload: dict[str, Any]
    team: str = TEAM
    post: Post | None = None


@dataclass
class FakeSlack:
    """Slack, as an app sees it; ``messages`` are those that it took, in order.

    ``mishaps`` are what the next calls of a method meet, one each, before Slack answers as usual;
    ``retry_after`` is how long it asks to wait where the mishap is a rate limit, in seconds.
    """

    messages: list[Sent] = field(default_factory=list)
    refusals: list[tuple[str, list[str]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    mishaps: dict[str, deque[Mishap]] = field(default_factory=lambda: defaultdict(deque))
    retry_after: int = 0
    address: str = ""
    world: World = field(default_factory=World)

    def __post_init__(self) -> None:
        self.chat = Chat(self.world)
        self.files = Files(self.world, self.chat)
        self.views = Views()
        self.agent = Agent()
        self.oauth = Authorizer(self.world)
        self.responses = ResponseUrls(self.world, self.chat)
        self._sockets = Sockets()
        self._changed = asyncio.Condition()
        self._released = asyncio.Event()
        self._methods: dict[str, _Method] = {
            "auth.test": self._tell_who,
            "assistant.threads.setStatus": self.agent.set_status,
            "assistant.threads.setSuggestedPrompts": self.agent.set_prompts,
            "chat.delete": self.chat.delete,
            "chat.getPermalink": self.chat.get_permalink,
            "chat.postEphemeral": self.chat.post_ephemeral,
            "chat.postMessage": self.chat.post_message,
            "chat.update": self.chat.update,
            "conversations.info": tell_channel,
            "conversations.open": open_direct,
            "files.completeUploadExternal": self.files.complete,
            "files.getUploadURLExternal": self.files.begin,
            "files.info": self.files.info,
            "usergroups.list": list_usergroups,
            "users.info": tell_user,
            "views.open": self.views.open,
            "views.publish": self.views.publish,
            "views.push": self.views.push,
            "views.update": self.views.update,
        }

    @property
    def api_url(self) -> str:
        """The base address of the Web API."""
        return f"{self.address}/api/"

    async def start(self) -> None:
        """Listen on a free loopback port."""
        app = web.Application(client_max_size=_LARGEST_BODY)
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_get("/link", self._link)
        app.router.add_get("/files-pri/{file}/download/{name}", self._send_file)
        app.router.add_post("/upload/v1/{ticket}", self._take_file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.address = self.files.address = f"http://127.0.0.1:{site.port}"

    async def stop(self) -> None:
        """End every connection and stop listening."""
        self._released.set()
        await self._sockets.close()
        await self._runner.cleanup()

    def response_url(
        self, name: str = "fresh", *, channel: str = "C0CHAN", user: str = "U0ANN", original: Post | None = None
    ) -> str:
        """A new response URL for what a person did: good for five uses, or for none if its name is ``expired``."""
        at = self.world.now() - (1801 if name == "expired" else 0)
        team = next(each.id for each in self.world.workspaces.values() if user in each.users)
        return f"{self.address}/response/{self.responses.issue(ResponseUrl(team, channel, user, at, original))}"

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

    def posts_in(self, channel: str, *, user: str | None = None) -> list[Post]:
        """What stands in a conversation now, by the app: what all see, or with what that person alone sees."""
        return [
            post
            for post in self.chat.posts
            if post.channel == channel and not post.deleted and post.only_for in (None, user)
        ]

    def person(self, user: str = "U0ANN") -> Person:
        """Somebody who does what the app drew lets them do."""
        return Person(self, user)

    def modal(self, user: str = "U0ANN") -> View | None:
        """The modal that a person has before them, if any."""
        stack = self.views.stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str = "U0ANN") -> View | None:
        """What a person's Home tab shows, if anything was published."""
        return self.views.homes.get(user)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append(method)
        is_lost = bool(self.mishaps[method]) and self.mishaps[method][0] == _LOST
        if is_lost:
            self.mishaps[method].popleft()
        try:
            if self.mishaps[method] and not is_lost:
                mishap = self.mishaps[method].popleft()
                if mishap in get_args(_Stray):
                    await self._tell_change()
                    return await self._go_wrong(mishap, request)
                raise RefusedError("invalid_blocks" if mishap == "refuse layout" else mishap, ["told to refuse"])
            headers, answer = await self._answer(method, request)
        except RefusedError as error:
            self.refusals.append((error.error, error.reasons))
            told = {"error": error.error, "response_metadata": {"messages": error.reasons}, **error.extra}
            headers, answer = {}, {"ok": False, **told}
        await self._tell_change()
        if is_lost:
            return await self._go_wrong("hang", request)
        return web.json_response(answer, headers=headers)

    async def _answer(self, method: str, request: web.Request) -> tuple[dict[str, str], dict[str, Any]]:
        is_json = request.content_type == "application/json"
        body = await request.json() if is_json else dict(await request.post())
        args: dict[str, Any] = dict(request.query) | body
        header = request.headers.get("Authorization", "")
        value = args.pop("token", None) or header.removeprefix("Bearer ")
        if method == "oauth.v2.access":
            METHODS[method].check_args(args)
            return {}, {"ok": True, **self.oauth.access(header, args)}
        token = self.world.check_token(value, "app" if method == "apps.connections.open" else "bot")
        if method not in METHODS:
            raise RefusedError("unknown_method")
        args = read_structures(args)
        METHODS[method].check_scopes(token)
        METHODS[method].check_args(args)
        headers = {"x-oauth-scopes": ",".join(token.scopes)}
        if method == "apps.connections.open":
            ticket = self._sockets.issue_ticket()
            return headers, {"ok": True, "url": f"{self.address.replace('http', 'ws', 1)}/link?ticket={ticket}"}
        if method == "auth.revoke":
            return headers, {"ok": True, **self.oauth.revoke(token, args)}
        if method == "apps.uninstall":
            return headers, {"ok": True, **self.oauth.uninstall(token, args)}
        workspace = self.world.workspaces[token.team]
        result = self._methods[method](workspace, token, args)
        if method in _SENDING:
            ts = result.get("ts") or result.get("message_ts")
            # Of what an upload shows Slack tells no timestamp.
            post = next((post for post in self.chat.posts if post.ts == ts), self.chat.posts[-1])
            self.messages.append(Sent(method, args, workspace.id, post))
        return headers, {"ok": True, **result}

    def _tell_who(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        return {
            "url": f"https://{workspace.domain}.slack.com/",
            "team": workspace.domain,
            "user": workspace.users[workspace.bot_user].name,
            "team_id": workspace.id,
            "user_id": workspace.bot_user,
            "bot_id": workspace.bot,
            "is_enterprise_install": False,
        }

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("response_url")
        if self.mishaps["response_url"]:
            return await self._go_wrong(self.mishaps["response_url"].popleft(), request)
        name = request.match_info["name"]
        payload = await request.json()
        try:
            post = self.responses.use(name, payload)
        except RefusedError as error:
            self.refusals.append((error.error, error.reasons))
            gone = error.error in ("expired_url", "used_url")
            return web.json_response({"ok": False, "error": error.error}, status=404 if gone else 400)
        self.messages.append(Sent("response_url", payload, self.responses.given[name].team, post))
        await self._tell_change()
        return web.Response(text="ok")

    async def _send_file(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("download")
        if self.mishaps["download"]:
            mishap = self.mishaps["download"].popleft()
            await self._tell_change()
            return await self._go_wrong(mishap, request)
        return await self.files.serve(request)

    async def _take_file(self, request: web.Request) -> web.StreamResponse:
        self.calls.append("upload")
        if self.mishaps["upload"]:
            mishap = self.mishaps["upload"].popleft()
            await self._tell_change()
            return await self._go_wrong(mishap, request)
        return await self.files.take(request)

    async def _tell_change(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _go_wrong(self, mishap: Mishap, request: web.Request) -> web.StreamResponse:
        if mishap == "rate limit":
            wait = {"Retry-After": str(self.retry_after)}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=wait)
        if mishap == "server error":
            return web.Response(status=500, text="<html>down</html>", content_type="text/html")
        if mishap == "nonsense":
            return web.Response(text="<html>", content_type="application/json")
        if mishap == "hang":
            await self._released.wait()
        if request.transport:  # else the app, or its process, went first
            request.transport.close()
        return web.Response()

    async def _link(self, request: web.Request) -> web.StreamResponse:
        self._sockets.exchange(request.query.get("ticket", ""))
        if self.mishaps["link"]:
            return await self._go_wrong(self.mishaps["link"].popleft(), request)
        return await self._sockets.serve(request)

    async def deliver(
        self, kind: Literal["events_api", "slash_commands", "interactive"], payload: dict[str, Any], within: float = 60
    ) -> dict[str, Any]:
        """Send an envelope over Socket Mode, again where its connection ends; the app's acknowledgement comes back.

        Raises:
            TimeoutError: the app did not connect, or did not acknowledge the envelope, in so many seconds. Slack itself
                gives three, which a busy machine may take.
        """
        async with asyncio.timeout(within):
            return await self._sockets.deliver(kind, json.loads(json.dumps(payload)))

    async def drop_connections(self) -> None:
        """Close every Socket Mode connection, as Slack does now and then."""
        await self._sockets.close()
