"""Conversations in Teams with the real guide: follow-ups, cards, searching, feedback, settings, asking a person."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fakes.teams import FakeTeams, Sent
from fakes.teams_activities import (
    ANN_ID,
    CHANNEL,
    GROUP,
    HELPERS,
    PERSONAL,
    TEAM,
    Activity,
    channel_message,
    execute,
    feedback,
    fill_in,
    find_verb,
    group,
    installed,
    mention,
    personal,
    removed,
    search,
    submit,
)
from fakes.teams_cards import read, refuse_card, walk
from fakes.teams_service import TeamsService, serve_teams
from fakes.teams_signer import TENANT
from sqlalchemy import select

from bot.limits import RateLimits
from bot.place_settings import PlaceSettings
from bot.records.models import AnswerRecord, FeedbackRecord
from bot.settings import Settings, load_settings
from bot.teams import verbs
from retrieval.answerer import Answerer, load_answerer

BACKUPS = "who handles backups under GL8 5.1(c)?"
CARD = "application/vnd.microsoft.card.adaptive"
LINE = "application/vnd.microsoft.activity.message"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, without their source."""
    return load_answerer(None)[0]


@pytest.fixture
async def service(teams: FakeTeams, teams_settings: Settings, answerer: Answerer) -> AsyncIterator[TeamsService]:
    """The service with the real guide."""
    async with serve_teams(teams_settings, teams, answerer) as running:
        yield running


async def say(service: TeamsService, activity: Activity) -> Sent:
    """What Clausebot answers to an activity."""
    before = len(service.fake.messages)
    assert (await service.post(activity)).status == 202
    return (await service.fake.wait_for(before + 1))[before]


async def settle(service: TeamsService) -> None:
    """Wait until all that came in is done, and so recorded."""
    async with asyncio.timeout(60):
        while (await service.records.count_waiting())["teams"]:
            pass


async def set_place(service: TeamsService, place: str, **settings: Any) -> None:
    """Set a team, or a chat."""
    await service.records.answers.save_settings("teams", TENANT, place, PlaceSettings(**settings).model_dump())


async def list_rows(service: TeamsService, table: Any) -> list[Any]:
    """Every row of a table, once all that came in is done."""
    await settle(service)
    async with service.records.engine.connect() as connection:
        return list((await connection.execute(select(*table.__table__.columns))).all())


async def press(service: TeamsService, activity: Activity, sent: Sent, verb: str, **filled: str) -> dict[str, Any]:
    """What comes of pressing an ``Action.Execute`` in a message."""
    response: dict[str, Any] = await service.invoke(
        execute(activity, fill_in(sent.card, verb, **filled), message=sent.id)
    )
    return response


async def test_a_follow_up_in_the_thread_keeps_the_clause(service: TeamsService) -> None:
    """With a mention, or without where Clausebot hears all, the next question in a thread is about the same clause."""
    first = mention(BACKUPS)
    await say(service, first)
    again = await say(service, mention("and who tests it?", thread=first["id"]))
    assert "GL8 5.1(c)" in again.text
    third = await say(service, channel_message("and does the provider test it?", thread=first["id"]))
    assert "GL8 5.1(c)" in third.text
    assert {each.conversation for each in service.fake.messages} == {f"{CHANNEL};messageid={first['id']}"}


async def test_another_thread_is_another_conversation(service: TeamsService) -> None:
    """What was said in one thread is not taken up in the next."""
    await say(service, mention("GL8 5.1(c)"))
    other = await say(service, mention("and who tests it?"))
    assert "GL8 5.1(c)" not in other.activity["summary"]


@pytest.mark.parametrize("write", [personal, group])
async def test_a_chat_keeps_the_clause(service: TeamsService, write: Any) -> None:
    """In a chat, which has no threads, a question goes on about what was asked before."""
    await say(service, write("GL8 5.1(c)"))
    assert "GL8 5.1(c)" in (await say(service, write("and who tests it?"))).text


async def test_what_people_say_to_each_other_is_left_alone(service: TeamsService) -> None:
    """In a thread that Clausebot answered in, only questions are answered; elsewhere only what mentions it."""
    first = mention("GL8 5.1(c)")
    await say(service, first)
    for text in ("thanks, that helps", "<at>Bob</at> who tests it?", "we should book a room, right?"):
        await service.post(channel_message(text, thread=first["id"]))
    await service.post(channel_message("who handles backups?", thread="1600000000001"))
    await set_place(service, TEAM, quiet=True)
    await service.post(channel_message("and who tests it?", thread=first["id"]))
    assert "GL14 5.13" in (await say(service, mention("GL14 5.13"))).text
    await settle(service)
    assert len(service.fake.messages) == len(await list_rows(service, AnswerRecord)) == 2


