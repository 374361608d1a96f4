"""The tracks of the demo world: who made them, when they came out, how they sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from ml.data.demo import activities, genres, names
from ml.data.demo.arrays import Codes, Flags, Floats, Indices, Longs, allot, near, unit
from ml.data.demo.artists import Artists
from ml.data.demo.clock import END_DAY

#: Chance that an album after an artist's first comes out while people listen.
NEW_ALBUMS = 0.3
FEATURING = 0.08
TOGETHER = 0.02
APPEAL = 1.0
#: Mean and standard deviation of a sound over a catalogue, by :data:`ml.data.demo.activities.SOUNDS`.
SCALE: Floats = np.array([[0.58, 118.0, 0.50, 0.36, 0.22], [0.22, 26.0, 0.19, 0.29, 0.29]], dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Tracks:
    """Tracks, one row each, grouped by artist, and the truth about them.

    Parameters
    ----------
    titles, credits, albums : polars.Series of str
        A title is unique within its artist; a credit may name a guest ("A feat. B").
    artist : int32 [shape=(n_tracks,)]
        Index of the first artist.
    guest : int32 [shape=(n_tracks,)]
        Index of a second artist, or -1.
    weight : float32 > 0 [shape=(n_tracks,)]
        The artist's popularity times the track's own appeal.
    released : int32 [shape=(n_tracks,)]
        Day of release, in days since 1970; never heard before.
    duration_ms : int32 [shape=(n_tracks,)]
        From 90,000 to 480,000.
    language : int8 [shape=(n_tracks,)]
        Index into :data:`ml.data.demo.places.LANGUAGES`, or -1 without words.
    explicit : bool [shape=(n_tracks,)]
    sounds : float32 [shape=(n_tracks, 5)]
        :data:`ml.data.demo.activities.SOUNDS`, tempo in BPM and the rest in [0, 1].
    loudness_lufs : float32 [shape=(n_tracks,)]
    key : int8 [shape=(n_tracks,)]
        Pitch class, C is 0.
    minor : bool [shape=(n_tracks,)]
    vectors : float32 [shape=(n_tracks, DIMENSIONS)]
        Unit vectors in the latent space.
    """

    titles: pl.Series
    credits: pl.Series
    albums: pl.Series
    artist: Indices
    guest: Indices
    weight: Floats
    released: Indices
    duration_ms: Indices
    language: Codes
    explicit: Flags
    sounds: Floats
    loudness_lufs: Floats
    key: Codes
    minor: Flags
    vectors: Floats

    def __len__(self) -> int:
        return len(self.artist)

    @property
    def standard(self) -> Floats:
        """Sounds in standard deviations from the mean, float32 [shape=(n_tracks, 5)]."""
        scaled: Floats = (self.sounds - SCALE[0]) / SCALE[1]
        return scaled


def make_tracks(n: int, artists: Artists, days: int, rng: np.random.Generator) -> Tracks:
    """Draw tracks near their artists, in albums with a date."""
    extra = allot(n - len(artists), rng.lognormal(0.0, 0.7, len(artists)), np.full(len(artists), n, dtype=np.int64))
    artist = np.repeat(np.arange(len(artists), dtype=np.int32), extra + 1)
    album, owner = _albums(extra + 1, rng)
    guest, joint = _guests(artist, artists, rng)
    vectors = _vectors(artist, guest, artists, rng)
    sounds = _sounds(artists, artist, vectors, rng)
    genre = artists.genre[artist]
    titles = names.titles(artists.language[artist], artist, rng)
    loud = -17.0 + 11.0 * sounds[:, 0] - 2.0 * sounds[:, 3] + rng.normal(0.0, 1.2, n)
    return Tracks(
        titles=titles,
        credits=names.credit(artists.names, artist, guest, joint),
        albums=names.albums(artists.language[owner], owner, album, rng),
        artist=artist,
        guest=guest,
        weight=(artists.popularity[artist] * rng.lognormal(0.0, APPEAL, n)).astype(np.float32),
        released=_released(owner, artists, days, rng)[album],
        duration_ms=np.clip(rng.lognormal(np.log(212_000), 0.25, n), 90_000, 480_000).astype(np.int32),
        language=np.where(sounds[:, 4] > 0.6, -1, artists.language[artist]).astype(np.int8),
        explicit=rng.random(n) < genres.column("explicit")[genre],
        sounds=sounds,
        loudness_lufs=np.clip(loud, -30.0, -4.0).astype(np.float32),
        key=rng.integers(0, 12, n, dtype=np.int8),
        minor=rng.random(n) < 0.65 - 0.5 * sounds[:, 2],
        vectors=vectors,
    )


def _albums(counts: Longs, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Give each track's album and each album's artist; an artist's albums are of one length."""
    length = rng.integers(3, 11, len(counts))
    albums = -(-counts // length)
    place = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    album = np.repeat(np.cumsum(albums) - albums, counts) + place // np.repeat(length, counts)
    return album.astype(np.int32), np.repeat(np.arange(len(counts), dtype=np.int32), albums)


def _released(owner: Indices, artists: Artists, days: int, rng: np.random.Generator) -> Indices:
    """Date the albums; an artist's first is always out before anybody listens."""
    begin = END_DAY - days
    age = rng.exponential(genres.column("years")[artists.genre[owner]]) * 365.25
    old = begin - 1 - np.minimum(age, 66 * 365.25).astype(np.int64)
    new = begin + rng.integers(0, days, len(owner))
    first = np.diff(owner, prepend=-1) > 0
    day = np.where((rng.random(len(owner)) < NEW_ALBUMS) & ~first, new, old)
    return day[np.lexsort((day, owner))].astype(np.int32)


def _guests(artist: Indices, artists: Artists, rng: np.random.Generator) -> tuple[Indices, Flags]:
    """Choose guests of the same genre; the flags tell an equal partner ("A & B") from a guest."""
    n, genre = len(artist), artists.genre[artist]
    order = np.argsort(artists.genre, kind="stable")
    bounds = np.searchsorted(artists.genre[order], np.arange(len(genres.GENRES) + 1))
    low, high = bounds[genre], bounds[genre + 1]
    other = order[low + (rng.random(n) * (high - low)).astype(np.int64)]
    kind = rng.random(n)
    guest = np.where((kind < FEATURING + TOGETHER) & (other != artist), other, -1)
    return guest.astype(np.int32), kind < TOGETHER


def _vectors(artist: Indices, guest: Indices, artists: Artists, rng: np.random.Generator) -> Floats:
    own = artists.vectors[artist]
    # A guest draws the track a little to his side.
    return near(unit(np.where((guest >= 0)[:, None], own + 0.4 * artists.vectors[guest], own)), 0.4, rng)


def _sounds(artists: Artists, artist: Indices, vectors: Floats, rng: np.random.Generator) -> Floats:
    """Mean of the genre, plus what the place in the latent space tells, plus chance."""
    mean = np.stack([genres.column(name) for name in activities.SOUNDS], axis=1)
    genre = artists.genre[artist]
    direction = rng.standard_normal((genres.DIMENSIONS, len(activities.SOUNDS)), dtype=np.float32)
    told = (vectors - artists.centres[genre]) @ direction
    noise = 0.3 * told + 0.4 * rng.standard_normal(told.shape, dtype=np.float32)
    spread = np.array([0.22, 26.0, 0.24, 0.20, 0.16], dtype=np.float32)
    low, high = np.array([[0, 55, 0, 0, 0], [1, 200, 1, 1, 1]], dtype=np.float32)
    return np.clip(mean[genre] + noise * spread, low, high).astype(np.float32)
