"""What can be said of an experiment, whatever its design."""

from __future__ import annotations

from sqlalchemy import Connection

from ml.experiments import analysis, bandit_analysis, interleaved_analysis
from ml.experiments.analysis import Report
from ml.experiments.definition import BANDIT, INTERLEAVED
from ml.experiments.registry import Experiment

_BY_DESIGN = {INTERLEAVED: interleaved_analysis.report, BANDIT: bandit_analysis.report}


def report(connection: Connection, experiment: Experiment, *, now: int | None = None) -> Report:
    """Say everything that can be said.

    Parameters
    ----------
    connection : sqlalchemy.Connection
        Of :meth:`ml.data.store.Store.read`.
    experiment : Experiment
    now : int, optional
        UTC milliseconds; what came later is not looked at.

    Raises
    ------
    BadInput
        If a metric cannot be counted.
    """
    say = _BY_DESIGN.get(experiment.definition.design, analysis.report)
    return say(connection, experiment, now=now)
