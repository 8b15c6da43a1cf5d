"""An installation of the app in a workspace, with every secret that one can have."""

from __future__ import annotations

from datetime import UTC, datetime

from slack_sdk.oauth.installation_store.models.installation import Installation

SECRETS = {
    "bot_token": "xoxb-1-secret" + "x" * 180,
    "bot_refresh_token": "xoxe-1-secret",
    "user_token": "xoxp-1-secret",
    "user_refresh_token": "xoxe-2-secret",
    "incoming_webhook_url": "https://hooks.example/secret",
    "incoming_webhook_configuration_url": "https://team.example/secret",
}
INSTALLATION = Installation(
    app_id="A0APP",
    team_id="T0TEAM",
    user_id="U0ANN",
    bot_id="B0",
    bot_user_id="U0",
    bot_token_expires_at=1_900_000_000,
    user_token_expires_at=1_900_000_000,
    installed_at=datetime(2026, 1, 31, tzinfo=UTC).timestamp(),
    **SECRETS,
)
