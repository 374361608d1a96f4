"""One analysis in a process that does nothing else, where what a decoder says to the terminal is about this sound."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.hearing import Heard
from ml.audio_analysis.results import AudioAnalysis
from ml.data.audio_files import Source
from ml.data.audio_files.native import first_fault, kept_aside
from ml.data.audio_files.problems import Problem, complained, heard_of


def analyze_alone(analyzer: AudioAnalyzer, source: Source) -> AudioAnalysis:
    """Analyse a sound, with what only the decoder's own lines tell of it.

    Raises
    ------
    BadInput, MissingExtra
        As :meth:`AudioAnalyzer.analyze` does.
    """
    return hear_alone(analyzer, source)[0]


def hear_alone(analyzer: AudioAnalyzer, source: Source) -> tuple[AudioAnalysis, Heard]:
    """Do the same, and give what it was concluded from too."""
    with kept_aside() as lines:
        found, heard = analyzer.analyze_and_hear(source)
    return with_complaint(found, lines), heard


def show_alone(analyzer: AudioAnalyzer, source: Source, out: Path) -> AudioAnalysis:
    """Analyse a sound and write a report, as :meth:`AudioAnalyzer.show` does, with what only the decoder's lines tell.

    Raises
    ------
    BadInput, MissingExtra
    """
    from ml.audio_analysis.report import page, picture_of  # late: nobody else needs them

    page.check(out)
    found, heard = hear_alone(analyzer, source)
    page.write_report(picture_of(heard, found), out)
    return found


def with_complaint(found: AudioAnalysis, lines: list[str]) -> AudioAnalysis:
    """Add what a decoder wrote to the terminal, where nothing else tells of it.

    Parameters
    ----------
    lines : list of str
        What :func:`ml.data.audio_files.native.kept_aside` has kept.
    """
    fault = first_fault(lines)
    if fault is None or {"damaged", "truncated"} & {problem.code for problem in found.problems}:
        return found
    message = f"{complained(fault)}: {heard_of(found.duration_s, found.promised_s)}"
    return replace(found, problems=(Problem("damaged", message), *found.problems))
