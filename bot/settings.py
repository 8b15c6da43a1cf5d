"""What the operator sets in the environment, checked once at start."""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_WHAT_TO_DO = {
    "SLACK_BOT_TOKEN": 'copy "Bot User OAuth Token" from "OAuth & Permissions" at api.slack.com/apps',
    "SLACK_APP_TOKEN": 'make one with connections:write under "App-Level Tokens" of "Basic Information"',
    "SLACK_CLIENT_ID": 'copy "Client ID" from "Basic Information" at api.slack.com/apps',
    "SLACK_CLIENT_SECRET": 'copy "Client Secret" from "Basic Information" at api.slack.com/apps',
    "SLACK_SIGNING_SECRET": 'copy "Signing Secret" from "Basic Information" at api.slack.com/apps',
    "MICROSOFT_APP_ID": 'copy "Microsoft App ID" from the configuration of the bot at portal.azure.com',
    "MICROSOFT_APP_PASSWORD": 'copy the value of a secret from "Certificates & secrets" of the app registration',
    "MICROSOFT_APP_TYPE": "set it to SingleTenant or UserAssignedMSI, as the bot was registered",
    "MICROSOFT_APP_TENANT_ID": 'copy "App Tenant ID" from the configuration of the bot at portal.azure.com',
    "CLAUSEBOT_TEAMS_ANONYMOUS": "set it to 1 only to try the service on this machine (HOST=127.0.0.1), or unset it",
    "CLAUSEBOT_SOURCES": "name the folder that holds the guide's text, or unset it to answer without quotes",
    "CLAUSEBOT_GUIDES": "name the folder that holds further guides' packs, or unset it",
    "DATABASE_URL": "write postgresql://user:password@host/name or sqlite:////folder/records.db, or unset it",
    "CLAUSEBOT_SECRET_KEY": "write 32 random bytes in URL-safe base64; keep an old key behind the new one and a comma",
    "CLAUSEBOT_STORE_QUESTIONS": "set it to true or false",
    "CLAUSEBOT_RETENTION_DAYS": "set it to a number of days from 1 on, or unset it to keep answers for ever",
    "CLAUSEBOT_PERSON_LIMIT": "set it to the questions a minute that a person may ask, from 1 on",
    "CLAUSEBOT_WORKSPACE_LIMIT": "set it to the questions a minute that a workspace may ask, from 1 on",
    "CLAUSEBOT_SUPPORT": "write a sentence of at most 300 characters, or unset it",
    "PUBLIC_URL": "write the service's own address, such as https://clausebot.example.org, or unset it",
    "HOST": "name an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them",
    "PORT": "set it to a free port, such as 3000",
}


def _starting_with(prefix: str) -> AfterValidator:
    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(prefix):
            raise ValueError(f'does not start with "{prefix}"')
        return value

    return AfterValidator(check)


def _no_token(value: SecretStr) -> SecretStr:
    if value.get_secret_value().startswith(("xoxb-", "xoxp-", "xapp-")):
        raise ValueError("holds a token, not the secret")
    return value


# What Slack writes is digits and dots; the records keep 32 characters.
_CLIENT_ID = re.compile(r"[\w.-]{1,32}", re.ASCII)


def _client_id(value: str) -> str:
    if not _CLIENT_ID.fullmatch(value):
        raise ValueError("is no client id")
    return value


_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def _guid(value: str) -> str:
    lowered = value.lower()
    if not _GUID.fullmatch(lowered):
        raise ValueError("is no id such as 00000000-0000-0000-0000-000000000000")
    return lowered


