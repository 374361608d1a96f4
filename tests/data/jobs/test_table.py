"""Each step of a job is taken once, by one, and only from where it starts; on both databases."""

import threading
from itertools import chain

import pytest
from sqlalchemy.exc import DBAPIError

from ml.data.jobs import SILENT_MS, Jobs, Progress, RunnerLock
from ml.data.jobs.jobs import KEPT_MS, MOST_ATTEMPTS
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput, MLError, UnknownId
from ml.foundation.steps import step

WRONG = MLError("no such file", "check the path")


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self):
        self.now = 1_000

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def jobs(store, clock):
    return Jobs(store, clock)


def asked(jobs, kind="import", **arguments):
    return jobs.submit(kind, arguments, owner="key:1").id


def test_a_job_from_asking_to_the_end(jobs, clock):
    first, second = jobs.submit("import", {"path": "/a", "again": True}, owner="key:1"), asked(jobs, "train")
    assert (first.id, second) == (1, 2)
    assert (first.state, first.owner, first.arguments) == ("queued", "key:1", {"path": "/a", "again": True})
    assert (first.created_at, first.started_at, first.attempts, first.cancel_asked) == (1_000, None, 0, False)
    assert jobs.waiting()

    clock.now = 2_000
    begun = jobs.take("r1")
    assert (begun.id, begun.state, begun.started_at, begun.attempts) == (1, "running", 2_000, 1)
    clock.now = 3_000
    assert jobs.beat(1, "r1", Progress("import a.csv", 5, 10))
    told = jobs.get(1)
    assert (told.progress, told.beat_at) == (Progress("import a.csv", 5, 10), 3_000)
    assert not told.is_silent(3_000 + SILENT_MS)
    assert told.is_silent(3_001 + SILENT_MS)

    clock.now = 4_000
    done = jobs.finish(1, "r1", {"rows": 10})
    assert (done.state, done.result, done.error, done.finished_at) == ("done", {"rows": 10}, None, 4_000)
    assert not done.is_silent(10**9)
    assert jobs.take("r1").id == 2
    assert jobs.take("r1") is None
    failed = jobs.fail(2, "r1", WRONG)
    assert failed.error == {"kind": "MLError", "message": "no such file", "hint": "check the path"}
    assert (failed.state, failed.result) == ("failed", None)
    assert not jobs.unfinished()


def test_what_has_ended_stays_as_it_is(jobs):
    asked(jobs)
    jobs.take("r1")
    jobs.finish(1, "r1", 1)
    assert jobs.finish(1, "r1", 2) is jobs.fail(1, "r1", WRONG) is jobs.stop(1, "r1") is None
    assert not jobs.beat(1, "r1", Progress("late"))
    assert jobs.recover([]) == 0
    with pytest.raises(BadInput, match="job 1 is done: there is nothing to cancel"):
        jobs.cancel(1)
    assert (jobs.get(1).state, jobs.get(1).result, jobs.get(1).progress) == ("done", 1, Progress())


def test_what_waits_is_cancelled_at_once_and_never_begun(jobs, clock):
    asked(jobs)
    clock.now = 5_000
    cancelled = jobs.cancel(1)
    assert (cancelled.state, cancelled.finished_at) == ("cancelled", 5_000)
    assert jobs.take("r1") is None
    assert jobs.cancel(1) == cancelled, "twice is no mistake"


def test_what_is_cancelled_while_it_runs_is_never_done(jobs):
    for _ in range(3):
        asked(jobs)
    for number, end in enumerate(
        (
            lambda: jobs.stop(1, "r1"),
            lambda: jobs.finish(2, "r1", {"rows": 3}),
            lambda: jobs.fail(3, "r1", WRONG),
        ),
        start=1,
    ):
        jobs.take("r1")
        assert jobs.beat(number, "r1", Progress())
        assert (jobs.cancel(number).state, jobs.get(number).finished_at) == ("running", None)
        assert not jobs.beat(number, "r1", Progress())
        assert end().state == "cancelled"
    assert jobs.get(2).result == {"rows": 3}, "it had come to its end all the same"
    assert jobs.get(3).error["message"] == "no such file"


def test_what_another_runner_has_taken_up_is_not_ours_any_more(jobs):
    asked(jobs)
    jobs.take("r1")
    assert jobs.recover(["import"]) == 1
    assert jobs.take("r2").attempts == 2
    assert not jobs.beat(1, "r1", Progress("old"))
    assert jobs.finish(1, "r1", "old") is None
    assert jobs.finish(1, "r2", "new").result == "new"


def test_runners_at_once_never_take_one_job(jobs):
    for _ in range(12):
        asked(jobs)
    taken = {name: [] for name in ("r1", "r2", "r3")}

    def take_all(name):
        while (job := jobs.take(name)) is not None:
            taken[name].append(job.id)

    threads = [threading.Thread(target=take_all, args=(name,)) for name in taken]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(chain(*taken.values())) == list(range(1, 13))
    assert all(ids == sorted(ids) for ids in taken.values())


