"""``ml evaluate``: a table for people, JSON for programs, on stdout alone."""

import json
import shlex

import pytest
from typer.testing import CliRunner

from ml.cli import evaluation
from ml.cli.main import app
from ml.cli.outcome import exit_code
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


def test_the_command_that_is_said_gives_the_same_again(files, tmp_path):
    spaced = tmp_path / "a folder with 'signs'"
    spaced.mkdir()
    (spaced / "train.txt").write_text((tmp_path / "train.txt").read_text())
    arguments = ["--train", str(spaced / "train.txt"), *files[2:], "--models", "bpr", "-k", "5, 3", "--seed", "4"]
    shown = runner.invoke(app, ["evaluate", *arguments]).stdout.splitlines()
    found = json.loads(runner.invoke(app, ["evaluate", *arguments, "--json"]).stdout)
    program, *words = shlex.split(found["protocol"]["command"])
    assert (program, words[0]) == ("ml", "evaluate")
    assert shown[-1] == found["protocol"]["command"]
    again = json.loads(runner.invoke(app, [*words, "--json"]).stdout)
    assert again["protocol"] == found["protocol"]
    assert again["models"]["bpr"]["ndcg@5"] == found["models"]["bpr"]["ndcg@5"]
    assert again["models"]["bpr"]["by_activity"] == found["models"]["bpr"]["by_activity"]


def test_the_command_names_the_workspace_where_the_line_did(monkeypatch, tmp_path):
    asked = {}

    class World:
        def evaluate(self, **options):
            asked.update(options)
            raise BadInput("enough")

        def close(self):
            pass

    monkeypatch.setattr("ml.app.App.of_settings", lambda _: World())
    runner.invoke(app, ["--home", str(tmp_path / "my home"), "evaluate", "--kind", "artist"])
    expected = f"ml --home '{tmp_path}/my home' evaluate --kind artist --split auto -k 10,20 --task discovery --seed 0"
    assert asked["command"] == expected
    runner.invoke(app, ["evaluate"])
    assert asked["command"] == "ml evaluate --split auto -k 10,20 --task discovery --seed 0"


def test_a_page_beside_json_leaves_stdout_to_json(files, tmp_path):
    page = tmp_path / "page.html"
    result = runner.invoke(app, ["evaluate", *files, "--models", "item_knn", "--html", str(page), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert str(page) in result.stderr
    text = page.read_text(encoding="utf-8")
    assert f"{found['models']['item_knn']['ndcg@20']['value']:.4f}" in text
    assert found["protocol"]["command"] in text
    bands = found["models"]["item_knn"]["by_item_popularity"]
    assert {"name", "from_listeners", "to_listeners", "n_items", "n_listeners", "k", "recall"} == set(bands[0])
    assert {"mean", "low", "high", "level", "n"} == set(bands[0]["recall"])


@pytest.mark.parametrize("name", ["nowhere/page.html", ".", "test.txt"])
def test_a_page_that_cannot_be_written_is_refused_before_the_work(files, tmp_path, monkeypatch, name):
    def work(*_args, **_options):
        pytest.fail("the models were fitted")

    monkeypatch.setattr(evaluation, "evaluate_files", work)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    result = runner.invoke(app, ["evaluate", *files, "--html", str(tmp_path / name)])
    assert isinstance(result.exception, BadInput)
    assert exit_code(result.exception) == 2
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--train", "a.txt"], "give both --train FILE and --test FILE"),
        (["--valid", "a.txt"], "give both --train FILE and --test FILE"),
        (["--train", "a.txt", "--test", "b.txt", "--split", "time"], "leave out --kind and --split"),
        (["--train", "nowhere.txt", "--test", "b.txt"], "nowhere.txt: there is no such file"),
        (["-k", "ten"], "is no list of lengths"),
        (["-k", "0"], "at least one place"),
        (["-k", "99999999999999999999"], "at most 1,000,000 places"),
        (["--train", "a.txt", "--test", "b.txt", "--minutes", "3"], "nothing to search on"),
        (["--train", "a.txt", "--test", "b.txt", "--valid", "c.txt", "--minutes", "inf"], "no time to search in"),
    ],
)
def test_mistakes_are_explained(arguments, message):
    result = runner.invoke(app, ["evaluate", *arguments])
    assert isinstance(result.exception, BadInput)
    assert message in f"{result.exception.message} {result.exception.hint}"


def test_a_validation_file_is_searched_by_trials_first(files, tmp_path):
    """On small data, twenty trials are over long before twenty minutes, and the numbers are the same again."""
    test = (tmp_path / "test.txt").read_text().splitlines()
    (tmp_path / "valid.txt").write_text("\n".join(" ".join(line.split()[:2]) for line in test) + "\n")
    arguments = ["evaluate", *files, "--valid", str(tmp_path / "valid.txt"), "--models", "item_knn", "--json"]
    found = json.loads(runner.invoke(app, arguments, catch_exceptions=False).stdout)
    assert found["models"]["item_knn"]["tuning"]["trials"] == 20
    assert "--minutes 20 --trials 20" in found["protocol"]["command"].replace("20.0", "20")
    assert "settings searched on it: 20 min in all, 20 trials of each model" in found["protocol"]["split"]
