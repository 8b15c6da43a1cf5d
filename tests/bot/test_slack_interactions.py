"""Modals, type-ahead, App Home, feedback and settings in Slack, over HTTP and Socket Mode, as people press them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fakes.doors import Door
from fakes.service import serve
from fakes.slack import FakeSlack
from fakes.slack_limits import all_texts
from fakes.slack_requests import app_home_opened, direct_message, mention
from fakes.waiting import wait_until
from sqlalchemy import select, text

from bot.place_settings import PlaceSettings
from bot.records.models import FeedbackRecord
from bot.settings import Settings
from bot.slack import ids
from retrieval.answerer import Answerer, load_answerer

QUESTION = "who handles backups under GL8 5.1(c)?"


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    """The packs of this repository, without their source."""
    return load_answerer(None)[0]


@pytest.fixture(params=["http", "socket"])
async def door(request: pytest.FixtureRequest, fake: FakeSlack, answerer: Answerer) -> AsyncIterator[Door]:
    """The service with the real guide, reached in either way."""
    socket = request.param == "socket"
    settings: Settings = request.getfixturevalue("socket_settings" if socket else "http_settings")
    changes = {"public_url": "https://clausebot.example", "clausebot_support": "Ask the risk desk, ext. 1234."}
    async with serve(settings.model_copy(update=changes), fake, answerer) as service:
        yield Door(service, socket=socket)


def read(shown: Any) -> str:
    """Everything that is written in a message or a view."""
    return "\n".join(all_texts(shown.blocks))


async def read_opinions(door: Door) -> list[tuple[bool, str]]:
    """What is recorded of what people thought: whether it helped, and the reason."""
    async with door.service.records.engine.connect() as connection:
        rows = await connection.execute(select(FeedbackRecord.helpful, FeedbackRecord.reason))
        return [tuple(row) for row in rows]


async def test_source_opens_the_whole_clause(door: Door) -> None:
    """*Source* opens a modal with every duty, where each stands, and a link to the viewer; related clauses open too."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    assert "https://clausebot.example/guides/alibaba-cloud-hk-insurance-2019/GL8/5.1(c)" in read(answer)
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.SOURCE))
    modal = await door.modal("U0ANN", ids.SOURCE_MODAL)
    assert modal.content["title"]["text"] == "GL8 5.1(c)"
    assert "sentence" in read(modal)
    assert "GL8" in read(modal)


