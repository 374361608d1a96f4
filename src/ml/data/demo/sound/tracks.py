"""The sound of the demo world: a song for each of its tracks."""

from __future__ import annotations

import numpy as np

from ml.data.demo.genres import NAMES
from ml.data.demo.sound.brief import FASTEST, SLOWEST, Brief
from ml.data.demo.sound.compose import draw_song
from ml.data.demo.sound.song import Song
from ml.data.demo.world import World
from ml.foundation.errors import BadInput

#: Chance of drums, where it is not that of everybody else.
DRUMS = {"ambient": 0.15, "classical": 0.03, "folk": 0.5, "singer-songwriter": 0.6, "jazz": 0.85, "lo-fi": 0.9}
USUAL = 0.98


def song_of_track(world: World, track: int, *, duration_s: float | None = None) -> Song:
    """Write the song of a track: what the world says of it can be heard.

    Tempo, key, mode, loudness and length are the track's; energy, acousticness, valence and instrumentalness decide
    who plays, how, and how it is recorded; the genre decides the drums. Songs are of the half that is not held out.

    Parameters
    ----------
    world : World
    track : int in [0, n_tracks)
        Its place in ``world.tracks``.
    duration_s : float, optional
        Another length than the track's own.

    Returns
    -------
    Song
        The same world, track and length give the same song.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there is no such track.
    """
    tracks = world.tracks
    if not 0 <= track < len(tracks):
        raise BadInput(f"demo world: no track {track}", f"give 0 to {len(tracks) - 1}")
    rng = np.random.default_rng([world.seed, 6, track])
    energy, tempo, valence, acousticness, instrumentalness = (float(value) for value in tracks.sounds[track])
    genre = NAMES[int(world.artists.genre[tracks.artist[track]])]
    brief = Brief(
        duration_s=float(tracks.duration_ms[track]) / 1000.0 if duration_s is None else duration_s,
        form="song",
        tempo_bpm=min(max(tempo, SLOWEST), FASTEST),
        tonic=int(tracks.key[track]),
        mode="minor" if tracks.minor[track] else "major",
        drums=bool(rng.random() < DRUMS.get(genre, USUAL)),
        genre=genre,
        energy=energy,
        acousticness=acousticness,
        valence=valence,
        instrumentalness=instrumentalness,
        loudness_lufs=float(tracks.loudness_lufs[track]),
    )
    return draw_song(rng, brief)
