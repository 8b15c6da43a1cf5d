"""Teams over HTTP: signed activities go to the real endpoint, answers reach a strict fake of the connector."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest
from fakes.answers import COPIES, ONE_CLAUSE, make_answer
from fakes.slack import FakeSlack
from fakes.slack_requests import direct_message
from fakes.teams import FakeTeams, Mishap
from fakes.teams_activities import (
    CHANNEL,
    GROUP,
    PERSONAL,
    Activity,
    channel_message,
    execute,
    feedback,
    group,
    mention,
    personal,
    search,
    submit,
)
from fakes.teams_entra import EntraMishap
from fakes.teams_service import TeamsService, serve_teams
from fakes.teams_signer import TENANT
from fakes.waiting import wait_until
from pydantic import SecretStr

from bot.metrics import UPSTREAM_ERRORS, UPSTREAM_RATE_LIMITS
from bot.records.inbox import derive_key
from bot.settings import Settings, load_settings
from bot.teams.cards import render_answer
from bot.teams.notices import render_fault
from bot.teams.welcome import render_usage

QUESTION = "who handles backups under GL8 5.1(c)?"


@pytest.fixture(autouse=True)
def _unannounced(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long an answer takes on a busy machine, nothing is counted here beside it."""
    monkeypatch.setattr("bot.replying._INSTANT", 600.0)


def drawn(activity: Activity) -> object:
    """The card of the stub's answer where nobody is set to be asked."""
    key = derive_key("teams message", TENANT, activity["conversation"]["id"], activity["id"])
    return render_answer(ONE_CLAUSE, answer_id=key, ask_person=False).card


@pytest.mark.parametrize(("write", "where"), [(personal, PERSONAL), (group, GROUP)])
async def test_a_chat_is_answered_in_reply(teams_service: TeamsService, write: Any, where: str) -> None:
    """What is written to Clausebot, or mentions it in a group, gets a card in reply, which asks for feedback."""
    activity = write(QUESTION)
    response = await teams_service.post(activity)
    assert (response.status, await response.text()) == (202, "")
    [sent] = await teams_service.fake.wait_for(1)
    assert (sent.conversation, sent.reply_to) == (where, activity["id"])
    assert sent.card == drawn(activity)
    assert sent.activity["channelData"] == {"feedbackLoop": {"type": "default"}}
    assert teams_service.answerer.questions == [QUESTION]


async def test_a_mention_is_answered_in_its_thread(teams_service: TeamsService) -> None:
    """A mention in a channel is answered in the thread that it begins or stands in."""
    first, later = mention(QUESTION), mention(QUESTION, thread="1700000000123")
    for activity in (first, later):
        await teams_service.post(activity)
    sent = await teams_service.fake.wait_for(2)
    assert {each.conversation for each in sent} == {
        f"{CHANNEL};messageid={first['id']}",
        f"{CHANNEL};messageid=1700000000123",
    }
    assert teams_service.answerer.questions == [QUESTION] * 2


async def test_teams_markup_does_not_reach_the_answerer(teams_service: TeamsService) -> None:
    """Mentions are dropped, hard spaces are spaces, entities stand as characters."""
    await teams_service.post(mention("who copies\xa0R&amp;D data,\xa0<at>Bob</at>, under GL8&nbsp;5.1(c)?"))
    await teams_service.fake.wait_for(1)
    assert teams_service.answerer.questions == ["who copies R&D data, , under GL8 5.1(c)?"]


@pytest.mark.parametrize("typed", ["", " ", "help", "HELP", "?", "說明", "Look up"])
async def test_asking_for_help_shows_usage(teams_service: TeamsService, typed: str) -> None:
    """No text, or a call for help, is answered with usage, and asked of nobody."""
    await teams_service.post(personal(typed))
    await teams_service.post(mention(typed))
    sent = await teams_service.fake.wait_for(2)
    assert [each.activity["text"] for each in sent] == [render_usage().text] * 2
    assert teams_service.answerer.questions == []


async def test_what_teams_delivers_again_is_answered_once(teams_service: TeamsService) -> None:
    """The same activity, delivered again after a time-out, is acknowledged and not answered again."""
    activity = personal(QUESTION)
    for _ in range(4):
        assert (await teams_service.post(activity)).status == 202
    await teams_service.post(personal("another"))
    await teams_service.fake.wait_for(2)
    assert teams_service.answerer.questions == [QUESTION, "another"]


