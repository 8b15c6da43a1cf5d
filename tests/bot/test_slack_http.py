"""Slack over HTTP: signed requests go to the real endpoint, answers reach a strict fake of Slack."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from typing import Any

import pytest
from fakes.answers import COPIES, ONE_CLAUSE, make_answer
from fakes.service import Service, serve
from fakes.slack import FakeSlack, Mishap
from fakes.slack_requests import direct_message, event_callback, mention, sign, slash_command
from fakes.waiting import wait_until
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.records.inbox import derive_key
from bot.settings import Settings, SettingsError
from bot.slack.blocks import render_answer
from bot.slack.notices import render_fault
from bot.slack.usage import render_settings_usage, render_usage
from bot.slack.workspaces import describe_error, is_passing
from retrieval.wording import Language

QUESTION = "who handles backups under GL8 5.1(c)?"


def drawn(answer_id: str, *, private: bool = False) -> list[dict[str, object]]:
    """The blocks of the stub's answer where nobody is set to be asked."""
    return render_answer(ONE_CLAUSE, answer_id=answer_id, ask_person=False, private=private).blocks


async def test_mention_is_answered_in_a_thread_under_it(service: Service) -> None:
    """A mention in a channel gets its answer in the thread of that very message."""
    event = mention(QUESTION)
    assert (await service.slack.event(event)).status == 200
    [sent] = await service.fake.wait_for(1)
    assert sent.method == "chat.postMessage"
    assert sent.payload["channel"] == "C0CHAN"
    assert sent.payload["thread_ts"] == event["ts"]
    assert sent.payload["blocks"] == drawn(derive_key("slack message", "T0TEAM", "C0CHAN", event["ts"]))
    assert service.answerer.questions == [QUESTION]


async def test_mention_in_a_thread_is_answered_in_that_thread(service: Service) -> None:
    """A mention within a thread is answered there, not under itself."""
    await service.slack.event(mention(QUESTION, thread_ts="1699999999.000001"))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["thread_ts"] == "1699999999.000001"


async def test_direct_message_is_answered_in_the_conversation(service: Service) -> None:
    """A direct message is answered beside it, outside any thread."""
    await service.slack.event(direct_message(QUESTION))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["channel"] == "D0ANN"
    assert "thread_ts" not in sent.payload


async def test_direct_message_in_a_thread_is_answered_in_that_thread(service: Service) -> None:
    """A direct message within a thread is answered within it."""
    await service.slack.event(direct_message(QUESTION, thread_ts="1699999999.000002"))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["thread_ts"] == "1699999999.000002"


async def test_command_is_answered_to_its_giver_alone(service: Service) -> None:
    """A slash command is acknowledged at once and answered ephemerally through its response URL."""
    command = slash_command("GL8 5.1(c)", service.fake.response_url())
    response = await service.slack.command(command)
    assert (response.status, await response.text()) == (200, "")
    [sent] = await service.fake.wait_for(1)
    assert sent.method == "response_url"
    assert sent.payload["response_type"] == "ephemeral"
    key = derive_key("slack command", "T0TEAM", command["trigger_id"], command["response_url"])
    assert sent.payload["blocks"] == drawn(key, private=True)
    assert service.answerer.questions == ["GL8 5.1(c)"]


async def test_command_whose_response_url_expired_is_answered_ephemerally(service: Service) -> None:
    """Where the response URL is refused, the answer is posted for the same person's eyes only."""
    await service.slack.command(slash_command("GL8 5.1(c)", service.fake.response_url("expired")))
    [sent] = await service.fake.wait_for(1)
    assert sent.method == "chat.postEphemeral"
    assert (sent.payload["channel"], sent.payload["user"]) == ("C0CHAN", "U0ANN")


async def test_an_unreadable_answer_of_a_response_url_does_not_lose_the_answer(service: Service) -> None:
    """Where what answers a response URL is not Slack, the answer is posted for the same person's eyes only."""
    service.fake.mishaps["response_url"].append("nonsense")
    await service.slack.command(slash_command("GL8 5.1(c)", service.fake.response_url()))
    [sent] = await service.fake.wait_for(1)
    assert sent.method == "chat.postEphemeral"


async def test_command_from_nowhere_is_answered_directly(service: Service) -> None:
    """Where a command says of no place to answer, its giver gets the answer as a direct message."""
    fields = slash_command("GL8 5.1(c)", "no address")
    del fields["channel_id"]
    assert (await service.slack.command(fields)).status == 200
    [sent] = await service.fake.wait_for(1)
    assert (sent.method, sent.payload["channel"]) == ("chat.postMessage", "U0ANN")


