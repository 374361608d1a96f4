"""What is said of a single track."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ml.audio_analysis.harmony import ChordSpan, KeyChange
from ml.audio_analysis.heads.results import Likely, ScaleValue
from ml.audio_analysis.structure import Section
from ml.data.audio_files import Problem
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class TrackFacts(Result):
    """What the catalogue, its listeners and its sound say of a track. None where nothing is known.

    Parameters
    ----------
    item_id, title : str
    artist, album : str or None
    year : int or None
    duration_s : float or None
    language, isrc, mbid : str or None
    explicit : bool or None
    genres, tags : tuple of str
        Those given most often first.
    plays : int
        By everybody.
    tempo_bpm, loudness_lufs : float or None
    key, mode, camelot : str or None
    energy, valence, danceability, acousticness, instrumentalness : float in [0, 1] or None
    sound : str
        ``"there"`` where it can be heard; ``"gone"`` where its file was scanned and is no longer what it was;
        ``"unscanned"`` where no file of it was scanned.
    """

    item_id: str
    title: str
    artist: str | None
    album: str | None
    year: int | None
    duration_s: float | None
    language: str | None
    isrc: str | None
    mbid: str | None
    explicit: bool | None
    genres: tuple[str, ...]
    tags: tuple[str, ...]
    plays: int
    tempo_bpm: float | None
    loudness_lufs: float | None
    key: str | None
    mode: str | None
    camelot: str | None
    energy: float | None
    valence: float | None
    danceability: float | None
    acousticness: float | None
    instrumentalness: float | None
    sound: Literal["there", "gone", "unscanned"]


@dataclass(frozen=True, slots=True)
class Envelope(Result):
    """A waveform as a player draws it.

    Parameters
    ----------
    column_s : float
        What a column stands for, in seconds; the last one may be shorter.
    low, high : tuple of float in [-1, 1]
        The least and the greatest sample.
    """

    column_s: float
    low: tuple[float, ...]
    high: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Bands(Result):
    """What the picture of the spectrogram shows, which is asked for by itself.

    Parameters
    ----------
    column_s : float
        What a pixel stands for, in seconds.
    columns : int
    bands_hz : tuple of float
        The middle of each band, the lowest first, which is the last row.
    """

    column_s: float
    columns: int
    bands_hz: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class TrackAnalysis(Result):
    """What the library knows of the sound of a track; fields as in :class:`ml.audio_analysis.AudioAnalysis`.

    Parameters
    ----------
    item_id : str
    corrected : mapping
        By field that somebody corrected: what was measured.
    waveform : Envelope
    spectrogram : Bands or None
        None where the file is no longer what it was.
    analysed_at : datetime
        UTC.
    """

    item_id: str
    duration_s: float
    tempo_bpm: float | None
    tempo_confidence: float | None
    time_signature: str | None
    beats: tuple[float, ...] | None
    downbeats: tuple[float, ...] | None
    key: str | None
    mode: str | None
    camelot: str | None
    key_confidence: float | None
    key_changes: tuple[KeyChange, ...]
    chords: tuple[ChordSpan, ...]
    sections: tuple[Section, ...]
    intro_end_s: float | None
    outro_start_s: float | None
    loudness_lufs: float | None
    loudness_range_lu: float | None
    true_peak_dbtp: float | None
    danceability: float | None
    genres: tuple[Likely, ...]
    moods: tuple[Likely, ...]
    valence: float | None
    arousal: float | None
    emotions: tuple[ScaleValue, ...]
    problems: tuple[Problem, ...]
    corrected: Mapping[str, Any]
    waveform: Envelope
    spectrogram: Bands | None
    analysed_at: datetime


@dataclass(frozen=True, slots=True)
class SimilarToTrack(Result):
    """A track that goes with another one.

    Parameters
    ----------
    item_id, title : str
    artist : str or None
    score : float
        By sound, the cosine of standardised vectors; by listening, comparable within one answer only.
    """

    item_id: str
    title: str
    artist: str | None
    score: float


@dataclass(frozen=True, slots=True)
class SimilarTracks(Result):
    """What goes with a track.

    Parameters
    ----------
    item_id : str
    by : str or None
        ``"sound"``: what sounds alike; ``"listening"``: what the same people listen to; None where nothing is known.
    tracks : tuple of SimilarToTrack
        The most similar first.
    """

    item_id: str
    by: Literal["sound", "listening"] | None
    tracks: tuple[SimilarToTrack, ...]
