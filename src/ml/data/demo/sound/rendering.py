"""From a song to its sound, and to what is true of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Doubles, Floats, Longs
from ml.data.demo.sound import audibility, noise, room, truth
from ml.data.demo.sound.drums import DRUMS, GAIN, KITS, PAN, SOFT, SOFT_S, stroke
from ml.data.demo.sound.instrument import Instrument
from ml.data.demo.sound.mastering import SLOWEST_HZ, master
from ml.data.demo.sound.song import Part, Song
from ml.data.demo.sound.timbres import TIMBRES
from ml.data.demo.sound.truth import Melody, Onsets, Span, Truth
from ml.foundation.errors import BadInput

#: How many strokes of each drum are made; each hit is one of them.
VARIANTS = 3
#: Root mean square of a part at 0 dB, where the kick's peak is 1.
REFERENCE = 0.12
FIRST_S = 0.05


@dataclass(frozen=True, eq=False)
class Rendered:
    """A song's sound and its truth.

    Parameters
    ----------
    samples : float32 in [-1, 1] [shape=(n, 2)]
        Left and right.
    rate : int
        Samples a second.
    truth : Truth
    """

    samples: Floats
    rate: int
    truth: Truth


@dataclass(frozen=True, eq=False)
class _Bus:
    """What a part sounds like alone, and its onsets: sample, peak, power by band, attack."""

    sound: Floats
    sample: Longs
    peak: Doubles
    power: Doubles
    attack_s: Doubles


def render(song: Song, *, rate: int = 44_100) -> Rendered:
    """Render a song.

    Parameters
    ----------
    song : Song
    rate : int
        Samples a second, from 8,000 on.

    Returns
    -------
    Rendered
        The same song, rate and machine give the same samples, bit for bit.

    Raises
    ------
    BadInput
        If the rate is a lower one.
    """
    if rate < SLOWEST_HZ:
        raise BadInput(f"song: {rate:,} samples a second", f"give {SLOWEST_HZ} or more")
    n = round(song.duration_s * rate)
    drums = _drums(song, n, rate)
    parts = [_part(song, i, n, rate) for i in range(len(song.parts))]
    mix = _mix(song, drums, parts, rate)
    samples = master(mix, song.production, rate)
    onsets = _onsets(song, drums, parts, mix.mean(axis=1), rate)
    return Rendered(samples, rate, _truth(song, onsets, samples, rate))


# --- what sounds


def _add(bus: Floats, sound: Floats, start: int) -> None:
    """Add a sound where it begins, be that before or after the ends of the bus."""
    skip = max(0, -start)
    stop = min(len(bus), start + len(sound))
    if start + skip < stop:
        bus[start + skip : stop] += sound[skip : stop - start]


def _drums(song: Song, n: int, rate: int) -> _Bus:
    sound = np.zeros((n, 2), dtype=np.float32)
    hits = song.hits
    start = song.samples(hits.beat, hits.late_s, rate)
    if not len(hits):
        return _Bus(sound, start, np.zeros(0), np.zeros((0, len(audibility.EDGES))), np.zeros(0))
    rng = np.random.default_rng([song.seed, 0])
    kit = KITS[song.kit]
    strokes = {d: [stroke(kit, DRUMS[d], rate, rng) for _ in range(VARIANTS)] for d in np.unique(hits.drum).tolist()}
    level = 10.0 ** (song.drums_db / 20.0)
    peaks = np.array(GAIN)[hits.drum] * hits.velocity**1.3 * level
    chosen = rng.integers(VARIANTS, size=len(hits))
    left_right = np.sqrt(1.0 + np.array(PAN)[hits.drum, None] * [-1.0, 1.0]) * peaks[:, None]
    for i, (at, drum, variant) in enumerate(zip(start.tolist(), hits.drum.tolist(), chosen.tolist(), strict=True)):
        for side in (0, 1):
            _add(sound[:, side], strokes[drum][variant] * np.float32(left_right[i, side]), at)
    alone = {d: np.array([audibility.beginning(one, rate) for one in made]) for d, made in strokes.items()}
    power = np.array([alone[d][v] for d, v in zip(hits.drum.tolist(), chosen.tolist(), strict=True)])
    soft = np.isin(hits.drum, [DRUMS.index(name) for name in SOFT])
    return _Bus(sound, start, peaks, power * peaks[:, None] ** 2, np.where(soft, SOFT_S, 0.001))


def _part(song: Song, index: int, n: int, rate: int) -> _Bus:
    """Play a part, bring it to its level and drive it."""
    part = song.parts[index]
    notes, voice = part.notes, TIMBRES[part.timbre].voice
    sound = np.zeros(n, dtype=np.float32)
    start = song.samples(notes.beat, notes.late_s, rate)
    length = song.tempo.seconds(notes.beat + notes.beats) - song.tempo.seconds(notes.beat)
    rng = np.random.default_rng([song.seed, 1 + index])
    player = Instrument(voice, float(length.max(initial=0.1)), rate, rng)
    peaks, power = np.zeros(len(notes)), np.zeros((len(notes), len(audibility.EDGES)))
    first = int(FIRST_S * rate)
    for i, (at, f0, seconds, velocity) in enumerate(
        zip(start.tolist(), song.hertz(notes.pitch).tolist(), length.tolist(), notes.velocity.tolist(), strict=True)
    ):
        if at >= n or at + (seconds + 2.0) * rate < 0:
            continue
        one = player.play(f0, seconds)
        one *= np.float32(velocity)
        peaks[i] = np.abs(one[:first]).max(initial=0.0)
        power[i] = audibility.beginning(one, rate)
        _add(sound, one, at)
    loud = _loud(sound, rate)
    if part.drive and loud:
        sound = np.tanh(sound * np.float32(part.drive * 2.0 / loud))
        loud = _loud(sound, rate)
    scale = REFERENCE * 10.0 ** (part.level_db / 20.0) / loud if loud else 0.0
    attack_s = np.full(len(notes), voice.attack_s)
    return _Bus(sound * np.float32(scale), start, peaks * scale, power * scale**2, attack_s)


def _loud(sound: Floats, rate: int) -> float:
    """Measure the root mean square of the tenths of a second in which there is something."""
    hop = rate // 10
    power = np.square(sound[: len(sound) // hop * hop]).reshape(-1, hop).mean(axis=1)
    power = power[power > 1e-3 * power.max(initial=0.0)] if power.max(initial=0.0) > 0 else power[:0]
    return float(np.sqrt(power.mean())) if len(power) else 0.0


# --- the desk


def _mix(song: Song, drums: _Bus, parts: list[_Bus], rate: int) -> Floats:
    """Put the parts in their places, in a room, under the noise."""
    how = song.production
    mix = np.zeros_like(drums.sound)
    send = 0.12 * drums.sound.sum(axis=1)
    for part, bus in zip(song.parts, parts, strict=True):
        for side, sign in ((0, -1), (1, 1)):
            mix[:, side] += bus.sound * np.float32(np.sqrt(1.0 + sign * part.pan))
        send += bus.sound * np.float32(part.send)
    rng = np.random.default_rng([song.seed, 1000])
    response = room.impulse_response(how.room_s, how.damping_hz, rate, rng)
    mix += np.float32(how.wet) * room.played_in(send, response)
    if how.pump:
        mix *= _pumping(song, drums, len(mix), rate)[:, None]
    mix += drums.sound
    if np.isfinite(how.noise_db):
        level = float(np.sqrt(np.mean(np.square(mix)))) * 10.0 ** (-how.noise_db / 20.0)
        mix += np.float32(level) * noise.noise(how.noise, len(mix), rate, rng)[:, None]
    return mix


def _pumping(song: Song, drums: _Bus, n: int, rate: int) -> Floats:
    """Duck under every kick and come back within a fifth of a second."""
    kicks = drums.sample[song.hits.drum == DRUMS.index("kick")]
    last = np.full(n, -rate, dtype=np.int64)
    inside = kicks[(kicks >= 0) & (kicks < n)]
    last[inside] = inside
    since = (np.arange(n) - np.maximum.accumulate(last)) / np.float32(0.07 * rate)
    return (1.0 - song.production.pump * np.exp(-since)).astype(np.float32)


# --- the truth


def _truth(song: Song, onsets: Onsets, samples: Floats, rate: int) -> Truth:
    beats, positions, bpm = truth.beats_of(song)
    sections = truth.sections_of(song)
    tempo = float(np.median(bpm)) if len(bpm) else float(song.tempo.bpm[0])
    return Truth(
        tempo_bpm=tempo,
        beats_s=beats,
        positions=positions,
        bpm=bpm,
        metre=song.metre,
        swing=song.swing,
        onsets=onsets,
        keys=truth.keys_of(song),
        chords=truth.chords_of(song),
        sections=sections,
        sung=_sung(song, rate),
        energy_db=tuple(_energy(samples[round(one.start_s * rate) : round(one.end_s * rate)]) for one in sections),
        melody=melody_of(song, rate),
        cents=song.cents,
    )


def _onsets(song: Song, drums: _Bus, parts: list[_Bus], mix: Floats, rate: int) -> Onsets:
    buses = [drums, *parts]
    sample = np.concatenate([bus.sample for bus in buses])
    peak = np.concatenate([bus.peak for bus in buses])
    percussive = np.arange(len(sample)) < len(drums.sample)
    order = np.argsort(sample, kind="stable")
    order = order[(sample[order] >= 0) & (sample[order] < len(mix)) & (peak[order] > 0)]
    power = np.concatenate([bus.power for bus in buses])[order]
    return Onsets(
        sample=sample[order],
        time_s=sample[order] / rate,
        percussive=percussive[order],
        attack_s=np.concatenate([bus.attack_s for bus in buses])[order],
        level_db=20.0 * np.log10(peak[order] / peak[order].max(initial=1e-9)),
        clear_db=audibility.clear_db(mix, sample[order], power, song.production.band_hz, rate),
    )


def _leads(song: Song) -> list[Part]:
    return [part for part in song.parts if part.role == "lead"]


def _times(song: Song, part: Part, rate: int) -> tuple[Doubles, Doubles]:
    """Give when a part's notes begin and end."""
    notes = part.notes
    begin = song.samples(notes.beat, notes.late_s, rate) / rate
    return begin, begin + song.tempo.seconds(notes.beat + notes.beats) - song.tempo.seconds(notes.beat)


