"""A day of a listener of the demo world, answered by `hybrid_deep` as it is shipped: answers shift as is expected."""

import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from ml.app import App
from ml.data.schema import aliases, features, listens, tags
from ml.foundation import configuration
from ml.recommendation_engine import EngineParts, RecommendationEngine

pytestmark = pytest.mark.slow

ME = "user_12345"
ID = (aliases.c.source + ":" + aliases.c.external_id).label("id")
MORNING_GENRE, EVENING_GENRE = "metal", "classical"


class Day:
    """The engine of a workspace, at a moment that goes on."""

    def __init__(self, app):
        parts = app.engine_parts()
        with parts.store.read() as connection:
            newest = connection.execute(select(func.max(listens.c.listened_at))).scalar_one()
            energy = select(ID, features.c.value).join(features, aliases.c.item_key == features.c.item_key)
            self.energy = dict(connection.execute(energy.where(features.c.feature == "energy")).all())
            tagged = select(ID, tags.c.tag).join(tags, tags.c.item_key == aliases.c.item_key)
            self.genres = set(connection.execute(tagged).all())
        self.now = datetime.fromtimestamp(newest / 1000, UTC) + timedelta(days=1)
        self.engine = RecommendationEngine(
            EngineParts(parts.store, parts.models_root, parts.settings, parts.pool, clock=self.clock)
        )

    def clock(self):
        return int(self.now.timestamp() * 1000)

    def ask(self, **options):
        answer = self.engine.recommend(ME, **{"count": 30, "familiar_ratio": 0.0, "reasons": 0, **options})
        assert answer.algorithm == "hybrid_deep"
        return answer.tracks

    def share(self, genre):
        return np.mean([(track.item_id, genre) in self.genres for track in self.ask()])

    def loudness(self, **options):
        return np.mean([self.energy[track.item_id] for track in self.ask(**options)])

    def some(self, genre, count):
        """Tracks of a genre that the listener does not know, as they would be offered."""
        found = self.ask(preferences={"genres": [genre]}, count=60, max_per_artist=2)
        return [track.item_id for track in found if (track.item_id, genre) in self.genres][:count]

    def tell(self, item, event="play", **more):
        self.engine.record(ME, item, event=event, at=self.now, **more)
        self.now += timedelta(minutes=3)


@pytest.fixture
def day(demo_home, in_home, tmp_path):
    app = App.of_settings(in_home(shutil.copytree(demo_home, tmp_path / "copy")))
    yield Day(app)
    app.close()


def test_a_day_shifts_the_answers(day):
    before = {genre: day.share(genre) for genre in (MORNING_GENRE, EVENING_GENRE)}

    for item in day.some(MORNING_GENRE, 6):
        day.tell(item)
    morning = day.share(MORNING_GENRE)
    assert morning > before[MORNING_GENRE]

    # At noon the mood changes: what was fine this morning is skipped at once, something else is played.
    day.now += timedelta(hours=4)
    for item in day.some(MORNING_GENRE, 3):
        day.tell(item, "skip", ms_played=4_000)
    played = day.some(EVENING_GENRE, 6)
    for item in played:
        day.tell(item)
    assert day.share(MORNING_GENRE) < morning
    assert day.share(EVENING_GENRE) > before[EVENING_GENRE]

    # In the evening it is said in words.
    day.now += timedelta(hours=8)
    plain = day.loudness()
    assert day.loudness(context={"mood": "calm"}) < plain < day.loudness(context={"mood": "energetic"})
    assert day.loudness(context={"activity": "sleep"}) < plain < day.loudness(context={"activity": "workout"})
    assert not set(played) & {track.item_id for track in day.ask(count=200)}


def test_a_dislike_and_a_hidden_artist_are_obeyed_at_once(day):
    first, second, *_ = day.ask()
    day.tell(first.item_id, "dislike")
    day.tell(second.item_id, "hide_artist")
    after = day.ask(count=200, max_per_artist=200)
    assert first.item_id not in {track.item_id for track in after}
    assert second.artist not in {track.artist for track in after}


def test_the_same_question_at_the_same_moment_has_the_same_answer_in_another_copy(day, demo_home, in_home, tmp_path):
    other = App.of_settings(in_home(shutil.copytree(demo_home, tmp_path / "other")))
    twin = Day(other)
    twin.now = day.now
    for each in (day, twin):
        each.tell("demo:track/1", "like")
    assert day.ask(reasons=3) == twin.ask(reasons=3)
    other.close()


def test_the_card_says_whose_scores_are_crosswise(day):
    scores = App.of_settings(configuration.current()).model_card()["about"]["scores"]
    assert {name for name, values in scores.items() if "judged" in values} == {"hybrid_deep"}
    assert "ndcg@20" in scores["hybrid_deep"]
