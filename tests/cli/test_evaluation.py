"""``ml evaluate``: a table for people, JSON for programs, on stdout alone."""

import json

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation.errors import BadInput

runner = CliRunner()


@pytest.fixture
def files(tmp_path):
    def write(name, *, held):
        heard = {
            user: [item for item in range(user % 2, 20, 2) if ((user + item) % 5 == 0) == held] for user in range(40)
        }
        (tmp_path / name).write_text("".join(f"{user} {' '.join(map(str, some))}\n" for user, some in heard.items()))

    write("train.txt", held=False)
    write("test.txt", held=True)
    return ["--train", str(tmp_path / "train.txt"), "--test", str(tmp_path / "test.txt")]


def test_json_is_as_the_manual_says(files):
    result = runner.invoke(app, ["evaluate", *files, "--models", "item_knn", "-k", "5,10", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["protocol"]["k"] == [5, 10]
    values = found["models"]["item_knn"]
    assert set(values["recall@5"]) == {"value", "ci", "above_baseline", "above_baseline_ci"}
    assert {"ndcg@10", "fit_seconds", "score_seconds", "peak_mb"} <= set(values)


def test_the_table_has_the_best_first(files):
    result = runner.invoke(app, ["evaluate", *files, "--models", "item_knn,popularity"])
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert "discovery — published: train.txt / test.txt; 40 listeners judged" in lines[0]
    assert [line.split()[0] for line in lines[2:4]] == ["item_knn", "popularity"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--train", "a.txt"], "give both --train FILE and --test FILE"),
        (["--valid", "a.txt"], "give both --train FILE and --test FILE"),
        (["--train", "a.txt", "--test", "b.txt", "--split", "time"], "leave out --kind and --split"),
        (["--train", "nowhere.txt", "--test", "b.txt"], "nowhere.txt: there is no such file"),
        (["-k", "ten"], "is no list of lengths"),
        (["-k", "0"], "at least one place"),
    ],
)
def test_mistakes_are_explained(arguments, message):
    result = runner.invoke(app, ["evaluate", *arguments])
    assert isinstance(result.exception, BadInput)
    assert message in f"{result.exception.message} {result.exception.hint}"
