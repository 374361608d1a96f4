"""The module function of the contract's style."""

from __future__ import annotations

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.results import AudioAnalysis
from ml.data.audio_files import Source


async def get_audio_analysis(source: Source, *, rate: int | None = None) -> AudioAnalysis:
    """Analyse one sound in a worker thread; see :meth:`AudioAnalyzer.analyze`."""
    return await AudioAnalyzer().get_analysis(source, rate=rate)
