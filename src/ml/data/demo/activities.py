"""What people do while they listen: when, on what, and which sound they want for it."""

from __future__ import annotations

import numpy as np

from ml.data.demo.arrays import Floats

ACTIVITIES: tuple[str, ...] = ("commute", "work", "workout", "focus", "party", "relax", "sleep")
DEVICES: tuple[str, ...] = ("phone", "computer", "speaker", "car", "tv")

#: The sounds that an activity can want, in the order of the columns of :data:`WANTED`.
SOUNDS: tuple[str, ...] = ("energy", "tempo_bpm", "valence", "acousticness", "instrumentalness")

#: Log weight of a track for each standard deviation of its sound, by activity.
WANTED: Floats = np.array(
    [
        [0.2, 0.0, 0.2, 0.0, 0.0],
        [-0.2, 0.0, 0.0, 0.0, 0.3],
        [1.2, 0.8, 0.3, -0.3, 0.0],
        [-0.7, -0.3, 0.0, 0.0, 1.0],
        [0.8, 0.3, 0.8, -0.3, 0.0],
        [-0.7, -0.3, 0.0, 0.6, 0.0],
        [-1.2, -0.6, 0.0, 0.5, 0.6],
    ],
    dtype=np.float32,
)

#: Share of sessions by activity: working days, weekend.
SHARES: Floats = np.array(
    [
        [0.22, 0.24, 0.10, 0.12, 0.04, 0.20, 0.08],
        [0.05, 0.05, 0.12, 0.08, 0.25, 0.33, 0.12],
    ],
    dtype=np.float32,
)

#: Share of sessions from Monday to Sunday.
WEEKDAYS: Floats = np.array([0.13, 0.13, 0.13, 0.135, 0.165, 0.17, 0.14], dtype=np.float32)

#: Share of devices by activity.
DEVICE_SHARES: Floats = np.array(
    [
        [0.58, 0.02, 0.00, 0.40, 0.00],
        [0.25, 0.63, 0.10, 0.02, 0.00],
        [0.92, 0.02, 0.05, 0.00, 0.01],
        [0.35, 0.55, 0.10, 0.00, 0.00],
        [0.25, 0.10, 0.50, 0.00, 0.15],
        [0.40, 0.10, 0.35, 0.00, 0.15],
        [0.70, 0.02, 0.28, 0.00, 0.00],
    ],
    dtype=np.float32,
)

# Middle and width, in hours, of the times of day at which each activity happens: working days, weekend.
_TIMES: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = (
    (
        ((8.0, 1.0), (17.5, 1.2)),
        ((10.5, 1.8), (15.0, 1.8)),
        ((7.0, 1.0), (18.5, 1.3)),
        ((10.0, 2.0), (21.0, 2.0)),
        ((21.5, 1.8),),
        ((20.5, 2.0),),
        ((23.3, 1.0),),
    ),
    (
        ((12.0, 4.0),),
        ((13.0, 3.0),),
        ((10.5, 1.8),),
        ((14.0, 3.0),),
        ((22.0, 2.0),),
        ((15.0, 4.0), (20.0, 2.0)),
        ((24.0, 1.2),),
    ),
)


def hours() -> Floats:
    """Give the share of each local hour of the day.

    Returns
    -------
    float32 [shape=(2, n_activities, 24)]
        Working days first, then the weekend; each row of 24 sums to 1.
    """
    table: Floats = np.array([[_day(times) for times in day] for day in _TIMES], dtype=np.float32)
    table /= table.sum(axis=2, keepdims=True)
    return table


def _day(times: tuple[tuple[float, float], ...]) -> Floats:
    hour = np.arange(24) + 0.5
    away = [np.minimum(abs(hour - middle), 24 - abs(hour - middle)) / width for middle, width in times]
    height: Floats = np.exp(-0.5 * np.square(away)).sum(axis=0, dtype=np.float32)
    return height
