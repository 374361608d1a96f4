"""A world made by a seed: artists, tracks and listeners whose planted structure is known.

What
----
:func:`make_world` draws a catalogue, listeners and a history of listens of any size. The
history has effects whose sizes are fixed (:data:`PLANTED`, explained in
``docs/demo-world.md``); the *null* world (:data:`NULL`) has the same people listening at the
same times to tracks that nothing guides. :class:`World` holds the truth as arrays, so a
test can ask how much of what was planted a method has found.

Conventions
-----------
- Everything made from it is marked :data:`LABEL`; names are invented.
- Ids: ``demo:user_10000`` upward, ``demo:artist/1`` and ``demo:track/1`` upward, in the
  order of the arrays (:func:`user_id`, :func:`artist_id`, :func:`track_id`).
- The history ends on 2026-06-30, whenever it is made. Times are UTC in milliseconds;
  hours of the day and weekdays follow each listener's local time.
- Same seed, same size, same machine: same world, down to the frames.

Verbs
-----
``make_world(size, seed=, null=)`` → :class:`World`; ``World.batches()`` gives what an
importer gives.
"""

from ml.data.demo.artists import Artists
from ml.data.demo.batches import artist_id, track_id, user_id
from ml.data.demo.effects import NULL, PLANTED, Effects
from ml.data.demo.listeners import Listeners
from ml.data.demo.listening import Listens
from ml.data.demo.pull import Pull
from ml.data.demo.sessions import Sessions
from ml.data.demo.size import DemoSize
from ml.data.demo.tracks import Tracks
from ml.data.demo.world import LABEL, World, make_world

__all__ = [
    "LABEL",
    "NULL",
    "PLANTED",
    "Artists",
    "DemoSize",
    "Effects",
    "Listeners",
    "Listens",
    "Pull",
    "Sessions",
    "Tracks",
    "World",
    "artist_id",
    "make_world",
    "track_id",
    "user_id",
]
