"""The approved answers in the database, each question's latest. Nothing here expires: `purge` leaves them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records.database import insert_into, transact
from bot.records.models import ApprovedRecord
from bot.review.approving import Approved, normalize_question

_FIELDS = tuple(Approved.model_fields)


async def keep_approved(engine: AsyncEngine, answers: Sequence[Approved]) -> None:
    """Keep approved answers, all or none; what was approved before for the same question is replaced.

    Raises:
        DATABASE_FAULTS: nothing is kept; see `bot.records.database`.
    """
    rows = {_digest(answer.question): answer.model_dump() for answer in answers}
    insert = insert_into(engine, ApprovedRecord)
    upsert = insert.on_conflict_do_update(
        index_elements=["digest"], set_={field: insert.excluded[field] for field in _FIELDS}
    )
    values = [{"digest": digest, **row} for digest, row in rows.items()]
    if values:
        await transact(engine, lambda connection: connection.execute(upsert, values))


async def load_approved(engine: AsyncEngine) -> dict[str, Approved]:
    """The approved answers, by `normalize_question`.

    Raises:
        DATABASE_FAULTS: they can't be read; see `bot.records.database`.
    """
    columns = [getattr(ApprovedRecord, field) for field in _FIELDS]
    statement = select(*columns).order_by(ApprovedRecord.at, ApprovedRecord.digest)
    rows = await transact(engine, lambda connection: connection.execute(statement).all())
    return {normalize_question(row.question): Approved(**row._mapping) for row in rows}


def _digest(question: str) -> str:
    return hashlib.sha256(normalize_question(question).encode()).hexdigest()