@pytest.mark.parametrize(
    "activity",
    [
        channel_message(QUESTION),
        channel_message(QUESTION, thread="1700000000999"),
        channel_message(f"<at>Bob</at> {QUESTION}", thread="1700000000999"),
        personal(QUESTION, type="messageUpdate"),
        personal(QUESTION, type="messageDelete"),
        personal(QUESTION, type="messageReaction", reactionsAdded=[{"type": "like"}]),
        personal(QUESTION, type="typing"),
        personal(QUESTION, type="event", name="application/vnd.microsoft.meetingStart"),
        personal(QUESTION, id=None),
        personal(QUESTION, text=None),
        personal(QUESTION, **{"from": None}),
        personal(QUESTION, **{"from": {"id": "28:other", "role": "bot"}}),
        submit(personal(""), {"no": "verb"}),
        submit(personal(""), {"verb": "choice", "value": "nonsense"}),
        submit(personal(""), {"verb": ["choice"]}),
        submit(personal(""), {"verb": "unknown", "value": "{}"}),
    ],
)
async def test_what_is_not_for_us_is_left_alone(teams_service: TeamsService, activity: Activity) -> None:
    """What people say to others, edits, reactions, bots and odd buttons are acknowledged and not answered."""
    assert (await teams_service.post(activity)).status == 202
    await teams_service.post(personal("another"))
    await teams_service.fake.wait_for(1)
    assert teams_service.answerer.questions == ["another"]


async def test_an_invoke_that_nobody_handles_is_refused(teams_service: TeamsService) -> None:
    """An invoke of another kind is a 501, and its name is told only if it looks like one."""
    assert (await teams_service.post(personal("", type="invoke", name="task/fetch"))).status == 501
    assert (await teams_service.post(personal("", type="invoke", name="who copies\nour data?"))).status == 501
    assert (await teams_service.post(personal("", type="invoke"))).status == 501


@pytest.mark.parametrize(
    "odd",
    [
        {"value": 5},
        {"value": None},
        {"value": {"action": 5}},
        {"value": {"action": {"data": 5}}},
        {"value": {"action": {"data": {"verb": "source"}}}},
        {"value": {"action": {"data": {"verb": "source", "value": {}}}}},
        {"value": {"action": {"data": {"verb": "back", "value": "[]"}}}},
        {"value": {"action": {"data": {"verb": "ask_person", "value": "null"}}}},
        {"value": {"action": {"data": {"verb": "save_settings", "value": "x", "regulation": 5, "helpers": {}}}}},
        {"value": {"parameters": 5, "queryOptions": 5}},
        {"value": {"parameters": [5, {"name": "clause", "value": 5}], "queryOptions": {"skip": "many"}}},
        {"value": {"actionName": "feedback", "actionValue": 5}, "replyToId": "1"},
        {"value": {"actionName": "feedback", "actionValue": {"reaction": 5, "feedback": "{" * 99}}, "replyToId": "1"},
        {"value": {"actionName": "feedback", "actionValue": {"feedback": 5}}},
        {"channelData": {"tenant": {"id": TENANT}, "team": {"id": 5}}, "value": {"action": {"data": {}}}},
    ],
)
@pytest.mark.parametrize("name", ["adaptiveCard/action", "composeExtension/query", "message/submitAction"])
async def test_odd_invokes_are_answered(teams_service: TeamsService, name: str, odd: dict[str, Any]) -> None:
    """Whatever an invoke holds, its answer is no error, and nothing is sent."""
    activity = {name: value for name, value in personal("").items() if name != "text"}
    assert isinstance(await teams_service.invoke(activity | {"type": "invoke", "name": name} | odd), dict)
    assert teams_service.fake.messages == []


@pytest.mark.parametrize("mishap", ["rate limit", "server error", "close", "unauthorized"])
async def test_a_reply_that_teams_turns_away_is_tried_again(teams_service: TeamsService, mishap: Mishap) -> None:
    """A rate limit, a fault of Microsoft's, a broken connection or a stale token delays the answer, counted."""
    limits = UPSTREAM_RATE_LIMITS.labels("teams")
    before = limits._value.get()
    teams_service.fake.mishaps.append(mishap)
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.wait_for(1)
    assert teams_service.fake.attempts == 2
    assert len(teams_service.fake.entra.issued) == (2 if mishap == "unauthorized" else 1)
    assert limits._value.get() - before == (mishap == "rate limit")


