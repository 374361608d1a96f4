"""The same databases and key as for the vault."""

from tests.data.vault.conftest import key_file, url

__all__ = ["key_file", "url"]
