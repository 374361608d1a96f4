"""The instruments: named voices, what they play, and which half they belong to."""

from __future__ import annotations

from typing import NamedTuple

from ml.data.demo.sound.voices import Fm, Plucked, Struck, Voice, Wave


class Timbre(NamedTuple):
    """An instrument.

    Parameters
    ----------
    roles : str
        Which roles it can take, separated by blanks; ``voice`` marks what sounds like singing.
    acoustic : bool
    held_out : bool
        Whether it is kept for the last measurement.
    voice : Voice
    centre : int
        Pitch around which it plays.
    """

    roles: str
    acoustic: bool
    held_out: bool
    voice: Voice
    centre: int


_AH = ((700.0, 110.0, 1.0), (1150.0, 120.0, 0.6), (2600.0, 200.0, 0.25), (3300.0, 250.0, 0.2))
_OH = ((450.0, 90.0, 1.0), (800.0, 100.0, 0.5), (2500.0, 200.0, 0.12), (3200.0, 250.0, 0.1))
_EH = ((560.0, 100.0, 1.0), (1800.0, 160.0, 0.5), (2550.0, 200.0, 0.3), (3500.0, 250.0, 0.2))
_EE = ((300.0, 80.0, 1.0), (2250.0, 180.0, 0.45), (3000.0, 220.0, 0.35), (3800.0, 280.0, 0.2))


def _singer(tilt: float, vowel: tuple[tuple[float, float, float], ...], vibrato_cents: float) -> Wave:
    return Wave(
        tilt,
        formants=vowel,
        attack_s=0.03,
        decay_s=0.5,
        sustain=0.75,
        release_s=0.07,
        vibrato_cents=vibrato_cents,
        breath=0.06,
    )


