"""What it costs in accuracy to give artists of the tail a share of the exposure, on HetRec and on the demo world.

The tail is the least popular artists that take a fifth of what was heard in training, in pairs of a listener and an
item. `hybrid` ranks what a listener has not heard, all items, on the split of the other benchmarks; the portfolio is
not asked. `as_it_is` are the lists as the model has them. `per_list_30` gives the tail at least 3 of the first 10
places, and its share at every length of the list; `together_30` gives it 30 % of the exposure, discounted by the place,
of all lists together, by one price on the score for all listeners. The two do not ask for the same: compare them at the
`…_share` of the exposure that comes of it. `…_ndcg` and `…_recall` are at 10, a mean over listeners; `…_change` is the
NDCG@10 less that of the lists as they are, in pairs, `…_low` and `…_high` are the ends of its 95 % bootstrap interval.
What listeners would make of such lists is not in the data: the cost is that of foretelling what they played without.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks import held_out
from ml.evaluation.exposure_cost import TARGETS as SHARES
from ml.evaluation.exposure_cost import Cost, cost_curve, tail_of
from ml.models.blend import Blend

SETS = ("hetrec", "demo")


def run(quick: bool) -> dict[str, float]:
    numbers: dict[str, float] = {}
    for name in SETS:
        if name not in held_out.available():
            continue
        split = held_out.for_reporting(name)
        model = Blend().fit(split.train.data, rng=np.random.default_rng(0))
        tail = tail_of(split.train)
        numbers[f"{name}_tail_catalogue_share"] = float(tail.mean())
        targets = (0.0, 0.3) if quick else SHARES
        found = cost_curve(model, split, tail, targets=targets)
        numbers[f"{name}_listeners"] = found[0].ndcg.n
        for cost in found:
            numbers |= {f"{name}_{key}": value for key, value in _rows(cost)}
    return numbers


def _rows(cost: Cost) -> Iterator[tuple[str, float]]:
    """Name the numbers of a point; at target 0 both methods are the same."""
    if not cost.target and cost.method != "per list":
        return
    place = f"{cost.method.replace(' ', '_')}_{round(100 * cost.target)}" if cost.target else "as_it_is"
    yield f"{place}_share", cost.share.mean
    yield f"{place}_ndcg", cost.ndcg.mean
    yield f"{place}_recall", cost.recall.mean
    if cost.target:
        change = cost.ndcg_change
        yield from ((f"{place}_change", change.mean), (f"{place}_low", change.low), (f"{place}_high", change.high))