@pytest.mark.parametrize("text", ["", " ", "help", "HELP", "?", "hi", "Hello!", "thanks!", "who are you?"])
async def test_asking_for_help_shows_usage(service: Service, text: str) -> None:
    """No text, a greeting or a call for help gets usage by command and by mention, and is asked of nobody."""
    await show_usage(service, text, "en")


@pytest.mark.parametrize("text", ["說明", "幫助", "你好", "多謝！"])
async def test_asking_for_help_in_chinese_shows_usage_in_chinese(service: Service, text: str) -> None:
    """The same in Chinese is answered with usage in Chinese."""
    await show_usage(service, text, "zh-Hant")


async def show_usage(service: Service, text: str, language: Language) -> None:
    """See usage in a language come back by command, by mention and directly."""
    await service.slack.command(slash_command(text, service.fake.response_url()))
    await service.slack.event(mention(text))
    await service.slack.event(direct_message(text))
    sent = await service.fake.wait_for(3)
    assert [each.payload["blocks"] for each in sent] == [render_usage(language).blocks] * 3
    assert service.answerer.questions == []


@pytest.mark.parametrize(("text", "language"), [("settings", "en"), ("設定", "zh-Hant")])
async def test_a_message_that_asks_for_the_settings_is_told_how_to_open_them(
    service: Service, text: str, language: Language
) -> None:
    """A message can't open a modal: a mention and a direct message read which command does."""
    await service.slack.event(mention(text))
    await service.slack.event(direct_message(text))
    sent = await service.fake.wait_for(2)
    assert [each.payload["blocks"] for each in sent] == [render_settings_usage(language).blocks] * 2
    assert "/clause settings" in sent[0].payload["text"]
    assert service.answerer.questions == []


async def test_a_delivery_that_slack_repeats_is_answered_once(service: Service) -> None:
    """The same event, delivered again as Slack retries, is acknowledged and not answered again."""
    event = mention(QUESTION)
    for number in range(4):
        retry = {"X_Slack_Retry_Num": str(number), "X_Slack_Retry_Reason": "http_timeout"} if number else {}
        assert (await service.slack.event(event, "Ev0SAME", **retry)).status == 200
    await service.slack.event(mention("another"))
    await service.fake.wait_for(2)
    assert service.answerer.questions == [QUESTION, "another"]


async def test_a_retry_whose_first_delivery_was_lost_is_answered(service: Service) -> None:
    """A delivery that calls itself a retry is answered if it is the first to arrive."""
    await service.slack.event(mention(QUESTION), X_Slack_Retry_Num="2")
    await service.fake.wait_for(1)
    assert service.answerer.questions == [QUESTION]


async def test_one_message_told_by_two_events_is_answered_once(service: Service) -> None:
    """A mention in a direct conversation comes as two events of one message, and gets one answer."""
    event = direct_message(f"<@U0CLAUSE> {QUESTION}")
    await service.slack.event(event)
    await service.slack.event(event | {"type": "app_mention"})
    await service.slack.event(mention("another"))
    await service.fake.wait_for(2)
    assert service.answerer.questions == [QUESTION, "another"]


@pytest.mark.parametrize(
    "event",
    [
        mention(QUESTION, bot_id="B0OTHER"),
        mention(QUESTION, user="U0CLAUSE", bot_id="B0CLAUSE"),
        mention(QUESTION, edited={"user": "U0ANN", "ts": "1700000001.000000"}),
        mention(QUESTION, user=None),
        direct_message(QUESTION, bot_id="B0CLAUSE", user="U0CLAUSE"),
        direct_message(QUESTION, bot_id="B0OTHER", subtype="bot_message", user=None),
        direct_message(QUESTION, subtype="message_changed", message={"text": QUESTION}, text=None, user=None),
        direct_message(QUESTION, subtype="message_deleted", deleted_ts="1700000000.000001", text=None, user=None),
        direct_message(QUESTION, subtype="channel_join"),
        direct_message(QUESTION, channel_type="channel", channel="C0CHAN"),
        direct_message(QUESTION, text=None),
        direct_message(QUESTION, text=5),
    ],
)
async def test_bots_edits_and_notices_are_not_answered(service: Service, event: dict[str, object]) -> None:
    """What another bot, this bot, an edit, a deletion or Slack itself brings is acknowledged and left alone."""
    assert (await service.slack.event(event)).status == 200
    await service.slack.event(mention("another"))
    await service.fake.wait_for(1)
    assert service.answerer.questions == ["another"]