TIMBRES: dict[str, Timbre] = {
    # basses
    "finger bass": Timbre("bass", False, False, Plucked(3.0, 0.35, 0.2), 36),
    "saw bass": Timbre("bass", False, False, Wave(1.1, bright=0.5, decay_s=0.15, sustain=0.6), 35),
    "sine bass": Timbre("bass", False, False, Wave(3.0, decay_s=0.8, sustain=0.6, attack_s=0.004), 33),
    "upright bass": Timbre("bass", True, False, Plucked(1.6, 0.5, 0.35), 36),
    "slap bass": Timbre("bass", False, True, Plucked(2.2, 0.12, 0.08), 37),
    "square bass": Timbre("bass", False, True, Wave(1.2, even=0.1, bright=0.4, decay_s=0.2, sustain=0.7), 35),
    "fm bass": Timbre("bass", False, True, Fm(1.0, 2.5, rest=0.6, fall_s=0.1, decay_s=1.2, sustain=0.4), 34),
    "bowed bass": Timbre("bass", True, True, Wave(1.3, attack_s=0.03, bright=0.2, vibrato_cents=6, sustain=0.9), 36),
    # what plays chords
    "piano": Timbre("chords lead", True, False, Struck(4.0, 0.25, 1.0, stiffness=2e-4), 60),
    "nylon guitar": Timbre("chords", True, False, Plucked(2.0, 0.4, 0.3), 58),
    "electric piano": Timbre("chords", False, False, Fm(1.0, 1.4, rest=0.2, fall_s=0.5, decay_s=3.0), 60),
    "organ": Timbre("chords pad", False, False, Wave(0.9, even=0.7, sustain=1.0, release_s=0.03), 60),
    "saw stab": Timbre("chords", False, False, Wave(1.0, bright=0.6, decay_s=0.15, sustain=0.2, unison=3,
        spread_cents=9), 61),
    "crunch guitar": Timbre("chords", False, False, Wave(1.2, bright=0.3, decay_s=0.6, sustain=0.6), 50),
    "upright piano": Timbre("chords lead", True, True, Struck(2.5, 0.4, 0.8, stiffness=5e-4), 60),
    "steel guitar": Timbre("chords", True, True, Plucked(3.5, 0.15, 0.15), 57),
    "tine piano": Timbre("chords", False, True, Fm(7.0, 0.6, rest=0.05, fall_s=0.2, decay_s=2.5), 61),
    "reed organ": Timbre("chords pad", True, True, Wave(0.7, attack_s=0.02, sustain=1.0, formants=_OH), 60),
    "clavinet": Timbre("chords", False, True, Plucked(0.9, 0.08, 0.1), 57),
    "marimba": Timbre("chords lead", True, True, Struck(0.9, 1.5, 1.2, ratios=(1.0, 3.93, 9.2)), 62),
    "pulse stab": Timbre("chords", False, True, Wave(0.9, even=0.3, bright=0.5, decay_s=0.12, sustain=0.15), 61),
    "lead guitar wall": Timbre("chords", False, True, Wave(1.0, even=0.8, decay_s=0.9, sustain=0.7), 51),
    # pads
    "strings": Timbre("pad", True, False, Wave(1.2, attack_s=0.18, sustain=1.0, release_s=0.25, unison=3,
        spread_cents=8), 64),
    "warm pad": Timbre("pad", False, False, Wave(1.8, attack_s=0.3, sustain=1.0, release_s=0.4, unison=3,
        spread_cents=6), 62),
    "choir": Timbre("pad", True, True, Wave(1.0, formants=_OH, attack_s=0.2, sustain=1.0, release_s=0.3, unison=3,
        spread_cents=10), 63),
    "glass pad": Timbre("pad", False, True, Wave(1.4, even=0.2, attack_s=0.25, sustain=1.0, release_s=0.4,
        unison=2, spread_cents=5), 66),
    # leads
    "saw lead": Timbre("lead", False, False, Wave(1.0, bright=0.4, decay_s=0.4, sustain=0.7, unison=2,
        spread_cents=7), 72),
    "saxophone": Timbre("lead", True, False, Wave(0.9, formants=((550, 250, 1.0), (1400, 350, 0.7)),
        attack_s=0.025, bright=0.3, vibrato_cents=12, breath=0.1), 66),
    "flute": Timbre("lead", True, False, Wave(2.2, attack_s=0.04, vibrato_cents=10, breath=0.25, sustain=0.9), 76),
    "bell": Timbre("lead", False, False, Fm(3.5, 2.0, rest=0.1, fall_s=0.6, decay_s=2.0), 76),
    "square lead": Timbre("lead", False, True, Wave(1.0, even=0.02, decay_s=0.5, sustain=0.7, vibrato_cents=8), 72),
    "trumpet": Timbre("lead", True, True, Wave(0.8, formants=((1200, 500, 1.0), (2200, 500, 0.5)), attack_s=0.02,
        bright=0.6, vibrato_cents=8, breath=0.06), 68),
    "violin": Timbre("lead", True, True, Wave(1.0, formants=((460, 150, 0.8), (900, 250, 1.0), (2800, 500, 0.6)),
        attack_s=0.05, vibrato_cents=18, sustain=0.95), 74),
    "fm lead": Timbre("lead", False, True, Fm(2.0, 1.8, rest=0.9, fall_s=0.4, decay_s=1.5, sustain=0.6), 72),
    # singing
    "alto ah": Timbre("voice", True, False, _singer(0.9, _AH, 22), 65),
    "tenor eh": Timbre("voice", True, False, _singer(0.8, _EH, 18), 57),
    "soprano ee": Timbre("voice", True, True, _singer(0.9, _EE, 26), 70),
    "baritone oh": Timbre("voice", True, True, _singer(0.8, _OH, 15), 54),
}  # fmt: skip


def playing(role: str, *, held_out: bool, acoustic: bool | None = None) -> list[str]:
    """Name the instruments of a half that can take a role.

    >>> playing("pad", held_out=True, acoustic=False)
    ['glass pad']
    """
    return [
        name
        for name, timbre in TIMBRES.items()
        if role in timbre.roles.split()
        and timbre.held_out is held_out
        and (acoustic is None or timbre.acoustic is acoustic)
    ]
