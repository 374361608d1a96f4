"""What an analysis says of a sound."""

from __future__ import annotations

from dataclasses import dataclass

from ml.audio_analysis.classic import ClassicFeatures
from ml.audio_analysis.harmony import ChordSpan, KeyCandidate, KeyChange
from ml.audio_analysis.heads.results import Likely, ScaleValue
from ml.audio_analysis.structure import Section
from ml.data.audio_files import Problem
from ml.features.audio.rhythm import Groove, TempoCandidate
from ml.foundation.results import Result


@dataclass(frozen=True, slots=True)
class SpectralSummary(Result):
    """The colour of a sound: means over all frames that are no pauses, and how far they stray.

    Parameters
    ----------
    centroid_hz, centroid_std_hz : float
        Mean frequency by magnitude: how bright.
    bandwidth_hz, bandwidth_std_hz : float
        Spread of frequency around it.
    rolloff_hz, rolloff_std_hz : float
        85 % of the magnitude lies below.
    flatness, flatness_std : float in [0, 1]
        1 is noise, 0 a pure tone.
    flux_db, flux_std_db : float >= 0 or None
        Mean rise of the mel bands from frame to frame; None under 120 ms, where no two frames lie in the sound.
    zero_crossing_rate, zero_crossing_rate_std : float in [0, 1]
        Of neighbouring samples.
    contrast_db : tuple of 7 floats
        Peaks over valleys below 200 Hz and in six octaves from there.
    mfcc, mfcc_std : tuple of 20 floats
        Cepstral coefficients of the log-mel spectrum.
    """

    centroid_hz: float
    centroid_std_hz: float
    bandwidth_hz: float
    bandwidth_std_hz: float
    rolloff_hz: float
    rolloff_std_hz: float
    flatness: float
    flatness_std: float
    flux_db: float | None
    flux_std_db: float | None
    zero_crossing_rate: float
    zero_crossing_rate_std: float
    contrast_db: tuple[float, ...]
    mfcc: tuple[float, ...]
    mfcc_std: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Waveform(Result):
    """The shape of the mono mix in at most 800 points, as a player draws it.

    Parameters
    ----------
    point_s : float
        What a point stands for, in seconds; the last one may be shorter.
    low, high : tuple of float in [-1, 1]
        The least and the greatest sample; a little more where a resampled peak overshoots.
    rms : tuple of float in [0, 1]
        Root mean square.
    """

    point_s: float
    low: tuple[float, ...]
    high: tuple[float, ...]
    rms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class AudioAnalysis(Result):
    """One sound, analysed. None stands where nothing can be said, as of the loudness of silence.

    Parameters
    ----------
    path : str
        Of the file, each byte that is no UTF-8 as a question mark; what kind of object it was where there is none.
    form : str or None
        What its bytes are: ``"mp3"``, ``"flac"``, …; None for samples in memory.
    duration_s : float
        Of what was heard.
    promised_s : float or None
        How long the file itself says it is; None where it does not say, and of samples in memory. What is more than
        ``duration_s`` is missing, and a problem says why.
    sample_rate_hz : int
    channels : int
    loudness_lufs : float or None
        Integrated loudness by EBU R 128.
    loudness_range_lu : float or None
        Needs 3 s.
    momentary_max_lufs, short_term_max_lufs : float or None
        The loudest 400 ms and 3 s.
    true_peak_dbtp, sample_peak_dbfs : float or None
    replaygain_db : float or None
        Gain of ReplayGain 2, to -18 LUFS.
    spectral : SpectralSummary or None
    tempo_bpm : float or None
        None where there is no beat, as in silence, noise or talk.
    tempo_confidence : float in [0, 1] or None
        Probability that there is a beat and that its tempo is right to 4 %: that of the first candidate, times how
        probable it is that anything is beaten at all.
    tempo_candidates : tuple of TempoCandidate
        The tempo, then its rivals by probability; the half and the double are always among them. The probabilities
        take for granted that there is a beat.
    time_signature : str or None
        ``4/4``, ``3/4``, ``6/8``, ``5/4`` or ``7/8``; the beats of 6/8 are dotted quarters, two a bar.
    time_signature_confidence : float in [0, 1] or None
        Probability that it is the right one of these five.
    onsets : tuple of float or None
        When sounds begin, in seconds.
    beats, downbeats : tuple of float or None
        When beats fall, and the first ones of bars, in seconds.
    groove : Groove or None
        Swing, microtiming and pulse clarity.
    danceability : float in [0, 1] or None
        From the beats alone: :func:`ml.features.audio.rhythm.dance.danceability`.
    tuning_cents : float or None
        Off A = 440 Hz, in [-50, 50).
    key, mode : str or None
        ``"C"``, ``"Db"``, … ``"B"``; ``"major"`` or ``"minor"``. None where nothing speaks for a key.
    key_confidence : float in [0, 1] or None
        How likely the key is right.
    camelot : str or None
        The key's place on the Camelot wheel.
    key_candidates : tuple of KeyCandidate
        The likeliest keys, the best first.
    key_changes : tuple of KeyChange
        Where the key changes to another of the same mode.
    chords : tuple of ChordSpan
        On the time line, without gaps; empty where nothing sounds.
    sections : tuple of Section
        On the time line, without gaps; the same letter is the same material. Empty where nothing sounds.
    intro_end_s, outro_start_s : float or None
        Where a first section ends that leads in, and a last one begins that leads out.
    mix_in_s, mix_out_s : float or None
        First beats of bars to begin and to end a transition at; None without a beat, or under 30 s.
    waveform : Waveform
    embedding : tuple of float or None
        What the track sounds like, as one vector: :mod:`ml.features.audio.embedding`. None for silence.
    genres, moods : tuple of Likely
        With probabilities, the likeliest first; empty where no head was trained (:mod:`ml.audio_analysis.heads`).
    valence, arousal : float or None
        On the scale that a head has learnt.
    emotions : tuple of ScaleValue
        Other scales that a head has learnt.
    classic : ClassicFeatures
        The thirteen fields of Spotify's audio features.
    notices : tuple of str
        What could be said as well, and how.
    problems : tuple of Problem
        What was found wrong; :mod:`ml.data.audio_files` lists the codes.
    """

    path: str
    form: str | None
    duration_s: float
    promised_s: float | None
    sample_rate_hz: int
    channels: int
    loudness_lufs: float | None
    loudness_range_lu: float | None
    momentary_max_lufs: float | None
    short_term_max_lufs: float | None
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    replaygain_db: float | None
    spectral: SpectralSummary | None
    tempo_bpm: float | None
    tempo_confidence: float | None
    tempo_candidates: tuple[TempoCandidate, ...]
    time_signature: str | None
    time_signature_confidence: float | None
    onsets: tuple[float, ...] | None
    beats: tuple[float, ...] | None
    downbeats: tuple[float, ...] | None
    groove: Groove | None
    danceability: float | None
    tuning_cents: float | None
    key: str | None
    mode: str | None
    key_confidence: float | None
    camelot: str | None
    key_candidates: tuple[KeyCandidate, ...]
    key_changes: tuple[KeyChange, ...]
    chords: tuple[ChordSpan, ...]
    sections: tuple[Section, ...]
    intro_end_s: float | None
    outro_start_s: float | None
    mix_in_s: float | None
    mix_out_s: float | None
    waveform: Waveform
    embedding: tuple[float, ...] | None
    genres: tuple[Likely, ...]
    moods: tuple[Likely, ...]
    valence: float | None
    arousal: float | None
    emotions: tuple[ScaleValue, ...]
    classic: ClassicFeatures
    notices: tuple[str, ...]
    problems: tuple[Problem, ...]