async def test_an_answer_cites_without_the_label_of_ai(service: TeamsService) -> None:
    """What a number in an answer's text stands for is told as a citation, and nothing calls the answer made by AI."""
    sent = await say(service, personal(BACKUPS))
    [entity] = sent.activity["entities"]
    assert entity["@type"] == "Message"
    assert [each["position"] for each in entity["citation"]] == list(range(1, len(entity["citation"]) + 1))
    assert "additionalType" not in entity
    assert "[1]" in sent.activity["text"]


async def test_a_choice_is_answered_below_the_choices(service: TeamsService) -> None:
    """A clause chosen under a question that several could answer is answered in the same thread."""
    asked = mention("GL8 5.9")
    choices = await say(service, asked)
    answer = await say(service, submit(asked, fill_in(choices.card, verbs.CHOICE)["data"]))
    assert answer.conversation == choices.conversation
    assert answer.card["body"] != choices.card["body"]
    [first, second] = await list_rows(service, AnswerRecord)
    assert (first.outcome, second.outcome) == ("no_such_clause", "answered")


async def test_the_source_opens_in_the_place_of_the_answer_and_closes_again(service: TeamsService) -> None:
    """*Source* shows everything about the clause to who pressed it, and from there the answer comes back as it was."""
    asked = personal(BACKUPS)
    sent = await say(service, asked)
    source = await press(service, asked, sent, verbs.SOURCE)
    assert (source["statusCode"], source["type"]) == (200, CARD)
    assert refuse_card(source["value"]) is None
    assert "GL8 5.1(c)" in read(source["value"])
    back = await service.invoke(execute(asked, find_verb(source["value"], verbs.BACK), message=sent.id))
    assert (back["type"], back["value"]) == (CARD, sent.card)
    assert len(service.fake.messages) == 1
    assert len(await list_rows(service, AnswerRecord)) == 1


async def test_a_related_clause_opens_the_same_way(service: TeamsService) -> None:
    """A clause that the answer only names is read in its place."""
    asked = personal("GL8 5.1(c)")
    sent = await say(service, asked)
    related = fill_in(sent.card, verbs.RELATED)
    opened = await service.invoke(execute(asked, related, message=sent.id))
    assert opened["type"] == CARD
    assert "GL8 5.1(c)" not in read(opened["value"]).partition("\n")[0]
    assert find_verb(opened["value"], verbs.BACK)


async def test_a_clause_that_is_gone_is_told(service: TeamsService) -> None:
    """Pressed after the guides changed, a button says so."""
    data = {"verb": verbs.SOURCE, "value": '{"ref":"GL9 1","guide":"","language":"zh-Hant"}'}
    told = await service.invoke(execute(personal(""), {"data": data}))
    assert told["type"] == LINE
    assert told["value"]


async def test_a_person_is_asked_once(service: TeamsService) -> None:
    """*Ask a person* posts question, asker, answer and link in the channel that is set, once."""
    await set_place(service, TEAM, helpers=HELPERS)
    asked = mention(BACKUPS)
    sent = await say(service, asked)
    for _ in range(2):
        assert (await press(service, asked, sent, verbs.ASK_PERSON))["type"] == LINE
    await settle(service)
    requests = [each for each in service.fake.messages if each.conversation == HELPERS]
    assert (len(requests), len(service.fake.messages)) == (1, 2)
    assert "Ann Reader" in requests[0].text
    assert "who handles backups" in requests[0].text
    assert "GL8 5.1(c)" in requests[0].text
    links = [each["url"] for each in walk(requests[0].card) if "url" in each]
    assert f"https://teams.microsoft.com/l/message/{CHANNEL.replace(':', '%3A').replace('@', '%40')}/{sent.id}" in {
        link.partition("?")[0] for link in links
    }
    assert requests[0].reply_to is None


async def test_nobody_is_asked_where_nobody_is_set(service: TeamsService) -> None:
    """Where nobody is set, the button is not shown; pressed in an older answer, it says so, and nothing is posted."""
    await set_place(service, TEAM, helpers=HELPERS)
    asked = mention(BACKUPS)
    sent = await say(service, asked)
    await set_place(service, TEAM)
    told = await press(service, asked, sent, verbs.ASK_PERSON)
    assert "settings" in told["value"]
    later = await say(service, mention(BACKUPS))
    assert not [each for each in walk(later.card) if each.get("data", {}).get("verb") == verbs.ASK_PERSON]
    assert {each.conversation.partition(";")[0] for each in service.fake.messages} == {CHANNEL}


