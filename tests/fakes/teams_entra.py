"""Microsoft Entra and a machine's identity endpoint: who gives an app the token that it shows to Teams' connector."""

from __future__ import annotations

import asyncio
import datetime as dt
import ipaddress
import itertools
import ssl
import time
from collections import deque
from pathlib import Path
from typing import Any, Literal

from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID
from fakes.leaks import note_secret
from fakes.teams_signer import APP_ID, TENANT, make_key

SECRET = "8Q~0fake.secret-of-the-app_0123456789abcd"
RESOURCE = "https://api.botframework.com"

note_secret(SECRET)

EntraMishap = Literal["hang", "server error", "nonsense", "close"]


class Entra:
    """Gives tokens over https, whose certificate is in ``folder``, and over the address of a managed identity.

    ``issued`` are the tokens that the connector takes; ``refuse`` is the code with which the next ones are refused, and
    ``refused`` is set once one was.
    """

    def __init__(self, folder: Path) -> None:
        self.certificate = folder / "entra.pem"
        self.issued: set[str] = set()
        self.lasting = 3600
        self.refuse = ""
        self.refused = asyncio.Event()
        self.calls = 0
        self.mishaps: deque[EntraMishap] = deque()
        self._numbers = itertools.count(1)
        self.released = asyncio.Event()

    async def start(self) -> None:
        """Listen on free loopback ports."""
        self.certificate.write_bytes(_make_certificate())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        app = web.Application()
        app.router.add_get(f"/{TENANT}/v2.0/.well-known/openid-configuration", self._describe)
        app.router.add_post(f"/{TENANT}/oauth2/v2.0/token", self._give)
        machine = web.Application()
        machine.router.add_get("/metadata/identity/oauth2/token", self._give_to_machine)
        self._runners = [web.AppRunner(each, access_log=None, shutdown_timeout=0.1) for each in (app, machine)]
        ports = []
        for runner, over in zip(self._runners, (context, None), strict=True):
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=over)
            await site.start()
            ports.append(site.port)
        self.authority = f"https://127.0.0.1:{ports[0]}"
        self.machine = f"http://127.0.0.1:{ports[1]}"

    async def stop(self) -> None:
        """Stop listening."""
        self.released.set()
        for runner in self._runners:
            await runner.cleanup()

    async def _describe(self, _: web.Request) -> web.Response:
        await self._go_wrong()
        root = f"{self.authority}/{TENANT}"
        return web.json_response(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
            }
        )

    async def _give(self, request: web.Request) -> web.Response:
        await self._go_wrong()
        form = await request.post()
        wanted = {"grant_type": "client_credentials", "client_id": APP_ID, "scope": f"{RESOURCE}/.default"}
        wrong = [name for name, value in wanted.items() if form.get(name) != value]
        if wrong:
            return web.json_response({"error": "invalid_request", "error_description": str(wrong)}, status=400)
        if self.refuse or form.get("client_secret") != SECRET:
            self.refused.set()
            code = self.refuse or "AADSTS7000215"
            told = {"error": "invalid_client", "error_description": f"{code}: Invalid client secret provided."}
            return web.json_response(told, status=401)
        return web.json_response({"token_type": "Bearer", **self._issue()})

    async def _give_to_machine(self, request: web.Request) -> web.Response:
        await self._go_wrong()
        if request.headers.get("Metadata") != "true":
            return web.json_response({"error": "bad_request_102"}, status=400)
        if request.query.get("resource") != RESOURCE or request.query.get("client_id") != APP_ID:
            return web.json_response({"error": "invalid_request"}, status=400)
        issued = self._issue()
        told = issued | {"expires_in": str(self.lasting), "expires_on": str(int(time.time()) + self.lasting)}
        return web.json_response(told | {"resource": RESOURCE, "token_type": "Bearer"})

    def _issue(self) -> dict[str, Any]:
        token = f"eyJfakeConnectorToken.{next(self._numbers)}.{'s' * 20}"
        note_secret(token)
        self.issued.add(token)
        return {"access_token": token, "expires_in": self.lasting}

    async def _go_wrong(self) -> None:
        self.calls += 1
        mishap = self.mishaps.popleft() if self.mishaps else None
        if mishap == "hang":
            await self.released.wait()
        if mishap in ("server error", "hang"):
            raise web.HTTPBadGateway
        if mishap == "nonsense":
            raise web.HTTPOk(text="<html>A proxy's page</html>")
        if mishap == "close":
            raise ConnectionResetError


def _make_certificate() -> bytes:
    """A certificate for 127.0.0.1 that signs itself, with its key, as PEM."""
    key = make_key("entra")
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a fake of Entra")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)
