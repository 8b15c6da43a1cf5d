"""The fake of Slack refuses calls as Slack does: by token, scope, argument, channel and person."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientSession
from fakes.slack import APP_TOKEN, BOT_TOKEN, FakeSlack, Mishap
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.manifest import SCOPES

TEXT = {"text": "Hello"}
STATUS = {"channel_id": "D0ANN", "status": "…", "thread_ts": "1700000000.000001"}
PROMPTS = [{"title": "Backups", "message": "who handles backups?"}]


async def call(client: AsyncWebClient, method: str, **args: Any) -> dict[str, Any]:
    """What Slack answers, whether it takes the call or not."""
    try:
        answer = await client.api_call(method, json=args)
    except SlackApiError as error:
        answer = error.response  # type: ignore[assignment]
    assert isinstance(answer.data, dict)
    return answer.data


@pytest.mark.parametrize(
    ("method", "args", "error"),
    [
        ("chat.postMessage", TEXT | {"channel": "C0GONE"}, "channel_not_found"),
        ("chat.postMessage", TEXT | {"channel": "#general"}, "channel_not_found"),
        ("chat.postMessage", TEXT | {"channel": "C0SECRET"}, "channel_not_found"),
        ("chat.postMessage", TEXT | {"channel": "C0FAR"}, "channel_not_found"),
        ("chat.postMessage", TEXT | {"channel": "C0NOBOT"}, "not_in_channel"),
        ("chat.postMessage", TEXT | {"channel": "C0ARCHIVED"}, "is_archived"),
        ("chat.postMessage", TEXT | {"channel": "C0READONLY"}, "restricted_action"),
        ("chat.postMessage", TEXT | {"channel": "U0GONE"}, "channel_not_found"),
        ("chat.postMessage", TEXT | {"channel": "U0OTHERBOT"}, "channel_not_found"),
        ("chat.postMessage", TEXT, "invalid_arguments"),
        ("chat.postMessage", {"channel": "C0CHAN"}, "no_text"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "thread": "1.2"}, "invalid_arg_name"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "user": "U0ANN"}, "invalid_arg_name"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "link_names": True}, "invalid_arg_name"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "thread_ts": "1700000000"}, "invalid_thread_ts"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "blocks": "[{"}, "invalid_blocks_format"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ("chat.postMessage", TEXT | {"channel": "C0CHAN", "metadata": {"a": 1}}, "invalid_metadata_format"),
        ("chat.postEphemeral", TEXT | {"channel": "C0CHAN"}, "invalid_arguments"),
        ("chat.postEphemeral", TEXT | {"channel": "C0OTHER", "user": "U0GUEST"}, "user_not_in_channel"),
        ("chat.postEphemeral", TEXT | {"channel": "C0NOBOT", "user": "U0ANN"}, "not_in_channel"),
        ("chat.postEphemeral", TEXT | {"channel": "C0ARCHIVED", "user": "U0ANN"}, "is_archived"),
        ("chat.postEphemeral", TEXT | {"channel": "C0CHAN", "user": "U0ANN", "mrkdwn": False}, "invalid_arg_name"),
        ("chat.update", TEXT | {"channel": "C0CHAN", "ts": "1800000000.000000"}, "message_not_found"),
        ("chat.update", TEXT | {"channel": "C0CHAN", "ts": "1.1", "thread_ts": "1.2"}, "invalid_arg_name"),
        ("chat.delete", {"channel": "C0CHAN", "ts": "1800000000.000000"}, "message_not_found"),
        ("chat.getPermalink", {"channel": "C0GONE", "message_ts": "1.1"}, "channel_not_found"),
        ("chat.startStream", {"channel": "C0CHAN"}, "unknown_method"),
        ("users.info", {"user": "U0NOBODY"}, "user_not_found"),
        ("users.info", {"user": "U0FAR"}, "user_not_found"),
        ("users.info", {}, "invalid_arguments"),
        ("conversations.info", {"channel": "C0SECRET"}, "channel_not_found"),
        ("conversations.info", {"channel": "U0ANN"}, "channel_not_found"),
        ("conversations.info", {"channel": "D0ANN"}, "missing_scope"),
        ("conversations.open", {"users": "U0ANN"}, "missing_scope"),
        ("assistant.threads.setStatus", {"channel_id": "C0CHAN", "status": "…"}, "invalid_arguments"),
        (
            "assistant.threads.setStatus",
            {"channel_id": "C0NOBOT", "status": "…", "thread_ts": "1.1"},
            "channel_not_found",
        ),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "D0ANN", "prompts": []}, "invalid_arguments"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "D0ANN", "prompts": PROMPTS * 5}, "invalid_arguments"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "D0ANN", "prompts": ["a"]}, "invalid_arguments"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "C0CHAN", "prompts": PROMPTS}, "channel_not_found"),
        (
            "assistant.threads.setSuggestedPrompts",
            {"channel_id": "D0ANN", "prompts": PROMPTS, "thread_ts": "1.1"},
            "invalid_arguments",
        ),
        ("apps.uninstall", {"client_id": "x", "client_secret": "y"}, "invalid_client_id"),
        ("apps.connections.open", {}, "not_allowed_token_type"),
    ],
)
async def test_a_bad_call_is_refused(client: AsyncWebClient, method: str, args: dict[str, Any], error: str) -> None:
    """Each is refused with Slack's own code."""
    assert (await call(client, method, **args))["error"] == error


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", TEXT | {"channel": "C0CHAN"}, "chat:write"),
        ("chat.postEphemeral", TEXT | {"channel": "C0CHAN", "user": "U0ANN"}, "chat:write"),
        ("assistant.threads.setStatus", STATUS, "chat:write"),
        ("assistant.threads.setSuggestedPrompts", {"channel_id": "D0ANN", "prompts": PROMPTS}, "assistant:write"),
        ("users.info", {"user": "U0ANN"}, "users:read"),
        ("conversations.info", {"channel": "C0CHAN"}, "channels:read"),
        ("conversations.info", {"channel": "C0PRIVATE"}, "groups:read"),
        ("usergroups.list", {}, "usergroups:read"),
    ],
)
async def test_a_scope_that_is_missing_is_named(
    client: AsyncWebClient, fake: FakeSlack, method: str, args: dict[str, Any], needed: str
) -> None:
    """Without its scope a method is refused, with it taken; Slack names what is needed and what there is."""
    assert (await call(client, method, **args))["ok"]
    kept = [scope for scope in SCOPES if scope != needed]
    fake.world.grant(*kept)
    answer = await call(client, method, **args)
    assert (answer["error"], answer["provided"]) == ("missing_scope", ",".join(kept))
    assert needed in answer["needed"].split(",")


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-unknown", "invalid_auth"), ("", "not_authed"), (APP_TOKEN, "not_allowed_token_type")],
)
async def test_a_bad_token_is_refused(fake: FakeSlack, token: str, error: str) -> None:
    """An unknown token, none, and one of another kind are each told apart."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with ClientSession() as session, session.post(f"{fake.api_url}auth.test", headers=headers) as response:
        assert (await response.json())["error"] == error


async def test_auth_test_tells_who_and_which_scopes(client: AsyncWebClient) -> None:
    """A good token is told its workspace, its bot, and in a header its scopes."""
    answer = await client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("T0TEAM", "U0CLAUSE", "B0CLAUSE")
    assert answer.headers["x-oauth-scopes"].split(",") == list(SCOPES)


async def test_a_message_is_seen_changed_and_gone(client: AsyncWebClient, fake: FakeSlack) -> None:
    """The log keeps what was sent; the channel shows what people see: changed, then gone; blocks not given again go."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*"}}
    posted = await client.chat_postMessage(channel="C0CHAN", text="Hello", blocks=[section])
    [post] = fake.posts_in("C0CHAN")
    assert (post.text, len(post.blocks)) == ("Hello", 1)
    await client.chat_update(channel="C0CHAN", ts=posted["ts"], text="Changed")
    assert (post.text, post.blocks, post.edited) == ("Changed", [], True)
    await client.chat_delete(channel="C0CHAN", ts=posted["ts"])
    assert fake.posts_in("C0CHAN") == []
    assert [(sent.method, sent.payload["text"]) for sent in fake.messages] == [
        ("chat.postMessage", "Hello"),
        ("chat.update", "Changed"),
    ]
    gone = await call(client, "chat.update", channel="C0CHAN", ts=posted["ts"], text="Again")
    assert gone["error"] == "message_not_found"


