"""Many workspaces: installed through OAuth, each answered with its own token, renewed, revoked, erased."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.fernet import Fernet
from fakes.leaks import note_secret
from fakes.service import Service, serve
from fakes.slack import APP_TOKEN, FakeSlack, Mishap, Sent
from fakes.slack_oauth import CLIENT_ID, CLIENT_SECRET, LIFE_OF_A_TOKEN, REDIRECT
from fakes.slack_requests import (
    SIGNING_SECRET,
    app_uninstalled,
    event_callback,
    mention,
    slash_command,
    tokens_revoked,
)
from fakes.slack_world import OTHER_TEAM, TEAM
from sqlalchemy import func, select, text

from bot.records.models import AnswerRecord, ChannelSettings, FeedbackRecord, InboxEvent
from bot.settings import Settings, SettingsError, load_settings
from bot.slack.manifest import FOLLOW_UP_SCOPES, REVIEW_SCOPES, SCOPES

QUESTION = "who handles backups under GL8 5.1(c)?"
PEOPLE = {TEAM: ("U0ANN", "C0CHAN"), OTHER_TEAM: ("U0FAR", "C0FAR")}


@pytest.fixture
def oauth_settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Slack over HTTP, for whichever workspace installs the app."""
    monkeypatch.setenv("SLACK_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("SLACK_CLIENT_SECRET", CLIENT_SECRET)
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SIGNING_SECRET)
    monkeypatch.setenv("CLAUSEBOT_SECRET_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("PUBLIC_URL", REDIRECT.removesuffix("/slack/oauth_redirect"))
    return load_settings()


@pytest.fixture
async def service(oauth_settings: Settings, fake: FakeSlack) -> AsyncIterator[Service]:
    """The service for many workspaces, none of which has installed the app."""
    async with serve(oauth_settings, fake) as running:
        yield running


@dataclass
class Page:
    """What a browser shows."""

    status: int
    html: str
    headers: dict[str, str]
    cookies: dict[str, Any]

    @property
    def title(self) -> str:
        """The heading."""
        found = re.search("<h1>(.*)</h1>", self.html)
        assert found
        return unescape(found[1])


@dataclass
class Browser:
    """A person's browser, which keeps the service's cookie as browsers do."""

    service: Service
    cookies: dict[str, str] = field(default_factory=dict)

    async def open(self, address: str) -> Page:
        """Go to an address of the service's."""
        parts = urlsplit(address)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie} if cookie else {}
        target = f"{self.service.address}{parts.path}?{parts.query}"
        async with self.service.session.get(target, headers=headers, allow_redirects=False) as response:
            for name, morsel in response.cookies.items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
            return Page(response.status, await response.text(), dict(response.headers), dict(response.cookies))

    async def begin(self) -> str:
        """Open the install page; what comes back is the address at Slack's that it leads to."""
        page = await self.open("/slack/install")
        found = re.search('href="(https://slack.com/[^"]+)"', page.html)
        assert found, page.html
        return unescape(found[1])

    async def install(self, team: str, **choice: bool) -> Page:
        """Install the app in a workspace, from the first page to the last."""
        approved = self.service.fake.oauth.approve(await self.begin(), team, PEOPLE[team][0], **choice)
        return await self.open(approved)


async def ask(service: Service, team: str, question: str = QUESTION) -> Sent:
    """Mention the app in a workspace; what comes back is its answer."""
    user, channel = PEOPLE[team]
    count = len(service.fake.messages)
    event = mention(question, user=user, channel=channel)
    assert (await service.slack.event(event, team=team)).status == 200
    return (await service.fake.wait_for(count + 1))[-1]


async def deliver(service: Service, event: dict[str, Any], team: str = TEAM, *, at: float = 0) -> int:
    """Deliver an event that happened ``at`` seconds from now; the status that Slack gets comes back."""
    body = event_callback(event, team=team) | {"event_time": int(time.time() + at)}
    return (await service.slack.post(json.dumps(body).encode(), "application/json")).status


