"""What a place for cached results has to do."""

from __future__ import annotations

from typing import Any, Protocol


class Uncacheable(Exception):
    """A value that this backend cannot keep."""


class Corrupt(Exception):
    """A kept value that cannot be read back."""


class Backend(Protocol):
    """Keeps values in a form that nobody else can change.

    A *frozen* value is what :meth:`freeze` made; only the backend that made it reads it.
    """

    name: str
    """As in the setting ``caching.backend``."""

    remote: bool
    """Other processes share it, and asking it means waiting for a network."""

    def freeze(self, value: Any) -> Any:
        """Copy or encode a value; never None.

        Raises
        ------
        Uncacheable
            If that is impossible.
        """
        ...

    def thaw(self, frozen: Any) -> Any:
        """Make a fresh value that the caller may change.

        Raises
        ------
        Corrupt
            If it is not what :meth:`freeze` made.
        """
        ...

    def get(self, key: str) -> Any | None:
        """Find a frozen value; None where there is none, or where the backend is out of reach."""
        ...

    def put(self, key: str, frozen: Any, *, ttl_s: float) -> None:
        """Keep a frozen value; silently not, where the backend is out of reach."""
        ...

    def clear(self, prefix: str) -> None:
        """Forget all keys that begin so."""
        ...

    def count(self, prefix: str) -> int | None:
        """Count the keys that begin so; None where that would be slow."""
        ...
