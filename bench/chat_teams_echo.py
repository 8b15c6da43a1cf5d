"""The bare app that Clausebot in Teams is measured beside: the Agents SDK's own, and a text sent back.

``python -m bench.chat_teams_echo PORT ADDRESS``: what Microsoft's documentation shows, but for Microsoft's addresses
and for the typing indicator, which under load would be posted besides each reply; Clausebot shows none in channels.
"""

from __future__ import annotations

import sys

from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware, start_agent_process
from microsoft_agents.hosting.core import (
    AgentApplication,
    AgentAuthConfiguration,
    MemoryStorage,
    TurnContext,
    TurnState,
)
from microsoft_agents.hosting.core.authorization import AuthTypes, _entra_issuers

from bench.chat_teams import APP_ID, ISSUER, TENANT


def make_app(address: str) -> web.Application:
    """The app, with its requests verified by the keys at that address."""
    _entra_issuers.BOTFRAMEWORK_JWKS_URIS[ISSUER] = f"{address}keys"
    identity = AgentAuthConfiguration(AuthTypes.user_managed_identity, APP_ID, TENANT)
    connections = MsalConnectionManager({"SERVICE_CONNECTION": identity})
    adapter = CloudAdapter(connection_manager=connections)
    agent = AgentApplication[TurnState](
        connection_manager=connections, storage=MemoryStorage(), start_typing_timer=False
    )

    @agent.activity("message")
    async def echo(context: TurnContext, _: TurnState) -> None:
        await context.send_activity(context.activity.text or "")

    async def take(request: web.Request) -> web.StreamResponse:
        return await start_agent_process(request, agent, adapter) or web.Response()

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = connections.get_default_connection_configuration()
    app.router.add_post("/api/messages", take)
    return app


if __name__ == "__main__":
    web.run_app(make_app(sys.argv[2]), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
