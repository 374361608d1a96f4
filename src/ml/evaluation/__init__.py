"""How good models are: on published splits, by time, per listener, always on all items.

Conventions
-----------
- The two tasks, *discovery* and *next_listen*, are those of :mod:`ml.models.judging`. One evaluation is of one task.
- Every number is the mean over listeners, with a 95 % percentile bootstrap interval, and stands beside
  the task's baseline: popularity, or what the listener replays. The difference to the baseline has an
  interval of its own, paired by listener.
- What is tested is never looked at while settings or weights are chosen.
- ``fit_seconds`` is time on the clock; ``peak_mb`` the most memory (10⁶ bytes) the process held while it fitted
  and scored, the data included.
"""

from __future__ import annotations

from ml.evaluation.budget import Budget
from ml.evaluation.contest import evaluate, evaluate_files
from ml.evaluation.interactions import read_split
from ml.evaluation.results import ActivityBand, Evaluation, Measured, PopularityBand, Protocol
from ml.evaluation.tuning import Searched, Tuning, tune, tune_files

__all__ = [
    "ActivityBand",
    "Budget",
    "Evaluation",
    "Measured",
    "PopularityBand",
    "Protocol",
    "Searched",
    "Tuning",
    "evaluate",
    "evaluate_files",
    "read_split",
    "tune",
    "tune_files",
]
