"""What the page says of an evaluation, before it is laid out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ml.evaluation.results import ActivityBand, Evaluation, Measured, PopularityBand
from ml.foundation.results import plain
from ml.metrics.significance import Interval
from ml.pages.marks import ABOVE, BASELINE, BELOW, UNCLEAR


@dataclass(frozen=True)
class Dot:
    """A number of a model, in a plot or a table.

    Parameters
    ----------
    model : str
    stands : str
        :data:`BASELINE`, :data:`ABOVE`, :data:`UNCLEAR` or :data:`BELOW`.
    value, low, high : float
        With the ends of the 95 % interval.
    """

    model: str
    stands: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """The models in one band.

    Parameters
    ----------
    title : str
    under : tuple of str
        What the band is, in short lines.
    judged : int
        Listeners who have a say.
    dots : tuple of Dot
        The best of the whole first.
    """

    title: str
    under: tuple[str, ...]
    judged: int
    dots: tuple[Dot, ...]

    def of(self, model: str) -> Dot:
        """Give a model's number."""
        return next(dot for dot in self.dots if dot.model == model)


class Contents:
    """An evaluation in the order of the page: the best model first, at the longest ranking.

    Parameters
    ----------
    found : Evaluation
    """

    def __init__(self, found: Evaluation) -> None:
        self.protocol = found.protocol
        self.k = max(found.protocol.k)
        self.ndcg, self.recall, self.novelty = (f"{name}@{self.k}" for name in ("ndcg", "recall", "novelty"))
        ranked = sorted(found.models.items(), key=lambda pair: -pair[1][self.ndcg].value)
        self.models: dict[str, dict[str, Any]] = dict(ranked)
        self.metrics = found.metrics()

    @property
    def of_catalogue(self) -> list[str]:
        """Name the metrics of the whole catalogue, which have no interval."""
        return [name for name, value in self.models[self.best].items() if "@" in name and isinstance(value, float)]

    @property
    def best(self) -> str:
        """The model of the largest NDCG."""
        return next(iter(self.models))

    def stands(self, model: str) -> str:
        """Tell how a model stands to the baseline, by the interval of the difference in NDCG."""
        if model == self.protocol.baseline:
            return BASELINE
        low, high = self.models[model][self.ndcg].above_baseline_ci
        return ABOVE if low > 0 else BELOW if high < 0 else UNCLEAR

    def those(self, stands: str) -> list[str]:
        """List the models that stand so."""
        return [model for model in self.models if self.stands(model) == stands]

    def dots(self, metric: str) -> list[Dot]:
        """Give a metric of the models that have it."""
        return [self._dot(model, values[metric]) for model, values in self.models.items() if metric in values]

    def by_activity(self) -> list[Panel]:
        """Give recall in each band of listeners, the least active first."""
        return [self._panel("by_activity", place) for place in range(self._n_bands("by_activity"))]

    def by_popularity(self) -> list[Panel]:
        """Give recall in each band of items, the most popular first."""
        return [self._panel("by_item_popularity", place) for place in range(self._n_bands("by_item_popularity"))]

    def members(self) -> dict[str, list[tuple[str, float, Interval]]]:
        """Give by portfolio what each member adds, the most valuable first."""
        found = {}
        for model, values in self.models.items():
            rows = [(name, worth.weight, worth.gain) for name, worth in values.get("members", {}).items()]
            if rows:
                found[model] = sorted(rows, key=lambda row: -row[2].mean)
        return found

    def settings(self) -> dict[str, list[tuple[str, str]]]:
        """Give the settings of the models that say with which they were fitted."""
        told = {model: values["settings"] for model, values in self.models.items() if values.get("settings")}
        return {model: list(_flat(plain(settings))) for model, settings in told.items()}

    def _n_bands(self, name: str) -> int:
        return len(self.models[self.best].get(name, ()))

    def _panel(self, name: str, place: int) -> Panel:
        bands = {model: values[name][place] for model, values in self.models.items()}
        one = bands[self.best]
        title, under = _titles(one)
        dots = tuple(self._dot(model, band.recall) for model, band in bands.items())
        return Panel(title, under, one.n_listeners, dots)

    def _dot(self, model: str, number: Measured | Interval) -> Dot:
        if isinstance(number, Interval):
            return Dot(model, self.stands(model), number.mean, number.low, number.high)
        return Dot(model, self.stands(model), number.value, *number.ci)


def _titles(band: ActivityBand | PopularityBand) -> tuple[str, tuple[str, ...]]:
    """Say in short lines what a band is: they stand above narrow panels."""
    if isinstance(band, ActivityBand):
        return extent(band.from_items, band.to_items, "item"), (counted(band.n_listeners, "listener"),)
    heard = extent(band.from_listeners, band.to_listeners, "listener") if band.to_listeners else "no listeners"
    return band.name, (counted(band.n_items, "item"), heard)


def extent(low: int, high: int, noun: str) -> str:
    """Say from where to where.

    >>> extent(3, 3, "item"), extent(1, 1200, "item")
    ('3 items', '1 – 1,200 items')
    """
    return counted(low, noun) if low == high else f"{low:,} – {counted(high, noun)}"


def counted(n: int, noun: str) -> str:
    """Say how many.

    >>> counted(1, "item"), counted(2000, "item")
    ('1 item', '2,000 items')
    """
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Give settings one a row, those inside others by both names."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}" if name else str(key))
    else:
        yield name, value if isinstance(value, str) else orjson.dumps(value).decode()
