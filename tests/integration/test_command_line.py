"""The command line from an empty folder to a restored backup, typed as a reader types it."""

import re
import sqlite3
from pathlib import Path

import pytest

from ml.foundation.outcomes import OUTCOMES

pytestmark = pytest.mark.slow


def titles(answer):
    return [track["title"] for track in answer["tracks"]]


def test_from_a_file_to_recommendations_that_follow_what_is_played(
    shell, quick_shell_in, tmp_path, history_file, history_rows
):
    quick = quick_shell_in(shell.home, tmp_path)
    summary = shell("import", history_file, "--json").json
    assert summary["added"]["listens"] == len(history_rows)
    assert summary["rejected"] == 0
    card = shell("train", "--json").json
    assert card["n_listeners"] == 48
    assert card["scores"]["hybrid"]["ndcg@20"]["value"] > card["scores"]["popularity"]["ndcg@20"]["value"]

    heard = {title for user, title, _, _ in history_rows if user == "calm-3"}
    first = shell("recommend", "calm-3", "-n", 6, "--familiar", 0, "--json").json
    assert all(title.startswith("calm") for title in titles(first))
    assert not heard & set(titles(first))
    assert set(first["tracks"][0]["because"][0]) >= {"title", "score_without", "effect"}

    for title in titles(first)[:2]:
        assert f"play of calm artist {int(title.split()[-1]) % 10} — {title}" in shell("record", "calm-3", title).out
    second = shell("recommend", "calm-3", "-n", 6, "--familiar", 0, "--json").json
    assert not set(titles(first)[:2]) & set(titles(second))
    quick("record", "calm-3", titles(second)[0], "--event", "block")
    assert titles(second)[0] not in titles(quick("recommend", "calm-3", "-n", 50, "--json").json)

    before = titles(quick("recommend", "calm-3", "--json").json)
    event = quick("record", "calm-3", before[0], "--event", "dislike", "--json").json["event_id"]
    assert before[0] not in titles(quick("recommend", "calm-3", "--json").json)
    assert f"took back event {event}: dislike" in quick("undo", "calm-3").out
    quick("record", "calm-3", "calm song 1")
    assert "undo of calm artist 1 — calm song 1" in quick("record", "calm-3", "--event", "undo").out
    assert "what is played is not kept" in quick("history", "pause", "calm-3").out
    for event in ("play", "skip"):
        said = quick("record", "calm-3", "calm song 1", "--event", event).out
        assert said.startswith("note: not stored: the history of this listener is paused")
        assert f"{event} of" not in said
    assert quick("record", "calm-3", "calm song 1", "--event", "like").out.startswith("like of calm artist 1")
    quick("record", "calm-3", "calm song 1", "--event", "dislike")
    assert quick("history", "resume", "calm-3", "--json").json["paused"] is False
    assert before[0] in titles(quick("recommend", "calm-3", "-n", 50, "--json").json)

    for number in range(5):
        quick("record", "local:new", f"loud song {number}")
    newcomer = quick("recommend", "new", "-n", 5, "--familiar", 0)
    assert newcomer.out.count("because you played loud artist") == 5

    again = shell("import", history_file, "--again", "--json").json
    assert "listens" not in again["added"]
    assert shell.counts()["listens"] == len(history_rows) + 2 + 5


def test_what_is_merged_counts_as_one_until_it_is_split(trained):
    before = trained.counts()
    trained("identity", "merge", "calm song 1", "calm song 2")
    assert trained.counts()["items"]["track"] == before["items"]["track"] - 1
    merges = trained("identity", "list", "--json").json
    assert [(merge["item"], merge["same_as"]) for merge in merges] == [
        ("calm artist 2 — calm song 2", "calm artist 1 — calm song 1")
    ]
    trained("identity", "split", merges[0]["item_id"])
    assert trained("identity", "list", "--json").json == []
    assert trained.counts() == before


