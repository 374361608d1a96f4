"""Songs by the dozen, for benchmarks: excerpts of every tempo, phrases in every key, catalogues of distinct songs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ml.data.demo.sound.brief import FASTEST, SLOWEST, Brief
from ml.data.demo.sound.compose import draw_song
from ml.data.demo.sound.song import Song

#: Nearer half a semitone, a key cannot be told from its neighbour.
MOST_CENTS = 45.0
#: From here on a song of a catalogue has a form; what is shorter is an excerpt.
WHOLE_S = 40.0


def excerpts(n: int, *, duration_s: float = 12.0, seed: int = 0, held_out: bool = False) -> Iterator[Song]:
    """Draw excerpts whose tempi lie evenly between 40 and 220 BPM, everything else drawn: for tempo, beats and onsets.

    Parameters
    ----------
    n : int
    duration_s : float
    seed : int >= 0
    held_out : bool

    Yields
    ------
    Song
        In order of tempo.
    """
    for i in range(n):
        rng = np.random.default_rng([seed, 3, i])
        tempo = SLOWEST + (FASTEST - SLOWEST) * (i + float(rng.random())) / n
        yield draw_song(rng, Brief(duration_s=duration_s, tempo_bpm=tempo), held_out=held_out)


def progressions(seed: int = 0, *, duration_s: float = 20.0, held_out: bool = False, rounds: int = 1) -> Iterator[Song]:
    """Draw phrases in all 24 keys, detuned, each with and without drums, with and without noise.

    Parameters
    ----------
    seed : int >= 0
    duration_s : float
    held_out : bool
    rounds : int >= 1
        How often the keys are gone through, everything else drawn anew.

    Yields
    ------
    Song
        96 a round, by tonic, mode, drums, noise. They begin with the first chord of their progression and are off
        A = 440 Hz by up to 45 cents; noise lies 6 to 20 dB below the music.

    Examples
    --------
    >>> songs = list(progressions(duration_s=6.0))
    >>> len(songs), len({(song.keys[0].tonic, song.keys[0].mode) for song in songs})
    (96, 24)
    """
    for turn in range(rounds):
        for tonic in range(12):
            for mode in ("major", "minor"):
                for which in range(4):
                    rng = np.random.default_rng([seed, 1, turn, tonic, mode == "minor", which])
                    brief = Brief(
                        duration_s=duration_s,
                        form="phrase",
                        tempo_bpm=float(rng.uniform(70.0, 140.0)),
                        metre="4/4",
                        tonic=tonic,
                        mode=mode,
                        drums=which in {1, 3},
                        cents=float(rng.uniform(-MOST_CENTS, MOST_CENTS)),
                        noise_db=float(rng.uniform(6.0, 20.0)) if which in {2, 3} else float("inf"),
                    )
                    yield draw_song(rng, brief, held_out=held_out)


def corpus(n: int, *, duration_s: float = 60.0, seed: int = 0, held_out: bool = False) -> Iterator[Song]:
    """Draw distinct songs of one length.

    Parameters
    ----------
    n : int
    duration_s : float
        Songs of 40 s and more have a form, shorter ones are excerpts.
    seed : int >= 0
        Songs of another seed are other songs; the first of a longer catalogue are those of a shorter one.
    held_out : bool

    Yields
    ------
    Song
    """
    brief = Brief(duration_s=duration_s, form="song" if duration_s >= WHOLE_S else "excerpt")
    for i in range(n):
        yield draw_song(np.random.default_rng([seed, 2, i]), brief, held_out=held_out)