async def stored(service: Service, column: str = "bot_token") -> list[str | None]:
    """What each installation has stored in a column, as it stands in the database."""
    async with service.records.engine.connect() as connection:
        return list((await connection.execute(text(f"SELECT {column} FROM slack_installations ORDER BY id"))).scalars())


def list_files(folder: Path) -> list[Path]:
    """The files of the database, with what SQLite keeps beside it."""
    return list(folder.glob("records.db*"))


async def let_expire(service: Service, seconds: float) -> None:
    """Have every stored token expire in so many seconds."""
    store = service.records.installations(CLIENT_ID)
    found = await store.find(TEAM)
    assert found
    found.bot_token_expires_at = int(time.time() + seconds)
    await store.renew(found)


async def test_the_install_page_leads_to_slack(service: Service) -> None:
    """The page asks Slack for the manifest's scopes, and sends the browser back to the public address."""
    browser = Browser(service)
    asked = parse_qs(urlsplit(await browser.begin()).query)
    assert asked["client_id"] == [CLIENT_ID]
    assert asked["scope"] == [",".join(SCOPES)]
    assert asked["redirect_uri"] == [REDIRECT]
    assert "user_scope" not in asked
    assert browser.cookies == {"__Host-clausebot-install": asked["state"][0]}


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("follow_ups=1", [*FOLLOW_UP_SCOPES]),
        ("reviews=1", [*REVIEW_SCOPES]),
        ("reviews=1&follow_ups=1", [*FOLLOW_UP_SCOPES, *REVIEW_SCOPES]),
    ],
)
async def test_more_is_asked_for_by_an_address_of_its_own(service: Service, query: str, more: list[str]) -> None:
    """With follow_ups=1 or reviews=1 the page asks for the scopes that those need as well, and says what for."""
    page = await Browser(service).open(f"/slack/install?{query}")
    found = re.search("&amp;scope=([^&]+)&amp;", page.html)
    assert found
    assert found[1].split(",") == [*SCOPES, *more]
    assert all(f"<code>{scope}</code>: " in page.html for scope in more)


async def test_the_pages_are_closed_to_other_sites(service: Service) -> None:
    """The cookie goes to this host over https only and to no script; the page loads nothing and is kept nowhere."""
    page = await Browser(service).open("/slack/install?team=T0%26scope%3Dadmin")
    cookie = page.cookies["__Host-clausebot-install"]
    assert {name: cookie[name] for name in ("secure", "httponly", "samesite", "path", "domain", "max-age")} == {
        "secure": True,
        "httponly": True,
        "samesite": "Lax",
        "path": "/",
        "domain": "",
        "max-age": "600",
    }
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    # What the address says of scopes or workspaces is not passed on.
    assert "T0" not in page.html


async def test_each_workspace_is_answered_with_its_own_token(service: Service) -> None:
    """Two workspaces install, and the answers to each are sent with the token that Slack gave for it."""
    for team in (TEAM, OTHER_TEAM):
        page = await Browser(service).install(team)
        assert (page.status, page.title) == (200, f"Clausebot is in {team.lower()}")
        assert f"app=A0APP&amp;team={team}" in page.html
    assert [(await ask(service, team)).team for team in (OTHER_TEAM, TEAM, OTHER_TEAM)] == [
        OTHER_TEAM,
        TEAM,
        OTHER_TEAM,
    ]


async def test_installing_again_replaces_the_token(service: Service) -> None:
    """A second installation answers with the new token, though Slack ends the first."""
    await Browser(service).install(TEAM)
    service.fake.oauth.drop(TEAM, "token_revoked")
    await Browser(service).install(TEAM)
    assert (await ask(service, TEAM)).team == TEAM
    assert len(await stored(service)) == 1


