"""Response URLs of the fake of Slack: five uses in thirty minutes, for the person and the place that they are of."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession
from fakes.slack import FakeSlack, Post
from slack_sdk.web.async_client import AsyncWebClient

BUTTON = {"type": "button", "action_id": "share", "text": {"type": "plain_text", "text": "Share"}}
BLOCKS = [{"type": "actions", "elements": [BUTTON]}]


async def send(address: str, **payload: Any) -> int:
    """The status with which a use of a response URL is answered."""
    async with ClientSession() as session, session.post(address, json=payload) as response:
        return response.status


async def show(fake: FakeSlack, client: AsyncWebClient) -> tuple[Post, str]:
    """A message for one person's eyes with a button, and the response URL of its being pressed."""
    await client.chat_postEphemeral(channel="C0CHAN", user="U0ANN", text="Hello", blocks=BLOCKS)
    [post] = fake.posts_in("C0CHAN", user="U0ANN")
    return post, fake.person().press(post, "share")["response_url"]


async def test_five_uses_and_no_more(fake: FakeSlack) -> None:
    """The sixth use is answered 404."""
    address = fake.response_url()
    assert [await send(address, text=f"{number}") for number in range(6)] == [200] * 5 + [404]
    assert fake.refusals[-1][0] == "used_url"
    assert len(fake.messages) == 5


async def test_thirty_minutes_and_no_longer(fake: FakeSlack) -> None:
    """After half an hour it is answered 404, as is one that was never given out."""
    address = fake.response_url()
    fake.world.pass_time(1801)
    assert await send(address, text="late") == 404
    assert await send(fake.response_url("expired"), text="late") == 404
    assert await send(f"{fake.address}/response/guessed", text="late") == 404
    assert fake.messages == []


async def test_who_sees_it_is_said_or_only_the_person(fake: FakeSlack) -> None:
    """By default only the person sees the message; in_channel everybody does; the app need not be in the channel."""
    await send(fake.response_url(channel="C0SECRET"), text="for you")
    await send(
        fake.response_url(channel="C0SECRET"), text="for all", response_type="in_channel", thread_ts="1700000000.000001"
    )
    assert [post.text for post in fake.posts_in("C0SECRET")] == ["for all"]
    assert [post.text for post in fake.posts_in("C0SECRET", user="U0ANN")] == ["for you", "for all"]


async def test_the_original_is_replaced_or_deleted(fake: FakeSlack, client: AsyncWebClient) -> None:
    """A message that was acted on changes in its place, stays for the same eyes, and can be taken away."""
    post, address = await show(fake, client)
    assert await send(address, text="Changed", replace_original=True) == 200
    assert (post.text, post.blocks, post.only_for) == ("Changed", [], "U0ANN")
    assert len(fake.posts_in("C0CHAN", user="U0ANN")) == 1
    assert await send(address, delete_original=True) == 200
    assert fake.posts_in("C0CHAN", user="U0ANN") == []
    assert await send(address, text="Again", replace_original=True) == 400


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"text": ""},
        {"text": "x", "response_type": "public"},
        {"text": "x", "replace_original": True, "response_type": "in_channel"},
        {"text": "x", "blocks": [{"type": "x"}]},
        {"text": "x", "channel": "C0CHAN"},
        {"text": "x", "user": "U0ANN"},
        {"text": "x", "thread_ts": "1.1"},
    ],
)
async def test_a_bad_use_is_refused(fake: FakeSlack, client: AsyncWebClient, payload: dict[str, Any]) -> None:
    """What no message is, what is unknown, and what would show everybody one person's message is answered 400."""
    post, address = await show(fake, client)
    assert await send(address, **payload) == 400
    assert post.text == "Hello"


async def test_a_command_has_no_message_to_delete(fake: FakeSlack) -> None:
    """Where nothing was acted on, nothing can be taken away; what replaces it is a new message."""
    address = fake.person().command("GL8 5.1(c)")["response_url"]
    assert await send(address, delete_original=True) == 400
    assert await send(address, text="Hello", replace_original=True) == 200
    assert [post.text for post in fake.posts_in("C0CHAN", user="U0ANN")] == ["Hello"]


async def test_it_can_fail_as_calls_do(fake: FakeSlack) -> None:
    """A mishap of the response URL comes before its answer."""
    fake.mishaps["response_url"].append("server error")
    address = fake.response_url()
    assert [await send(address, text="x") for _ in range(2)] == [500, 200]
