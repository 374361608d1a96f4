"""Searches by sound: an excerpt, something that sounds like it, a melody that somebody hums.

Who knows recordings again and which sounds are alike is a neighbour, asked through :class:`Hearing`. Melodies are known
here: :class:`LibraryMelodies` listens to each file of the library once, and keeps what stands out of it.
"""

from ml.intelligent_search.hearing.contract import Hearing, Identified, Recording, SoundAlike
from ml.intelligent_search.hearing.melodies import LibraryMelodies

__all__ = ["Hearing", "Identified", "LibraryMelodies", "Recording", "SoundAlike"]
