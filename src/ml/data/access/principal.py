"""Somebody who has shown who they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who has shown who they are.

    Parameters
    ----------
    kind : str
        ``"key"``, ``"session"`` or ``"local"``.
    id : str
        Stable, and no secret: ``key:7f3a``, ``account:3``.
    name, role : str
    scopes : frozenset of str
    user_id : str or None
        Outside id of the listener that a listener's key is bound to.
    user_key : int or None
    """

    kind: str
    id: str
    name: str
    role: str
    scopes: frozenset[str]
    user_id: str | None = None
    user_key: int | None = None
