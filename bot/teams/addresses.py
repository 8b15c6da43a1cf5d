"""Where Microsoft's services are, and which of the addresses that a request names are Microsoft's."""

from __future__ import annotations

from dataclasses import dataclass

from microsoft_agents.hosting.core import OutboundHostValidator
from microsoft_agents.hosting.core.authorization import AuthenticationConstants
from yarl import URL

# What Teams' connectors are called: commercial, and the clouds of governments that share its token issuer. Not the
# SDK's own list, which holds hosts where anybody can have a page, such as blob.core.windows.net.
_CONNECTORS = ["smba.trafficmanager.net", "botframework.com", "teams.microsoft.com"]

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Addresses:
    """Where to find what the service asks of Microsoft.

    ``keys`` are the public keys that sign what Teams sends; ``authority`` gives tokens; ``connector`` is one that is
    trusted besides Microsoft's own, ``files`` the beginning of addresses of files that are; None for none.
    """

    keys: str = AuthenticationConstants.PUBLIC_ABS_JWKS_URL
    authority: str = "https://login.microsoftonline.com"
    connector: str | None = None
    files: str | None = None


class Connectors(OutboundHostValidator):
    """Tells where replies may be sent: https to Microsoft's hosts, or, in development, this machine alone."""

    def __init__(self, *, anonymous: bool, trusted: str | None = None) -> None:
        """Allow this machine's addresses only where requests are not signed (``anonymous``).

        Args:
            anonymous: whether anybody who reaches the service is believed.
            trusted: the one address that is allowed besides; None for none.
        """
        super().__init__(_CONNECTORS, enabled=True, include_default_microsoft_hosts=False)
        self._anonymous = anonymous
        self._trusted = trusted

    def is_allowed(self, url: str | URL) -> bool:
        """Whether replies may be sent there."""
        if self._anonymous:
            return _is_loopback(str(url))
        return (self._trusted is not None and str(url) == self._trusted) or super().is_allowed(url)


def _is_loopback(text: str) -> bool:
    try:
        url = URL(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and url.host in _LOOPBACK
