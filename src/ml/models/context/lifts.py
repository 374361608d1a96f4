r"""How much likelier an item is in a situation, learned from listens.

Method
------
For one dimension, let :math:`c_{iv}` be how much item i was heard in value v, and :math:`e_{iv}` how much it would
have been, had each of its listeners heard it by their own habits: the share of v in a listener's listens, summed over
the item's listeners. So a listener who works out all day lends nothing to what they happen to like. A listener's
repeats of an item count by their logarithm.

The logarithm of c / e is modelled in three steps, each shrunk towards the one before: a log-linear (Poisson) model of
the item's attributes with a ridge, then its artist's own deviation, then its own. For the last two, the deviation is
:math:`\log\bigl((c + \kappa) / (e + \kappa)\bigr)`, a gamma prior's mean. What is believed before anybody listened
comes first of all, as part of e, and fades with the listens in that value.

By Bayes' rule the same number tells how much likelier the value is, once the item is known; that is how
:mod:`ml.models.context.trial` tests it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from ml.models.plays import Floats, Indices, Plays
from ml.models.situations import Codes

Doubles = NDArray[np.float64]

#: Newton's steps: effects of a few tenths are there after three.
STEPS = 5
#: A deviation is at most this: e² is seven times as likely.
MOST = 2.0
#: Between these lies the number of listens that a listener's own habits need to count half.
LIKENESS = (1.0, 100.0)


@dataclass(frozen=True)
class Shrinkage:
    """How much evidence an effect needs.

    Parameters
    ----------
    ridge : float > 0
        On the weights of attributes, in listens.
    deviation : float > 0
        Listens that an artist's or an item's own deviation needs to be believed by half.
    belief : float > 0
        Listens in a value at which what was believed before counts half.
    """

    ridge: float = 100.0
    deviation: float = 300.0
    belief: float = 500.0


def habits(plays: Plays, codes: Codes, n_values: int) -> Doubles:
    """Give the share of each value in each listener's listens, drawn to everybody's as far as listeners are alike.

    Parameters
    ----------
    plays : Plays
    codes : int16 [shape=(n_plays,)]
        -1 where unknown.
    n_values : int

    Returns
    -------
    float64 > 0 [shape=(n_users, n_values)]
        Rows of sum 1.
    """
    known = codes >= 0
    places = plays.users[known].astype(np.int64) * n_values + codes[known]
    counts = np.bincount(places, minlength=plays.n_users * n_values).reshape(plays.n_users, n_values)
    everybody = (counts.sum(axis=0) + 1) / (counts.sum() + n_values)
    prior = _likeness(counts.astype(np.float64), everybody)
    mixed: Doubles = (counts + prior * everybody) / (counts.sum(axis=1, keepdims=True) + prior)
    return mixed


def _likeness(counts: Doubles, everybody: Doubles) -> float:
    """Estimate of how many listens a listener's own habits need to count half: a Dirichlet's concentration, by moments.

    Two listens of one listener are of one value more often than two of anybody's, the more so the less listeners
    are alike.
    """
    total = counts.sum(axis=1)
    pairs = (total * (total - 1)).sum()
    by_chance = float((everybody**2).sum())
    same = float((counts * (counts - 1)).sum() / pairs) if pairs else by_chance
    return float(np.clip((1 - same) / max(same - by_chance, 1e-9), *LIKENESS))


def tally(plays: Plays, codes: Codes, habits: Doubles) -> tuple[Doubles, Doubles]:
    """Count how much each item was heard in each value, and would have been by habit.

    Parameters
    ----------
    plays : Plays
    codes : int16 [shape=(n_plays,)]
        -1 for plays that are not to count.
    habits : float64 [shape=(n_users, n_values)]

    Returns
    -------
    counts, expectations : float64 [shape=(n_items, n_values)]
    """
    known = codes >= 0
    users, items, values = plays.users[known], plays.items[known], codes[known]
    shape, n_values = (plays.n_items, plays.n_users), habits.shape[1]
    pairs, place, repeats = np.unique(
        items.astype(np.int64) * shape[1] + users, return_inverse=True, return_counts=True
    )
    # The listens of a pair weigh log2(1 + n) together: coming back is one person's doing.
    together = np.log2(1 + repeats)
    each = (together / repeats)[place]
    flat = np.bincount(items.astype(np.int64) * n_values + values, each, minlength=shape[0] * n_values)
    by_pair = csr_matrix((together, (pairs // max(shape[1], 1), pairs % max(shape[1], 1))), shape=shape)
    return flat.astype(np.float64).reshape(shape[0], n_values), np.asarray(by_pair @ habits)


def fit(
    attributes: Floats,
    artists: Indices,
    counts: Doubles,
    expectations: Doubles,
    shrinkage: Shrinkage,
    believed: Mapping[int, Floats],
) -> Floats:
    """Learn the logarithm of how much likelier each item is in each value.

    Parameters
    ----------
    attributes : float32 [shape=(n_items, n_columns)]
    artists : int32 [shape=(n_items,)]
        -1 where unknown.
    counts, expectations : float64 [shape=(n_items, n_values)]
        Of :func:`tally`.
    shrinkage : Shrinkage
    believed : mapping of int to float32 [shape=(n_items,)]
        What is believed of a value before anybody listened; of others nothing.

    Returns
    -------
    float32 [shape=(n_values, n_items)]
    """
    n_items, n_values = counts.shape
    lifts = np.empty((n_values, n_items), dtype=np.float32)
    group = np.where(artists >= 0, artists, artists.max(initial=-1) + 1 + np.arange(n_items))
    n_groups = int(group.max(initial=-1)) + 1
    heard = np.flatnonzero(expectations.sum(axis=1) > 0)
    for value in range(n_values):
        count, expected = counts[:, value], expectations[:, value]
        fading = shrinkage.belief / (shrinkage.belief + count.sum())
        lift = fading * believed[value].astype(np.float64) if value in believed else np.zeros(n_items)
        if count.sum() > 0:
            here = expected * np.exp(lift)
            lift = lift + _by_attributes(attributes, heard, count, here, shrinkage.ridge)
            here = expected * np.exp(lift)
            k = shrinkage.deviation
            of_artist = (np.bincount(group, count, n_groups) + k) / (np.bincount(group, here, n_groups) + k)
            lift = lift + np.log(of_artist)[group]
            lift = lift + np.log((count + k) / (expected * np.exp(lift) + k))
        lifts[value] = np.clip(lift, -MOST, MOST)
    return lifts


def _by_attributes(
    attributes: Floats, heard: NDArray[np.int64], count: Doubles, expected: Doubles, ridge: float
) -> Doubles:
    """Fit a Poisson regression by Newton's method; give the linear part of every item."""
    x = np.concatenate([np.ones((len(heard), 1), dtype=np.float32), attributes[heard]], axis=1)
    weights = np.zeros(x.shape[1])
    penalty = np.full(x.shape[1], ridge)
    c, e = count[heard], expected[heard]
    for _ in range(STEPS):
        mean = e * np.exp(np.clip(x @ weights, -MOST, MOST))
        slope = x.T @ (c - mean) - penalty * weights
        curvature = (x * mean[:, np.newaxis].astype(np.float32)).T @ x + np.diag(penalty)
        weights = weights + np.linalg.solve(curvature.astype(np.float64), slope)
    linear: Doubles = np.clip(weights[0] + attributes @ weights[1:].astype(np.float32), -MOST, MOST).astype(np.float64)
    return linear
