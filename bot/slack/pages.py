"""What a person's browser shows while they install the app. Pure; whatever came from outside is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import NamedTuple


class Page(NamedTuple):
    """A page and the HTTP status that it is sent with."""

    status: int
    html: str


_STYLE = "body{font:1em/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em}"

# Slack's codes, written as an identifier; anything else in an address is somebody's own text.
_CODE = re.compile(r"[a-z_]{1,64}")

_AGAIN = "Begin again with the link below; it has to be finished in the same browser, within ten minutes."
_LATER = "Nothing was installed. Begin again in a few minutes."
_UNKNOWN = "Slack does not know this service"

# What went wrong, and what to do: Bolt's reasons, Slack's codes, and ours. From 500 on it is not the browser's fault.
_FAILURES: Mapping[str, tuple[int, str, str]] = {
    "access_denied": (
        200,
        "Nothing was installed",
        "The request was declined in Slack. Begin again to install after all.",
    ),
    "invalid_browser": (400, "This was not begun here", _AGAIN),
    "invalid_state": (400, "This link was used before, or is too old", _AGAIN),
    "missing_code": (400, "Slack's confirmation is missing", _AGAIN),
    "invalid_code": (400, "Slack's confirmation is not good, or too old", _AGAIN),
    "code_already_used": (400, "Slack's confirmation was used before", _AGAIN),
    "org_wide": (
        400,
        "Choose a workspace",
        "The app is installed workspace by workspace, not in a whole organization.",
    ),
    "invalid_team_for_non_distributed_app": (
        400,
        "The app is not open to other workspaces",
        "Whoever runs it has to switch on public distribution, under Manage Distribution at api.slack.com/apps.",
    ),
    "bad_redirect_uri": (500, _UNKNOWN, "Whoever runs it has to put PUBLIC_URL and the app's redirect URL in line."),
    "bad_client_secret": (500, _UNKNOWN, "Whoever runs it has to correct SLACK_CLIENT_SECRET."),
    "invalid_client_id": (500, _UNKNOWN, "Whoever runs it has to correct SLACK_CLIENT_ID."),
    "unreachable": (502, "Slack can't be reached", _LATER),
    "database": (503, "The service can't keep the installation now", _LATER),
}


def render_install(authorize_url: str, scopes: Mapping[str, str]) -> Page:
    """The page that leads to Slack, with what the app will ask for and why."""
    reasons = "".join(f"<li><code>{escape(scope)}</code>: {_plain(reason)}</li>" for scope, reason in scopes.items())
    return _render(
        200,
        "Add Clausebot to Slack",
        f'<p><a href="{escape(authorize_url)}">Add to Slack</a></p><p>It asks for:</p><ul>{reasons}</ul>',
    )


def render_installed(team: str, team_id: str, app_id: str) -> Page:
    """That the app is in a workspace, and what to do there."""
    address = f"https://slack.com/app_redirect?app={app_id}&team={team_id}"
    return _render(
        200,
        f"Clausebot is in {team}" if team else "Clausebot is installed",
        "<ol><li>Invite it to a channel: <code>/invite @Clausebot</code></li>"
        "<li>Ask: <code>@Clausebot who handles backups under GL8 5.1(c)?</code></li></ol>"
        f'<p><a href="{escape(address)}">Open it in Slack</a></p>',
    )


def render_failure(reason: str, address: str) -> Page:
    """That nothing was installed, why, and what to do.

    Args:
        reason: Bolt's, Slack's or our word for it; as it comes from an address it may be anything.
        address: where to begin again.
    """
    status, title, advice = _FAILURES.get(reason, (400, "Nothing was installed", "Begin again with the link below."))
    told = f"<p>Slack says: <code>{reason}</code></p>" if reason not in _FAILURES and _CODE.fullmatch(reason) else ""
    again = f'<p><a href="{escape(address)}">Begin again</a></p>'
    return _render(status, title, f"<p>{escape(advice)}</p>{told}{again}")


def _render(status: int, title: str, body: str) -> Page:
    return Page(
        status,
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>\n",
    )


def _plain(reason: str) -> str:
    """A reason as the README gives it, without Markdown's marks."""
    return escape(re.sub("[`*]", "", reason))
