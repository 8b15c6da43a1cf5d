"""What the service signs, so that it knows it again: each purpose under a key of its own."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence

from itsdangerous import BadSignature, TimestampSigner

from bot.links import Links
from bot.settings import Settings
from bot.web.loopback import is_open

LINKS_LAST = 30 * 24 * 60 * 60
"""Seconds for which a signed address lets in: a month, in which an answer in a chat is still spoken of."""

# What stands behind a value that is signed: when, and the signature.
_SIGNATURE = re.compile(r"[\w-]{1,16}\.[\w-]{43}", re.ASCII)


def read_keys(settings: Settings) -> list[str]:
    """The keys of ``CLAUSEBOT_SECRET_KEY``, the newest first; empty where there is none."""
    held = settings.clausebot_secret_key
    return [key.strip() for key in held.get_secret_value().split(",")] if held else []


def make_key() -> str:
    """A key that only this process knows."""
    return secrets.token_hex(32)


class Signer:
    """Signs with the newest of some keys, and knows what any of them signed."""

    def __init__(self, keys: Sequence[str], purpose: str) -> None:
        """Sign for a purpose: what is signed for one is no good for another.

        Args:
            keys: the newest first, at least one.
            purpose: its name.
        """
        self._signer = TimestampSigner(
            list(reversed(keys)), salt=f"clausebot {purpose}", key_derivation="hmac", digest_method=hashlib.sha256
        )

    def sign(self, *parts: str) -> str:
        """The signature of some text in parts, with the time in it; none of the parts is in it."""
        value = _join(parts)
        return self._signer.sign(value)[len(value) + 1 :].decode()

    def is_good(self, signature: str, *parts: str, within: float) -> bool:
        """Whether that is the signature of these very parts, made within the last seconds."""
        if not _SIGNATURE.fullmatch(signature):
            return False
        try:
            self._signer.unsign(_join(parts) + b"." + signature.encode(), max_age=int(within))
        except BadSignature:
            return False
        return True


def _join(parts: Sequence[str]) -> bytes:
    # Lengths tell ("a", "bc") from ("ab", "c"); half a surrogate pair is refused by strict UTF-8.
    return "".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")


def sign_links(keys: Sequence[str]) -> Signer:
    """What signs pages' addresses, each for itself."""
    return Signer(keys, "link")


def open_links(settings: Settings) -> Links | None:
    """The links that answers bear; None where the service can't be reached from outside.

    They are signed where pages aren't open to everybody who reaches them, if there is a ``CLAUSEBOT_SECRET_KEY``.
    """
    if not settings.public_url:
        return None
    keys = read_keys(settings)
    if is_open(settings) or not keys:
        return Links(settings.public_url)
    signer = sign_links(keys)
    return Links(settings.public_url, lambda place: signer.sign(*place))
