"""Draw songs.

A song is drawn in this order: tempo, metre and pattern; form; keys and chords; instruments and what they play;
production. Half of all patterns, figures, progressions, melodic cells, kits and timbres are held out: a song is made of
one half or of the other, never of both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.data.demo.sound import arrangement, form
from ml.data.demo.sound.accompaniment import chords
from ml.data.demo.sound.brief import Brief
from ml.data.demo.sound.feel import Feel, draw_feel
from ml.data.demo.sound.harmony import PROGRESSIONS, Progression
from ml.data.demo.sound.production import draw_production
from ml.data.demo.sound.song import Chord, KeySpan, Section, Song
from ml.data.demo.sound.tempo import drifting, steady

#: A chord lasts two bars or half of one where bars are shorter or longer than this, in seconds.
_SHORT_BAR_S, _LONG_BAR_S = 1.43, 3.3


def draw_song(rng: np.random.Generator, brief: Brief | None = None, *, held_out: bool = False) -> Song:
    """Draw a song.

    Parameters
    ----------
    rng : numpy.random.Generator
        The same state, brief and half give the same song.
    brief : Brief, optional
        The default is an excerpt of 12 s of which everything is drawn.
    held_out : bool
        Draw from the half of timbres and patterns that is kept for the last measurement.

    Returns
    -------
    Song

    Raises
    ------
    ml.foundation.errors.BadInput
        If the brief asks for what no song can be.

    Examples
    --------
    >>> song = draw_song(np.random.default_rng(4), Brief(tempo_bpm=96.0, tonic=9, mode="minor"))
    >>> song.keys[0].tonic, song.keys[0].mode, song.held_out
    (9, 'minor', False)
    """
    brief = brief or Brief()
    brief.check()
    feel = draw_feel(brief, rng, held_out=held_out)
    line_up = arrangement.line_up(brief, feel, rng)
    bars, begin_beat = _extent(brief, feel, rng)
    sections = _sections(brief, feel, line_up, bars, rng)
    beats = float(bars * feel.per_bar)
    drift = float(rng.uniform(0.0, 0.02)) if rng.random() < 0.3 + 0.4 * feel.acousticness else 0.0
    curve = drifting(feel.tempo_bpm, beats, drift, rng) if drift else steady(feel.tempo_bpm, beats)
    keys, progression = _harmony(brief, feel, sections, line_up, rng)
    return Song(
        metre=feel.metre,
        tempo=curve,
        swing=feel.hands.swing,
        pattern=feel.pattern,
        keys=keys,
        chords=progression,
        sections=sections,
        parts=tuple(
            arrangement.part(role, timbre, feel, sections, keys, progression, rng) for role, timbre in line_up.items()
        ),
        kit=arrangement.kit(feel, rng),
        hits=arrangement.hits(feel, sections, rng),
        drums_db=float(np.clip(rng.normal(-1.0, 3.0), -9.0, 4.0)),
        cents=float(rng.uniform(-25.0, 25.0)) if brief.cents is None else brief.cents,
        production=draw_production(
            rng,
            energy=feel.energy,
            acousticness=feel.acousticness,
            valence=feel.valence,
            loudness_lufs=brief.loudness_lufs,
            noise_db=brief.noise_db,
        ),
        begin_s=float(curve.seconds(np.array(begin_beat))),
        duration_s=brief.duration_s,
        held_out=held_out,
        seed=int(rng.integers(2**32)),
    )


def _extent(brief: Brief, feel: Feel, rng: np.random.Generator) -> tuple[int, float]:
    """Give how many bars are written, and at which beat the sound begins."""
    beats = brief.duration_s * feel.tempo_bpm / 60.0
    if brief.form == "song":
        # The last two seconds are left to what rings.
        bars = max(1, int((beats - feel.tempo_bpm / 30.0) / feel.per_bar))
        return bars, -min(0.3, 0.1 * beats)
    begin = float(rng.uniform(0.0, feel.per_bar)) if brief.form == "excerpt" else 0.0
    # Three per cent more: the tempo may wander.
    return int(np.ceil((begin + 1.03 * beats + 1) / feel.per_bar)), begin


def _sections(
    brief: Brief, feel: Feel, line_up: dict[str, str], bars: int, rng: np.random.Generator
) -> tuple[Section, ...]:
    if brief.form == "song":
        who = frozenset(line_up) | ({"drums"} if feel.pattern else frozenset())
        return form.whole(bars, feel.energy, who, rng)
    return form.excerpt(bars, feel.energy, rng, parted=brief.form == "excerpt")


def _harmony(
    brief: Brief, feel: Feel, sections: Sequence[Section], line_up: dict[str, str], rng: np.random.Generator
) -> tuple[tuple[KeySpan, ...], tuple[Chord, ...]]:
    """Give keys and chords; every kind of section has a progression of its own, and the last chorus may be higher."""
    tonic = int(rng.integers(12)) if brief.tonic is None else brief.tonic
    mode = brief.mode or ("major" if rng.random() < 0.3 + 0.4 * feel.valence else "minor")
    loops = [one for one in PROGRESSIONS if one.mode == mode and one.held_out is feel.held_out]
    bar_s = 60.0 * feel.per_bar / feel.tempo_bpm
    halved = bar_s > _LONG_BAR_S and feel.per_bar % 2 == 0
    bars_per_chord = 2.0 if bar_s < _SHORT_BAR_S else (0.5 if halved else 1.0)
    own: dict[str, Progression] = {}
    keys: list[KeySpan] = []
    found: list[Chord] = []
    lift = int(rng.integers(1, 3)) if brief.form == "song" and brief.tonic is None and rng.random() < 0.2 else 0
    last_chorus = max((i for i, one in enumerate(sections) if one.label == "chorus"), default=-1)
    for i, section in enumerate(sections):
        loop = own.setdefault(section.label, loops[int(rng.integers(len(loops)))])
        here = (tonic + (lift if lift and i >= last_chorus > 0 else 0)) % 12
        if not keys or keys[-1].tonic != here:
            keys.append(KeySpan(float(section.bar * feel.per_bar), here, mode))
        voiced = bool({"chords", "pad"} & section.layers & set(line_up))
        found += chords(section, loop, here, feel.metre, bars_per_chord, voiced=voiced)
    return tuple(keys), tuple(found)
