"""Settings that a search has found, in their file."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.foundation.errors import BadInput
from ml.models import tuned
from ml.models.base import TrainingData
from ml.models.dataset import Dataset
from ml.models.plays import Plays
from ml.models.splits import cut
from ml.models.tuned import NOTHING, Tuned


def split(seed=0, extra=0):
    plays = Plays.of([list(range(user % 3, 30, 3)) for user in range(40 + extra)], n_items=30)
    data = TrainingData(plays, csr_matrix((30, 0), dtype=np.float32), np.full(30, -1, dtype=np.int32))
    return cut(Dataset.of(data), "per_listener", seed=seed)[0]


FOUND = NOTHING.with_models({"ials": {"alpha": 0.2}}, split(), "per listener")


def test_what_was_written_is_read(tmp_path):
    tuned.write(tmp_path, "track", "discovery", FOUND)
    assert tuned.read(tmp_path, "track") == FOUND
    assert tuned.read(tmp_path, "artist") == tuned.read(tmp_path, "track", "next_listen") == Tuned()


def test_only_a_split_that_puts_the_same_plays_aside_may_use_them():
    assert FOUND.fits(split())
    assert not FOUND.fits(split(seed=1))
    assert not FOUND.fits(split(extra=1)), "the same words and seed, but other plays"
    assert not NOTHING.fits(split())


def test_a_later_search_adds_and_takes_back():
    later = FOUND.with_models({"ease": {"regularization": 9.0}}, split(), "per listener")
    assert set(later.models) == {"ials", "ease"}
    assert set(later.with_models({"ials": {}}, split(), "per listener").models) == {"ease"}
    assert set(later.with_models({"slim": {"l1": 1.0}}, split(seed=1), "per listener").models) == {"slim"}


def test_one_kind_is_forgotten_and_the_other_kept(tmp_path):
    for kind, task in (("track", "discovery"), ("track", "next_listen"), ("artist", "discovery")):
        tuned.write(tmp_path, kind, task, FOUND)
    assert tuned.forget(tmp_path, "track") == 2
    assert tuned.read(tmp_path, "artist") == FOUND
    assert tuned.forget(tmp_path) == 1


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"split": "", "data": ""}',
        '{"split": "", "data": "", "models": {"eese": {}}}',
        '{"split": "", "data": "", "models": {"ease": {"lambda": 1}}}',
        '{"split": "", "data": "", "models": {"ease": {"regularization": "x"}}}',
        '{"split": "", "data": "", "models": {"graph_filter": {"damping": 5}}}',
        '{"split": "", "data": "", "models": {"hybrid": {}}}',
        '{"split": "", "data": "", "models": {"ease": 7}}',
    ],
)
def test_a_damaged_file_is_named_with_what_mends_it(tmp_path, text):
    (tmp_path / "track-discovery.json").write_text(text)
    with pytest.raises(BadInput) as error:
        tuned.read(tmp_path, "track")
    assert "track-discovery.json" in error.value.message
    assert "ml tune --forget" in error.value.hint
