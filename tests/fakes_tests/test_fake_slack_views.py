"""The fake of Slack opens, stacks, updates and refuses views as Slack does, and the answers to submitted ones."""

from __future__ import annotations

from typing import Any

import pytest
from fakes.slack import FakeSlack
from fakes.slack_acks import acknowledge
from fakes.slack_triggers import issue_trigger
from fakes.slack_view_limits import refuse_options, refuse_submission_answer, refuse_view
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    """An option."""
    return {"text": plain(value), "value": value}


SECTION = {"type": "section", "text": plain("Hello")}
MENU = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
INPUT = {"type": "input", "block_id": "b", "label": plain("Where"), "element": MENU}
MODAL: Json = {"type": "modal", "title": plain("Title"), "submit": plain("Save"), "blocks": [SECTION, INPUT]}
HOME: Json = {"type": "home", "blocks": [SECTION]}
FOCUSED = {"type": "plain_text_input", "action_id": "i", "focus_on_load": True}
CARD = {"type": "card", "title": plain("Title")}
TABLE = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}
MESSAGES_ONLY = [
    TABLE,
    {"type": "markdown", "text": "a"},
    {"type": "container", "title": plain("a"), "child_blocks": [{"type": "divider"}]},
    {"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}]},
    {"type": "plan", "title": "a"},
    {"type": "task_card", "task_id": "1", "title": "a"},
]


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (MODAL, "modal"),
        (MODAL | {"blocks": [SECTION] * 100, "notify_on_close": True, "private_metadata": "x" * 3000}, "modal"),
        (MODAL | {"blocks": [CARD, {"type": "alert", "text": plain("a"), "level": "info"}]}, "modal"),
        (HOME, "home"),
        (HOME | {"blocks": [CARD, {"type": "carousel", "elements": [CARD]}], "callback_id": "home"}, "home"),
    ],
)
def test_a_good_view_is_taken(view: Json, kind: str) -> None:
    """What Slack documents as good is taken, and Slack's own class finds no fault with it."""
    assert refuse_view(view, kind) is None
    View(**view).validate_json()


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (None, "modal"),
        (HOME, "modal"),
        (MODAL, "home"),
        ({key: value for key, value in MODAL.items() if key != "title"}, "modal"),
        ({key: value for key, value in MODAL.items() if key != "submit"}, "modal"),
        (MODAL | {"title": plain("x" * 25)}, "modal"),
        (MODAL | {"title": plain("")}, "modal"),
        (MODAL | {"title": {"type": "mrkdwn", "text": "x"}}, "modal"),
        (MODAL | {"submit": plain("x" * 25)}, "modal"),
        (MODAL | {"close": plain("x" * 25)}, "modal"),
        (MODAL | {"private_metadata": "x" * 3001}, "modal"),
        (MODAL | {"private_metadata": {"a": 1}}, "modal"),
        (MODAL | {"callback_id": "x" * 256}, "modal"),
        (MODAL | {"external_id": "x" * 256}, "modal"),
        (MODAL | {"notify_on_close": 1}, "modal"),
        (MODAL | {"callback": "x"}, "modal"),
        (MODAL | {"blocks": []}, "modal"),
        (MODAL | {"blocks": [SECTION] * 101}, "modal"),
        (MODAL | {"blocks": [INPUT, INPUT]}, "modal"),
        (MODAL | {"blocks": [{**INPUT, "block_id": str(number), "element": FOCUSED} for number in (1, 2)]}, "modal"),
        (MODAL | {"blocks": [{"type": "carousel", "elements": [CARD]}]}, "modal"),
        *[(MODAL | {"blocks": [block]}, "modal") for block in MESSAGES_ONLY],
        *[(HOME | {"blocks": [block]}, "home") for block in MESSAGES_ONLY],
        (HOME | {"blocks": [{"type": "alert", "text": plain("a")}]}, "home"),
        (HOME | {"blocks": [INPUT]}, "home"),
        (HOME | {"title": plain("Title")}, "home"),
        (HOME | {"submit": plain("Save")}, "home"),
        (HOME | {"close": plain("Close")}, "home"),
    ],
)
def test_a_bad_view_is_refused(view: Json, kind: str) -> None:
    """A view that breaks one of Slack's rules is refused as invalid_arguments."""
    refusal = refuse_view(view, kind)
    assert refusal
    assert refusal[0] == "invalid_arguments"


