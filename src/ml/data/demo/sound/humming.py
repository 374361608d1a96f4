"""A melody hummed, sung or whistled: what somebody remembers of it, in another key and tempo, into a telephone.

What somebody hums is a stretch of the melody from a note on. Notes are wrong, left out or sung twice; the tempo is
another and sways; long rests are cut short; each note is somewhat off, and all drift up or down. Pitch glides from note
to note, scoops up after a rest, trembles and has vibrato; a voice is harmonics under formants, with breath.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

from ml.data.demo.arrays import Doubles, Floats
from ml.data.demo.sound.noise import noise
from ml.data.demo.sound.room import impulse_response, played_in
from ml.data.demo.sound.singers import Singer
from ml.data.demo.sound.truth import Melody
from ml.foundation.errors import BadInput

#: Nobody hums fewer notes and thinks that it can be told.
FEWEST = 8
_HARMONICS = 24
#: Pitch is written every so many seconds, and lies on straight lines between.
_STEP_S = 0.005
_OCTAVE = 12.0


@dataclass(frozen=True, eq=False)
class Hum:
    """A recording of somebody who hums.

    Parameters
    ----------
    samples : float32 [shape=(n,)]
        Mono, within [-1, 1].
    rate : int
    sung : Melody
        What was sung, wrong notes and all: when, and at which pitch; ``pitch`` is without what each note is off.
    start_s, end_s : float
        Where in the melody it is from.
    semitones : float
        How much higher than the melody.
    faster : float
        By how much.
    """

    samples: Floats
    rate: int
    sung: Melody
    start_s: float
    end_s: float
    semitones: float
    faster: float


def hum(melody: Melody, singer: Singer, rng: np.random.Generator, *, seconds: float = 12.0, rate: int = 22_050) -> Hum:
    """Let a singer hum a stretch of a melody that begins at any of its notes.

    Parameters
    ----------
    melody : Melody
    singer : Singer
    rng : numpy.random.Generator
    seconds : float
        How long; the stretch has :data:`FEWEST` notes at least, and ends with the melody.
    rate : int

    Raises
    ------
    ml.foundation.errors.BadInput
        If the melody has fewer notes.
    """
    if len(melody) < FEWEST:
        raise BadInput(f"a melody of {len(melody)} notes", f"nobody hums fewer than {FEWEST}")
    faster = float(np.exp(rng.normal(0.0, singer.hurry)))
    first = int(rng.integers(len(melody) - FEWEST + 1))
    begin, length = _timed(melody, singer, faster, first, rng)
    count = max(FEWEST, int(np.searchsorted(begin + length, seconds, side="right")))
    begin, length = begin[:count], length[:count]
    original = melody.pitch[first : first + len(begin)]
    semitones = float(singer.register + rng.normal(0.0, 2.0) - np.median(original))
    pitch, begin, length = _remembered(original + semitones, begin, length, singer, rng)
    off = rng.normal(0.0, singer.off_cents / 100.0, len(pitch))
    drift = rng.normal(0.0, singer.drift_cents / 100.0) * begin / 10.0
    curve, loud = _curves(pitch + off + drift, begin, length, singer, rng)
    samples = _recorded(_voiced(curve, loud, singer, rate, rng), singer, rate, rng)
    sung = Melody(begin, begin + length, pitch, 440.0 * 2.0 ** ((pitch + off + drift - 69.0) / 12.0))
    last = first + count - 1
    return Hum(samples, rate, sung, float(melody.start_s[first]), float(melody.end_s[last]), semitones, faster)


def _timed(
    melody: Melody, singer: Singer, faster: float, first: int, rng: np.random.Generator
) -> tuple[Doubles, Doubles]:
    """Give when notes begin and how long they last, from a quarter of a second on."""
    start, end = melody.start_s[first:], melody.end_s[first:]
    following = np.append(start[1:], end[-1])
    length = np.maximum(np.minimum(end, following) - start, 0.05) / faster
    rest = np.clip((following - start) / faster - length, 0.0, singer.rest_s)
    swayed = np.exp(rng.normal(0.0, singer.sway, len(start)))
    begin = 0.25 + np.concatenate(([0.0], np.cumsum((length + rest) * swayed)[:-1]))
    return begin, length * swayed


def _remembered(
    pitch: Doubles, begin: Doubles, length: Doubles, singer: Singer, rng: np.random.Generator
) -> tuple[Doubles, Doubles, Doubles]:
    """Sing some notes wrong, leave some out, sing some twice."""
    steps = rng.choice([-2.0, -1.0, 1.0, 2.0], len(pitch))
    pitch = np.where(rng.random(len(pitch)) < singer.wrong, pitch + steps, pitch)
    kept = rng.random(len(pitch)) >= singer.left_out
    pitch, begin, length = pitch[kept], begin[kept], length[kept]
    twice = np.where((rng.random(len(pitch)) < singer.added) & (length > 0.3), 2, 1)
    place = np.concatenate([np.arange(n) for n in twice]) if len(twice) else np.empty(0)
    length = np.repeat(length / twice, twice)
    return np.repeat(pitch, twice), np.repeat(begin, twice) + place * length, length


def _curves(
    pitch: Doubles, begin: Doubles, length: Doubles, singer: Singer, rng: np.random.Generator
) -> tuple[Doubles, Doubles]:
    """Write pitch and loudness along time, a value every :data:`_STEP_S`."""
    time = np.arange(0.0, begin[-1] + length[-1] + 0.4, _STEP_S)
    note = np.maximum(np.searchsorted(begin, time, side="right") - 1, 0)
    since, left = time - begin[note], begin[note] + length[note] - time
    before = pitch[np.maximum(note - 1, 0)]
    rested = np.append(True, begin[1:] - (begin[:-1] + length[:-1]) > 0.15)
    origin = np.where(rested[note], pitch[note] - singer.scoop_cents / 100.0, before)
    glide = np.exp(-np.maximum(since, 0.0) / max(singer.glide_s / 2.0, 1e-3))
    curve = pitch[note] + (origin - pitch[note]) * glide
    depth = singer.vibrato_cents / 100.0 * np.clip((since - 0.2) / 0.2, 0.0, 1.0)
    curve += depth * np.sin(2 * np.pi * singer.vibrato_hz * rng.uniform(0.9, 1.1) * time)
    tremble = np.convolve(rng.standard_normal(len(time)), np.hanning(9) / np.sqrt(np.sum(np.hanning(9) ** 2)), "same")
    curve += singer.jitter_cents / 100.0 * tremble
    loud = np.where((since >= 0) & (left >= -0.02), 1.0, 0.0)
    loud *= 1.0 - singer.tongue * np.exp(-np.maximum(since, 0.0) / 0.02)
    loud *= 0.75 + 0.25 * np.cos(np.pi * np.clip(since / np.maximum(length[note], 0.1), 0.0, 1.0))
    smooth = np.hanning(9) / np.hanning(9).sum()
    return curve, np.convolve(loud, smooth, "same")


def _voiced(curve: Doubles, loud: Doubles, singer: Singer, rate: int, rng: np.random.Generator) -> Doubles:
    """Sound a curve of pitch: harmonics under formants, and breath around them."""
    n = int(len(curve) * _STEP_S * rate)
    place, coarse = np.arange(n) / rate, np.arange(len(curve)) * _STEP_S
    hertz = np.interp(place, coarse, 440.0 * 2.0 ** ((curve - 69.0) / _OCTAVE))
    height = np.interp(place, coarse, loud)
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    k = np.arange(1, _HARMONICS + 1)
    sound = np.zeros(n)
    for harmonic, offset in zip(k, rng.uniform(0.0, 2 * np.pi, len(k)), strict=True):
        at = harmonic * hertz
        level = harmonic**-singer.tilt * (at < 0.45 * rate)
        if level.max() < 1e-3:
            break
        if singer.formants:
            level = level * (0.05 + sum(gain / (1.0 + ((at - hz) / wide) ** 2) for hz, wide, gain in singer.formants))
        sound += level * np.sin(harmonic * phase + offset)
    sound *= height
    level_of_voice = float(np.sqrt(np.mean(sound[height > 0.5] ** 2)))
    centre = float(np.median(hertz))
    band = [max(80.0, 0.6 * centre), min(0.45 * rate, 3.0 * centre + 1_000.0)]
    air = sosfilt(butter(2, band, "bandpass", fs=rate, output="sos"), rng.standard_normal(n))
    air *= level_of_voice / np.sqrt(np.mean(air**2)) * 10.0 ** (-singer.breath_db / 20.0)
    # Breath is drawn where nothing is sung, and louder.
    return np.asarray((sound + air * (0.3 + height + 1.5 * _gasps(height, rate))) / level_of_voice)


def _gasps(height: Doubles, rate: int) -> Doubles:
    """Tell where somebody draws breath: in rests that last."""
    silent = (height < 0.02).astype(float)
    return np.clip(np.convolve(silent, np.hanning(rate // 4) / (rate / 8), "same") - 0.3, 0.0, 1.0)


def _recorded(voice: Doubles, singer: Singer, rate: int, rng: np.random.Generator) -> Floats:
    """Take a voice in a room, among noise, through a microphone, at any gain."""
    response = impulse_response(singer.room_s, 5_000.0, rate, rng)
    sound = voice.astype(np.float32)
    tail = played_in(sound, response).mean(axis=1)[: len(sound)]
    sound = sound + np.float32(0.15 / max(float(np.sqrt(np.mean(tail**2))), 1e-9)) * tail
    sound = sound + 10.0 ** (-singer.noise_db / 20.0) * noise(singer.noise, len(sound), rate, rng)
    heard = sosfilt(butter(2, singer.low_hz, "highpass", fs=rate, output="sos"), sound)
    heard = sosfilt(butter(2, min(singer.high_hz, 0.45 * rate), "lowpass", fs=rate, output="sos"), heard)
    gain = float(rng.uniform(0.1, 0.9)) / max(float(np.abs(heard).max()), 1e-9)
    return np.asarray(heard * gain, dtype=np.float32)
