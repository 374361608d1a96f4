"""A look at one sound: waveform, spectrogram, beats, chords, sections and loudness in one picture, numbers in a table.

:func:`write_report` writes a PNG, or a page that has it inside and fetches nothing. Needs the extra ``report``.
"""

from ml.audio_analysis.report.page import write_report
from ml.audio_analysis.report.picture import Picture, picture_of

__all__ = ["Picture", "picture_of", "write_report"]
