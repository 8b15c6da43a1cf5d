"""The fake of Slack keeps files as Slack does: who may read one, and three steps to put one up."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession
from fakes.slack import BOT_TOKEN, FakeSlack
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import REVIEW_SCOPES

CONTENT = b"Who keeps copies?\n"


async def call(client: AsyncWebClient, method: str, **args: Any) -> dict[str, Any]:
    """What Slack answers, whether it takes the call or not."""
    try:
        answer = await client.api_call(method, params=args)
    except SlackApiError as error:
        answer = error.response  # type: ignore[assignment]
    assert isinstance(answer.data, dict)
    return answer.data


async def put(client: AsyncWebClient, content: bytes = CONTENT) -> str:
    """A file that is uploaded and not shown yet; its id."""
    ticket = await call(client, "files.getUploadURLExternal", filename="a.txt", length=len(content))
    async with ClientSession() as session, session.post(ticket["upload_url"], data=content) as response:
        assert response.status == 200
    return str(ticket["file_id"])


async def test_files_need_their_scopes(fake: FakeSlack, client: AsyncWebClient) -> None:
    """Without the scopes of the manifest made with --reviews nothing of a file is to be had or put up."""
    file = fake.files.share("a.txt", CONTENT)
    assert (await call(client, "files.info", file=file.id))["error"] == "missing_scope"
    told = await call(client, "files.getUploadURLExternal", filename="a.txt", length=1)
    assert (told["error"], told["needed"]) == ("missing_scope", "files:write")


@pytest.mark.parametrize("token", ["", "Bearer xoxb-other", f"Bearer {BOT_TOKEN}"])
async def test_who_may_not_read_a_file_is_led_to_sign_in(fake: FakeSlack, token: str) -> None:
    """Without a token, with an unknown one and with one that lacks the scope a download leads to a page."""
    address = fake.files.tell(fake.files.share("a.txt", CONTENT))["url_private_download"]
    async with (
        ClientSession() as session,
        session.get(address, headers={"Authorization": token}, allow_redirects=False) as response,
    ):
        assert response.status == 302


async def test_a_file_is_put_up_in_three_steps(fake: FakeSlack, client: AsyncWebClient) -> None:
    """What is announced, uploaded and completed stands in its thread, and is told of; it can't be completed again."""
    fake.world.grant("chat:write", *REVIEW_SCOPES)
    fake.files.slow = 1
    file = await put(client)
    assert (await call(client, "files.info", file=file))["error"] == "file_not_found"
    place = {"files": f'[{{"id": "{file}", "title": "A"}}]', "channel_id": "C0CHAN", "thread_ts": "1700000000.000001"}
    assert (await call(client, "files.completeUploadExternal", **place))["ok"]
    told = [(await call(client, "files.info", file=file))["file"]["channels"] for _ in range(2)]
    assert told == [[], ["C0CHAN"]]
    assert (await call(client, "files.completeUploadExternal", **place))["error"] == "file_not_found"
    [sent] = fake.files.sent()
    assert (sent.content, sent.posts[0].thread_ts) == (CONTENT, "1700000000.000001")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"channel_id": "C0NOBOT"}, "not_in_channel"),
        ({"channel_id": "C0ARCHIVED"}, "is_archived"),
        ({"channel_id": "U0ANN"}, "channel_not_found"),
        ({"thread_ts": "1700000000"}, "invalid_thread_ts"),
        ({"initial_comment": "x" * 4001}, "msg_too_long"),
        ({"files": "[]"}, "invalid_arguments"),
        ({"files": '[{"id": "F0"}]'}, "file_not_found"),
        ({"blocks": "[]"}, "invalid_arg_name"),
    ],
)
async def test_a_file_is_not_put_up_just_anywhere(
    fake: FakeSlack, client: AsyncWebClient, changes: dict[str, str], error: str
) -> None:
    """Where the app can't post, nothing is shown; a person's id is no conversation."""
    fake.world.grant("chat:write", *REVIEW_SCOPES)
    place = {"files": f'[{{"id": "{await put(client)}"}}]', "channel_id": "C0CHAN"} | changes
    assert (await call(client, "files.completeUploadExternal", **place))["error"] == error
    assert fake.files.sent() == []


async def test_an_upload_is_what_was_announced(fake: FakeSlack, client: AsyncWebClient) -> None:
    """More or less than the announced bytes is refused, as is a token, which belongs elsewhere."""
    fake.world.grant("chat:write", *REVIEW_SCOPES)
    ticket = await call(client, "files.getUploadURLExternal", filename="a.txt", length=3)
    given: list[tuple[bytes, dict[str, str]]] = [(b"abcd", {}), (b"abc", {"Authorization": f"Bearer {BOT_TOKEN}"})]
    async with ClientSession() as session:
        for content, headers in given:
            async with session.post(ticket["upload_url"], data=content, headers=headers) as response:
                assert response.status == 400
