"""How long an account waits after wrong passwords."""

from __future__ import annotations

#: So many wrong passwords in a row cost nothing.
FREE_FAILURES = 5
FIRST_WAIT_MS = 30_000
LONGEST_WAIT_MS = 15 * 60_000


def wait_ms(failures: int) -> int:
    """Give how long nobody gets in after so many wrong passwords in a row.

    It doubles, up to 15 minutes: about 100 guesses a day, and whoever wants to keep the owner out has to go on
    for as long. Who is logged in stays so.

    >>> [wait_ms(failures) // 1000 for failures in (4, 5, 6, 7, 9, 10, 50)]
    [0, 30, 60, 120, 480, 900, 900]
    """
    if failures < FREE_FAILURES:
        return 0
    return min(FIRST_WAIT_MS << min(failures - FREE_FAILURES, 16), LONGEST_WAIT_MS)
