"""Sections of a song, its beginning and end, and where it is mixed in and out.

:func:`structure_of` takes what one pass over a sound has gathered and gives :class:`Structure`.
"""

from ml.audio_analysis.structure.structure import Section, Structure, structure_of

__all__ = ["Section", "Structure", "structure_of"]
