"""What listeners did with the items of an interleaved list, credited to the ranking that put them there.

Conventions
-----------
- Counted is what a listener does within the window after their exposure, with items that they were shown before; each
  item of a listener once, for the ranking from which they had it at that moment.
- A listener is one voice: for the ranking with more of such items. As many of both, or none, is a tie.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, func, select

from ml.data.schema import drafts, exposures, feedback, items, listens, outcomes
from ml.data.store import bulk
from ml.experiments.cohort import Cohort, window_ms
from ml.experiments.registry import Experiment

_ROOTS = items.alias("roots")


def voices(connection: Connection, experiment: Experiment, metric: str, cohort: Cohort) -> NDArray[np.int64]:
    """Say for which ranking each listener is whose window is over.

    Parameters
    ----------
    connection : sqlalchemy.Connection
    experiment : Experiment
    metric : str
        One of :data:`ml.experiments.counted.CREDITED`.
    cohort : Cohort

    Returns
    -------
    int64 [shape=(n_counted,)]
        -1 for the first, 1 for the second, 0 for neither.
    """
    rows = bulk.read(connection, _credited(experiment, metric))
    # The first time that an item was clicked, and who had put it there by then.
    first = rows.filter(pl.col("at") == pl.col("at").min().over("user_key", "item_key"))
    ours = first.sort("shown_at").unique(["user_key", "item_key"], keep="last", maintain_order=True)
    sums = ours.group_by("user_key").agg((2 * pl.col("team") - 1).sum().alias("lead"))
    lead = dict(sums.select("user_key", "lead").iter_rows())
    users = cohort.users[cohort.counted].tolist()
    return np.sign(np.array([lead.get(user, 0) for user in users], dtype=np.int64))


def _credited(experiment: Experiment, metric: str) -> Select[Any]:
    """Join what was done with what had been drafted before: a row for each draft of the item up to then."""
    source, at, counts = _source(metric)
    window = window_ms(experiment.definition)
    root = func.coalesce(_ROOTS.c.same_as, _ROOTS.c.key)
    return (
        select(drafts.c.user_key, drafts.c.item_key, drafts.c.team, drafts.c.shown_at, at.label("at"))
        .select_from(drafts)
        .join(
            exposures,
            (exposures.c.experiment_id == drafts.c.experiment_id) & (exposures.c.user_key == drafts.c.user_key),
        )
        .join(source, source.c.user_key == drafts.c.user_key)
        .join(_ROOTS, (_ROOTS.c.key == source.c.item_key) & (root == drafts.c.item_key))
        .where(
            drafts.c.experiment_id == experiment.id,
            at >= drafts.c.shown_at,
            at >= exposures.c.exposed_at,
            at < exposures.c.exposed_at + window,
            *counts,
        )
    )


def _source(metric: str) -> tuple[Any, Any, tuple[Any, ...]]:
    """Give the table, when it happened, and what of it counts."""
    if metric == "clicks":
        return outcomes, outcomes.c.occurred_at, (outcomes.c.event == "click", outcomes.c.value > 0)
    if metric == "likes":
        return feedback, feedback.c.at, (feedback.c.kind == "like", feedback.c.undone.is_not(True))
    heard = (listens.c.incognito.is_not(True),)
    if metric == "plays":
        return listens, listens.c.listened_at, heard
    whole = (listens.c.ms_played < 0.9 * _ROOTS.c.duration_ms).is_not(True)
    return listens, listens.c.listened_at, (*heard, listens.c.skipped.is_not(True), whole)
