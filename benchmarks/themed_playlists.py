"""Playlists with planted themes: lists of a demo world's tracks, drawn around a genre, an era, a mood and a circle of
artists, by a seed.

Each list has an anchor, a track drawn by its popularity, and a theme: one to three of four facets, drawn too.

- ``genre``: the anchor's; its second one counts half.
- ``era``: the years around the anchor's release, a normal curve with a spread of four years.
- ``mood``: the mood that the anchor's sound is nearest to, by how much a track's sound points there.
- ``circle``: tracks near the anchor in the latent space that also draws listeners to tracks.

A track comes in by its popularity times the exponential of what the facets say of it; a sixth of each list is chance,
drawn by popularity alone. The order is that of the draw. What the theme is stays here: who goes on with a list gets its
first half and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.data.demo.batches import years
from ml.data.demo.tags import MOODS
from ml.data.demo.world import World

FACETS = ("genre", "era", "mood", "circle")
#: How much a facet of the theme says at most, in nats; how many years an era spreads; how much of a list is chance.
STRENGTH, SPREAD_YEARS, NOISE = 5.0, 4.0, 1 / 6
#: How much popularity counts within a theme, as an exponent: lists are less alike than charts.
POPULARITY = 0.5
SHORTEST, LONGEST = 16, 40
Rows = NDArray[np.int64]
Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Theme:
    """A list and what it was drawn by.

    Parameters
    ----------
    tracks : int64 [shape=(n,)]
        Numbers of the world's tracks, no track twice.
    facets : tuple of str
    """

    tracks: Rows
    facets: tuple[str, ...]

    @property
    def halves(self) -> tuple[Rows, Rows]:
        """The half that is given, and the half that is hidden."""
        middle = len(self.tracks) // 2
        return self.tracks[:middle], self.tracks[middle:]


def draw(world: World, n: int, *, seed: int) -> Iterator[Theme]:
    """Draw lists of a world's tracks; the same seed gives the same lists."""
    rng = np.random.default_rng([seed, 77])
    about = _About(world)
    popular = np.asarray(world.tracks.weight, dtype=np.float64)
    for _ in range(n):
        anchor = int(rng.choice(len(popular), p=popular / popular.sum()))
        facets = tuple(sorted(rng.choice(FACETS, size=int(rng.integers(1, 4)), replace=False).tolist()))
        said = sum((about.says(facet, anchor) for facet in facets), np.zeros(len(popular)))
        # A theme of three facets is as strong as one of a single one: it is narrower, not louder.
        weights = popular**POPULARITY * np.exp(STRENGTH * said / np.sqrt(len(facets)))
        length = int(rng.integers(SHORTEST, LONGEST + 1))
        chance = int(rng.binomial(length, NOISE))
        drawn = rng.choice(len(popular), size=length - chance, replace=False, p=weights / weights.sum())
        left = popular.copy()
        left[drawn] = 0
        others = rng.choice(len(popular), size=chance, replace=False, p=left / left.sum())
        yield Theme(rng.permutation(np.concatenate([drawn, others])).astype(np.int64), facets)


class _About:
    """What each facet says of all tracks beside an anchor, from 0 to 1."""

    def __init__(self, world: World) -> None:
        tracks = world.tracks
        self.genre, self.second = world.artists.genre[tracks.artist], world.artists.second[tracks.artist]
        self.years = years(world)
        self.sounds = np.asarray(tracks.standard, dtype=np.float64)
        self.moods = np.array(list(MOODS.values()))
        self.vectors = np.asarray(tracks.vectors, dtype=np.float64)

    def says(self, facet: str, anchor: int) -> Doubles:
        match facet:
            case "genre":
                own = self.genre[anchor]
                return np.where(self.genre == own, 1.0, np.where(self.second == own, 0.5, 0.0))
            case "era":
                apart = (self.years - self.years[anchor]) / SPREAD_YEARS
                return np.exp(-(apart**2) / 2)
            case "mood":
                mood = self.moods[int(np.argmax(self.moods @ self.sounds[anchor]))]
                return 1 / (1 + np.exp(-(self.sounds @ mood - mood @ mood)))
            case _:
                return np.clip(self.vectors @ self.vectors[anchor], 0, 1)