def test_what_is_left_behind_is_begun_again_or_has_failed(jobs):
    for kind in ("import", "train", "import", "import"):
        asked(jobs, kind)
        jobs.take("r1")
    asked(jobs)
    jobs.cancel(3)
    assert jobs.recover(["import"], runner="r2") == 0
    assert jobs.recover(["import"], runner="r1") == 4
    assert {job.id: job.state for job in jobs.list()} == {
        1: "queued",
        2: "failed",
        3: "cancelled",
        4: "queued",
        5: "queued",
    }
    assert jobs.get(2).error["message"] == "the process that ran it ended before it did"
    assert jobs.take("r2").id == 1, "before those that came after it"


def test_what_ends_its_runner_each_time_is_not_begun_for_ever(jobs):
    asked(jobs)
    for _ in range(MOST_ATTEMPTS):
        assert jobs.get(1).state == "queued"
        jobs.take("r1")
        jobs.recover(["import"])
    assert jobs.get(1).state == "failed"
    assert f"ended {MOST_ATTEMPTS} times" in jobs.get(1).error["message"]


def test_lists_come_in_pages(jobs):
    for kind in ("import", "train", "import", "scan"):
        asked(jobs, kind)
    jobs.submit("import", {}, owner="key:2")
    jobs.take("r1")

    def ids(**wanted):
        return [job.id for job in jobs.list(**wanted)]

    assert ids() == [5, 4, 3, 2, 1]
    assert ids(count=2) == [5, 4]
    assert ids(count=2, before=4) == [3, 2]
    assert ids(kind="import", owner="key:1") == [3, 1]
    assert ids(state="running") == [1]
    with pytest.raises(BadInput, match="did you mean 'running'"):
        ids(state="runing")
    with pytest.raises(BadInput, match="0 jobs are none"):
        ids(count=0)
    with pytest.raises(UnknownId, match="no job 6"):
        jobs.get(6)
    with pytest.raises(UnknownId, match="no job 6"):
        jobs.cancel(6)


def test_old_jobs_are_forgotten_and_waiting_ones_never(jobs, clock):
    for _ in range(3):
        asked(jobs)
    jobs.take("r1")
    jobs.finish(1, "r1", None)
    clock.now += KEPT_MS
    assert jobs.forget() == 0
    jobs.cancel(2)
    clock.now += 1
    assert jobs.forget() == 1
    assert [job.id for job in jobs.list()] == [3, 2]


# --- one runner a workspace


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def two(request, tmp_path):
    """One workspace, opened twice; on PostgreSQL by two machines that share no folder."""
    server = request.param == "postgresql"
    url = request.getfixturevalue("postgres_url") if server else ""
    homes = [tmp_path / "one", tmp_path / ("other" if server else "one")]
    opened = [Workspace.at(home, url) for home in homes]
    yield opened
    for workspace in opened:
        workspace.close()


def test_one_runner_has_the_lock_until_it_gives_it_back(two):
    one, other = (RunnerLock(workspace) for workspace in two)
    assert other.is_free()
    assert one.take()
    assert one.is_held()
    assert not other.is_free()
    assert not other.take(patience_s=0.1)
    assert one.is_held(), "whoever only looks takes nothing away"
    one.release()
    one.release()
    assert not one.is_held()
    assert other.take()
    other.release()


def test_whoever_looks_keeps_no_runner_away(two):
    one, other = (RunnerLock(workspace) for workspace in two)
    assert one.take()
    threading.Timer(0.1, one.release).start()
    assert other.take(patience_s=5)
    other.release()


class CutOff:
    """A connection to a server that was started again: it breaks once, and is made anew at the next question."""

    def __init__(self):
        self.is_broken = False

    def execute(self, statement):
        if not self.is_broken:
            self.is_broken = True
            raise DBAPIError(str(statement), {}, ConnectionResetError())

    invalidate = close = lambda _: None


def test_a_server_that_forgot_the_lock_is_noticed(tmp_path):
    workspace = Workspace.at(tmp_path / "home")
    lock = RunnerLock(workspace)
    lock._connection = CutOff()
    assert not lock.is_held()
    assert not lock.is_held(), "nor does it come back"
    assert lock.take()
    lock.release()
    workspace.close()


def test_a_step_is_known_by_its_code_again():
    progress = Progress(step("fit", model="ease"), 1, 4, step("fit", model="ease").words)
    again = Progress.of(progress.to_json())
    assert (again.step, again.done, again.said) == ("fit ease", 1, progress.said)
    assert Progress.of('{"step": "fit ease", "done": null, "total": null}').said is None  # of a version before
