"""Whether the service, and a request, stay on this machine, where no token is needed."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from bot.settings import Settings

# Headers that proxies add, and nobody who calls directly.
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")


def is_loopback(host: str) -> bool:
    """Whether a host's name or address, without a port, is this machine's own."""
    host = host.lower().removeprefix("[").removesuffix("]")
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def is_open(settings: Settings) -> bool:
    """Whether only this machine reaches the service: bound to loopback, and no proxy or tunnel leads to it."""
    outside = settings.public_url and not is_loopback(urlsplit(settings.public_url).hostname or "")
    return is_loopback(settings.host) and not outside


def is_addressed_here(request: web.Request) -> bool:
    """Whether a request calls this machine by its own name, and comes neither through a proxy nor from another site.

    A page elsewhere whose name was made to lead here (DNS rebinding) gives itself away by that name, a proxy by what it
    says of whom it forwards for.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    addresses = [f"//{request.headers.get('Host', '')}", *request.headers.getall("Origin", ())]
    return all(is_loopback(_read_host(address)) for address in addresses)


def _read_host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
