"""One analysis in a process that does nothing else, where what a decoder says to the terminal is about this sound."""

from __future__ import annotations

from dataclasses import replace

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.results import AudioAnalysis
from ml.data.audio_files import Source
from ml.data.audio_files.native import first_fault, kept_aside
from ml.data.audio_files.problems import COMPLAINED, Problem
from ml.features.audio.fingerprint import Peaks


def analyze_alone(analyzer: AudioAnalyzer, source: Source) -> AudioAnalysis:
    """Analyse a sound, with what only the decoder's own lines tell of it.

    Raises
    ------
    BadInput, MissingExtra
        As :meth:`AudioAnalyzer.analyze` does.
    """
    return analyze_with_peaks_alone(analyzer, source)[0]


def analyze_with_peaks_alone(analyzer: AudioAnalyzer, source: Source) -> tuple[AudioAnalysis, Peaks]:
    """Do the same, and give the spectral peaks too."""
    with kept_aside() as lines:
        found, peaks = analyzer.analyze_with_peaks(source)
    fault = first_fault(lines)
    if fault is None or {"damaged", "truncated"} & {problem.code for problem in found.problems}:
        return found, peaks
    return replace(found, problems=(Problem("damaged", COMPLAINED.format(fault)), *found.problems)), peaks
