"""Counts of a workspace that was filled by hand."""

import json
from datetime import UTC, datetime

import pytest

from ml.data.schema import imports
from ml.data.workspace import Workspace, status


def test_a_new_workspace_is_empty(workspace):
    found = status(workspace)
    assert (found.items, found.merged, found.listens, found.first_listen) == ({}, 0, 0, None)
    assert (found.imports, found.snapshot, found.label) == ((), None, "real")
    assert found.size_bytes == sum(path.stat().st_size for path in workspace.home.glob("ml.db*"))


def test_everything_is_counted(full):
    found = status(full)
    assert found.items == {"artist": 1, "track": 1}
    assert (found.merged, found.listeners, found.listens, found.totals, found.tags) == (1, 1, 50, 0, 4)
    assert found.first_listen == datetime(1970, 1, 1, tzinfo=UTC)
    assert found.last_listen == datetime(1970, 1, 1, 0, 0, 49, tzinfo=UTC)
    assert found.snapshot == (full.snapshots / "latest").read_text().strip()
    assert found.size_bytes > 10_240
    assert json.loads(found.to_json())["listens"] == 50


def test_the_last_imports_come_first(workspace):
    with workspace.store.write() as connection:
        for number in range(1, 8):
            ended = {"finished_at": 2_000, "summary": '{"listens": 3}'} if number % 2 else {}
            row = {"id": number, "path": f"/p{number}", "status": "done", "started_at": 1_000}
            connection.execute(imports.insert().values(**row, **ended))
    found = status(workspace).imports
    assert [run.import_id for run in found] == [7, 6, 5, 4, 3]
    assert (found[0].summary, found[0].finished_at) == ({"listens": 3}, datetime(1970, 1, 1, 0, 0, 2, tzinfo=UTC))
    assert (found[1].summary, found[1].finished_at) == ({}, None)


@pytest.mark.server
def test_a_database_elsewhere_counts_and_keeps_its_password(tmp_path, postgres_url):
    workspace = Workspace.at(tmp_path / "music", postgres_url.replace("ml@", "ml:secret@"))
    found = status(workspace)
    workspace.close()
    assert found.size_bytes > 1_000_000
    assert "secret" not in found.to_json()
    assert "***" in found.database


def test_a_demo_inside_is_not_counted(full):
    before = status(full).size_bytes
    (full.home / "demo").mkdir()
    (full.home / "demo" / "ml.db").write_bytes(b"x" * 1000)
    assert status(full).size_bytes == before
