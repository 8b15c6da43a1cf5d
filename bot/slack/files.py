"""Files in Slack: what is known of one, what it holds, and one put where people read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.records.worker import TryLaterError
from bot.review.reading import LARGEST_FILE
from bot.slack.posting import PLACE_REFUSED
from bot.slack.workspaces import count_error, is_passing, read_code

KINDS = ("xlsx", "csv", "tsv", "docx", "json", "txt")
"""The endings of questionnaires."""

Problem = Literal["external", "gone", "kind", "not_taken", "scopes", "too_large"]

# Where Slack keeps files; and what it calls those that it holds itself, and texts typed into it.
_FILES = "https://files.slack.com"
_HELD = ("hosted", "snippet")

# What Slack calls kinds of texts typed into it, whose names need no ending.
_SNIPPETS = {"csv": "csv", "tsv": "tsv", "text": "txt", "json": "json", "javascript": "json"}

# Seconds: for a whole file; for a connection, and between two pieces of it.
_WITHIN = aiohttp.ClientTimeout(total=90, sock_connect=10, sock_read=20)
_PIECE = 64 * 1024

# Slack's refusals of a file that is not there, or not to be seen; and of the scopes.
_GONE = {"access_denied", "channel_not_found", "file_deleted", "file_not_found", "not_visible", "team_not_found"}
_SCOPES = {"missing_scope", "no_permission", "not_allowed_token_type"}


class FileProblem(Exception):  # noqa: N818 - it is told to people, not handled as a fault
    """Why a file can't be reviewed; ``code`` is Slack's own word for it, where it has one."""

    def __init__(self, problem: Problem, code: str = "") -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.code = code


@dataclass(frozen=True)
class SharedFile:
    """A file that somebody shared: its name, with the ending of its kind, and where Slack keeps it."""

    id: str
    name: str
    address: str


async def look_up(client: AsyncWebClient, file: str) -> SharedFile:
    """What Slack knows of a file; events may tell less of it, in channels that organizations share nothing.

    Raises:
        FileProblem: it is none that could be reviewed.
        SlackApiError, aiohttp.ClientError, TimeoutError: Slack can't be asked.
    """
    try:
        found = (await client.files_info(file=file)).get("file")
    except SlackApiError as error:
        raise _judge(error) from None
    if not isinstance(found, dict):
        raise FileProblem("gone")
    if found.get("is_external") or found.get("mode") == "external":
        raise FileProblem("external")
    if found.get("mode") in ("hidden_by_limit", "tombstone") or found.get("file_access") in (
        "access_denied",
        "file_not_found",
    ):
        raise FileProblem("gone")
    name = _name(found)
    if found.get("mode") not in _HELD or not name:
        raise FileProblem("kind")
    size = found.get("size")
    if isinstance(size, int) and size > LARGEST_FILE:
        raise FileProblem("too_large")
    address = found.get("url_private_download") or found.get("url_private")
    if not isinstance(address, str):
        raise FileProblem("gone")
    return SharedFile(file, name, address)


def _judge(error: SlackApiError) -> Exception:
    """What a refusal means for whoever shared the file; the refusal itself where it means nothing to them."""
    code = read_code(error)
    if is_passing(error) or code not in _GONE | _SCOPES:
        return error
    count_error(error)
    return FileProblem("scopes" if code in _SCOPES else "gone", code)


def _name(found: dict[str, Any]) -> str:
    """A questionnaire's name; empty for another kind of file."""
    name = found.get("name") if isinstance(found.get("name"), str) else ""
    name = " ".join(str(name).replace("/", " ").split())
    if name.rpartition(".")[2].lower() in KINDS and "." in name:
        return name
    ending = _SNIPPETS.get(str(found.get("filetype"))) if found.get("mode") == "snippet" else None
    return f"{name or 'questionnaire'}.{ending}" if ending else ""


def _origin(client: AsyncWebClient) -> str:
    """Where files are kept: at Slack's own address, or beside an API that is none of Slack's."""
    api = urlsplit(client.base_url)
    return (
        _FILES
        if api.hostname == "slack.com" or (api.hostname or "").endswith(".slack.com")
        else f"{api.scheme}://{api.netloc}"
    )


