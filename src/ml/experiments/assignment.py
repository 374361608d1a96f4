"""Who gets what: pure functions of a salt and a listener's key.

Conventions
-----------
- A listener's *bucket* in a layer is one of :data:`BUCKETS`. An experiment holds some of its layer's buckets, no two
  experiments of one layer hold the same, so nobody is in two of them.
- The *variant* comes from another hash, with the experiment's own salt, and from the weights, which never change. So
  an experiment that takes more buckets brings in new listeners and moves nobody who is in.
- The *holdout* is a third hash: listeners whom no experiment ever touches. A larger holdout contains the smaller.
- The three hashes are independent: who shared a variant in one experiment is spread over the variants of the next.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from hashlib import blake2b

#: Buckets of a layer; the smallest share of it is one of them.
BUCKETS = 1_000


def uniform(salt: str, user_key: int) -> float:
    """Give a listener's number in [0, 1): the same for the same salt, and unlike that of any other salt.

    The first 53 bits of BLAKE2b over ``salt``, a zero byte and the key's digits.

    Examples
    --------
    >>> round(uniform("warm-start", 42), 6), round(uniform("warm-start", 43), 6)
    (0.727318, 0.749951)
    """
    digest = blake2b(f"{salt}\0{user_key}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / (1 << 53)


def bucket(layer: str, user_key: int) -> int:
    """Give a listener's bucket in a layer, in [0, :data:`BUCKETS`)."""
    return int(uniform(f"layer:{layer}", user_key) * BUCKETS)


def held_out(share: float, user_key: int) -> bool:
    """Tell whether a listener belongs to the holdout of this share."""
    return uniform("holdout", user_key) < share


def variant_index(salt: str, weights: Sequence[float], user_key: int) -> int:
    """Choose a variant for a listener, in proportion to the weights.

    Parameters
    ----------
    salt : str
        The experiment's own.
    weights : sequence of float > 0
        They need not sum to 1.

    Examples
    --------
    >>> [variant_index("warm-start", [1, 1], key) for key in (42, 43, 44, 45)]
    [0, 0, 1, 0]
    """
    place = uniform(f"variant:{salt}", user_key) * sum(weights)
    for index, weight in enumerate(weights):
        place -= weight
        if place < 0:
            return index
    return len(weights) - 1


def more_buckets(salt: str, held: Collection[int], taken: Collection[int], share: float) -> list[int] | None:
    """Choose the buckets of an experiment that shall have a share of its layer; None where too few are free.

    Those it holds stay; others are taken in an order of the experiment's own, so that the listeners of one that
    ended are spread over those that come after it.

    Parameters
    ----------
    salt : str
    held : collection of int
        What the experiment has already.
    taken : collection of int
        What others of its layer have.
    share : float in (0, 1]

    Returns
    -------
    list of int or None
        All its buckets, ascending.

    Examples
    --------
    >>> few = more_buckets("warm-start", [], [], 0.003)
    >>> more = more_buckets("warm-start", few, [], 0.006)
    >>> len(few), len(more), set(few) <= set(more)
    (3, 6, True)
    """
    wanted = max(1, round(share * BUCKETS)) - len(held)
    free = sorted(set(range(BUCKETS)) - set(held) - set(taken), key=lambda each: uniform(f"order:{salt}", each))
    if wanted > len(free):
        return None
    return sorted([*held, *free[: max(0, wanted)]])
