"""What is forgotten: what is older than the operator keeps it, and all of a workspace that asks for it."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Delete, and_, column, delete, or_, table
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import transact
from bot.records.models import (
    AnswerRecord,
    ChannelSettings,
    EndedSession,
    FeedbackRecord,
    InboxEvent,
    Lookup,
    ReviewRecord,
    SentMessage,
)
from bot.records.reviews import REVIEW_KEPT, forget_reviews
from bot.records.sessions import SESSIONS_LAST

_DAY = 24 * 60 * 60

# Seconds that a done event is remembered by its key. Slack repeats a delivery for minutes, an app whose events are
# delivered late for two hours.
_DONE_KEPT = _DAY

_STATES = table("slack_oauth_states", column("expire_at"))
_SLACK_TABLES = [
    table(name, column("team_id"), column("enterprise_id")) for name in ("slack_bots", "slack_installations")
]


async def purge(engine: AsyncEngine, retention_days: int | None) -> int:
    """Delete what is older than it is kept, reviewed questionnaires among it.

    Args:
        engine: the database.
        retention_days: for how long answers, feedback and lookups are kept; None for ever.

    Returns:
        How many answers, opinions and lookups were deleted.
    """
    now = time.time()
    await _delete(
        engine,
        delete(InboxEvent).where(InboxEvent.done < now - _DONE_KEPT),
        *forget_reviews(ReviewRecord.at <= now - REVIEW_KEPT),
        delete(EndedSession).where(EndedSession.at < now - SESSIONS_LAST),
        # slack-sdk stores this time without its zone, which is UTC
        delete(_STATES).where(_STATES.c.expire_at < datetime.now(UTC).replace(tzinfo=None) - timedelta(days=1)),
    )
    if retention_days is None:
        return 0
    kept_from = now - retention_days * _DAY
    await _delete(engine, delete(SentMessage).where(SentMessage.at < kept_from))
    return await _delete(
        engine,
        delete(AnswerRecord).where(AnswerRecord.at < kept_from),
        delete(FeedbackRecord).where(FeedbackRecord.at < kept_from),
        delete(Lookup).where(Lookup.at < kept_from),
    )


async def erase(engine: AsyncEngine, workspace: str) -> int:
    """Delete all that came from a workspace: events, answers, feedback, lookups, reviews, settings, installations.

    Args:
        engine: the database.
        workspace: the channel's own id, such as Slack's ``T0123``; or an organization's, ``E0123``.

    Returns:
        How many rows were deleted.
    """
    own = [
        delete(each).where(each.workspace == workspace)
        for each in (InboxEvent, AnswerRecord, FeedbackRecord, Lookup, SentMessage, ChannelSettings)
    ]
    slack = [
        delete(each).where(
            or_(each.c.team_id == workspace, and_(each.c.team_id.is_(None), each.c.enterprise_id == workspace))
        )
        for each in _SLACK_TABLES
    ]
    return await _delete(engine, *own, *forget_reviews(ReviewRecord.workspace == workspace), *slack)


async def _delete(engine: AsyncEngine, *statements: Delete) -> int:
    return await transact(engine, lambda connection: sum(connection.execute(each).rowcount for each in statements))
