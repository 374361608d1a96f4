"""Others go on writing while the log is verified or copied."""

import threading

import pytest

from ml.data.audit import Key, verify
from ml.data.workspace import Workspace, backup, restore

from .conftest import Desk, record


@pytest.fixture
def busy(tmp_path):
    """A workspace in which two processes record and anchor each other all the time."""
    workspace = Workspace.at(tmp_path / "home")
    workspace.store  # noqa: B018
    desk, stop = Desk(workspace.audit, workspace.home / "audit.key"), threading.Event()
    logs = [desk.open(anchor_s=0.001) for _ in range(2)]

    for log in logs:
        record(log)

    def work(log):
        while not stop.is_set():
            record(log)

    threads = [threading.Thread(target=work, args=(log,)) for log in logs]
    for thread in threads:
        thread.start()
    yield workspace
    stop.set()
    for thread in threads:
        thread.join()
    for log in logs:
        log.close()
    assert len(desk.read("audit.anchor")) > 2
    workspace.close()


def test_a_log_that_grows_is_sound(busy):
    for _ in range(8):
        found = verify(busy.audit, keys=[Key.kept(busy.home / "audit.key")])
        assert found.sound, found.findings


def test_a_backup_promises_nothing_that_it_does_not_hold(busy, tmp_path):
    for number in range(6):
        archive, home = tmp_path / f"{number}.tar", tmp_path / f"restored{number}"
        backup(busy, archive)
        restore(archive, home)
        found = verify(home / "audit", keys=[Key.kept(busy.home / "audit.key")])
        assert found.sound, found.findings
        assert found.anchors
