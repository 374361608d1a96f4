"""Heads: what says genres, moods and emotions of a track's vector, trained by whoever has labels.

Conventions
-----------
- No head comes with the package: licences forbid to ship what was learnt from the recordings at hand. Who has labels,
  in a table or in the tags of a library, trains one in seconds.
- A head is kernel ridge regression (:mod:`~ml.audio_analysis.heads.kernel`), calibrated; settings are chosen by grouped
  folds within the training tracks, and the card's numbers are of tracks whose group was not learnt from.
- One head for each target: ``genre``, ``mood`` (classes, or tags where a track has several), and ``scales`` (numbers).
- What is said of a file never depends on its tags.
"""

from ml.audio_analysis.heads.heads import OWN, AudioHeads, heads_folder
from ml.audio_analysis.heads.results import Likely, Said, ScaleValue

__all__ = ["OWN", "AudioHeads", "Likely", "Said", "ScaleValue", "heads_folder"]