def test_a_backup_brings_everything_back_elsewhere(trained, quick_shell_in, tmp_path):
    asked = ("recommend", "loud-7", "--json", "--familiar", "0")
    before, answer = trained.counts(), trained(*asked).json
    trained("workspace", "backup", tmp_path / "music.tar")
    other = quick_shell_in(tmp_path / "elsewhere", tmp_path)
    other("workspace", "restore", tmp_path / "music.tar")
    assert other.counts() == before
    assert other(*asked).json == answer
    assert "holds a workspace already" in other("workspace", "restore", tmp_path / "music.tar", code=2).err
    assert other.counts() == before


def test_a_snapshot_of_the_same_content_is_the_same(trained):
    first, second = (trained("snapshot", "--json").json for _ in range(2))
    assert first == second


def test_what_was_imported_can_be_taken_back(quick, history_file, tmp_path):
    quick("import", history_file)
    before = quick.counts()
    more = tmp_path / "more.csv"
    more.write_text("user,title,artist,listened_at\ncalm-1,New Song,Somebody,2026-05-05T05:05:05Z\n")
    number = quick("import", more, "--json").json["import_id"]
    assert quick.counts()["listens"] == before["listens"] + 1
    quick("import", "undo", number)
    assert quick.counts() == before


def test_everybody_is_answered_one_line_each(trained):
    lines = trained("recommend", "--all", "-n", 2).out.splitlines()
    assert len(lines) == 48


def test_the_settings_say_where_a_value_came_from(quick):
    rows = quick("settings", "--json", ML_COMPUTE__WORKERS="3").json
    found = {row["key"]: row for row in rows}
    assert (found["compute.workers"]["value"], found["compute.workers"]["origin"]) == (3, "ML_COMPUTE__WORKERS")
    assert found["compute.log_level"]["origin"] == "default"


def test_a_healthy_workspace_has_no_problem(trained):
    checks = trained("doctor", "--json").json
    assert [check for check in checks if check["status"] == "problem"] == []


# --- what a mistake leads to


@pytest.mark.parametrize(
    "words",
    [
        ("recommend", "me"),
        ("similar", "x"),
        ("exposure",),
        ("record", "me", "x"),
        ("train",),
        ("status",),
        ("snapshot",),
        ("export", "listens", "--out", "x.csv"),
        ("identity", "list"),
    ],
    ids=" ".join,
)
def test_an_empty_workspace_names_both_ways_out(quick, words):
    said = quick(*words, code=4).err
    assert "ml demo" in said
    assert "ml import" in said


