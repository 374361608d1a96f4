"""A song as it is written down: nothing of it sounds yet.

Conventions
-----------
Positions and lengths of the score are in beats from the song's first; swing is in the positions already. Pitches are
MIDI numbers (69 is A4, 440 Hz before detuning), classes of pitch 0 to 11 from C.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Codes, Doubles
from ml.data.demo.sound.harmony import label
from ml.data.demo.sound.tempo import TempoCurve

#: Beats of a bar: quarters; dotted quarters in 6/8; eighths in 7/8.
METRES: dict[str, int] = {"4/4": 4, "3/4": 3, "6/8": 2, "5/4": 5, "7/8": 7}


@dataclass(frozen=True)
class Section:
    """A stretch of bars.

    Parameters
    ----------
    label : str
        ``intro``, ``verse``, ``chorus``, ``bridge`` or ``outro``.
    bar, bars : int
        First bar, and how many.
    energy : float in (0, 1]
        How hard is played.
    layers : frozenset of str
        Who plays: ``drums`` and roles of :class:`Part`.
    """

    label: str
    bar: int
    bars: int
    energy: float
    layers: frozenset[str]


@dataclass(frozen=True)
class KeySpan:
    """A key from a beat on."""

    beat: float
    tonic: int
    mode: str


@dataclass(frozen=True)
class Chord:
    """A chord that is held for some beats; without quality nobody plays one."""

    beat: float
    beats: float
    root: int
    quality: str

    @property
    def label(self) -> str:
        """The chord as `mir_eval` reads it; ``N`` where there is none."""
        return label(self.root, self.quality) if self.quality else "N"


@dataclass(frozen=True, eq=False)
class Notes:
    """Notes of one part, one row each, in order of time.

    Parameters
    ----------
    beat, beats : float64 [shape=(n_notes,)]
        When they begin and how long they last.
    pitch : float64 [shape=(n_notes,)]
    velocity : float64 in (0, 1] [shape=(n_notes,)]
    late_s : float64 [shape=(n_notes,)]
        How late a hand is; negative is early.
    """

    beat: Doubles
    beats: Doubles
    pitch: Doubles
    velocity: Doubles
    late_s: Doubles

    def __len__(self) -> int:
        return len(self.beat)


@dataclass(frozen=True, eq=False)
class Part:
    """What one instrument plays and where it stands.

    Parameters
    ----------
    role : str
        ``bass``, ``chords``, ``pad`` or ``lead``.
    timbre : str
        A name of :data:`ml.data.demo.sound.timbres.TIMBRES`.
    notes : Notes
    level_db : float
        Loudness beside the drums.
    pan : float in [-1, 1]
    send : float in [0, 1]
        How much of it goes into the room.
    drive : float >= 0
        Distortion; 0 is none.
    """

    role: str
    timbre: str
    notes: Notes
    level_db: float
    pan: float
    send: float
    drive: float


@dataclass(frozen=True, eq=False)
class Hits:
    """Strokes on a kit, one row each, in order of time.

    Parameters
    ----------
    beat : float64 [shape=(n_hits,)]
    drum : int8 [shape=(n_hits,)]
        Index into :data:`ml.data.demo.sound.drums.DRUMS`.
    velocity : float64 in (0, 1] [shape=(n_hits,)]
    late_s : float64 [shape=(n_hits,)]
    """

    beat: Doubles
    drum: Codes
    velocity: Doubles
    late_s: Doubles

    def __len__(self) -> int:
        return len(self.beat)

    @classmethod
    def none(cls) -> Hits:
        """Give no strokes at all."""
        return cls(np.zeros(0), np.zeros(0, dtype=np.int8), np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Production:
    """What becomes of the music between the instruments and the listener.

    Parameters
    ----------
    room_s : float > 0
        Time in which the room's sound falls by 60 dB.
    damping_hz : float > 0
        What the room swallows first is above this.
    wet : float in [0, 1]
        How loud the room is.
    pump : float in [0, 1)
        How far the kick pushes everything else down.
    noise : str
        A name of :data:`ml.data.demo.sound.noise.NOISES`.
    noise_db : float
        How far its level is below the music's; infinity is none.
    tilt_db : float
        Treble up and bass down by this.
    band_hz : (float, float)
        What is below or above is cut.
    loudness_lufs : float
        Integrated loudness, as far as the limiter allows.
    hot : float >= 0
        Decibels that are pushed into the clipper.
    """

    room_s: float
    damping_hz: float
    wet: float
    pump: float
    noise: str
    noise_db: float
    tilt_db: float
    band_hz: tuple[float, float]
    loudness_lufs: float
    hot: float


@dataclass(frozen=True, eq=False)
class Song:
    """A whole song, ready to be rendered.

    Parameters
    ----------
    metre : str
        A key of :data:`METRES`.
    tempo : TempoCurve
    swing : float in [1, 2]
        Length of the first of a pair of notes by that of the second.
    pattern : str
        Name of the drums' pattern; empty without drums.
    keys : tuple of KeySpan
    chords : tuple of Chord
        Without gaps from beat 0 on.
    sections : tuple of Section
    parts : tuple of Part
    kit : str
        A name of :data:`ml.data.demo.sound.drums.KITS`; empty without drums.
    hits : Hits
    drums_db : float
    cents : float
        How far everything with a pitch is off A = 440 Hz.
    production : Production
    begin_s, duration_s : float
        What is rendered of it: an excerpt may begin inside a bar.
    held_out : bool
        Which half of the timbres and patterns it is made of.
    seed : int
        Of all chance in the sound.
    """

    metre: str
    tempo: TempoCurve
    swing: float
    pattern: str
    keys: tuple[KeySpan, ...]
    chords: tuple[Chord, ...]
    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    kit: str
    hits: Hits
    drums_db: float
    cents: float
    production: Production
    begin_s: float
    duration_s: float
    held_out: bool
    seed: int

    @property
    def beats_per_bar(self) -> int:
        """Beats of a bar."""
        return METRES[self.metre]

    @property
    def beats(self) -> int:
        """Beats of the whole song."""
        return self.beats_per_bar * sum(section.bars for section in self.sections)

    def hertz(self, pitch: Doubles) -> Doubles:
        """Give the frequency of pitches in this song's tuning."""
        return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch) - 69.0 + self.cents / 100.0) / 12.0))

    def samples(self, beat: Doubles, late_s: Doubles, rate: int) -> np.ndarray:
        """Give the sample at which events begin, counted from the beginning of what is rendered, int64."""
        return np.rint((self.tempo.seconds(beat) + late_s - self.begin_s) * rate).astype(np.int64)