# Links are made from it: nothing but a host, perhaps a port, perhaps a path.
_PUBLIC_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?(?P<path>(/[\w.~-]+)*)/*",
    re.ASCII | re.IGNORECASE,
)

_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


def _public_url(value: str) -> str:
    found = _PUBLIC_URL.fullmatch(value)
    if not found:
        raise ValueError("is no web address without a query")
    if found["scheme"].lower() == "http" and found["host"].lower() not in _LOOPBACK:
        raise ValueError("does not start with https://")
    return value.rstrip("/")


def _existing(value: Path) -> Path:
    if not value.exists():
        raise ValueError(f'there is no "{value}"')
    return value


# An address without a file or a database in it would be one in memory, or the user's own by chance.
_DATABASE = re.compile(r"sqlite:///[^?]+|(?:postgres|postgresql)://\S+/[^/\s]+")

_HIGHEST_PORT = 65535

# Bytes of a Fernet key.
_KEY_SIZE = 32


def _database(value: SecretStr) -> SecretStr:
    address = value.get_secret_value()
    if not _DATABASE.fullmatch(address) or address.endswith(":memory:"):
        raise ValueError("is no address of a PostgreSQL database or of an SQLite file")
    if not _has_host_and_port(address):
        raise ValueError("has no host or port that can be read (in a user's name or password, @ is written as %40)")
    return value


def _has_host_and_port(address: str) -> bool:
    from sqlalchemy import make_url

    try:
        url = make_url(address)
        (url.host or "").encode("idna")
    except ValueError:  # a port in words, brackets that don't end; a host of too long or empty parts
        return False
    return "@" not in (url.host or "") and (url.port is None or 0 < url.port <= _HIGHEST_PORT)


def _keys(value: SecretStr) -> SecretStr:
    for key in value.get_secret_value().split(","):
        try:
            size = len(base64.b64decode(key.strip(), altchars=b"-_", validate=True))
        except (binascii.Error, ValueError):
            size = 0
        if size != _KEY_SIZE:
            raise ValueError("holds something that is no key")
    return value


class Settings(BaseSettings):
    """The settings of the service, each from the environment variable of its name in capitals.

    An empty variable counts as unset. Slack is on where there is a bot token: over HTTP with a signing
    secret, over Socket Mode with an app token, over both with both; or where there are a client's id and secret, with
    which any workspace may install the app. Teams is on where there is an app's id, or, for trying it out, where
    anybody on this machine is believed (``clausebot_teams_anonymous``). ``public_url`` is where the service is reached
    from outside, without a slash at its end. Limits are questions a minute. The records are in SQLite unless there is a
    ``database_url``; ``clausebot_secret_key`` holds Fernet keys, the newest first, commas between them.
    """

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    slack_bot_token: Annotated[SecretStr, _starting_with("xoxb-")] | None = Field(
        None, description="bot token (`xoxb-…`); Slack is off without it"
    )
    slack_app_token: Annotated[SecretStr, _starting_with("xapp-")] | None = Field(
        None, description="app-level token (`xapp-…`); switches Socket Mode on"
    )
    slack_signing_secret: Annotated[SecretStr, AfterValidator(_no_token)] | None = Field(
        None, description="verifies that requests come from Slack; needed over HTTP"
    )
    slack_client_id: Annotated[str, AfterValidator(_client_id)] | None = Field(
        None, description="in place of `SLACK_BOT_TOKEN`: any workspace may install the app"
    )
    slack_client_secret: Annotated[SecretStr, AfterValidator(_no_token)] | None = Field(
        None, description="goes with it; both need `SLACK_SIGNING_SECRET`, `CLAUSEBOT_SECRET_KEY` and `PUBLIC_URL`"
    )
    microsoft_app_id: Annotated[str, AfterValidator(_guid)] | None = Field(
        None, description="the bot's id at Microsoft; Teams is off without it"
    )
    microsoft_app_password: SecretStr | None = Field(
        None, description="the app's client secret; a managed identity needs none"
    )
    microsoft_app_type: Literal["SingleTenant", "UserAssignedMSI"] = Field(
        "SingleTenant", description="how the bot was registered: `SingleTenant` or `UserAssignedMSI` (managed identity)"
    )
    microsoft_app_tenant_id: Annotated[str, AfterValidator(_guid)] | None = Field(
        None, description="the id of the tenant that the app is registered in; needed with `MICROSOFT_APP_ID`"
    )
    clausebot_teams_anonymous: bool = Field(
        False,
        description=(
            "`1` turns Teams on for whoever is on this machine, unsigned, to try it; refused unless `HOST` is "
            "`127.0.0.1`"
        ),
    )
    clausebot_sources: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None,
        description="folder with the guides' texts, for quotes; without it `sources/` in the checkout, if it is there",
    )
    clausebot_guides: Annotated[Path, AfterValidator(_existing)] | None = Field(
        None, description="folder of further guides' packs, one folder each"
    )
    database_url: Annotated[SecretStr, AfterValidator(_database)] | None = Field(
        None,
        description=(
            "where the records are kept: `postgresql://user:password@host/name` or "
            "`sqlite:////folder/records.db`; without it in a file in the platform's data folder"
        ),
    )
    clausebot_secret_key: Annotated[SecretStr, AfterValidator(_keys)] | None = Field(
        None,
        description=(
            "seals tokens in the records, and signs links and sessions; to change it, put the new key and a comma"
            " before the old one, restart, drop the old one; without it no token of Slack's is stored, and no "
            "link signed"
        ),
    )
    clausebot_store_questions: bool = Field(
        False, description="`true` stores what was asked; else only a keyed hash of it is"
    )
    clausebot_retention_days: Annotated[int, Field(ge=1, le=36_500)] | None = Field(
        None,
        description=(
            "days that answers, feedback and what people looked up are kept, and what is older is deleted every "
            "hour; without it they are kept for ever"
        ),
    )
    clausebot_person_limit: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(
        30, description="questions a minute that one person may ask"
    )
    clausebot_workspace_limit: Annotated[int, Field(ge=1, le=1_000_000_000)] = Field(
        600, description="questions a minute that one workspace may ask"
    )
    public_url: Annotated[str, AfterValidator(_public_url)] | None = Field(
        None,
        description=(
            "https address where the service is reached from outside, for links to the source; without it there "
            "are none"
        ),
    )
    clausebot_support: Annotated[str, Field(max_length=300)] | None = Field(
        None, description="whom to turn to about the service, in a sentence: shown in Slack's App Home"
    )
    host: str = Field(
        "127.0.0.1", description="address that the service listens on: `0.0.0.0` for all of the machine's"
    )
    port: Annotated[int, Field(ge=0, le=65535)] = Field(3000, description="port that the service listens on")

    @property
    def has_slack(self) -> bool:
        """Whether Slack is on: for one workspace by its token, or for those that install the app."""
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def has_teams(self) -> bool:
        """Whether Teams is on: for an app, or for anybody on this machine."""
        return bool(self.microsoft_app_id) or self.clausebot_teams_anonymous

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        "microsoft_app_id",
        "microsoft_app_password",
        "microsoft_app_type",
        "microsoft_app_tenant_id",
        "database_url",
        "clausebot_secret_key",
        "public_url",
        mode="before",
    )
    @classmethod
    def _strip(cls, value: Any) -> Any:
        # A secret read from a file brings its line end along; blanks alone are no secret.
        return (value.strip() or None) if isinstance(value, str) else value


class SettingsError(Exception):
    """Variables that can't be used; ``problems`` holds one line for each, and never a secret's value."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings() -> Settings:
    """The settings from the environment.

    Raises:
        SettingsError: a variable is unusable, or Slack or Teams is configured by half.
    """
    wrong = _half_configured() | _half_configured_teams()
    try:
        settings = Settings()
    except ValidationError as error:
        for item in error.errors(include_input=False, include_url=False):
            cause = item.get("ctx", {}).get("error")
            wrong[str(item["loc"][0]).upper()] = str(cause or item["msg"])
    else:
        if settings.clausebot_teams_anonymous and settings.host not in _LOOPBACK:
            wrong["CLAUSEBOT_TEAMS_ANONYMOUS"] = "set although others than this machine reach the service"
    if wrong:
        raise SettingsError(
            tuple(f"{name}: {wrong[name]}; {_WHAT_TO_DO[name]}" for name in _WHAT_TO_DO if name in wrong)
        )
    return settings


def _half_configured() -> dict[str, str]:
    """What Slack lacks, judged by which variables are set at all: a wrong value has a line of its own."""
    held = {name.upper() for name, value in os.environ.items() if value.strip()}
    client = held & {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET"}
    if client:
        return _half_configured_client(held, client)
    bot, app, secret = (name in held for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"))
    if bot and not (app or secret):
        return {"SLACK_SIGNING_SECRET": "not set, or empty (only Socket Mode, with SLACK_APP_TOKEN, needs none)"}
    if not bot and (app or secret):
        given = "SLACK_APP_TOKEN" if app else "SLACK_SIGNING_SECRET"
        return {"SLACK_BOT_TOKEN": f"not set, or empty, although {given} is set"}
    return {}


def _half_configured_teams() -> dict[str, str]:
    """What Teams lacks, or has too much."""
    held = {name.upper(): value.strip() for name, value in os.environ.items() if value.strip()}
    given = sorted(name for name in held if name.startswith("MICROSOFT_APP_"))
    if not given:
        return {}
    needed = ["MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID"]
    if held.get("MICROSOFT_APP_TYPE") != "UserAssignedMSI":
        needed.append("MICROSOFT_APP_PASSWORD")
    wrong = {name: f"not set, or empty, although {given[0]} is set" for name in needed if name not in held}
    if "CLAUSEBOT_TEAMS_ANONYMOUS" in held:
        wrong["CLAUSEBOT_TEAMS_ANONYMOUS"] = f"set beside {given[0]}, for which requests are signed"
    return wrong


def _half_configured_client(held: Collection[str], client: Collection[str]) -> dict[str, str]:
    """What many workspaces need and lack, or have too much: each has a token of its own, which is stored sealed."""
    # A request's own word for where it was sent could be anybody's: browsers are led back to PUBLIC_URL.
    needed = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "CLAUSEBOT_SECRET_KEY", "PUBLIC_URL")
    given = min(client)
    wrong = {name: f"not set, or empty, although {given} is set" for name in needed if name not in held}
    if "SLACK_BOT_TOKEN" in held:
        wrong["SLACK_BOT_TOKEN"] = f"set beside {given}, with which each workspace brings its own; unset one of them"
    return wrong
