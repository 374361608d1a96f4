"""One folder, opened when it is asked for, real or demo for good."""

import threading

import pytest

from ml.data.workspace import Workspace, demo_home
from ml.foundation.errors import BadInput, SettingsError


def test_nothing_is_written_before_it_is_asked_for(tmp_path):
    workspace = Workspace.at(tmp_path / "a" / "b")
    assert list(tmp_path.iterdir()) == []
    assert workspace.models == tmp_path / "a" / "b" / "models"
    assert [path.name for path in workspace.home.iterdir()] == ["models"]


@pytest.mark.parametrize("name", ["snapshots", "models", "indexes", "reports", "rejects"])
def test_folders_have_the_names_of_the_layout(workspace, name):
    assert getattr(workspace, name) == workspace.home / name
    assert (workspace.home / name).is_dir()


def test_the_store_is_opened_once_by_however_many_threads(workspace):
    found = []
    threads = [threading.Thread(target=lambda: found.append(workspace.store)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1
    assert (workspace.home / "ml.db").exists()


def test_a_closed_workspace_opens_again(full):
    before = full.store
    full.close()
    assert full.store is not before
    assert not full.is_empty()


def test_the_store_may_be_another_database(tmp_path, store, everything):
    workspace = Workspace.at(tmp_path / "music", store.url)
    workspace.mark("demo")
    assert store.fact("label") == "demo"
    assert "postgres" not in repr(workspace)
    workspace.close()


def test_emptiness_is_seen(workspace, filled):
    assert workspace.is_empty()
    filled(workspace)
    assert not workspace.is_empty()


def test_a_workspace_is_real_unless_marked(workspace):
    assert workspace.label == "real"
    workspace.mark("demo")
    assert workspace.label == "demo"
    workspace.mark("demo")


def test_real_data_are_never_called_demo(full):
    with pytest.raises(BadInput, match=r"never mixed(.|\n)*ML_HOME"):
        full.mark("demo")
    full.mark("real")
    assert full.label == "real"


def test_an_unknown_label_is_a_fault(workspace):
    with pytest.raises(ValueError, match="neither"):
        workspace.mark("neither")


def test_the_demo_lives_inside(tmp_path):
    assert demo_home(tmp_path) == tmp_path / "demo"


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(SettingsError, match=r"taken(.|\n)*ML_HOME"):
        _ = Workspace.at(tmp_path / "taken").store
