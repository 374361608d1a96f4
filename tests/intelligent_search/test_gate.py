"""The gate: a broken weight of the search has to turn it red.

The catalogue is drawn (:mod:`benchmarks.search_speed`): 4,000 tracks and 400 artists whose names are made of the same
syllables, so that every name has many near ones.
"""

import random

import numpy as np
import pytest
from benchmarks.misspelling import KINDS, misspelt
from benchmarks.search_speed import catalogue

from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.candidates import Asked, gather
from ml.metrics.retrieval import first_relevant

LEAST = 0.99


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    index = LexicalIndex(tmp_path_factory.mktemp("gate"))
    index.refresh(catalogue(4_000))
    return index


@pytest.fixture(scope="module")
def queries():
    """Texts with the names that are meant: artists misspelt, words of a title beside its artist."""
    rng = random.Random(1)
    tracks = catalogue(4_000).filter(kind="track").sample(80, seed=2)
    found = []
    for place, (title, artist) in enumerate(tracks.select("name", "artist").iter_rows()):
        kind = list(KINDS)[place % len(KINDS)]
        if len(artist) > 7:
            found.append((misspelt(artist, kind, rng), {artist}))
        found.append((f"{title} {artist}", {title}))
    return found


def mrr(index, queries):
    ranks = []
    for text, names in queries:
        hits = list(dict.fromkeys(one.shown.name for one in gather(index, Asked(text), count=10).candidates))
        ranks.append(first_relevant(hits, dict.fromkeys(names, 1), k=10))
    return float(np.mean(ranks))


def test_the_gate_is_open(index, queries):
    assert mrr(index, queries) >= LEAST


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("candidates._STEEP", 50.0),  # a name that is near is worth nothing
        ("candidates._MOST_NAMES", 0),  # no near name is looked at
        ("candidates._FOUND", 0.0),  # whatever is found suffices
    ],
)
def test_a_broken_weight_turns_it_red(index, queries, monkeypatch, where, value):
    monkeypatch.setattr(f"ml.intelligent_search.lexical.{where}", value)
    assert mrr(index, queries) < LEAST
