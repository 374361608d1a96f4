"""Whether two recordings are versions of one song: their chords aligned, in any key, tempo and instruments.

The chords of each are read at every beat; where there are no beats, every half second. The best local alignment of two
such sequences (Smith and Waterman, 1981), scored beside how long the shorter one is, much as Serrà et al. score chroma
("Cross recurrence quantification for cover song identification", 2009), and how much of the time both have the same
chords, whatever their order, are added up in the best of the twelve transpositions. Either alone finds fewer
(``benchmarks/audio_versions.py``).

What it cannot do: songs on the same changes, such as two blues in twelve bars, are versions of each other to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from heapq import nsmallest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.harmony.harmony import NAMES

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
    shorter = min(len(one), len(other))
    if shorter < _LEAST:
        return 0.0, 0
    aligned = np.minimum(1.0, _best_alignments(one, other) / (_SAME * shorter))
    score = (aligned + _SHARES * _overlaps(shares(one), shares(other))) / (1.0 + _SHARES)
    score = np.round(score, 9)  # shares add up to one but for rounding
    up = int(score.argmax())
    return float(score[up]), up if up <= 6 else up - 12


def shares(sequence: NDArray[np.int64]) -> NDArray[np.float64]:
    """Give for how much of the time each chord sounds, major and minor [shape=(2, 12)]."""
    counts = np.bincount(sequence[sequence >= 0], minlength=24).astype(np.float64)
    return np.asarray(counts / max(counts.sum(), 1.0)).reshape(2, 12)


def _overlaps(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give in how much of the time two have the same chords, the first moved up by 0 to 11 semitones."""
    return np.array([np.minimum(np.roll(one, up, axis=1), other).sum() for up in range(12)])


def ranked(one: NDArray[np.int64], others: Iterable[tuple[str, NDArray[np.int64]]]) -> list[tuple[str, float, int]]:
    """Rank songs by how alike their chords are: name, score, semitones; the likeliest versions first."""
    own = shares(one)
    nearest = nsmallest(_ALIGNED, others, key=lambda each: (-_overlaps(own, shares(each[1])).max(), each[0]))
    found = [(name, *likeness(one, other)) for name, other in nearest]
    return sorted(found, key=lambda told: (-told[1], told[0]))


def _number(chord: str) -> int:
    root, _, kind = chord.partition(":")
    return NAMES.index(root) + 12 * (kind == "min") if root in NAMES else NONE


@lru_cache(maxsize=1)
def _table() -> NDArray[np.int32]:
    """Score every chord against every one, in twelve transpositions of the first [shape=(12, 25, 25)]."""
    table = np.full((25, 25), _OTHER, dtype=np.int32)
    notes = [_notes(chord) for chord in range(24)]
    for first in range(24):
        for second in range(24):
            shared = len(notes[first] & notes[second])
            table[first, second] = _SAME if first == second else _NEAR if shared == 2 else _OTHER
    table[24, :], table[:, 24] = 0, 0
    place = np.arange(24)
    return np.stack([table[np.append((place + up) % 12 + 12 * (place // 12), 24)] for up in range(12)])


def _notes(chord: int) -> frozenset[int]:
    root = chord % 12
    return frozenset({root, (root + (3 if chord >= 12 else 4)) % 12, (root + 7) % 12})


def _best_alignments(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int32]:
    """Give the best local alignment in each transposition, a row at a time: memory grows with the lengths alone."""
    beside = _table()[:, :, other]
    slope = np.int32(_GAP) * np.arange(len(other) + 1, dtype=np.int32)
    row = np.zeros((12, len(other) + 1), dtype=np.int32)
    best = np.zeros(12, dtype=np.int32)
    for chord in one.tolist():
        new = np.zeros_like(row)
        np.maximum(row[:, :-1] + beside[:, chord], row[:, 1:] + np.int32(_GAP), out=new[:, 1:])
        np.maximum(new, 0, out=new)
        # A gap along the row: the highest before, less what lies between.
        row = np.maximum.accumulate(new - slope, axis=1) + slope
        best = np.maximum(best, row.max(axis=1))
    return best
