"""Which listens the demo world's listeners skip."""

from __future__ import annotations

import numpy as np

from ml.data.demo.arrays import Flags, Floats, Indices, Longs
from ml.data.demo.clock import DAY_MS
from ml.data.demo.effects import Effects
from ml.data.demo.layout import Layout
from ml.data.demo.listeners import Listeners
from ml.data.demo.pull import Pull
from ml.data.demo.sessions import Sessions
from ml.data.demo.tracks import Tracks

_CHUNK = 1 << 15


class SkipChance:
    """Who skips what."""

    def __init__(
        self,
        layout: Layout,
        tracks: Tracks,
        people: Listeners,
        sessions: Sessions,
        pull: Pull,
        effects: Effects,
    ) -> None:
        self._layout, self._tracks, self._people = layout, tracks, people
        self._pull, self._effects = pull, effects
        local_day = (sessions.start_ms + people.offset_ms[sessions.listener]) // DAY_MS
        self._fading = local_day >= people.fading_day[sessions.listener]

    def draw(self, rows: Longs, track: Indices, rng: np.random.Generator) -> tuple[Flags, Floats]:
        """Decide for some rows; give the affinities too."""
        skipped = np.empty(len(rows), dtype=np.bool_)
        affinity = np.empty(len(rows), dtype=np.float32)
        for begin in range(0, len(rows), _CHUNK):
            part = slice(begin, begin + _CHUNK)
            affinity[part] = self._affinity(rows[part], track)
            chance = 1 / (1 + np.exp(-self._logit(rows[part], track, affinity[part])))
            skipped[part] = rng.random(len(chance), dtype=np.float32) < chance
        return skipped, affinity

    def _affinity(self, rows: Longs, track: Indices) -> Floats:
        vectors = self._tracks.vectors[track[rows]]
        tastes = self._people.tastes[self._layout.listener[rows]]
        nearest: Floats = np.matmul(tastes, vectors[:, :, None])[:, :, 0].max(axis=1)
        return nearest

    def _logit(self, rows: Longs, track: Indices, affinity: Floats) -> Floats:
        effects, layout = self._effects, self._layout
        logit = effects.skip_base + effects.skip_distance * (1 - affinity - effects.skip_reference)
        logit += effects.skip_replay * layout.replay[rows]
        logit += effects.skip_context * self._pull.context[layout.activity[rows], track[rows]]
        logit += effects.skip_fading * self._fading[layout.session[rows]]
        logit += effects.skip_personal * self._people.skippiness[layout.listener[rows]]
        return logit
