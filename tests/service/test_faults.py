"""What dies under a service costs nothing that was acknowledged; the long version is a benchmark."""

import shutil

import pytest
from benchmarks import service_faults as faults
from benchmarks.service_stores import Backing
from benchmarks.telling import BROKEN
from tests.servers import running_postgres
from tests.service.conftest import LISTENERS, TRACKS, settings_of

from ml.app import App
from ml.data.workspace import backup, restore

pytestmark = pytest.mark.server
BUSY, FULL = 503, 507


def told(number):
    return {"user_id": f"test:calm-{number % LISTENERS}", "item_id": f"calm song {number % TRACKS}"}


def asked(number):
    return {"user_id": f"test:loud-{number % LISTENERS}", "count": 3}


@pytest.fixture
def copy(made_home, tmp_path):
    """Give the settings of a copy of the workspace."""
    return settings_of(shutil.copytree(made_home, tmp_path / "home"))


def refused_with(seen, settings):
    """Tell with what anything was refused, where nothing was lost and nothing is wrong with the audit log."""
    assert seen.told
    assert seen.lost == 0
    assert not seen.faults, seen.faults
    assert faults.audit_findings(settings) == 0
    return set(seen.statuses) - {200, 201}


def test_a_cache_that_is_killed_harms_nobody(copy, redis_server):
    redis_server.start()
    copy.caching.backend, copy.caching.redis_url = "redis", redis_server.url
    seen = faults.killed(Backing(copy, redis=redis_server), "redis", 2, told, asked)
    assert refused_with(seen, copy) == set()


def test_a_process_that_is_killed_takes_nothing_with_it_and_another_is_started(copy):
    seen = faults.killed(Backing(copy), "worker", 1, told, asked)
    assert refused_with(seen, copy) <= {BROKEN}


def test_a_database_that_is_killed_has_all_that_was_acknowledged(copy, tmp_path):
    app = App(copy)
    backup(app.workspace, tmp_path / "all.tar")
    app.close()
    with running_postgres({}) as server:
        settings = settings_of(tmp_path / "other")
        settings.storage.database_url = server.url
        restore(tmp_path / "all.tar", tmp_path / "other", database_url=server.url)
        seen = faults.killed(Backing(settings, postgres=server), "postgres", 2, told, asked)
        assert refused_with(seen, settings) <= {BUSY}


def test_a_disk_that_fills_up_is_said_and_written_to_again_when_there_is_room(copy):
    try:
        with faults.disk(faults.DISK_MIB) as folder:
            settings = settings_of(shutil.copytree(copy.storage.home, folder / "home"))
            seen = faults.filled(settings, folder, 1, told, asked)
            assert refused_with(seen, settings) == {FULL}
            assert not faults.damaged(settings)
    except faults.Unavailable as error:
        pytest.skip(f"no disk of its own: {error}")


def test_a_clock_that_jumps_loses_nothing(copy):
    try:
        seen = faults.jumped(copy, 1, told, asked)
    except faults.Unavailable as error:
        pytest.skip(f"no clock of its own: {error}")
    assert refused_with(seen, copy) == set()
    assert faults.clock_records(copy) >= 4
