"""New artists and new listeners of HetRec, left out whole."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from ml.metrics.ranking import recall
from ml.metrics.significance import bootstrap_mean
from ml.models.base import TrainingData
from ml.models.content import Content
from ml.models.content_tower import ContentTower
from ml.models.plays import UNDATED, Plays
from ml.models.topk import top_k

pytestmark = pytest.mark.realdata


def test_new_artists_are_found_by_their_tags(realdata: Path) -> None:
    """Candidates are the new artists alone: popularity knows none of them, so that it is chance, 20 in 2,652."""
    folder = realdata / "lastfm_hetrec2011"
    rows = pl.read_csv(folder / "user_artists.dat", separator="\t", quote_char=None).sort("userID")
    tagged = pl.read_csv(folder / "user_taggedartists.dat", separator="\t", quote_char=None)
    artists, items = np.unique(rows["artistID"].to_numpy(), return_inverse=True)
    _, users = np.unique(rows["userID"].to_numpy(), return_inverse=True)
    tagged = tagged.filter(pl.col("artistID").is_in(artists.tolist()))
    names, columns = np.unique(tagged["tagID"].to_numpy(), return_inverse=True)
    places = np.searchsorted(artists, tagged["artistID"].to_numpy())
    tags = csr_matrix((np.ones(len(places), dtype=np.float32), (places, columns)), shape=(len(artists), len(names)))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(users))]).astype(np.int64)
    weights = rows["weight"].to_numpy().astype(np.float32)
    whole = Plays(indptr, items.astype(np.int32), weights, np.full(len(items), UNDATED), len(artists))
    new = np.random.default_rng(0).random(len(artists)) < 0.15
    heard, later = whole.keep(~new[whole.items]), whole.keep(new[whole.items]).counts.sign()
    judges = np.flatnonzero(np.diff(later.indptr))
    data = TrainingData(heard, tags, np.arange(len(artists), dtype=np.int32))
    wanted = np.flatnonzero(new).astype(np.int32)
    target = csr_matrix(later[judges][:, wanted])
    found = {}
    for model in (Content(), ContentTower()):
        scores = model.fit(data, rng=np.random.default_rng(0)).score(heard.select(judges), items=wanted)
        found[model.name] = recall(top_k(scores, 20)[0], target, k=20)
    assert found["content_tower"].mean() > 0.5
    assert found["content_tower"].mean() > 3 * 20 / len(wanted)
    gain = bootstrap_mean(found["content_tower"], baseline=found["content"], rng=np.random.default_rng(0))
    assert gain.low > 0.1
