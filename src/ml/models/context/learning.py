"""What a set of listens teaches about situations: lifts, how far to believe them, what listeners come back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ml.models.base import TrainingData
from ml.models.context import lifts
from ml.models.context.attributes import describe
from ml.models.context.coming_back import learn_boost
from ml.models.context.dimensions import DIMENSIONS, told
from ml.models.context.lifts import Doubles, Shrinkage
from ml.models.context.trial import STRENGTHS, Found, choose, value_gain
from ml.models.plays import UNDATED, Floats, Plays
from ml.models.situations import Codes

#: The dimension that others may speak through: what people do at an hour is what makes the hour matter.
MAIN = "activity"
#: Part of the dated listens that strengths are chosen by, the last.
LATER = 0.1

Beliefs = Mapping[str, Mapping[int, Floats]]
Told = dict[str, Codes]


@dataclass(frozen=True)
class Dimension:
    """What is known of one dimension.

    Parameters
    ----------
    lifts : float32 [shape=(n_values, n_items)]
    listens : float64 [shape=(n_values,)]
        In each value, liked.
    given_main : float64 [shape=(n_values, n_main_values)]
        Chance of each value in each value of :data:`MAIN`; columns of sum 1.
    """

    lifts: Floats
    listens: Doubles
    given_main: Doubles


@dataclass(frozen=True)
class Lesson:
    """What was learned.

    Parameters
    ----------
    dimensions : mapping of str to Dimension
    direct, through : mapping of str to Found
        How far a dimension's own lifts are to be believed, and those of :data:`MAIN` that it speaks through.
    boosts : mapping of str to Found
        How much more a listener's own plays count in the value asked for.
    """

    dimensions: Mapping[str, Dimension]
    direct: Mapping[str, Found] = field(default_factory=dict)
    through: Mapping[str, Found] = field(default_factory=dict)
    boosts: Mapping[str, Found] = field(default_factory=dict)


def learn(data: TrainingData, beliefs: Beliefs, shrinkage: Shrinkage, *, seed: int) -> Lesson:
    """Learn lifts from all listens; how far to believe them, from the last tenth by those before."""
    attributes = describe(data)
    plays, values = data.plays, told(data.plays)
    direct, through, boosts = _try(data, plays, values, attributes, beliefs, shrinkage, seed)
    everything = _learn(data, plays, values, attributes, beliefs, shrinkage)
    return Lesson(everything, direct, through, boosts)


def spoken_through(ratios: Floats, chances: Doubles, shares: Doubles) -> Floats:
    """Give the lift of a situation of which only the chances of :data:`MAIN`'s values are known.

    Parameters
    ----------
    ratios : float32 > 0 [shape=(n_main_values, n_items)]
        How many times as likely each item is in each value.
    chances, shares : float64 [shape=(n_main_values,)]
        There, and on the whole; of sum 1.

    Examples
    --------
    >>> ratios = np.array([[4.0], [1.0]], dtype=np.float32)
    >>> spoken_through(ratios, np.array([1.0, 0.0]), np.array([0.5, 0.5])).round(3)  # log(4 / 2.5)
    array([0.47], dtype=float32)
    """
    there, whole = np.stack([chances, shares]).astype(np.float32) @ ratios
    lift: Floats = np.log(there / whole)
    return lift


def _try(
    data: TrainingData,
    plays: Plays,
    values: Told,
    attributes: Floats,
    beliefs: Beliefs,
    shrinkage: Shrinkage,
    seed: int,
) -> tuple[dict[str, Found], dict[str, Found], dict[str, Found]]:
    dated = plays.times[plays.times != UNDATED]
    if len(dated) < 2:
        return {}, {}, {}
    moment = np.partition(dated, int(len(dated) * (1 - LATER)))[int(len(dated) * (1 - LATER))]
    late = plays.times >= moment
    earlier, later = plays.keep(~late), plays.keep(late)
    before, after = ({name: codes[mask] for name, codes in values.items()} for mask in (~late, late))
    learned = _learn(data, earlier, before, attributes, beliefs, shrinkage)
    direct, through, boosts = {}, {}, {}
    for name, codes in after.items():
        own = lifts.habits(earlier, before[name], len(DIMENSIONS[name]))
        direct[name] = _trial(later, codes, own, learned[name].lifts, seed)
        boosts[name] = learn_boost(earlier, later, before[name], codes, seed=seed)
        if name != MAIN and direct[MAIN].strength > 0:
            main = learned[MAIN]
            shares = _shares(main.listens)
            joint = learned[name].given_main * shares
            chances = joint / np.maximum(joint.sum(axis=1, keepdims=True), 1e-12)
            ratios = np.exp(direct[MAIN].strength * main.lifts)
            spoken = np.stack([spoken_through(ratios, row if row.sum() else shares, shares) for row in chances])
            through[name] = _trial(later, codes, own, spoken, seed)
    return direct, through, boosts


def _trial(later: Plays, codes: Codes, habits: Doubles, learned: Floats, seed: int) -> Found:
    asked = (codes >= 0) & (later.weights > 0)
    users, values = later.users[asked], codes[asked]
    own, of_item = habits[users], learned[:, later.items[asked]].T.astype(np.float64)
    return choose(users, lambda strength: value_gain(own, of_item, values, strength), STRENGTHS, seed=seed)


def _learn(
    data: TrainingData, plays: Plays, values: Told, attributes: Floats, beliefs: Beliefs, shrinkage: Shrinkage
) -> dict[str, Dimension]:
    liked = plays.weights > 0
    found = {}
    for name, codes in values.items():
        n_values = len(DIMENSIONS[name])
        own = lifts.habits(plays, codes, n_values)
        counts, expectations = lifts.tally(plays, np.where(liked, codes, -1), own)
        lift = lifts.fit(attributes, data.artists, counts, expectations, shrinkage, beliefs.get(name, {}))
        known = codes[liked & (codes >= 0)]
        listens = np.bincount(known, minlength=n_values).astype(np.float64)
        found[name] = Dimension(lift, listens, _given(codes[liked], values[MAIN][liked], n_values))
    return found


def _given(codes: Codes, main: Codes, n_values: int) -> Doubles:
    """Give the chance of each value in each value of the main dimension, drawn a little to the whole."""
    both = (codes >= 0) & (main >= 0)
    n_main = len(DIMENSIONS[MAIN])
    places = codes[both].astype(np.int64) * n_main + main[both]
    counts = np.bincount(places, minlength=n_values * n_main).reshape(n_values, n_main).astype(np.float64)
    whole = _shares(counts.sum(axis=1))[:, np.newaxis]
    chances: Doubles = (counts + 10 * whole) / (counts + 10 * whole).sum(axis=0)
    return chances


def _shares(counts: Doubles) -> Doubles:
    total = counts.sum()
    shares: Doubles = counts / total if total else np.full(len(counts), 1 / len(counts))
    return shares
