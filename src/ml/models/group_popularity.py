"""What listeners like the one who asks listen to: the first guess about somebody of whom only a profile is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.plays import Floats, Indices, Plays
from ml.models.popularity import log_share

#: Where an age band begins, in years; the first begins at 0.
BANDS = (18, 25, 35, 45, 55)
#: The band of an unknown age.
UNTOLD = -1

Shares = NDArray[np.float64]
#: Country code, empty where unknown, and age band.
Group = tuple[str, int]


def band_of(age: int | None) -> int:
    """Give the place of an age among the bands, -1 where it is unknown.

    >>> [band_of(age) for age in (None, 17, 18, 54, 55)]
    [-1, 0, 1, 4, 5]
    """
    return UNTOLD if age is None else int(np.searchsorted(BANDS, age, side="right"))


@dataclass
class GroupPopularity:
    r"""Score an item by its listeners of the country and the age of the one who asks.

    .. math::

        p_{ci} = \frac{n_{ci} + \beta\, p_i}{N_c + \beta}, \qquad
        p_{ai} = \frac{n_{ai} + \beta\, p_i}{N_a + \beta}, \qquad
        p_{cai} = \frac{n_{cai} + \beta\, q_{cai}}{N_{ca} + \beta}, \qquad
        q_{cai} \propto \frac{p_{ci}\, p_{ai}}{p_i}

    with n the listeners of item i in country c, of age band a and of both, N their sums over items, and
    :math:`\beta` the shrinkage: a group with few voices follows what its country and its age say
    together, as if the two had nothing to do with each other; a small country follows the world. Of a listener
    without a country only the age speaks, and the other way round; nothing known is the world's popularity.

    Parameters
    ----------
    shrinkage : float > 0
        How many voices (listener and item) the opinion of the larger group is worth, for each item that anybody
        likes: :math:`\beta` is this times the number of those items. Chosen on listeners of the demo world put aside.

    Examples
    --------
    >>> from dataclasses import replace
    >>> plays = replace(Plays.of([[0], [0], [1], [1], [1]], n_items=2), ages=[20, 20, 60, 60, 60])
    >>> data = TrainingData(plays, csr_matrix((2, 0)), np.full(2, -1))
    >>> model = GroupPopularity(shrinkage=0.5).fit(data, rng=np.random.default_rng(0))
    >>> asking = replace(Plays.of([[], []], n_items=2), ages=[21, None])
    >>> model.score(asking).round(2)
    array([[1.  , 0.43],
           [0.79, 1.  ]], dtype=float32)
    """

    shrinkage: float = 1.25
    name: ClassVar[str] = "popularity_by_group"
    countries: NDArray[np.str_] | None = field(default=None, init=False, repr=False)
    bands: NDArray[np.int8] | None = field(default=None, init=False, repr=False)
    voices: csr_matrix | None = field(default=None, init=False, repr=False)
    _row_of: dict[Group, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.voices is None else self.voices.shape[1]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Count listeners by country, by age band, by both, and in all; each of these groups is a row of ``voices``."""
        plays = data.plays
        voice = plays.counts.sign().astype(np.float32)
        members: dict[Group, list[int]] = {("", UNTOLD): list(range(plays.n_users))}
        for user, (country, band) in enumerate(groups(plays)):
            for group in {(country, band), (country, UNTOLD), ("", band)} - {("", UNTOLD)}:
                members.setdefault(group, []).append(user)
        names = sorted(members)
        rows = [csr_matrix(voice[members[group]].sum(axis=0)) for group in names]
        return self._hold(
            np.array([country for country, _ in names], dtype=np.str_),
            np.array([band for _, band in names], dtype=np.int8),
            csr_matrix(vstack(rows), dtype=np.float32),
        )

    def _hold(self, countries: NDArray[np.str_], bands: NDArray[np.int8], voices: csr_matrix) -> Self:
        self.countries, self.bands, self.voices = countries, bands, voices
        names = zip(countries.tolist(), bands.tolist(), strict=True)
        self._row_of = {group: row for row, group in enumerate(names)}
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`; only country and age change anything."""
        require_fitted(self, history)
        asked = [self.nearest(group) for group in groups(history)]
        # In voices of the world again, so that the logarithm bends all groups alike.
        everybody = self._voices(("", UNTOLD)).sum()
        tables = {group: log_share(self.share(group) * everybody) for group in set(asked)}
        chosen = slice(None) if items is None else items
        scores = np.empty((len(asked), history.n_items if items is None else len(items)), dtype=np.float32)
        for user, group in enumerate(asked):
            scores[user] = tables[group][chosen]
        return scores

    def nearest(self, group: Group) -> Group:
        """Leave out of a group what nobody in the training shares: the country, the age, or both."""
        country, band = group
        return (country if (country, UNTOLD) in self._row_of else "", band if ("", band) in self._row_of else UNTOLD)

    def share(self, group: Group) -> Shares:
        """Give each item's share of the voices of a group, one of :meth:`nearest`, float64 [shape=(n_items,)]."""
        country, band = group
        everybody = self._voices(("", UNTOLD))
        world = everybody / max(1.0, everybody.sum())
        share: Shares = world
        if country:
            share = self._shrunk(self._voices((country, UNTOLD)), world)
        if band != UNTOLD:
            by_age = self._shrunk(self._voices(("", band)), world)
            share = by_age if not country else self._both(group, share, by_age, world)
        return share

    def _both(self, group: Group, by_country: Shares, by_age: Shares, world: Shares) -> Shares:
        together = by_country * by_age / np.where(world > 0, world, 1.0)
        together /= max(together.sum(), np.finfo(np.float64).tiny)
        return self._shrunk(self._voices(group), together) if group in self._row_of else np.asarray(together)

    def _shrunk(self, voices: Shares, towards: Shares) -> Shares:
        beta = self.shrinkage * np.count_nonzero(towards)
        return np.asarray((voices + beta * towards) / max(voices.sum() + beta, np.finfo(np.float64).tiny))

    def _voices(self, group: Group) -> Shares:
        assert self.voices is not None
        return np.asarray(self.voices[self._row_of[group]].toarray()[0], dtype=np.float64)

    def arrays(self) -> Arrays:
        """Give the groups, and the matrix of voices in its three parts."""
        if self.countries is None or self.bands is None or self.voices is None:
            return {}
        parts: dict[str, NDArray[Any]] = {"countries": self.countries, "bands": self.bands}
        parts |= {"voices_data": self.voices.data, "voices_indices": self.voices.indices}
        return parts | {"voices_indptr": self.voices.indptr, "n_items": np.array(self.voices.shape[1])}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        parts = (arrays["voices_data"], arrays["voices_indices"], arrays["voices_indptr"])
        shape = (len(arrays["countries"]), int(arrays["n_items"]))
        return self._hold(arrays["countries"], arrays["bands"], csr_matrix(parts, shape=shape))


def groups(plays: Plays) -> list[Group]:
    """Give the country and the age band of each listener."""
    nothing = [None] * plays.n_users
    told = zip(plays.countries or nothing, plays.ages or nothing, strict=True)
    return [(country or "", band_of(age)) for country, age in told]