async def test_a_related_clause_opens(door: Door) -> None:
    """A clause that is picked under an answer opens in a modal of its own."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    [menu] = [
        each for block in answer.blocks for each in block.get("elements", []) if each.get("action_id") == "related"
    ]
    first = menu["options"][0]
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.RELATED, first["value"]))
    modal = await door.modal("U0ANN", ids.SOURCE_MODAL)
    assert first["text"]["text"].startswith(modal.content["title"]["text"])


async def test_the_shortcut_searches_as_one_types(door: Door) -> None:
    """*Look up a clause* finds by number, title and Chinese word, within the filters, and shows what is chosen."""
    ann = door.fake.person()
    await door.act(ann, ann.shortcut(ids.LOOK_UP_SHORTCUT))
    modal = await door.modal("U0ANN", ids.LOOKUP_MODAL)
    for typed, ref in (("5.13", "GL14 5.13"), ("backup", "GL8 5.1(c)"), ("備份", "GL8 5.1(c)")):
        options = await door.act(ann, ann.type_ahead(modal, ids.LOOKUP_CLAUSE, typed))
        assert options[0]["text"]["text"].startswith(ref), typed
    await door.act(ann, ann.press(modal, ids.LOOKUP_REGULATION, "GL8"))
    options = await door.act(ann, ann.type_ahead(modal, ids.LOOKUP_CLAUSE, "5"))
    assert options
    assert all(option["text"]["text"].startswith("GL8") for option in options)
    await door.act(ann, ann.submit(modal, {ids.LOOKUP_CLAUSE: options[0]}))
    result = await door.modal("U0ANN", ids.LOOKUP_RESULT)
    assert options[0]["text"]["text"].startswith(result.content["title"]["text"])


async def test_home_shows_what_is_covered_and_what_one_looked_up(door: Door) -> None:
    """Home names the guide, its clauses, changes since and support; what one asked stands there until one clears it."""
    ann = door.fake.person()
    await door.event(mention(QUESTION))
    await door.see("C0CHAN", "U0ANN")
    await door.event(ann.open_home())
    await door.fake.wait_until(door.fake.home)
    home = door.fake.home()
    assert home
    for piece in ("5.1(a)", "5.17", "March 2019", "Ask the risk desk, ext. 1234.", "GL20"):
        assert piece in read(home), piece
    assert ids.SETTINGS_CHANNEL not in str(home.blocks)
    await door.act(ann, ann.press(home, "recent:0"))
    modal = await door.modal("U0ANN", ids.SOURCE_MODAL)
    assert modal.content["title"]["text"] == "GL8 5.1(c)"
    ann.close(modal)
    await door.act(ann, ann.press(home, ids.CLEAR_RECENT))
    await door.fake.wait_until(lambda: "recent:0" not in str(door.fake.home().blocks))
    await door.act(ann, ann.press(door.fake.home(), ids.LOOK_UP))
    await door.modal("U0ANN", ids.LOOKUP_MODAL)


async def test_home_is_in_the_readers_language(door: Door) -> None:
    """Who has set Slack to Chinese sees Home in Chinese."""
    door.fake.world.workspaces["T0TEAM"].users["U0ANN"].locale = "zh-HK"
    await door.event(app_home_opened())
    await door.fake.wait_until(door.fake.home)
    home = door.fake.home()
    assert home
    assert "供應商" in read(home)


async def test_the_messages_tab_suggests_first_questions(door: Door) -> None:
    """Opening the conversation with Clausebot offers at most four first questions, each of which is answered."""
    await door.event(app_home_opened("messages"))
    await door.fake.wait_until(lambda: "assistant.threads.setSuggestedPrompts" in door.fake.calls)
    prompts = door.fake.agent.prompts["D0ANN"]["prompts"]
    assert 1 <= len(prompts) <= 4
    for prompt in prompts:
        await door.event(direct_message(prompt["message"]))
    posts = await door.see("D0ANN", "U0ANN", len(prompts))
    assert all("Closest, not an answer" not in read(post) for post in posts)


async def test_feedback_is_kept_with_its_reason(door: Door) -> None:
    """A thumb up is kept; a thumb down is kept at once, and then with the reason that the modal asks for."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    [buttons] = [each for block in answer.blocks if block["type"] == "context_actions" for each in block["elements"]]
    ann, bob = door.fake.person(), door.fake.person("U0BOB")
    await door.act(ann, ann.press(answer, ids.FEEDBACK, buttons["positive_button"]["value"]))
    [_, thanks] = await door.see("C0CHAN", "U0ANN", 2)
    assert thanks.only_for == "U0ANN"
    await door.act(bob, bob.press(answer, ids.FEEDBACK, buttons["negative_button"]["value"]))
    modal = await door.modal("U0BOB", ids.FEEDBACK_MODAL)
    assert sorted(await read_opinions(door)) == [(False, ""), (True, "")]
    entered = {ids.FEEDBACK_REASON: "wrong_split", ids.FEEDBACK_TEXT: "The customer tests *too*"}
    await door.act(bob, bob.submit(modal, entered))
    assert sorted(await read_opinions(door)) == [(False, "wrong_split: The customer tests *too*"), (True, "")]
    assert door.fake.modal("U0BOB") is None
    [_, thanks] = await door.see("C0CHAN", "U0BOB", 2)
    assert (thanks.only_for, thanks.thread_ts) == ("U0BOB", answer.thread_ts)
    assert "Thank you" in read(thanks)


async def test_feedback_that_cannot_be_kept_stays_in_its_modal(door: Door) -> None:
    """Where the records refuse, the modal stays open with what was entered and says what to do."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    [buttons] = [each for block in answer.blocks if block["type"] == "context_actions" for each in block["elements"]]
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.FEEDBACK, buttons["negative_button"]["value"]))
    modal = await door.modal("U0ANN", ids.FEEDBACK_MODAL)
    async with door.service.records.engine.begin() as connection:
        await connection.execute(text("DROP TABLE feedback"))
    errors = await door.act(ann, ann.submit(modal, {ids.FEEDBACK_REASON: "other"}))
    assert list(errors) == [ids.FEEDBACK_REASON]
    assert door.fake.modal() is modal


@pytest.mark.parametrize("user", ["U0ADMIN", "U0MAKER"])
async def test_an_administrator_or_the_creator_sets_a_channel(door: Door, user: str) -> None:
    """``/clause settings`` opens the channel's settings for who may change them; what is saved holds."""
    person = door.fake.person(user)
    await door.command(person.command("settings"))
    modal = await door.modal(user, ids.SETTINGS_MODAL)
    groups = await door.act(person, person.type_ahead(modal, ids.SETTINGS_GROUP, "r"))
    assert all(option["value"].startswith("S") for option in groups)
    entered = {
        ids.SETTINGS_REGULATION: "GL14",
        ids.SETTINGS_REPLIES: "ephemeral",
        ids.SETTINGS_FEEDBACK: [],
        ids.SETTINGS_HELPERS: "C0OTHER",
        ids.SETTINGS_QUIET: ["on"],
    }
    await door.act(person, person.submit(modal, entered))
    kept = await door.service.records.answers.load_settings("slack", "T0TEAM", "C0CHAN")
    assert PlaceSettings(**kept) == PlaceSettings(
        regulation="GL14", replies="ephemeral", feedback=False, helpers="C0OTHER", quiet=True
    )
    await door.command(person.command("設定"))
    again = await door.modal(user, ids.SETTINGS_MODAL)
    assert "GL14" in str(again.values)


