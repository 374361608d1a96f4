"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ml.data.access.roles import ADMIN, ROLES
from ml.foundation.errors import Forbidden
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class Principal(Result):
    """Who is asking, and what they may do.

    Parameters
    ----------
    kind : str
        ``"key"``, ``"session"``, or ``"local"``: somebody at the shell, whom the file system has let in.
    id : str
        Stable and not secret, such as ``"key:7f3a91d04b5c6e28"`` or ``"account:3"``.
    name : str
        For people.
    role : str
    scopes : frozenset of str
        Never more than the role's.
    user_id : str or None
        Outside id of the one listener that a listener-principal is bound to.
    user_key : int or None
        The key of that listener; None while nothing is stored of them.
    second_factor : bool
        Of a session: whether its account is asked for more than a password.
    """

    kind: Literal["key", "session", "local"]
    id: str
    name: str
    role: str
    scopes: frozenset[str]
    user_id: str | None = None
    user_key: int | None = None
    second_factor: bool = False

    def may(self, scope: str) -> bool:
        """Tell whether a scope is held."""
        return scope in self.scopes

    def require(self, scope: str) -> None:
        """Refuse who does not hold a scope.

        Raises
        ------
        Forbidden
        """
        if scope not in self.scopes:
            raise Forbidden(f"{self.name!r} may not do this: it takes {scope!r}", "ask an admin for it")


LOCAL = Principal("local", "local", "local", ADMIN, ROLES[ADMIN])
