"""How long the everyday things take: `pytest tests/performance --benchmark-only`.

Nothing here is held to a time, since machines differ and are shared; the numbers that are
promised come from `make bench`. What each test holds is that the work was really done.
"""

import csv
import shutil

import pytest

from ml import cache_ml_result
from ml.app import App
from ml.data.demo import DemoSize
from ml.foundation.settings import Settings
from ml.recommendation_engine import RecommendationEngine

pytestmark = pytest.mark.slow

SIZE = DemoSize(listeners=400, tracks=1_500, artists=200, listens=40_000)
ROWS = 20_000


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """A demo world, small enough for every run of the tests."""
    settings = Settings()
    settings.storage.home = tmp_path_factory.mktemp("speed")
    opened = App.demo(settings, size=SIZE)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine(app):
    made = RecommendationEngine(app.engine_parts())
    made.recommend("user_10000")  # loading the models is no part of an answer
    return made


@pytest.fixture
def rows_file(tmp_path):
    """A history of listeners who each hear a track a minute."""
    file = tmp_path / "history.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["user", "title", "artist", "listened_at"])
        writer.writerows(
            (f"listener {row % 50}", f"song {row % 997}", f"artist {row % 997 % 97}", 1_700_000_000 + 60 * row)
            for row in range(ROWS)
        )
    return file


def test_one_recommendation_with_reasons(benchmark, engine):
    answer = benchmark(engine.recommend, "user_10001")
    assert len(answer.tracks) == 10
    assert any(track.because for track in answer.tracks)


def test_a_batch_of_all_listeners(benchmark, engine):
    answers = benchmark.pedantic(lambda: list(engine.recommend_batch()), rounds=3)
    assert len(answers) == SIZE.listeners
    assert all(len(answer.tracks) == 10 for answer in answers)


def test_recording_a_listen(benchmark, engine):
    assert benchmark.pedantic(engine.record, ("user_10002", "demo:track/1"), rounds=20).event == "play"


def test_similar_tracks(benchmark, engine):
    assert len(benchmark(engine.similar, "demo:track/1").items) == 10


def test_importing_20_000_rows(benchmark, rows_file, tmp_path):
    def fresh():
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        settings = Settings()
        settings.storage.home = tmp_path / "home"
        return (App(settings),), {}

    def work(opened):
        summary = opened.import_path(rows_file)
        opened.close()
        return summary

    assert benchmark.pedantic(work, setup=fresh, rounds=3).added["listens"] == ROWS


def test_a_cache_hit(benchmark):
    computed = []

    @cache_ml_result(ttl=600)
    def answer(user_id, wishes):
        computed.append(user_id)
        return {"user_id": user_id, **wishes}

    wishes = {"mood": "calm", "minutes": 30}
    assert benchmark(answer, "user_10001", wishes) == {"user_id": "user_10001", **wishes}
    assert computed == ["user_10001"]
