"""Conversations in Slack, over HTTP and Socket Mode: threads, choices, sharing, asking a person, channels' settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fakes.doors import Door
from fakes.service import Service, serve
from fakes.slack import FakeSlack, Post
from fakes.slack_limits import all_texts, find_pings
from fakes.slack_requests import channel_message, direct_message, mention
from sqlalchemy import select

from bot.place_settings import PlaceSettings
from bot.records.models import AnswerRecord
from bot.settings import Settings
from bot.slack import ids
from bot.slack.usage import render_usage
from retrieval.answerer import Answerer, load_answerer


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, without their source."""
    return load_answerer(None)[0]


@pytest.fixture(params=["http", "socket"])
async def door(request: pytest.FixtureRequest, fake: FakeSlack, answerer: Answerer) -> AsyncIterator[Door]:
    """The service with the real guide, reached in either way."""
    socket = request.param == "socket"
    settings: Settings = request.getfixturevalue("socket_settings" if socket else "http_settings")
    async with serve(settings, fake, answerer) as service:
        yield Door(service, socket=socket)


async def set_channel(door: Door, **settings: Any) -> None:
    """Set C0CHAN."""
    book = door.service.records.answers
    await book.save_settings("slack", "T0TEAM", "C0CHAN", PlaceSettings(**settings).model_dump())


def read(post: Post) -> str:
    """Everything that is written in a message."""
    return "\n".join(all_texts(post.blocks))


async def count_answers(door: Door) -> int:
    """How many answers are recorded by the end."""
    await door.service.runner.cleanup()
    async with door.service.records.engine.connect() as connection:
        return len((await connection.execute(select(AnswerRecord.id))).all())


async def test_a_follow_up_in_the_thread_keeps_the_clause(door: Door) -> None:
    """With a mention or without, the next question in a thread is about the clause that was spoken of."""
    first = mention("who handles backups under GL8 5.1(c)?")
    await door.event(first)
    await door.see("C0CHAN", "U0ANN")
    await door.event(mention("and who tests it?", thread_ts=first["ts"]))
    [_, again] = await door.see("C0CHAN", "U0ANN", 2)
    assert again.thread_ts == first["ts"]
    assert "GL8 5.1(c)" in read(again)
    await door.event(channel_message("and does the provider test it?", thread_ts=first["ts"]))
    [*_, third] = await door.see("C0CHAN", "U0ANN", 3)
    assert third.thread_ts == first["ts"]
    assert "GL8 5.1(c)" in read(third)


async def test_what_people_say_to_each_other_is_left_alone(door: Door) -> None:
    """In a thread that Clausebot answered in, questions with a subject are answered; elsewhere mentions only."""
    first = mention("GL8 5.1(c)")
    await door.event(first)
    await door.see("C0CHAN", "U0ANN")
    for text in (
        "thanks, that helps",
        "<@U0BOB> who tests it?",
        "we should book a room, right?",
        "is that right?",
        "點解?",
    ):
        await door.event(channel_message(text, thread_ts=first["ts"]))
    await door.event(channel_message("who handles backups?", thread_ts="1600000000.000001"))
    await door.event(channel_message("who handles backups?"))
    await door.event(mention("GL14 5.13"))
    posts = await door.see("C0CHAN", "U0ANN", 2)
    assert ["*GL8 5.1(c)*" in read(posts[0]), "*GL14 5.13*" in read(posts[1])] == [True, True]
    assert await count_answers(door) == 2


async def test_a_direct_conversation_keeps_the_clause(door: Door) -> None:
    """What is asked directly goes on about what was asked before."""
    await door.event(direct_message("GL8 5.1(c)"))
    await door.see("D0ANN", "U0ANN")
    await door.event(direct_message("and who tests it?"))
    [_, second] = await door.see("D0ANN", "U0ANN", 2)
    assert "GL8 5.1(c)" in read(second)


async def test_several_references_are_one_message_with_a_table(door: Door) -> None:
    """Three clauses in one question get one answer, with a row for each."""
    await door.event(mention("compare GL8 5.1(c), GL14 5.13 and GL14 5.17"))
    [post] = await door.see("C0CHAN", "U0ANN")
    [table] = [block for block in post.blocks if block["type"] == "table"]
    rows = ["\n".join(all_texts(row)) for row in table["rows"]]
    assert len(rows) == 4
    assert all(ref in row for ref, row in zip(("GL8 5.1(c)", "GL14 5.13", "GL14 5.17"), rows[1:], strict=True))


async def test_a_choice_is_answered_below_the_choices(door: Door) -> None:
    """A clause chosen under a question that several could answer is answered in the same thread."""
    await door.event(mention("GL8 5.9"))
    [choices] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(choices, "choice:0"))
    [_, answer] = await door.see("C0CHAN", "U0ANN", 2)
    assert answer.thread_ts == choices.thread_ts
    assert "Provider" in read(answer)


