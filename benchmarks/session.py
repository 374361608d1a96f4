"""What the session adds: sessions of the demo world, cut in two at a moment, with and without the session's profile.

Models learn from the first 80 % of the listens. Of each listener one later session is taken and cut at a random place
behind its second listen; what was heard up to there is the history, and what should be foreseen are the tracks that
the listener hears for the first time in the rest of the session, without skipping. All tracks are ranked but those that
were heard before. `ndcg_…` is NDCG@10: `without` of the long-term profile alone, `with` as shipped, `gain` their
difference in pairs with the ends of its 95 % bootstrap interval. `choosing_…` is the part that strength and half-life
were chosen on (seed 0, the ninth tenth of the listens), `reporting_…` another world (seed 1, the last tenth), `null_…`
the world where nothing guides the choice. `start_gain` asks at the beginning of the session, where it can say nothing.
`skips_gain` is what lowering artists who are skipped early more often than played adds as shipped, and
`every_skip_gain` what it adds where every early skip counts, whatever was played.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.process import alone
from benchmarks.target import Target

#: (seed, whether it is the null world, shares of the listens between which sessions are taken).
PARTS = {"choosing": (0, False, 0.8, 0.9), "reporting": (1, False, 0.9, 1.0), "null": (1, True, 0.9, 1.0)}
TARGETS = {
    "reporting_gain_low": Target(at_least=0.0),
    "null_gain_high": Target(at_least=0.0),
    "null_gain_low": Target(at_most=0.0),
}
K, GAP_MS, LEARNED = 10, 30 * 60_000, 0.8


def run(quick: bool) -> dict[str, float]:
    numbers = {}
    for name in ["choosing"] if quick else PARTS:
        reached = alone(reached_on, name, quick)
        print(name, *(f"{key} {value:.4f}" for key, value in reached.items()), flush=True)
        numbers |= {f"{name}_{key}": value for key, value in reached.items() if key != "peak_mib"}
    return numbers


@dataclass(frozen=True)
class Sessions:
    """Sessions to ask in: where each listener's history begins, where the session does, where it is cut and ends."""

    begins: NDArray[np.int64]
    opens: NDArray[np.int64]
    cuts: NDArray[np.int64]
    ends: NDArray[np.int64]


def reached_on(name: str, quick: bool) -> dict[str, float]:
    from ml.foundation.settings import Recommendation
    from ml.recommendation_engine.session import MINUTE_MS, weigh

    seed, null, low, high = PARTS[name]
    world = World.made(seed, null, quick)
    shipped = Recommendation()
    half_life_ms = shipped.session_half_life_minutes * MINUTE_MS

    def as_shipped(plays: Any) -> Any:
        return weigh(plays, strength=shipped.session_strength, half_life_ms=half_life_ms)

    inside, opening = world.sessions(low, high, after=2), world.sessions(low, high, after=0)
    bare, session = world.ndcg(inside, lambda plays: plays), world.ndcg(inside, as_shipped)
    numbers = {"listeners": float(len(inside.cuts)), "ndcg_without": _mean(bare), "ndcg_with": _mean(session)}
    numbers |= gain("gain", session, bare)
    numbers |= gain("start_gain", world.ndcg(opening, as_shipped), world.ndcg(opening, lambda plays: plays))
    numbers |= gain("skips_gain", world.ndcg(inside, as_shipped, surplus=True), session)
    return numbers | gain("every_skip_gain", world.ndcg(inside, as_shipped, surplus=False), session)


def gain(name: str, values: NDArray[Any], baseline: NDArray[Any]) -> dict[str, float]:
    from ml.metrics.significance import bootstrap_mean

    found = bootstrap_mean(values, baseline=baseline, rng=np.random.default_rng(0))
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def _mean(values: NDArray[Any]) -> float:
    return float(np.nanmean(values))


