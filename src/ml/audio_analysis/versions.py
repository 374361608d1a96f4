"""Whether two recordings are versions of one song: their chords aligned, in any key, tempo and instruments.

The chords of each are read at every beat; where there are no beats, every half second. The best local alignment of two
such sequences (Smith and Waterman, 1981), scored beside how long the shorter one is, much as Serrà et al. score chroma
("Cross recurrence quantification for cover song identification", 2009), and how much of the time both have the same
chords, whatever their order, are added up in the best of the twelve transpositions. Either alone finds fewer
(``benchmarks/audio_versions.py``).

What it cannot do: songs on the same changes, such as two blues in twelve bars, are versions of each other to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features.keys import NAMES

#: No chord.
NONE = -1
_STEP_S = 0.5
#: Two bars of four: what is shorter is in every song.
_LEAST = 8
#: Of an alignment, in twentieths: the same chord, one that shares two notes, another one, and a beat left out.
_SAME, _NEAR, _OTHER, _GAP = 20, 5, -20, -14
#: What the shares of chords count beside an alignment.
_SHARES = 2.0
#: Songs that are aligned; of more, those whose shares of chords are most alike.
_ALIGNED = 500
#: Songs that are aligned at a time, and numbers that are in memory for it.
_AT_A_TIME, _CELLS = 50, 1 << 17
#: Stands behind the end of a song, with which nothing is aligned.
_BEHIND, _NEVER = 25, -(1 << 24)


def chord_sequence(analysis: Mapping[str, Any]) -> NDArray[np.int64]:
    """Read the chords of an analysis at its beats.

    Returns
    -------
    int64 [shape=(n,)]
        Root from C, 12 more for minor; :data:`NONE` for none.

    Examples
    --------
    >>> chords = [{"start_s": 0.0, "end_s": 1.1, "chord": "C:maj"}, {"start_s": 1.1, "end_s": 2.0, "chord": "A:min"}]
    >>> chord_sequence({"chords": chords, "beats": [0.0, 0.5, 1.0, 1.5], "duration_s": 2.0}).tolist()
    [0, 0, 21, 21]
    """
    spans = analysis.get("chords") or ()
    if not spans:
        return np.empty(0, dtype=np.int64)
    beats = analysis.get("beats") or ()
    times = np.asarray(beats if len(beats) > 3 else np.arange(0.0, analysis["duration_s"], _STEP_S), dtype=np.float64)
    # A chord between two beats is that of the middle.
    middle = times + np.diff(times, append=2 * times[-1] - times[-2] if len(times) > 1 else times[-1] + _STEP_S) / 2
    starts = np.array([span["start_s"] for span in spans])
    numbers = np.array([_number(span["chord"]) for span in spans], dtype=np.int64)
    at = np.clip(np.searchsorted(starts, middle, side="right") - 1, 0, len(spans) - 1)
    return numbers[at]


def likeness(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[float, int]:
    """Say how alike two sequences of chords are.

    Returns
    -------
    score : float in [0, 1]
        1 for the same chords in the same order; unrelated ones have some tenths. 0 for fewer than 8 chords.
    semitones : int in [-5, 6]
        How much higher the other is.

    Examples
    --------
    >>> turn = np.array([0, 0, 21, 21, 5, 5, 7, 7] * 4)
    >>> higher = np.where(turn < 12, (turn + 3) % 12, 12 + (turn + 3) % 12)
    >>> likeness(turn, higher)
    (1.0, 3)
    """
    scores, ups = _likenesses(one, [other], _overlaps(shares(one), shares(other)[np.newaxis]))
    return float(scores[0]), int(ups[0])


def shares(sequence: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give for how much of the time each chord sounds, major and minor [shape=(2, 12)]."""
    counts = np.bincount(sequence[sequence >= 0], minlength=24).astype(np.float64)
    return np.asarray(counts / max(counts.sum(), 1.0)).reshape(2, 12)


def ranked(
    one: NDArray[np.int64], others: Iterable[tuple[str, NDArray[np.int64]]], count: int | None = None
) -> list[tuple[str, float, int]]:
    """Rank songs by how alike their chords are: name, score, semitones; the likeliest versions first."""
    named = list(others)
    every = np.array([shares(sequence) for _, sequence in named]).reshape(-1, 2, 12)
    return ranked_among(one, [name for name, _ in named], every, lambda place: named[place][1], count)


def ranked_among(
    one: NDArray[np.int64],
    names: Sequence[str],
    every: NDArray[np.floating[Any]],
    sequence: Callable[[int], NDArray[np.integer[Any]]],
    count: int | None = None,
) -> list[tuple[str, float, int]]:
    """Rank songs of which the shares of chords are at hand.

    Parameters
    ----------
    one : int64 [shape=(n,)]
    names : sequence of str
    every : float [shape=(len(names), 2, 12)]
        See :func:`shares`.
    sequence : callable
        Gives the chords of a song by its place among the names; asked for few of them.
    count : int, optional
        So many are wanted: what cannot be among them is not aligned. None for all that are.
    """
    overlaps = _overlaps(shares(one), every)
    best = overlaps.max(axis=1, initial=0.0)
    order = np.lexsort((np.array(names), -best))[:_ALIGNED]
    found: list[tuple[str, float, int]] = []
    for begin in range(0, len(order), _AT_A_TIME):
        places = order[begin : begin + _AT_A_TIME]
        if count is not None and len(found) >= count:
            least = sorted((score for _, score, _ in found), reverse=True)[count - 1]
            places = places[_most_likely(best[places]) >= least]
        if not len(places):
            continue
        scores, ups = _likenesses(one, [sequence(int(place)) for place in places], overlaps[places])
        found += zip((names[int(place)] for place in places), scores.tolist(), ups.tolist(), strict=True)
    return sorted(found, key=lambda told: (-told[1], told[0]))[:count]


