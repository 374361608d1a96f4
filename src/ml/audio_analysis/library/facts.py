"""What is known of each sound in a few numbers, for whoever needs those of all sounds at once, such as playlists.

Analyses are long documents. What is read from them lies in one file in the folder ``indexes``, which is brought up to
date when it is read and can be thrown away. Corrections and heads are applied when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import select

from ml.audio_analysis.classic import energy_of
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.library.vectors import known_vectors
from ml.audio_analysis.library.version import analysis_version
from ml.data.schema import audio_analyses, audio_corrections
from ml.data.workspace import Workspace
from ml.features.audio.framing import Floats
from ml.features.keys import NAMES, key_number
from ml.foundation.atomic import draft

_FILE = "audio_facts.parquet"
#: Documents that are in memory at a time.
_PAGE = 200
#: Tempos are equal to 4 %, as their confidence means it; and a rival less probable than this is none.
_SAME_OCTAVES, _RIVAL = float(np.log2(1.04)), 0.1
#: How much of the beginning and the end of a track tells how loud it begins and ends.
_EDGE_S = 8.0
#: Less than this, in dB against the track's own mean, is as good as silence.
_SILENT_DB = -60.0

SCHEMA: Mapping[str, pl.DataType] = {
    "content_hash": pl.String(),
    "version": pl.String(),
    "duration_s": pl.Float64(),
    "tempo_bpm": pl.Float32(),
    "tempo_octave_bpm": pl.Float32(),
    "key": pl.Int8(),
    "key_confidence": pl.Float32(),
    "loudness_lufs": pl.Float32(),
    "energy": pl.Float32(),
    "danceability": pl.Float32(),
    "level_in_db": pl.Float32(),
    "level_out_db": pl.Float32(),
    "mix_in_s": pl.Float32(),
    "mix_out_s": pl.Float32(),
}


@dataclass(frozen=True)
class SoundFacts:
    """Facts of all analysed sounds.

    Parameters
    ----------
    frame : polars.DataFrame
        A row a sound, by :data:`SCHEMA`, and ``valence``; null where nothing is known. Keys are numbered as in
        :mod:`ml.features.keys`, -1 being none; levels are against the track's own mean.
    vectors : float32 [shape=(n, d)]
        Their embeddings; zeros where there is none.
    genres : tuple of str
        What the head for genres knows.
    genre_probabilities : float32 [shape=(n, n_genres)]
    """

    frame: pl.DataFrame
    vectors: Floats
    genres: tuple[str, ...]
    genre_probabilities: Floats


def sound_facts(workspace: Workspace) -> SoundFacts:
    """Give the facts of all sounds that were analysed, those of today's version of the analyzer.

    Raises
    ------
    ml.foundation.errors.CorruptModel
        If a head is damaged.
    """
    if not workspace.is_there:
        none = np.empty((0, 0), dtype=np.float32)
        return SoundFacts(pl.DataFrame(schema={**SCHEMA, "valence": pl.Float32()}), none, (), none)
    frame = _corrected(workspace, _up_to_date(workspace))
    index = known_vectors(workspace)
    vectors = np.zeros((len(frame), index.size), dtype=np.float32)
    for row, name in enumerate(frame["content_hash"]):
        vector = index.get(name)
        if vector is not None:
            vectors[row] = vector
    heads = AudioHeads.of(workspace)
    genres, probabilities = _genres(heads, vectors)
    return SoundFacts(frame.with_columns(_valence(heads, vectors)), vectors, genres, probabilities)


def _up_to_date(workspace: Workspace) -> pl.DataFrame:
    path = workspace.home / "indexes" / _FILE
    known = _read(path)
    table = audio_analyses.c
    with workspace.store.read() as connection:
        wanted = select(table.content_hash).where(table.version == analysis_version())
        there = set(connection.execute(wanted).scalars())
        kept = known.filter(pl.col("content_hash").is_in(list(there)))
        missing = sorted(there.difference(kept["content_hash"]))
        new = [
            _row(name, orjson.loads(document))
            for start in range(0, len(missing), _PAGE)
            for name, document in connection.execute(
                select(table.content_hash, table.document).where(table.content_hash.in_(missing[start : start + _PAGE]))
            )
        ]
    if not new and len(kept) == len(known):
        return known
    whole = pl.concat([kept, pl.DataFrame(new, schema=SCHEMA)]).sort("content_hash")
    with draft(workspace.indexes) as folder:
        whole.write_parquet(folder / _FILE)
        (folder / _FILE).replace(path)
    return whole


def _read(path: Path) -> pl.DataFrame:
    empty = pl.DataFrame(schema=SCHEMA)
    try:
        known = pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError):
        return empty
    if known.schema != empty.schema:
        return empty
    return known.filter(pl.col("version") == analysis_version())


def _row(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    key = key_number(document["key"], document["mode"])
    begins, ends = edge_levels(document["waveform"])
    return {
        "content_hash": name,
        "version": analysis_version(),
        "duration_s": document["duration_s"],
        "tempo_bpm": document["tempo_bpm"],
        "tempo_octave_bpm": octave_of(document["tempo_bpm"], document["tempo_candidates"]),
        "key": -1 if key is None else key,
        "key_confidence": document["key_confidence"],
        "loudness_lufs": document["loudness_lufs"],
        "energy": energy_of(document["loudness_lufs"], document["embedding"]),
        "danceability": document["danceability"],
        "level_in_db": begins,
        "level_out_db": ends,
        "mix_in_s": document["mix_in_s"],
        "mix_out_s": document["mix_out_s"],
    }


def octave_of(tempo: float | None, candidates: Sequence[Mapping[str, Any]]) -> float | None:
    """Give half or double the tempo, where the analysis has it for a rival that is worth a thought.

    >>> rivals = [{"bpm": 138.7, "probability": 0.19}, {"bpm": 34.7, "probability": 0.02}]
    >>> octave_of(69.3, rivals), octave_of(120.1, [{"bpm": 60.0, "probability": 0.01}])
    (138.7, None)
    """
    if tempo is None:
        return None
    rivals = [each for each in candidates if abs(abs(np.log2(each["bpm"] / tempo)) - 1) <= _SAME_OCTAVES]
    best = max(rivals, key=lambda each: each["probability"], default=None)
    return float(best["bpm"]) if best is not None and best["probability"] >= _RIVAL else None


def edge_levels(waveform: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Give how loud a track begins and ends, in dB against its own mean; None for silence.

    >>> edge_levels({"point_s": 4.0, "rms": [0.1, 0.1, 1.0, 1.0, 1.0, 1.0]})
    (-18.3, 1.7)
    """
    power = np.square(np.asarray(waveform["rms"], dtype=np.float64))
    mean = float(power.mean()) if len(power) else 0.0
    if mean <= 0:
        return None, None
    points = max(1, round(_EDGE_S / max(waveform["point_s"], 1e-9)))
    edges = (float(part.mean()) / mean for part in (power[:points], power[-points:]))
    begins, ends = (round(max(_SILENT_DB, 10 * np.log10(max(edge, 1e-12))), 1) for edge in edges)
    return float(begins), float(ends)


