"""The engine as the contract writes it, on the demo world, before any data, and after an import."""

import ast
import inspect
import re
import shutil
from pathlib import Path

import pytest

import ml
from ml.app import App
from ml.foundation.errors import EmptyWorkspace, NotTrained
from ml.foundation.settings import Settings
from ml.recommendation_engine import (
    EnhancedRecommendationEngine,
    RecommendationEngine,
    get_contextual_recommendations,
    get_recommendations,
    process_recommendations_batch,
)

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SYNTHETIC = "synthetic demo world: nobody and nothing in it is real"

pytestmark = pytest.mark.slow


@pytest.fixture
def demo(demo_home, in_home):
    return in_home(demo_home)


async def test_the_engine_as_written(demo):
    engine = EnhancedRecommendationEngine()
    result = await engine.get_recommendations(
        user_id="user_12345",
        context={"mood": "energetic", "activity": "workout"},
        algorithm="hybrid_deep",
        count=10,
    )
    tracks = result["tracks"]
    assert [track["rank"] for track in tracks] == list(range(1, 11))
    assert len({track["item_id"] for track in tracks}) == 10
    assert sum(track["familiar"] for track in tracks) == 2
    assert all(track["why"].startswith(("because you played ", "you played it ")) for track in tracks)
    assert result["algorithm"] == "hybrid_deep"
    assert result["notices"] == (SYNTHETIC,)
    assert result["context"] == {"mood": "energetic", "activity": "workout"}
    assert any(track["context_effect"] for track in tracks)


async def test_the_module_functions_as_written(demo):
    plain = await get_recommendations(user_id="user_12345", context={"activity": "workout"})
    contextual = await get_contextual_recommendations(
        user_id="user_12345",
        context={"time_of_day": "morning", "activity": "commute", "location": "train", "device": "phone"},
        preferences={"energy_level": 0.8, "familiar_ratio": 1.0},
    )
    user_ids = ["user_12345", "user_12346", "user_12347"]
    batch = await process_recommendations_batch(user_ids)
    assert len(plain["tracks"]) == len(contextual["tracks"]) == 10
    assert all(track["familiar"] for track in contextual["tracks"])
    assert [answer["user_id"] for answer in batch] == user_ids
    assert contextual["context"]["activity"] == "commute"
    assert plain["context"] == {"activity": "workout"}
    assert batch[0]["tracks"] != batch[1]["tracks"]
    own = await EnhancedRecommendationEngine().process_recommendations_batch(user_ids)
    assert [[track["item_id"] for track in answer["tracks"]] for answer in own] == [
        [track["item_id"] for track in answer["tracks"]] for answer in batch
    ]
    assert [answer["algorithm"] for answer in batch] == ["hybrid_deep"] * 3


async def test_every_answer_of_the_demo_world_says_that_it_is_synthetic(demo):
    engine = RecommendationEngine()
    answers = [
        engine.recommend("user_12345"),
        engine.recommend("somebody:else"),
        engine.similar("demo:artist/1"),
        await get_recommendations(user_id="user_12345"),
        *await process_recommendations_batch(["user_12346"]),
    ]
    assert [SYNTHETIC in answer["notices"] for answer in answers] == [True] * len(answers)


@pytest.mark.parametrize("page", ["README.md", "docs/quickstart.md"])
async def test_the_python_of_the_manual_runs_as_it_is_written(page, demo, capsys):
    names = {}
    for number, block in enumerate(PYTHON.findall((REPOSITORY / page).read_text(encoding="utf-8"))):
        # A module of its own for the cache, which asks functions where they come from.
        names["__name__"] = "manual"
        code = compile(block, f"{page} block {number}", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        running = eval(code, names)
        if inspect.isawaitable(running):
            await running
    assert "because you played" in capsys.readouterr().out


FIRST_QUESTIONS = {
    "RecommendationEngine()": RecommendationEngine,
    "EnhancedRecommendationEngine()": EnhancedRecommendationEngine,
    "get_recommendations": lambda: get_recommendations(user_id="user_12345"),
    "get_contextual_recommendations": lambda: get_contextual_recommendations(user_id="user_12345"),
    "process_recommendations_batch": lambda: process_recommendations_batch(["user_12345"]),
}


@pytest.mark.parametrize("ask", FIRST_QUESTIONS.values(), ids=FIRST_QUESTIONS)
async def test_before_any_data_both_ways_out_are_named(ask, tmp_path):
    with pytest.raises(EmptyWorkspace) as caught:
        answer = ask()
        if inspect.isawaitable(answer):
            await answer
    assert "ml demo" in caught.value.hint
    assert "ml import" in caught.value.hint
    assert caught.value.message.startswith(str(tmp_path / "ml-home"))


async def test_once_real_data_are_there_they_answer_in_the_same_process(demo_home, in_home, tmp_path, history_file):
    home = shutil.copytree(demo_home, tmp_path / "both")
    settings = in_home(home)
    before = await get_recommendations(user_id="calm-1")
    assert SYNTHETIC in before["notices"]

    app = App(settings)
    app.import_path(history_file)
    with pytest.raises(NotTrained, match="ml train"):
        RecommendationEngine().recommend("calm-1")
    app.train(judge=False)

    after = await get_recommendations(user_id="calm-1", count=5)
    again = EnhancedRecommendationEngine().recommend("calm-1", count=5)
    assert after["tracks"] == again["tracks"]
    assert len(after["tracks"]) == 5
    assert all(track["title"].startswith("calm song") for track in after["tracks"])
    assert SYNTHETIC not in after["notices"]
    app.close()


def test_an_engine_that_is_held_goes_on_answering_while_data_are_imported(demo_home, in_home, tmp_path, history_file):
    home = shutil.copytree(demo_home, tmp_path / "both")
    settings = in_home(home)
    held = RecommendationEngine()
    first = held.recommend("user_12345")
    app = App(settings)
    app.import_path(history_file)
    app.close()
    again = held.recommend("user_12345")
    # Scores of replay fade with every second.
    assert [track.item_id for track in again.tracks] == [track.item_id for track in first.tracks]
    assert SYNTHETIC in again.notices


def test_settings_changed_in_python_reach_what_is_built_afterwards(demo):
    assert isinstance(ml.ML_CONFIG, Settings)
    ml.ML_CONFIG["recommendation_engine"].familiar_ratio = 1.0
    answer = RecommendationEngine().recommend("user_12345")
    assert len(answer.tracks) == 10
    assert all(track.familiar for track in answer.tracks)
