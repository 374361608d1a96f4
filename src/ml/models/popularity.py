"""What many listen to: the baseline that every other model has to beat, and the answer for strangers.

Conventions
-----------
Popularity counts *listeners*, not plays: one listener with a song on repeat is one voice.
A play of weight 0 is no voice. Scores are ``log(1 + voices) / log(1 + most voices)``, in [0, 1]:
the logarithm keeps the head of the distribution from drowning everything it is blended with.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.base import Arrays, TrainingData, require_fitted
from ml.models.charts import KEPT, Chart
from ml.models.plays import UNDATED, Floats, Indices, Plays

DAY_MS = 86_400_000


@dataclass
class Popularity:
    r"""Score an item by the number of its listeners, of all time.

    .. math:: s_i = \frac{\log(1 + n_i)}{\log(1 + \max_j n_j)}

    Examples
    --------
    Item 0 has two listeners, item 1 has one who plays it three times.

    >>> data = TrainingData(Plays.of([[0, 1, 1, 1], [0]], n_items=3), csr_matrix((3, 0)), np.full(3, -1))
    >>> model = Popularity().fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[]], n_items=3)).round(2)
    array([[1.  , 0.63, 0.  ]], dtype=float32)
    """

    name: ClassVar[str] = "popularity"
    scores: Floats | None = field(default=None, init=False, repr=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.scores is None else len(self.scores)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Count listeners."""
        self.scores = log_share(np.bincount(data.plays.counts.indices, minlength=data.n_items))
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`; the history changes nothing."""
        return _repeat(self, self.scores, history, items)

    def arrays(self) -> Arrays:
        """Give ``scores``, float32 [shape=(n_items,)]."""
        return {} if self.scores is None else {"scores": self.scores}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.scores = arrays["scores"]
        return self


@dataclass
class RecentPopularity:
    r"""Score an item by its listeners, each counted by how recent their last play of it is.

    .. math:: n_i = \sum_u 2^{-(t - t_{ui}) / h}

    with :math:`t_{ui}` the last play of item i by listener u, t the newest play of all and h the
    half-life. A listener whose plays have no date counts in full.

    Parameters
    ----------
    half_life_days : float > 0

    Examples
    --------
    Two listened to item 0 a month ago, two to item 1 today.

    >>> day = 86_400_000
    >>> plays = Plays(np.array([0, 1, 2, 3, 4]), np.array([0, 0, 1, 1], np.int32), np.ones(4, np.float32),
    ...               np.array([0, 0, 30, 30]) * day, n_items=2)
    >>> data = TrainingData(plays, csr_matrix((2, 0)), np.full(2, -1))
    >>> model = RecentPopularity(half_life_days=30).fit(data, rng=np.random.default_rng(0))
    >>> model.score(Plays.of([[]], n_items=2)).round(2)
    array([[0.63, 1.  ]], dtype=float32)
    """

    half_life_days: float = 30.0
    name: ClassVar[str] = "popularity_recent"
    scores: Floats | None = field(default=None, init=False, repr=False)
    _chart: Chart | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.scores is None else len(self.scores)

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Count listeners by the age of their last play."""
        plays = data.plays
        liked = plays.weights > 0
        dated = plays.times != UNDATED
        newest = plays.times[dated & liked].max(initial=0)
        age_days = np.where(dated, newest - plays.times, 0) / DAY_MS
        voice = np.exp2(-age_days / self.half_life_days)
        self.scores = log_share(_loudest(plays.keep(liked), voice[liked]))
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`; the history changes nothing."""
        return _repeat(self, self.scores, history, items)

    def charts(self, history: Plays) -> list[Chart]:
        """Give the chart of each listener of a history: the same for all."""
        require_fitted(self, history)
        assert self.scores is not None
        chart = self._chart
        if chart is None or chart.scores is not self.scores:
            chart = self._chart = Chart(self.scores)
        return [chart] * history.n_users

    def arrays(self) -> Arrays:
        """Give ``scores``, float32 [shape=(n_items,)]."""
        return {} if self.scores is None else {"scores": self.scores}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self.scores = arrays["scores"]
        return self


@dataclass
class CountryPopularity:
    r"""Score an item by its listeners in the country of the one who asks.

    .. math:: p_{ci} = \frac{n_{ci} + \beta\, p_i}{N_c + \beta}, \qquad p_i = \frac{n_i}{\sum_j n_j}

    with :math:`n_{ci}` the listeners of item i in country c, :math:`N_c` their sum over items and
    :math:`\beta` the shrinkage: a country with few voices follows the world. A listener without a
    country, or of a country never seen, gets the world's popularity.

    Parameters
    ----------
    shrinkage : float > 0
        How many voices (listener and item) the world's opinion is worth.

    Examples
    --------
    >>> plays = Plays.of([[0], [0], [1], [1], [1]], n_items=2)
    >>> from dataclasses import replace
    >>> plays = replace(plays, countries=["DE", "DE", "FR", "FR", "FR"])
    >>> data = TrainingData(plays, csr_matrix((2, 0)), np.full(2, -1))
    >>> model = CountryPopularity(shrinkage=1).fit(data, rng=np.random.default_rng(0))
    >>> asking = replace(Plays.of([[], []], n_items=2), countries=["DE", None])
    >>> model.score(asking).round(2)
    array([[1.  , 0.43],
           [0.79, 1.  ]], dtype=float32)
    """

    shrinkage: float = 500.0
    name: ClassVar[str] = "popularity_by_country"
    codes: NDArray[np.str_] | None = field(default=None, init=False, repr=False)
    voices: csr_matrix | None = field(default=None, init=False, repr=False)
    _charts: dict[int, Chart] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def n_items(self) -> int | None:
        """Size of the vocabulary; None before :meth:`fit`."""
        return None if self.voices is None else self.voices.shape[1]

    def fit(self, data: TrainingData, *, rng: np.random.Generator) -> Self:  # noqa: ARG002
        """Count listeners by country; the last row of ``voices`` is the world."""
        self._charts = {}
        plays = data.plays
        countries = np.array([code or "" for code in plays.countries or [None] * plays.n_users], dtype=np.str_)
        self.codes = np.unique(countries[countries != ""])
        one_voice = plays.counts.copy()
        one_voice.data = np.ones_like(one_voice.data)
        known = np.flatnonzero(countries != "")
        rows = np.concatenate([np.searchsorted(self.codes, countries[known]), np.full(plays.n_users, len(self.codes))])
        columns = np.concatenate([known, np.arange(plays.n_users)])
        ones = np.ones(len(rows), dtype=np.float32)
        membership = csr_matrix((ones, (rows, columns)), shape=(len(self.codes) + 1, plays.n_users))
        self.voices = csr_matrix(membership @ one_voice)
        return self

    def score(self, history: Plays, *, items: Indices | None = None) -> Floats:
        """Score by :meth:`Model.score <ml.models.base.Model.score>`; only the country changes anything."""
        charts = self.charts(history)
        chosen = slice(None) if items is None else items
        scores = np.empty((len(charts), history.n_items if items is None else len(items)), dtype=np.float32)
        for user, chart in enumerate(charts):
            scores[user] = chart.scores[chosen]
        return scores

    def charts(self, history: Plays) -> list[Chart]:
        """Give the chart of each listener of a history: that of their country, made when it is first asked for."""
        require_fitted(self, history)
        assert self.codes is not None
        row_of = {str(code): row for row, code in enumerate(self.codes)}
        world = len(self.codes)
        rows = [row_of.get(code or "", world) for code in history.countries or [None] * history.n_users]
        found = {row: self._chart(row) for row in set(rows)}
        return [found[row] for row in rows]

    def _chart(self, row: int) -> Chart:
        chart = self._charts.get(row)
        if chart is None:
            chart = Chart(self._country(row))
            if len(self._charts) >= KEPT:
                # One assignment: another thread goes on with the old ones.
                self._charts = {}
            self._charts[row] = chart
        return chart

    def knows(self, country: str | None) -> bool:
        """Tell whether any listener of the training lives in a country."""
        return self.codes is not None and country is not None and country in self.codes

    def _country(self, row: int) -> Floats:
        assert self.voices is not None
        world = self.voices[-1].toarray()[0].astype(np.float64)
        local = self.voices[row].toarray()[0]
        share = (local + self.shrinkage * world / max(1.0, world.sum())) / (local.sum() + self.shrinkage)
        # In voices of the world again, so that the logarithm bends all countries alike.
        return log_share(share * world.sum())

    def arrays(self) -> Arrays:
        """Give the country codes and the matrix of voices in its three parts."""
        if self.codes is None or self.voices is None:
            return {}
        parts: dict[str, NDArray[Any]] = {"codes": self.codes, "voices_data": self.voices.data}
        parts |= {"voices_indices": self.voices.indices, "voices_indptr": self.voices.indptr}
        return parts | {"n_items": np.array(self.voices.shape[1])}

    def restore(self, arrays: Arrays) -> Self:
        """Take back what :meth:`arrays` gave."""
        self._charts = {}
        self.codes = arrays["codes"]
        parts = (arrays["voices_data"], arrays["voices_indices"], arrays["voices_indptr"])
        self.voices = csr_matrix(parts, shape=(len(self.codes) + 1, int(arrays["n_items"])))
        return self


def _loudest(plays: Plays, voice: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up, for each item, the loudest voice of each listener."""
    shape = (plays.n_users, plays.n_items)
    # By item, then by listener, in linear time: a transposition keeps the order and adds nothing up.
    by_item = csr_matrix((voice, plays.items.copy(), plays.indptr.copy()), shape=shape).tocsc()
    items = np.repeat(np.arange(plays.n_items), np.diff(by_item.indptr))
    first = np.ones(len(items), dtype=np.bool_)
    first[1:] = (items[1:] != items[:-1]) | (by_item.indices[1:] != by_item.indices[:-1])
    starts = np.flatnonzero(first)
    loudest = np.maximum.reduceat(by_item.data, starts) if len(starts) else np.empty(0)
    return np.asarray(np.bincount(items[starts], loudest, minlength=plays.n_items))


def log_share(voices: NDArray[Any]) -> Floats:
    """Give the logarithm of one more than the voices, as a share of the largest, float32 in [0, 1]."""
    logs = np.log1p(voices.astype(np.float64))
    return np.asarray(logs / max(logs.max(initial=0.0), np.finfo(np.float64).tiny), dtype=np.float32)


def _repeat(
    model: Popularity | RecentPopularity, scores: Floats | None, history: Plays, items: Indices | None
) -> Floats:
    require_fitted(model, history)
    assert scores is not None
    row = scores if items is None else scores[items]
    return np.broadcast_to(row, (history.n_users, len(row)))