async def test_tokens_are_stored_sealed_and_logged_nowhere(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With every logger at DEBUG, no line and no byte of the database holds a token, a code, a state or a secret."""
    caplog.set_level(logging.DEBUG)
    service.fake.oauth.rotation = True
    browser = Browser(service)
    address = await browser.begin()
    [state] = parse_qs(urlsplit(address).query)["state"]
    await browser.open(service.fake.oauth.approve(address, TEAM, "U0ANN"))
    await let_expire(service, 60)
    await ask(service, TEAM)
    await deliver(service, tokens_revoked(bot=["U0CLAUSE"]))
    issued = [token for token in service.fake.world.tokens if token.startswith("xoxe.")]
    tokens = [*issued, *service.fake.oauth.refresh]
    assert len(tokens) == 4
    for secret in (*tokens, CLIENT_SECRET):
        note_secret(secret)
    # The files of the database, with what was deleted since.
    data = b"".join(each.read_bytes() for each in list_files(tmp_path))
    assert [each for each in (*tokens, CLIENT_SECRET) if each.encode() in data] == []
    assert [each for each in (*tokens, *service.fake.oauth.codes, state) if each in caplog.text] == []


async def test_a_command_where_the_app_is_not_installed_says_so(service: Service) -> None:
    """Whoever gives the command in a workspace without a working installation reads where to install it."""
    fake = service.fake
    assert (await service.slack.command(slash_command("GL8 5.1(c)", fake.response_url()))).status == 200
    [sent] = await fake.wait_for(1)
    assert "https://clausebot.example/slack/install" in sent.payload["text"]
    assert service.answerer.questions == []


async def test_an_event_where_the_app_is_not_installed_is_left_alone(service: Service) -> None:
    """An event of a workspace that has not installed the app is acknowledged, and answered to nobody."""
    await Browser(service).install(OTHER_TEAM)
    assert (await service.slack.event(mention(QUESTION))).status == 200
    await ask(service, OTHER_TEAM, "another")
    assert service.answerer.questions == ["another"]


async def test_a_shared_channel_is_answered_by_the_workspace_that_installed(service: Service) -> None:
    """Somebody of another organization asks in a channel that two share: the token is the installing workspace's."""
    await Browser(service).install(OTHER_TEAM)
    body = event_callback(mention(QUESTION, user="U0FAR", channel="C0FAR"), team=OTHER_TEAM) | {"team_id": "T0GUEST"}
    assert (await service.slack.post(json.dumps(body).encode(), "application/json")).status == 200
    [sent] = await service.fake.wait_for(1)
    assert sent.team == OTHER_TEAM


@pytest.mark.parametrize("fault", ["no state", "wrong state", "used state", "expired state", "another browser"])
async def test_what_was_not_begun_in_this_browser_is_refused(service: Service, fault: str) -> None:
    """A state that is missing, made up, used, too old or another browser's installs nothing, and the page says why."""
    browser = Browser(service)
    back = service.fake.oauth.approve(await browser.begin(), TEAM, "U0ANN")
    state = browser.cookies["__Host-clausebot-install"]
    if fault == "no state":
        back = back.replace(f"state={state}", "")
    elif fault == "wrong state":
        back = back.replace(state, "00000000-0000-4000-8000-000000000000")
        browser.cookies["__Host-clausebot-install"] = "00000000-0000-4000-8000-000000000000"
    elif fault == "used state":
        await browser.open(back)
        await deliver(service, tokens_revoked(bot=["U0CLAUSE"]))
        browser.cookies["__Host-clausebot-install"] = state
    elif fault == "expired state":
        async with service.records.engine.begin() as connection:
            await connection.execute(text("UPDATE slack_oauth_states SET expire_at = '2026-01-01 00:00:00'"))
    else:
        browser = Browser(service)
    page = await browser.open(back)
    titles = {"This was not begun here", "This link was used before, or is too old"}
    assert (page.status, page.title in titles) == (400, True)
    assert 'href="https://clausebot.example/slack/install"' in page.html
    assert await stored(service) == []


async def test_a_declined_request_installs_nothing(service: Service) -> None:
    """Whoever declines in Slack reads that nothing was installed, and the browser forgets the attempt."""
    browser = Browser(service)
    page = await browser.install(TEAM, deny=True)
    assert (page.status, page.title) == (200, "Nothing was installed")
    assert "declined" in page.html
    assert browser.cookies == {}
    assert await stored(service) == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("error=%3Cscript%3Ealert(1)%3C/script%3E", None),
        ("error=call%20me%20at%20555", None),
        ("error=server_overloaded", "server_overloaded"),
    ],
)
async def test_the_address_puts_no_words_of_its_own_on_the_page(
    service: Service, query: str, shown: str | None
) -> None:
    """Of an address's error only what has the form of Slack's codes is shown; markup and sentences are not."""
    page = await Browser(service).open(f"/slack/oauth_redirect?{query}")
    assert (page.status, page.title) == (400, "Nothing was installed")
    assert (f"<code>{shown}</code>" in page.html) is (shown is not None)
    assert "script" not in page.html
    assert "555" not in page.html


