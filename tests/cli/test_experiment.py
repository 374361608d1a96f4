"""``ml experiment`` from the first word to the page, on a small history."""

import csv
import json
import shlex
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from ml.app import App
from ml.cli.main import app as command
from ml.cli.outcome import exit_code
from ml.foundation import configuration
from ml.foundation.errors import BadInput, MLError, NotTrained, UnknownId
from ml.models import files, pointer

START = datetime(2026, 1, 1, tzinfo=UTC)
runner = CliRunner()


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Home of a workspace with forty listeners and models."""
    home = tmp_path_factory.mktemp("experiment") / "home"
    file = home.parent / "plays.csv"
    with file.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["user", "title", "artist", "timestamp"])
        for listener in range(40):
            for number in range(24):
                if (number + listener) % 3:
                    at = START + timedelta(hours=listener * 31 + number * 7)
                    rows.writerow([f"u{listener}", f"song {number}", f"artist {number % 8}", at.isoformat()])
    opened = App(configured(home))
    opened.import_path(file)
    opened.train(judge=False)
    opened.close()
    return home


def configured(home):
    settings = configuration.current().model_copy(deep=True)
    settings.storage.home = home
    settings.recommendation_engine.num_factors = 8
    return settings


@pytest.fixture
def ml(trained):
    """Run a line of the command; give its JSON where it was asked for."""
    from ml.foundation import resolver

    def run(line):
        resolver.reset()
        result = runner.invoke(command, ["--home", str(trained), *shlex.split(line)], catch_exceptions=True)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout) if "--json" in line else result.stdout

    yield run
    for each in json.loads(runner.invoke(command, ["--home", str(trained), "experiment", "list", "--json"]).stdout):
        if each["state"] != "stopped":
            runner.invoke(command, ["--home", str(trained), "experiment", "stop", each["name"]])


def test_from_a_definition_to_a_page(ml, tmp_path):
    made = ml(
        "experiment create dial --variant A --variant 'B={\"familiar_ratio\": 1.0}' --metric plays --guardrail skips"
        " --min-listens 3 --window-days 0.5 --planned 400 --min-effect 0.1 --json"
    )
    assert (made["state"], made["share"]) == ("draft", 0.0)
    assert made["definition"]["targeting"]["min_listens"] == 3
    assert ml("experiment start dial --share 0.5 --json")["share"] == 0.5
    assert ml("experiment ramp dial --share 1 --json")["state"] == "running"
    familiar = {}
    for listener in range(40):
        tracks = ml(f"recommend u{listener} -n 5 --json")["tracks"]
        familiar[listener] = all(track["familiar"] for track in tracks)
    shown = ml("experiment show dial --json")
    assert shown["exposed"] == 40
    assert 8 < sum(familiar.values()) < 32, "the variant's dial turned the answers of its listeners"
    again = {
        listener: all(t["familiar"] for t in ml(f"recommend u{listener} -n 5 --json")["tracks"]) for listener in (0, 1)
    }
    assert again.items() <= familiar.items()
    page = tmp_path / "page.html"
    found = ml(f"experiment report dial --json --html {page}")
    assert sum(arm["exposed"] for arm in found["arms"]) == 40
    arms = {arm["variant"]: arm["exposed"] for arm in found["arms"]}
    assert arms["B"] == sum(familiar.values())
    assert found["decision"]["do"] == "continue"
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "keep running" in ml("experiment report dial")
    assert "familiar_ratio" in ml("experiment show dial")
    stopped = ml("experiment stop dial --json")
    assert (stopped["state"], stopped["share"], stopped["last_share"]) == ("stopped", 0.0, 1.0)
    assert "dial" in ml("experiment list")
    assert "100.0%" not in ml("experiment list")
    assert "0.0% of it now, 100.0% until it was stopped; 40 listeners so far" in ml("experiment show dial")


def test_what_the_caller_names_is_not_part_of_the_experiment(ml):
    ml("experiment create named --variant A --variant 'B={\"familiar_ratio\": 1.0}' --metric plays")
    ml("experiment start named")
    ml("recommend u1 --familiar 0.0")
    assert ml("experiment show named --json")["exposed"] == 0
    ml("recommend u1 --algorithm hybrid")
    assert ml("experiment show named --json")["exposed"] == 1


def test_events_and_the_holdout(ml):
    assert ml("experiment holdout --json") == {"holdout": 0.0, "notices": []}
    assert ml("experiment holdout 0.1 --json")["holdout"] == 0.1
    assert "10.0%" in ml("experiment holdout")
    ml("experiment holdout 0")
    first = ml("experiment event u1 --item 'artist 1 - song 1' --at 2026-06-30T21:15:00+00:00 --json")
    second = ml("experiment event u1 --item 'artist 1 - song 1' --at 2026-06-30T21:15:00+00:00 --json")
    assert second["occurred_at"] == first["occurred_at"] + 1
    assert "share of u1" in ml("experiment event u1 --event share")


def test_a_file_says_it_all_and_options_go_before_it(ml, tmp_path):
    own = {"name": "late", "sql": "SELECT user_key, COUNT(*) AS value FROM exposed GROUP BY user_key", "good": "down"}
    file = tmp_path / "experiment.json"
    file.write_text(
        json.dumps({"name": "own", "variants": [{"name": "A"}, {"name": "B"}], "metric": own, "alpha": 0.1})
    )
    made = ml(f"experiment create --file {file} --layer other --json")
    assert made["definition"]["metric"]["sql"] == own["sql"]
    assert (made["definition"]["layer"], made["definition"]["alpha"]) == ("other", 0.1)


@pytest.mark.parametrize(
    ("line", "kind", "said"),
    [
        ("experiment show nothing", UnknownId, "no experiment 'nothing'"),
        ("experiment create x --variant A --variant B={ --metric plays", BadInput, "is no JSON"),
        ("experiment create x --variant A --metric plays", BadInput, "variants"),
        (
            "experiment create x --variant A --variant 'B={\"speed\": 1}' --metric plays",
            BadInput,
            "no parameter 'speed'",
        ),
        ('experiment create x --variant A --variant \'B={"algorithm": "eas"}\' --metric plays', BadInput, "'ease'"),
        (
            "experiment create x --variant A --variant 'B={\"familiar_ratio\": 7}' --metric plays",
            BadInput,
            "familiar_ratio",
        ),
        ("experiment create --file nowhere.json", BadInput, "cannot be read"),
        ("experiment create x --variant A --variant B --metric minuets", BadInput, "'minutes'"),
        ("experiment holdout 1.5", BadInput, "share"),
        ("experiment create x --variant A --variant B --metric plays --country XQ", BadInput, "'XQ' is no country"),
        ("experiment create x --variant A --variant B --metric plays --country Germny", BadInput, "'DE'"),
        ("experiment create x --variant A --variant B --metric plays --design mixed", BadInput, "'interleaved'"),
        ("experiment create x --variant A --variant B", BadInput, "active_days"),
        ("experiment create x --variant A --variant B", BadInput, "--metric clicks | "),
        ("experiment create x --variant A --variant B --metric plays --planned 3", BadInput, "at least 200"),
        ("experiment create x --variant A --variant B", BadInput, "metric has to be given"),
        ("experiment create x --variant A --variant 'B=7' --metric plays", BadInput, "names and values"),
        (
            'experiment create x --variant A --variant \'B={"exposure": {}, "min_tail_share": 0.1}\' --metric plays',
            BadInput,
            "min_tail_share, and exposure?",
        ),
        ("recommend u1 --familiar 0.2 --prefer familiar_ratio=0.4", BadInput, "among the preferences"),
        ("exposure --by tail --groups nothing.csv", BadInput, "--by tail, or --groups"),
        ("onboard --country XQ", BadInput, "'XQ' is no country"),
        ("experiment event nobody", UnknownId, "no listener"),
        ("experiment event u1 --at noon", BadInput, "is no moment"),
        ("experiment event u1 --at 2026-06-30T21:15:00", BadInput, "no time zone"),
    ],
)
def test_mistakes_are_explained(ml, line, kind, said):
    with pytest.raises(kind) as caught:
        ml(line)
    assert said in f"{caught.value.message} {caught.value.hint}"
    assert exit_code(caught.value) in (2, 3)


def test_only_a_draft_can_be_deleted(ml):
    create = "experiment create brief --variant A --variant 'B={\"familiar_ratio\": 1.0}' --metric plays --json"
    ml(create)
    assert ml("experiment delete brief --json") == {"deleted": "brief"}
    with pytest.raises(UnknownId, match="no experiment 'brief'"):
        ml("experiment show brief")
    ml(create)
    ml("experiment start brief")
    with pytest.raises(BadInput, match="brief is running: only a draft"):
        ml("experiment delete brief")
    ml("experiment stop brief")
    with pytest.raises(BadInput, match="brief was run: only a draft"):
        ml("experiment delete brief")


def test_countries_are_checked_and_written_as_codes(ml):
    made = ml("experiment create there --variant A --variant B --metric plays --country Peru --country uk --json")
    assert made["definition"]["targeting"]["countries"] == ["PE", "GB"]


def test_two_rankings_in_one_list_from_the_definition_to_the_page(ml, tmp_path):
    made = ml(
        'experiment create taste --design interleaved --variant \'A={"algorithm": "item_knn"}\''
        ' --variant \'B={"algorithm": "popularity"}\' --metric clicks --window-days 0.00001 --json'
    )
    assert made["definition"]["design"] == "interleaved"
    ml("experiment start taste")
    for listener in range(8):
        tracks = ml(f"recommend u{listener} -n 6 --familiar 0 --json")["tracks"]
        assert {track["source"] for track in tracks} == {"item_knn", "popularity"}
        liked = next(track for track in tracks if track["source"] == "popularity")
        ml(f"experiment event u{listener} --item '{liked['item_id']}'")
    time.sleep(1)
    page = tmp_path / "taste.html"
    found = ml(f"experiment report taste --json --html {page}")
    preference = found["preferences"][0]["preference"]
    assert preference["first"] + preference["second"] + preference["ties"] == 8
    assert found["mismatch_p_value"] is None
    shown = ml("experiment report taste")
    assert "a listener is for the ranking" in shown
    assert "split as planned" not in shown
    assert "both rankings in one list" in ml("experiment show taste")
    assert "prefer" in page.read_text(encoding="utf-8")


def test_a_bandit_from_the_definition_to_the_page(ml, tmp_path):
    ml(
        "experiment create bandit --design bandit --full-reward 2 --variant A"
        " --variant 'B={\"familiar_ratio\": 1.0}' --metric clicks --window-days 0.00001"
    )
    ml("experiment start bandit")
    for listener in range(12):
        ml(f"recommend u{listener} -n 5 --json")
    time.sleep(1)
    page = tmp_path / "bandit.html"
    found = ml(f"experiment report bandit --json --html {page}")
    assert sum(arm["counted"] for arm in found["arms"]) == 12
    assert [policy["variant"] for policy in found["policies"]] == ["A", "B"]
    shown = ml("experiment report bandit")
    assert "drawn now" in shown
    assert "IPS" in shown
    assert "IPS" in page.read_text(encoding="utf-8")


def test_what_a_paused_listener_clicks_is_not_stored(ml):
    ml("history pause u9")
    told = ml("experiment event u9 --json")
    assert told["occurred_at"] is None
    assert any("paused" in notice for notice in told["notices"])
    assert "not stored" in ml("experiment event u9")
    ml("history resume u9")
    assert ml("experiment event u9 --json")["occurred_at"]


def test_models_that_a_running_experiment_needs_stay_in_use(ml, trained):
    """A training whose models lack one leaves those in use; putting them into use by hand is refused."""
    before = next(each["version"] for each in ml("models list --json") if each["in_use"])
    ml('experiment create needs --variant A --variant \'B={"algorithm": "popularity_recent"}\' --metric plays')
    ml("experiment start needs")
    root = trained / "models"
    whole = files.load_set(root / before)
    left = {name: model for name, model in whole.models.items() if name != "popularity_recent"}
    version = files.save_set(root, replace(whole, models=left))
    with pytest.raises(BadInput, match="experiment needs is running and asks for 'popularity_recent'") as caught:
        ml(f"models promote {version}")
    assert "ml experiment stop" in caught.value.hint
    with closing(App(configured(trained))) as app:
        assert app.experiments.lost_by(left)
        assert app.experiments.lost_by(whole.models) == ()
    # Put there behind everybody's back, it suspends the experiment; reports and lists say so.
    pointer.promote(root, version)
    assert any("suspended" in notice for notice in ml("experiment report needs --json")["notices"])
    assert "suspended" in ml("experiment list")
    assert "suspended" in ml("experiment show needs")
    ml("experiment stop needs")
    ml(f"models promote {before}")
    ml('experiment create still --variant A --variant \'B={"algorithm": "popularity_recent"}\' --metric plays')
    ml("experiment start still")
    with pytest.raises(BadInput, match=f"experiment still .* which {version} has not"):
        ml("models rollback")
    ml("experiment stop still")
    assert ml("models rollback --json")["in_use"] == version
    ml(f"models promote {before}")


def test_a_variant_that_nobody_could_answer_is_not_started(ml):
    ml('experiment create deep --variant A --variant \'B={"algorithm": "slim"}\' --metric plays')
    with pytest.raises(NotTrained, match="variant B asks for 'slim'"):
        ml("experiment start deep")


def test_errors_are_of_our_own_kind():
    assert issubclass(NotTrained, MLError)


@pytest.mark.parametrize("targeting", [3, None, [1]])
def test_who_it_is_for_is_names_and_values(ml, tmp_path, targeting):
    file, given = tmp_path / "q.json", {"name": "who", "variants": [{"name": "A"}, {"name": "B"}], "metric": "clicks"}
    file.write_text(json.dumps({**given, "targeting": targeting}))
    with pytest.raises(BadInput, match="targeting"):
        ml(f"experiment create --file {file} --country PE")