@pytest.mark.parametrize(
    "event",
    [
        mention(QUESTION, subtype="file_share", files=[{"id": "F0"}]),
        direct_message(QUESTION, subtype="file_share", files=[{"id": "F0"}]),
        mention(QUESTION, subtype="thread_broadcast", thread_ts="1700000000.000001"),
    ],
)
async def test_a_question_with_a_file_or_sent_to_the_channel_too_is_answered(
    service: Service, event: dict[str, object]
) -> None:
    """A question beside a file that the app may not read, or shown in the channel too, is answered."""
    await service.slack.event(event)
    await service.fake.wait_until(lambda: service.answerer.questions)
    assert service.answerer.questions == [QUESTION]


async def test_slacks_markup_does_not_reach_the_answerer(service: Service) -> None:
    """Mentions are dropped, links stand by their label, entities as characters."""
    await service.slack.event(mention("<@U0BOB> who copies R&amp;D data under <https://example.org|GL8 5.1(c)>?"))
    await service.fake.wait_for(1)
    assert service.answerer.questions == ["who copies R&D data under GL8 5.1(c)?"]


@pytest.mark.parametrize("mishap", ["rate limit", "server error", "close"])
async def test_a_post_that_slack_turns_away_is_tried_again(service: Service, mishap: Mishap) -> None:
    """A rate limit, a fault of Slack's or a broken connection delays the answer and does not lose it."""
    service.fake.mishaps["chat.postMessage"].append(mishap)
    await service.slack.event(mention(QUESTION))
    await service.fake.wait_for(1)
    assert service.fake.calls.count("chat.postMessage") == 2


async def test_a_layout_that_slack_refuses_is_sent_as_plain_text(service: Service) -> None:
    """Blocks that Slack calls invalid are followed by the plain reading: an answer, not silence."""
    service.fake.mishaps["chat.postMessage"].append("refuse layout")
    await service.slack.event(mention(QUESTION))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["text"] == ONE_CLAUSE.message
    *reading, note = sent.payload["blocks"]
    assert "".join(block["text"]["text"] for block in reading) == ONE_CLAUSE.message
    assert "plain text" in note["elements"][0]["text"]


