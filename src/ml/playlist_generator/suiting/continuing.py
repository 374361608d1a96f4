"""Which tracks go on with a list: what sets its tracks apart from all others, added up."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from ml.playlist_generator.library.tracks import Tracks

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

#: How much each kind of evidence counts, where there are listeners and where there are none: what they listen to has
#: most of what tags and artists say in it. Rounded from a fit on lists that are in no result
#: (``python -m benchmarks.training.continuation_weights``).
_VALUES = {"years": 0.6, "tempo_bpm": 0.2, "energy": 0.08, "acousticness": 0.08}
HEARD: Mapping[str, float] = MappingProxyType({**_VALUES, "sound": 0.1, "tags": 0.3, "listeners": 2.5})
ALONE: Mapping[str, float] = MappingProxyType({**_VALUES, "sound": 0.1, "tags": 2.0, "artist": 0.2})
#: So many tracks, as all are, are added to a list in thought: of a short one little is known.
_DOUBT = 3.0
#: The place of the score that counts as high, the least share of the highest that does, and how much of it any track is
#: given.
_HIGH, _LEAST_HIGH, _FLOOR = 20, 0.1, 0.3
#: The share of all tracks that sound is told apart to.
_FINEST = 0.01


def continuation(tracks: Tracks, seeds: Rows, listened: Floats | None = None) -> Floats:
    r"""Tell how well each track goes on with some, float32 in [0, 1] [shape=(n,)].

    Evidence is added up in logarithms, as of independent experts: what listeners of the seeds listen to, tags, years,
    tempo and other values by how much more frequent they are among the seeds than among all tracks, and sound. It is
    given as a place among all tracks that are no seeds, :math:`1 - \log r / \log n`: of 10,000 tracks the tenth has .75
    and the hundredth .5. Seeds have 1; where nothing is known, all others have 0.

    Parameters
    ----------
    tracks : Tracks
    seeds : int64 [shape=(k,)]
        Rows, none twice.
    listened : float32 [shape=(n,)], optional
        Scores of tracks for somebody who has heard the seeds only; NaN where a model does not know one.

    References
    ----------
    Ghahramani and Heller, "Bayesian sets", NIPS 2005 (a set is continued by what is likelier in it than anywhere);
    Hinton, "Training products of experts by minimizing contrastive divergence", Neural Computation 14, 2002.
    """
    found = evidence(tracks, seeds, listened)
    weights = HEARD if "listeners" in found else ALONE
    return _places(sum((np.float32(weights[name]) * found[name] for name in weights), np.zeros(1, np.float32)), seeds)


def evidence(tracks: Tracks, seeds: Rows, listened: Floats | None = None) -> dict[str, Floats]:
    """Give what speaks for each track, as logarithms, float32 [shape=(n,)] by the names of the weights.

    Parameters
    ----------
    tracks : Tracks
    seeds : int64 [shape=(k,)]
        Rows, none twice.
    listened : float32 [shape=(n,)], optional
    """
    found = {name: tracks.facets[name].log_ratio(seeds, _DOUBT) for name in _VALUES}
    found |= {"sound": _by_sound(tracks, seeds), "tags": _against_high(_by_tags(tracks, seeds))}
    if listened is not None and np.isfinite(listened).any():
        return {**found, "listeners": _against_high(np.nan_to_num(listened))}
    return {**found, "artist": _by_artist(tracks, seeds)}


def _places(sums: Floats, seeds: Rows) -> Floats:
    """Give places among what is no seed, on a logarithmic scale; equals share the worst of theirs."""
    found = np.ones(len(sums), dtype=np.float32)
    others = np.ones(len(sums), dtype=np.bool_)
    others[seeds] = False
    if others.any():
        # Sums of the same numbers in another order are to be equal.
        from scipy.stats import rankdata  # late: it takes half a second to import

        ranks = rankdata(-sums[others].round(4), method="max")
        found[others] = 1 - np.log(ranks) / np.log(max(len(ranks), 2))
    return found


def _against_high(scores: Floats) -> Floats:
    """Give logarithms of scores, held against a high one."""
    scores = np.maximum(scores, 0)
    place = max(len(scores) - _HIGH, 0)
    high = max(float(np.partition(scores, place)[place]), _LEAST_HIGH * float(scores.max()))
    return np.log(scores / np.float32(high) + np.float32(_FLOOR)) if high > 0 else np.zeros_like(scores)


def _by_tags(tracks: Tracks, seeds: Rows) -> Floats:
    """Add up the tags of each track by how much more frequent they are among the seeds."""
    table = tracks.tag_table
    usual = np.asarray(table.mean(axis=0), dtype=np.float64).ravel()
    own = np.asarray(table[seeds].sum(axis=0), dtype=np.float64).ravel()
    more = np.log((own + _DOUBT * usual) / (len(seeds) + _DOUBT) / usual) if len(usual) else usual
    return np.asarray(table @ np.maximum(more, 0).astype(np.float32))


def _by_artist(tracks: Tracks, seeds: Rows) -> Floats:
    """Tell how much more frequent each track's artist is among the seeds."""
    artists = tracks.ground.artist
    weights = np.full(len(tracks), _DOUBT / (len(seeds) + _DOUBT), dtype=np.float64)
    for artist, count in zip(*np.unique(artists[seeds], return_counts=True), strict=True):
        of = artists == artist
        weights[of] += count / (len(seeds) + _DOUBT) / of.mean()
    return np.log(weights).astype(np.float32)


def _by_sound(tracks: Tracks, seeds: Rows) -> Floats:
    """Give the logarithm of how few tracks are nearer to the seed that each is nearest to."""
    vectors = tracks.sounds.timbre
    own = vectors[seeds]
    own = own[own.any(axis=1)] if own.size else own
    if not own.size:
        return np.zeros(len(tracks), dtype=np.float32)
    nearest = (vectors @ own.T).max(axis=1)
    from scipy.stats import rankdata  # late: it takes half a second to import

    nearer = 1 - rankdata(nearest) / len(nearest)
    known = vectors.any(axis=1)
    return np.where(known, -np.log(nearer + _FINEST), 0).astype(np.float32)
