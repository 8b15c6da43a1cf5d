"""The responsibility matrix asked for in Slack: a table where it was asked for, and the rest of it behind that."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.desk import Desk
from bot.links import Links
from bot.records.worker import TryLaterError
from bot.review.matrix import ResponsibilityMatrix, draw_matrix
from bot.review.matrix_forms import MatrixFormat, name_matrix
from bot.review.matrix_forms import render_matrix as write_matrix
from bot.review.matrix_request import read_command
from bot.slack.blocks import Message
from bot.slack.files import FileProblem, begin_upload, complete_upload
from bot.slack.matrix import render_matrix, render_no_matrix, render_workbook, tell_workbook
from bot.slack.posting import Posting
from bot.slack.workspaces import count_error, describe_error
from bot.web.overview import UnknownError
from retrieval.question import detect_language
from retrieval.wording import Language

logger = logging.getLogger(__name__)

Send = Callable[[Message], Awaitable[object]]


class Asked(NamedTuple):
    """Where a matrix was asked for; ``private`` is whether only the asker is to see it."""

    channel: str
    user: str
    thread: str | None
    private: bool


class Matrices:
    """Draws the matrix, and sends it as a workbook where there is no page to lead to."""

    def __init__(self, desk: Desk, *, links: Links | None) -> None:
        self._desk = desk
        self._links = links

    async def answer(self, text: str, posting: Posting, asked: Asked, send: Send) -> bool:
        """Show the matrix that a message asks for; whether it asks for one.

        Args:
            text: the message.
            posting: the workspace's way out.
            asked: where.
            send: shows a message there.

        Raises:
            SlackApiError, aiohttp.ClientError, TimeoutError: what ``send`` raises.
        """
        regulation = read_command(text)
        if regulation is None:
            return False
        language = detect_language(text)
        try:
            matrix = await asyncio.to_thread(draw_matrix, self._desk, regulation or None)
        except UnknownError:
            names = dict.fromkeys(name for guide in self._desk.catalogue().guides for name in guide.regulations)
            await send(render_no_matrix([*names], language))
            return True
        await send(render_matrix(matrix, language, links=self._links))
        if self._links is None:
            await self._try_workbook(matrix, posting, asked, language)
        return True

    async def _try_workbook(
        self, matrix: ResponsibilityMatrix, posting: Posting, asked: Asked, language: Language
    ) -> None:
        """Send the workbook if the app may write files; the table stands there, whatever becomes of it."""
        try:
            if await _may_write(posting.client):
                await self._send_workbook(matrix, posting, asked, language)
        except (FileProblem, TryLaterError) as error:
            logger.warning("A matrix could not be sent as a workbook: %s", error)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            count_error(error)
            logger.warning("A matrix could not be sent as a workbook: %s", describe_error(error))

    async def _send_workbook(
        self, matrix: ResponsibilityMatrix, posting: Posting, asked: Asked, language: Language
    ) -> None:
        content = await asyncio.to_thread(write_matrix, matrix, MatrixFormat.XLSX)
        named = dict.fromkeys(clause.ref.partition(" ")[0] for clause in matrix.clauses)
        name = name_matrix([*named] if len(named) == 1 else [], MatrixFormat.XLSX)
        channel, thread = asked.channel, asked.thread
        if asked.private and not channel.startswith("D"):  # everybody in a channel would see a file
            channel, thread, _ = await posting.place(render_workbook(language), asked.user, asked.user)
        file = await begin_upload(posting.client, name, content)
        await complete_upload(posting.client, file, name, channel, thread=thread, comment=tell_workbook(language))


async def _may_write(client: AsyncWebClient) -> bool:
    granted = (await client.auth_test()).headers.get("x-oauth-scopes", "")
    return "files:write" in granted.split(",")
