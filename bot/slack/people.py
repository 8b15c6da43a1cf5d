"""What Slack knows of people and channels: their language, what they may set, the groups that can be called."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Literal

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.workspaces import count_error, describe_error, read_code
from retrieval.wording import Language

logger = logging.getLogger(__name__)

# Seconds that looking at a channel may take while Slack waits three for an answer.
_TOLD_WITHIN = 2.0


@dataclass(frozen=True)
class Person:
    """A member: their language, and whether they administer the workspace; None where Slack did not say."""

    id: str
    language: Language
    is_admin: bool | None


async def read_person(client: AsyncWebClient, user: str) -> Person:
    """What Slack says of a member; where it can't be asked, somebody who speaks English."""
    try:
        found = (await client.users_info(user=user, include_locale=True)).get("user") or {}
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        count_error(error)
        logger.warning("A member could not be looked up: %s", describe_error(error))
        return Person(user, "en", None)
    language: Language = "zh-Hant" if str(found.get("locale", "")).startswith("zh") else "en"
    return Person(user, language, bool(found.get("is_admin") or found.get("is_owner")))


async def find_language(client: AsyncWebClient, user: str) -> Language:
    """The language that a member has set Slack to."""
    return (await read_person(client, user)).language


async def may_set(client: AsyncWebClient, person: Person, channel: str) -> bool | None:
    """Whether somebody may change a channel's settings: an administrator, its creator, or whoever talks there alone.

    None where Slack can't be asked: they may not now.
    """
    if not channel:
        return False
    if person.is_admin or channel.startswith("D"):
        return True
    try:
        found = (await client.conversations_info(channel=channel)).get("channel") or {}
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        count_error(error)
        logger.warning("A channel could not be looked up: %s", describe_error(error))
        return None
    return True if found.get("creator") == person.id else None if person.is_admin is None else False


async def find_obstacle(client: AsyncWebClient, channel: str) -> Literal["archived", "absent"] | None:
    """Why the app can't post in a channel, as far as Slack tells: it is archived, or the app is not in it."""
    try:
        async with asyncio.timeout(_TOLD_WITHIN):
            found = (await client.conversations_info(channel=channel)).get("channel") or {}
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        count_error(error)
        if isinstance(error, SlackApiError) and read_code(error) == "channel_not_found":
            return "absent"  # a private channel is not to be seen from outside
        logger.warning("A channel could not be looked up: %s", describe_error(error))
        return None
    if found.get("is_archived"):
        return "archived"
    return "absent" if found.get("is_member") is False else None


async def list_groups(client: AsyncWebClient) -> list[tuple[str, str]]:
    """The workspace's user groups, id and name; none where they can't be listed."""
    try:
        groups = (await client.usergroups_list()).get("usergroups") or []
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        count_error(error)
        logger.warning("The user groups could not be listed: %s", describe_error(error))
        return []
    return [(str(group.get("id")), str(group.get("name"))) for group in groups]
