"""Keeps the secrets of targets: encrypted at rest when a key is set, never shown."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from sectorwatch.domain import Secret
from sectorwatch.errors import ConfigurationError, StoreError


class Vault:
    """Seals and opens secrets. The first key seals; the others still open what was sealed with them."""

    def __init__(self, keys: Sequence[Secret] = ()) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key.reveal().encode()) for key in keys]) if keys else None
        except ValueError as error:
            raise ConfigurationError(
                "store.keys: a key must be 32 url-safe base64 bytes (cryptography's Fernet.generate_key() makes one)"
            ) from error

    def seal(self, secret: Secret) -> str:
        """The secret as it is stored."""
        if self._fernet is None:
            return f"plain:{secret.reveal()}"
        return "fernet:" + self._fernet.encrypt(secret.reveal().encode()).decode()

    def keeps(self, sealed: str) -> bool:
        """Whether the secret is stored as this vault would store it: sealed, once there is a key."""
        return self._fernet is None or sealed.startswith("fernet:")

    def open(self, sealed: str) -> Secret:
        """The secret behind what was stored. Raises StoreError when no key fits."""
        kind, _, value = sealed.partition(":")
        if kind == "plain":
            return Secret(value)
        if self._fernet is None:
            raise StoreError("a target's secret is encrypted and store.keys is empty: set the key it was stored with")
        try:
            return Secret(self._fernet.decrypt(value.encode()).decode())
        except InvalidToken as error:
            raise StoreError("a target's secret was encrypted with another key: add that key to store.keys") from error


def secret_hash(*secrets: Secret | None) -> str:
    """Tells whether secrets have changed, without telling what they are."""
    parts = "\x00".join("" if secret is None else secret.reveal() for secret in secrets)
    return blake2b(parts.encode(), digest_size=16, person=b"sectorwatch").hexdigest()
