"""The environment is checked at start: one clear line for each bad variable, and no secret in any."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT = {
    "SLACK_CLIENT_ID": "111.222",
    "SLACK_CLIENT_SECRET": "client-secret-9",
    "PUBLIC_URL": "https://clausebot.example.org",
}
GUID = "00000000-1111-2222-3333-444444444444"
TEAMS = {"MICROSOFT_APP_ID": GUID, "MICROSOFT_APP_PASSWORD": "9~x", "MICROSOFT_APP_TENANT_ID": GUID}
KEY = "cGllY2VzIG9mIGVpZ2h0LCBwaWVjZXMgb2Ygbmluzi4="

BAD = [
    # (the environment, how each line begins, in the order of the lines)
    ({"SLACK_BOT_TOKEN": "xoxp-9"}, ["SLACK_BOT_TOKEN: does not start", "SLACK_SIGNING_SECRET: not set"]),
    ({"SLACK_BOT_TOKEN": "xoxp-9", "SLACK_SIGNING_SECRET": SECRET}, ["SLACK_BOT_TOKEN: does not start"]),
    ({"SLACK_BOT_TOKEN": "xoxb-9"}, ["SLACK_SIGNING_SECRET: not set"]),
    ({"SLACK_BOT_TOKEN": "xoxb-9", "SLACK_SIGNING_SECRET": ""}, ["SLACK_SIGNING_SECRET: not set, or empty"]),
    ({"SLACK_BOT_TOKEN": "xoxb-9", "SLACK_SIGNING_SECRET": " \n"}, ["SLACK_SIGNING_SECRET: not set, or empty"]),
    ({"SLACK_BOT_TOKEN": "xoxb-9", "SLACK_SIGNING_SECRET": "xoxb-9"}, ["SLACK_SIGNING_SECRET: holds a token"]),
    ({"SLACK_BOT_TOKEN": "xoxb-9", "SLACK_APP_TOKEN": "xoxb-9"}, ["SLACK_APP_TOKEN: does not start"]),
    ({"SLACK_SIGNING_SECRET": SECRET}, ["SLACK_BOT_TOKEN: not set"]),
    ({"SLACK_APP_TOKEN": "xapp-9"}, ["SLACK_BOT_TOKEN: not set"]),
    ({"SLACK_APP_TOKEN": "xapp-9", "SLACK_BOT_TOKEN": ""}, ["SLACK_BOT_TOKEN: not set"]),
    (
        {"SLACK_CLIENT_ID": "1 2"},
        ["SLACK_CLIENT_ID: ", "SLACK_CLIENT_SECRET: ", "SLACK_SIGNING", "CLAUSEBOT_SECRET_KEY", "PUBLIC_URL: not set"],
    ),
    (
        {"SLACK_CLIENT_SECRET": "xoxb-9", "SLACK_SIGNING_SECRET": SECRET, "CLAUSEBOT_SECRET_KEY": KEY},
        ["SLACK_CLIENT_ID: not set", "SLACK_CLIENT_SECRET: holds a token", "PUBLIC_URL: not set"],
    ),
    (CLIENT, ["SLACK_SIGNING_SECRET: not set", "CLAUSEBOT_SECRET_KEY: not set"]),
    (CLIENT | {"SLACK_APP_TOKEN": "xapp-9", "CLAUSEBOT_SECRET_KEY": KEY}, ["SLACK_SIGNING_SECRET: not set"]),
    (
        CLIENT | {"SLACK_BOT_TOKEN": "xoxb-9", "SLACK_SIGNING_SECRET": SECRET, "CLAUSEBOT_SECRET_KEY": KEY},
        ["SLACK_BOT_TOKEN: set beside SLACK_CLIENT_ID"],
    ),
    ({"MICROSOFT_APP_ID": GUID}, ["MICROSOFT_APP_PASSWORD: not set", "MICROSOFT_APP_TENANT_ID: not set"]),
    ({"MICROSOFT_APP_PASSWORD": "9~x"}, ["MICROSOFT_APP_ID: not set", "MICROSOFT_APP_TENANT_ID: not set"]),
    ({"MICROSOFT_APP_ID": GUID, "MICROSOFT_APP_TYPE": "UserAssignedMSI"}, ["MICROSOFT_APP_TENANT_ID: not set"]),
    (TEAMS | {"MICROSOFT_APP_TYPE": "MultiTenant"}, ["MICROSOFT_APP_TYPE: "]),
    (TEAMS | {"MICROSOFT_APP_ID": "clausebot"}, ["MICROSOFT_APP_ID: is no id"]),
    (TEAMS | {"MICROSOFT_APP_TENANT_ID": "common"}, ["MICROSOFT_APP_TENANT_ID: is no id"]),
    (TEAMS | {"CLAUSEBOT_TEAMS_ANONYMOUS": "1"}, ["CLAUSEBOT_TEAMS_ANONYMOUS: set beside MICROSOFT_APP_ID"]),
    ({"CLAUSEBOT_TEAMS_ANONYMOUS": "1", "HOST": "0.0.0.0"}, ["CLAUSEBOT_TEAMS_ANONYMOUS: set although others"]),
    ({"CLAUSEBOT_TEAMS_ANONYMOUS": "1", "HOST": "192.0.2.7"}, ["CLAUSEBOT_TEAMS_ANONYMOUS: set although others"]),
    ({"CLAUSEBOT_TEAMS_ANONYMOUS": "perhaps"}, ["CLAUSEBOT_TEAMS_ANONYMOUS: "]),
    ({"CLAUSEBOT_PERSON_LIMIT": "0"}, ["CLAUSEBOT_PERSON_LIMIT: "]),
    ({"CLAUSEBOT_PERSON_LIMIT": "many"}, ["CLAUSEBOT_PERSON_LIMIT: "]),
    ({"CLAUSEBOT_WORKSPACE_LIMIT": "-1"}, ["CLAUSEBOT_WORKSPACE_LIMIT: "]),
    ({"PUBLIC_URL": "http://clausebot.example.org"}, ["PUBLIC_URL: does not start with https"]),
    ({"PUBLIC_URL": "clausebot.example.org"}, ["PUBLIC_URL: is no web address"]),
    ({"PUBLIC_URL": "https://ann:xoxb-9@example.org"}, ["PUBLIC_URL: is no web address"]),
    ({"PUBLIC_URL": "https://example.org/?a=b"}, ["PUBLIC_URL: is no web address"]),
    ({"PUBLIC_URL": "https://example.org/a|b>"}, ["PUBLIC_URL: is no web address"]),
    ({"PUBLIC_URL": "https://"}, ["PUBLIC_URL: is no web address"]),
    ({"PORT": "http"}, ["PORT: "]),
    ({"PORT": "65536"}, ["PORT: "]),
    ({"PORT": "-1"}, ["PORT: "]),
    ({"PORT": "3000.5"}, ["PORT: "]),
    ({"DATABASE_URL": "mysql://ann:xoxb-9@host/name"}, ["DATABASE_URL: is no address"]),
    ({"DATABASE_URL": "postgresql://ann:xoxb-9@host"}, ["DATABASE_URL: is no address"]),
    ({"DATABASE_URL": "postgresql://ann:xoxb-9@host:port/name"}, ["DATABASE_URL: has no host or port"]),
    ({"DATABASE_URL": "postgresql://ann:xoxb-9@host:65536/name"}, ["DATABASE_URL: has no host or port"]),
    ({"DATABASE_URL": "postgresql://ann:b@xoxb-9@host/name"}, ["DATABASE_URL: has no host or port"]),
    ({"DATABASE_URL": "postgresql://ann:xoxb-9@a..b/name"}, ["DATABASE_URL: has no host or port"]),
    ({"DATABASE_URL": "sqlite://"}, ["DATABASE_URL: is no address"]),
    ({"DATABASE_URL": "sqlite:///:memory:"}, ["DATABASE_URL: is no address"]),
    ({"CLAUSEBOT_SECRET_KEY": "xoxb-9"}, ["CLAUSEBOT_SECRET_KEY: holds something that is no key"]),
    ({"CLAUSEBOT_SECRET_KEY": f"{KEY},xoxb-9"}, ["CLAUSEBOT_SECRET_KEY: holds something that is no key"]),
    ({"CLAUSEBOT_SECRET_KEY": f"{KEY},"}, ["CLAUSEBOT_SECRET_KEY: holds something that is no key"]),
    ({"CLAUSEBOT_STORE_QUESTIONS": "perhaps"}, ["CLAUSEBOT_STORE_QUESTIONS: "]),
    ({"CLAUSEBOT_RETENTION_DAYS": "0"}, ["CLAUSEBOT_RETENTION_DAYS: "]),
    ({"CLAUSEBOT_RETENTION_DAYS": "a year"}, ["CLAUSEBOT_RETENTION_DAYS: "]),
    ({"CLAUSEBOT_SOURCES": "/no/such/folder"}, ['CLAUSEBOT_SOURCES: there is no "/no/such/folder"']),
    ({"CLAUSEBOT_GUIDES": "/no/such/folder"}, ['CLAUSEBOT_GUIDES: there is no "/no/such/folder"']),
    (
        {"SLACK_BOT_TOKEN": "token", "SLACK_APP_TOKEN": "token", "PORT": "x", "CLAUSEBOT_SOURCES": "/no"},
        ["SLACK_BOT_TOKEN: ", "SLACK_APP_TOKEN: ", "CLAUSEBOT_SOURCES: ", "PORT: "],
    ),
]


@pytest.mark.parametrize(("environment", "lines"), BAD)
def test_bad_variables_have_a_line_each(
    environment: dict[str, str], lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every bad variable, and no other, has one line: its name, what is wrong, what to do, never its secret."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    problems = caught.value.problems
    assert len(problems) == len(lines)
    assert all(problem.startswith(line) for problem, line in zip(problems, lines, strict=True))
    assert all("; " in problem and "\n" not in problem for problem in problems)
    assert all(
        secret not in problem
        for problem in problems
        for secret in (SECRET, KEY, "client-secret-9", "xoxb-9", "xoxp-9", "xapp-9")
    )


def test_nothing_set_is_fine() -> None:
    """Without any variable the service has Slack off, on 127.0.0.1:3000."""
    settings = load_settings()
    assert (settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret) == (None, None, None)
    assert (settings.host, settings.port) == ("127.0.0.1", 3000)


def test_every_variable_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each variable ends in the setting of its name, blanks around a secret and slashes behind an address left off."""
    environment = {
        "SLACK_BOT_TOKEN": "xoxb-9\n",
        "SLACK_APP_TOKEN": " xapp-9",
        "SLACK_SIGNING_SECRET": f"{SECRET} ",
        **TEAMS,
        "MICROSOFT_APP_TYPE": "SingleTenant",
        "CLAUSEBOT_SOURCES": str(tmp_path),
        "CLAUSEBOT_GUIDES": str(tmp_path),
        "DATABASE_URL": "postgresql://ann@host/name\n",
        "CLAUSEBOT_SECRET_KEY": f"{KEY}, {KEY}\n",
        "CLAUSEBOT_STORE_QUESTIONS": "true",
        "CLAUSEBOT_RETENTION_DAYS": "90",
        "CLAUSEBOT_PERSON_LIMIT": "1",
        "CLAUSEBOT_WORKSPACE_LIMIT": "100000",
        "PUBLIC_URL": "https://example.org:8443/bot// ",
        "CLAUSEBOT_SUPPORT": "Ask the help desk.",
        "HOST": "0.0.0.0",
        "PORT": "8080",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    others = {"slack_client_id", "slack_client_secret", "clausebot_teams_anonymous"}
    assert {name.lower() for name in environment} | others == set(Settings.model_fields)
    held = settings.slack_bot_token, settings.slack_app_token, settings.slack_signing_secret
    assert [secret.get_secret_value() for secret in held if secret] == ["xoxb-9", "xapp-9", SECRET]
    stored = settings.database_url, settings.clausebot_secret_key
    assert [secret.get_secret_value() for secret in stored if secret] == ["postgresql://ann@host/name", f"{KEY}, {KEY}"]
    assert (settings.clausebot_store_questions, settings.clausebot_retention_days) == (True, 90)
    assert (settings.clausebot_person_limit, settings.clausebot_workspace_limit) == (1, 100_000)
    assert (settings.clausebot_sources, settings.clausebot_guides) == (tmp_path, tmp_path)
    assert settings.clausebot_support == "Ask the help desk."
    assert (settings.public_url, settings.host, settings.port) == ("https://example.org:8443/bot", "0.0.0.0", 8080)


def test_a_client_stands_in_for_the_bot_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a client's id and secret no bot token is needed, nor wanted: each workspace brings its own."""
    for name, value in (CLIENT | {"SLACK_SIGNING_SECRET": SECRET, "CLAUSEBOT_SECRET_KEY": KEY}).items():
        monkeypatch.setenv(name, f" {value}\n")
    settings = load_settings()
    assert settings.slack_client_secret
    held = settings.slack_client_id, settings.slack_client_secret.get_secret_value(), settings.public_url
    assert held == tuple(CLIENT.values())
    assert settings.slack_bot_token is None


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:3000", "http://localhost", "http://[::1]:80", "https://[2001:db8::1]"]
)
def test_a_public_address_may_be_this_machine(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without encryption only this machine can be the outside."""
    monkeypatch.setenv("PUBLIC_URL", f"{address}/")
    assert load_settings().public_url == address


def test_settings_do_not_show_their_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings printed, as a log or a traceback would, hide tokens and the signing secret."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-9")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    assert "xoxb-9" not in repr(load_settings())
    assert SECRET not in repr(load_settings())


def test_teams_is_on_for_an_app_or_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app's id, password and tenant turn Teams on, as does the wish to try it here; nothing else does."""
    assert not load_settings().has_teams
    for name, value in TEAMS.items():
        monkeypatch.setenv(name, value.upper())
    assert load_settings().has_teams
    assert load_settings().microsoft_app_id == GUID
    for name in TEAMS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("CLAUSEBOT_TEAMS_ANONYMOUS", "1")
    for host in ("127.0.0.1", "localhost", "::1"):
        monkeypatch.setenv("HOST", host)
        assert load_settings().has_teams


def test_a_managed_identity_needs_no_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Registered with a managed identity, an app has an id and a tenant, and no secret."""
    for name in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID"):
        monkeypatch.setenv(name, GUID)
    monkeypatch.setenv("MICROSOFT_APP_TYPE", "UserAssignedMSI")
    assert load_settings().has_teams
