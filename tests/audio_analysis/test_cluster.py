"""A Dask cluster in this process that scans, as one of many machines would."""

import time
import warnings
from contextlib import closing
from types import SimpleNamespace

import numpy as np
import pytest
import soundfile

from ml.audio_analysis.hands import cluster
from ml.audio_analysis.hands.cluster import Cluster
from ml.audio_analysis.library import AudioLibrary
from ml.data.workspace import Workspace
from ml.foundation import extras
from ml.foundation.errors import BadInput, MissingExtra

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def client():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of ports that others have, and of Dask's own libraries
        with distributed.Client(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None) as opened:
            yield opened


@pytest.fixture
def library(tmp_path):
    workspace = Workspace.at(tmp_path / "home")
    yield AudioLibrary(workspace)
    workspace.close()


@pytest.fixture
def music(tmp_path):
    for number in range(3):
        (tmp_path / "music").mkdir(exist_ok=True)
        soundfile.write(tmp_path / "music" / f"{number}.wav", 0.1 * np.sin(np.arange(9_000) / (number + 5)), 22_050)
    (tmp_path / "music" / "bad.mp3").write_text("la la la")
    return tmp_path / "music"


def test_a_cluster_analyses_what_processes_would(client, library, music, tmp_path):
    done = library.scan(music, dask=client)
    assert (done.files, done.analysed, [one.code for one in done.problems]) == (4, 3, ["unreadable"])
    workspace = Workspace.at(tmp_path / "other")
    other = AudioLibrary(workspace)
    other.scan(music, workers=1)
    assert [one.analysis for one in other.tracks()] == [one.analysis for one in library.tracks()]
    workspace.close()
    assert library.scan(music, dask=client).unchanged == 3
    assert client.status == "running"  # a client that was given stays open


def test_a_file_that_breaks_every_worker_is_a_bad_file(client, monkeypatch, music):
    def breaks(job):
        raise distributed.KilledWorker("job", SimpleNamespace(address="tcp://nowhere"), 3)

    monkeypatch.setattr(cluster, "do", breaks)
    with closing(Cluster(client)) as hands:
        assert hands.width == 2
        assert hands.submit({"do": "hash", "path": str(music / "0.wav")}).result(60)["problem"]["code"] == "crashed"


def test_what_is_wrong_with_the_cluster_is_no_files_fault(client, monkeypatch, library, music):
    def fails(job):
        raise ConnectionError("the cluster is gone")

    monkeypatch.setattr(cluster, "do", fails)
    with pytest.raises(ConnectionError, match="gone"):
        library.scan(music, dask=client)
    monkeypatch.undo()
    assert library.scan(music, dask=client).analysed == 3


def test_a_scheduler_that_is_lost_on_the_way_ends_the_scan(client, monkeypatch, music, tmp_path):
    def waits(job):
        while not (tmp_path / "over").exists():
            time.sleep(0.01)

    monkeypatch.setattr(cluster, "do", waits)
    with closing(Cluster(client)) as hands:
        told = hands.submit({"do": "hash", "path": str(music / "0.wav")})
        for key in list(client.futures):
            distributed.Future(key, client).cancel()  # as the client does to each when it gives the scheduler up
        with pytest.raises(BadInput, match="scheduler is gone"):
            told.result(60)
        (tmp_path / "over").touch()


def test_nobody_answers(monkeypatch, library, music):
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.5)
    with pytest.raises(BadInput, match="no Dask scheduler answers"):
        library.scan(music, dask="tcp://127.0.0.1:9")


def test_without_dask(monkeypatch, library, music):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(MissingExtra) as error:
        library.scan(music, dask="tcp://127.0.0.1:9")
    assert error.value.hint == extras.install_command("dask")