def test_a_view_of_more_than_250_kb_is_too_large() -> None:
    """A view within each limit can still be too large as a whole."""
    large = MODAL | {"blocks": [{"type": "section", "text": plain("x" * 3000)}] * 85}
    refusal = refuse_view(large, "modal")
    assert refusal
    assert refusal[0] == "view_too_large"


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ({}, True),
        ({"response_action": "clear"}, True),
        ({"response_action": "errors", "errors": {"b": "Choose another"}}, True),
        ({"response_action": "update", "view": MODAL}, True),
        ({"response_action": "push", "view": MODAL}, True),
        ({"response_action": "close"}, False),
        ({"errors": {"b": "Choose another"}}, False),
        ({"response_action": "errors", "errors": {}}, False),
        ({"response_action": "errors", "errors": {"b": ""}}, False),
        ({"response_action": "errors", "errors": {"where": "an action_id, not a block_id"}}, False),
        ({"response_action": "update"}, False),
        ({"response_action": "update", "view": HOME}, False),
        ({"response_action": "push", "view": MODAL | {"title": plain("x" * 25)}}, False),
        ({"response_action": "clear", "view": MODAL}, False),
        ("ok", False),
        ([], False),
    ],
)
def test_what_a_submission_may_be_answered_with(answer: Any, taken: bool) -> None:
    """Only Slack's four actions are taken, each with what belongs to it; errors name input blocks."""
    assert (refuse_submission_answer(answer, {"b"}) == []) is taken


@pytest.mark.parametrize(
    ("answer", "taken"),
    [
        ({"options": []}, True),
        ({"options": [option(str(number)) for number in range(100)]}, True),
        ({"option_groups": [{"label": plain("GL8"), "options": [option("a")]}]}, True),
        ({"options": [option(str(number)) for number in range(101)]}, False),
        ({"options": [{"text": plain("x" * 76), "value": "a"}]}, False),
        ({"options": [{"text": plain("x"), "value": "x" * 151}]}, False),
        ({"options": [{"text": "x", "value": "a"}]}, False),
        ({"option_groups": [{"label": plain("x" * 76), "options": [option("a")]}]}, False),
        ({"option_groups": [{"label": plain("GL8"), "options": []}]}, False),
        ({"options": [], "option_groups": []}, False),
        ({}, False),
        ([], False),
        (None, False),
    ],
)
def test_what_a_type_ahead_may_be_answered_with(answer: Any, taken: bool) -> None:
    """At most a hundred options, each within its limits; no options at all is an answer, no answer is not."""
    assert (refuse_options(answer) == []) is taken


async def expect(error: str, call: Any) -> None:
    """A call that Slack refuses with that code."""
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response["error"] == error


async def test_a_trigger_is_good_once_within_three_seconds(client: AsyncWebClient, fake: FakeSlack) -> None:
    """A used, an old, an unknown and another workspace's trigger each open nothing."""
    trigger = issue_trigger()
    await client.views_open(trigger_id=trigger, view=MODAL)
    await expect("exchanged_trigger_id", client.views_open(trigger_id=trigger, view=MODAL))
    await expect("expired_trigger_id", client.views_open(trigger_id=issue_trigger(age=3.1), view=MODAL))
    await expect("invalid_trigger_id", client.views_open(trigger_id="1.2.3", view=MODAL))
    far = fake.person("U0FAR").shortcut("ask")["trigger_id"]
    await expect("invalid_trigger_id", client.views_open(trigger_id=far, view=MODAL))
    await expect("invalid_arguments", client.views_open(trigger_id=issue_trigger(), view=HOME))
    assert len(fake.views.stacks["U0ANN"]) == 1


async def test_three_views_stack_and_no_more(client: AsyncWebClient, fake: FakeSlack) -> None:
    """A view is pushed by a trigger from the open one, up to three; each knows the one below."""
    ann = fake.person()
    await client.views_open(trigger_id=issue_trigger(), view=MODAL)
    await expect("not_found", client.views_push(trigger_id=issue_trigger(), view=MODAL))
    for _ in range(2):
        below = fake.modal()
        assert below
        pushed = await client.views_push(trigger_id=ann.submit(below, {"where": "C0CHAN"})["trigger_id"], view=MODAL)
        assert pushed["view"]["previous_view_id"] == below.id
    top = fake.modal()
    assert top
    trigger = ann.submit(top, {"where": "C0CHAN"})["trigger_id"]
    await expect("push_limit_reached", client.views_push(trigger_id=trigger, view=MODAL))


