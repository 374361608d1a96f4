"""The analyzer: a sound in, what it sounds like out."""

from __future__ import annotations

import os

from ml.audio_analysis.harmony import Harmony, harmony_of
from ml.audio_analysis.hearing import Heard, hear
from ml.audio_analysis.results import AudioAnalysis
from ml.audio_analysis.rhythm import UNKNOWN, tell_rhythm
from ml.audio_analysis.summary import summarise
from ml.data.audio_files import AudioReader, Source
from ml.features.audio.fingerprint import Peaks
from ml.features.audio.loudness import Loudness
from ml.foundation.workers import WorkerPool

#: Threads behind the ``await`` names, where no pool was given.
MOST_WORKERS = 4


class AudioAnalyzer:
    """Says what a sound sounds like. It needs no workspace and keeps nothing.

    Parameters
    ----------
    pool : WorkerPool, optional
        Where the ``await`` names work; left out, one of its own.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(3 * 22050) / 22050)
    >>> found = AudioAnalyzer().analyze((tone, 22050))
    >>> round(found.loudness_lufs), found["channels"], round(found.spectral.centroid_hz), found.problems
    (-23, 1, 1002, ())
    """

    def __init__(self, pool: WorkerPool | None = None) -> None:
        self._pool = pool or WorkerPool(min(MOST_WORKERS, len(os.sched_getaffinity(0))))

    def analyze(self, source: Source, *, rate: int | None = None) -> AudioAnalysis:
        """Analyse one sound.

        Parameters
        ----------
        source : path, bytes, binary file, (array, rate), Signal or pydub segment
            See :mod:`ml.data.audio_files`.
        rate : int, optional
            Of an array that comes without it, in Hz.

        Raises
        ------
        BadInput
            If it cannot be read as a sound, or has no samples.
        MissingExtra
            If what decodes or resamples it is not installed.
        """
        return self.analyze_with_peaks(source, rate=rate)[0]

    def analyze_with_peaks(self, source: Source, *, rate: int | None = None) -> tuple[AudioAnalysis, Peaks]:
        """Do the same, and give the spectral peaks too, which recordings are known by."""
        with AudioReader(source, rate=rate) as reader:
            heard = hear(reader)
            return _told(reader, heard), heard.peaks

    async def get_analysis(self, source: Source, *, rate: int | None = None) -> AudioAnalysis:
        """Await :meth:`analyze`, run in a worker thread."""
        return await self._pool.run(self.analyze, source, rate=rate)


def _told(reader: AudioReader, heard: Heard) -> AudioAnalysis:
    silent = any(problem.code == "silent" for problem in heard.problems)
    loudness = Loudness() if silent else heard.loudness
    duration_s = heard.n_samples / reader.rate
    harmony = Harmony() if silent else harmony_of(heard.pitches, duration_s)
    return AudioAnalysis(
        path=reader.name,
        form=reader.form,
        duration_s=duration_s,
        sample_rate_hz=reader.rate,
        channels=reader.n_channels,
        loudness_lufs=loudness.integrated_lufs,
        loudness_range_lu=loudness.range_lu,
        momentary_max_lufs=loudness.momentary_max_lufs,
        short_term_max_lufs=loudness.short_term_max_lufs,
        true_peak_dbtp=loudness.true_peak_dbtp,
        sample_peak_dbfs=loudness.sample_peak_dbfs,
        replaygain_db=loudness.replaygain_db,
        spectral=None if silent else summarise(heard.curves),
        **(UNKNOWN if silent else tell_rhythm(heard.rhythm)),
        tuning_cents=harmony.tuning_cents,
        key=harmony.key,
        mode=harmony.mode,
        key_confidence=harmony.key_confidence,
        camelot=harmony.camelot,
        key_candidates=harmony.candidates,
        key_changes=harmony.changes,
        chords=harmony.chords,
        problems=heard.problems,
    )
