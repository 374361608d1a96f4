"""Searches measured by judgements, and the gate that keeps them good."""

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.foundation.errors import BadInput
from ml.intelligent_search.relevance import compare, measure, read_judgements, read_queries, read_run, write_run
from ml.metrics.retrieval import first_relevant, found_relevant, graded_ndcg

#: What should be found for what in the small world, by name: 2 is what was meant, 1 is what goes with it.
GATE = {
    "beatels": {"The Beatles": 2},
    "eatles": {"The Beatles": 2},
    "radio hed": {"Radiohead": 2},
    "die artze": {"Die Ärzte": 2},
    "westrland": {"Westerland": 2},
    "kino": {"Кино": 2},
    "ok computer": {"OK Computer": 2, "No Surprises": 1},
    "radiohead creep": {"Creep": 2},
    "crep radiohed": {"Creep": 2},
    "sigur ros": {"Sigur Rós": 2, "Hoppípolla": 1, "Takk": 1},
    "calm instrumental piano": {"Rain": 2, "Study": 2},
    "sad 90s rock": {"Creep": 2, "No Surprises": 2, "Pablo Honey": 1},
    "energetic 80s": {"Группа крови": 2, "Westerland": 2},
    "fast punk in german": {"Westerland": 2},
    "songs from the 60s": {"Help!": 2, "Yesterday": 2, "Come Together": 2, "Abbey Road": 2},
}
LEAST = {"ndcg": 0.97, "mrr": 0.99, "recall": 0.99}


def measured(engine):
    """Measure the gate's queries, with documents named as people name them."""

    def find(text):
        found, named = engine.search(text), {}
        for hit in found.hits:
            named.setdefault(hit.name, replace(hit, id=hit.name))
        return replace(found, hits=tuple(named.values()))

    return measure(find, {text: text for text in GATE}, GATE)


def test_what_should_be_found_is_found(app):
    found = measured(app.search_engine)
    assert {name: mean.mean >= LEAST[name] for name, mean in found.metrics.items()} == dict.fromkeys(LEAST, True)
    assert found.nothing_found == 0


def test_words_that_may_not_be_misspelt_turn_the_gate_red(app, monkeypatch):
    monkeypatch.setattr("ml.intelligent_search.lexical.words._ONE_EDIT", 40)
    assert measured(app.search_engine).metrics["ndcg"].mean < LEAST["ndcg"]


def test_metrics_of_a_ranking_that_was_worked_out_by_hand():
    judged = {"a": 3, "b": 1}
    assert graded_ndcg(["a", "b"], judged, k=10) == 1.0
    gain, ideal = 1 + 3 / math.log2(3), 3 + 1 / math.log2(3)
    assert graded_ndcg(["b", "a"], judged, k=10) == pytest.approx(gain / ideal)
    assert graded_ndcg(["x", "y", "a"], judged, k=2) == 0.0
    assert first_relevant(["x", "y", "b"], judged, k=10) == pytest.approx(1 / 3)
    assert found_relevant(["b"], judged, k=10) == 0.5
    assert math.isnan(graded_ndcg(["a"], {"a": 0}, k=10))


@given(
    st.lists(st.sampled_from("abcdef"), unique=True),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3), min_size=1),
)
def test_the_ideal_order_is_never_beaten(ranked, judged):
    ideal = sorted(judged, key=lambda one: -judged[one])
    value, best = graded_ndcg(ranked, judged, k=10), graded_ndcg(ideal, judged, k=10)
    assert math.isnan(best) or (0 <= value <= 1 + 1e-12 and best == pytest.approx(1.0))


def test_a_comparison_counts_queries(app):
    first = {name: {"ndcg": 1.0, "mrr": 1.0, "recall": 1.0} for name in "abcd"}
    second = {name: {"ndcg": 0.5, "mrr": 1.0, "recall": 1.0} for name in "bcde"}
    found = compare(first, second)
    assert found.better["ndcg"] == 3
    assert found.worse["ndcg"] == 0
    assert found.differences["ndcg"].mean == 0.5
    with pytest.raises(BadInput, match="no query in common"):
        compare(first, {})


@pytest.mark.parametrize(
    ("text", "says"),
    [("q1 0 d1", "line 1: 3 columns"), ("q1 0 d1 1\nq1 0 d2 much", "line 2: grade 'much'")],
)
def test_judgements_that_cannot_be_read_say_where(tmp_path, text, says):
    file = tmp_path / "qrels.txt"
    file.write_text(text)
    with pytest.raises(BadInput, match=says):
        read_judgements(file)


def test_queries_that_cannot_be_read_say_where(tmp_path):
    file = tmp_path / "q.tsv"
    file.write_text("1\tcreep\nhelp\n")
    with pytest.raises(BadInput, match="line 2: no id and text"):
        read_queries(file)


def test_a_run_is_read_as_it_was_written(tmp_path):
    run = {"q 1": [("test:a b", 0.9), ("test:c", 0.4)], "q2": [("x", 0.1)]}
    write_run(tmp_path / "run.txt", run)
    assert read_run(tmp_path / "run.txt") == {"q 1": ["test:a b", "test:c"], "q2": ["x"]}


def test_the_command_measures_and_compares(app, tmp_path, capsys, monkeypatch):
    from typer.testing import CliRunner

    from ml.cli.main import app as command_line

    home = app.workspace.home
    app.close()
    monkeypatch.setenv("ML_HOME", str(home))
    from ml.foundation import configuration

    configuration.forget()
    (tmp_path / "q.tsv").write_text("1\tcrep\n2\tcalm piano\n")
    (tmp_path / "qrels.txt").write_text("1 0 test:track/Creep 1\n2 0 test:track/Rain 2\n")
    where = [str(tmp_path / "q.tsv"), str(tmp_path / "qrels.txt")]
    done = CliRunner().invoke(
        command_line, ["search", "evaluate", *where, "--versus", "understand=false", "--json"], catch_exceptions=False
    )
    configuration.forget()
    assert done.exit_code == 0
    found = json.loads(done.output)
    assert found["queries"] == 2
    assert found["metrics"]["recall"]["mean"] == 1.0
    assert set(found["versus"]["differences"]) == {"ndcg", "mrr", "recall"}