async def test_an_update_with_an_old_hash_is_a_conflict(client: AsyncWebClient, fake: FakeSlack) -> None:
    """A view changes by its id or external id; a hash of before a change is refused; what was entered stays."""
    opened = await client.views_open(trigger_id=issue_trigger(), view=MODAL | {"external_id": "mine"})
    view = fake.modal()
    assert view
    fake.person().fill(view, {"where": "C0CHAN"})
    first = opened["view"]["hash"]
    await client.views_update(view_id=view.id, hash=first, view=MODAL | {"external_id": "mine"})
    assert view.values["b"]["where"]["selected_conversation"] == "C0CHAN"
    await expect("hash_conflict", client.views_update(view_id=view.id, hash=first, view=MODAL))
    await client.views_update(external_id="mine", view=MODAL)
    await expect("not_found", client.views_update(view_id="V0GONE", view=MODAL))
    await expect("not_found", client.views_update(external_id="mine", view=MODAL))
    await expect("invalid_arguments", client.views_update(view_id=view.id, view=HOME))


async def test_an_external_id_is_taken_once(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Two open views can't have the same external id."""
    await client.views_open(trigger_id=issue_trigger("U0BOB"), view=MODAL | {"external_id": "mine"})
    again = client.views_open(trigger_id=issue_trigger(), view=MODAL | {"external_id": "mine"})
    await expect("duplicate_external_id", again)


async def test_a_home_is_published_for_each_person(client: AsyncWebClient, fake: FakeSlack) -> None:
    """A Home is one person's; it is replaced, unless the hash given is an old one's; a bot has none."""
    published = await client.views_publish(user_id="U0ANN", view=HOME)
    assert fake.home("U0BOB") is None
    await client.views_publish(user_id="U0ANN", view=HOME | {"callback_id": "two"})
    home = fake.home("U0ANN")
    assert home
    assert home.id == published["view"]["id"]
    stale = client.views_publish(user_id="U0ANN", view=HOME, hash=published["view"]["hash"])
    await expect("hash_conflict", stale)
    await expect("invalid_arguments", client.views_publish(user_id="U0CLAUSE", view=HOME))
    await expect("invalid_arguments", client.views_publish(user_id="U0ANN", view=MODAL))
    assert fake.person().open_home()["view"]["callback_id"] == "two"


async def test_a_submission_closes_changes_or_stacks_views(client: AsyncWebClient, fake: FakeSlack) -> None:
    """An empty answer closes the view; update, push and clear do what they say; errors leave it open."""
    ann = fake.person()
    await client.views_open(trigger_id=issue_trigger(), view=MODAL)
    root = fake.modal()
    assert root
    payload = ann.submit(root, {"where": "C0CHAN"})
    [url] = payload["response_urls"]
    assert (url["channel_id"], url["action_id"]) == ("C0CHAN", "where")
    told = acknowledge(fake, payload, {"response_action": "errors", "errors": {"b": "Not there"}})
    assert (told, fake.modal()) == ({"b": "Not there"}, root)
    acknowledge(fake, payload, {"response_action": "update", "view": MODAL | {"callback_id": "second"}})
    assert root.content["callback_id"] == "second"
    acknowledge(fake, payload, {"response_action": "push", "view": MODAL | {"blocks": [SECTION]}})
    pushed = fake.modal()
    assert pushed
    assert pushed is not root
    acknowledge(fake, ann.submit(pushed), None)
    assert fake.modal() is root
    acknowledge(fake, payload, {"response_action": "clear"})
    assert fake.modal() is None


async def test_other_interactions_are_acknowledged_with_nothing(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Slack takes no body in the acknowledgement of a shortcut; a command's may be a message for its giver."""
    ann = fake.person()
    acknowledge(fake, ann.shortcut("ask"), None)
    with pytest.raises(AssertionError):
        acknowledge(fake, ann.shortcut("ask"), {"text": "Hello"})
    command = ann.command("GL8 5.1(c)", channel="C0OTHER")
    acknowledge(fake, command, {"text": "One moment"})
    assert [post.text for post in fake.posts_in("C0OTHER", user="U0ANN")] == ["One moment"]
    assert fake.posts_in("C0OTHER", user="U0BOB") == []
    with pytest.raises(AssertionError):
        acknowledge(fake, command, {"text": ""})