@pytest.mark.parametrize(
    ("channel", "advice"), [("C0ARCHIVED", "archived"), ("C0NOBOT", "invite"), ("C0SECRET", "invite")]
)
async def test_helpers_are_not_set_where_they_cannot_be_asked(door: Door, channel: str, advice: str) -> None:
    """A channel that is archived, or that Clausebot is not in, is refused at its input, with what to do."""
    maker = door.fake.person("U0MAKER")
    await door.command(maker.command("settings"))
    modal = await door.modal("U0MAKER", ids.SETTINGS_MODAL)
    errors = await door.act(maker, maker.submit(modal, {ids.SETTINGS_HELPERS: channel}))
    assert list(errors) == [ids.SETTINGS_HELPERS]
    assert advice in errors[ids.SETTINGS_HELPERS]
    assert await door.service.records.answers.load_settings("slack", "T0TEAM", "C0CHAN") == {}
    door.fake.mishaps["conversations.info"].append("fatal_error")
    assert await door.act(maker, maker.submit(modal)) is None
    kept = await door.service.records.answers.load_settings("slack", "T0TEAM", "C0CHAN")
    assert kept == {"helpers": channel}


async def test_a_group_is_not_set_where_it_cannot_be_called(door: Door) -> None:
    """Without a channel of its own a group is called where it is set, and Clausebot has to be in there."""
    maker = door.fake.person("U0MAKER")
    await door.command(maker.command("settings", channel="C0NOBOT"))
    modal = await door.modal("U0MAKER", ids.SETTINGS_MODAL)
    [group] = await door.act(maker, maker.type_ahead(modal, ids.SETTINGS_GROUP, "help"))
    errors = await door.act(maker, maker.submit(modal, {ids.SETTINGS_GROUP: group}))
    assert list(errors) == [ids.SETTINGS_GROUP]


async def test_others_are_told_who_may_set_a_channel(door: Door) -> None:
    """Who neither administers the workspace nor made the channel opens nothing and reads why."""
    ann = door.fake.person()
    await door.command(ann.command("settings"))
    [told] = await door.see("C0CHAN", "U0ANN")
    assert told.only_for == "U0ANN"
    assert "administrator" in read(told)
    assert door.fake.modal() is None


@pytest.mark.parametrize(("user", "method"), [("U0ADMIN", "users.info"), ("U0MAKER", "conversations.info")])
async def test_who_may_set_a_channel_is_not_told_otherwise_while_slack_fails(
    door: Door, user: str, method: str
) -> None:
    """Where Slack does not say who administers, or who made the channel, nobody is told that they may not."""
    door.fake.mishaps[method].append("fatal_error")
    await door.command(door.fake.person(user).command("settings"))
    [told] = await door.see("C0CHAN", user)
    assert "administrator" not in read(told)
    assert "ask again" in read(told)
    assert door.fake.modal(user) is None


async def test_an_administrator_sets_a_channel_from_home(door: Door) -> None:
    """Home offers administrators to pick a channel, and opens its settings."""
    admin = door.fake.person("U0ADMIN")
    await door.event(admin.open_home())
    await door.fake.wait_until(lambda: door.fake.home("U0ADMIN"))
    await door.act(admin, admin.press(door.fake.home("U0ADMIN"), ids.SETTINGS_CHANNEL, "C0OTHER"))
    modal = await door.modal("U0ADMIN", ids.SETTINGS_MODAL)
    await door.act(admin, admin.submit(modal, {ids.SETTINGS_QUIET: ["on"]}))
    assert await door.service.records.answers.load_settings("slack", "T0TEAM", "C0OTHER") == {"quiet": True}


async def test_a_view_that_slack_does_not_open_is_told(door: Door) -> None:
    """A press whose three seconds are over gets a word instead of nothing."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    await door.act(ann, ann.press(answer, ids.SOURCE, age=4))
    [_, told] = await door.see("C0CHAN", "U0ANN", 2)
    assert told.only_for == "U0ANN"
    assert "press again" in read(told)
    assert "再按一次" in read(told)


async def test_a_press_stays_acknowledged_whatever_fails_after_it(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Where neither the view opens nor can that be told, Slack is not told that nobody listens; the log is."""
    await door.event(mention(QUESTION))
    [answer] = await door.see("C0CHAN", "U0ANN")
    ann = door.fake.person()
    for _ in range(5):
        door.fake.mishaps["chat.postEphemeral"].append("fatal_error")
        await door.act(ann, ann.press(answer, ids.SOURCE, age=4))
    await wait_until(lambda: caplog.text.count("A Slack request failed: SlackApiError (fatal_error)") == 5)
    assert "Nothing here handles" not in caplog.text