async def test_a_connector_that_hangs_is_not_waited_for(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that gets no answer is given up after its time, and made again."""
    monkeypatch.setattr("bot.teams.posting._CALL_WITHIN", 0.2)
    teams_service.fake.mishaps.append("hang")
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.wait_for(1)


async def test_a_layout_that_teams_refuses_is_sent_as_plain_text(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """A card that the connector will not take is followed by the plain reading: an answer, not silence."""
    teams_service.fake.mishaps.append("refuse layout")
    await teams_service.post(personal(QUESTION))
    [sent] = await teams_service.fake.wait_for(1)
    assert sent.card is None
    assert sent.activity["textFormat"] == "plain"
    assert sent.activity["text"] == render_answer(ONE_CLAUSE).speak
    assert "GL8 5.1(c)" in sent.activity["text"]
    assert "Teams refused a layout (BadArgument)" in caplog.text


async def test_a_reply_that_teams_refuses_for_good_is_logged_and_not_repeated(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Teams blocks what Clausebot writes, the loss is logged with Teams' code, and the next is answered."""
    errors = UPSTREAM_ERRORS.labels("teams", "MessageWritesBlocked")
    before = errors._value.get()
    teams_service.fake.mishaps.append("blocked")
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.wait_until(lambda: teams_service.fake.attempts == 1)
    await teams_service.post(personal("another"))
    await teams_service.fake.wait_for(1)
    await teams_service.runner.cleanup()
    assert "An answer was lost: RefusedError (MessageWritesBlocked)" in caplog.text
    assert teams_service.fake.attempts == 2
    assert errors._value.get() - before == 1


async def test_an_answer_of_a_proxy_is_taken_for_sent(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """Where something answers well, but not as the connector does, the message is not sent a second time."""
    teams_service.fake.mishaps.append("nonsense")
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.wait_until(lambda: teams_service.fake.attempts == 1)
    await teams_service.post(personal("another"))
    await teams_service.fake.wait_for(1)
    await teams_service.runner.cleanup()
    assert teams_service.fake.attempts == 2
    assert "its answer can't be read" in caplog.text


@pytest.mark.parametrize("mishap", ["server error", "nonsense", "close"])
async def test_without_a_token_answers_wait(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture, mishap: EntraMishap
) -> None:
    """While Entra gives no token, questions are taken in all the same, and answered once it does."""
    teams_service.fake.entra.mishaps.append(mishap)
    assert (await teams_service.post(personal(QUESTION))).status == 202
    await teams_service.fake.wait_for(1)
    assert "An answer was put off: TokenError" in caplog.text


async def test_a_secret_that_entra_refuses_is_told_by_its_number(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """An expired client secret is logged with Entra's number for it; once it is renewed, what waited is answered."""
    teams_service.fake.entra.refuse = "AADSTS7000222"
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.entra.refused.wait()
    teams_service.fake.entra.refuse = ""
    await teams_service.fake.wait_for(1)
    assert "TokenError (invalid_client AADSTS7000222)" in caplog.text


async def test_slack_is_answered_while_entra_hangs(
    teams: FakeTeams,
    fake: FakeSlack,
    teams_settings: Settings,
    http_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Answers that wait for a token hold up neither Slack nor the threads that names are looked up in."""
    monkeypatch.setattr("bot.teams.tokens._CALL_WITHIN", 60.0)
    monkeypatch.setattr("bot.teams.tokens._WITHIN", 60.0)
    teams.entra.mishaps.append("hang")
    async with serve_teams(load_settings(), teams, slack=fake) as service:
        for number in range(40):
            assert (await service.post(personal(f"question {number}"))).status == 202
        assert (await service.slack().event(direct_message("GL8 5.1(c)"))).status == 200
        await fake.wait_for(1)
        assert await asyncio.to_thread(lambda: "free") == "free"
        await wait_until(lambda: teams.entra.calls)
        assert (teams.messages, teams.entra.calls) == ([], 1)
        teams.entra.released.set()
        await teams.wait_for(40)


async def test_an_entra_that_hangs_is_not_waited_for(
    teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token that does not come in time is asked for again, and the answer sent with that."""
    monkeypatch.setattr("bot.teams.tokens._CALL_WITHIN", 0.2)
    teams_service.fake.entra.mishaps.append("hang")
    await teams_service.post(personal(QUESTION))
    await teams_service.fake.wait_for(1)


async def test_a_token_is_asked_for_once(teams_service: TeamsService) -> None:
    """Many answers at once are sent with one token, which is kept."""
    for number in range(30):
        await teams_service.post(personal(f"question {number}"))
    await teams_service.fake.wait_for(30)
    assert len(teams_service.fake.entra.issued) == 1
    assert sorted(teams_service.answerer.questions) == sorted(f"question {number}" for number in range(30))


async def test_a_token_is_renewed_before_its_end(teams_service: TeamsService, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token with less than five minutes to go is replaced before the next answer."""
    monkeypatch.setattr("bot.teams.tokens._SHORTEST", 0.0)
    teams_service.fake.entra.lasting = 290
    for count in (1, 2):
        await teams_service.post(personal(QUESTION))
        await teams_service.fake.wait_for(count)
    assert len(teams_service.fake.entra.issued) == 2


async def test_a_managed_identity_asks_the_machine(
    teams: FakeTeams, teams_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Registered with a managed identity, the app has its token from the machine that it runs on."""
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", teams.entra.machine)
    changes = {"microsoft_app_type": "UserAssignedMSI", "microsoft_app_password": None}
    async with serve_teams(teams_settings.model_copy(update=changes), teams) as service:
        await service.post(personal(QUESTION))
        await teams.wait_for(1)


async def test_a_fault_in_answering_is_told_and_logged_without_the_question(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """If answering raises, the asker reads an apology; the log names the error and quotes nothing."""
    teams_service.answerer.answer_to_give = ValueError(f"cannot read {QUESTION}")
    await teams_service.post(personal(QUESTION))
    [sent] = await teams_service.fake.wait_for(1)
    assert sent.activity["text"] == render_fault().text
    assert "ValueError" in caplog.text
    assert QUESTION not in caplog.text


async def test_no_log_line_holds_a_question_or_a_secret(
    teams_service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """Even with every logger at DEBUG, no line quotes what was asked or said, nor a token, nor the secret."""
    caplog.set_level(logging.DEBUG)
    teams_service.answerer.answer_to_give = make_answer([COPIES], message=f"The customer. You asked: {QUESTION}")
    teams_service.fake.mishaps.extend(["rate limit", "refuse layout"])
    activity = personal(QUESTION)
    await teams_service.post(activity)
    await teams_service.post(activity | {"entities": [{"type": "mention", "mentioned": QUESTION}]})
    await teams_service.post(activity, key="other")
    await teams_service.post(activity | {"type": "invoke", "name": QUESTION})
    await teams_service.invoke(search(QUESTION))
    await teams_service.invoke(execute(activity, {"data": {"verb": QUESTION, "value": QUESTION}}))
    [sent] = await teams_service.fake.wait_for(1)
    await teams_service.invoke(feedback(activity, sent.id, "dislike", "It should name the provider too."))
    assert QUESTION not in caplog.text
    assert "name the provider" not in caplog.text
    assert "eyJ" not in caplog.text


async def test_a_stop_lets_the_answer_under_way_finish(teams: FakeTeams, teams_settings: Settings) -> None:
    """An answer that Teams holds up is still sent after the service was told to stop."""
    async with serve_teams(teams_settings, teams) as service:
        teams.mishaps.append("slow")
        await service.post(personal(QUESTION))
        await service.runner.cleanup()
        assert len(teams.messages) == 1


async def test_a_stop_waits_only_so_long(
    teams: FakeTeams, teams_settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that Teams never takes is cut off, stays in the inbox, and is given after the next start."""
    monkeypatch.setattr("bot.teams.app._FINISH_WITHIN", 0.2)
    monkeypatch.setattr("bot.records.worker._RELEASE_WITHIN", 60)
    async with serve_teams(teams_settings, teams) as service:
        teams.mishaps.append("hang")
        await service.post(personal(QUESTION))
        await teams.wait_until(lambda: teams.attempts)
        await service.runner.cleanup()
    assert teams.messages == []
    assert "1 answers were cut off" in caplog.text
    async with serve_teams(teams_settings, teams):
        await teams.wait_for(1)


async def test_a_start_does_not_wait_for_microsoft(
    teams: FakeTeams, teams_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """A wrong secret does not keep the service from starting and taking questions in."""
    wrong = teams_settings.model_copy(update={"microsoft_app_password": SecretStr("not the secret of the app")})
    async with serve_teams(wrong, teams) as service:
        assert (await service.post(personal(QUESTION))).status == 202
        await teams.entra.refused.wait()
    assert "AADSTS7000215" in caplog.text
    assert teams.messages == []


async def test_many_questions_at_once_are_each_answered(teams_service: TeamsService) -> None:
    """Fifty messages at once get fifty answers."""
    await asyncio.gather(*(teams_service.post(personal(f"question {number}")) for number in range(50)))
    await teams_service.fake.wait_for(50)
    assert sorted(teams_service.answerer.questions) == sorted(f"question {number}" for number in range(50))
