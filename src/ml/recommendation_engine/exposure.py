"""Who the engine shows: exposure of groups of artists in its lists, beside what was played and what there is.

Conventions
-----------
- The lists are those that a batch would answer now, were no experiment running, to a seeded sample of listeners with a
  history: what is measured is the engine as it is set, and nobody is exposed to a variant by being counted. Familiar
  items are in them as the dial has it. Without profiling they are the same for all; histories are read to compare with.
- Shares are means over listeners of shares of each one's list (by the place, :mod:`ml.metrics.group_exposure`) and
  history (plays); so each listener has one voice. Ratios are of these means, listeners drawn in pairs.
- A ratio of 1 to the histories is a list in the proportions of what was played; of 1 to the catalogue, one in those of
  what there is. Which of the two is right, if any, is no question of measurement.
- By country or by file, groups of fewer artists than a limit are pooled; tiers of popularity are no personal matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sqlalchemy import Connection, select, union

from ml.data.schema import listens, play_counts
from ml.evaluation.exposure_cost import Cost
from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.metrics.exposure import catalogue_coverage, exposure_gini
from ml.metrics.group_exposure import catalogue_shares, consumption_shares, exposure_shares, pool_small
from ml.metrics.lists import Scores
from ml.metrics.popularity_bias import history_popularity, recommendation_popularity
from ml.metrics.significance import Interval, bootstrap_mean, bootstrap_ratio
from ml.models.exposure import TIERS
from ml.recommendation_engine import answer
from ml.recommendation_engine.blocks import chunks
from ml.recommendation_engine.group_file import read_group_file
from ml.recommendation_engine.parts import EngineParts
from ml.recommendation_engine.profile import read_evidence
from ml.recommendation_engine.request import MOST, Request, between
from ml.recommendation_engine.serving import Current, Serving, resolve_algorithm
from ml.recommendation_engine.situation import situation_of
from ml.recommendation_engine.unprofiled import nobody, unprofiled
from ml.recommendation_engine.variants import named
from ml.recommendation_engine.words import say

#: What is known of nobody: None in JSON, a dash in text.
NOBODY = Interval(float("nan"), float("nan"), float("nan"), 0.95, 0)
UNKNOWN, OTHER = "unknown", "other"
#: Of fewer artists nothing is said on their own.
LEAST_ARTISTS = 5
#: Listeners whose histories are read together.
BLOCK = 256
#: Shares of listeners, from those who play the least of the head to those who play the most.
TASTES: Mapping[str, tuple[float, float]] = {"niche": (0.0, 0.2), "diverse": (0.2, 0.8), "blockbuster": (0.8, 1.0)}


@dataclass(frozen=True, slots=True)
class GroupExposure(Result):
    """A group of artists.

    Parameters
    ----------
    name : str
    artists, items : int
    catalogue : float
        Share of the items.
    history, exposure : Interval
        Share of what was played, and of the exposure in the lists; ``nan`` where nobody has any, as are the ratios.
    to_history : Interval
        The one by the other: 1 where the lists keep the proportions of what was played.
    to_catalogue : Interval
        Exposure by the share of the catalogue.
    """

    name: str
    artists: int
    items: int
    catalogue: float
    history: Interval
    exposure: Interval
    to_history: Interval
    to_catalogue: Interval


@dataclass(frozen=True, slots=True)
class Lift(Result):
    """How much more popular the lists of some listeners are than what they played.

    Parameters
    ----------
    listeners : str
        ``all``, or by what they play of the head: ``niche``, ``diverse``, ``blockbuster``.
    n : int
    history, lists : float
        Mean popularity of an item in histories and lists, in listeners: the group's average popularity (GAP).
    lift : Interval
        The second by the first, less 1. Listeners are sorted by the histories that they are compared with: chance
        alone moves the lifts of the outer groups towards each other.
    """

    listeners: str
    n: int
    history: float
    lists: float
    lift: Interval


@dataclass(frozen=True, slots=True)
class ExposureReport(Result):
    """Who is shown.

    Parameters
    ----------
    by : str
        ``tail``, ``country``, or the name of a file.
    algorithm : str
    kind : str
        Of the items.
    k : int
    familiar_ratio : float
    asked : mapping of str to (float, float)
        Shares of the new items that the lists were to keep.
    n_listeners, n_items, n_artists : int
    groups : tuple of GroupExposure
        The most exposed first; of tiers the head.
    lifts : tuple of Lift
    gini : float
        Of how often the items are shown, over the whole catalogue; depends on the number of listeners.
    coverage : float
        Share of the catalogue that somebody is shown.
    costs : tuple of Cost
        What shares for the tail cost in accuracy; empty where that was not asked for.
    seed : int
    notices : tuple of str
    """

    by: str
    algorithm: str
    kind: str
    k: int
    familiar_ratio: float
    asked: Mapping[str, tuple[float, float]]
    n_listeners: int
    n_items: int
    n_artists: int
    groups: tuple[GroupExposure, ...]
    lifts: tuple[Lift, ...]
    gini: float
    coverage: float
    costs: tuple[Cost, ...] = ()
    seed: int = 0
    notices: tuple[str, ...] = ()


def measure_exposure(
    parts: EngineParts,
    *,
    by: str | Path = "tail",
    algorithm: str | None = None,
    k: int = 10,
    listeners: int = 500,
    familiar_ratio: float | None = None,
    exposure: Mapping[str, Any] | None = None,
    least_artists: int = LEAST_ARTISTS,
    seed: int = 0,
) -> ExposureReport:
    """Let the engine recommend to a sample of listeners, and say which groups of artists are shown.

    Parameters
    ----------
    parts : EngineParts
    by : str or Path
        ``tail``, ``country``, or a CSV file of ``artist_id,group``.
    algorithm, familiar_ratio, exposure
        As :meth:`ml.recommendation_engine.RecommendationEngine.recommend` takes them.
    k : int in [1, 1000]
        Length of the lists.
    listeners : int >= 1
        Size of the sample, at most.
    least_artists : int >= 1
        Groups of fewer, by country or file, are pooled.
    seed : int
        Of the sample and the intervals.

    Raises
    ------
    BadInput, UnknownId, AmbiguousId, NotTrained
        Also if nobody has a history.
    """
    between("listeners", listeners, 1, 10_000_000)
    between("least_artists", least_artists, 1, 1_000_000)
    request = Request.of(
        parts.settings,
        count=between("k", k, 1, MOST),
        algorithm=algorithm,
        familiar_ratio=familiar_ratio,
        reasons=0,
        exposure=exposure,
    )
    serving = Current(parts.store, parts.models_root).get()
    said: tuple[str, ...] = ()
    if not request.profiling:
        request, said = unprofiled(request, named(algorithm, familiar_ratio, None, None, exposure))
        said = (*said, say("histories_beside"))
    name, notices = resolve_algorithm(serving, request.algorithm, strict=False)
    with parts.store.read() as connection:
        names, groups = _groups(connection, serving, by, least_artists)
        keys = _sample(connection, listeners, np.random.default_rng(seed))
        ranked, histories = _lists(connection, parts, serving, request, name, keys)
        known = serving.groups.get(connection)
    makers = serving.catalogue.maker_of
    head = (known.tiers == TIERS.index("head")).astype(np.int64)
    return ExposureReport(
        by=str(by) if isinstance(by, str) else by.name,
        algorithm=name,
        kind=serving.catalogue.kind,
        k=k,
        familiar_ratio=request.familiar_ratio,
        asked=request.exposure,
        n_listeners=len(ranked),
        n_items=len(groups),
        n_artists=len(serving.catalogue.makers),
        groups=_by_group(ranked, histories, names, groups, makers, k=k, seed=seed, in_order=by == "tail"),
        lifts=_lifts(ranked, histories, known.heard, head, k=k, seed=seed),
        gini=exposure_gini(ranked, n_items=len(groups), k=k),
        coverage=catalogue_coverage(ranked, n_items=len(groups), k=k),
        seed=seed,
        notices=(*parts.notices, *notices, *said, *_about_pooling(names, least_artists)),
    )


def _groups(
    connection: Connection, serving: Serving, by: str | Path, least_artists: int
) -> tuple[list[str], NDArray[np.int64]]:
    """Give the names of the groups and the group of each item."""
    known, catalogue = serving.groups.get(connection), serving.catalogue
    if by == "tail":
        return list(TIERS), known.tiers
    if by == "country":
        labels = [country or UNKNOWN for country in known.countries.tolist()]
    elif isinstance(by, Path):
        table = read_group_file(connection, catalogue, by)
        if not table.keys() & set(catalogue.artists.tolist()):
            raise BadInput(f"{by}: the models know none of its artists", "name artists of the catalogue")
        labels = [table.get(key, UNKNOWN) for key in catalogue.artists.tolist()]
    else:
        raise BadInput(f"by = {by!r}", "give 'tail', 'country', or a file of artist_id,group")
    names = sorted(set(labels), key=lambda name: (name == UNKNOWN, name))
    place = {name: number for number, name in enumerate(names)}
    groups = np.array([place[label] for label in labels], dtype=np.int64)
    members = [len(np.unique(catalogue.maker_of[groups == group])) for group in range(len(names))]
    pooled, kept = pool_small(groups, members, least=least_artists)
    shown = [names[group] for group in kept]
    return shown + [OTHER] * (len(kept) < len(names)), pooled


def _about_pooling(names: Sequence[str], least_artists: int) -> tuple[str, ...]:
    """Say that nothing is told apart where every group was too small; who is in none is no group."""
    return (say("all_pooled", n=str(least_artists)),) if set(names) - {UNKNOWN} == {OTHER} else ()


def _sample(connection: Connection, most: int, rng: np.random.Generator) -> list[int]:
    liked = listens.c.skipped.is_not(True) & listens.c.incognito.is_not(True)
    everyone = union(select(listens.c.user_key).where(liked), select(play_counts.c.user_key)).subquery()
    keys = np.array(connection.execute(select(everyone.c.user_key)).scalars().all(), dtype=np.int64)
    if not len(keys):
        raise BadInput("nobody has a history to recommend from", "import one: ml import PATH", code="no_data")
    chosen: list[int] = np.sort(rng.choice(np.sort(keys), min(most, len(keys)), replace=False)).tolist()
    return chosen


def _lists(
    connection: Connection, parts: EngineParts, serving: Serving, request: Request, name: str, keys: Sequence[int]
) -> tuple[NDArray[np.int64], csr_matrix]:
    """Give what each listener would be answered if no experiment ran, and what they played."""
    situation = situation_of(connection, serving, request)
    gone = serving.catalogue.gone(connection)
    ranked = np.full((len(keys), request.count), -1, dtype=np.int64)
    histories = []
    for first in range(0, len(keys), BLOCK):
        some = keys[first : first + BLOCK]
        evidence = read_evidence(connection, some, serving.catalogue, now=parts.clock())
        profiles = evidence.profiles(serving.catalogue, parts.settings)
        histories.append(profiles.played.counts)
        if not request.profiling:
            profiles = nobody(len(some), profiles.played.n_items, now=parts.clock())
        left_out = [np.union1d(each, gone) for each in profiles.left_out]
        profiles = replace(profiles, left_out=left_out)
        for rows in chunks(len(some), profiles.played.n_items):
            drafts = answer.draft(serving, request, name, profiles.select(rows), situation)
            for row, draft in zip(rows.tolist(), drafts, strict=True):
                ranked[first + row, : len(draft.picks)] = [pick.index for pick in draft.picks]
    return ranked, csr_matrix(vstack(histories))


def _by_group(
    ranked: NDArray[np.int64],
    histories: csr_matrix,
    names: Sequence[str],
    groups: NDArray[np.int64],
    makers: NDArray[np.int64],
    *,
    k: int,
    seed: int,
    in_order: bool,
) -> tuple[GroupExposure, ...]:
    n_groups = len(names)
    shown = exposure_shares(ranked, groups, n_groups=n_groups, k=k)
    played = consumption_shares(histories, groups, n_groups=n_groups)
    there = catalogue_shares(groups, n_groups=n_groups)
    found = []
    for group, name in enumerate(names):
        mine = groups == group
        if not mine.any():
            continue
        part, whole, share = shown[:, group], played[:, group], np.full(len(shown), there[group])
        found.append(
            GroupExposure(
                name,
                len(np.unique(makers[mine])),
                int(mine.sum()),
                float(there[group]),
                _mean(whole, seed),
                _mean(part, seed),
                _ratio(part, whole, seed),
                _ratio(part, share, seed),
            )
        )
    return tuple(found if in_order else sorted(found, key=lambda each: -each.exposure.mean))


def _mean(values: Scores, seed: int) -> Interval:
    counted = not np.isnan(values).all()
    return bootstrap_mean(values, rng=np.random.default_rng(seed)) if counted else NOBODY


def _ratio(parts: Scores, wholes: Scores, seed: int) -> Interval:
    counted = not np.isnan(parts + wholes).all()
    return bootstrap_ratio(parts, wholes, rng=np.random.default_rng(seed)) if counted else NOBODY


def _lifts(
    ranked: NDArray[np.int64],
    histories: csr_matrix,
    heard: NDArray[np.int64],
    head: NDArray[np.int64],
    *,
    k: int,
    seed: int,
) -> tuple[Lift, ...]:
    """Compare the popularity of lists and histories, of all listeners and by what they play of the head."""
    before, after = history_popularity(histories, heard), recommendation_popularity(ranked, heard, k=k)
    of_head = consumption_shares(histories, head, n_groups=2)[:, 1]
    rows = np.flatnonzero(~np.isnan(before) & ~np.isnan(after))
    order = rows[np.argsort(of_head[rows], kind="stable")]
    parts = {"all": order}
    for name, (low, high) in TASTES.items():
        parts[name] = order[int(low * len(order)) : int(high * len(order))]
    return tuple(_lift(name, before[some], after[some], seed) for name, some in parts.items() if len(some))


def _lift(name: str, before: Scores, after: Scores, seed: int) -> Lift:
    ratio = bootstrap_ratio(after, before, rng=np.random.default_rng(seed))
    lift = Interval(ratio.mean - 1, ratio.low - 1, ratio.high - 1, ratio.level, ratio.n)
    return Lift(name, len(before), float(before.mean()), float(after.mean()), lift)
