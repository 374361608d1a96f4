"""What the doctor says of workspaces whose illness is known."""

import sqlite3

import numpy as np
import orjson
import polars as pl
import pytest
from scipy.sparse import csr_matrix
from typer.testing import CliRunner

from ml.cli.main import app
from ml.data import diagnosis, schema
from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.data.snapshot import take
from ml.data.store import Store
from ml.data.workspace import demo_home
from ml.foundation import diagnosis as foundation
from ml.foundation.diagnosis import Check, Requirement
from ml.foundation.extras import install_command
from ml.foundation.settings import Settings
from ml.models import files, pointer
from ml.models.base import TrainingData
from ml.models.diagnosis import check_models
from ml.models.plays import Plays
from ml.models.popularity import Popularity

T0 = 1_600_000_000_000
LISTENS = pl.DataFrame(
    {"user_id": ["web:1"] * 3, "title": ["a", "b", "c"], "artist": "x", "listened_at": [T0, T0 + 1, T0 + 2]}
)


@pytest.fixture
def home(tmp_path):
    """A workspace with three listens."""
    folder = tmp_path / "my home"
    folder.mkdir()
    store = Store.at(folder)
    load(store, [Batch("a.csv", 3, {"listens": LISTENS})])
    store.close()
    return folder


def doctor(*words, home=None):
    """Run the command; give its exit code and its checks by name."""
    before = ["--home", str(home)] if home else []
    done = CliRunner().invoke(app, [*before, "doctor", "--json", *words])
    return done.exit_code, {check["name"]: check for check in orjson.loads(done.stdout)}


def workspace(home, url=""):
    return {check.name: check for check in diagnosis.check_workspace(home, url)}


def test_a_fresh_machine_has_no_problem_and_is_left_as_it_was(tmp_path):
    code, checks = doctor(home=tmp_path / "nothing" / "yet")
    assert code == 0
    assert {checks[name]["status"] for name in ("python", "polars", "settings", "cache", "disk")} == {"ok"}
    assert {
        name: checks[name]["command"] for name in ("workspace", "database", "snapshot", "models", "demo world")
    } == {
        "workspace": "ml import PATH",
        "database": "ml import PATH",
        "snapshot": "ml snapshot",
        "models": "ml train",
        "demo world": "ml demo",
    }
    assert not (tmp_path / "nothing").exists()


def test_a_sound_workspace(home):
    store = Store.at(home)
    taken = take(store, home / "snapshots")
    store.close()
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*")}
    code, checks = doctor(home=home)
    assert code == 0
    for name in ("workspace", "database", "integrity", "write-ahead log", "snapshot"):
        assert checks[name]["status"] == "ok", checks[name]
        assert checks[name]["command"] == ""
    assert checks["snapshot"]["detail"].startswith(f"{taken.folder.name}, 3 listens")
    assert "1 from ML_HOME" in checks["settings"]["detail"]
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_for_people_there_is_a_mark_and_a_command(home):
    done = CliRunner().invoke(app, ["--home", str(home), "doctor"])
    assert done.exit_code == 0
    assert any(line.split()[1:2] == ["workspace"] and line.endswith(str(home)) for line in done.stdout.splitlines())
    assert "→ ml train" in done.stdout
    assert " 0 problems" in done.stdout


# --- the database


