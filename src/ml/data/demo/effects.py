"""How strongly the demo world's listeners act: every planted effect and its size, fixed.

Conventions
-----------
A *log weight* is added to the logarithm of a track's chance of being chosen: +0.7
doubles it. A *logit* is added to the log odds of a skip. ``docs/demo-world.md`` explains
each size; a change here is a change of that page.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effects:
    """Sizes of what is planted in the listens.

    Parameters
    ----------
    popularity : float >= 0
        Exponent on a track's weight when tracks come to mind; 0 makes all tracks alike.
    scene : float in [0, 1]
        Chance that the tracks coming to mind are of the session's genre, times one minus the
        listener's adventurousness. Otherwise they come from the whole catalogue.
    taste : float
        Log weight for one unit of cosine between the session's vector and the track's.
    context : float
        Multiplies the activities' log weights (:data:`ml.data.demo.activities.WANTED`).
    home : float
        Multiplies the log weights of an artist at home and abroad.
    language : float <= 0
        Log weight of a track in a language that is neither English nor the listener's.
    freshness : float
        Log weight of a track on its day of release, falling by e every ``fresh_days``.
    fresh_days : float > 0
    replay : float in [0, 1]
        Multiplies each listener's own replay probability.
    same_activity : float in [0, 1]
        Chance that a replay looks back over the same activity's listens only.
    run : float in [0, 1]
        Chance that a replay goes on where the replay before it left off.
    recency : float > 0
        ``c`` of the chance 1 / (lag + c) of coming back to the listen ``lag`` places ago.
    skip_base : float
        Logit of a skip at distance ``skip_reference``, on first hearing.
    skip_distance : float
        Logit for one unit of distance, 1 - cosine with the listener's nearest taste.
    skip_reference : float
    skip_replay : float
        Logit added where the listen is a replay.
    skip_context : float
        Logit for one unit of the activity's log weight of the track.
    skip_fading : float
        Logit added while a listener who will leave is fading.
    skip_personal : float >= 0
        Multiplies each listener's own logit, which has a standard deviation of 1.
    clock : bool
        Whether activity and device go with the hour; else they are shuffled among sessions.
    """

    popularity: float = 1.0
    scene: float = 1.0
    taste: float = 8.0
    context: float = 1.0
    home: float = 1.0
    language: float = -0.8
    freshness: float = 2.0
    fresh_days: float = 45.0
    replay: float = 1.0
    same_activity: float = 0.6
    run: float = 0.35
    recency: float = 10.0
    skip_base: float = -1.5
    skip_distance: float = 6.0
    skip_reference: float = 0.35
    skip_replay: float = -1.0
    skip_context: float = -0.25
    skip_fading: float = 0.6
    skip_personal: float = 0.4
    clock: bool = True


#: The demo world.
PLANTED = Effects()

#: The null world: the same people listen as often and at the same times, and nothing guides what they hear.
NULL = Effects(
    popularity=0.0,
    scene=0.0,
    taste=0.0,
    context=0.0,
    home=0.0,
    language=0.0,
    freshness=0.0,
    replay=0.0,
    # The planted world skips about as often.
    skip_base=-1.55,
    skip_distance=0.0,
    skip_replay=0.0,
    skip_context=0.0,
    skip_fading=0.0,
    skip_personal=0.0,
    clock=False,
)