def melody_of(song: Song, rate: int = 44_100) -> Melody:
    """Give the notes of a song's lead, none where it has no lead; nothing is rendered."""
    leads = _leads(song)
    if not leads:
        return Melody(*(np.zeros(0) for _ in range(4)))
    begin, end = _times(song, leads[0], rate)
    inside = (begin >= 0) & (begin < song.duration_s)
    pitch = leads[0].notes.pitch[inside]
    return Melody(begin[inside], np.minimum(end[inside], song.duration_s), pitch, song.hertz(pitch))


def _sung(song: Song, rate: int) -> tuple[Span, ...]:
    """Give where a voice sings; breaths below a second and a half belong to it."""
    found: list[Span] = []
    for part in _leads(song):
        if "voice" not in TIMBRES[part.timbre].roles:
            continue
        begin, end = _times(song, part, rate)
        for start, stop in zip(np.maximum(begin, 0.0), np.minimum(end, song.duration_s), strict=True):
            if stop <= start:
                continue
            if found and start - found[-1].end_s < 1.5:
                found[-1] = Span(found[-1].start_s, float(stop), "sung")
            else:
                found.append(Span(float(start), float(stop), "sung"))
    return tuple(found)


def _energy(samples: Floats) -> float:
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10.0 * float(np.log10(max(power, 1e-12)))
