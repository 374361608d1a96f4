"""What the network hears: bands as loud as each is on average, their rises, and how far the harmony moves."""

from __future__ import annotations

import numpy as np

from ml.features.audio.framing import Floats

#: Rises are taken over so many short frames.
LAG = 2
#: Spans, in long frames, before and after a moment, whose harmonies are compared.
SPANS = (8, 16, 32)
#: Semitones that count as bass.
BASS = 24
GAIN, FLOOR = np.float32(30.0), 1e-4


def loudness_of(mels: Floats) -> Floats:
    """Give what each band's power is measured by: its mean, but no less than 40 dB below that of all bands.

    Parameters
    ----------
    mels : float32 >= 0 [shape=(n_frames, n_mels)]
        Power.

    Returns
    -------
    float32 > 0 [shape=(n_mels,)]
    """
    mean = mels.mean(axis=0, dtype=np.float64)
    level: Floats = np.maximum(mean + FLOOR * mean.mean(), 1e-20).astype(np.float32)
    return level


def attacks(mels: Floats, level: Floats) -> Floats:
    """Give bands and their rises.

    Parameters
    ----------
    mels : float32 >= 0 [shape=(n_frames, n_mels)]
        Power.
    level : float32 > 0 [shape=(n_mels,)]
        What counts as average: :func:`loudness_of` the whole sound.

    Returns
    -------
    float32 >= 0 [shape=(n_frames, 2 * n_mels)]
        First the logarithm of each band's power over its mean (so that neither gain nor tone controls matter), then how
        far it lies above the loudest of the neighbouring bands two frames before: the rises of SuperFlux (Böck and
        Widmer, 2013), which a vibrato does not cause.
    """
    both = np.zeros((len(mels), 2 * mels.shape[1]), dtype=np.float32)
    loud, rise = both[:, : mels.shape[1]], both[:, mels.shape[1] :]
    np.log1p(mels * (GAIN / level), out=loud)
    before = loud[:-LAG].copy()
    np.maximum(before[:, 1:], loud[:-LAG, :-1], out=before[:, 1:])
    np.maximum(before[:, :-1], loud[:-LAG, 1:], out=before[:, :-1])
    np.maximum(loud[LAG:] - before, 0.0, out=rise[LAG:])
    return both


def pitch_levels(semitones: Floats) -> Floats:
    """Give the logarithm of each semitone's magnitude beside the sound's mean, float32 >= 0, of the same shape."""
    mean = max(float(semitones.mean(dtype=np.float64)), 1e-10) if semitones.size else 1.0
    return np.asarray(np.log1p(semitones * np.float32(3.0 / mean)))


def harmonic_moves(semitones: Floats) -> Floats:
    """Give how unlike the harmony after a moment is to that before.

    Parameters
    ----------
    semitones : float32 >= 0 [shape=(n_frames, n_semitones)]
        Magnitude.

    Returns
    -------
    float32 in [0, 1] [shape=(n_frames, 2 * len(SPANS))]
        One less the cosine between the mean spectra, over 0.19, 0.37 and 0.74 s; first of all, then of the bass.
    """
    level = pitch_levels(semitones)
    moves = [_moves(part, span) for part in (level, level[:, :BASS]) for span in SPANS]
    return np.stack(moves, axis=1)


def _moves(level: Floats, span: int) -> Floats:
    padded = np.pad(level, ((span, span), (0, 0)), mode="edge")
    running = np.cumsum(padded, axis=0, dtype=np.float64)
    running = np.concatenate((np.zeros((1, running.shape[1])), running))
    n = len(level)
    before = running[span : span + n] - running[:n]
    after = running[2 * span : 2 * span + n] - running[span : span + n]
    dot = np.einsum("ij,ij->i", before, after)
    norm = np.sqrt(np.einsum("ij,ij->i", before, before) * np.einsum("ij,ij->i", after, after))
    moves: Floats = (1.0 - dot / np.maximum(norm, 1e-9)).astype(np.float32)
    return moves
