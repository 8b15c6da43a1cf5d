"""What Clausebot does about what happens in Teams: it stores questions, and answers at once what Teams waits for."""

from __future__ import annotations

import logging
import math
import re
from typing import Any

from microsoft_agents.activity import Activity

from bot.desk import Desk
from bot.limits import Admission
from bot.records.worker import Worker
from bot.teams.invokes import Invokes
from bot.teams.questions import Question, read_message, read_welcome
from bot.teams.reading import read_scope, read_tenant

logger = logging.getLogger(__name__)

# What is not limited in number: nobody asked for it, or it asks nothing of the guide.
_FREE = {"welcome", "settings"}

# An invoke's name may be anything; only what looks like one is told.
_NAME = re.compile(r"[\w/.-]{1,64}", re.ASCII)


class Listeners:
    """Takes in messages, what is pressed in cards, searches, feedback, and that Clausebot is added or removed."""

    def __init__(self, desk: Desk, worker: Worker, invokes: Invokes) -> None:
        self._desk = desk
        self._worker = worker
        self._invokes = invokes

    async def take(self, activity: Activity) -> dict[str, Any] | None:
        """Take an activity in; once this returns it is stored, and may be acknowledged.

        Returns:
            The response to an invoke; None for one that is not for us, and for all that is no invoke.

        Raises:
            DATABASE_FAULTS: it can't be stored; see `bot.records.database`.
        """
        if activity.type == "message":
            await self._store_message(activity)
        elif activity.type in ("conversationUpdate", "installationUpdate"):
            await self._store(read_welcome(activity))
            if activity.action == "remove":
                # What is kept is the tenant's, in which the app may be installed elsewhere.
                logger.info("Clausebot was removed from a %s in %s", read_scope(activity), read_tenant(activity))
        elif activity.type == "invoke":
            return await self._answer_invoke(activity)
        return None

    async def _store_message(self, activity: Activity) -> None:
        question = read_message(activity)
        # Looked up before anything is stored: what people say elsewhere is no business of ours.
        if question and question.payload["kind"] == "follow_up" and not await self._follows(question):
            return
        await self._store(question)

    async def _answer_invoke(self, activity: Activity) -> dict[str, Any] | None:
        answered = await self._invokes.answer(activity)
        if answered is None:
            name = activity.name or ""
            logger.warning("Nothing here handles what Teams sent: %s", name if _NAME.fullmatch(name) else "(unnamed)")
            return None
        if answered.question:
            await self._take_in(answered.question)
        return answered.response

    async def _follows(self, question: Question) -> bool:
        return await self._desk.follow(question.origin, math.inf) is not None

    async def _store(self, question: Question | None) -> None:
        if question is None:
            return
        if question.payload["kind"] not in _FREE:
            admission = await self._admit(question)
            if not admission.admitted:
                if not admission.tell or question.payload["kind"] == "follow_up":
                    return
                question.payload["refused"] = admission.wait
        await self._take_in(question)

    async def _admit(self, question: Question) -> Admission:
        """Whether a question may be asked now; each file of one counts as one."""
        admission = await self._desk.admit(question.origin)
        for _ in question.payload.get("files", ())[1:]:
            if admission.admitted:
                admission = await self._desk.admit(question.origin)
        return admission

    async def _take_in(self, question: Question) -> None:
        await self._worker.take_in(question.key, question.workspace, question.payload)
