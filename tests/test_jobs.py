"""Jobs of a workspace: checked, done in a process of their own, stopped, and taken up again after a kill."""

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile
from sqlalchemy import func, select

from ml.app import App
from ml.app.jobs import KINDS, Stopped, Watch, run, start_runner
from ml.data.jobs import Progress, RunnerLock
from ml.data.schema import import_units, listens
from ml.foundation.errors import BadInput, StoreError
from ml.foundation.inheritance import environment
from ml.foundation.results import plain
from ml.foundation.settings import Settings

FILES, ROWS = 12, 4
PATIENCE_S = 60.0


def settings_of(home, url=""):
    settings = Settings()
    settings.storage.home = home
    settings.storage.database_url = url
    settings.recommendation_engine.num_factors = 4
    return settings


@pytest.fixture
def app(tmp_path):
    opened = App(settings_of(tmp_path / "home"))
    yield opened
    opened.close()


@pytest.fixture
def exports(tmp_path):
    """A folder of many small files, each of which is read for itself."""
    folder = tmp_path / "exports"
    folder.mkdir()
    for number in range(FILES):
        rows = [f"u{number},song {row},artist,2026-01-{1 + row:02}T00:00:00Z" for row in range(ROWS)]
        (folder / f"{number:02}.csv").write_text("\n".join(("user,title,artist,timestamp", *rows)))
    return folder


def submit(app, kind, **arguments):
    """Ask for a job that waits until the test runs it."""
    return app.jobs.submit(kind, arguments, owner="local", within=None, start=False).id


def count(app, table, *where):
    with app.workspace.store.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def runners_of(app):
    command = ["ml.app.jobs", str(app.workspace.home)]
    ours = psutil.Process().children()
    return [one for one in ours if one.as_dict(["cmdline"], ad_value=[])["cmdline"][-2:] == command]


