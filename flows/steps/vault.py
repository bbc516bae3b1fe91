"""The vault that the keys of the settings open."""

from __future__ import annotations

from sectorwatch.errors import ConfigurationError
from sectorwatch.settings import Settings
from sectorwatch.settings.references import resolve_secret
from storage.secrets import Vault


def vault_of(settings: Settings) -> Vault:
    """Raises ConfigurationError, with the place of the key, for one that is none or cannot be had."""
    keys = []
    for number, reference in enumerate(settings.store.keys):
        try:
            keys.append(resolve_secret(reference, "store.keys"))
            Vault(keys[-1:])
        except ConfigurationError as error:
            raise ConfigurationError(str(error), ("store", "keys", number)) from error
    return Vault(keys)
