"""Who gets in, and what they may do: keys of programs, accounts of people, sessions, and one-time links.

Conventions
-----------
- Whoever asks is a :class:`Principal`: a role, and scopes that are never more than the role's
  (:data:`ROLES`, :data:`SCOPES`, written by hand). A principal of the role ``listener`` is bound to one
  listener by an outside id.
- Tokens carry 256 bits from the operating system and are given once. The store has their SHA-256, and of
  passwords Argon2id; neither leads back. The token that guards forms is made from the cookie's, and kept nowhere.
- Each request asks the store, once: what is revoked, closed or disabled is refused by the next request in
  every process. Nothing is cached.
- What is refused is refused in one message for all reasons (:class:`~ml.foundation.errors.NotAuthenticated`).
- Last uses are remembered to the minute, by whoever finds the database free.
- Methods take UTC milliseconds from one ``clock``; results carry datetimes in UTC.
"""

from ml.data.access.access import Access
from ml.data.access.accounts import Account, Accounts
from ml.data.access.invitations import Invitation, Invitations
from ml.data.access.keys import Key, Keys
from ml.data.access.passwords import Passwords
from ml.data.access.principal import LOCAL, Principal
from ml.data.access.roles import ROLES
from ml.data.access.scopes import SCOPES
from ml.data.access.second_factors import NewFactor, SecondFactor, SecondFactorNeeded, SecondFactors
from ml.data.access.sessions import Session, Sessions

__all__ = [
    "LOCAL",
    "ROLES",
    "SCOPES",
    "Access",
    "Account",
    "Accounts",
    "Invitation",
    "Invitations",
    "Key",
    "Keys",
    "NewFactor",
    "Passwords",
    "Principal",
    "SecondFactor",
    "SecondFactorNeeded",
    "SecondFactors",
    "Session",
    "Sessions",
]
