"""Who hums a melody, and how well: the table of singers, half of them held out.

Conventions
-----------
Everything is told as a spread: what a recording has of it is drawn anew for each. Cents are hundredths of a semitone.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Singer:
    """How somebody hums, sings or whistles, and into what.

    Parameters
    ----------
    name : str
    held_out : bool
    register : float
        MIDI number that melodies are moved to the neighbourhood of.
    tilt : float
        Amplitude of harmonic k is k to the power -tilt: a whistle has hardly a second one.
    formants : tuple of (hz, width_hz, gain)
    breath_db : float
        How far below the voice the noise of breath lies.
    vibrato_cents, vibrato_hz : float
    jitter_cents : float
        How far pitch trembles, within some hundredths of a second.
    glide_s : float
        How long it takes from a note to the next.
    scoop_cents : float
        How far below a note begins after a rest.
    off_cents : float
        Standard deviation of a note against where it should be.
    drift_cents : float
        Standard deviation of how far all has gone up or down after ten seconds.
    wrong, left_out, added : float in [0, 1]
        Shares of notes that are a step or two off, not there, and sung twice.
    hurry : float
        Standard deviation of the logarithm of the tempo.
    sway : float
        The same of each note's length.
    tongue : float in [0, 1]
        How far a note is set off from the one before.
    rest_s : float
        Longest rest: nobody waits for the next verse.
    noise : str
        A name of :data:`ml.data.demo.sound.noise.NOISES`.
    noise_db : float
        How far it lies below the voice.
    low_hz, high_hz : float
        What the microphone takes.
    room_s : float
    """

    name: str
    held_out: bool
    register: float
    tilt: float
    formants: tuple[tuple[float, float, float], ...] = ()
    breath_db: float = 40.0
    vibrato_cents: float = 20.0
    vibrato_hz: float = 5.5
    jitter_cents: float = 5.0
    glide_s: float = 0.04
    scoop_cents: float = 50.0
    off_cents: float = 25.0
    drift_cents: float = 40.0
    wrong: float = 0.03
    left_out: float = 0.02
    added: float = 0.02
    hurry: float = 0.15
    sway: float = 0.08
    tongue: float = 0.7
    rest_s: float = 1.2
    noise: str = "hiss"
    noise_db: float = 30.0
    low_hz: float = 60.0
    high_hz: float = 9_000.0
    room_s: float = 0.3


_CLOSED = ((250.0, 120.0, 1.0), (1_000.0, 300.0, 0.15), (2_200.0, 400.0, 0.05))
_AH = ((700.0, 130.0, 1.0), (1_150.0, 150.0, 0.6), (2_500.0, 300.0, 0.25))
_OO = ((320.0, 90.0, 1.0), (850.0, 120.0, 0.3), (2_300.0, 300.0, 0.06))
_EE = ((300.0, 80.0, 1.0), (2_200.0, 250.0, 0.5), (2_900.0, 300.0, 0.3))

SINGERS: tuple[Singer, ...] = (
    Singer("man who hums", False, 50.0, 1.6, _CLOSED, off_cents=30.0, low_hz=90.0, tongue=0.5),
    Singer("woman who sings la", False, 65.0, 1.2, _AH, vibrato_cents=45.0, off_cents=22.0, noise_db=25.0),
    Singer(
        "whistler",
        False,
        84.0,
        3.5,
        breath_db=22.0,
        vibrato_cents=15.0,
        glide_s=0.06,
        tongue=0.6,
        noise="street",
        noise_db=24.0,
    ),
    Singer(
        "man who is no singer",
        False,
        48.0,
        1.4,
        _OO,
        breath_db=30.0,
        off_cents=50.0,
        drift_cents=90.0,
        wrong=0.08,
        left_out=0.04,
        hurry=0.2,
        sway=0.14,
        low_hz=110.0,
        noise_db=20.0,
    ),
    Singer(
        "woman on a telephone",
        False,
        60.0,
        1.5,
        _CLOSED,
        glide_s=0.08,
        off_cents=35.0,
        low_hz=300.0,
        high_hz=3_400.0,
        noise_db=22.0,
        tongue=0.35,
    ),
    Singer("child", False, 70.0, 1.3, _AH, jitter_cents=10.0, off_cents=45.0, drift_cents=70.0, wrong=0.06, hurry=0.2),
    Singer("man who sings na", True, 53.0, 1.3, _AH, vibrato_cents=35.0, off_cents=28.0, noise="hum", noise_db=24.0),
    Singer("woman who hums", True, 62.0, 1.8, _CLOSED, off_cents=32.0, glide_s=0.07, tongue=0.4, low_hz=120.0),
    Singer(
        "breathy whistler",
        True,
        88.0,
        4.0,
        breath_db=14.0,
        vibrato_cents=8.0,
        jitter_cents=8.0,
        glide_s=0.05,
        off_cents=35.0,
        drift_cents=60.0,
        tongue=0.5,
        noise_db=26.0,
    ),
    Singer(
        "woman in the street",
        True,
        58.0,
        1.4,
        _EE,
        off_cents=38.0,
        drift_cents=60.0,
        wrong=0.05,
        left_out=0.03,
        noise="street",
        noise_db=16.0,
        room_s=0.5,
    ),
    Singer(
        "man with a cheap telephone",
        True,
        46.0,
        1.4,
        _OO,
        off_cents=45.0,
        drift_cents=80.0,
        wrong=0.07,
        added=0.04,
        hurry=0.22,
        sway=0.12,
        low_hz=250.0,
        high_hz=3_600.0,
        noise="crackle",
        noise_db=22.0,
    ),
    Singer("boy who glides", True, 67.0, 1.5, _OO, glide_s=0.12, scoop_cents=120.0, off_cents=40.0, tongue=0.2),
)
