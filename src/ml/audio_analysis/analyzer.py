"""The analyzer: a sound in, what it sounds like out."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ml.audio_analysis.classic import ClassicFeatures, classic_features
from ml.audio_analysis.embedders import Embedder
from ml.audio_analysis.harmony import Harmony, harmony_of
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.heads.results import Said
from ml.audio_analysis.hearing import FRAMING, Heard, hear
from ml.audio_analysis.results import AudioAnalysis, SpectralSummary
from ml.audio_analysis.rhythm import ToldRhythm, tell_rhythm
from ml.audio_analysis.structure import Structure, structure_of
from ml.audio_analysis.summary import overview_told, rounded, summarise
from ml.data.audio_files import AudioReader, Source
from ml.features.audio.chroma import chroma_of
from ml.features.audio.embedding import track_embedding
from ml.features.audio.framing import Floats
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
    heads : AudioHeads, optional
        What says genres, moods and emotions, such as ``AudioHeads.of(workspace)``; left out, nobody does.
    embedder : Embedder, optional
        A larger embedder, for heads that take its vectors; it is asked for nothing else.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(3 * 22050) / 22050)
    >>> found = AudioAnalyzer().analyze((tone, 22050))
    >>> round(found.loudness_lufs), found["channels"], round(found.spectral.centroid_hz), found.problems
    (-23, 1, 1002, ())
    """

    def __init__(
        self, pool: WorkerPool | None = None, *, heads: AudioHeads | None = None, embedder: Embedder | None = None
    ) -> None:
        self._heads = heads or AudioHeads()
        self._embedder = embedder if embedder is not None and embedder.name in self._heads.larger else None
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
        return self.analyze_and_hear(source, rate=rate)[0]

    def analyze_and_hear(self, source: Source, *, rate: int | None = None) -> tuple[AudioAnalysis, Heard]:
        """Do the same, and give what it was concluded from too."""
        source, larger = self._heard_by_another(source, rate)
        with AudioReader(source, rate=rate) as reader:
            heard = hear(reader)
            return told(reader, heard, self._heads, larger), heard

    def show(self, source: Source, out: Path, *, rate: int | None = None) -> AudioAnalysis:
        """Analyse one sound and write a report: waveform, spectrogram, beats, chords, sections, loudness over time.

        Parameters
        ----------
        source, rate
            As of :meth:`analyze`.
        out : Path
            A PNG, or a page (``.html``) that has the picture inside and the numbers in tables.

        Raises
        ------
        BadInput
            If the sound cannot be read, or the report not be written there.
        MissingExtra
            If what decodes it is not installed, or the extra ``report`` is not.
        """
        from ml.audio_analysis.report import page, picture_of  # late: nobody else needs them

        page.check(out)
        found, heard = self.analyze_and_hear(source, rate=rate)
        page.write_report(picture_of(heard, found), out)
        return found

    def _heard_by_another(self, source: Source, rate: int | None) -> tuple[Source, dict[str, Floats | None]]:
        """Give the vectors of the larger embedder, and the source once more: a stream can be read only once."""
        if self._embedder is None:
            return source, {}
        if hasattr(source, "read"):
            source = source.read()
        whole: Source = source if rate is None else (source, rate)
        return source, {self._embedder.name: self._embedder.embed(whole)}

    async def get_analysis(self, source: Source, *, rate: int | None = None) -> AudioAnalysis:
        """Await :meth:`analyze`, run in a worker thread."""
        return await self._pool.run(self.analyze, source, rate=rate)


