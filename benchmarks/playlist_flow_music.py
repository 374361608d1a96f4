"""How playlists of real music flow: as `playlist_flow`, on the 275 scanned clips of Emotify.

The folder is imported for its tags and scanned as ``ml audio scan`` does; lists of 20 clips by mood, within a genre and
without, are put in order by the generator, by chance and by greedy neighbours. `cost_…` and `apart_…` are as there,
pairs of which something is unknown left out. Tempo, key, energy, loudness and timbre (the embedding) are part of what
a transition costs. Danceability and the year are not, nor is what listeners felt: the distance between mean ratings of
nine emotions. Lists share many of their clips, so that the intervals, which are over lists, are narrower than they
would be over other music.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.playlist_flow import LENGTH, Pairs, Rows, apart, between_keys, made, measured
from benchmarks.target import Target
from ml.app import App
from ml.features.vocabulary import MOODS
from ml.foundation.settings import Settings
from ml.playlist_generator.library.reading import read_tracks
from ml.playlist_generator.library.tracks import Tracks

DATA = Path(os.environ.get("ML_REALDATA") or Path(__file__).resolve().parents[2] / "shared" / "data") / "emotify"
TARGETS = {"cost_over_random_high": Target(at_most=0.0), "cost_over_greedy_high": Target(at_most=0.0)}
GENRES = ("classical", "rock", "electronic", None)
FELT = ("amazement", "solemnity", "tenderness", "nostalgia", "calmness")
FELT += ("power", "joyful_activation", "tension", "sadness")


def run(quick: bool) -> dict[str, float]:
    if not DATA.is_dir():
        return {}
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(), home=Path(home))
        app.import_path(DATA / "audio")
        app.audio_library.scan(DATA / "audio")
        parts = app.generator_parts()
        with app.workspace.store.read() as connection:
            tracks = read_tracks(connection, parts.facts())
        asked = [(mood, genre) for mood in list(MOODS)[:: 5 if quick else 1] for genre in GENRES]
        lists = [made(app, tracks, mood, genre) for mood, genre in asked]
        app.close()
    return {"clips": len(tracks), **measured(tracks, [rows for rows in lists if len(rows) == LENGTH], differences())}


def differences() -> Pairs:
    """Read what listeners felt, and give what tells how far apart any two clips are, by feature."""
    ratings = pl.read_csv(DATA / "ratings.csv").group_by("track id").agg(pl.col(FELT).mean())
    felt_of = {str(row[0]): np.array(row[1:], dtype=np.float64) for row in ratings.iter_rows()}

    def pairs(tracks: Tracks, rows: Rows) -> dict[str, NDArray[np.float64]]:
        key = tracks.sounds.key[rows]
        paths = tracks.labels["path"].gather(rows)
        felt = np.stack([felt_of[Path(path).stem] for path in paths])
        timbre = tracks.sounds.timbre[rows].astype(np.float64)
        return {
            "tempo": apart(np.log2(tracks.features["tempo_bpm"][rows])),
            "key": between_keys(key),
            "energy": apart(tracks.features["energy"][rows]),
            "loudness": apart(tracks.features["loudness_lufs"][rows]),
            "timbre": 1 - timbre @ timbre.T,
            "danceability": apart(tracks.features["danceability"][rows]),
            "year": apart(tracks.years[rows]),
            "felt": np.linalg.norm(felt[:, None, :] - felt[None, :, :], axis=2),
        }

    return pairs
