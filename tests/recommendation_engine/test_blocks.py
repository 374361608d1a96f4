"""Blocks side by side, in their order."""

import threading
import time

import pytest

from ml.recommendation_engine.blocks import in_order


def test_results_come_in_the_order_of_the_blocks_however_long_each_takes():
    def work(number):
        time.sleep(0.02 * (number % 3))
        return number

    assert list(in_order(work, range(12), threads=3)) == list(range(12))


def test_blocks_run_side_by_side():
    together = threading.Barrier(2, timeout=10)
    # Each waits for the other: one after the other would break the barrier.
    assert len(list(in_order(lambda _: together.wait(), range(2), threads=2))) == 2


def test_no_more_is_begun_than_is_taken_and_stopping_stops():
    begun = []
    answers = in_order(begun.append, range(100), threads=2)
    next(answers)
    answers.close()
    assert len(begun) <= 4
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ml-batch")]


def test_a_failure_is_raised_where_its_result_would_be():
    def work(number):
        if number == 2:
            raise ValueError("the third")
        return number

    answers = in_order(work, range(5), threads=2)
    assert [next(answers), next(answers)] == [0, 1]
    with pytest.raises(ValueError, match="the third"):
        next(answers)
