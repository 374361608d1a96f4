"""Processes that do jobs, and what becomes of a job whose process does not answer."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager

import numpy as np
import psutil
import pytest
import soundfile

from ml.audio_analysis import AudioAnalyzer
from ml.audio_analysis.hands import processes
from ml.audio_analysis.hands.alone import analyze_alone
from ml.audio_analysis.hands.limits import Limits, threads_of
from ml.audio_analysis.hands.processes import Processes
from ml.foundation.errors import BadInput


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
    ("number", "code", "retry"),
    [(signal.SIGSEGV, "crashed", False), (signal.SIGKILL, "killed", True), (signal.SIGINT, "killed", True)],
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
from ml.audio_analysis.hands.limits import Limits, threads_of
from ml.audio_analysis.hands.processes import Processes
hands = Processes(1)
hands.submit({"do": sys.argv[1], "path": sys.argv[2]}).result()
"""


@contextmanager
def somebody_asks(what, path):
    """Another process that asks for something, which is killed at the end."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", CODE, what, str(path)], env=environment) as asking:
        try:
            yield asking
        finally:
            asking.kill()


def test_nobody_stays_behind_when_the_one_who_asks_is_killed(endless):
    with somebody_asks("hash", endless) as asking:
        while not (found := psutil.Process(asking.pid).children()):
            time.sleep(0.01)
        # Blocked in the pipe once it has opened it, which takes two.
        with endless.open("wb"):
            asking.kill()
            asking.wait()
            _, alive = psutil.wait_procs(found, timeout=60)
    assert alive == []


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A file that is decoded by a program which never comes to an end."""
    for name in ("temp", "bin", "site"):
        (tmp_path / name).mkdir()
    (tmp_path / "bin" / "ffmpeg").write_text("#!/bin/sh\nexec sleep 600\n")
    (tmp_path / "bin" / "ffmpeg").chmod(0o755)
    (tmp_path / "site" / "sitecustomize.py").write_text("import sys\nsys.modules['av'] = None\n")
    (tmp_path / "song.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(1000))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temp"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temp"))
    monkeypatch.syspath_prepend(tmp_path / "site")
    return tmp_path / "song.m4a"


def the_program(process):
    while not (found := [one for one in process.children(recursive=True) if one.cmdline()[:1] == ["sleep"]]):
        time.sleep(0.01)
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, None])
def test_a_decoders_program_ends_with_its_process_and_leaves_no_files(program, number):
    with closing(Processes(1)) as hands:
        pending = ask(hands, "analyse", program)
        found = the_program(psutil.Process())
        if number is not None:
            the_helper().send_signal(number)
            assert pending.result(60)["problem"]["code"] in {"killed", "crashed"}
            assert list((program.parent / "temp").iterdir()) == []
    _, alive = psutil.wait_procs(found, timeout=5)
    for one in alive:
        one.kill()
    assert alive == list((program.parent / "temp").iterdir()) == []


def test_a_decoders_program_ends_with_the_one_who_asks(program):
    with somebody_asks("analyse", program) as asking:
        found = the_program(psutil.Process(asking.pid))
    _, alive = psutil.wait_procs(found, timeout=20)
    for one in alive:
        one.kill()
    assert alive == list((program.parent / "temp").iterdir()) == []


def test_files_that_cannot_be_read_leave_nothing_open(tmp_path):
    bad = tmp_path / "bad.mp3"
    bad.write_text("la la la")
    analyzer, process = AudioAnalyzer(), psutil.Process()

    def fails():
        with pytest.raises(BadInput):
            analyze_alone(analyzer, bad)

    fails()  # what is opened once, such as a library, stays open
    before = process.num_fds()
    for _ in range(50):
        fails()
    assert process.num_fds() == before


def test_who_opens_what_strangers_send_may_open_few_files_and_begin_few_processes(sound):
    with closing(Processes(1, Limits(files=40, processes=5))) as hands:
        assert "content_hash" in ask(hands, "hash", sound).result(60)
        held = the_helper()
        assert held.rlimit(psutil.RLIMIT_NOFILE) == (40, 40)
        most = held.rlimit(psutil.RLIMIT_NPROC)[0]
        assert threads_of(os.getuid()) - 200 < most < threads_of(os.getuid()) + 200


def test_limits_are_told_as_they_are():
    given = Limits(memory_bytes=1, cpu_s=2, file_bytes=3, files=4, processes=5)
    assert Limits.from_text(given.to_text()) == given
