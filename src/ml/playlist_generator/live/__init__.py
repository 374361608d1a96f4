"""Playlists that change: longer and shorter, edited, continued while they play, made anew every day.

Conventions
-----------
- What is there already, because it was played, kept, or stood in the list before, is *held*: it stays at its place
  whatever else is asked, and whatever it breaks by itself is nobody's fault. All else is planned around it.
- A track that is held, or that a session has had, does not come again, nor does another version of its song.
- Positions count from 1 outside, and from 0 inside, as for pins.
"""