def _overlaps(one: NDArray[np.float64], others: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Give in how much of the time songs have the same chords as one that is moved up by 0 to 11 semitones.

    Parameters
    ----------
    one : float64 [shape=(2, 12)]
    others : float [shape=(n, 2, 12)]

    Returns
    -------
    float64 [shape=(n, 12)]
    """
    moved = (np.roll(one, up, axis=1) for up in range(12))
    return np.stack([np.minimum(each, others).sum(axis=(1, 2)) for each in moved], axis=1)


def _likenesses(
    one: NDArray[np.int64], others: Sequence[NDArray[np.integer[Any]]], overlaps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give the score of each song and by how much it is higher, in the best of the transpositions."""
    scores = np.zeros((len(others), 12))
    shorter = np.minimum(len(one), [len(other) for other in others])
    # An alignment is worth 1 at most: a transposition that is behind by more than that is not the best.
    hopeful = _most_likely(overlaps) >= _likely(0.0, overlaps.max(axis=1, keepdims=True))
    pairs = np.argwhere(hopeful & (shorter >= _LEAST)[:, np.newaxis])
    if len(pairs):
        aligned = _best_alignments(one, others, pairs) / (_SAME * shorter[pairs[:, 0]])
        scores[tuple(pairs.T)] = _likely(np.minimum(1.0, aligned), overlaps[tuple(pairs.T)])
    scores = np.round(scores, 9)  # shares add up to one but for rounding
    ups = scores.argmax(axis=1)
    return scores.max(axis=1), np.where(ups <= 6, ups, ups - 12)


def _likely(aligned: Any, overlaps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((aligned + _SHARES * overlaps) / (1.0 + _SHARES))


def _most_likely(overlaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give the most that a score can be; a little more, for rounding."""
    return _likely(1.0, overlaps) + 1e-6


def _number(chord: str) -> int:
    root, _, kind = chord.partition(":")
    return NAMES.index(root) + 12 * (kind == "min") if root in NAMES else NONE


@lru_cache(maxsize=1)
def _table() -> NDArray[np.int32]:
    """Score every chord against every one, in twelve transpositions of the first [shape=(12, 25, 26)].

    24 is no chord, and 25 of the second what stands behind the end of a song.
    """
    table = np.full((25, 26), _OTHER, dtype=np.int32)
    notes = [_notes(chord) for chord in range(24)]
    for first in range(24):
        for second in range(24):
            shared = len(notes[first] & notes[second])
            table[first, second] = _SAME if first == second else _NEAR if shared == 2 else _OTHER
    table[24, :], table[:, 24], table[:, _BEHIND] = 0, 0, _NEVER
    place = np.arange(24)
    return np.stack([table[np.append((place + up) % 12 + 12 * (place // 12), 24)] for up in range(12)])


def _notes(chord: int) -> frozenset[int]:
    root = chord % 12
    return frozenset({root, (root + (3 if chord >= 12 else 4)) % 12, (root + 7) % 12})


def _best_alignments(
    one: NDArray[np.int64], others: Sequence[NDArray[np.integer[Any]]], pairs: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Give the best local alignment for pairs of a song's place and a transposition [shape=(n_pairs, 2)].

    Some pairs at a time, a row at a time: memory grows with the lengths alone.
    """
    lengths = np.array([len(others[place]) for place, _ in pairs])
    best = np.zeros(len(pairs), dtype=np.int32)
    by_length = np.argsort(lengths, kind="stable")  # so that little is filled up
    at_a_time = max(12, _CELLS // max(1, int(lengths.max())))
    for begin in range(0, len(pairs), at_a_time):
        those = by_length[begin : begin + at_a_time]
        filled = np.full((len(those), int(lengths[those].max())), _BEHIND, dtype=np.int64)
        for row, (place, _) in enumerate(pairs[those]):
            filled[row, : len(others[place])] = others[place] % 25  # -1, no chord, is 24
        best[those] = _aligned(one, filled, pairs[those, 1])
    return best


def _aligned(one: NDArray[np.int64], others: NDArray[np.int64], ups: NDArray[np.int64]) -> NDArray[np.int32]:
    table = _table()
    beside = {chord: table[ups[:, np.newaxis], chord % 25, others] for chord in set(one.tolist())}
    slope = np.int32(_GAP) * np.arange(others.shape[1] + 1, dtype=np.int32)
    row = np.zeros((len(others), others.shape[1] + 1), dtype=np.int32)
    best = np.zeros(len(others), dtype=np.int32)
    for chord in one.tolist():
        new = np.zeros_like(row)
        np.maximum(row[:, :-1] + beside[chord], row[:, 1:] + np.int32(_GAP), out=new[:, 1:])
        np.maximum(new, 0, out=new)
        # A gap along the row: the highest before, less what lies between.
        new -= slope
        np.maximum.accumulate(new, axis=1, out=new)
        new += slope
        row = new
        np.maximum(best, row.max(axis=1), out=best)
    return best
