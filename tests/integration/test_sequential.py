"""The transformer, as a reader types it."""

import json
import sys
from pathlib import Path

import pytest

from ml.app.app import CHECKPOINTS

pytestmark = pytest.mark.slow
SMALL = {"ML_RECOMMENDATION_ENGINE__EMBEDDING_DIM": "16"}


def test_it_is_made_where_it_is_asked_for_and_answers(trained):
    refused = trained("recommend", "calm-1", "--algorithm", "sequential", code=4)
    assert "ml train --sequential" in refused.err
    card = trained("train", "--sequential", "--json").json
    assert card["scores"]["sequential"]["ndcg@20"]["value"] > 0
    answer = trained("recommend", "calm-1", "--algorithm", "sequential", "--json", "--familiar", "0").json
    assert answer["algorithm"] == "sequential"
    # Ten tracks of his taste he does not know; then there is no more of it.
    assert all(track["title"].startswith("calm") for track in answer["tracks"][:5])
    assert not list(Path(trained.home).glob(f"models/{CHECKPOINTS}/**/*.npz"))


def test_a_set_without_it_is_made_where_nobody_asks(trained):
    card = trained("train", "--no-judge", "--json").json
    folder = trained.home / "models" / card["version"]
    assert "sequential" not in json.loads((folder / "card.json").read_text())["models"]


def test_without_its_libraries_the_line_that_installs_them_is_named(trained, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    refused = trained("train", "--no-judge", "--sequential", code=5, **SMALL)
    assert "pip install 'spotify-ai-agent-ml[deep]'" in refused.err
