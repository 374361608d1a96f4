"""How training is shown."""

import pytest
from rich.console import Console

from ml.cli import models, screen
from ml.foundation.settings import Recommendation
from ml.models.judging import CROSSWISE
from ml.models.training import make_models

INTERVAL = {"value": 0.29, "ci": [0.28, 0.3], "above_popularity": 0.2, "above_popularity_ci": [0.19, 0.21]}
ABOUT = {"protocol": "a seeded 20% of each listener's items held out", "task": "discovery", "n_listeners": 1877}


@pytest.fixture
def narrow(monkeypatch):
    """A terminal of 80 columns, which is what most are when they open."""
    monkeypatch.setattr(screen, "screen", lambda: Console(width=80, highlight=False))


def test_a_narrow_terminal_shows_which_model_reached_what(narrow, capsys):
    names = [name for name in make_models(Recommendation()) if name != "replay"]
    models.show_scores({name: {**ABOUT, "recall@20": INTERVAL, "ndcg@20": INTERVAL} for name in names})
    lines = capsys.readouterr().out.splitlines()
    assert not any("crosswise" in line for line in lines)
    for name in names:
        line = next(line for line in lines if line.startswith(f"{name} "))
        assert line.split()[1:3] == ["0.2900", "0.2900"]
        assert all(bound in line for bound in ("0.280", "0.300", "+0.190", "+0.210"))


def test_models_that_are_taught_by_their_judges_are_said_to_be_judged_crosswise(capsys):
    plain, judged = {**ABOUT, "recall@20": INTERVAL, "ndcg@20": INTERVAL}, {"judged": CROSSWISE["hybrid_deep"]}
    models.show_scores({"hybrid": plain, "hybrid_deep": plain | judged})
    said = capsys.readouterr().out
    assert "hybrid_deep: crosswise: each half of these listeners by trees that the other half taught" in said
    assert "hybrid: crosswise" not in said
