"""How well keys and chords are heard, on rendered music of the half that nothing was fitted on.

`ml.data.demo.sound` renders phrases of 20 s in all 24 keys, off A = 440 Hz by up to 45 cents, with and without drums
and noise 6 to 20 dB below (`progressions`, which begin with the first chord of their progression), excerpts of 12 s
that begin anywhere (`excerpts`, `excerpt_…`), and sounds without a key: drums alone, coloured noise, something like
speech, clicks, a rising tone, a tone (`toneless`). All are rendered at 22,050 Hz, mixed to mono and heard by
`harmony_of`, as the analyzer does. Drums, noise and phrases are of the half of timbres, patterns and progressions that
is held out. `open_…` is the same for the half that was fitted on, other songs.

`key_mirex` is MIREX's weighted score as `mir_eval` has it (1 for the key, .5 for the key a fifth above, .3 for the
relative one, .2 for the other mode, unknown is 0), `…_low` and `…_high` the ends of its 95 % bootstrap interval;
`key_accuracy` the share that is right, `key_unknown` the share of music that is said to have none; `key_ece` the
expected calibration error of the confidence, in ten bins of equal width; `key_confidence` its mean. `krumhansl_mirex`
takes Krumhansl and Kessler's profiles on our chroma instead of fitted weights. `chord_majmin` is the share of time with
the right chord, major, minor or none, over the time whose true chord is one of these (sevenths count as triads), the
mean over songs. `cents_off` is how far the tuning is off at most. `toneless_unknown` is the share of sounds without a
key that are said to have none. `changes_found` is the share of whole songs of 2 min whose last chorus is higher in
which exactly that is heard, within 3 s, and `changes_invented` that of others in which a change is. `by_…` are
accuracies by what was added. `harmony_ms_per_s` is processor time for a second of sound, on one core, from the
resampled mono on: spectrogram, pitches, chroma, chords, key.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from time import process_time
from typing import Any, NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from benchmarks.target import Target
from benchmarks.training.harmony_fitting import chord_number
from benchmarks.training.harmony_toneless import toneless
from ml.audio_analysis.harmony import Harmony, harmony_of
from ml.data.demo.sound import Brief, Song, Truth, draw_song, excerpts, progressions, render
from ml.data.demo.sound.harmony import NAMES
from ml.features.audio.chroma import chroma_of
from ml.features.audio.pitch import pitches_of
from ml.metrics.significance import bootstrap_mean

TARGETS = {
    "key_mirex": Target(at_least=0.90),
    "key_ece": Target(at_most=0.05),
    "chord_majmin": Target(at_least=0.85),
    "toneless_unknown": Target(at_least=0.98),
    "harmony_ms_per_s": Target(at_most=1.5),
}
ROUNDS, EXCERPTS, TONELESS, OPEN, RATE = 1, 60, 32, 24, 22_050
SONGS, BRIEF, SEED = 6, Brief(duration_s=120.0, form="song"), 2_000
KRUMHANSL = np.array(
    [
        [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
        [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
    ]
)


class Told(NamedTuple):
    """What was said of a song, beside the truth; keys are 0 to 11 for major, 12 to 23 for minor, -1 for none."""

    true_key: int
    key: int
    confidence: float
    majmin: float
    cents_off: float
    profile_key: int
    drums: bool
    noise: bool


def run(quick: bool) -> dict[str, float]:
    share = 12 if quick else 1
    phrases = list(progressions(SEED, held_out=True, rounds=ROUNDS))[::share]
    with threadpool_limits(1):
        told = [_told(song) for song in phrases]
        numbers: dict[str, float] = {"phrases": len(phrases)} | _judged("", told) | _parts(told)
        elsewhere = list(excerpts(EXCERPTS // share, seed=SEED, held_out=True))
        numbers |= {"excerpts": len(elsewhere)} | _judged("excerpt_", [_told(song) for song in elsewhere])
        known = list(progressions(SEED))
        known = [known[i] for i in np.random.default_rng(0).permutation(len(known))[: OPEN // share]]
        numbers |= _judged("open_", [_told(song) for song in known])
        sounds = toneless(TONELESS // share, seed=SEED, rate=RATE, held_out=True)
        numbers["toneless_unknown"] = float(np.mean([_heard(one).key is None for one in sounds]))
        numbers |= _changes(max(1, SONGS // share))
        numbers["harmony_ms_per_s"] = _cost(phrases[0])
    return numbers


def _heard(mono: Any) -> Harmony:
    return harmony_of(pitches_of(mono), len(mono) / RATE)


def _changes(n: int) -> dict[str, float]:
    """Say how often a change of key is found where there is one, and where there is none."""
    found: dict[bool, list[bool]] = {True: [], False: []}
    songs = (draw_song(np.random.default_rng([SEED, i]), BRIEF, held_out=True) for i in range(100 * n))
    for song in songs:
        changes = len(song.keys) > 1
        if len(found[changes]) < n:
            made = render(song, rate=RATE)
            truth = [(one.start_s, NAMES[one.tonic]) for one in made.truth.keys[1:]]
            heard = _heard(made.samples.mean(axis=1)).changes
            found[changes].append(
                [name for _, name in truth] == [one.key for one in heard]
                and all(abs(start_s - one.start_s) < 3.0 for (start_s, _), one in zip(truth, heard, strict=True))
            )
        if all(len(one) == n for one in found.values()):
            break
    return {"changes_found": float(np.mean(found[True])), "changes_invented": 1.0 - float(np.mean(found[False]))}


def _told(song: Song) -> Told:
    made = render(song, rate=RATE)
    truth = made.truth
    pitches = pitches_of(made.samples.mean(axis=1))
    found = harmony_of(pitches, song.duration_s)
    cents = pitches.leaning.cents()
    return Told(
        true_key=truth.key.tonic + 12 * (truth.key.mode == "minor"),
        key=-1 if found.key is None else NAMES.index(found.key) + 12 * (found.mode == "minor"),
        confidence=found.key_confidence or 0.0,
        majmin=_majmin(truth, found),
        cents_off=50.0 if cents is None else abs((cents - truth.cents + 50.0) % 100.0 - 50.0),
        profile_key=_by_profile(chroma_of(pitches).flat().mean(axis=0)),
        drums=bool(song.kit),
        noise=bool(np.isfinite(song.production.noise_db)),
    )


def _majmin(truth: Truth, found: Harmony) -> float:
    """Give the share of time with the right chord, in seconds exactly; NaN where no chord of the truth counts."""
    edges = sorted({edge for one in (*truth.chords, *found.chords) for edge in (one.start_s, one.end_s)})
    right = counted = 0.0
    for begin, end in pairwise(edges):
        middle = (begin + end) / 2
        wanted = next((chord_number(one.label) for one in truth.chords if one.start_s <= middle < one.end_s), -1)
        said = next((chord_number(one.chord) for one in found.chords if one.start_s <= middle < one.end_s), -1)
        if wanted >= 0:
            counted += end - begin
            right += (end - begin) * (wanted == said)
    return right / counted if counted else float("nan")


def _by_profile(mean: Any) -> int:
    classes = mean.reshape(-1, 12).sum(axis=0)
    fits = [np.corrcoef(np.roll(profile, tonic), classes)[0, 1] for profile in KRUMHANSL for tonic in range(12)]
    return int(np.argmax(fits))


def mirex(truth: int, found: int) -> float:
    """Score a key.

    >>> [mirex(0, key) for key in (0, 7, 5, 21, 12, 1, -1)]
    [1.0, 0.5, 0.0, 0.3, 0.2, 0.0, 0.0]
    >>> mirex(21, 0)
    0.3
    """
    if truth == found:
        return 1.0
    if found < 0:
        return 0.0
    above = (found - truth) % 12
    if truth // 12 == found // 12:
        return 0.5 if above == 7 else 0.0
    relative = 9 if truth < 12 else 3
    return 0.3 if above == relative else 0.2 if above == 0 else 0.0


def _judged(prefix: str, told: Iterable[Told]) -> dict[str, float]:
    told = list(told)
    score = np.array([mirex(one.true_key, one.key) for one in told])
    right = np.array([one.true_key == one.key for one in told])
    confidence = np.array([one.confidence for one in told])
    interval = bootstrap_mean(score, rng=np.random.default_rng(0))
    numbers = {
        "key_mirex": score.mean(),
        "key_mirex_low": interval.low,
        "key_mirex_high": interval.high,
        "key_accuracy": right.mean(),
        "key_unknown": np.mean([one.key < 0 for one in told]),
        "key_ece": calibration_error(confidence, right),
        "key_confidence": confidence.mean(),
        "krumhansl_mirex": np.mean([mirex(one.true_key, one.profile_key) for one in told]),
        "chord_majmin": np.nanmean([one.majmin for one in told]),
        "cents_off": max(one.cents_off for one in told),
    }
    return {f"{prefix}{name}": float(value) for name, value in numbers.items()}


def calibration_error(confidence: Any, right: Any, bins: int = 10) -> float:
    """Give how far confidence and the share that is right are apart, the mean over bins by how many lie in them.

    >>> round(calibration_error(np.array([0.95, 0.95, 0.55, 0.55]), np.array([1, 1, 1, 0])), 3)
    0.05
    """
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(np.sum(confidence[place == one] - right[place == one])) for one in np.unique(place)]
    return float(np.sum(gaps) / len(confidence))


def _parts(told: list[Told]) -> dict[str, float]:
    numbers = {}
    for name, drums, noise in (("plain", 0, 0), ("drums", 1, 0), ("noise", 0, 1), ("drums_and_noise", 1, 1)):
        those = [one for one in told if (one.drums, one.noise) == (bool(drums), bool(noise))]
        if those:
            numbers[f"by_{name}_key_accuracy"] = float(np.mean([one.key == one.true_key for one in those]))
            numbers[f"by_{name}_chord_majmin"] = float(np.nanmean([one.majmin for one in those]))
    return numbers


def _cost(song: Song) -> float:
    mono = render(song, rate=RATE).samples.mean(axis=1)
    taken = []
    for _ in range(5):
        begin = process_time()
        _heard(mono)
        taken.append(process_time() - begin)
    return 1_000 * min(taken) * RATE / len(mono)