def runner_of(app):
    """Give the runner that was just started: a process is not known by its name from its first moment."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := runners_of(app)):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    (runner,) = found
    return runner


def kinds_with(work, name="import"):
    return {**KINDS, name: replace(KINDS[name], work=work)}


# --- a process of its own


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def test_kill_9_in_the_middle_of_an_import_loses_nothing(database, request, tmp_path, exports):
    url = request.getfixturevalue("postgres_url") if database == "postgresql" else ""
    app = App(settings_of(tmp_path / "home", url))
    job = app.jobs.submit("import", {"path": str(exports)}, owner="key:1", within=[tmp_path])
    runner = runner_of(app)
    deadline = time.monotonic() + PATIENCE_S
    while runner.is_running():
        assert time.monotonic() < deadline
        with app.workspace.store.write() as connection:  # while we have it, the runner stores nothing
            finished = select(func.count()).select_from(import_units).where(import_units.c.finished)
            if connection.execute(finished).scalar_one():
                nice = runner.nice()
                runner.kill()
                psutil.wait_procs([runner])
        time.sleep(0.001)
    left = app.jobs.get(job.id)
    assert (left.state, left.attempts, nice) == ("running", 1, 10)
    assert 0 < count(app, import_units, import_units.c.finished) < FILES
    assert not app.jobs.is_attended()

    if database == "postgresql":
        assert run(app, idle_s=0) == 1
    else:
        assert app.jobs.look_after()
    done = app.jobs.wait(job.id, timeout_s=PATIENCE_S)
    assert (done.state, done.attempts) == ("done", 2)
    assert {unit["status"] for unit in done.result["units"]} == {"unchanged", "imported"}
    assert count(app, listens) == FILES * ROWS
    assert [record.status for record in app.imports()] == ["done"]
    for runner in runners_of(app):
        runner.terminate()
        assert psutil.wait_procs([runner], PATIENCE_S)[1] == []
    app.close()


def test_a_process_is_given_the_settings_of_this_one(tmp_path, monkeypatch):
    settings = settings_of(tmp_path / "home")
    settings.content_optimization.compliance_rules = ["spam, and more"]
    settings.recommendation_engine.portfolio = True
    given = environment(settings)
    assert "ML_CACHING__BACKEND" not in given, "defaults are left to files of settings"
    for name in given:
        if name.startswith("ML_"):
            monkeypatch.setenv(name, given[name])
    assert plain(Settings.load()) == plain(settings)


# --- stopping


def test_an_import_that_is_cancelled_half_way_can_be_gone_on_with(app, exports):
    def cancelled_at_the_third(app, asked, watch):
        def on_rows(unit, _rows):
            if unit == "02.csv":
                app.jobs.cancel(job)
                assert watch.stop.wait(PATIENCE_S)
            watch.count(unit)

        return app.import_path(asked.path, on_rows=on_rows)

    job = submit(app, "import", path=str(exports))
    assert run(app, idle_s=0, every_s=0.01, kinds=kinds_with(cancelled_at_the_third)) == 1
    stopped = app.jobs.get(job)
    assert (stopped.state, stopped.result, stopped.error) == ("cancelled", None, None)
    assert stopped.progress.step == "02.csv"
    assert [record.status for record in app.imports()] == ["running"]
    assert count(app, listens) < FILES * ROWS

    again = submit(app, "import", path=str(exports))
    assert run(app, idle_s=0) == 1
    assert app.jobs.get(again).result["import_id"] == 1
    assert app.jobs.get(again).progress.done == (FILES - 2) * ROWS
    assert count(app, listens) == FILES * ROWS
    assert [record.status for record in app.imports()] == ["done"]


def test_no_handler_of_errors_on_the_way_keeps_a_job_from_stopping():
    with Watch(lambda _: False, every_s=0.01) as watch:
        assert watch.stop.wait(PATIENCE_S)
        with pytest.raises(Stopped):
            try:
                watch.step("one more")
            except Exception:  # noqa: BLE001
                pytest.fail("it was taken for an error")


def test_a_database_that_is_busy_ends_no_job_and_the_last_word_is_written():
    told = []

    def beat(progress):
        told.append(progress)
        if len(told) == 1:
            raise StoreError("busy")
        return True

    with Watch(beat, every_s=0.01) as watch:
        watch.count("files", 1, 2)
        deadline = time.monotonic() + PATIENCE_S
        while len(told) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.001)
        watch.count("files", 2, 2)
    assert told[-1] == Progress("files", 2, 2)
    assert not watch.stop.is_set()


def test_ctrl_c_gives_back_what_is_at_work(app, exports):
    def interrupted(_app, _asked, _watch):
        raise KeyboardInterrupt

    jobs = submit(app, "import", path=str(exports)), submit(app, "train")
    for kind, states in {"import": ["queued", "queued"], "train": ["done", "failed"]}.items():
        with pytest.raises(KeyboardInterrupt):
            run(app, idle_s=0, kinds=kinds_with(interrupted, kind))
        assert [app.jobs.get(job).state for job in jobs] == states
        assert not app.jobs.is_attended()


# --- one runner


def test_two_runners_at_once_do_each_job_once(app, exports):
    begun, held = [], threading.Event()

    def slow(_app, _asked, watch):
        begun.append(threading.current_thread().name)
        held.set()
        watch.step("wait")
        assert other_is_over.wait(PATIENCE_S)

    other_is_over = threading.Event()
    for _ in range(3):
        submit(app, "import", path=str(exports))
    ran = []
    first = threading.Thread(target=lambda: ran.append(run(app, idle_s=0, kinds=kinds_with(slow))), name="first")
    first.start()
    assert held.wait(PATIENCE_S)
    assert app.jobs.is_attended()
    assert not start_runner(app)
    assert run(app, idle_s=0, kinds=kinds_with(slow)) is None
    other_is_over.set()
    first.join()
    assert ran == [3]
    assert begun == ["first"] * 3


def test_what_is_asked_for_while_the_last_runner_leaves_is_done(app, exports, monkeypatch):
    """Whoever asks then starts none: the lock is held."""
    release, asked = RunnerLock.release, []

    def late(lock):
        if lock.is_held() and not asked:
            asked.append(submit(app, "import", path=str(exports)))
        release(lock)

    monkeypatch.setattr(RunnerLock, "release", late)
    assert run(app, idle_s=0) == 1
    assert app.jobs.get(asked[0]).state == "done"


# --- what goes wrong


def test_what_fails_keeps_nobody_waiting(app, exports, caplog):
    def broken(_app, _asked, _watch):
        raise ZeroDivisionError(" ".join(["by", "nothing"]))  # no line of the code says it

    jobs = submit(app, "train"), submit(app, "snapshot"), submit(app, "import", path=str(exports))
    assert run(app, idle_s=0, kinds=kinds_with(broken, "snapshot")) == 3
    train, snapshot, import_ = (app.jobs.get(job) for job in jobs)
    assert (train.state, train.error["kind"]) == ("failed", "EmptyWorkspace")
    assert "nothing was imported yet" in train.error["message"]
    assert (snapshot.state, snapshot.error["message"]) == ("failed", "a fault of ours: ZeroDivisionError: by nothing")
    assert "ZeroDivisionError" in caplog.text, "where it happened"
    assert "by nothing" not in caplog.text, "what it says may be somebody's, and the log is in clear"
    assert import_.state == "done"


WRONG = {
    "an unknown kind": ("trian", {}, "did you mean 'train'"),
    "an unknown argument": ("train", {"knd": "track"}, "takes no 'knd'\n  did you mean 'kind'"),
    "an argument of what takes none": ("snapshot", {"kind": "track"}, "takes no 'kind'\n  leave it out"),
    "nothing where something is needed": ("import", {}, "import: path: field required"),
    "a value that is none of some": ("evaluate", {"task": "guess"}, "evaluate: task = 'guess'"),
    "a number out of its bounds": ("evaluate", {"ks": "10,0"}, "evaluate: ks = '0'"),
    "no number": ("tune", {"minutes": "nan"}, "tune: minutes = 'nan'"),
    "a text without end": ("import", {"path": "/", "user": "x" * 5_000}, "import: user"),
    "an importer that is none": ("import", {"path": "/", "kind": "spotfy"}, "did you mean 'spotify'"),
    "no pairs": ("import", {"path": "/", "columns": "user"}, "import: columns = 'user'"),
    "no file": ("import", {"path": "/no/such"}, "import: path: /no/such: no such file"),
    "no name of a file": ("import", {"path": "a\0b"}, "import: path"),
}


@pytest.mark.parametrize(("kind", "arguments", "said"), WRONG.values(), ids=WRONG)
def test_a_bad_argument_is_named_and_nothing_is_asked_for(app, kind, arguments, said):
    with pytest.raises(BadInput) as caught:
        app.jobs.submit(kind, arguments, owner="local", within=None)
    assert said in str(caught.value)
    assert app.jobs.list() == []


def test_a_path_leads_nowhere_but_into_the_folders_that_may_be_read(app, tmp_path):
    uploads = tmp_path / "uploads"
    (uploads / "inner").mkdir(parents=True)
    (uploads / "inner" / "a.csv").touch()
    (tmp_path / "secret.csv").touch()
    (tmp_path / "uploads-of-others").mkdir()
    (uploads / "link.csv").symlink_to(tmp_path / "secret.csv")
    outside = ["secret.csv", "no/such", "uploads-of-others", "uploads/../secret.csv", "uploads/link.csv"]
    for name in [*outside, "/etc/passwd", "~/", "."]:
        with pytest.raises(BadInput, match=r"path = .* not in a folder that may be read from here"):
            app.jobs.submit("import", {"path": str(tmp_path / name)}, owner="key:1", within=[uploads])
    with pytest.raises(BadInput, match="not in a folder"):
        app.jobs.submit("scan", {"folder": str(tmp_path)}, owner="key:1", within=[])
    assert app.jobs.list() == []
    job = app.jobs.submit(
        "import", {"path": uploads / "inner/../inner/a.csv"}, owner="key:1", within=[uploads], start=False
    )
    assert Path(job.arguments["path"]) == (uploads / "inner/a.csv").resolve()


# --- every kind


def test_the_manual_has_every_kind_with_all_that_it_takes():
    page = (Path(__file__).parents[1] / "docs" / "jobs.md").read_text()
    rows = {row.split("`")[1]: row for row in page.splitlines() if row.startswith("| `")}
    assert set(rows) == set(KINDS)
    for name, kind in KINDS.items():
        takes = rows[name].split("|")[2].replace("=user=userId,title=song", "").replace("`ml import`", "")
        assert set(takes.split("`")[1::2]) == set(kind.arguments.model_fields)
        assert ("has failed" in rows[name]) is not kind.resumable


def test_every_kind_does_its_work_and_says_what_came_of_it(app, tmp_path):
    rows = ["user,title,artist,plays"]
    for user in range(40):
        rows += [f"u{user},track {n},artist {n},2" for n in range(user % 4, 40, 4) if (n + user) % 5]
    (tmp_path / "counts.csv").write_text("\n".join(rows))
    (tmp_path / "sounds").mkdir()
    asked = {
        "import": {"path": str(tmp_path / "counts.csv"), "columns": "user=user"},
        "snapshot": {},
        "train": {"judge": False, "deep": False},
        "evaluate": {"models": "item_knn,popularity", "ks": [5]},
        "tune": {"models": ["item_knn"], "trials": 2},
        "index": {},
        "exposure": {"listeners": 20, "k": 3},
        "scan": {"folder": str(tmp_path / "sounds"), "workers": 1},
        "duplicates": {},
        "heads": {},
        "map": {},
    }
    soundfile.write(tmp_path / "sounds" / "one.wav", np.sin(np.arange(44_100) / 20), 22_050)
    # One sound is too little to learn from: that is what comes of it, in the words of the command.
    too_few = "too little to learn from"
    assert set(asked) == set(KINDS)
    for kind, arguments in asked.items():
        submit(app, kind, **arguments)
    assert run(app, idle_s=0) == len(asked)
    done = {job.kind: job for job in app.jobs.list()}
    errors = {kind: job.error for kind, job in done.items() if job.error}
    assert list(errors) == ["heads"], errors
    assert too_few in str(errors["heads"])
    assert {job.state for job in done.values()} == {"done", "failed"}
    assert all(job.progress.step for job in done.values())
    found = {kind: job.result for kind, job in done.items()}
    assert found["import"]["added"]["counts"] == 320
    assert found["snapshot"]["rows"]["counts"] == 320
    assert (found["train"]["in_use"], found["train"]["version"]) == (True, app.status().models)
    assert set(found["evaluate"]["models"]) == {"item_knn", "popularity"}
    assert found["tune"]["models"]["item_knn"]["trials"] == 2
    assert found["index"]["documents"] == found["index"]["added"] > 40
    assert found["scan"]["files"] == 1
    assert found["duplicates"] == {"duplicates": []}
    assert (found["exposure"]["by"], found["exposure"]["n_listeners"]) == ("tail", 20)
