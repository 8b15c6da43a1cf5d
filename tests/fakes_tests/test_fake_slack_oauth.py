"""The fake of Slack gives out tokens as Slack does: once for each code, to the app alone, for one workspace each."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from fakes.slack import FakeSlack
from fakes.slack_oauth import CLIENT_ID, CLIENT_SECRET, LIFE_OF_A_TOKEN, REDIRECT
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import AuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

ASKED = AuthorizeUrlGenerator(client_id=CLIENT_ID, scopes=["chat:write", "commands"], redirect_uri=REDIRECT)


async def expect(error: str, call: Any) -> None:
    """A call that Slack refuses with that code."""
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response["error"] == error


def approve(fake: FakeSlack, **options: bool) -> dict[str, str]:
    """What Slack sends the browser back with, after a person of the other workspace approved, or did not."""
    back = urlsplit(fake.oauth.approve(ASKED.generate("a-state"), "T0FAR", "U0FARADMIN", **options))
    assert f"{back.scheme}://{back.netloc}{back.path}" == REDIRECT
    return {name: values[0] for name, values in parse_qs(back.query).items()}


async def exchange(fake: FakeSlack, **changes: Any) -> Any:
    """The exchange of something for a token."""
    fields = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "redirect_uri": REDIRECT} | changes
    return await AsyncWebClient(base_url=fake.api_url, retry_handlers=[]).oauth_v2_access(**fields)


async def test_a_code_gives_a_token_for_its_workspace_alone(fake: FakeSlack) -> None:
    """The token belongs to the workspace, has the scopes that were asked for, and sees nobody else's channels."""
    back = approve(fake)
    assert back["state"] == "a-state"
    granted = await exchange(fake, code=back["code"])
    assert (granted["team"]["id"], granted["bot_user_id"], granted["scope"]) == (
        "T0FAR",
        "U0FARBOT",
        "chat:write,commands",
    )
    assert (granted["authed_user"]["id"], granted["is_enterprise_install"]) == ("U0FARADMIN", False)
    assert "refresh_token" not in granted
    client = AsyncWebClient(granted["access_token"], fake.api_url, retry_handlers=[])
    assert (await client.auth_test())["team_id"] == "T0FAR"
    await client.chat_postMessage(channel="C0FAR", text="Hello")
    assert fake.messages[0].team == "T0FAR"
    await expect("channel_not_found", client.chat_postMessage(channel="C0CHAN", text="Hello"))
    await expect("missing_scope", client.users_info(user="U0FAR"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "999.999"}, "invalid_client_id"),
        ({"client_secret": "guessed"}, "bad_client_secret"),
        ({"code": "guessed"}, "invalid_code"),
        ({"redirect_uri": "https://elsewhere.example/slack/oauth_redirect"}, "bad_redirect_uri"),
        ({"redirect_uri": None}, "bad_redirect_uri"),
        ({"grant_type": "password"}, "invalid_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "guessed"}, "invalid_refresh_token"),
    ],
)
async def test_a_bad_exchange_is_refused(fake: FakeSlack, changes: dict[str, Any], error: str) -> None:
    """Each is refused with Slack's own code."""
    await expect(error, exchange(fake, **({"code": approve(fake)["code"]} | changes)))


async def test_a_code_is_good_once_and_for_ten_minutes(fake: FakeSlack) -> None:
    """Used or old, a code gives nothing."""
    code = approve(fake)["code"]
    await exchange(fake, code=code)
    await expect("invalid_code", exchange(fake, code=code))
    late = approve(fake)["code"]
    fake.world.pass_time(601)
    await expect("invalid_code", exchange(fake, code=late))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "999.999"},
        {"scope": ""},
        {"scope": "chat:write,chat:read"},
        {"state": ""},
        {"redirect_uri": "https://elsewhere.example/slack/oauth_redirect"},
    ],
)
def test_slack_shows_an_error_for_a_bad_address(changes: dict[str, str]) -> None:
    """An unknown app, no or unknown scopes, no state, and a place that is not the app's are not asked about."""
    good = {"client_id": CLIENT_ID, "scope": "chat:write", "state": "a-state", "redirect_uri": REDIRECT}
    fake = FakeSlack()
    address = "https://slack.com/oauth/v2/authorize"
    assert fake.oauth.approve(f"{address}?{urlencode(good)}", "T0FAR", "U0FARADMIN").startswith(REDIRECT)
    with pytest.raises(AssertionError):
        fake.oauth.approve(f"{address}?{urlencode(good | changes)}", "T0FAR", "U0FARADMIN")
    with pytest.raises(AssertionError):
        fake.oauth.approve(f"https://slack.com.example/oauth/v2/authorize?{urlencode(good)}", "T0FAR", "U0FARADMIN")


def test_a_person_may_say_no() -> None:
    """A browser comes back without a code, with Slack's word for it."""
    back = approve(FakeSlack(), deny=True)
    assert back == {"state": "a-state", "error": "access_denied"}


async def test_a_token_that_expires_is_renewed_once(fake: FakeSlack) -> None:
    """With rotation a token lasts twelve hours; its refresh token gives another, once."""
    fake.oauth.rotation = True
    granted = await exchange(fake, code=approve(fake)["code"])
    assert granted["expires_in"] == LIFE_OF_A_TOKEN
    client = AsyncWebClient(granted["access_token"], fake.api_url, retry_handlers=[])
    await client.auth_test()
    fake.world.pass_time(LIFE_OF_A_TOKEN)
    await expect("token_expired", client.auth_test())
    renew = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], "redirect_uri": None}
    renewed = await exchange(fake, **renew)
    assert renewed["refresh_token"] != granted["refresh_token"]
    await AsyncWebClient(renewed["access_token"], fake.api_url).auth_test()
    await expect("invalid_refresh_token", exchange(fake, **renew))


async def test_a_revoked_token_is_over(client: AsyncWebClient) -> None:
    """After auth.revoke the token is refused as revoked; a trial revokes nothing."""
    assert (await client.auth_revoke(test=True))["revoked"] is False
    assert (await client.auth_revoke())["revoked"] is True
    await expect("token_revoked", client.auth_test())


async def test_an_uninstalled_app_is_out_of_that_workspace(client: AsyncWebClient, fake: FakeSlack) -> None:
    """Uninstalled, or dropped, every token of the workspace is over, and no other workspace's."""
    fake.oauth.rotation = True
    granted = await exchange(fake, code=approve(fake)["code"])
    far = AsyncWebClient(granted["access_token"], fake.api_url, retry_handlers=[])
    await expect("bad_client_secret", client.apps_uninstall(client_id=CLIENT_ID, client_secret="guessed"))
    await client.apps_uninstall(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    await expect("account_inactive", client.auth_test())
    await far.auth_test()
    fake.oauth.drop("T0FAR", "token_revoked")
    await expect("token_revoked", far.auth_test())
    renew = {"grant_type": "refresh_token", "refresh_token": granted["refresh_token"], "redirect_uri": None}
    await expect("invalid_refresh_token", exchange(fake, **renew))
