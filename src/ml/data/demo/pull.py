"""What draws the demo world's listeners to tracks besides their taste: activity, home, language."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo import activities, places
from ml.data.demo.arrays import Floats
from ml.data.demo.artists import Artists
from ml.data.demo.effects import Effects
from ml.data.demo.tracks import Tracks

#: Weight of an artist at home: a hero's and another's; and a hero's abroad.
HERO_HOME, HOME, HERO_ABROAD = 12.0, 2.0, 1 / 3


@dataclass(frozen=True, eq=False)
class Pull:
    """What draws listeners to tracks, tabulated once.

    Parameters
    ----------
    context : float32 [shape=(n_activities, n_tracks)]
        Log weight of each track for each activity; the context effect.
    place : float32 [shape=(n_countries, n_tracks)]
        Log weight of each track for each country: home and language.
    """

    context: Floats
    place: Floats

    @classmethod
    def of(cls, artists: Artists, tracks: Tracks, effects: Effects) -> Pull:
        """Tabulate the effects of activities and countries."""
        context = effects.context * activities.WANTED @ tracks.standard.T
        artist = tracks.artist
        country = np.arange(len(places.COUNTRIES))[:, None]
        hero, at_home = artists.hero[artist], artists.country[artist] == country
        weight = np.where(at_home, np.where(hero, HERO_HOME, HOME), np.where(hero, HERO_ABROAD, 1.0))
        foreign = (tracks.language > places.ENGLISH) & (tracks.language != places.languages()[country])
        place = effects.home * np.log(weight) + effects.language * foreign
        return cls(context.astype(np.float32), place.astype(np.float32))