async def test_a_fault_in_answering_is_told_and_logged_without_the_question(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    """If answering raises, the asker reads an apology; the log names the error and quotes nothing."""
    service.answerer.answer_to_give = ValueError(f"cannot read {QUESTION}")
    await service.slack.event(mention(QUESTION))
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["blocks"] == render_fault().blocks
    assert "ValueError" in caplog.text
    assert QUESTION not in caplog.text


@pytest.mark.parametrize(
    ("channel", "code", "advice"),
    [
        ("C0GONE", "channel_not_found", "invite me"),
        ("C0NOBOT", "not_in_channel", "invite me"),
        ("C0ARCHIVED", "is_archived", "archived"),
        ("C0READONLY", "restricted_action", "administrators"),
    ],
)
async def test_who_asks_where_slack_lets_nobody_answer_is_told_directly(
    service: Service, caplog: pytest.LogCaptureFixture, channel: str, code: str, advice: str
) -> None:
    """An answer that may not stand in its channel goes to the asker alone, with what to do, and the log says so."""
    assert (await service.slack.event(mention(QUESTION, channel=channel))).status == 200
    [sent] = await service.fake.wait_for(1)
    assert sent.payload["channel"] == "U0ANN"
    assert advice in sent.payload["blocks"][0]["elements"][0]["text"]
    assert sent.payload["text"].endswith(ONE_CLAUSE.message)
    assert code in caplog.text


async def test_an_unreadable_answer_of_slacks_is_logged(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """Where a proxy answers in Slack's place, the loss is logged, and the next question is answered."""
    service.fake.mishaps["chat.postMessage"].append("nonsense")
    await service.slack.event(mention(QUESTION))
    await service.slack.event(mention("another"))
    await service.fake.wait_for(1)
    await wait_until(lambda: "An answer was lost: SlackApiError (unreadable answer)" in caplog.text)


async def test_no_log_line_holds_a_question_or_a_secret(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    """Even with every logger at DEBUG, no line quotes what was asked, nor a token, nor the signing secret."""
    caplog.set_level(logging.DEBUG)
    service.answerer.answer_to_give = make_answer([COPIES], message=f"The customer. You asked: {QUESTION}")
    service.fake.mishaps["chat.postMessage"].extend(["rate limit", "server error"])
    await service.slack.event(mention(QUESTION))
    await service.slack.event(mention(QUESTION), X_Slack_Signature="v0=" + "0" * 64)
    await service.slack.event({"type": "reaction_added", "user": "U0ANN", "item": {"text": QUESTION}})
    await service.slack.command(slash_command(QUESTION, service.fake.response_url("expired")))
    await service.fake.wait_for(2)
    assert QUESTION not in caplog.text
    assert "xoxb-" not in caplog.text
    assert "/response/" not in caplog.text


async def test_slacks_url_verification_is_answered(service: Service) -> None:
    """Slack's challenge comes back, so that the address can be entered in the app's settings."""
    response = await service.slack.post(b'{"type":"url_verification","challenge":"xyz"}', "application/json")
    assert (response.status, await response.json()) == (200, {"challenge": "xyz"})


async def test_slacks_check_of_the_certificate_is_answered(service: Service) -> None:
    """Slack's occasional check of the address, which names no command, is acknowledged."""
    assert (await service.slack.command({"ssl_check": "1", "token": "deprecated"})).status == 200


async def test_an_event_that_nobody_listens_to_is_refused_quietly(service: Service) -> None:
    """An event of another type is a 404, and no answer."""
    assert (await service.slack.event({"type": "reaction_added", "user": "U0ANN"})).status == 404


async def test_a_stop_lets_the_answer_under_way_finish(http_settings: Settings, fake: FakeSlack) -> None:
    """An answer that Slack holds up is still sent after the service was told to stop."""
    async with serve(http_settings, fake) as service:
        fake.mishaps["chat.postMessage"].append("rate limit")
        await service.slack.event(mention(QUESTION))
        await service.runner.cleanup()
        assert len(fake.messages) == 1


async def test_a_stop_waits_only_so_long(
    http_settings: Settings, fake: FakeSlack, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An answer that Slack never takes is cut off, and the log says that one was."""
    monkeypatch.setattr("bot.slack.app._FINISH_WITHIN", 0.2)
    async with serve(http_settings, fake) as service:
        fake.mishaps["chat.postMessage"].append("hang")
        await service.slack.event(mention(QUESTION))
        await service.runner.cleanup()
    assert fake.messages == []
    assert "1 answers were cut off" in caplog.text


async def test_a_token_that_slack_refuses_stops_the_start(http_settings: Settings, fake: FakeSlack) -> None:
    """A revoked bot token is told in one line at start, which does not quote it."""
    revoked = http_settings.model_copy(update={"slack_bot_token": SecretStr("xoxb-revoked")})
    with pytest.raises(SettingsError) as caught:
        async with serve(revoked, fake):
            pass
    assert str(caught.value).startswith("SLACK_BOT_TOKEN: Slack refused it (invalid_auth); ")
    assert "xoxb-revoked" not in str(caught.value)


@pytest.mark.parametrize("mishap", ["close", "nonsense", "server error"])
async def test_slack_out_of_reach_does_not_stop_the_start(
    http_settings: Settings, fake: FakeSlack, caplog: pytest.LogCaptureFixture, mishap: Mishap
) -> None:
    """If Slack can't be reached at start the service runs, says so, and answers once Slack is back."""
    fake.mishaps["auth.test"].extend([mishap] * 3)
    async with serve(http_settings, fake) as service:
        assert "SLACK_BOT_TOKEN could not be checked" in caplog.text
        await service.slack.event(mention(QUESTION))
        await fake.wait_for(1)


async def test_many_questions_at_once_are_each_answered(service: Service) -> None:
    """Fifty mentions at once get fifty answers."""
    await asyncio.gather(*(service.slack.event(mention(f"question {number}")) for number in range(50)))
    await service.fake.wait_for(50)
    assert sorted(service.answerer.questions) == sorted(f"question {number}" for number in range(50))


@pytest.mark.parametrize("age", [-301 - 60, 301 + 60, 10**9])
async def test_a_stale_signature_is_refused(service: Service, age: int) -> None:
    """A signature of more than five minutes ago, or ahead, is a 401 and no answer."""
    body = json.dumps(event_callback(mention(QUESTION))).encode()
    timestamp = str(int(time.time()) - age)
    response = await service.slack.post(
        body, "application/json", X_Slack_Request_Timestamp=timestamp, X_Slack_Signature=sign(body, timestamp)
    )
    assert response.status == 401
    assert service.answerer.questions == []


@pytest.mark.parametrize("body", ["500 Internal Server Error", {}])
def test_whatever_body_a_server_error_has_it_can_be_told(body: Any) -> None:
    """An error of Slack's is described and told from a lasting one, also where its body is not Slack's."""
    response = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=body, headers={}, status_code=500
    )
    error = SlackApiError("failed", response)
    assert is_passing(error)
    assert "SlackApiError" in describe_error(error)
