"""Teams, played by the process that plays Slack: signed activities, and the replies that its connector takes."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from bench.chat_services import Programs
from bench.chat_slack import LATENCY, Slack

APP_ID = "0c1a05eb-0000-4000-8000-00000000b071"
TENANT = "7e9a9700-0000-4000-8000-000000000001"
ISSUER = "https://api.botframework.com"

_BOT = {"id": f"28:{APP_ID}", "name": "Clausebot"}
_KEY = "bench"
_CHANNELS = 40
_ASKERS = 1000

# Seconds that tokens are good for, the services' own and the one that signs activities: longer than a run takes.
_LASTING = 4 * 60 * 60


class Teams(Slack):
    """The activities sent and the replies taken, over all services.

    Its server is the connector, tells the public key, and gives tokens as a machine with a managed identity does.
    """

    title = "Teams"
    peer = "Agents SDK echo"

    def __init__(self, questions: Sequence[str], latency: float = LATENCY) -> None:
        super().__init__(questions, latency)
        self._signing = generate_private_key(65537, 2048)
        self._address = self._token = ""

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[str]:
        """Take calls, at the address that this gives."""
        async with super().listen() as address:
            self._address, now = address, int(time.time())
            claims = {"iss": ISSUER, "aud": APP_ID, "nbf": now - 5, "exp": now + _LASTING, "serviceurl": address}
            # Microsoft's connector shows a token for as long as it is good, too.
            self._token = jwt.encode(claims, self._signing, "RS256", {"kid": _KEY, "x5t": _KEY})
            yield address

    def write(self, key: str, question: str) -> bytes:
        """The request that delivers a question, in a channel, from one of many people."""
        body = json.dumps(_say(key, question, self._address)).encode()
        head = (
            "POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json; charset=utf-8\r\n"
            f"User-Agent: Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)\r\nAuthorization: Bearer {self._token}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def echo(self, question: str) -> str:
        """What the echo app answers: the SDK takes the mention away."""
        return question

    def answer(self, questions: Collection[str]) -> dict[str, str]:
        """What Clausebot answers, as Teams reads it aloud."""
        from bot.teams.cards import render_answer
        from retrieval.answerer import load_answerer
        from retrieval.question import clean_question

        answerer, _ = load_answerer()
        return {each: render_answer(answerer.answer(clean_question(each))).speak for each in questions}

    def take_call(self, method: bytes, body: bytes) -> bytes:
        """What is answered to a call; a message in reply to an activity answers that."""
        if method == b"keys":
            return self._tell_keys()
        if method == b"token":
            return _give_token()
        activity = json.loads(body)
        if activity["type"] == "message":
            self.note_reply(method.decode(), activity.get("speak") or activity["text"])
        return b'{"id":"1800000001000"}'

    def _tell_keys(self) -> bytes:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._signing.public_key()))
        told = {"kid": _KEY, "use": "sig", "x5t": _KEY, "endorsements": ["msteams"]}
        return json.dumps({"keys": [public | told]}).encode()


def list_teams(address: str) -> Programs:
    """What serves Teams, whose own servers are at that address."""
    return Programs(
        ["bench.chat_teams_echo", address],
        ["bench.chat_teams_clausebot", address],
        {
            "MICROSOFT_APP_ID": APP_ID,
            "MICROSOFT_APP_TENANT_ID": TENANT,
            "MICROSOFT_APP_TYPE": "UserAssignedMSI",
        },
        # Where MSAL asks for a managed identity's tokens.
        {"AZURE_POD_IDENTITY_AUTHORITY_HOST": address.removesuffix("/api/")},
    )


def _give_token() -> bytes:
    told = {
        "access_token": "bench",
        "token_type": "Bearer",
        "resource": ISSUER,
        "expires_in": str(_LASTING),
        "expires_on": str(int(time.time()) + _LASTING),
    }
    return json.dumps(told).encode()


def _say(key: str, question: str, address: str) -> dict[str, Any]:
    """A message that mentions the app, the first of a thread in a team's channel."""
    number = int(key[-6:])
    team = f"19:team{number % _CHANNELS:04}@thread.tacv2"
    channel = f"19:channel{number % _CHANNELS:04}@thread.tacv2"
    asker = f"{number % _ASKERS:012}"
    return {
        "type": "message",
        "id": key,
        "timestamp": "2026-11-20T09:00:00.000Z",
        "channelId": "msteams",
        "serviceUrl": address,
        "from": {"id": f"29:{asker}", "name": "A reader", "aadObjectId": f"aaaaaaaa-0000-4000-8000-{asker}"},
        "recipient": _BOT,
        "conversation": {
            "id": f"{channel};messageid={key}",
            "conversationType": "channel",
            "isGroup": True,
            "tenantId": TENANT,
        },
        "channelData": {
            "teamsTeamId": team,
            "teamsChannelId": channel,
            "team": {"id": team},
            "channel": {"id": channel},
            "tenant": {"id": TENANT},
        },
        "locale": "en-GB",
        "textFormat": "plain",
        "text": f"<at>Clausebot</at> {question}",
        "entities": [
            {"type": "mention", "mentioned": _BOT, "text": "<at>Clausebot</at>"},
            {"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web"},
        ],
    }
