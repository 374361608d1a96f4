"""Searches by sound: an excerpt, something that sounds like it, a melody that somebody hums.

Who knows recordings again and which sounds are alike is a neighbour, asked through :class:`Hearing`. Melodies are known
here: :class:`LibraryMelodies` follows what leads in each file of the library once, and keeps its contour.
"""

from ml.intelligent_search.hearing.contract import Hearing, Identified, Recording, SoundAlike
from ml.intelligent_search.hearing.melodies import LibraryMelodies

__all__ = ["Hearing", "Identified", "LibraryMelodies", "Recording", "SoundAlike"]
