"""Lists for several listeners: nobody does badly, and nobody waits long.

Conventions
-----------
- A *rating* is the share of all tracks that a listener likes less than a track, from 0 to 1: so listeners are
  comparable, whatever their models' scores look like. Tracks that no model knows are rated 0.
- A listener's *satisfaction* is the mean of their ratings over the list.
- A track is *liked* by a listener who rates it among the best tenth of all tracks, or of those that may be in the list
  where none of these may. A listener *waits* while none of the tracks is.
"""