def test_a_workspace_without_tracks(quick, tmp_path):
    profiles = tmp_path / "profiles.csv"
    profiles.write_text("user,age,country\nada,36,GB\n")
    quick("import", profiles)
    assert "ml import" in quick("train", code=4).err
    assert "ml import" in quick("recommend", "ada", code=4).err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("recommend", "calm-1", "--algorithm", "hibrid"), 2, "did you mean 'hybrid'"),
        (("recommend", "calm-1", "--familiar", "2"), 2, "between 0"),
        (("recommend", "calm-1", "-n", "0"), 2, "count = 0"),
        (("recommend",), 2, "--all"),
        (("recommend", "calm-1", "--strict"), 4, "no deep part"),
        (("similar", "Nobody's Song"), 3, "Nobody's Song"),
        (("record", "nobody", "calm song 1"), 3, "local:user/nobody"),
        (("record", "calm-1", "calm song 1", "--event", "plya"), 2, "did you mean 'play'"),
        (("record", "calm-1", "calm song 1", "--at", "yesterday"), 2, "2026-06-30T21:15:00+00:00"),
        (("record", "calm-1", "calm song 1", "--ms-played", "-5"), 2, "-5"),
        (("record", "calm-1", "calm song 1", "--at", "2999-01-01T00:00:00Z"), 2, "future"),
        (("record", "calm-1", "calm song 1", "--event", "like", "--ms-played", "5"), 2, "goes with: play, skip, seek"),
        (
            ("record", "calm-1", "calm song 1", "--event", "not_now", "--until", "soon"),
            2,
            "--until 'soon' is no moment",
        ),
        (("record", "calm-1"), 2, "'play' of what?"),
        (("record", "calm-1", "calm song 1", "--event", "undo"), 2, "undo takes back an event"),
        (("undo", "calm-1"), 3, "nothing that was recorded"),
        (("undo", "calm-1", "99"), 3, "no event 99"),
        (("history", "pause", "nobody"), 3, "local:user/nobody"),
        (("identity", "split", "calm song 1"), 3, "ml identity list"),
        (("import", "nowhere"), 2, "no such file"),
        (("import", "undo", "99"), 3, "ml import list"),
        (("import", "undo", "9" * 30), 3, "ml import list"),
        (("import", "undo", "²"), 2, "the number of one import"),
        (("workspace", "restore", "nowhere.tar"), 2, "holds a workspace already"),
        (("train", "--kind", "album"), 2, "album"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_a_mistake_is_named_and_changes_nothing(trained_home, quick_shell_in, tmp_path, words, code, says):
    quick = quick_shell_in(trained_home, tmp_path)
    assert says in quick(*words, code=code).err
    with sqlite3.connect(f"file:{trained_home}/ml.db?mode=ro", uri=True) as connection:
        assert connection.execute("SELECT count(*) FROM listens").fetchone() == (960,)
        assert connection.execute("SELECT count(*) FROM items WHERE same_as IS NOT NULL").fetchone() == (0,)


def test_an_unknown_listener_gets_what_is_popular_and_is_told(trained_home, quick_shell_in, tmp_path):
    answer = quick_shell_in(trained_home, tmp_path)("recommend", "who-is-this", "--json").json
    assert answer["algorithm"] == "popularity"
    assert any("nobody here is called who-is-this" in notice for notice in answer["notices"])


def test_a_wrong_setting_names_itself_and_its_source(quick, tmp_path):
    said = quick("settings", code=2, ML_CACHING__BACKEND="rediss").err
    assert "rediss" in said
    assert "ML_CACHING__BACKEND" in said
    (tmp_path / "ml.toml").write_text("[storage]\nhme = 1\n")
    said = quick("status", code=2).err
    assert "ml.toml:2" in said
    assert "did you mean 'home'" in said


def test_the_manual_lists_every_exit_code():
    page = (Path(__file__).resolve().parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)}
    assert listed == {*(each.exit_code for each in OUTCOMES.values()), 130}


def test_why_and_by_what(trained):
    track = trained("recommend", "calm-1", "--json").json["tracks"][0]
    found = trained("explain", "calm-1", track["item_id"], "--json").json
    assert (found["score"], found["place"], found["source"]) == (track["score"], 1, track["source"])
    assert "of the list of 10" in trained("explain", "calm-1", track["item_id"]).out
    assert "der Liste von 10" in trained("explain", "calm-1", track["item_id"], "--language", "de").out
    said = trained("explain", "calm-1", track["item_id"], "--context", "activity=workout", "--json").json["notices"]
    assert any("without effect" in each or "changes nothing" in each for each in said)

    stated = trained("explain", "--parameters", "--json").json
    assert stated["algorithm"] == "hybrid"
    assert abs(sum(signal["share"] for signal in stated["signals"]) - 1) < 1e-9
    assert "max_per_artist = 2" in trained("explain", "--parameters").out
    assert "what to explain?" in trained("explain", "calm-1", code=2).err
    assert "leave LISTENER and ITEM out" in trained("explain", "calm-1", "--parameters", code=2).err


def test_without_profiling(trained):
    first, other = (trained("recommend", who, "--no-profiling", "--json").json for who in ("calm-1", "loud-1"))
    assert first["tracks"] == other["tracks"]
    assert first["algorithm"] == "popularity"
    assert "without profiling" in first["notices"][-1]
    german = trained("recommend", "calm-1", "--language", "de", "--familiar", 1).out
    assert "du hast es" in german
