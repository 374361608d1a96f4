"""The four roles, and what each may ever do.

A listener's scopes reach only as far as the listener: whoever enforces them has to look at
:attr:`~ml.data.access.principal.Principal.user_id` too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ml.data.access.scopes import SCOPES, checked
from ml.foundation.errors import BadInput, did_you_mean

LISTENER = "listener"
ADMIN = "admin"

#: Written by hand, and the whole truth: what is not in a role's row, nobody of that role may do, whatever a key says.
ROLES: Mapping[str, frozenset[str]] = {
    # Runs the place.
    ADMIN: frozenset(SCOPES),
    # Judges models and experiments: sees what is there, changes experiments and playlists, and lets nobody in.
    "analyst": frozenset(
        {
            "recommendations:read",
            "search:read",
            "catalogue:read",
            "playlists:read",
            "playlists:write",
            "audio:read",
            "models:read",
            "experiments:read",
            "experiments:write",
            "imports:read",
            "metrics:read",
            "settings:read",
        }
    ),
    # Another program, which acts for many listeners.
    "service": frozenset(
        {
            "recommendations:read",
            "events:write",
            "search:read",
            "catalogue:read",
            "playlists:read",
            "playlists:write",
            "audio:read",
            "audio:write",
            "models:read",
            "listeners:read",
            "metrics:read",
        }
    ),
    # One person, and nobody else's data.
    LISTENER: frozenset(
        {
            "recommendations:read",
            "events:write",
            "search:read",
            "catalogue:read",
            "playlists:read",
            "playlists:write",
            "audio:read",
            "listeners:read",
            "listeners:write",
        }
    ),
}


def require_role(role: str) -> str:
    """Refuse what is no role.

    Raises
    ------
    BadInput
    """
    if role not in ROLES:
        raise BadInput(f"no role {role!r}", did_you_mean(str(role), ROLES))
    return role


def narrowed(role: str, scopes: Iterable[str]) -> str | None:
    """Give scopes as they are stored: within the role, sorted, with spaces between; None for all that the role has.

    >>> narrowed("service", ["search:read", "events:write"])
    'events:write search:read'

    Raises
    ------
    BadInput
        If there is no such role or scope, or the role may never have it.
    """
    wanted = checked(scopes)
    for scope in sorted(wanted - ROLES[require_role(role)]):
        raise BadInput(f"the role {role!r} never has {scope!r}", f"it may have: {', '.join(sorted(ROLES[role]))}")
    return " ".join(sorted(wanted)) or None


def held(role: str, stored: str | None) -> frozenset[str]:
    """Give what a role may do, no more of it than is stored; nothing for a role that is gone.

    >>> sorted(held("service", "events:write audit:read")), held("nobody", None)
    (['events:write'], frozenset())
    """
    most = ROLES.get(role, frozenset())
    return most if stored is None else most.intersection(stored.split())
