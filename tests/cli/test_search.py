"""``ml search`` on the command line."""

import json
import sys

import polars as pl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from ml.app import App
from ml.cli.main import app, run
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation import configuration
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.settings import Settings

TRACKS = [("Radiohead", "Creep", "rock"), ("Radiohead", "Nude", "rock"), ("Sade", "Paradise", "soul")]


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A workspace of three tracks, which commands work on."""
    described = [
        {"item_id": f"test:track/{title}", "title": title, "artist": artist, "genres": [genre], "duration_ms": 200_000}
        for artist, title, genre in TRACKS
    ]
    world = App(Settings(), home=tmp_path)
    load(world.workspace.store, [Batch("world", 0, {"items": pl.DataFrame(described)})])
    world.close()
    monkeypatch.setenv("ML_HOME", str(tmp_path))
    configuration.forget()
    yield tmp_path
    configuration.forget()


def ml(*words):
    return CliRunner().invoke(app, ["search", *map(str, words)], catch_exceptions=False)


@pytest.mark.usefixtures("home")
def test_any_words_are_looked_for():
    done = ml("radiohed")
    assert done.exit_code == 0
    assert "did you mean Radiohead?" in done.output
    assert "Creep" in ml("find", "creep").output


@pytest.mark.usefixtures("home")
def test_what_was_looked_for_is_bold_where_somebody_watches(monkeypatch):
    assert "\x1b" not in ml("creep").output
    watched = Console(highlight=False, force_terminal=True, width=200)
    monkeypatch.setattr("ml.cli.screen.screen", lambda: watched)
    assert "\x1b[1mCreep\x1b[0m" in ml("creep").output


@pytest.mark.usefixtures("home")
def test_json_has_what_the_contract_names():
    found = json.loads(ml("creep", "--json").output)
    assert {"id", "kind", "name", "score", "parts"} <= set(found["hits"][0])
    assert found["hits"][0]["id"] == "test:track/Creep"
    assert {"did_you_mean", "parse"} <= set(found)


@pytest.mark.usefixtures("home")
def test_many_texts_are_answered_in_one_go(tmp_path):
    file = tmp_path / "queries.txt"
    file.write_text("creep\n\nsade\n", encoding="utf-8")
    found = json.loads(ml("--batch", file, "--json").output)
    assert [one["text"] for one in found] == ["creep", "sade"]
    lines = ml("--batch", file, "--facets", "decade").output.splitlines()
    assert {"creep", "sade", "decade: –"} <= {line.strip() for line in lines}


@pytest.mark.usefixtures("home")
def test_german_is_german_throughout():
    output = ml("radiohed", "--language", "de").output
    assert "meintest du Radiohead?" in output
    assert "Künstler" in output


@pytest.mark.usefixtures("home")
def test_hits_become_a_playlist(tmp_path):
    target = tmp_path / "found.xspf"
    assert "2" in ml("rock", "--kind", "track", "--out", target).output
    assert "<title>Creep</title>" in target.read_text(encoding="utf-8")
    with pytest.raises(BadInput, match="no track was found"):
        ml("zzqqxx", "--out", tmp_path / "none.xspf")
    assert not (tmp_path / "none.xspf").exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["find"], "one thing is searched for"),
        (["x", "--batch", "nowhere.txt"], "one thing is searched for"),
        (["--batch", "nowhere.txt"], "nowhere.txt"),
        (["x", "--kind", "song"], "kinds"),
        (["x", "--years", "soon"], "--years: 'soon' is no number"),
        (["--image", "nowhere.jpg"], "no such file"),
        (["--image", "nowhere.jpg", "--kind", "album"], "takes no --kind"),
        (["--image", "nowhere.jpg", "--out", "x.m3u8"], "--out takes the tracks of one search"),
        (["x", "--sung-in", "klingon"], "two letters"),
        (["coloured"], "a colour or a mood is wanted"),
    ],
)
def test_bad_input_is_told(words, says):
    with pytest.raises(BadInput, match=says):
        ml(*words)


@pytest.mark.usefixtures("home")
def test_searches_are_remembered_saved_and_forgotten():
    number = json.loads(ml("creep", "--for", "me", "--json").output)["search_id"]
    assert "creep" in ml("recent", "--for", "me").output
    ml("choose", number, "test:track/Nude")
    assert json.loads(ml("creep", "--json").output)["hits"][0]["name"] == "Creep"
    assert "1 search forgotten" in ml("forget", "--for", "me").output
    ml("save", "mine", "rock")
    assert "mine" in ml("saved").output
    assert "Creep" in ml("again", "mine").output
    ml("unsave", "mine")
    with pytest.raises(UnknownId, match="no saved search"):
        ml("again", "mine")


@pytest.mark.usefixtures("home")
def test_the_index_is_made_beforehand():
    assert json.loads(ml("index", "--json").output)["documents"] == 5


def test_a_cover_is_found_by_a_picture_of_it(home, tmp_path):
    pytest.importorskip("PIL")
    from PIL import Image

    from ml.data.demo.covers import draw_cover

    music = tmp_path / "music"
    for seed in range(3):
        folder = music / f"Album {seed}"
        folder.mkdir(parents=True)
        Image.fromarray(draw_cover(seed)).save(folder / "cover.png")
    (music / "broken").mkdir()
    (music / "broken" / "cover.jpg").write_bytes(b"")
    done = ml("covers", music)
    assert "refused:" in done.output
    assert "3 albums" in done.output
    found = json.loads(ml("--image", music / "Album 1" / "cover.png", "--json").output)
    assert found["known"] is True
    assert found["hits"][0]["name"] == "Album 1"
    assert "Album" in "".join(ml("coloured", colour).output for colour in ("red", "blue", "green", "white", "black"))


def test_a_folder_that_cannot_be_made_is_told_without_a_traceback(home, monkeypatch, capsys):
    (home / "indexes").mkdir(exist_ok=True)
    (home / "indexes" / "search").write_text("")
    monkeypatch.setattr(sys, "argv", ["ml", "search", "creep"])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code
    assert "Not a directory" in capsys.readouterr().err
