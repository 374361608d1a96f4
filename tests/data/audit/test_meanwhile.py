"""Others go on writing while the log is verified or copied."""

import threading

import pytest

from ml.data.audit import Key, verify
from ml.data.workspace import Workspace, archive, backup, restore

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
    assert desk.read("audit.anchor")
    workspace.close()


def test_a_log_that_grows_is_sound(busy):
    for _ in range(8):
        found = verify(busy.audit, keys=[Key.kept(busy.home / "audit.key")])
        assert found.sound, found.findings


def test_a_backup_promises_nothing_that_it_does_not_hold(tmp_path, monkeypatch):
    workspace = Workspace.at(tmp_path / "home")
    workspace.mark("real")
    desk = Desk(workspace.audit, workspace.home / "audit.key")
    logs = [desk.open() for _ in range(2)]
    for log in logs:
        record(log)
    add = archive._add

    def slowly(tar, name, path):
        done = add(tar, name, path)
        for log in logs:  # whose file is in the archive already, or not yet
            record(log)
            log._anchor(log._chain)
        return done

    monkeypatch.setattr(archive, "_add", slowly)
    backup(workspace, tmp_path / "all.tar")
    restore(tmp_path / "all.tar", tmp_path / "restored")
    found = verify(tmp_path / "restored" / "audit", keys=[Key.kept(desk.key_file)])
    assert found.sound, found.findings
    assert found.records >= 6
    for log in logs:
        log.close()
    workspace.close()
