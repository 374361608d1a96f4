"""What is true of a rendered song.

Conventions
-----------
- Times are seconds from the first sample of what was rendered, events at a whole sample; what begins before it or after
  its end is left out, spans are cut at both.
- An onset is where a sound's first sample lies. Loudness comes later where the attack is slow: ``attack_s`` tells.
- Labels of chords are those of `mir_eval`; ``N`` where nobody plays any.
- ``tempo_bpm`` is the median over the beats, counted as a drummer does (:mod:`ml.data.demo.sound.patterns`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ml.data.demo.arrays import Doubles, Flags, Longs
from ml.data.demo.sound.song import Song


class Span(NamedTuple):
    """A stretch of time with a label: a chord, a section, singing."""

    start_s: float
    end_s: float
    label: str


class KeyTruth(NamedTuple):
    """A key and its time; the tonic is a class of pitch, the mode ``major`` or ``minor``."""

    start_s: float
    end_s: float
    tonic: int
    mode: str


@dataclass(frozen=True, eq=False)
class Onsets:
    """Every beginning of a sound, one row each, in order of time.

    Parameters
    ----------
    sample : int64 [shape=(n,)]
    time_s : float64 [shape=(n,)]
    percussive : bool [shape=(n,)]
        A drum, or else something with a pitch.
    attack_s : float64 [shape=(n,)]
        How long it takes to be loud.
    level_db : float64 [shape=(n,)]
        Peak of its first 50 ms in the mix, less that of the loudest onset's.
    clear_db : float64 [shape=(n,)]
        How far it stands out of what sounds already (:mod:`ml.data.demo.sound.audibility`).
    """

    sample: Longs
    time_s: Doubles
    percussive: Flags
    attack_s: Doubles
    level_db: Doubles
    clear_db: Doubles

    def __len__(self) -> int:
        return len(self.sample)


@dataclass(frozen=True, eq=False)
class Melody:
    """The notes of the lead, one row each.

    Parameters
    ----------
    start_s, end_s : float64 [shape=(n,)]
    pitch : float64 [shape=(n,)]
        MIDI number, before detuning.
    f0_hz : float64 [shape=(n,)]
        With the detuning; vibrato lies around it.
    """

    start_s: Doubles
    end_s: Doubles
    pitch: Doubles
    f0_hz: Doubles

    def __len__(self) -> int:
        return len(self.pitch)


@dataclass(frozen=True, eq=False)
class Truth:
    """Everything that is known of a rendered song.

    Parameters
    ----------
    tempo_bpm : float
    beats_s : float64 [shape=(n_beats,)]
    positions : int64 [shape=(n_beats,)]
        Place of each beat in its bar, from 1.
    bpm : float64 [shape=(n_beats,)]
        Tempo at each beat.
    metre : str
    swing : float
    onsets : Onsets
    keys : tuple of KeyTruth
    chords, sections, sung : tuple of Span
        Chords and sections without gaps; singing where a voice has notes.
    energy_db : tuple of float
        Root mean square of each section, in dB of full scale.
    melody : Melody
    cents : float
        Tuning, from A = 440 Hz.
    """

    tempo_bpm: float
    beats_s: Doubles
    positions: Longs
    bpm: Doubles
    metre: str
    swing: float
    onsets: Onsets
    keys: tuple[KeyTruth, ...]
    chords: tuple[Span, ...]
    sections: tuple[Span, ...]
    sung: tuple[Span, ...]
    energy_db: tuple[float, ...]
    melody: Melody
    cents: float

    @property
    def downbeats_s(self) -> Doubles:
        """First beats of bars, float64 [shape=(n_bars,)]."""
        return np.asarray(self.beats_s[self.positions == 1])

    @property
    def key(self) -> KeyTruth:
        """The key that lasts longest."""
        length: dict[tuple[int, str], float] = {}
        for one in self.keys:
            length[one[2:]] = length.get(one[2:], 0.0) + one.end_s - one.start_s
        longest = max(length, key=lambda name: length[name])
        return next(one for one in self.keys if one[2:] == longest)

    def heard_onsets(
        self,
        *,
        merge_s: float = 0.03,
        least_db: float = -40.0,
        least_clear_db: float = 3.0,
        slowest_s: float = 0.05,
        percussive: bool | None = None,
    ) -> Doubles:
        """Give the times at which an ear finds something to begin: what a detector of onsets should find.

        Parameters
        ----------
        merge_s : float
            What begins within this of the first of a group is one onset, at the first's time (Böck et al. 2012).
        least_db : float
            What is softer, beside the loudest, is left out.
        least_clear_db : float
            What stands out less of what sounds already is left out.
        slowest_s : float
            What takes longer to be loud is left out.
        percussive : bool, optional
            Only drums, or only what has a pitch.

        Returns
        -------
        float64 [shape=(n,)]
        """
        kept = (self.onsets.level_db >= least_db) & (self.onsets.clear_db >= least_clear_db)
        kept &= self.onsets.attack_s <= slowest_s
        if percussive is not None:
            kept &= self.onsets.percussive == percussive
        found: list[float] = []
        for time in self.onsets.time_s[kept]:
            if not found or time - found[-1] > merge_s:
                found.append(float(time))
        return np.array(found)


def spans(song: Song, beats: Doubles, labels: list[str]) -> tuple[Span, ...]:
    """Cut spans that begin at beats, each until the next, to what is rendered; equal neighbours become one."""
    begin = song.tempo.seconds(beats) - song.begin_s
    begin[0] = min(begin[0], 0.0)  # the first is there before anybody plays
    end = np.append(begin[1:], np.inf)
    found: list[Span] = []
    cut = np.clip([begin, end], 0.0, song.duration_s).T.tolist()
    for (start, stop), label in zip(cut, labels, strict=True):
        if stop <= start:
            continue
        if found and found[-1].label == label:
            found[-1] = Span(found[-1].start_s, stop, label)
        else:
            found.append(Span(start, stop, label))
    return tuple(found)


def beats_of(song: Song) -> tuple[Doubles, Longs, Doubles]:
    """Give times, places in the bar and tempi of the beats that are rendered."""
    beat = np.arange(song.beats, dtype=np.float64)
    time = song.tempo.seconds(beat) - song.begin_s
    # A beat's sound begins at the nearest sample, which may be the first.
    inside = (time > -1e-5) & (time < song.duration_s)
    positions = beat[inside].astype(np.int64) % song.beats_per_bar + 1
    return np.maximum(time[inside], 0.0), positions, song.tempo.bpm_at(beat[inside])


def keys_of(song: Song) -> tuple[KeyTruth, ...]:
    """Give the keys on the time line."""
    labels = [f"{key.tonic} {key.mode}" for key in song.keys]
    cut = spans(song, np.array([key.beat for key in song.keys]), labels)
    return tuple(KeyTruth(one.start_s, one.end_s, int(one.label.split()[0]), one.label.split()[1]) for one in cut)


def sections_of(song: Song) -> tuple[Span, ...]:
    """Give the sections on the time line; the last one lasts until the end. Neighbours stay apart."""
    beats = np.array([section.bar * song.beats_per_bar for section in song.sections], dtype=np.float64)
    numbered = [f"{i} {section.label}" for i, section in enumerate(song.sections)]
    return tuple(one._replace(label=one.label.split()[1]) for one in spans(song, beats, numbered))


def chords_of(song: Song) -> tuple[Span, ...]:
    """Give the chords on the time line; before the first and after the last one there is none."""
    last = song.chords[-1]
    beats = [min(0.0, song.begin_s), *(chord.beat for chord in song.chords), last.beat + last.beats]
    return spans(song, np.array(beats), ["N", *(chord.label for chord in song.chords), "N"])
