"""Processes that do jobs, and what becomes of a job whose process does not answer."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import numpy as np
import psutil
import pytest
import soundfile

from ml.audio_analysis.hands import processes
from ml.audio_analysis.hands.processes import Processes


@pytest.fixture
def sound(tmp_path):
    soundfile.write(tmp_path / "tone.wav", 0.1 * np.sin(np.arange(22_050) / 10), 22_050)
    return tmp_path / "tone.wav"


@pytest.fixture
def endless(tmp_path):
    """A file that never comes to an end: a pipe that nobody writes to."""
    os.mkfifo(tmp_path / "endless.wav")
    return tmp_path / "endless.wav"


def ask(hands, what, path):
    return hands.submit({"do": what, "path": str(path)})


def helpers():
    return [child for child in psutil.Process().children() if "ml.audio_analysis.hands.worker" in child.cmdline()]


def the_helper():
    while not (found := helpers()):
        time.sleep(0.01)
    return found[0]


@pytest.mark.parametrize(
    ("number", "code", "retry"), [(signal.SIGSEGV, "crashed", False), (signal.SIGKILL, "killed", True)]
)
def test_a_process_that_breaks_down_costs_its_own_file_only(sound, endless, number, code, retry):
    with closing(Processes(1)) as hands:
        assert "content_hash" in ask(hands, "hash", sound).result(60)
        pending, after = ask(hands, "hash", endless), ask(hands, "analyse", sound)
        the_helper().send_signal(number)
        reply = pending.result(60)
        assert (reply["problem"]["code"], reply["retry"]) == (code, retry)
        assert after.result(60)["analysis"]["duration_s"] == pytest.approx(1)
    assert helpers() == []


def test_one_that_does_not_answer_is_stopped(sound, endless, monkeypatch):
    with closing(Processes(1)) as hands:
        ask(hands, "hash", sound).result(60)
        monkeypatch.setattr(processes, "PATIENCE_S", 0.2)
        assert ask(hands, "hash", endless).result(60)["problem"]["code"] == "stuck"
        monkeypatch.undo()
        assert "content_hash" in ask(hands, "hash", sound).result(60)


def test_the_end_waits_for_nobody(sound, endless):
    with closing(Processes(1)) as hands:
        ask(hands, "hash", sound).result(60)
        pending, waiting = ask(hands, "hash", endless), ask(hands, "hash", sound)
        while not pending.running():
            time.sleep(0.001)
    assert pending.done()
    assert waiting.cancelled()
    assert helpers() == []


def test_no_process_is_started_for_nothing():
    with closing(Processes(2)):
        assert helpers() == []


def test_one_that_does_not_come_up_is_no_files_fault(sound, monkeypatch):
    monkeypatch.setattr(processes.sys, "executable", "/bin/false")
    with closing(Processes(1)) as hands, pytest.raises(RuntimeError, match="does not start"):
        ask(hands, "hash", sound).result(60)


CODE = """
import sys
from ml.audio_analysis.hands.processes import Processes
hands = Processes(1)
hands.submit({"do": "hash", "path": sys.argv[1]}).result()
"""


def test_nobody_stays_behind_when_the_one_who_asks_is_killed(endless):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", CODE, str(endless)], env=environment) as asking:
        try:
            while not (found := psutil.Process(asking.pid).children()):
                time.sleep(0.01)
            # Blocked in the pipe once it has opened it, which takes two.
            with endless.open("wb"):
                asking.kill()
                asking.wait()
                _, alive = psutil.wait_procs(found, timeout=60)
        finally:
            asking.kill()
    assert alive == []
