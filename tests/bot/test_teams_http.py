"""Teams over HTTP: signed activities go to the real endpoint, answers reach a strict fake of the connector."""

from __future__ import annotations

from fakes.answers import ONE_CLAUSE
from fakes.teams_activities import PERSONAL, personal
from fakes.teams_service import TeamsService
from fakes.teams_signer import TENANT

from bot.records.inbox import derive_key
from bot.teams.cards import render_answer

QUESTION = "who handles backups under GL8 5.1(c)?"


def drawn(activity: dict[str, object], conversation: str) -> object:
    """The card of the stub's answer where nobody is set to be asked."""
    key = derive_key("teams message", TENANT, conversation, str(activity["id"]))
    return render_answer(ONE_CLAUSE, answer_id=key, ask_person=False).card


async def test_a_personal_message_is_answered_in_the_chat(teams_service: TeamsService) -> None:
    """What one person writes to Clausebot is answered with a card, in reply to it, and asks for feedback."""
    activity = personal(QUESTION)
    assert (await teams_service.post(activity)).status == 202
    [sent] = await teams_service.fake.wait_for(1)
    assert (sent.conversation, sent.reply_to) == (PERSONAL, activity["id"])
    assert sent.card == drawn(activity, PERSONAL)
    assert sent.activity["channelData"] == {"feedbackLoop": {"type": "default"}}
    assert teams_service.answerer.questions == [QUESTION]
