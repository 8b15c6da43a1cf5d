"""Files at the fake of Slack: what people shared, who may read it, and what the app uploads in three steps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from aiohttp import web
from fakes.leaks import note_text
from fakes.slack_chat import Chat, Post, check_may_post, find_by_own_id
from fakes.slack_world import RefusedError, Token, Workspace, World, check_thread

LONGEST_COMMENT = 4000

_numbers = itertools.count(1)


@dataclass
class File:
    """A file; ``changes`` is what Slack tells otherwise of it, ``posts`` the messages that show it."""

    id: str
    team: str
    name: str | None
    content: bytes
    user: str
    changes: dict[str, Any] = field(default_factory=dict)
    gone: str = ""
    posts: list[Post] = field(default_factory=list)
    unseen: int = 0

    def describe(self, address: str) -> dict[str, Any]:
        """The file object, in events and answers."""
        place = f"{address}/files-pri/{self.team}-{self.id}"
        channels = sorted({post.channel for post in self.posts}) if not self.unseen else []
        shares = {post.channel: [{"ts": post.ts}] for post in self.posts} if channels else {}
        return {
            "id": self.id,
            "name": self.name,
            "title": self.name,
            "filetype": (self.name or "").rpartition(".")[2] or "binary",
            "user": self.user,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "file_access": "visible",
            "url_private": f"{place}/{quote(self.name or '')}",
            "url_private_download": f"{place}/download/{quote(self.name or '')}",
            "channels": [each for each in channels if each[0] == "C"],
            "groups": [],
            "ims": [each for each in channels if each[0] == "D"],
            "shares": {"public": shares} if shares else {},
        } | self.changes


@dataclass
class Ticket:
    """Leave to upload a file of so many bytes, once."""

    file: File
    length: int
    uploaded: bool = False


class Files:
    """The files of all workspaces.

    ``slow`` is how many times files.info tells of a file that the app sent before it says where it stands. ``led`` is
    where a download leads, in place of the file.
    """

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self._chat = chat
        self.files: dict[str, File] = {}
        self.tickets: dict[str, Ticket] = {}
        self.slow = 0
        self.led = ""
        self.downloads: list[str] = []
        self.uploads: list[str] = []
        self.address = ""

    def share(
        self, name: str | None, content: bytes, /, *, user: str = "U0ANN", team: str = "T0TEAM", **changes: Any
    ) -> File:
        """A file of a person's; ``describe`` tells of it as an event would."""
        if name:
            note_text(name)
        file = File(f"F0{next(_numbers):06}", team, name, content, user, changes)
        self.files[file.id] = file
        return file

    def tell(self, file: File, *, briefly: bool = False) -> dict[str, Any]:
        """The file object of an event; ``briefly``, as where organizations share a channel: it has to be asked for."""
        if briefly:
            return {"id": file.id, "mode": "file_access", "file_access": "check_file_info"}
        return file.describe(self.address)

    def info(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``files.info``: what is not completed yet is not there."""
        file = self._find(workspace, args["file"])
        told = file.describe(self.address)
        file.unseen = max(file.unseen - 1, 0)
        return {"file": told, "comments": [], "response_metadata": {"next_cursor": ""}}

    def _find(self, workspace: Workspace, found: Any) -> File:
        file = self.files.get(found)
        if file is None or file.team != workspace.id:
            raise RefusedError("file_not_found")
        if file.gone:
            raise RefusedError(file.gone)
        return file

    def begin(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``files.getUploadURLExternal``."""
        length = str(args["length"])
        if not length.isdecimal() or int(length) < 1 or not str(args["filename"]).strip():
            raise RefusedError("invalid_arguments", ["length: not a number of bytes"])
        file = File(f"F0{next(_numbers):06}", workspace.id, args["filename"], b"", workspace.bot_user)
        name = f"ticket{next(_numbers)}"
        self.tickets[name] = Ticket(file, int(length))
        return {"upload_url": f"{self.address}/upload/v1/{name}", "file_id": file.id}

    def complete(self, workspace: Workspace, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``files.completeUploadExternal`` in one conversation: a ticket is good once."""
        given = args["files"]
        if not isinstance(given, list) or len(given) != 1 or given[0].keys() - {"id", "title", "highlight_type"}:
            raise RefusedError("invalid_arguments", ["files: not a list of one id with its title"])
        named = [name for name, ticket in self.tickets.items() if ticket.file.id == given[0]["id"]]
        if not named or not self.tickets[named[0]].uploaded or self.tickets[named[0]].file.team != workspace.id:
            raise RefusedError("file_not_found")
        channel = find_by_own_id(workspace, args["channel_id"])
        check_may_post(workspace, token, channel)
        check_thread(args)
        if len(args.get("initial_comment", "")) > LONGEST_COMMENT:
            raise RefusedError("msg_too_long")
        file = self.tickets.pop(named[0]).file
        file.unseen = self.slow
        shown = {"text": args.get("initial_comment", ""), "thread_ts": args.get("thread_ts")}
        post = self._chat.add(workspace, channel.id, shown)
        file.posts.append(post)
        self.files[file.id] = file
        return {"files": [{"id": file.id, "title": given[0].get("title")}]}

    def sent(self) -> list[File]:
        """The files that the app sent and that stand somewhere."""
        return [file for file in self.files.values() if file.posts]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """What a file holds, for whoever shows a token that may read it; others are led to the page to sign in on."""
        team, _, name = request.match_info["file"].partition("-")
        self.downloads.append(name)
        file = self.files.get(name)
        try:
            token = self._world.check_token(request.headers.get("Authorization", "").removeprefix("Bearer "))
        except RefusedError:
            token = None
        is_let = token is not None and file is not None and (token.team, file.team) == (team, team)
        if not is_let or "files:read" not in token.scopes:  # type: ignore[union-attr] # is_let says so
            return web.Response(status=302, headers={"Location": f"{self.address}/?redir=%2Ffiles-pri"})
        if self.led:
            return web.Response(status=302, headers={"Location": self.led})
        assert file
        if file.gone:
            return web.Response(status=404)
        response = web.StreamResponse(headers={"Content-Disposition": "attachment", "Content-Type": "text/csv"})
        await response.prepare(request)
        await response.write(file.content)
        await response.write_eof()
        return response

    async def take(self, request: web.Request) -> web.Response:
        """Take the bytes of an upload, raw, without anybody's token."""
        ticket = self.tickets.get(request.match_info["ticket"])
        if "Authorization" in request.headers:
            return web.Response(status=400, text="no token belongs here")
        content = await request.read()
        if ticket is None or ticket.uploaded or len(content) != ticket.length:
            return web.Response(status=400, text="not what was announced")
        ticket.file.content, ticket.uploaded = content, True
        self.uploads.append(ticket.file.id)
        return web.Response(text=f"OK - {len(content)}")
