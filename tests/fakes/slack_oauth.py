"""How the app comes into a workspace and goes: codes, tokens, their rotation, revocation, the uninstallation."""

from __future__ import annotations

import base64
import itertools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from fakes.leaks import note_secret
from fakes.slack_methods import is_true
from fakes.slack_world import APP, RefusedError, Token, Workspace, World

CLIENT_ID, CLIENT_SECRET = "111.222", "5a1c0d9e8b7f4a3c2d1e0f9a8b7c6d5e"
REDIRECT = "https://clausebot.example/slack/oauth_redirect"
LIFE_OF_A_TOKEN = 43_200
LIFE_OF_A_CODE = 600

KNOWN_SCOPES = {
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "team:read",
    "usergroups:read",
    "users:read",
}

note_secret(CLIENT_SECRET)

_numbers = itertools.count(1)


@dataclass
class _Grant:
    team: str
    user: str
    scopes: tuple[str, ...]
    at: float
    redirect_uri: str | None = None
    used: bool = False


@dataclass
class Authorizer:
    """Slack's OAuth: ``redirects`` are those of the app's settings; tokens expire if ``rotation`` is on."""

    world: World
    redirects: set[str] = field(default_factory=lambda: {REDIRECT})
    rotation: bool = False
    codes: dict[str, _Grant] = field(default_factory=dict)
    refresh: dict[str, _Grant] = field(default_factory=dict)

    def approve(self, address: str, team: str, user: str, *, deny: bool = False) -> str:
        """Where Slack sends a person's browser who came to that address and approved, or did not.

        Raises:
            AssertionError: Slack would show an error page there.
        """
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://slack.com/oauth/v2/authorize", address
        assert asked.get("client_id") == CLIENT_ID, "invalid_client_id"
        scopes = tuple(scope for scope in asked.get("scope", "").split(",") if scope)
        assert scopes, "no scopes asked for"
        assert set(scopes) <= KNOWN_SCOPES, "invalid_scope"
        redirect = asked.get("redirect_uri")
        assert redirect is None or any(redirect.startswith(known) for known in self.redirects), "bad_redirect_uri"
        assert asked.get("state"), "no state: anybody could lead a browser here"
        back = {"state": asked.get("state", "")}
        if deny:
            back["error"] = "access_denied"
        else:
            back["code"] = f"code-{next(_numbers)}"
            self.codes[back["code"]] = _Grant(team, user, scopes, self.world.now(), redirect)
        return f"{redirect or min(self.redirects)}?{urlencode(back)}"

    def access(self, header: str, args: dict[str, Any]) -> dict[str, Any]:
        """``oauth.v2.access``: a code or a refresh token for an access token, each good once."""
        _check_client(header, args)
        if args.get("grant_type") == "refresh_token":
            grant = self.refresh.get(args.get("refresh_token", ""))
            if grant is None or grant.used:
                raise RefusedError("invalid_refresh_token")
        elif args.get("grant_type", "authorization_code") != "authorization_code":
            raise RefusedError("invalid_grant_type")
        else:
            grant = self.codes.get(args.get("code", ""))
            if grant is None or grant.used or self.world.now() - grant.at > LIFE_OF_A_CODE:
                raise RefusedError("invalid_code")
            if args.get("redirect_uri") != grant.redirect_uri:
                raise RefusedError("bad_redirect_uri")
        grant.used = True
        return self._issue(grant)

    def revoke(self, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``auth.revoke``."""
        if is_true(args.get("test")):
            return {"revoked": False}
        token.fault = "token_revoked"
        return {"revoked": True}

    def uninstall(self, token: Token, args: dict[str, Any]) -> dict[str, Any]:
        """``apps.uninstall``: every token of the workspace is over."""
        _check_client("", args)
        self.drop(token.team)
        return {}

    def drop(self, team: str, fault: str = "account_inactive") -> None:
        """Have every bot token of a workspace answered with that from now on."""
        for token in self.world.tokens.values():
            if token.team == team and token.kind == "bot":
                token.fault = fault
        for grant in self.refresh.values():
            grant.used = grant.used or grant.team == team

    def _issue(self, grant: _Grant) -> dict[str, Any]:
        workspace: Workspace = self.world.workspaces[grant.team]
        number = next(_numbers)
        value = f"xoxe.xoxb-{number}-fake" if self.rotation else f"xoxb-{number}-fake-{grant.team.lower()}"
        expires = self.world.now() + LIFE_OF_A_TOKEN if self.rotation else None
        note_secret(value)
        self.world.tokens[value] = Token(grant.team, grant.scopes, expires=expires)
        answer: dict[str, Any] = {
            "access_token": value,
            "token_type": "bot",
            "scope": ",".join(grant.scopes),
            "bot_user_id": workspace.bot_user,
            "app_id": APP,
            "team": {"id": workspace.id, "name": workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "authed_user": {"id": grant.user},
        }
        if self.rotation:
            renewal = f"xoxe-1-fake-{number}"
            note_secret(renewal)
            self.refresh[renewal] = _Grant(grant.team, grant.user, grant.scopes, self.world.now())
            answer |= {"refresh_token": renewal, "expires_in": LIFE_OF_A_TOKEN}
        return answer


def _check_client(header: str, args: dict[str, Any]) -> None:
    client, secret = args.get("client_id"), args.get("client_secret")
    if header.startswith("Basic "):
        client, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    if client != CLIENT_ID:
        raise RefusedError("invalid_client_id")
    if secret != CLIENT_SECRET:
        raise RefusedError("bad_client_secret")