def _corrected(workspace: Workspace, frame: pl.DataFrame) -> pl.DataFrame:
    """Put in what somebody corrected: it is certain."""
    rows = {name: row for row, name in enumerate(frame["content_hash"])}
    told: dict[str, dict[str, Any]] = {}
    with workspace.store.read() as connection:
        for name, field, value in connection.execute(
            select(audio_corrections.c.content_hash, audio_corrections.c.field, audio_corrections.c.value)
        ):
            if name in rows:
                told.setdefault(name, {})[field] = orjson.loads(value)
    if not told:
        return frame
    tempo, octave, key, sure = (
        frame[name].to_list() for name in ("tempo_bpm", "tempo_octave_bpm", "key", "key_confidence")
    )
    for name, fields in told.items():
        row = rows[name]
        if "tempo_bpm" in fields:
            tempo[row], octave[row] = fields["tempo_bpm"], None
        number = _corrected_key(key[row], fields)
        if number != key[row]:
            key[row], sure[row] = number, 1.0
    return frame.with_columns(
        pl.Series("tempo_bpm", tempo, pl.Float32()),
        pl.Series("tempo_octave_bpm", octave, pl.Float32()),
        pl.Series("key", key, pl.Int8()),
        pl.Series("key_confidence", sure, pl.Float32()),
    )


def _corrected_key(key: int, fields: Mapping[str, Any]) -> int:
    tonic = fields.get("key", NAMES[key % len(NAMES)] if key >= 0 else None)
    mode = fields.get("mode", ("minor" if key >= len(NAMES) else "major") if key >= 0 else None)
    number = key_number(tonic, mode)
    return key if number is None else number


def _genres(heads: AudioHeads, vectors: Floats) -> tuple[tuple[str, ...], Floats]:
    head = heads.heads.get("genre")
    if head is None:
        return (), np.empty((len(vectors), 0), dtype=np.float32)
    found = np.zeros((len(vectors), len(head.labels)), dtype=np.float32)
    for part in _parts(vectors):
        found[part] = head.predict(vectors[part])
    return tuple(head.labels), found


def _valence(heads: AudioHeads, vectors: Floats) -> pl.Series:
    head = heads.heads.get("scales")
    values = np.full(len(vectors), np.nan, dtype=np.float32)
    if head is not None and "valence" in head.labels:
        place = list(head.labels).index("valence")
        for part in _parts(vectors):
            values[part] = head.predict(vectors[part])[:, place]
        values[(values < 0) | (values > 1)] = np.nan  # learnt on another scale than [0, 1]
    return pl.Series("valence", values, pl.Float32()).fill_nan(None)


def _parts(vectors: Floats) -> Iterator[NDArray[np.int64]]:
    """Give the rows that have a vector, some at a time."""
    known = np.flatnonzero(vectors.any(axis=1))
    yield from (known[start : start + _PAGE] for start in range(0, len(known), _PAGE))