def _check(address: str, client: AsyncWebClient) -> None:
    """Nothing is sent anywhere but to where Slack keeps files: no token, and nobody's document."""
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != _origin(client):
        raise FileProblem("gone", "another address")


def _session(client: AsyncWebClient) -> aiohttp.ClientSession:
    if client.session is None:
        raise TryLaterError("a file: there is no session")
    return client.session


async def download(client: AsyncWebClient, shared: SharedFile) -> bytes:
    """What a file holds, with the workspace's token, which goes nowhere else.

    Raises:
        FileProblem: it can't be had, or is larger than `LARGEST_FILE`.
        TryLaterError: Slack can't give it now.
        aiohttp.ClientError, TimeoutError: Slack can't be reached.
    """
    _check(shared.address, client)
    headers = {"Authorization": f"Bearer {client.token}", "Accept-Encoding": "identity"}
    async with _session(client).get(
        shared.address, headers=headers, allow_redirects=False, timeout=_WITHIN
    ) as response:
        if response.status == 429 or response.status >= 500:
            raise TryLaterError(f"a file: status {response.status}")
        # Who may not read a file is led to the page to sign in on, or gets it.
        is_page = response.content_type == "text/html" and "Content-Disposition" not in response.headers
        if response.status != 200 or is_page:
            raise FileProblem("gone", f"status {response.status}")
        if (response.content_length or 0) > LARGEST_FILE:
            raise FileProblem("too_large")
        content = bytearray()
        async for piece in response.content.iter_chunked(_PIECE):
            content += piece
            if len(content) > LARGEST_FILE:
                raise FileProblem("too_large")
        return bytes(content)


async def begin_upload(client: AsyncWebClient, name: str, content: bytes) -> str:
    """Hand a file to Slack, which nobody sees yet; its id.

    Raises:
        FileProblem: Slack does not take it.
        TryLaterError: Slack can't take it now.
        SlackApiError, aiohttp.ClientError, TimeoutError: as `look_up`.
    """
    try:
        ticket = await client.files_getUploadURLExternal(filename=name, length=len(content))
    except SlackApiError as error:
        raise _refused(error) from None
    address, file = str(ticket.get("upload_url")), str(ticket.get("file_id"))
    _check(address, client)
    async with _session(client).post(address, data=content, allow_redirects=False, timeout=_WITHIN) as response:
        if response.status == 429 or response.status >= 500:
            raise TryLaterError(f"an upload: status {response.status}")
        if response.status != 200:
            raise FileProblem("not_taken", f"status {response.status}")
    return file


async def complete_upload(
    client: AsyncWebClient, file: str, name: str, channel: str, *, thread: str | None, comment: str
) -> None:
    """Show an uploaded file in a conversation, under a comment (mrkdwn).

    Raises:
        FileProblem: Slack does not take it.
        SlackApiError: it does not let it stand there; see `bot.slack.posting.PLACE_REFUSED`.
        aiohttp.ClientError, TimeoutError: Slack can't be reached.
    """
    try:
        await client.files_completeUploadExternal(
            files=[{"id": file, "title": name}], channel_id=channel, thread_ts=thread, initial_comment=comment
        )
    except SlackApiError as error:
        raise _refused(error) from None


async def is_shown(client: AsyncWebClient, file: str) -> bool | None:
    """Whether an uploaded file stands in a conversation; None where it is uploaded, and not yet seen to stand there.

    Raises:
        SlackApiError, aiohttp.ClientError, TimeoutError: Slack can't be asked.
    """
    try:
        found = (await client.files_info(file=file)).get("file") or {}
    except SlackApiError as error:
        if read_code(error) in _GONE:
            return False
        raise
    return True if any(found.get(where) for where in ("channels", "groups", "ims", "shares")) else None


def _refused(error: SlackApiError) -> Exception:
    code = read_code(error)
    if is_passing(error) or code in PLACE_REFUSED:
        return error
    count_error(error)
    return FileProblem("scopes" if code in _SCOPES else "not_taken", code)
