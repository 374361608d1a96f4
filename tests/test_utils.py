import asyncio
import dataclasses
import json
import logging
import threading
import time

import numpy as np
import pytest

from ml.utils import profile_performance


def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_waiting_takes_time_but_no_processor():
    with profile_performance(report=False) as profile:
        time.sleep(0.1)
    assert 0.1 <= profile.wall_s < 5
    assert profile.cpu_s < 0.09


def test_computing_takes_both_and_threads_add_up():
    with profile_performance(report=False) as profile:
        thread = threading.Thread(target=spin, args=(0.1,))
        thread.start()
        thread.join()
    assert profile.cpu_s >= 0.1
    assert profile.wall_s > 0.01


def test_memory_is_counted_in_megabytes():
    with profile_performance(report=False) as profile:
        kept = np.ones(12_500_000)  # 100 MB, touched
    assert kept.nbytes == 100_000_000
    assert 90 < profile.rss_change_mb < 150
    assert profile.peak_rss_mb > 100


def test_the_result_is_frozen_and_reads_like_any_other():
    with profile_performance("label", report=False) as profile:
        pass
    result = profile.result
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.wall_s = 1
    assert profile["wall_s"] == profile.wall_s == result["wall_s"]
    assert json.loads(result.to_json())["label"] == "label"
    assert not result.failed


def test_it_measures_around_await():
    async def work():
        with profile_performance(report=False) as profile:
            await asyncio.sleep(0.05)
        return profile

    assert asyncio.run(work()).wall_s >= 0.05


def test_an_exception_passes_and_is_measured(capsys):
    with pytest.raises(KeyError), profile_performance("broken") as profile:
        raise KeyError
    assert profile.result.failed
    assert "failed" in capsys.readouterr().err


def test_one_line_is_printed_and_logged(capsys, caplog):
    caplog.set_level(logging.INFO, "ml")
    with profile_performance("training"):
        pass
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("training: 0.0")
    assert err.count("\n") == 1
    assert caplog.records[0].getMessage() == err.strip()


def test_silent_when_told(capsys, caplog):
    caplog.set_level(logging.INFO, "ml")
    with profile_performance(report=False):
        pass
    assert capsys.readouterr().err == ""
    assert not caplog.records


def test_reading_before_the_end_is_a_fault_that_says_so():
    with profile_performance(report=False) as profile, pytest.raises(RuntimeError, match="after its `with` block"):
        _ = profile.wall_s
