"""Codes of six digits that an app makes of a secret and the time: TOTP (RFC 6238) over HOTP (RFC 4226).

Conventions
-----------
- SHA-1, six digits, steps of 30 seconds: what every app takes, whatever a link says. That SHA-1 has collisions is no
  matter to an HMAC.
- The step before and the one after are taken too, for clocks that differ. A step is used once: what somebody has seen
  over a shoulder is of no use any more, nor is any step before it.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from urllib.parse import quote, urlencode

STEP_MS, DIGITS = 30_000, 6
#: Steps before and after, that are taken too.
SLACK = 1
#: 160 bits, as RFC 4226 recommends.
_BYTES = 20


def new_secret() -> str:
    """Draw a secret, as apps take it: in base 32, without the signs that only fill up."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode()


def code_of(secret: str, step: int, *, digits: int = DIGITS) -> str:
    """Give the code of a step.

    >>> code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59_000 // STEP_MS, digits=8)
    '94287082'
    """
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    place = digest[-1] & 0xF
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(secret: str, code: str, now: int, *, after: int | None = None) -> int | None:
    """Find the step whose code this is; None where it is none's, or that step was used.

    Parameters
    ----------
    now : int
        UTC milliseconds.
    after : int, optional
        The last step that was used.
    """
    found = None
    for step in range(now // STEP_MS - SLACK, now // STEP_MS + SLACK + 1):
        fits = hmac.compare_digest(code_of(secret, step).encode(), code.encode(errors="replace"))
        # All of them are looked at, so that the time does not tell which it was.
        if fits and (after is None or step > after):
            found = step
    return found


def link_of(secret: str, name: str, issuer: str) -> str:
    """Give the link by which an app takes over a secret.

    >>> link_of("ABCD", "ada", "ml")
    'otpauth://totp/ml:ada?secret=ABCD&issuer=ml&algorithm=SHA1&digits=6&period=30'
    """
    told = {"secret": secret, "issuer": issuer, "algorithm": "SHA1", "digits": DIGITS, "period": STEP_MS // 1000}
    return f"otpauth://totp/{quote(issuer)}:{quote(name)}?{urlencode(told)}"
