"""A sound that is still arriving: what it is so far, and at its end what it was.

Method
------
What arrives is heard in steps of a quarter of a second, however it is cut. After each step loudness is what the meter
says; onsets, tempo and beats are what the network hears in the last 24 s, and the key is that of the last minute, heard
anew once a second. Onsets are told once, as soon as what comes later cannot change them much:
:attr:`StreamUpdate.latency_s` after they sounded. At the end everything is concluded from the whole sound, by the code
that analyses files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.audio_analysis.analyzer import told
from ml.audio_analysis.harmony import Harmony, harmony_of
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.hearing import Ear
from ml.audio_analysis.results import AudioAnalysis
from ml.data.audio_files import Problem
from ml.data.audio_files.arrays import check_channels, check_rate, scaled
from ml.data.audio_files.inspection import SILENT, Inspector
from ml.features.audio.framing import Floats
from ml.features.audio.rhythm import Rhythm, find_rhythm
from ml.features.audio.rhythm.bands import LONG
from ml.foundation.errors import BadInput
from ml.foundation.results import Result

#: What is heard at a time, in seconds; every so many steps the key is heard anew.
STEP_S, KEY_STEPS = 0.25, 4
#: What rhythm and key are heard in, in seconds.
RHYTHM_S, KEY_S = 24.0, 60.0
#: Long frames at the end in which an attack may still change: the network looks ahead that far.
UNSURE = 4


@dataclass(frozen=True, slots=True)
class StreamUpdate(Result):
    """What a sound is so far; None where nothing can be said.

    Parameters
    ----------
    at_s : float
        How much of the sound has been heard.
    latency_s : float
        How far behind that the onsets are that are told now.
    momentary_lufs, short_term_lufs : float or None
        Of the last 0.4 s and 3 s.
    onsets : tuple of float
        In seconds from the beginning; those that no update before told.
    tempo_bpm, tempo_confidence : float or None
        Of the last 24 s.
    beat_phase : float in [0, 1) or None
        Where in a beat this moment is.
    next_beat_s : float or None
        When the next beat is expected.
    key, mode : str or None
    key_confidence : float or None
        Of the last minute.
    """

    at_s: float
    latency_s: float
    momentary_lufs: float | None
    short_term_lufs: float | None
    onsets: tuple[float, ...]
    tempo_bpm: float | None
    tempo_confidence: float | None
    beat_phase: float | None
    next_beat_s: float | None
    key: str | None
    mode: str | None
    key_confidence: float | None


class StreamAnalyzer:
    """Hears a sound while it arrives.

    Parameters
    ----------
    rate : int
        In Hz.
    n_channels : int
    name : str
        Of where it comes from, to be named in messages.
    form : str, optional
        What the analysis says of it.
    heads : AudioHeads, optional
        As of :class:`~ml.audio_analysis.analyzer.AudioAnalyzer`.

    Raises
    ------
    BadInput
        If rate or channels cannot be those of a sound.
    MissingExtra
        If it has to be resampled and soxr is not installed.

    Notes
    -----
    What the end is concluded from is kept: 60 kB a second, 220 MB an hour.

    Examples
    --------
    >>> stream = StreamAnalyzer(44100)
    >>> tone = 0.1 * np.sin(2 * np.pi * 997 * np.arange(44100) / 44100)
    >>> [(update.at_s, round(update.momentary_lufs or 0)) for update in stream.push(tone)]
    [(0.25, 0), (0.5, -23), (0.75, -23), (1.0, -23)]
    >>> stream.finish().duration_s
    1.0
    """

    def __init__(
        self,
        rate: int,
        n_channels: int = 1,
        *,
        name: str = "stream",
        form: str | None = None,
        heads: AudioHeads | None = None,
    ) -> None:
        check_rate(rate, name)
        check_channels(n_channels, name)
        self.name, self.form, self.rate, self.n_channels = name, form, rate, n_channels
        self.promised_s: float | None = None
        self._heads = heads
        self._ear = Ear(rate, n_channels)
        self._inspector = Inspector(rate, n_channels, name)
        self._step = max(1, round(STEP_S * rate))
        self._waiting: Floats = np.empty((0, n_channels), dtype=np.float32)
        self._steps = 0
        self._told_until_s = 0.0
        self._harmony = Harmony()
        self._finished = False

    def push(self, chunk: Any) -> list[StreamUpdate]:
        """Hear on.

        Parameters
        ----------
        chunk : array [shape=(n,) or (n, n_channels)]
            The next samples: floats whose full scale is 1, or whole numbers by that of their type. Of any length.

        Returns
        -------
        list of StreamUpdate
            One for each quarter of a second that is now complete; often none.

        Raises
        ------
        BadInput
            If they are no samples, or of another number of channels, or the stream is finished.
        """
        samples = self._samples(chunk)
        self._waiting = np.concatenate((self._waiting, samples)) if len(self._waiting) else samples
        return list(self._updates())

    def finish(self, *, promised_s: float | None = None, problems: Iterable[Problem] = ()) -> AudioAnalysis:
        """End the sound, and say what it was: the same as :meth:`AudioAnalyzer.analyze` says of it as a file.

        Parameters
        ----------
        promised_s : float, optional
            How long the sound should have been, where whoever reads it knows: ``promised_s`` of an
            :class:`~ml.data.audio_files.AudioReader`.
        problems : iterable of Problem
            What was found wrong where it comes from: its ``about_file``.

        Raises
        ------
        BadInput
            If nothing has arrived, or it is finished already.
        """
        self._refuse_finished()
        if not self._inspector.n_samples and not len(self._waiting):
            raise BadInput(f"{self.name}: no sound in it, not one sample", "did the program before it write any?")
        self._hear(self._waiting)
        self._finished = True
        self.promised_s = promised_s
        heard = self._ear.finish()
        return told(
            self, replace(heard, problems=(*problems, *self._inspector.problems(), *heard.problems)), self._heads
        )

    def _samples(self, chunk: Any) -> Floats:
        self._refuse_finished()
        array = np.asarray(chunk)
        if not array.size:
            return np.empty((0, self.n_channels), dtype=np.float32)
        if array.ndim == 1:
            array = array[:, np.newaxis]
        if array.ndim != 2 or array.shape[1] != self.n_channels:
            raise BadInput(
                f"{self.name}: a chunk of shape {np.shape(chunk)}, and there are {self.n_channels} channels",
                "push samples of shape (n, n_channels)",
            )
        return scaled(array, self.name)

    def _refuse_finished(self) -> None:
        if self._finished:
            raise BadInput(f"{self.name}: the stream is finished", "make a new StreamAnalyzer for another sound")

    def _hear(self, samples: Floats) -> None:
        self._inspector.push(samples)
        self._ear.push(samples)

    def _updates(self) -> Iterator[StreamUpdate]:
        begin = 0
        while len(self._waiting) - begin >= self._step:
            self._hear(self._waiting[begin : begin + self._step])
            begin += self._step
            self._steps += 1
            yield self._update()
        self._waiting = self._waiting[begin:]

    def _update(self) -> StreamUpdate:
        at_s = self._inspector.n_samples / self.rate
        meter = self._ear.meter
        rhythm, until_s = self._rhythm(at_s)
        phase, next_beat_s = _phase(rhythm, at_s)
        if self._steps % KEY_STEPS == 0 and self._inspector.peak > SILENT:
            pitches = self._ear.recent_pitches(KEY_S)
            self._harmony = Harmony() if pitches is None else harmony_of(pitches, KEY_S)
        bpm = None if rhythm is None else rhythm.tempo_bpm
        return StreamUpdate(
            at_s=round(at_s, 6),
            latency_s=round(at_s - until_s, 3),
            momentary_lufs=None if meter is None else meter.momentary_lufs,
            short_term_lufs=None if meter is None else meter.short_term_lufs,
            onsets=self._new_onsets(rhythm, until_s),
            tempo_bpm=None if bpm is None else round(bpm, 2),
            tempo_confidence=None if rhythm is None or bpm is None else round(rhythm.tempo_confidence, 4),
            beat_phase=phase,
            next_beat_s=next_beat_s,
            key=self._harmony.key,
            mode=self._harmony.mode,
            key_confidence=self._harmony.key_confidence,
        )

    def _rhythm(self, at_s: float) -> tuple[Rhythm | None, float]:
        """Hear the rhythm of the last seconds, at times from the beginning; and tell up to when attacks are sure."""
        mels, semitones, first = self._ear.recent_bands(RHYTHM_S)
        sure = first + len(semitones) - 1 - UNSURE
        if sure < 0 or self._inspector.peak <= SILENT:
            return None, max(0.0, sure / LONG.frames_per_s)
        begin_s = first / LONG.frames_per_s
        found = find_rhythm(mels, semitones)
        moved = {name: getattr(found, name) + begin_s for name in ("onsets_s", "beats_s", "downbeats_s")}
        return replace(found, **moved), min(at_s, sure / LONG.frames_per_s)

    def _new_onsets(self, rhythm: Rhythm | None, until_s: float) -> tuple[float, ...]:
        after, self._told_until_s = self._told_until_s, max(self._told_until_s, until_s)
        if rhythm is None:
            return ()
        return _between(rhythm.onsets_s, after, until_s)


def _between(times_s: NDArray[np.float64], after_s: float, until_s: float) -> tuple[float, ...]:
    chosen = times_s[(times_s > after_s) & (times_s <= until_s)]
    return tuple(chosen.round(3).tolist())


def _phase(rhythm: Rhythm | None, at_s: float) -> tuple[float | None, float | None]:
    """Give where in a beat a moment is, and when the next beat is."""
    if rhythm is None or rhythm.tempo_bpm is None or not len(rhythm.beats_s):
        return None, None
    period_s = 60.0 / rhythm.tempo_bpm
    phase = float((at_s - rhythm.beats_s[-1]) / period_s % 1.0)
    return round(phase, 3) % 1.0, round(at_s + (1.0 - phase) * period_s, 3)
