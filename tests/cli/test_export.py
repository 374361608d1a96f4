"""``ml export`` as it is typed."""

import orjson
import polars as pl
import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.store import Store
from ml.data.workspace import DEMO, demo_home
from ml.foundation import configuration
from ml.foundation.errors import BadInput, EmptyWorkspace, UnknownId

T0 = 1_600_000_000_000
ROAD = {"playlist_id": "web:1", "playlist": "Road [trip]", "user_id": "web:user/1", "artist": "x"}
ROWS = {
    "listens": pl.DataFrame(
        {"user_id": ["web:user/1", "web:user/2"], "title": ["a", "b"], "artist": "x", "listened_at": [T0, T0 + 1]}
    ),
    "playlists": pl.DataFrame(
        [
            ROAD | {"position": 0, "title": "a", "path": "/m/a.mp3"},
            ROAD | {"position": 1, "title": "b [live]", "duration_ms": 61_500},
            ROAD | {"position": 2, "title": "c", "path": "/m/c.mp3", "isrc": "GBAYE0601498", "duration_ms": 1_500},
        ],
        infer_schema_length=None,
    ),
}


@pytest.fixture
def home():
    """The workspace that the commands of a test find."""
    folder = configuration.current().storage.home
    folder.mkdir(parents=True)
    store = Store.at(folder)
    load(store, [Batch("a.csv", 5, ROWS)])
    store.close()
    return folder


def ml(*words):
    """Run a command that has to succeed; give what it prints."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.usefixtures("home")
def test_a_table(tmp_path):
    printed = ml("export", "listens", "--out", tmp_path / "my.csv")
    assert f"{tmp_path / 'my.csv'}: 2 rows of listens" in printed
    assert pl.read_csv(tmp_path / "my.csv")["title"].to_list() in (["a", "b"], ["b", "a"])


@pytest.mark.usefixtures("home")
def test_json_says_the_same(tmp_path):
    told = orjson.loads(ml("export", "listens", "-o", tmp_path / "my.data", "--format", "tsv", "--user", "2", "--json"))
    size = (tmp_path / "my.data").stat().st_size
    assert told == {
        "what": "listens",
        "path": str(tmp_path / "my.data"),
        "format": "tsv",
        "rows": 1,
        "size_bytes": size,
    }


@pytest.mark.usefixtures("home")
def test_playlists_say_what_is_lost(tmp_path):
    printed = ml("export", "playlists", "-o", tmp_path / "lists", "--format", "m3u8")
    assert "1 playlist, 2 entries, m3u8" in printed
    assert "not carried by the format: isrc of 1, duration_ms of 1" in printed
    assert "1 entry left out" in printed
    assert "b [live]" in printed
    assert "--format xspf" in printed
    assert [path.name for path in (tmp_path / "lists").iterdir()] == ["Road [trip].m3u8"]


@pytest.mark.usefixtures("home")
def test_one_playlist_into_a_file_without_loss(tmp_path):
    told = orjson.loads(ml("export", "playlists", "-o", tmp_path / "r.jspf", "--playlist", "road [TRIP]", "--json"))
    assert (told["written"], told["left_out"], told["playlists"][0]["not_carried"]) == (3, 0, {})
    assert orjson.loads((tmp_path / "r.jspf").read_bytes())["playlist"]["title"] == "Road [trip]"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("form", "suffix", "written"), [("csv", ".csv", 3), ("spotify", ".txt", 0)])
def test_playlists_as_tables_and_as_addresses(tmp_path, form, suffix, written):
    told = orjson.loads(ml("export", "playlists", "-o", tmp_path / "lists", "--format", form, "--json"))
    assert [path.name for path in (tmp_path / "lists").iterdir()] == [f"Road [trip]{suffix}"]
    assert (told["written"], told["left_out"]) == (written, 3 - written)


@pytest.mark.usefixtures("home")
def test_a_file_is_replaced_only_when_asked(tmp_path):
    (tmp_path / "a.csv").write_text("mine")
    with pytest.raises(BadInput, match="already there"):
        ml("export", "items", "-o", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "mine"
    ml("export", "items", "-o", tmp_path / "a.csv", "--force")
    assert (tmp_path / "a.csv").read_text().startswith("item_id,kind,title,")


@pytest.mark.usefixtures("home")
def test_nothing_to_export_says_where_to_look(tmp_path):
    printed = ml("export", "counts", "-o", tmp_path / "a.csv")
    assert "0 rows of counts" in printed
    assert "ml status" in printed


@pytest.mark.usefixtures("home")
def test_an_unknown_listener_is_named(tmp_path):
    with pytest.raises(UnknownId, match="no listener 'nobody'"):
        ml("export", "listens", "-o", tmp_path / "a.csv", "--user", "nobody")
    assert list(tmp_path.glob("*.csv")) == []


def test_an_empty_workspace_says_what_to_do(tmp_path):
    with pytest.raises(EmptyWorkspace, match="ml import"):
        ml("export", "listens", "-o", tmp_path / "a.csv")


def test_the_demo_world_is_called_synthetic(tmp_path):
    folder = demo_home(configuration.current().storage.home)
    folder.mkdir(parents=True)
    store = Store.at(folder)
    load(store, [Batch("a.csv", 2, {"listens": ROWS["listens"]})])
    store.state("label", DEMO)
    store.close()
    assert "synthetic" in ml("export", "listens", "-o", tmp_path / "a.csv")
