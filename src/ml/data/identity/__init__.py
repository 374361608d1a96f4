"""Which outside ids and names are the same track, artist or listener.

The outside speaks ``source:id`` strings; inside there are integer keys. This package is
the only place that translates.

Conventions
-----------
- A description that carries an outside id nobody has seen gets an item of its own. If it is
  recognised as a recording that is already there, the new item *points* to that one
  (``same_as``) with the method and a confidence; it is never fused with it. Undoing a
  merge therefore clears one field and loses nothing.
- A description without an outside id, such as a row of a history that gives names only,
  is the item whose names it bears.
- Recognition tries the outside id (certain), the ISRC (0.99), the MusicBrainz id (0.98),
  then the normalised artist and title: 0.95 where both durations are known and agree within
  three seconds, 0.85 where one is unknown; different durations are different recordings.
- A source that gives ids to artists is believed: two of its ids are two artists,
  however alike their names.
"""

from ml.data.identity.credits import Credit, split_credit
from ml.data.identity.edits import Merge, list_merges, merge, split
from ml.data.identity.lookup import Found, find_item, find_user, outside_ids
from ml.data.identity.names import match_key, normalise
from ml.data.identity.outside import OutsideId
from ml.data.identity.resolver import Resolver

__all__ = [
    "Credit",
    "Found",
    "Merge",
    "OutsideId",
    "Resolver",
    "find_item",
    "find_user",
    "list_merges",
    "match_key",
    "merge",
    "normalise",
    "outside_ids",
    "split",
    "split_credit",
]
