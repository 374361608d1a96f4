"""``ml tune``, and what comes of it in ``ml train`` and ``ml evaluate``."""

import json
import signal
import subprocess
import sys
import time

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation.errors import BadInput

runner = CliRunner()


def ran(*arguments):
    result = runner.invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    """Four circles of listeners; one factor cannot tell them apart."""
    monkeypatch.setenv("ML_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ML_RECOMMENDATION_ENGINE__NUM_FACTORS", "1")
    rows = ["user,title,artist,plays"]
    for user in range(60):
        rows += [f"u{user},track {n},artist {n},2" for n in range(user % 4, 40, 4) if (n + user) % 5]
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n")
    ran("import", str(tmp_path / "counts.csv"))
    return tmp_path / "home"


def test_found_settings_are_trained_measured_and_forgotten(workspace):
    found = json.loads(ran("tune", "--models", "ials", "--trials", "5", "--json"))
    settings = found["models"]["ials"]["settings"]
    assert settings["factors"] > 1
    (version,) = [json.loads(ran("train", "--json"))["version"]]
    card = json.loads((workspace / "models" / version / "ials" / "card.json").read_text())
    assert {key: card["config"][key] for key in settings} == settings
    same = json.loads(ran("evaluate", "--models", "ials", "--json"))
    assert same["models"]["ials"]["settings"] == settings
    other = json.loads(ran("evaluate", "--models", "ials", "--seed", "1", "--json"))
    assert "settings" not in other["models"]["ials"], "another seed tests on what the search has seen"
    assert f"settings of `ml tune`: ials (factors {settings['factors']}" in ran("train").replace("\n", " ")
    shown = ran("tune", "--models", "ials", "--trials", "6")
    assert "6 (1 new)" in shown
    assert "ml train" in shown
    assert "no settings to forget" in ran("tune", "--forget", "--kind", "artist")
    assert "the defaults hold again" in ran("tune", "--forget")
    assert "no settings to forget" in ran("tune", "--forget")
    assert json.loads(ran("tune", "--forget", "--json")) == {"removed": 0}


def test_files_are_searched_without_a_workspace(tmp_path):
    lines = [f"{user} {' '.join(str(n) for n in range(user % 4, 40, 4))}" for user in range(40)]
    (tmp_path / "train.txt").write_text("\n".join(lines) + "\n")
    options = ["--train", str(tmp_path / "train.txt"), "--models", "item_knn", "--trials", "2"]
    found = json.loads(ran("tune", *options, "--json"))
    assert found["split"].startswith("train.txt, no dates: a seeded 20%")
    assert found["models"]["item_knn"]["trials"] == 2


def test_ctrl_c_says_that_nothing_is_lost(workspace):
    """Stopped in the middle of a trial; what was judged before is there, and the search goes on from it."""
    code = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from ml.cli.main import run; run()"
    command = [sys.executable, "-c", code, "tune", "--models", "ials", "--minutes", "5"]
    searching = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    journals = workspace / "reports" / "tuning" / "searches"
    while not any('"scores"' in path.read_text() for path in journals.glob("*.log")):
        assert searching.poll() is None, searching.communicate()
        time.sleep(0.05)
    searching.send_signal(signal.SIGINT)
    out, err = searching.communicate(timeout=60)
    assert (searching.returncode, out) == (130, ""), err
    assert "what was stored stays" in err
    assert "Traceback" not in err
    found = json.loads(ran("tune", "--models", "ials", "--trials", "3", "--json"))
    assert found["models"]["ials"]["trials"] >= 3


def test_models_that_time_was_over_for_are_named(workspace):
    shown = ran("tune", "--models", "ials,item_knn", "--minutes", "0.000001")
    assert "no time for item_knn, ials: give more with --minutes" in shown.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--valid", "a.txt"], "give --train FILE too"),
        (["--train", "a.txt", "--task", "next_listen"], "leave out --kind, --split and --task"),
        (["--train", "nowhere.txt"], "nowhere.txt: there is no such file"),
        (["--minutes", "0"], "no time to search in"),
        (["--trials", "0"], "0 trials are none"),
    ],
)
def test_mistakes_are_explained(arguments, message):
    result = runner.invoke(app, ["tune", *arguments])
    assert isinstance(result.exception, BadInput)
    assert message in f"{result.exception.message} {result.exception.hint}"
