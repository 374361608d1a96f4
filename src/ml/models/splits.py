"""Ways to cut a history into what is learned from and what is foreseen."""

from __future__ import annotations

import numpy as np

from ml.foundation.errors import BadInput, did_you_mean
from ml.models.dataset import Dataset, Split

#: By name, in words; ``auto`` takes the time where there are dates.
SPLITS = ("auto", "time", "last", "per_listener")
#: Shares put aside: of the dated plays by time, of each listener's items without dates.
LATEST, ASIDE = 0.1, 0.2


def cut(dataset: Dataset, how: str = "auto", *, seed: int = 0) -> tuple[Split, str]:
    """Cut a dataset; give the split and what to say about it.

    Parameters
    ----------
    dataset : Dataset
    how : str
        ``time``: the last tenth of all listens; ``last``: each listener's last listen; ``per_listener``: a seeded
        fifth of each listener's items; ``auto``: by time where most plays have a date, else per listener.
    seed : int

    Raises
    ------
    BadInput
        If there is no such split, or it needs dates and there are none.
    """
    if how not in SPLITS:
        raise BadInput(f"no split is called {how!r}", did_you_mean(how, SPLITS))
    if how == "auto":
        how = "time" if dataset.mostly_dated else "per_listener"
    if how != "per_listener" and not dataset.is_dated:
        raise BadInput(f"split {how!r} needs dates, and no play here has one", "use --split per_listener")
    if how == "time":
        said = f"by time: trained on the first {1 - LATEST:.0%} of the listens, judged on the rest"
        return dataset.split_by_time(share=LATEST), said
    if how == "last":
        return dataset.split_last(), "each listener's last listen held out"
    rng = np.random.default_rng(seed)
    undated = "" if dataset.is_dated else "no dates: "
    said = f"{undated}a seeded {ASIDE:.0%} of each listener's items held out"
    return dataset.split_per_user(share=ASIDE, rng=rng), said
