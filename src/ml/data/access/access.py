"""All of it together, for one workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ml.data.access.accounts import Accounts
from ml.data.access.clock import Clock, now_ms
from ml.data.access.invitations import Invitations
from ml.data.access.keys import Keys
from ml.data.access.passwords import Passwords
from ml.data.access.second_factors import SecondFactors
from ml.data.access.sessions import Sessions
from ml.data.store import Store
from ml.foundation.service_settings import Access as AccessSettings


@dataclass(frozen=True, slots=True)
class Access:
    """Who gets into a workspace.

    Parameters
    ----------
    keys : Keys
    accounts : Accounts
    sessions : Sessions
    invitations : Invitations
    second_factors : SecondFactors
    """

    keys: Keys
    accounts: Accounts
    sessions: Sessions
    invitations: Invitations
    second_factors: SecondFactors

    @classmethod
    def to(cls, store: Store, settings: AccessSettings | None = None, *, clock: Clock = now_ms) -> Self:
        """Build it from a store and settings.

        Parameters
        ----------
        clock : callable
            Gives UTC milliseconds.
        """
        settings = settings or AccessSettings()
        passwords = Passwords(memory_mib=settings.password_memory_mib)
        idle, hours = settings.session_idle_minutes, settings.session_hours
        return cls(
            Keys(store, clock=clock),
            Accounts(store, passwords, clock=clock),
            Sessions(store, idle_minutes=idle, hours=hours, clock=clock),
            Invitations(store, passwords, hours=settings.invitation_hours, clock=clock),
            SecondFactors(store, clock=clock),
        )
