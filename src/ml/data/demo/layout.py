"""The order in which the demo world's listens are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ml.data.demo.arrays import Codes, Flags, Indices
from ml.data.demo.effects import Effects
from ml.data.demo.listeners import Listeners
from ml.data.demo.sessions import Sessions


@dataclass(frozen=True, eq=False)
class Layout:
    """Listens by listener and time, before anything is chosen."""

    session: Indices
    listener: Indices
    activity: Codes
    replay: Flags
    opens: Flags  # first listen of its session

    @classmethod
    def of(cls, sessions: Sessions, people: Listeners, effects: Effects, rng: np.random.Generator) -> Layout:
        """Lay out the listens, and decide which are replays."""
        session = np.repeat(np.arange(len(sessions), dtype=np.int32), sessions.length)
        listener = sessions.listener[session]
        replay = rng.random(len(session), dtype=np.float32) < effects.replay * people.replay[listener]
        replay &= np.diff(listener, prepend=-1) == 0  # nobody has a past at the first listen
        return cls(session, listener, sessions.activity[session], replay, np.diff(session, prepend=-1) > 0)