@dataclass(frozen=True)
class World:
    """A demo world's listens in the order of listeners and time, and a hybrid that learned from the first of them."""

    model: Any
    plays: Any
    early: NDArray[np.bool_]
    ends_ms: NDArray[np.int64]
    artists: NDArray[np.int64]

    @classmethod
    def made(cls, seed: int, null: bool, quick: bool) -> World:
        """Make a world and let the hybrid learn from the first of its listens."""
        from benchmarks import generated
        from ml.data.demo import make_world
        from ml.data.ingest import load
        from ml.data.snapshot import take
        from ml.data.store import Store
        from ml.models.blend import Blend
        from ml.models.dataset import Dataset

        with tempfile.TemporaryDirectory() as folder:
            store = Store.at(Path(folder))
            batches = make_world(generated.SMALL if quick else None, seed=seed, null=null).batches()
            # Keys by the seed: who is drawn goes by them.
            load(store, batches, draw=random.Random(seed).getrandbits)
            snapshot = take(store, Path(folder) / "snapshots")
            store.close()
            data = Dataset.load(snapshot, kind="track")
            listens = snapshot.listens.collect()
        split = data.split_by_time(share=1 - LEARNED)
        model = Blend().fit(split.train.data, rng=np.random.default_rng(0))
        early = listens["skipped"].fill_null(value=False) & (listens["ms_played"] < 30_000)
        ends = listens["listened_at"] + listens["ms_played"].fill_null(0)
        return cls(model, data.plays, early.to_numpy(), ends.to_numpy(), data.data.artists.astype(np.int64))

    def sessions(self, low: float, high: float, *, after: int) -> Sessions:
        """Take one session of each listener, cut behind so many listens or, where that is not 0, later."""
        plays, rng = self.plays, np.random.default_rng(0)
        first, last = np.quantile(plays.times, [low, high])
        new = np.diff(plays.users, prepend=-1) != 0
        new[1:] |= plays.times[1:] - self.ends_ms[:-1] > GAP_MS
        opens = np.flatnonzero(new)
        ends = np.append(opens[1:], len(plays.items))
        long = (plays.times[opens] >= first) & (plays.times[opens] < last) & (ends - opens >= 4)
        shuffled = rng.permutation(np.flatnonzero(long))
        _, one = np.unique(plays.users[opens[shuffled]], return_index=True)
        chosen = shuffled[one]
        opens, ends = opens[chosen], ends[chosen]
        cuts = opens + rng.integers(after, ends - opens - 1) if after else opens
        return Sessions(plays.indptr[plays.users[opens]], opens, cuts, ends)

    def ndcg(
        self, sessions: Sessions, weigh: Callable[[Any], Any], *, surplus: bool | None = None
    ) -> NDArray[np.float64]:
        """Foresee the rest of each session, one listener at a time; nan where nothing new is in it."""
        found = np.full(len(sessions.cuts), np.nan)
        for number, (begin, cut, end) in enumerate(zip(sessions.begins, sessions.cuts, sessions.ends, strict=True)):
            own, rest = slice(begin, cut), slice(cut, end)
            heard = self.plays.items[own]
            coming = self.plays.items[rest][self.plays.weights[rest] > 0]
            wanted = np.setdiff1d(coming, heard)
            if not len(wanted) or not len(heard):
                continue
            history = replace(
                self.plays,
                indptr=np.array([0, cut - begin]),
                items=heard,
                weights=self.plays.weights[own],
                times=self.plays.times[own],
                now=int(self.plays.times[cut]),
            )
            scores = np.array(self.model.score(weigh(history))[0])
            if surplus is not None:
                self.lower(scores, history, self.early[own], surplus=surplus)
            scores[heard] = -np.inf
            best = np.argsort(-scores, kind="stable")[:K]
            discount = 1 / np.log2(np.arange(2, K + 2))
            found[number] = (np.isin(best, wanted) * discount).sum() / discount[: min(K, len(wanted))].sum()
        return found

    def lower(self, scores: NDArray[Any], history: Any, early: NDArray[np.bool_], *, surplus: bool) -> None:
        """Lower the scores of artists who were skipped early."""
        from ml.recommendation_engine.session import artist_damping, early_skips, lower

        _, items, skips = early_skips(history, early)
        n_artists = self.artists.max() + 1
        skipped = np.bincount(self.artists[items], skips, n_artists)
        played = np.bincount(self.artists[history.items], history.weights, n_artists)
        scores[:] = lower(scores, artist_damping(skipped, played if surplus else np.zeros(n_artists))[self.artists])