async def test_a_workspaces_name_is_text(service: Service) -> None:
    """A name with markup in it is shown as it is written."""
    service.fake.world.workspaces[TEAM].id = "T0<B>"
    service.fake.world.workspaces["T0<B>"] = service.fake.world.workspaces[TEAM]
    page = await Browser(service).install(TEAM)
    assert page.title == "Clausebot is in t0<b>"
    assert "<b>" not in page.html


@pytest.mark.parametrize(
    ("change", "status", "title"),
    [
        ("code", 400, "Slack's confirmation is not good, or too old"),
        ("redirect", 500, "Slack does not know this service"),
        ("secret", 500, "Slack does not know this service"),
        ("client", 500, "Slack does not know this service"),
        ("server error", 400, "Nothing was installed"),
        ("close", 502, "Slack can't be reached"),
    ],
)
async def test_slacks_refusal_of_the_code_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch, change: str, status: int, title: str
) -> None:
    """Where Slack does not exchange the code, the page says in words why and what to do, and nothing is stored."""
    browser, fake = Browser(service), service.fake
    back = fake.oauth.approve(await browser.begin(), TEAM, "U0ANN")
    if change == "code":
        fake.oauth.codes.clear()
    elif change == "redirect":
        next(iter(fake.oauth.codes.values())).redirect_uri = "https://elsewhere.example"
    elif change in ("secret", "client"):
        monkeypatch.setattr(f"fakes.slack_oauth.CLIENT_{'SECRET' if change == 'secret' else 'ID'}", "another")
    else:
        mishap: Mishap = "server error" if change == "server error" else "close"
        fake.mishaps["oauth.v2.access"].extend([mishap] * 10)
    page = await browser.open(back)
    assert (page.status, page.title) == (status, title)
    assert await stored(service) == []