async def test_an_ephemeral_message_is_seen_by_one_and_never_changed(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Only its reader sees it, and chat.update and chat.delete do not find it."""
    sent = await client.chat_postEphemeral(channel="C0CHAN", user="U0ANN", text="For you")
    assert [post.text for post in fake.posts_in("C0CHAN", user="U0ANN")] == ["For you"]
    assert fake.posts_in("C0CHAN") == fake.posts_in("C0CHAN", user="U0BOB") == []
    for method, args in (("chat.update", TEXT), ("chat.delete", {})):
        answer = await call(client, method, channel="C0CHAN", ts=sent["message_ts"], **args)
        assert answer["error"] == "message_not_found"


async def test_a_direct_message_may_be_posted_by_the_persons_id(client: AsyncWebClient, fake: FakeSlack) -> None:
    """A post to a person's id stands in the direct conversation; to change it, its own id is needed."""
    posted = await client.chat_postMessage(channel="U0BOB", text="Hello")
    assert posted["channel"] == "D0BOB"
    assert [post.text for post in fake.posts_in("D0BOB")] == ["Hello"]
    answer = await call(client, "chat.update", channel="U0BOB", ts=posted["ts"], text="Changed")
    assert answer["error"] == "channel_not_found"
    await client.chat_update(channel="D0BOB", ts=posted["ts"], text="Changed")
    assert posted["message"]["text"] == "Hello"


async def test_a_public_channel_may_be_posted_to_with_the_scope_for_it(client: AsyncWebClient, fake: FakeSlack) -> None:
    """With chat:write.public the app need not be in a public channel."""
    fake.world.grant(*SCOPES, "chat:write.public")
    await client.chat_postMessage(channel="C0NOBOT", text="Hello")
    assert [post.text for post in fake.posts_in("C0NOBOT")] == ["Hello"]


async def test_people_and_places_are_told_of(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Who is an administrator, a guest, gone; who created a channel, and whether the app is in it; who helps."""
    users = {user: (await client.users_info(user=user))["user"] for user in ("U0ADMIN", "U0OWNER", "U0ANN", "U0GUEST")}
    assert [users[user]["is_admin"] for user in users] == [True, True, False, False]
    assert [users[user]["is_owner"] for user in users] == [False, True, False, False]
    assert users["U0GUEST"]["is_restricted"]
    assert (await client.users_info(user="U0GONE"))["user"]["deleted"]
    assert "locale" not in users["U0ANN"]
    assert (await client.users_info(user="U0ANN", include_locale=True))["user"]["locale"] == "en-GB"
    info = {name: (await client.conversations_info(channel=name))["channel"] for name in ("C0CHAN", "C0NOBOT")}
    assert (info["C0CHAN"]["creator"], info["C0CHAN"]["is_member"]) == ("U0MAKER", True)
    assert info["C0NOBOT"]["is_member"] is False
    assert (await client.conversations_info(channel="C0ARCHIVED"))["channel"]["is_archived"]
    assert (await client.conversations_info(channel="C0PRIVATE"))["channel"]["is_private"]
    groups = (await client.usergroups_list(include_users=True))["usergroups"]
    assert {group["id"]: group["users"] for group in groups} == {"S0HELP": ["U0BOB", "U0ADMIN"], "S0EMPTY": []}
    fake.world.grant(*SCOPES, "im:write")
    assert (await client.conversations_open(users="U0MAKER"))["channel"]["id"] == "D0MAKER"
    assert (await call(client, "conversations.open", users="U0GONE"))["error"] == "user_disabled"
    assert (await call(client, "conversations.open", users="U0OTHERBOT"))["error"] == "cannot_dm_bot"


async def test_prompts_and_status_are_kept(client: AsyncWebClient, fake: FakeSlack) -> None:
    """What the agent's conversation offers, and what it says it is doing, can be seen."""
    await client.assistant_threads_setSuggestedPrompts(channel_id="D0ANN", prompts=PROMPTS, title="Ask")  # type: ignore[arg-type]
    await client.assistant_threads_setStatus(channel_id="D0ANN", thread_ts="1700000000.000001", status="looking")
    assert fake.agent.prompts["D0ANN"]["title"] == "Ask"
    assert [each["status"] for each in fake.agent.statuses] == ["looking"]


async def test_a_permalink_leads_to_the_message(client: AsyncWebClient) -> None:
    """A permalink names the workspace, the channel and the message."""
    answer = await client.chat_getPermalink(channel="C0CHAN", message_ts="1700000000.000001")
    assert answer["permalink"] == "https://t0team.slack.com/archives/C0CHAN/p1700000000000001"


async def test_form_encoded_arguments_are_read_as_json_is(fake: FakeSlack) -> None:
    """Blocks that come as text in a form are the same message."""
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    fields = {"channel": "C0CHAN", "text": "Hello", "blocks": '[{"type": "divider"}]'}
    async with (
        ClientSession() as session,
        session.post(f"{fake.api_url}chat.postMessage", data=fields, headers=headers) as response,
    ):
        assert (await response.json())["ok"]
    assert fake.messages[0].payload["blocks"] == [{"type": "divider"}]


@pytest.mark.parametrize("mishap", ["account_inactive", "fatal_error", "internal_error", "token_revoked"])
async def test_slack_refuses_when_told_to(client: AsyncWebClient, fake: FakeSlack, mishap: Mishap) -> None:
    """A mishap that is a code of Slack's is answered once, whatever was asked."""
    fake.mishaps["users.info"].append(mishap)
    assert (await call(client, "users.info", user="U0ANN"))["error"] == mishap
    assert (await call(client, "users.info", user="U0ANN"))["ok"]


async def test_a_rate_limit_says_how_long(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Slack's 429 says after how many seconds to try again."""
    fake.retry_after = 7
    fake.mishaps["chat.postMessage"].append("rate limit")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0CHAN", text="Hello")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
