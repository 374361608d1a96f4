"""Whether the playlist generator keeps to what is asked: 1,000 requests that some list meets, and 200 that none
does.

A list of drawn tracks is made up first; bounds, shares, gaps, caps, pins and a length are then asked that it
meets. `kept` is the share of answers that meet all of it. The impossible requests ask for an artist cap and a
length that together no list reaches: `refused` is the share of which it is said, `needed` the share whose conflict
loses its ground when any one of its members is left out, as far as that could be decided.
"""

from __future__ import annotations

import numpy as np

from benchmarks.drawn_tracks import draw
from benchmarks.target import Target
from ml.playlist_generator.asking import Asked
from ml.playlist_generator.composing import compose
from ml.playlist_generator.holding.budget import Budget
from ml.playlist_generator.holding.deciding import decide, keeps
from ml.playlist_generator.holding.demands import Cap, Demand, Demands, Gap, Have, Length, Only, Pin, Share
from ml.playlist_generator.library.tracks import Tracks
from ml.playlist_generator.request import PlaylistRequest
from ml.playlist_generator.suiting.fit import Fit

TARGETS = {"kept": Target(at_least=1.0), "refused": Target(at_least=1.0), "needed": Target(at_least=1.0)}
POSSIBLE, IMPOSSIBLE, TRACKS = 1_000, 200, 400


def run(quick: bool) -> dict[str, float]:
    kept = [possible(seed) for seed in range(20 if quick else POSSIBLE)]
    found = [impossible(seed) for seed in range(5 if quick else IMPOSSIBLE)]
    return {
        "possible": len(kept),
        "kept": float(np.mean(kept)),
        "impossible": len(found),
        "refused": float(np.mean([refused for refused, _ in found])),
        "needed": float(np.mean([needed for _, needed in found])),
    }


def possible(seed: int) -> bool:
    """Ask for what a list that was made up meets, and tell whether the answer does."""
    rng = np.random.default_rng(seed)
    tracks = draw(TRACKS, rng, per_artist=int(rng.integers(2, 30)))
    demands = Demands(tuple(asked_of(tracks, spread(tracks, rng), rng)))
    found = compose(tracks, Asked(PlaylistRequest(), demands, Fit()), PlaylistRequest(seed=seed))
    if found is None:
        return False
    return keeps(demands.rules(tracks.ground, found.rows), np.arange(len(found.rows)))


def spread(tracks: Tracks, rng: np.random.Generator) -> np.ndarray:
    """Make up a list of 5 to 25 tracks with no two by one artist next to each other."""
    rows: list[int] = []
    n = int(rng.integers(5, 26))
    for row in rng.permutation(len(tracks)).tolist():
        if not rows or tracks.ground.artist[row] != tracks.ground.artist[rows[-1]]:
            rows.append(row)
        if len(rows) == n:
            break
    return np.array(rows)


def asked_of(tracks: Tracks, rows: np.ndarray, rng: np.random.Generator) -> list[Demand]:
    """Ask for what a list meets, each thing or not."""
    ground, total = tracks.ground, int(tracks.ground.duration_ms[rows].sum())
    demands: list[Demand] = [Length(total - 30_000, total + 30_000, total)]
    codes = ground.artist[rows]
    if rng.random() < 0.7:
        demands.append(Cap(int(np.unique(codes, return_counts=True)[1].max())))
    gap = least_gap(codes)
    if gap and rng.random() < 0.8:
        demands.append(Gap("artist", min(gap, 5)))
    if rng.random() < 0.5:
        bpm = tracks.features["tempo_bpm"]
        demands.append(Only("bpm", None, (bpm >= bpm[rows].min()) & (bpm <= bpm[rows].max())))
    if rng.random() < 0.5 and not tracks.explicit[rows].any():
        demands.append(Only("explicit", None, ~tracks.explicit))
    for name, of in (("language:fr", tracks.languages == "fr"), ("years", tracks.years >= 1990)):
        if rng.random() < 0.5:
            demands.append(Share(name, None, of, least=float(of[rows].mean())))
    if rng.random() < 0.5:
        place = int(rng.integers(len(rows)))
        demands.append(Pin(place, int(rows[place]), "pinned"))
    if rng.random() < 0.5:
        wanted = int(rows[int(rng.integers(len(rows)))])
        if all(wanted != demand.track for demand in demands if isinstance(demand, Pin)):
            demands.append(Have(wanted, "wanted"))
    return demands


def least_gap(codes: np.ndarray) -> int:
    """Give the fewest others between two of the same code; the length where none comes twice."""
    gaps = [
        int(np.diff(np.flatnonzero(codes == code)).min()) - 1 for code in np.unique(codes) if (codes == code).sum() > 1
    ]
    return min(gaps, default=len(codes))


def impossible(seed: int) -> tuple[bool, bool]:
    """Ask for more minutes than a cap on artists leaves, and tell whether that is said, and as shortly as can be."""
    rng = np.random.default_rng(seed)
    tracks = draw(40, rng, per_artist=10)
    longest = sum(
        int(tracks.ground.duration_ms[tracks.ground.artist == code].max()) for code in np.unique(tracks.ground.artist)
    )
    low = longest + int(rng.integers(60_000, 600_000))
    demands = Demands((Length(low, low + 60_000, low), Cap(1), Gap("artist", 1), Only("any", None, tracks.years > 0)))
    found = compose(tracks, Asked(PlaylistRequest(), demands, Fit()), PlaylistRequest(seed=seed))
    if found is None or not found.conflicts:
        return False, False
    needed = True
    for conflict in found.conflicts:
        own = demands.only(conflict.names)
        for name in conflict.names:
            needed &= decide(own.without([name]), tracks.ground, Budget(5, 20)).answer != "no"
    return True, needed
