"""Groups of items by their artists: how much is heard of them, and where they are from.

Conventions
-----------
- A tier is the artist's, :data:`ml.models.exposure.TIERS`, and all that the artist made is of it. What is heard is
  pairs of a listener and an item, plays of any number, skips and private sessions apart, as the store holds them when
  groups are first asked for.
- A country is that of the item's first artist, else of the item; empty where neither is known.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select, union

from ml.data.ingest.countries import require_country
from ml.data.schema import items, listens, play_counts
from ml.data.store import bulk
from ml.foundation.errors import BadInput, did_you_mean
from ml.models.exposure import TIERS, Bound, tiers
from ml.recommendation_engine.catalogue import Catalogue

_ROOT = func.coalesce(items.c.same_as, items.c.key).label("root")
_PAIRS = union(
    select(listens.c.user_key, _ROOT)
    .join(items, items.c.key == listens.c.item_key)
    .where(listens.c.skipped.is_not(True), listens.c.incognito.is_not(True)),
    select(play_counts.c.user_key, _ROOT).join(items, items.c.key == play_counts.c.item_key),
).subquery()
_HEARD = select(_PAIRS.c.root, func.count().label("heard")).group_by(_PAIRS.c.root)
_COUNTRIES = select(items.c.key, _ROOT, items.c.country).where(items.c.country.is_not(None))
#: How a country is asked for: ``country:PE``.
COUNTRY = "country:"


@dataclass(frozen=True, eq=False)
class Groups:
    """What is known of the artists of a vocabulary's items.

    Parameters
    ----------
    heard : int64 [shape=(n_items,)]
        How many listeners each item has.
    tiers : int64 [shape=(n_items,)]
        Of the artist, places in :data:`ml.models.exposure.TIERS`.
    countries : str [shape=(n_items,)]
        ISO 3166 codes; empty where unknown.
    """

    heard: NDArray[np.int64]
    tiers: NDArray[np.int64]
    countries: NDArray[np.str_]

    @classmethod
    def read(cls, connection: Connection, catalogue: Catalogue) -> Groups:
        """Read them from the store."""
        keys, roots = catalogue.vocabulary.keys, catalogue.roots
        rows = bulk.read(connection, _HEARD)
        places = catalogue.vocabulary.indices(_rooted(rows["root"], roots))
        heard = np.bincount(
            places[places >= 0], weights=rows["heard"].to_numpy()[places >= 0], minlength=len(keys)
        ).astype(np.int64)
        of_artist = np.bincount(catalogue.maker_of, weights=heard, minlength=len(catalogue.makers)).astype(np.int64)
        known = bulk.read(connection, _COUNTRIES).sort(pl.col("key") != pl.col("root"), "key")
        country: dict[int, str] = {}
        for root, code in zip(_rooted(known["root"], roots).tolist(), known["country"], strict=True):
            country.setdefault(root, code)
        of_items = [
            country.get(maker) or country.get(key, "")
            for maker, key in zip(catalogue.artists.tolist(), keys.tolist(), strict=True)
        ]
        return cls(heard, tiers(of_artist)[catalogue.maker_of], np.array(of_items, dtype=np.str_))

    def of(self, name: str) -> NDArray[np.bool_]:
        """Tell which items are of a group, by its name in a request."""
        if name.startswith(COUNTRY):
            return np.asarray(self.countries == name.removeprefix(COUNTRY), dtype=np.bool_)
        return np.asarray(self.tiers == TIERS.index(name), dtype=np.bool_)

    def bounds(self, exposure: Mapping[str, tuple[float, float]]) -> tuple[Bound, ...]:
        """Give what a request asks for as bounds on a ranking."""
        return tuple(Bound(name, self.of(name), least, most) for name, (least, most) in exposure.items())


class LazyGroups:
    """Groups that are read when they are first asked for: most questions need none.

    Parameters
    ----------
    catalogue : Catalogue
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._groups: Groups | None = None

    def get(self, connection: Connection) -> Groups:
        """Give them."""
        with self._lock:
            if self._groups is None:
                self._groups = Groups.read(connection, self._catalogue)
            return self._groups


def exposure_of(given: Mapping[str, object] | None, min_tail_share: float) -> dict[str, tuple[float, float]]:
    """Read the shares that a request asks for; those of the settings where it says nothing.

    >>> exposure_of({"tail": 0.3, "country:pe": [0.1, 0.5]}, 0.0)
    {'tail': (0.3, 1.0), 'country:PE': (0.1, 0.5)}
    >>> exposure_of(None, 0.2), exposure_of({}, 0.2)
    ({'tail': (0.2, 1.0)}, {})

    Raises
    ------
    BadInput
        Naming the group, its value and what is allowed.
    """
    if given is None:
        return {"tail": (min_tail_share, 1.0)} if min_tail_share else {}
    if not isinstance(given, Mapping):
        raise BadInput(f"exposure = {given!r}", "give shares by group, such as {'tail': 0.3}")
    found = {_group_named(name): _shares(name, value) for name, value in given.items()}
    for kind in ("tiers", "countries"):
        least = sum(low for name, (low, _) in found.items() if name.startswith(COUNTRY) == (kind == "countries"))
        if least > 1 + 1e-9:
            raise BadInput(f"exposure: the {kind} are to have {least:g} of the places", "ask for 1 at most, together")
    return found


def _group_named(name: object) -> str:
    if isinstance(name, str) and name in TIERS:
        return name
    if isinstance(name, str) and name.lower().startswith(COUNTRY):
        try:
            return COUNTRY + require_country(name[len(COUNTRY) :])
        except BadInput as error:
            raise BadInput(f"exposure: {name!r} names no country", error.hint) from None
    raise BadInput(f"exposure: no group is called {name!r}", did_you_mean(str(name), (*TIERS, COUNTRY + "PE")))


def _shares(name: object, value: object) -> tuple[float, float]:
    ends = tuple(value) if isinstance(value, list | tuple) else (value, 1.0)
    numbers = [float(end) for end in ends if isinstance(end, int | float) and not isinstance(end, bool)]
    if len(ends) == len(numbers) == 2 and 0 <= numbers[0] <= numbers[1] <= 1:
        return numbers[0], numbers[1]
    raise BadInput(f"exposure: {name} = {value!r}", "give a share between 0 and 1, or the least and the most as a pair")


def _rooted(keys: pl.Series, roots: Mapping[int, int]) -> NDArray[np.int64]:
    return np.array([roots.get(key, key) for key in keys.to_list()] if roots else keys.to_numpy(), dtype=np.int64)
