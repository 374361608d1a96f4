"""Who plays in a song, and what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ml.data.demo.sound.accompaniment import bass, comping
from ml.data.demo.sound.brief import Brief
from ml.data.demo.sound.drumming import drum
from ml.data.demo.sound.drums import KITS
from ml.data.demo.sound.feel import Feel
from ml.data.demo.sound.figures import HOLD, Figure, suiting
from ml.data.demo.sound.melody import melody, motif
from ml.data.demo.sound.song import Chord, Hits, KeySpan, Notes, Part, Section
from ml.data.demo.sound.timbres import TIMBRES, playing

#: Level and largest distance from the middle, by role.
_PLACES = {"bass": (-1.0, 0.1), "chords": (-4.0, 0.6), "pad": (-9.0, 0.4), "lead": (-1.0, 0.2)}


def line_up(brief: Brief, feel: Feel, rng: np.random.Generator) -> dict[str, str]:
    """Choose the roles and their instruments."""
    instrumental = 0.55 if brief.instrumentalness is None else brief.instrumentalness
    roles = ["chords"]
    roles += ["bass"] if rng.random() < 0.9 or not feel.pattern else []
    roles += ["pad"] if rng.random() < 0.4 else []
    leads = rng.random() < (0.75 if brief.instrumentalness is None else 0.6 + 0.4 * (1.0 - instrumental))
    roles += ["lead"] if (leads if brief.lead is None else brief.lead) else []
    chosen = {}
    for role in roles:
        sings = role == "lead" and rng.random() > instrumental
        chosen[role] = instrument("voice" if sings else role, feel, rng)
    return chosen


def instrument(role: str, feel: Feel, rng: np.random.Generator) -> str:
    """Draw an instrument for a role; acoustic as often as the song is."""
    acoustic = bool(rng.random() < feel.acousticness)
    names = playing(role, held_out=feel.held_out, acoustic=acoustic) or playing(role, held_out=feel.held_out)
    return names[int(rng.integers(len(names)))]


def kit(feel: Feel, rng: np.random.Generator) -> str:
    """Draw a kit; empty without drums."""
    if not feel.pattern:
        return ""
    acoustic = bool(rng.random() < feel.acousticness)
    names = [name for name, one in KITS.items() if one.held_out is feel.held_out and one.acoustic is acoustic]
    return names[int(rng.integers(len(names)))]


def hits(feel: Feel, sections: Sequence[Section], rng: np.random.Generator) -> Hits:
    """Play the drums, busier or plainer."""
    if not feel.pattern:
        return Hits.none()
    fills, variety = float(rng.uniform(0.0, 0.5)), float(rng.uniform(0.0, 0.4))
    return drum(feel.pattern, sections, feel.hands, rng, tempo_bpm=feel.tempo_bpm, fills=fills, variety=variety)


def part(
    role: str,
    timbre: str,
    feel: Feel,
    sections: Sequence[Section],
    keys: Sequence[KeySpan],
    progression: Sequence[Chord],
    rng: np.random.Generator,
) -> Part:
    """Let an instrument take a role through the whole song."""
    level, spread = _PLACES[role]
    if role == "lead":
        notes = _lead(timbre, feel, sections, keys, progression, rng)
    else:
        notes = _accompaniment(role, timbre, feel, sections, progression, rng)
    crunchy = "guitar" in timbre and not TIMBRES[timbre].acoustic
    warm = float(rng.uniform(0.0, 0.6)) if rng.random() < 0.15 else 0.0
    return Part(
        role=role,
        timbre=timbre,
        notes=notes,
        level_db=float(np.clip(rng.normal(level, 2.5), level - 5.0, level + 5.0)),
        pan=float(rng.uniform(-spread, spread)),
        send=0.1 if role == "bass" else float(rng.uniform(0.2, 1.0)),
        drive=float(rng.uniform(1.0, 4.0)) if crunchy else warm,
    )


def _accompaniment(
    role: str,
    timbre: str,
    feel: Feel,
    sections: Sequence[Section],
    progression: Sequence[Chord],
    rng: np.random.Generator,
) -> Notes:
    """Give what a bass, a keyboard or a guitar plays: one figure for each kind of section."""
    centre = TIMBRES[timbre].centre
    strum = float(rng.uniform(0.0, 0.012)) * feel.tempo_bpm / 60.0 if "guitar" in timbre else 0.0
    own: dict[str, Figure] = {}
    rows = []
    for section in sections:
        if role not in section.layers:
            continue
        if section.label not in own:
            own[section.label] = _figure(role, feel, rng)
        if role == "bass":
            rows += bass(own[section.label], section, progression, feel.metre, centre)
        else:
            rows += comping(own[section.label], section, progression, feel.metre, centre, strum)
    return feel.hands.played(rows, rng, swung=feel.metre != "6/8")


def _figure(role: str, feel: Feel, rng: np.random.Generator) -> Figure:
    if role == "pad":
        return Figure("chords", 4, HOLD, feel.held_out)
    figures = suiting(role, feel.metre, feel.tempo_bpm, held_out=feel.held_out)
    if not feel.pattern:  # nobody but these players tells where the beats are
        marking = [one for one in figures if all(cell[0] not in ".-h" for cell in one.cells.split())]
        figures = marking or figures
    return figures[int(rng.integers(len(figures)))]


def _lead(
    timbre: str,
    feel: Feel,
    sections: Sequence[Section],
    keys: Sequence[KeySpan],
    progression: Sequence[Chord],
    rng: np.random.Generator,
) -> Notes:
    """Give the melody: one motif for each kind of section."""
    own = {}
    rows = []
    for section in sections:
        if "lead" not in section.layers:
            continue
        if section.label not in own:
            own[section.label] = motif(feel.metre, feel.tempo_bpm, rng, held_out=feel.held_out)
        key = [one for one in keys if one.beat <= section.bar * feel.per_bar][-1]
        notes = melody(
            own[section.label],
            section.bar,
            section.bars,
            progression,
            metre=feel.metre,
            key=(key.tonic, key.mode),
            centre=TIMBRES[timbre].centre,
        )
        rows += [(one.beat, 0.92 * one.beats, float(one.pitch), 0.6 + 0.4 * section.energy) for one in notes]
    return feel.hands.played(rows, rng, swung=feel.metre != "6/8")
