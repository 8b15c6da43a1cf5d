"""The token that the service itself shows to Teams' connector: from Microsoft Entra, or the machine's own identity."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import msal  # type: ignore[import-untyped]
import requests
from microsoft_agents.hosting.core.authorization import AuthenticationConstants

from bot.settings import Settings

_RESOURCE = AuthenticationConstants.AGENTS_SDK_SCOPE

# Seconds: to connect and between bytes, in each of the two calls that a token takes; for a token as a whole; before a
# token's end, when the next is asked for; for which any token is kept.
_CALL_WITHIN = 5.0
_WITHIN = 15.0
_EARLY = 300.0
_SHORTEST = 5.0

# Entra's words for what is wrong, such as invalid_client, and its number, such as AADSTS7000215.
_CODE = re.compile(r"[a-z_]{1,64}")
_NUMBER = re.compile(r"AADSTS[0-9]{1,12}")


class TokenError(Exception):
    """There is no token; ``str`` of it is Microsoft's code for why, or the class of what was raised."""


class _Session(requests.Session):
    """Waits for no server for ever, and keeps no connection for the next token in an hour."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["Connection"] = "close"

    def request(self, *args: Any, **options: Any) -> requests.Response:
        """See `requests.Session.request`."""
        options.setdefault("timeout", _CALL_WITHIN)
        return super().request(*args, **options)


# Not the SDK's own provider: it waits without a limit, in the threads that names are looked up in too.
class Tokens:
    """The app's token, asked for when it is needed and kept until shortly before its end."""

    def __init__(self, settings: Settings, authority: str) -> None:
        """Ask as the app in the settings, from ``authority`` (https) or, for a managed identity, from the machine."""
        self._settings = settings
        self._authority = authority
        self._acquire: Callable[[], Any] | None = None
        self._thread = ThreadPoolExecutor(1, "teams-token")
        self._acquiring: asyncio.Future[dict[str, Any]] | None = None
        self._token = ""
        self._until = float("-inf")

    async def get(self) -> str:
        """The token.

        Raises:
            TokenError: there is none now.
        """
        if self._until <= monotonic():
            if self._acquiring is None:
                self._acquiring = asyncio.get_running_loop().run_in_executor(self._thread, self._ask)
                self._acquiring.add_done_callback(self._keep)
            try:
                # Shielded: others wait for it too.
                found = await asyncio.wait_for(asyncio.shield(self._acquiring), _WITHIN)
            except TimeoutError:
                raise TokenError("TimeoutError") from None
            except Exception as error:  # MSAL raises whatever its parts do
                raise TokenError(type(error).__name__) from None
            if "access_token" not in found:
                raise TokenError(_read_code(found))
        return self._token

    def drop(self) -> None:
        """Ask for another token next time: the connector does not take this one."""
        self._until = float("-inf")
        self._acquire = None  # MSAL keeps it as well

    def close(self) -> None:
        """Ask for nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _keep(self, acquired: asyncio.Future[dict[str, Any]]) -> None:
        self._acquiring = None
        if acquired.cancelled() or acquired.exception():
            return
        found = acquired.result()
        if "access_token" in found:
            self._token = str(found["access_token"])
            self._until = monotonic() + max(float(found.get("expires_in", 0)) - _EARLY, _SHORTEST)

    def _ask(self) -> dict[str, Any]:
        """What Microsoft answers; in a thread, since MSAL waits."""
        if self._acquire is None:
            self._acquire = self._prepare()
        found: dict[str, Any] = self._acquire()
        return found

    def _prepare(self) -> Callable[[], Any]:
        client_id, secret = self._settings.microsoft_app_id, self._settings.microsoft_app_password
        if self._settings.microsoft_app_type == "UserAssignedMSI":
            identity = msal.UserAssignedManagedIdentity(client_id=client_id)
            machine = msal.ManagedIdentityClient(identity, http_client=_Session())
            return lambda: machine.acquire_token_for_client(resource=_RESOURCE)
        app = msal.ConfidentialClientApplication(
            client_id,
            authority=f"{self._authority}/{self._settings.microsoft_app_tenant_id}",
            client_credential=secret.get_secret_value() if secret else None,
            http_client=_Session(),
            instance_discovery=False,  # it would only confirm that the authority is Microsoft's
        )
        return lambda: app.acquire_token_for_client(scopes=[f"{_RESOURCE}/.default"])


def _read_code(found: dict[str, Any]) -> str:
    """Why Microsoft gave no token, without the rest of what it says."""
    code, told = str(found.get("error")), str(found.get("error_description"))
    number = _NUMBER.match(told)
    return " ".join(filter(None, (code if _CODE.fullmatch(code) else "refused", number and number[0])))