async def test_a_private_choice_is_answered_in_its_place(door: Door) -> None:
    """Choices that one person sees are replaced by the answer, which that person sees alone."""
    ann = door.fake.person()
    await door.command(ann.command("GL8 5.9"))
    [choices] = await door.see("C0CHAN", "U0ANN")
    assert choices.only_for == "U0ANN"
    await door.act(ann, ann.press(choices, "choice:0"))
    await door.fake.wait_until(lambda: "GL8 5.9" not in read(door.fake.posts_in("C0CHAN", user="U0ANN")[0]))
    [answer] = door.fake.posts_in("C0CHAN", user="U0ANN")
    assert "GL8 5.1(a)" in read(answer)
    assert door.fake.posts_in("C0CHAN") == []


async def test_a_private_answer_is_shared_once(door: Door) -> None:
    """*Share to channel* shows everybody the answer, who shares it and the question; a second press is told so."""
    ann = door.fake.person()
    await door.command(ann.command("who handles backups under GL8 5.1(c)? <!channel>"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    await door.act(ann, ann.press(answer, ids.SHARE))
    await door.act(ann, ann.press(answer, ids.SHARE))
    [_, *shown] = await door.see("C0CHAN", "U0ANN", 3)
    [told] = [post for post in shown if post.only_for]
    assert "already" in read(told)
    [shared] = await door.see("C0CHAN", "U0BOB")
    assert "<@U0ANN>" in read(shared)
    assert "who handles backups" in read(shared)
    assert find_pings({"text": shared.text, "blocks": shared.blocks}) == ["<@U0ANN>"]
    await door.event(mention("GL14 5.13"))
    assert len(await door.see("C0CHAN", "U0BOB", 2)) == 2
    assert await count_answers(door) == 2


async def test_what_could_not_be_shared_may_be_shared_again(door: Door) -> None:
    """Where Slack let the answer not stand in the channel, another press shares it once it does."""
    ann = door.fake.person()
    await door.command(ann.command("GL8 5.1(c)", channel="C0READONLY"))
    [answer] = await door.see("C0READONLY", "U0ANN")
    door.fake.mishaps["response_url"].append("nonsense")
    await door.act(ann, ann.press(answer, ids.SHARE))
    await door.see("D0ANN", "U0ANN")
    door.fake.world.workspaces["T0TEAM"].channels["C0READONLY"].read_only = False
    await door.act(ann, ann.press(answer, ids.SHARE))
    [shared] = await door.see("C0READONLY", "U0BOB")
    assert "<@U0ANN>" in read(shared)


async def test_a_person_is_asked_once(door: Door) -> None:
    """*Ask a person* posts question, answer and link in the channel that is set, once, and tells who presses so."""
    await set_channel(door, helpers="C0OTHER")
    await door.event(mention("who handles backups under GL8 5.1(c)?"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    [request] = await door.see("C0OTHER", "U0BOB")
    text = read(request)
    assert "<@U0ANN>" in text
    assert "who handles backups" in text
    assert "GL8 5.1(c)" in text
    assert "https://t0team.slack.com/archives/C0CHAN/" in text
    [_, told] = await door.see("C0CHAN", "U0ANN", 2)
    assert told.only_for == "U0ANN"
    assert "<#C0OTHER>" in read(told)
    for user, count in (("U0ANN", 3), ("U0BOB", 2)):
        person = door.fake.person(user)
        await door.act(person, person.press(answer, ids.ASK_PERSON))
        *_, again = await door.see("C0CHAN", user, count)
        assert again.only_for == user
        assert "<#C0OTHER> already" in read(again)
    assert len(door.fake.posts_in("C0OTHER")) == 1


async def test_a_group_is_called_where_it_is_set(door: Door) -> None:
    """Where a user group is set to be asked, it is called by its id in its channel."""
    await set_channel(door, helpers="S0RISK", helpers_channel="C0OTHER")
    await door.event(mention("GL8 5.1(c)"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    [request] = await door.see("C0OTHER", "U0BOB")
    assert "<!subteam^S0RISK>" in read(request)


@pytest.mark.parametrize("gone", ["C0ARCHIVED", "C0NOBOT", "C0SECRET", "C0READONLY"])
async def test_who_asks_a_helpers_channel_that_is_gone_is_told_so(door: Door, gone: str) -> None:
    """Where a request can't be posted, its asker reads at the answer that nobody was asked, and who can mend that."""
    await set_channel(door, helpers=gone)
    await door.event(mention("GL8 5.1(c)"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    [_, told] = await door.see("C0CHAN", "U0ANN", 2)
    assert (told.only_for, told.thread_ts) == ("U0ANN", answer.thread_ts)
    assert "Nobody was asked" in read(told)
    assert "administrator" in read(told)
    assert door.fake.posts_in("D0ANN") == []


async def test_after_a_failure_a_person_can_be_asked_again(door: Door) -> None:
    """What could not be passed on is by a later press: once the channel is right, or another is set."""
    await set_channel(door, helpers="C0ARCHIVED")
    await door.event(mention("GL8 5.1(c)"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    await door.see("C0CHAN", "U0ANN", 2)
    door.fake.world.workspaces["T0TEAM"].channels["C0ARCHIVED"].is_archived = False
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    [request] = await door.see("C0ARCHIVED", "U0BOB")
    assert "GL8 5.1(c)" in read(request)
    await set_channel(door, helpers="C0OTHER")
    await door.act(ann, ann.press(answer, ids.ASK_PERSON))
    await door.see("C0OTHER", "U0BOB")


async def test_a_channel_may_have_its_answers_shown_to_the_asker_only(door: Door) -> None:
    """Set to ephemeral, a mention is answered for the eyes of who asked, in the thread."""
    await set_channel(door, replies="ephemeral")
    event = mention("GL8 5.1(c)")
    await door.event(event)
    [answer] = await door.see("C0CHAN", "U0ANN")
    assert (answer.only_for, answer.thread_ts) == ("U0ANN", event["ts"])


async def test_a_quiet_channel_hears_of_no_misses(door: Door) -> None:
    """Set to quiet, what finds nothing is shown to the asker only, and threads are left alone without a mention."""
    await set_channel(door, quiet=True)
    await door.event(mention("who serves lunch in the canteen?"))
    [miss] = await door.see("C0CHAN", "U0ANN")
    assert miss.only_for == "U0ANN"
    hit = mention("GL8 5.1(c)")
    await door.event(hit)
    await door.see("C0CHAN", "U0ANN", 2)
    await door.event(channel_message("and who tests it?", thread_ts=hit["ts"]))
    await door.event(mention("GL14 5.13"))
    posts = await door.see("C0CHAN", "U0BOB", 2)
    assert ["GL8 5.1(c)" in read(posts[0]), "GL14 5.13" in read(posts[1])] == [True, True]


async def test_a_channels_regulation_is_whose_clause_a_bare_number_means(service: Service) -> None:
    """Set to GL14, questions of that channel are asked of the guide with GL14 in mind, those of others without."""
    book = service.records.answers
    await book.save_settings("slack", "T0TEAM", "C0CHAN", {"regulation": "GL14"})
    await service.slack.event(mention("5.1"))
    await service.fake.wait_for(1)
    await service.slack.event(mention("5.1", channel="C0OTHER"))
    await service.fake.wait_for(2)
    assert service.answerer.regulations == ["GL14", None]


async def test_feedback_may_be_switched_off(door: Door) -> None:
    """Set so, answers in the channel don't ask whether they helped."""
    await door.event(mention("GL8 5.1(c)"))
    [asking] = await door.see("C0CHAN", "U0ANN")
    await set_channel(door, feedback=False)
    await door.event(mention("GL8 5.1(c)"))
    [_, silent] = await door.see("C0CHAN", "U0ANN", 2)
    assert ["context_actions" in [block["type"] for block in post.blocks] for post in (asking, silent)] == [True, False]


async def test_a_message_is_answered_by_its_shortcut(door: Door) -> None:
    """*Answer from the guide* on anybody's message answers to who used it, alone."""
    ann = door.fake.person()
    await door.act(ann, ann.message_action(ids.ASK_SHORTCUT, "does anybody know who handles backups?"))
    [answer] = await door.see("C0CHAN", "U0ANN")
    assert answer.only_for == "U0ANN"
    assert "GL8 5.1(c)" in read(answer)


async def test_the_shortcut_on_an_answer_reads_its_first_clause(door: Door) -> None:
    """*Answer from the guide* on an answer of Clausebot's shows the first clause of it, not all that it names."""
    ann = door.fake.person()
    for count, question in enumerate(("compare GL14 5.13, GL8 5.1(c) and GL14 5.17", "GL14 5.13"), start=1):
        await door.event(mention(question))
        *_, answer = await door.see("C0CHAN", "U0BOB", count)
        await door.act(ann, ann.message_action(ids.ASK_SHORTCUT, answer))
        await door.see("C0CHAN", "U0ANN", 2 * count)
        *_, private = [post for post in door.fake.posts_in("C0CHAN", user="U0ANN") if post.only_for]
        assert "*GL14 5.13*" in read(private)
        assert "table" not in [block["type"] for block in private.blocks]


async def test_the_shortcut_on_what_is_no_answer_of_clausebots_shows_usage(door: Door) -> None:
    """*Answer from the guide* on a message of Clausebot's that shows no clause tells how to ask."""
    ann = door.fake.person()
    await door.event(mention("who serves lunch in the canteen?"))
    [miss] = await door.see("C0CHAN", "U0BOB")
    await door.act(ann, ann.message_action(ids.ASK_SHORTCUT, miss))
    [_, usage] = await door.see("C0CHAN", "U0ANN", 2)
    assert usage.blocks[0]["text"]["text"] == render_usage("en").text


async def test_slow_work_is_announced_in_a_direct_thread(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an answer is not there at once, the asker is told that it is on its way."""
    monkeypatch.setattr("bot.replying._INSTANT", 0.0)
    door.fake.mishaps["chat.postMessage"].append("server error")
    await door.event(direct_message("GL8 5.1(c)", thread_ts="1700000000.500000"))
    await door.see("D0ANN", "U0ANN")
    assert "assistant.threads.setStatus" in door.fake.calls
    assert door.fake.refusals == []
