"""Strong wishes on the demo world: a list is of what was asked for, whichever algorithm makes it."""

import numpy as np
import pytest
from sqlalchemy import select

from ml.app import App
from ml.data.schema import aliases, features, tags
from ml.data.store import bulk
from ml.recommendation_engine import RecommendationEngine

pytestmark = pytest.mark.slow

LISTENERS = [f"user_{number}" for number in range(12_300, 12_312)]
ALGORITHMS = ("hybrid_deep", "hybrid", "content")


@pytest.fixture
def engine(demo_home, in_home):
    app = App.of_settings(in_home(demo_home))
    yield RecommendationEngine(app.engine_parts())
    app.close()


def share(answers, wanted):
    """Tell how much of each list is wanted."""
    return np.array([np.mean([track.item_id in wanted for track in answer.tracks]) for answer in answers])


ID = (aliases.c.source + ":" + aliases.c.external_id).label("id")


def of_genre(engine, genre):
    statement = select(ID).join(tags, tags.c.item_key == aliases.c.item_key).where(tags.c.tag == genre)
    with engine._parts.store.read() as connection:
        return set(connection.execute(statement).scalars())


def energies(engine):
    statement = select(ID, features.c.value).join(features, aliases.c.item_key == features.c.item_key)
    with engine._parts.store.read() as connection:
        rows = bulk.read(connection, statement.where(features.c.feature == "energy"))
    return dict(rows.iter_rows())


def ask(engine, algorithm, **wishes):
    options = {"familiar_ratio": 0.0, "reasons": 0, "algorithm": algorithm}
    return [engine.recommend(listener, **options, **wishes) for listener in LISTENERS]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("genre", ["jazz", "metal", "reggae"])
def test_most_of_a_list_is_of_the_genre_asked_for(engine, algorithm, genre):
    wanted = of_genre(engine, genre)
    plain, wished = (ask(engine, algorithm, preferences=each) for each in (None, {"genres": [genre]}))
    assert (share(wished, wanted) >= 0.6).all(), share(wished, wanted)
    assert share(wished, wanted).mean() > 0.9 > share(plain, wanted).mean()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_lists_have_the_energy_asked_for(engine, algorithm):
    heard = energies(engine)

    def mean(**wishes):
        return np.mean([heard[each.item_id] for answer in ask(engine, algorithm, **wishes) for each in answer.tracks])

    plain = mean()
    assert mean(preferences={"energy_level": "low"}) < 0.3 < plain < 0.7 < mean(preferences={"energy_level": "high"})
    assert mean(context={"mood": "sad"}) < plain < mean(context={"mood": "excited"})
    assert mean(context={"activity": "sleep"}) < plain < mean(context={"activity": "workout"})


def test_a_wish_leaves_reasons_exact(engine):
    """In the odds of the trees as without: the score with a listen less what the listen does is the one without it."""
    for answer in ask(engine, "hybrid_deep", preferences={"genres": ["jazz"]})[:3]:
        listener = answer.user_id
        full = engine.recommend(listener, familiar_ratio=0.0, preferences={"genres": ["jazz"]})
        checked = 0
        for track in full.tracks:
            before = engine.score(listener, track.item_id) - 1
            for because in track.because:
                alone = engine.score(listener, track.item_id, without=because.item_id) - 1
                odds = alone / (1 - alone) * (100 if track.context_effect else 1)
                assert because.score_without == pytest.approx(1 + odds / (1 + odds), abs=1e-4)
                assert because.score_without + because.effect == pytest.approx(track.score, abs=1e-4)
                assert alone < before
                checked += 1
        assert checked
