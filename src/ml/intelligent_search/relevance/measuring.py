"""Searches measured by judgements."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ml.foundation.errors import BadInput
from ml.foundation.results import Result
from ml.intelligent_search.results import SearchResults
from ml.metrics.retrieval import Judged, first_relevant, found_relevant, graded_ndcg
from ml.metrics.significance import Interval, bootstrap_mean

#: Metrics by name; each at ``k``.
METRICS: Mapping[str, Callable[..., float]] = {"ndcg": graded_ndcg, "mrr": first_relevant, "recall": found_relevant}
Find = Callable[[str], SearchResults]


@dataclass(frozen=True, slots=True)
class Relevance(Result):
    """What one way to search came to.

    Parameters
    ----------
    queries : int
        Those with something judged relevant.
    k : int
    metrics : mapping of str to Interval
        Means over queries with their 95 % intervals: ``ndcg``, ``mrr``, ``recall``.
    nothing_found : float
        Share of queries without a hit.
    latency_p50_ms, latency_p99_ms : float
        Of one search, in this process.
    per_query : mapping of str to (mapping of str to float)
        Metrics by query.
    run : mapping of str to sequence of (str, float)
        What was found, by query: ids and scores.
    """

    queries: int
    k: int
    metrics: Mapping[str, Interval]
    nothing_found: float
    latency_p50_ms: float
    latency_p99_ms: float
    per_query: Mapping[str, Mapping[str, float]]
    run: Mapping[str, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Versus(Result):
    """One way to search against another, on the same queries.

    Parameters
    ----------
    differences : mapping of str to Interval
        Paired, with 95 % intervals: the first less the second.
    better, worse : mapping of str to int
        Queries by metric.
    """

    differences: Mapping[str, Interval]
    better: Mapping[str, int]
    worse: Mapping[str, int]


def measure(find: Find, queries: Mapping[str, str], judgements: Mapping[str, Judged], *, k: int = 10) -> Relevance:
    """Search for every query that has something relevant, and measure what comes.

    Parameters
    ----------
    find : callable
        Searches for a text and gives at least ``k`` hits where there are.
    queries : mapping of str to str
    judgements : mapping
        Grades by query and document; a document without a grade is not relevant.
    k : int

    Raises
    ------
    BadInput
        If no query has anything relevant.
    """
    asked = {
        name: text for name, text in queries.items() if any(grade > 0 for grade in judgements.get(name, {}).values())
    }
    if not asked:
        raise BadInput(
            "no query has a relevant document", "the ids of queries are the same in both files, and grades above 0 are"
        )
    run: dict[str, list[tuple[str, float]]] = {}
    seconds = []
    for name, text in asked.items():
        begun = time.perf_counter()
        hits = find(text).hits
        seconds.append(time.perf_counter() - begun)
        run[name] = [(hit.id, hit.score) for hit in hits]
    per_query = {name: _scores([one for one, _ in ranked], judgements[name], k) for name, ranked in run.items()}
    return Relevance(
        queries=len(asked),
        k=k,
        metrics=_intervals(per_query),
        nothing_found=sum(not ranked for ranked in run.values()) / len(run),
        latency_p50_ms=float(np.percentile(seconds, 50)) * 1e3,
        latency_p99_ms=float(np.percentile(seconds, 99)) * 1e3,
        per_query=per_query,
        run=run,
    )


def scores_of(
    run: Mapping[str, Sequence[str]], judgements: Mapping[str, Judged], *, k: int
) -> dict[str, dict[str, float]]:
    """Give metrics by query of what somebody else found."""
    return {name: _scores(run.get(name, ()), judged, k) for name, judged in judgements.items()}


def compare(first: Mapping[str, Mapping[str, float]], second: Mapping[str, Mapping[str, float]]) -> Versus:
    """Compare two ways by the metrics of each query.

    Parameters
    ----------
    first, second : mapping of str to (mapping of str to float)
        Metrics by query; a query that one of them lacks has no say.

    Raises
    ------
    BadInput
        If they have no query in common.
    """
    both = [name for name in first if name in second and not math.isnan(first[name]["ndcg"])]
    if not both:
        raise BadInput("the two have no query in common", "measure both on the same queries")
    differences, better, worse = {}, {}, {}
    for metric in METRICS:
        ours = np.array([first[name][metric] for name in both])
        theirs = np.array([second[name][metric] for name in both])
        differences[metric] = bootstrap_mean(ours, baseline=theirs, rng=np.random.default_rng(0))
        better[metric], worse[metric] = int((ours > theirs).sum()), int((ours < theirs).sum())
    return Versus(differences, better, worse)


def _scores(ranked: Sequence[str], judged: Judged, k: int) -> dict[str, float]:
    return {name: metric(ranked, judged, k=k) for name, metric in METRICS.items()}


def _intervals(per_query: Mapping[str, Mapping[str, float]]) -> dict[str, Interval]:
    return {
        metric: bootstrap_mean(
            np.array([scores[metric] for scores in per_query.values()]), rng=np.random.default_rng(0)
        )
        for metric in METRICS
    }