def test_a_damaged_page(home):
    store = Store.at(home)
    many = pl.DataFrame({"listened_at": range(T0, T0 + 3_000_000, 1000)})
    many = many.with_columns(pl.lit("web:1").alias("user_id"), title=pl.lit("a"), artist=pl.lit("x"))
    load(store, [Batch("b.csv", len(many), {"listens": many})])
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    store.close()
    file = home / "ml.db"
    size = file.stat().st_size
    with file.open("r+b") as stream:
        stream.seek(size // 8192 * 4096)
        stream.write(b"\xff" * 8192)
    code, checks = doctor(home=home)
    assert code == 1
    bad = [check for check in checks.values() if check["status"] == "problem"]
    assert [check["name"] for check in bad] in (["integrity"], ["database"])
    assert bad[0]["command"].startswith("ml workspace restore FILE")


def test_a_file_that_is_no_database(tmp_path):
    (tmp_path / "ml.db").write_text("certainly not SQLite " * 1000)
    check = workspace(tmp_path)["database"]
    assert check.status == "problem"
    assert "not a database" in check.detail


def test_a_database_of_somebody_else(tmp_path):
    with sqlite3.connect(tmp_path / "ml.db") as connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    assert workspace(tmp_path)["database"].status == "missing"


@pytest.mark.parametrize(("revision", "status", "says"), [("0000", "ok", "brings it to"), ("9999", "problem", "newer")])
def test_another_revision_is_told_and_left(home, revision, status, says):
    with sqlite3.connect(home / "ml.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", [revision])
    connection.close()
    check = workspace(home)["database"]
    assert (check.status, says in check.detail) == (status, True)
    with sqlite3.connect(home / "ml.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)
    connection.close()


def test_an_import_that_was_killed(home):
    store = Store.at(home)
    with store.write() as connection:
        values = {"id": 7, "path": "/data/my history", "status": "running", "started_at": T0}
        connection.execute(schema.imports.insert().values(values))
        connection.execute(schema.imports.insert().values(values | {"id": 8, "status": "done"}))
    store.close()
    code, checks = doctor(home=home)
    assert code == 1
    assert [name for name in checks if name.startswith("import ")] == ["import 7"]
    assert checks["import 7"]["command"] == "ml import '/data/my history'"
    assert "2020-09-13" in checks["import 7"]["detail"]


def test_what_a_crash_leaves_beside_the_database_is_no_problem(home):
    store = Store.at(home)
    load(store, [Batch("b.csv", 3, {"listens": LISTENS.with_columns(pl.lit("web:2").alias("user_id"))})])
    log = (home / "ml.db-wal").read_bytes()
    store.close()
    (home / "ml.db-wal").write_bytes(log)
    checks = workspace(home)
    assert {checks[name].status for name in ("database", "integrity", "write-ahead log")} == {"ok"}


def test_a_log_that_nobody_folds_in(home, monkeypatch):
    monkeypatch.setattr(diagnosis, "LARGEST_LOG_BYTES", 10)
    (home / "ml.db-wal").write_bytes(b"\0" * 100)
    check = workspace(home)["write-ahead log"]
    assert check.status == "problem"
    assert check.command.startswith("fuser -v '")


def test_postgresql(postgres_url):
    assert [check.status for check in diagnosis.check_database(postgres_url)] == ["missing"]
    Store(postgres_url).close()
    (check,) = diagnosis.check_database(postgres_url)
    assert check.status == "ok"
    assert "revision" in check.detail


def test_a_postgresql_that_is_not_there(tmp_path):
    (check,) = diagnosis.check_database("postgresql://me:secret@127.0.0.1:1/ml")
    assert check.status == "problem"
    assert check.command == "pg_isready -h 127.0.0.1 -p 1"
    assert "secret" not in check.detail


@pytest.mark.parametrize("url", ["mysql://me:secret@host/ml", "no url at all"])
def test_a_database_we_do_not_know(url):
    (check,) = diagnosis.check_database(url)
    assert check.status == "problem"
    assert "secret" not in check.detail


# --- folder, disk, snapshot, models, demo


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "home").write_text("")
    assert workspace(tmp_path / "home")["workspace"].status == "problem"
    below = workspace(tmp_path / "home" / "below")["workspace"]
    assert below.status == "problem"
    assert "is not a folder" in below.detail


def test_a_folder_that_cannot_be_written(home, monkeypatch):
    def refused(**_options):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(diagnosis.tempfile, "TemporaryFile", refused)
    check = workspace(home)["workspace"]
    assert check.status == "problem"
    assert "Read-only file system" in check.detail
    assert check.command == f"chmod u+rwx '{home}'"


def test_a_disk_that_is_nearly_full(home, monkeypatch):
    usage = diagnosis.shutil.disk_usage(home)
    for free, status in ((diagnosis.LEAST_FREE_BYTES, "ok"), (diagnosis.LEAST_FREE_BYTES - 1, "problem")):
        monkeypatch.setattr(diagnosis.shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert workspace(home)["disk"].status == status


def test_a_snapshot_with_one_byte_changed(home):
    store = Store.at(home)
    taken = take(store, home / "snapshots")
    store.close()
    part = next((taken.folder / "listens").iterdir())
    content = bytearray(part.read_bytes())
    content[len(content) // 2] ^= 1
    part.write_bytes(content)
    check = workspace(home)["snapshot"]
    assert (check.status, check.command) == ("problem", "ml snapshot")


def test_models_are_read_to_the_last_byte(tmp_path):
    assert check_models(tmp_path / "absent").status == "missing"
    plays = Plays.of([[0, 1], [1, 2]], n_items=3)
    data = TrainingData(plays, csr_matrix((3, 0), dtype=np.float32), np.full(3, -1, dtype=np.int32))
    model = Popularity().fit(data, rng=np.random.default_rng(0))
    version = files.save_set(tmp_path, files.ModelSet(np.array([3, 5, 8]), "track", {model.name: model}))
    pointer.promote(tmp_path, version)
    assert check_models(tmp_path) == Check("models", "ok", f"{version}: popularity")
    arrays = tmp_path / version / "popularity" / "arrays.npz"
    content = bytearray(arrays.read_bytes())
    content[-50] ^= 1
    arrays.write_bytes(content)
    check = check_models(tmp_path)
    assert (check.status, check.command) == ("problem", "ml train")
    assert str(arrays) in check.detail
    (tmp_path / "current.json").write_text("{}")
    assert check_models(tmp_path).status == "problem"


def test_the_demo_world(home):
    store_home = demo_home(home)
    store_home.mkdir()
    Store.at(store_home).close()
    check = workspace(home)["demo world"]
    assert check.status == "ok"
    assert "synthetic" in check.detail
    (store_home / "ml.db").write_bytes(b"broken" * 1000)
    check = workspace(home)["demo world"]
    assert (check.status, check.command) == ("problem", f"rm -r '{store_home}' && ml demo")


# --- the installation


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("polars>=2.0", Requirement("polars", "2.0")),
        ("uvicorn[standard]>=0.30", Requirement("uvicorn", "0.30")),
        ("typer", Requirement("typer", "")),
        ('scikit-learn>=1.7; extra == "sklearn"', Requirement("scikit-learn", "1.7", "sklearn")),
        ("pandas<3,>=2.3 ; python_version < '4' and extra == 'x'", Requirement("pandas", "2.3", "x")),
    ],
)
def test_requirements_are_read(text, wanted):
    assert Requirement.parse(text) == wanted


def test_every_core_library_has_its_line():
    names = {check.name for check in foundation.check_installation(Settings())}
    assert {one.library for one in foundation.requirements() if one.extra is None} <= names
    assert {"extra redis", "extra onnx", "python"} <= names


@pytest.mark.parametrize(
    ("installed", "wanted", "status"),
    [
        ("2.1.0", "2.0", "ok"),
        ("2.0", "2.0.0", "ok"),
        ("2.9.9", "2.10", "problem"),
        ("3.0rc1", "3.0", "ok"),
        ("1", "", "ok"),
    ],
)
def test_versions_are_compared_as_numbers(monkeypatch, installed, wanted, status):
    monkeypatch.setattr(foundation.metadata, "version", lambda _: installed)
    check = foundation.check_library(Requirement("thing", wanted))
    assert check.status == status
    if status == "problem":
        assert check.command == f"pip install 'thing>={wanted}'"


def test_a_library_that_is_not_there():
    check = foundation.check_library(Requirement("no-such-thing", "1.0"))
    assert check == Check("no-such-thing", "problem", "not installed", "pip install 'no-such-thing>=1.0'")


def test_an_extra_that_is_not_there_is_no_problem(monkeypatch):
    monkeypatch.setattr(foundation, "missing", lambda _: ["onnx"])
    check = foundation.check_extra("onnx", [])
    assert (check.status, check.command) == ("missing", install_command("onnx"))


def test_an_extra_that_is_too_old(monkeypatch):
    monkeypatch.setattr(foundation, "missing", lambda _: [])
    check = foundation.check_extra("redis", [Requirement("redis", "999")])
    assert (check.status, check.command) == ("problem", install_command("redis"))


def test_redis(redis_url):
    settings = Settings()
    settings.caching.backend = "redis"
    settings.caching.redis_url = redis_url
    assert foundation.check_cache(settings).status == "ok"
    settings.caching.redis_url = "redis://:secret@127.0.0.1:1/0"
    check = foundation.check_cache(settings)
    assert check.status == "problem"
    assert "secret" not in check.detail


def test_the_file_of_the_settings_is_named(tmp_path):
    (tmp_path / "ml.toml").write_text('[caching]\nbackend = "memory"\ndefault_ttl = 5\n')
    settings = Settings.load(environment={"ML_CACHING__MAX_MEMORY": "1gb"}, folder=tmp_path)
    detail = foundation.check_settings(settings).detail
    assert f"2 from {tmp_path / 'ml.toml'}" in detail
    assert "1 from ML_CACHING__MAX_MEMORY" in detail