async def test_a_helpers_channel_that_is_gone_is_told_in_the_conversation(
    service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """A question that can't be passed on is not called passed on for good: its thread is told."""
    await set_place(service, TEAM, helpers=HELPERS)
    service.fake.gone.add(HELPERS)
    asked = mention(BACKUPS)
    sent = await say(service, asked)
    await press(service, asked, sent, verbs.ASK_PERSON)
    [_, told] = await service.fake.wait_for(2)
    assert told.conversation == sent.conversation
    assert "settings" in told.text
    assert "BotNotInConversationRoster" in caplog.text


async def test_a_team_is_set_in_one_of_its_channels(service: TeamsService) -> None:
    """The form that *settings* opens sets the whole team: regulation, feedback, and this channel for questions."""
    asked = mention("settings")
    form = await say(service, asked)
    filled = {"regulation": "GL14", "feedback": "false", "helpers": verbs.HERE, "quiet": "true"}
    saved = await press(service, asked, form, verbs.SAVE_SETTINGS, **filled)
    assert saved["type"] == CARD
    assert refuse_card(saved["value"]) is None
    kept = await service.records.answers.load_settings("teams", TENANT, TEAM)
    assert kept == {"regulation": "GL14", "feedback": False, "helpers": CHANNEL, "quiet": True}
    [_, told] = await service.fake.wait_for(2)
    assert told.conversation == form.conversation
    assert told.text.startswith("Ann Reader changed my settings for everybody here:")
    again = await press(service, asked, form, verbs.SAVE_SETTINGS, **filled)
    assert (again["type"], len(service.fake.messages)) == (CARD, 2)
    answer = await say(service, mention("5.13", channel=HELPERS))
    assert "GL14 5.13" in answer.text
    assert "channelData" not in answer.activity
    elsewhere = mention("設定", channel=HELPERS)
    form = await say(service, elsewhere)
    saved = await press(service, elsewhere, form, verbs.SAVE_SETTINGS, regulation=verbs.ANY)
    kept = await service.records.answers.load_settings("teams", TENANT, TEAM)
    assert kept == {"feedback": False, "helpers": CHANNEL, "quiet": True}


async def test_settings_hold_nothing_that_the_form_does_not_offer(service: TeamsService) -> None:
    """Made-up values of a form leave a place as it was, and a chat has nobody to be asked in."""
    asked = personal("settings")
    form = await say(service, asked)
    await press(service, asked, form, verbs.SAVE_SETTINGS, regulation="GL99", feedback="perhaps", helpers=verbs.HERE)
    assert await service.records.answers.load_settings("teams", TENANT, PERSONAL) == {}
    assert not [each for each in walk(form.card) if each.get("value") == verbs.HERE]


@pytest.mark.parametrize(
    ("reaction", "said", "kept"),
    [
        ("like", None, (True, "")),
        ("dislike", "It is the other clause.", (False, "other: It is the other clause.")),
    ],
)
async def test_feedback_is_kept_with_its_answer(
    service: TeamsService, reaction: str, said: str | None, kept: tuple[bool, str]
) -> None:
    """A thumb, and what is said with it, is recorded under the answer's id; a change of mind replaces it."""
    asked = mention(BACKUPS)
    sent = await say(service, asked)
    await settle(service)
    assert await service.invoke(feedback(asked, sent.id, "like" if reaction == "dislike" else "dislike")) == {}
    assert await service.invoke(feedback(asked, sent.id, reaction, said)) == {}
    [answer] = await list_rows(service, AnswerRecord)
    [row] = await list_rows(service, FeedbackRecord)
    assert (row.answer, row.workspace, (row.helpful, row.reason)) == (answer.id, TENANT, kept)


async def test_feedback_comes_in_after_a_restart(
    teams: FakeTeams, teams_settings: Settings, answerer: Answerer
) -> None:
    """Which message holds which answer is known to whatever process Teams asks next."""
    asked = personal(BACKUPS)
    async with serve_teams(teams_settings, teams, answerer) as service:
        sent = await say(service, asked)
    async with serve_teams(teams_settings, teams, answerer) as service:
        await service.invoke(feedback(asked, sent.id, "like"))
        assert len(await list_rows(service, FeedbackRecord)) == 1


async def test_feedback_on_an_unknown_message_is_not_kept(
    service: TeamsService, caplog: pytest.LogCaptureFixture
) -> None:
    """A thumb under something else, or another tool's form, is acknowledged and leaves no row."""
    asked = personal(BACKUPS)
    await say(service, asked)
    assert await service.invoke(feedback(asked, "1234", "like")) == {}
    assert await list_rows(service, FeedbackRecord) == []
    assert "not known" in caplog.text


async def test_feedback_may_be_switched_off(service: TeamsService) -> None:
    """Set so, answers in the team don't ask whether they helped."""
    await set_place(service, TEAM, feedback=False)
    assert "channelData" not in (await say(service, mention("GL8 5.1(c)"))).activity


@pytest.mark.parametrize("locale", ["en-US", "zh-HK"])
async def test_who_installs_it_is_welcomed_once(service: TeamsService, locale: str) -> None:
    """However many ways Teams tells of it, one card says what to ask, in the language that Teams is set to."""
    for activity in installed(personal("", locale=locale)):
        assert (await service.post(activity)).status == 202
    [welcome] = await service.fake.wait_for(1)
    assert ("條文" in welcome.text) == (locale == "zh-HK")
    example = submit(personal(""), fill_in(welcome.card, verbs.LOOK_UP)["data"])
    answer = await say(service, example)
    assert "GL" in answer.text
    await settle(service)
    assert len(service.fake.messages) == 2
    assert len(await list_rows(service, AnswerRecord)) == 1


async def test_a_team_is_welcomed_in_its_channel(service: TeamsService) -> None:
    """Added to a team, Clausebot introduces itself where Teams says, in a thread of its own."""
    added = mention("")
    added["conversation"] = added["conversation"] | {"id": CHANNEL}
    for activity in installed(added):
        await service.post(activity)
    [welcome] = await service.fake.wait_for(1)
    assert (welcome.conversation, welcome.reply_to) == (CHANNEL, None)


async def test_other_members_are_not_welcomed(service: TeamsService) -> None:
    """People who join a group, and an app that is upgraded, are none of Clausebot's business."""
    [update, added] = installed(group(""))
    await service.post(update | {"membersAdded": [{"id": "29:bob"}]})
    await service.post(added | {"action": "add-upgrade"})
    assert "GL8 5.1(c)" in (await say(service, group("GL8 5.1(c)"))).text


async def test_being_removed_is_noted(service: TeamsService, caplog: pytest.LogCaptureFixture) -> None:
    """Removed from a chat, Clausebot says nothing there, and the log tells the operator."""
    assert (await service.post(removed(group("")))).status == 202
    assert f"removed from a groupChat in {TENANT}" in caplog.text
    assert service.fake.messages == []


@pytest.mark.parametrize(("typed", "title"), [("list clauses", "GL8 5.1(c)"), ("List", "5.13"), ("列出條文", "GL8")])
async def test_list_shows_every_clause(service: TeamsService, typed: str, title: str) -> None:
    """The command shows what is covered, and is recorded as no question."""
    assert title in (await say(service, personal(typed))).text
    assert await list_rows(service, AnswerRecord) == []


@pytest.mark.parametrize(
    ("typed", "ref"),
    [("5.1(c)", "GL8 5.1(c)"), ("gl14 5.13", "GL14 5.13"), ("backup", "GL8 5.1(c)"), ("備份", "GL8 5.1(c)")],
)
async def test_the_search_finds_by_number_words_and_chinese(service: TeamsService, typed: str, ref: str) -> None:
    """While one types, clauses are offered: a preview each, and the whole card that is sent when it is chosen."""
    response = await service.invoke(search(typed))
    found = response["composeExtension"]
    assert (found["type"], found["attachmentLayout"]) == ("result", "list")
    assert ref in [each["preview"]["content"]["title"][: len(ref)] for each in found["attachments"]]
    for each in found["attachments"]:
        assert each["contentType"] == CARD
        assert each["preview"]["contentType"] == "application/vnd.microsoft.card.thumbnail"
        assert refuse_card(each["content"]) is None
        # A person sends it, maybe where the app is not: nothing in it may ask the app for anything.
        assert not [part for part in walk(each["content"]) if part.get("type") in ("Action.Execute", "Action.Submit")]
    assert await list_rows(service, AnswerRecord) == []


async def test_the_search_opens_with_clauses_and_goes_on(service: TeamsService) -> None:
    """Before anything is typed some clauses are offered, further ones follow, and a miss is told in words."""
    first = (await service.invoke(search(None)))["composeExtension"]["attachments"]
    second = (await service.invoke(search(None, skip=len(first))))["composeExtension"]["attachments"]
    titles = [each["preview"]["content"]["title"] for each in [*first, *second]]
    assert len(first) == len(second) == 10
    assert len(set(titles)) == 20
    end = (await service.invoke(search(None, skip=900)))["composeExtension"]
    assert (end["type"], end["attachments"]) == ("result", [])
    for typed, told in (("xyzzy plugh", "No clause"), ("午餐魚片", "找不到")):
        missed = (await service.invoke(search(typed)))["composeExtension"]
        assert missed["type"] == "message"
        assert told in missed["text"]


async def test_a_search_without_a_command_is_answered(service: TeamsService) -> None:
    """A query that names no command, as Microsoft's playground sends it, finds all the same."""
    query = search("5.1(c)")
    del query["value"]["commandId"]
    assert (await service.invoke(query))["composeExtension"]["type"] == "result"


async def test_who_asks_too_much_is_told_once(teams: FakeTeams, answerer: Answerer, teams_settings: Settings) -> None:
    """Past the limit a person is told so once in a minute, and others are answered."""
    settings = teams_settings.model_copy(update={"clausebot_person_limit": 2})
    async with serve_teams(settings, teams, answerer, limits=RateLimits(person=2, workspace=99)) as service:
        for _ in range(5):
            assert (await service.post(personal("GL8 5.1(c)"))).status == 202
        bob = {"from": {"id": "29:bob", "name": "Bob", "aadObjectId": "bbbbbbbb-0000-4000-8000-000000000b0b"}}
        await service.post(group("GL14 5.13", **bob))
        await settle(service)
        told = [each for each in teams.messages if each.conversation == PERSONAL]
        assert ["2" in each.activity["summary"] and each.card is None for each in told].count(True) == 1
        assert len(teams.messages) == 4
        assert len(await list_rows(service, AnswerRecord)) == 3


async def test_settings_are_limited_too(teams: FakeTeams, answerer: Answerer, teams_settings: Settings) -> None:
    """Past the limit nothing is set, nor told to a team again and again; whoever presses reads why."""
    async with serve_teams(teams_settings, teams, answerer, limits=RateLimits(person=2, workspace=99)) as service:
        asked = mention("settings")
        form = await say(service, asked)
        for regulation in ("GL8", "GL14"):
            pressed = await press(service, asked, form, verbs.SAVE_SETTINGS, regulation=regulation)
        assert (pressed["type"], "30" in pressed["value"]) == (LINE, True)
        assert await service.records.answers.load_settings("teams", TENANT, TEAM) == {"regulation": "GL8"}


async def test_asking_people_is_limited_too(teams: FakeTeams, answerer: Answerer, teams_settings: Settings) -> None:
    """Past the limit no further question is put to people, and who presses is told."""
    async with serve_teams(teams_settings, teams, answerer, limits=RateLimits(person=1, workspace=99)) as service:
        await set_place(service, TEAM, helpers=HELPERS)
        asked = mention(BACKUPS)
        sent = await say(service, asked)
        assert "30" in (await press(service, asked, sent, verbs.ASK_PERSON))["value"]
        assert len(teams.messages) == 1


async def test_slow_work_is_announced_outside_of_channels(
    service: TeamsService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer is not there at once, a chat shows that it is being written; a channel never does."""
    monkeypatch.setattr("bot.replying._INSTANT", 0.0)
    for write in (personal, group, mention):
        service.fake.mishaps.append("slow")
        await say(service, write("GL8 5.1(c)"))
    await service.fake.wait_until(lambda: len(service.fake.typing) >= 2)
    assert set(service.fake.typing) == {PERSONAL, GROUP}
    assert service.fake.refusals == []


async def test_instant_answers_are_not_announced(service: TeamsService, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that is there in time comes without a sign that it will."""
    monkeypatch.setattr("bot.replying._INSTANT", 60.0)
    await say(service, personal("GL8 5.1(c)"))
    await say(service, personal("help"))
    assert service.fake.typing == []


async def test_people_are_known_by_their_id_in_the_tenant(service: TeamsService) -> None:
    """What is recorded of who asked is one keyed hash, wherever they ask."""
    for write in (personal, group, mention):
        await say(service, write("GL8 5.1(c)"))
    rows = await list_rows(service, AnswerRecord)
    assert len({row.asker for row in rows}) == 1
    assert {row.workspace for row in rows} == {TENANT}
    assert ANN_ID not in str(rows)


async def test_teams_and_the_link_to_the_source(
    teams: FakeTeams, answerer: Answerer, teams_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the service is reached from outside, answers and citations lead to its source viewer."""
    monkeypatch.setenv("PUBLIC_URL", "https://bot.example")
    async with serve_teams(load_settings(), teams, answerer) as service:
        sent = await say(service, personal(BACKUPS))
        assert sent.activity["entities"][0]["citation"][0]["appearance"]["url"].startswith(
            "https://bot.example/guides/"
        )
