"""Artist credits: who is behind "A feat. B & C"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

_GUESTS = re.compile(r"\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s+", re.IGNORECASE)
# Signs that join artists, but also stand inside names: "Simon & Garfunkel", "Tyler, The Creator".
_JOINS = re.compile(r"\s*(?:,|;|&|\s/\s|\s\+\s|\s[xX×]\s|\bvs\.?(?=\s)|\band\b)\s*")


@dataclass(frozen=True, slots=True)
class Credit:
    """One artist of a track."""

    name: str
    role: Literal["main", "featured"]


def parts(text: str) -> list[str]:
    """Cut a text at every sign that may join artists.

    >>> parts("Simon & Garfunkel, Cher")
    ['Simon', 'Garfunkel', 'Cher']
    """
    return [part for part in (piece.strip(" ()[]") for piece in _JOINS.split(text)) if part]


def guests(credit: str) -> tuple[str, str]:
    """Cut a credit into its main part and its guests; the second may be empty."""
    main, *rest = _GUESTS.split(credit, maxsplit=1)
    return (main.strip(), rest[0].strip(" ()[]")) if rest and main.strip() else (credit.strip(), "")


def split_credit(credit: str, known: Callable[[str], bool], *, artists: int = 0) -> list[Credit]:
    """List the artists of a credit.

    Guests are always cut off. A joining sign splits only where the whole is not itself a
    known artist and every part is one, or where the source says how many artists there
    are: "Simon & Garfunkel" stays whole until somebody proves otherwise. Among guests the
    signs join as a rule, so there they split unless the whole is known.

    Parameters
    ----------
    credit : str
        As it was written.
    known : callable
        Whether a name is already that of an artist.
    artists : int >= 0
        How many artists the source counts in the credit; 0 where it does not say.

    Examples
    --------
    >>> [c.name for c in split_credit("A feat. B & C", lambda name: False)]
    ['A', 'B', 'C']
    >>> [c.name for c in split_credit("Simon & Garfunkel", lambda name: False)]
    ['Simon & Garfunkel']
    >>> [c.name for c in split_credit("Elton John & Dua Lipa", {"Elton John", "Dua Lipa"}.__contains__)]
    ['Elton John', 'Dua Lipa']
    """
    main, featured = guests(credit)
    mains, others = parts(main), parts(featured)
    counted = artists > 1 and len(mains) + (len(others) if featured else 0) == artists
    if not counted and (known(main) or not all(known(part) for part in mains)):
        mains = [main]
    if featured and not counted and known(featured):
        others = [featured]
    found = [Credit(name, "main") for name in mains or [main]] + [Credit(name, "featured") for name in others]
    return list({credit.name.casefold(): credit for credit in reversed(found)}.values())[::-1]