class Origin(Protocol):
    """Where a sound comes from: what an :class:`~ml.data.audio_files.AudioReader` says of it."""

    name: str
    form: str | None
    rate: int
    n_channels: int
    promised_s: float | None


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was concluded from a sound, part by part; as it stands, from silence."""

    loudness: Loudness = field(default_factory=Loudness)
    spectral: SpectralSummary | None = None
    rhythm: ToldRhythm = field(default_factory=ToldRhythm)
    harmony: Harmony = field(default_factory=Harmony)
    structure: Structure = field(default_factory=Structure)
    embedding: tuple[float, ...] | None = None


def told(
    origin: Origin,
    heard: Heard,
    heads: AudioHeads | None = None,
    larger: Mapping[str, Floats | None] | None = None,
) -> AudioAnalysis:
    """Say what a sound sounds like, from what was heard of it, and from the vectors of larger embedders."""
    silent = any(problem.code == "silent" for problem in heard.problems)
    parts = _Parts() if silent else _concluded(heard, heard.n_samples / origin.rate)
    return _put_together(origin, heard, parts, (heads or AudioHeads()).say(parts.embedding, larger))


def _concluded(heard: Heard, duration_s: float) -> _Parts:
    chroma = chroma_of(heard.pitches)
    embedding = track_embedding(heard.curves, chroma, heard.rhythm)
    return _Parts(
        loudness=heard.loudness,
        spectral=summarise(heard.curves),
        rhythm=tell_rhythm(heard.rhythm),
        harmony=harmony_of(heard.pitches, duration_s, chroma=chroma),
        structure=structure_of(heard.curves, chroma, heard.rhythm, duration_s),
        embedding=None if embedding is None else rounded(embedding),
    )


def _put_together(origin: Origin, heard: Heard, parts: _Parts, said: Said) -> AudioAnalysis:
    loudness, rhythm, harmony, structure = parts.loudness, parts.rhythm, parts.harmony, parts.structure
    duration_s = heard.n_samples / origin.rate
    return AudioAnalysis(
        path=origin.name,
        form=origin.form,
        duration_s=duration_s,
        promised_s=origin.promised_s,
        sample_rate_hz=origin.rate,
        channels=origin.n_channels,
        loudness_lufs=loudness.integrated_lufs,
        loudness_range_lu=loudness.range_lu,
        momentary_max_lufs=loudness.momentary_max_lufs,
        short_term_max_lufs=loudness.short_term_max_lufs,
        true_peak_dbtp=loudness.true_peak_dbtp,
        sample_peak_dbfs=loudness.sample_peak_dbfs,
        replaygain_db=loudness.replaygain_db,
        spectral=parts.spectral,
        tempo_bpm=rhythm.tempo_bpm,
        tempo_confidence=rhythm.tempo_confidence,
        tempo_candidates=rhythm.tempo_candidates,
        time_signature=rhythm.time_signature,
        time_signature_confidence=rhythm.time_signature_confidence,
        onsets=rhythm.onsets,
        beats=rhythm.beats,
        downbeats=rhythm.downbeats,
        groove=rhythm.groove,
        danceability=rhythm.danceability,
        tuning_cents=harmony.tuning_cents,
        key=harmony.key,
        mode=harmony.mode,
        key_confidence=harmony.key_confidence,
        camelot=harmony.camelot,
        key_candidates=harmony.candidates,
        key_changes=harmony.changes,
        chords=harmony.chords,
        sections=structure.sections,
        intro_end_s=structure.intro_end_s,
        outro_start_s=structure.outro_start_s,
        mix_in_s=structure.mix_in_s,
        mix_out_s=structure.mix_out_s,
        waveform=overview_told(heard.overview, FRAMING.rate),
        embedding=parts.embedding,
        genres=said.genres,
        moods=said.moods,
        valence=said.valence,
        arousal=said.arousal,
        emotions=said.emotions,
        classic=_classic(duration_s, parts, said),
        notices=said.notices,
        problems=heard.problems,
    )


def _classic(duration_s: float, parts: _Parts, said: Said) -> ClassicFeatures:
    return classic_features(
        duration_s=duration_s,
        loudness_lufs=parts.loudness.integrated_lufs,
        tempo_bpm=parts.rhythm.tempo_bpm,
        key=parts.harmony.key,
        mode=parts.harmony.mode,
        time_signature=parts.rhythm.time_signature,
        embedding=parts.embedding,
        valence=said.valence,
        danceability=parts.rhythm.danceability,
    )
