"""What must not be read from a copy of the database: tokens are sealed, people and questions hashed under a key."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator


class SealError(Exception):
    """What is sealed was sealed with none of the keys at hand."""


class Sealer:
    """Seals with the first key and opens with any: a new key goes in front of those that are still needed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._newest = Fernet(keys[0])
        self._all = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        """The text, encrypted and signed."""
        return self._newest.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The text that was sealed.

        Raises:
            SealError: no key fits.
        """
        try:
            return self._all.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise SealError from None

    def seal_bytes(self, content: bytes) -> bytes:
        """The content, encrypted and signed; a third longer."""
        return self._newest.encrypt(content)

    def open_bytes(self, sealed: bytes) -> bytes:
        """The content that was sealed.

        Raises:
            SealError: no key fits.
        """
        try:
            return self._all.decrypt(sealed)
        except InvalidToken:
            raise SealError from None

    def renew(self, sealed: str) -> str:
        """The same, sealed with the newest key; as it is if it was.

        Raises:
            SealError: no key fits.
        """
        try:
            self._newest.decrypt(sealed.encode())
        except InvalidToken:
            return self.seal(self.open(sealed))
        return sealed


class Sealed(TypeDecorator[str]):
    """A column whose text is sealed on the way in and opened on the way out."""

    impl = Text
    cache_ok = False

    def __init__(self, sealer: Sealer) -> None:
        super().__init__()
        self._sealer = sealer

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Seal what is stored."""
        return None if value is None else self._sealer.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Open what was stored."""
        return None if value is None else self._sealer.open(value)


class Hasher:
    """Hashes under a key: the same person or question gives the same hash, and who lacks the key can't try names."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def hash(self, *parts: str) -> str:
        """The HMAC-SHA256 of the parts, in hexadecimal."""
        # What people type may hold half a surrogate pair, which strict UTF-8 refuses.
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, text, hashlib.sha256).hexdigest()
