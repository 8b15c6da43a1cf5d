"""What every answer to a browser says of itself."""

from __future__ import annotations

from collections.abc import Mapping

HEADERS: Mapping[str, str] = {
    # Pages run and load what the service itself serves, and nothing else; nobody frames them, and their forms go
    # nowhere else.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not no-referrer, under which browsers hide from us that a form was sent from our own page.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