async def test_a_whole_organization_is_not_installed(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation for an organization as a whole is refused, with what to do instead."""
    issue = service.fake.oauth._issue
    wide = {"is_enterprise_install": True, "team": None, "enterprise": {"id": "E0ORG", "name": "Org"}}
    monkeypatch.setattr(service.fake.oauth, "_issue", lambda grant: issue(grant) | wide)
    page = await Browser(service).install(TEAM)
    assert (page.status, page.title) == (400, "Choose a workspace")
    assert await stored(service) == []


async def test_without_the_database_nothing_is_begun_or_ended(service: Service) -> None:
    """Where the database refuses, both pages say to begin again later."""
    browser = Browser(service)
    back = service.fake.oauth.approve(await browser.begin(), TEAM, "U0ANN")
    async with service.records.engine.begin() as connection:
        await connection.execute(text("DROP TABLE slack_oauth_states"))
    for address in ("/slack/install", back):
        page = await browser.open(address)
        assert (page.status, page.title) == (503, "The service can't keep the installation now")
    assert "oauth.v2.access" not in service.fake.calls


async def test_a_token_is_renewed_before_it_expires(service: Service) -> None:
    """Within two hours of its end a token is replaced by one good for twelve hours more, once for many questions."""
    service.fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    await ask(service, TEAM)
    [before] = await stored(service)
    await let_expire(service, 3600)
    await asyncio.gather(*(service.slack.event(mention(f"{QUESTION} {number}")) for number in range(8)))
    await service.fake.wait_for(9)
    assert service.fake.calls.count("oauth.v2.access") == 2
    assert await stored(service) != [before]
    found = await service.records.installations(CLIENT_ID).find(TEAM)
    assert found
    assert found.bot_token_expires_at
    assert found.bot_token_expires_at > time.time() + LIFE_OF_A_TOKEN - 60


async def test_an_expired_token_is_renewed(service: Service) -> None:
    """After a night without questions the first one is answered with a new token."""
    service.fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    service.fake.world.pass_time(LIFE_OF_A_TOKEN + 1)
    await let_expire(service, -1)
    assert (await ask(service, TEAM)).team == TEAM


async def test_processes_that_renew_at_once_share_what_one_gets(
    service: Service, oauth_settings: Settings, fake: FakeSlack
) -> None:
    """Of two processes with the same expired token one renews it, and both answer."""
    fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    fake.world.pass_time(LIFE_OF_A_TOKEN + 1)
    await let_expire(service, -1)
    async with serve(oauth_settings, fake) as other:
        await asyncio.gather(
            *(each.slack.event(mention(f"{QUESTION} {number}")) for number in range(4) for each in (service, other))
        )
        await fake.wait_for(8)


async def test_a_renewal_that_fails_leaves_the_token_that_still_works(service: Service) -> None:
    """Where Slack can't renew now, answers go on with the token until it expires."""
    service.fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    await let_expire(service, 3600)
    service.fake.mishaps["oauth.v2.access"].extend(["server error"] * 100)
    assert (await ask(service, TEAM)).team == TEAM


async def test_a_question_waits_for_a_token_that_cannot_be_renewed_now(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an expired token that Slack can't renew, the event is not acknowledged, and answered when it comes again."""
    monkeypatch.setattr("bot.slack.tokens._LOOK_AGAIN_AFTER", (0.0,))
    service.fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    service.fake.world.pass_time(LIFE_OF_A_TOKEN + 1)
    await let_expire(service, -1)
    service.fake.mishaps["oauth.v2.access"].extend(["close"] * 2)
    event = mention(QUESTION)
    assert (await service.slack.event(event)).status == 503
    assert (await service.slack.event(event)).status == 200
    await service.fake.wait_for(1)


async def test_a_token_that_can_never_be_renewed_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Slack no longer knows the refresh token, the log names the workspace, and who asks reads what to do."""
    monkeypatch.setattr("bot.slack.tokens._LOOK_AGAIN_AFTER", (0.0,))
    service.fake.oauth.rotation = True
    await Browser(service).install(TEAM)
    service.fake.oauth.drop(TEAM)
    await let_expire(service, -1)
    await service.slack.command(slash_command("GL8 5.1(c)", service.fake.response_url()))
    [sent] = await service.fake.wait_for(1)
    assert "https://clausebot.example/slack/install" in sent.payload["text"]
    assert f"{TEAM} has to install the app again: SlackApiError (invalid_refresh_token)" in caplog.text


async def test_a_revoked_token_is_forgotten(service: Service) -> None:
    """A revoked bot token is deleted with its installation, another workspace's stays, and installing anew works."""
    for team in (TEAM, OTHER_TEAM):
        await Browser(service).install(team)
    service.fake.oauth.drop(TEAM, "token_revoked")
    assert await deliver(service, tokens_revoked(bot=["U0CLAUSE"])) == 200
    assert await stored(service, "team_id") == [OTHER_TEAM]
    await service.slack.event(mention(QUESTION))
    await ask(service, OTHER_TEAM, "another")
    assert service.answerer.questions == ["another"]
    await Browser(service).install(TEAM)
    assert (await ask(service, TEAM)).team == TEAM


async def test_a_persons_revoked_token_changes_nothing(service: Service) -> None:
    """The app has no tokens of people: news of one's end leaves the installation."""
    await Browser(service).install(TEAM)
    assert await deliver(service, tokens_revoked(oauth=["U0ANN"])) == 200
    assert (await ask(service, TEAM)).team == TEAM


async def fill(service: Service, team: str) -> None:
    """Install the app in a workspace, and have records of every kind there."""
    await Browser(service).install(team)
    await ask(service, team, f"{QUESTION} {team}")
    async with asyncio.timeout(60):
        while not (await count(service, team))[1]:  # an answer is sent while it is being recorded
            pass
    row = {"channel": "slack", "workspace": team}
    async with service.records.engine.begin() as connection:
        await connection.execute(
            FeedbackRecord.__table__.insert().values(
                answer=team, asker=team, workspace=team, at=time.time(), helpful=True, reason=""
            )
        )
        await connection.execute(ChannelSettings.__table__.insert().values(**row, place="C0", settings="{}"))


async def count(service: Service, team: str) -> list[int]:
    """How many rows of each kind a workspace has; the last are its installations."""
    async with service.records.engine.connect() as connection:
        own = [
            (
                await connection.execute(
                    select(func.count()).select_from(table).where(table.workspace == team)  # type: ignore[attr-defined]
                )
            ).scalar_one()
            for table in (InboxEvent, AnswerRecord, FeedbackRecord, ChannelSettings)
        ]
        for table in ("slack_bots", "slack_installations"):
            counted = text(f"SELECT count(*) FROM {table} WHERE team_id = :team")
            own.append((await connection.execute(counted, {"team": team})).scalar_one())
    return own


async def test_an_uninstallation_erases_its_workspace_and_no_other(service: Service) -> None:
    """When the app is uninstalled, everything of that workspace is gone, and everything of the other is still there."""
    for team in (TEAM, OTHER_TEAM):
        await fill(service, team)
    assert await deliver(service, app_uninstalled()) == 200
    assert await count(service, TEAM) == [0] * 6
    assert await count(service, OTHER_TEAM) == [1] * 6
    assert (await ask(service, OTHER_TEAM)).team == OTHER_TEAM


async def test_late_news_of_an_uninstallation_spares_the_next_installation(service: Service) -> None:
    """What Slack delivers late, after the app was installed again, deletes nothing."""
    await fill(service, TEAM)
    for event in (app_uninstalled(), tokens_revoked(bot=["U0CLAUSE"])):
        assert await deliver(service, event, at=-60) == 200
    assert await count(service, TEAM) == [1] * 6


async def test_an_uninstallation_that_cannot_be_stored_is_delivered_again(service: Service) -> None:
    """Where the database refuses, the news is not acknowledged; the next delivery erases."""
    await fill(service, TEAM)
    async with service.records.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE feedback RENAME TO away"))
    assert await deliver(service, app_uninstalled()) == 503
    async with service.records.engine.begin() as connection:
        await connection.execute(text("ALTER TABLE away RENAME TO feedback"))
    assert await deliver(service, app_uninstalled()) == 200
    assert await count(service, TEAM) == [0] * 6


async def test_one_workspaces_own_records_outlive_its_app(http_settings: Settings, fake: FakeSlack) -> None:
    """A service with a token in its settings installs nowhere, and keeps its own records at an uninstallation."""
    async with serve(http_settings, fake) as service:
        for path in ("/slack/install", "/slack/oauth_redirect"):
            assert (await service.session.get(service.address + path)).status == 404
        await ask(service, TEAM)
        for event in (app_uninstalled(), tokens_revoked(bot=["U0CLAUSE"])):
            assert await deliver(service, event) == 200
        await service.runner.cleanup()
        assert (await count(service, TEAM))[1] == 1


async def test_socket_mode_serves_every_workspace_too(oauth_settings: Settings, fake: FakeSlack) -> None:
    """What comes through the socket is answered with the token of the workspace that it comes from."""
    both = oauth_settings.model_copy(update={"slack_app_token": type(oauth_settings.slack_client_secret)(APP_TOKEN)})
    async with serve(both, fake) as service:
        for team in (TEAM, OTHER_TEAM):
            await Browser(service).install(team)
        user, channel = PEOPLE[OTHER_TEAM]
        await fake.deliver("events_api", event_callback(mention(QUESTION, user=user, channel=channel), team=OTHER_TEAM))
        [sent] = await fake.wait_for(1)
        assert sent.team == OTHER_TEAM


def test_oauth_needs_the_public_address(oauth_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Slack sends browsers back to is set by the operator: without it the service says so and does not start."""
    monkeypatch.delenv("PUBLIC_URL")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith("PUBLIC_URL: not set, or empty, although SLACK_CLIENT_ID is set; ")
