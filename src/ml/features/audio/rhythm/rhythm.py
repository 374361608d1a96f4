"""The rhythm of a sound, put together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.features.audio.framing import Floats
from ml.features.audio.rhythm.bands import LONG, SHORT
from ml.features.audio.rhythm.bars import bars, first_beat_odds
from ml.features.audio.rhythm.beats import beats_s, tempo_of
from ml.features.audio.rhythm.dance import danceability
from ml.features.audio.rhythm.groove import Groove, find_groove
from ml.features.audio.rhythm.inputs import attacks, harmonic_moves, loudness_of, pitch_levels
from ml.features.audio.rhythm.network import Activations, Network, probability, trained
from ml.features.audio.rhythm.onsets import onsets_s
from ml.features.audio.rhythm.tempo import TOLERANCE, TempoCandidate, tempo_candidates

#: What is concluded from in one piece, and how far such windows are apart, in long frames: 12 s and 6 s.
WINDOW, APART = 517, 258
#: Long sounds are heard in pieces of so many long frames (5 min), each with so many around it that it depends on.
PIECE, AROUND = 12_920, 520
#: Of less than this, in seconds, no tempo can be said.
SHORTEST_S = 3.0
#: A time signature that is less probable is not told, nor are its bars.
LEAST_SURE = 1 / 3
#: Power beside the loudest frame's that counts as silence, and how many short frames beyond the sound a beat may lie.
QUIET, SLACK = 1e-6, 10


@dataclass(frozen=True, slots=True, eq=False)
class Rhythm:
    """The rhythm of a sound. Without a beat, tempo and time signature are None, and there are no beats.

    Parameters
    ----------
    tempo_bpm : float or None
    tempo_confidence : float in [0, 1]
        Probability that the tempo is right to 4 %; without a tempo, that there is none.
    tempo_candidates : tuple of TempoCandidate
        The tempo itself first.
    onsets_s : float64 [shape=(n_onsets,)]
    beats_s : float64 [shape=(n_beats,)]
    downbeats_s : float64 [shape=(n_bars,)]
    time_signature : str or None
        ``4/4``, ``3/4``, ``6/8``, ``5/4`` or ``7/8``; None, and no first beats, where each has less than a third.
    time_signature_confidence : float in [0, 1]
        Probability of it among the five.
    groove : Groove or None
        None without a beat, or with fewer than eight.
    danceability : float in [0, 1] or None
        See :func:`ml.features.audio.rhythm.dance.danceability`; None where there is no groove.
    """

    tempo_bpm: float | None
    tempo_confidence: float
    tempo_candidates: tuple[TempoCandidate, ...]
    onsets_s: NDArray[np.float64]
    beats_s: NDArray[np.float64]
    downbeats_s: NDArray[np.float64]
    time_signature: str | None
    time_signature_confidence: float
    groove: Groove | None = None
    danceability: float | None = None


def find_rhythm(mels: Floats, semitones: Floats, network: Network | None = None) -> Rhythm:
    """Find the rhythm of a sound.

    Parameters
    ----------
    mels : float32 >= 0 [shape=(n_short, 40)]
        What a :class:`MelCollector` kept.
    semitones : float32 >= 0 [shape=(n_long, 60)]
        What a :class:`SemitoneCollector` kept.
    network : Network, optional
        The one that comes with the package.
    """
    network = network or trained()
    heard = hear(network, mels, semitones)
    attack = probability(heard.onset)
    found = onsets_s(attack)
    tempo, metre, rhythmic = conclude(network, heard)
    if rhythmic < 0.5 or len(semitones) < SHORTEST_S * LONG.frames_per_s:
        none = np.empty(0)
        return Rhythm(None, 1.0 - rhythmic, (), found, none, none, None, 0.0)
    candidates = tempo_candidates(tempo)
    beats = _audible(beats_s(heard.beat, 60.0 / candidates[0].bpm), mels)
    candidates = _as_the_beats_say(candidates, tempo_of(beats))
    first, signature, sure = _bars(beats, heard, metre, semitones)
    best = candidates[0]
    groove = find_groove(attack, found, beats, signature)
    dance = danceability(mels, beats, best.bpm, groove.pulse_clarity) if groove else None
    certain = best.probability * rhythmic
    return Rhythm(best.bpm, certain, candidates, found, beats, first, signature, sure, groove, dance)


def _as_the_beats_say(candidates: tuple[TempoCandidate, ...], bpm: float | None) -> tuple[TempoCandidate, ...]:
    """Make the first tempo as exact as the beats are, and with it those that are octaves of it."""
    first = candidates[0].bpm
    if bpm is None or abs(bpm / first - 1) > TOLERANCE:
        return candidates
    exact = []
    for one in candidates:
        octaves = round(np.log2(one.bpm / first))
        related = abs(one.bpm / (first * 2.0**octaves) - 1) <= TOLERANCE
        exact.append(TempoCandidate(bpm * 2.0**octaves, one.probability) if related else one)
    return tuple(exact)


def _bars(
    beats: NDArray[np.float64], heard: Activations, metre: Floats, semitones: Floats
) -> tuple[NDArray[np.float64], str | None, float]:
    """Give first beats, time signature and its probability; the first two only where it is probable."""
    if not len(beats):
        return beats, None, 0.0
    odds = first_beat_odds(beats, heard.downbeat, pitch_levels(semitones))
    first, signature, sure = bars(beats, odds, metre)
    return (first, signature, sure) if sure >= LEAST_SURE else (beats[:0], None, sure)


def _audible(times_s: NDArray[np.float64], mels: Floats) -> NDArray[np.float64]:
    """Leave out the times before anything sounds, and after."""
    power = mels.sum(axis=1)
    sounding = np.flatnonzero(power > QUIET * power.max())
    low, high = (sounding[[0, -1]] + [-SLACK, SLACK]) / SHORT.frames_per_s
    return np.asarray(times_s[(times_s >= low) & (times_s <= high)])


def hear(network: Network, mels: Floats, semitones: Floats) -> Activations:
    """Let the network hear a sound of any length, piece by piece."""
    n = len(semitones)
    level, moves = loudness_of(mels), harmonic_moves(semitones)
    parts: list[Activations] = []
    for begin in range(0, max(n, 1), PIECE):
        end = min(n, begin + PIECE)
        low, high = max(0, begin - AROUND), min(n, end + AROUND)
        short = slice(2 * low, 2 * high if high < n else len(mels))
        heard = network.hear(attacks(mels[short], level), moves[low:high])
        kept, last = slice(begin - low, end - low), 2 * (end - low) if end < n else None
        parts.append(
            Activations(
                heard.onset[2 * (begin - low) : last], heard.beat[kept], heard.downbeat[kept], heard.pooled[kept]
            )
        )
    joined = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("onset", "beat", "downbeat", "pooled")
    }
    return Activations(**joined)


def conclude(network: Network, heard: Activations) -> tuple[Floats, Floats, float]:
    """Give log probabilities of tempi and metres over all windows, and the probability that there is a beat."""
    n = len(heard.beat)
    starts = [*range(0, max(1, n - WINDOW - APART // 2), APART), max(0, n - WINDOW)]
    said = network.conclude(heard, [slice(start, start + WINDOW) for start in sorted(set(starts))])
    beat = probability(said.rhythmic)
    weight = (beat + np.float32(1e-6)) / (beat.sum() + np.float32(1e-6) * len(beat))
    return weight @ _log_softmax(said.tempo), weight @ _log_softmax(said.metre), float(weight @ beat)


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
