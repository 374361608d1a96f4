"""A library of sounds: folders that are scanned, and scanned again.

Conventions
-----------
- What a file sounds like is kept by its *sound*: the hash of :mod:`ml.data.importers.audio_payload`, which a move, a
  new name or new tags do not change. A file is looked into again where its size or its time changed, and analysed
  again where its sound did, or where the analyzer says more than it did then (:func:`analysis_version`).
- Analyses are JSON documents; a few numbers of them are columns of the table ``audio_analyses``, for searching.
- Each file is stored as soon as it is done, by one process; others only read and analyse. So a scan that is killed
  goes on where it was, and several scans at once do the same work, at worst, twice.
- A file that cannot be analysed is listed with the reason and tried again when it changed, when the analyzer did, or
  with ``again``. One whose bytes could not be read, or that was stopped from outside, is tried at every scan.
- Corrections by hand belong to the sound too. They stand in the place of what was measured, in everything that is read
  from here; nothing that scans touches them.
- Fingerprints are kept by sound too (``audio_fingerprints``). The index over them lies in the workspace's ``indexes``:
  it is brought up to date where it is asked, and can be made again. Files that are off the list are not in it.
- Audio files are never written to, but by ``write_tags``.
"""

from ml.audio_analysis.failed import FailedFile
from ml.audio_analysis.library.corrections import CORRECTABLE
from ml.audio_analysis.library.identification import DuplicateFile, Duplicates, Identification, IdentifiedTrack, Version
from ml.audio_analysis.library.library import AudioLibrary
from ml.audio_analysis.library.results import LibraryTrack, Moved, Scan
from ml.audio_analysis.library.tagging import LeftOut, TaggedFile
from ml.audio_analysis.library.version import analysis_version

__all__ = [
    "CORRECTABLE",
    "AudioLibrary",
    "DuplicateFile",
    "Duplicates",
    "FailedFile",
    "Identification",
    "IdentifiedTrack",
    "LeftOut",
    "LibraryTrack",
    "Moved",
    "Scan",
    "TaggedFile",
    "Version",
    "analysis_version",
]
