"""What a person does at the fake of Slack: only what the app drew for them, told as Slack tells it."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.slack import FakeSlack, Post
from slack_sdk.web.async_client import AsyncWebClient


def plain(text: str) -> dict[str, Any]:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    """An option."""
    return {"text": plain(value.title()), "value": value}


BUTTON = {"type": "button", "action_id": "source", "text": plain("Source"), "value": "GL8 5.1(c)"}
MENU = {
    "type": "static_select",
    "action_id": "related",
    "placeholder": plain("Related"),
    "options": [option("one"), option("two")],
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Good"), "value": "good"},
    "negative_button": {"text": plain("Bad"), "value": "bad"},
}
DRAWN = [
    {"type": "section", "block_id": "head", "text": plain("An answer")},
    {"type": "actions", "elements": [BUTTON, MENU]},
    {"type": "context_actions", "elements": [FEEDBACK]},
]
MODAL = {
    "type": "modal",
    "callback_id": "reasons",
    "title": plain("Why?"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "why",
            "label": plain("Why"),
            "element": {"type": "radio_buttons", "action_id": "reason", "options": [option("wrong"), option("old")]},
        },
        {
            "type": "input",
            "block_id": "more",
            "optional": True,
            "label": plain("More"),
            "element": {"type": "plain_text_input", "action_id": "words", "max_length": 10},
        },
        {
            "type": "input",
            "block_id": "where",
            "optional": True,
            "label": plain("Where"),
            "element": {"type": "external_select", "action_id": "clause", "min_query_length": 2},
        },
    ],
}


async def draw(fake: FakeSlack, client: AsyncWebClient) -> Post:
    """A message with something to press, as people see it."""
    await client.chat_postMessage(channel="C0CHAN", text="An answer", blocks=DRAWN, thread_ts="1700000000.000001")
    [sent] = fake.messages
    assert sent.post
    return sent.post


async def test_a_button_tells_what_was_drawn(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A press tells the button's value, its block, the message with its blocks, where it stands, and who pressed."""
    post = await draw(fake, client)
    payload = fake.person("U0BOB").press(post, "source")
    assert payload["type"] == "block_actions"
    [action] = payload["actions"]
    assert (action["type"], action["value"], action["block_id"]) == ("button", "GL8 5.1(c)", post.blocks[1]["block_id"])
    assert (payload["user"]["id"], payload["team"]["id"], payload["channel"]["id"]) == ("U0BOB", "T0TEAM", "C0CHAN")
    assert payload["container"]["thread_ts"] == payload["message"]["thread_ts"] == "1700000000.000001"
    assert payload["message"]["blocks"][0]["block_id"] == "head"
    assert set(payload["state"]["values"][action["block_id"]]) == {"related"}


async def test_a_choice_tells_the_option(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A choice in a menu tells the option chosen, and it stays chosen; feedback tells the button's value."""
    post = await draw(fake, client)
    payload = fake.person().press(post, "related", "two")
    assert payload["actions"][0]["selected_option"] == option("two")
    [state] = payload["state"]["values"].values()
    assert state["related"]["selected_option"] == option("two")
    assert fake.person().press(post, "feedback", "bad")["actions"][0]["value"] == "bad"


async def test_an_ephemeral_message_is_told_of_without_its_content(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A press in a message for one person's eyes tells its place and not its blocks; others can't press there."""
    await client.chat_postEphemeral(channel="C0CHAN", user="U0BOB", text="An answer", blocks=DRAWN)
    [post] = fake.posts_in("C0CHAN", user="U0BOB")
    payload = fake.person("U0BOB").press(post, "source")
    assert payload["container"]["is_ephemeral"]
    assert "message" not in payload
    assert fake.posts_in("C0CHAN", user="U0ANN") == []
    with pytest.raises(AssertionError):
        fake.person("U0ANN").press(post, "source")


async def test_what_is_not_there_cannot_be_done(fake: FakeSlack, client: AsyncWebClient) -> None:
    """Elements that were not drawn, options not offered, messages deleted can't be acted on."""
    post = await draw(fake, client)
    ann = fake.person()
    for action, chosen in (("sauce", None), ("related", "three"), ("source", "two"), ("related", ["one", "two"])):
        with pytest.raises(AssertionError):
            ann.press(post, action, chosen)
    with pytest.raises(AssertionError):
        ann.type_ahead(post, "related", "text")
    await client.chat_delete(channel="C0CHAN", ts=post.ts)
    with pytest.raises(AssertionError):
        ann.press(post, "source")


async def test_a_modal_is_filled_and_submitted(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A submission tells what was entered under each block and action, empty where nothing was."""
    ann = fake.person()
    await client.views_open(trigger_id=ann.shortcut("ask")["trigger_id"], view=MODAL)
    view = fake.modal()
    assert view
    clause = option("GL8 5.2")
    payload = ann.submit(view, {"reason": "old", "clause": clause})
    values = payload["view"]["state"]["values"]
    assert values["why"]["reason"] == {"type": "radio_buttons", "selected_option": option("old")}
    assert values["more"]["words"] == {"type": "plain_text_input", "value": None}
    assert values["where"]["clause"]["selected_option"] == clause
    assert payload["view"]["callback_id"] == "reasons"


async def test_a_modal_that_slack_would_not_submit_is_not(fake: FakeSlack, client: AsyncWebClient) -> None:
    """What is required must be entered, a text no longer than its field; only whom it is before can submit it."""
    ann = fake.person()
    await client.views_open(trigger_id=ann.shortcut("ask")["trigger_id"], view=MODAL)
    view = fake.modal()
    assert view
    with pytest.raises(AssertionError):
        ann.submit(view)
    with pytest.raises(AssertionError):
        ann.submit(view, {"reason": "old", "words": "more than ten characters"})
    with pytest.raises(AssertionError):
        fake.person("U0BOB").submit(view, {"reason": "old"})


async def test_a_type_ahead_waits_for_its_shortest_text(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A type-ahead asks for options from the length on that the menu names."""
    ann = fake.person()
    await client.views_open(trigger_id=ann.shortcut("ask")["trigger_id"], view=MODAL)
    view = fake.modal()
    assert view
    payload = ann.type_ahead(view, "clause", "GL")
    assert (payload["type"], payload["action_id"], payload["value"]) == ("block_suggestion", "clause", "GL")
    assert "trigger_id" not in payload
    with pytest.raises(AssertionError):
        ann.type_ahead(view, "clause", "G")


async def test_closing_is_told_where_the_view_asked(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A closed modal is gone; the app is told if the view says notify_on_close."""
    ann = fake.person()
    for notify in (True, False):
        modal = MODAL | {"notify_on_close": notify}
        await client.views_open(trigger_id=ann.shortcut("ask")["trigger_id"], view=modal)
        view = fake.modal()
        assert view
        payload = ann.close(view)
        assert (payload is not None) is notify
        assert payload is None or (payload["type"], payload["is_cleared"]) == ("view_closed", False)
        assert fake.modal() is None
