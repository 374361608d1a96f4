import numpy as np
import pytest

from ml.metrics import significance
from ml.metrics.significance import bootstrap_mean


def seeded(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_agrees_with_the_normal_interval_of_a_large_sample() -> None:
    values = seeded(1).normal(5, 2, 4000)
    interval = bootstrap_mean(values, rng=seeded())
    half = 1.96 * values.std() / np.sqrt(len(values))
    assert interval.mean == pytest.approx(values.mean())
    assert interval.low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert interval.high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_covers_the_truth_about_as_often_as_it_says() -> None:
    covered = 0
    for trial in range(200):
        interval = bootstrap_mean(seeded(trial).exponential(1.0, 60), rng=seeded(trial), resamples=300)
        covered += interval.low <= 1 <= interval.high
    assert 0.88 <= covered / 200 <= 0.99


def test_pairing_sees_what_two_intervals_hide() -> None:
    hardness = seeded(1).random(300)
    ours, theirs = hardness + 0.01 + 0.01 * seeded(2).random(300), hardness
    paired = bootstrap_mean(ours, baseline=theirs, rng=seeded())
    assert paired.differs_from_zero
    assert bootstrap_mean(ours, rng=seeded()).low < bootstrap_mean(theirs, rng=seeded()).high


def test_no_difference_is_no_difference() -> None:
    values = seeded().random(50)
    interval = bootstrap_mean(values, baseline=values, rng=seeded())
    assert (interval.mean, interval.low, interval.high, interval.differs_from_zero) == (0, 0, 0, False)


def test_same_seed_same_interval_in_pieces_too(monkeypatch) -> None:
    values = seeded(1).random(100)
    whole = bootstrap_mean(values, rng=seeded())
    assert whole == bootstrap_mean(values, rng=seeded())
    assert whole != bootstrap_mean(values, rng=seeded(1))
    monkeypatch.setattr(significance, "_DRAWS", 1000)
    assert whole == bootstrap_mean(values, rng=seeded())


def test_nan_has_no_say() -> None:
    interval = bootstrap_mean(np.array([1.0, np.nan, 1.0]), baseline=np.array([0.0, 0.0, np.nan]), rng=seeded())
    assert (interval.mean, interval.n) == (1, 1)


def test_a_wider_level_is_wider() -> None:
    values = seeded(1).random(100)
    narrow, wide = (bootstrap_mean(values, rng=seeded(), level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"values": np.array([])}, "no values"),
        ({"values": np.array([np.nan])}, "no values"),
        ({"values": np.ones(3), "baseline": np.ones(2)}, "paired"),
        ({"values": np.ones(3), "level": 1.0}, "level"),
        ({"values": np.ones(3), "resamples": 0}, "resamples"),
    ],
)
def test_arguments_that_cannot_be_meant(arguments, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        bootstrap_mean(rng=seeded(), **arguments)
