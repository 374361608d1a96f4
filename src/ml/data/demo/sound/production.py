"""How a song is recorded: the room, the noise, the desk."""

from __future__ import annotations

import numpy as np

from ml.data.demo.sound.noise import NOISES
from ml.data.demo.sound.song import Production


def draw_production(
    rng: np.random.Generator,
    *,
    energy: float,
    acousticness: float,
    valence: float,
    loudness_lufs: float | None = None,
    noise_db: float | None = None,
) -> Production:
    """Draw a production that suits a song.

    Parameters
    ----------
    rng : numpy.random.Generator
    energy, acousticness, valence : float in [0, 1]
        Energy makes it loud and bright, acousticness leaves it alone, valence brightens it.
    loudness_lufs : float, optional
        Drawn where it is not given.
    noise_db : float, optional
        Level of a noise below the music; where it is not given, a third of songs have one.
    """
    if noise_db is None:
        noise_db = float(rng.uniform(12.0, 40.0)) if rng.random() < 0.35 else float("inf")
    narrow = rng.random() < 0.12
    loud = -17.0 + 10.0 * energy - 2.0 * acousticness + float(rng.normal(0.0, 1.5))
    return Production(
        room_s=float(rng.uniform(0.3, 2.4)),
        damping_hz=float(rng.uniform(1500.0, 8000.0)),
        wet=float(rng.uniform(0.05, 0.5)),
        pump=float(rng.uniform(0.2, 0.7)) if rng.random() < 0.4 * energy * (1.0 - acousticness) else 0.0,
        noise=NOISES[int(rng.integers(len(NOISES)))],
        noise_db=noise_db,
        tilt_db=float(rng.normal(3.0 * (energy - 0.5) + 2.0 * (valence - 0.5), 2.0)),
        band_hz=(float(rng.uniform(150.0, 350.0)), float(rng.uniform(3200.0, 6000.0))) if narrow else (25.0, 20_000.0),
        loudness_lufs=float(np.clip(loud, -26.0, -7.0)) if loudness_lufs is None else loudness_lufs,
        hot=float(rng.uniform(0.0, 9.0)) if rng.random() < energy else 0.0,
    )
