"""`ml onboard`: the interview at the terminal, and what it prints."""

from types import SimpleNamespace

import pytest

from ml.cli import onboarding
from ml.recommendation_engine import Onboarding, Question, Recommendation, Recommendations

NAMES = ("Ada", "Bea", "Cem", "Dov")


class Engine:
    """Asks about the names in their order, and remembers what it was told."""

    def __init__(self):
        self.told = []

    def onboard(self, answers, *, questions, count, **about):
        self.told.append((list(answers), about))
        left = [name for name in NAMES if f"x:{name}" not in {artist for artist, _ in answers}]
        asked = tuple(Question(f"x:{name}", name, 0.5, 0.25) for name in left[:questions])
        track = Recommendation("x:1", "track", "Song", "Ada", 1, 0.5, "hybrid", False, "because you like Ada")
        answer = Recommendations("", "hybrid", "track", (track,), 0.0, ("synthetic",))
        return Onboarding(asked, answer, len(answers))


@pytest.fixture
def engine():
    return Engine()


def interview(engine, typed, monkeypatch, count=4):
    keys = iter(typed)
    monkeypatch.setattr(onboarding.typer, "prompt", lambda *_, **__: next(keys))
    return onboarding.interview(SimpleNamespace(engine=engine), count, {"age": 30})


def test_each_answer_decides_what_is_asked_next(engine, monkeypatch):
    answers = interview(engine, ["y", "n", "", "Y"], monkeypatch)
    assert answers == [("x:Ada", "like"), ("x:Bea", "dislike"), ("x:Cem", "unknown"), ("x:Dov", "like")]
    assert [told for told, _ in engine.told] == [answers[:n] for n in range(4)]
    assert all(about == {"age": 30} for _, about in engine.told)


def test_another_key_asks_again_and_q_ends(engine, monkeypatch, capsys):
    assert interview(engine, ["maybe", "y", "q"], monkeypatch) == [("x:Ada", "like")]
    assert "y, n, Enter or q" in capsys.readouterr().out


def test_it_ends_where_nobody_is_left_to_ask_about(engine, monkeypatch):
    assert len(interview(engine, ["y"] * 9, monkeypatch, count=9)) == len(NAMES)


def test_what_is_recommended_and_asked_is_shown(engine, capsys):
    onboarding.show(engine.onboard([("x:Ada", "like")], questions=2, count=1))
    shown = capsys.readouterr().out
    onboarding.show(engine.onboard([], questions=2, count=1), "de")
    german = capsys.readouterr().out
    for words in ("Als Nächstes fragen", "noch ist nichts beantwortet", "0,50 Bit, 25 % der Hörer", "Hinweis:", "neu"):
        assert words in german
    for words in ("Song", "because you like Ada", "after one answer", "Bea", "0.50 bits", "25% of the listeners"):
        assert words in shown
