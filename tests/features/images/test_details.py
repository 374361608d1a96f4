"""Details and how they lie: answers that are known because the picture was moved by us."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.features.images.descriptors import SCALE, local_features
from ml.features.images.homography import CORNERS, hypotheses, is_possible, moved, perspective, placement
from ml.features.images.keypoints import Floats
from ml.features.images.likeness import Layers, Seen, aligned, compared, warped


def scene(seed: int, n: int = 240) -> Floats:
    """Blocks of many colours, uneven enough to have details."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(0, 255, (n // 12, n // 12, 3)).repeat(12, 0).repeat(12, 1)
    fine = rng.uniform(-40, 40, (n // 6, n // 6, 3)).repeat(6, 0).repeat(6, 1)
    return np.clip(coarse + fine, 0, 255).astype(np.float32)


def seen_from(picture: Floats, corners: np.ndarray, n: int = 400) -> Floats:
    """Put a picture at four corners, shares of the width, of a grey square."""
    back = np.linalg.inv(perspective(CORNERS, corners))
    view, there = warped(Layers(picture), back, n)
    places = moved(back, np.stack(np.meshgrid(*[(np.arange(n) + 0.5) / n] * 2), -1).reshape(-1, 2)).reshape(n, n, 2)
    inside = there & (places >= 0).all(-1) & (places <= 1).all(-1)
    return np.where(inside[..., None], view, 90.0).astype(np.float32)


TILTED = np.array([[0.2, 0.15], [0.8, 0.25], [0.75, 0.8], [0.15, 0.7]])
TURNED = np.array([[0.8, 0.2], [0.8, 0.8], [0.2, 0.8], [0.2, 0.2]])


@pytest.mark.parametrize("corners", [TILTED, TURNED], ids=["tilted", "turned by 90 degrees"])
def test_a_picture_is_found_where_it_lies(corners: np.ndarray) -> None:
    picture = scene(1)
    view = seen_from(picture, corners)
    query = local_features(view.mean(axis=2), 400)
    found = placement(local_features(picture.mean(axis=2), 300), query, query.descriptors.astype(np.float32) / SCALE)
    assert found is not None
    assert found.inliers > 30
    assert np.abs(moved(found.homography, CORNERS) - corners).max() < 0.01


def test_another_picture_is_not_found() -> None:
    query = local_features(seen_from(scene(1), TILTED).mean(axis=2), 400)
    found = placement(local_features(scene(2).mean(axis=2), 300), query, query.descriptors.astype(np.float32) / SCALE)
    assert found is None or found.inliers < 12


def test_one_detail_says_where_a_picture_lies() -> None:
    picture = scene(1)
    query = local_features(seen_from(picture, TURNED).mean(axis=2), 400)
    every = local_features(picture.mean(axis=2), 300), query, query.descriptors.astype(np.float32) / SCALE
    guesses = hypotheses(*every, 3)
    assert len(guesses) == 3
    assert np.abs(moved(guesses[0], CORNERS) - TURNED).max() < 0.1
    assert np.abs(moved(guesses[1], CORNERS) - moved(guesses[0], CORNERS)).max() > 0.05


def test_large_details_are_kept_where_small_ones_repeat_by_the_thousand() -> None:
    rows, columns = np.mgrid[0:320, 0:320]
    strengths = np.random.default_rng(0).uniform(135, 150, (32, 32)).repeat(10, 0).repeat(10, 1)
    dots = strengths * ((np.abs(rows % 10 - 4.5) < 3) & (np.abs(columns % 10 - 4.5) < 3))
    hills = 20 * np.sin(rows / 14) * np.sin(columns / 14)
    found = local_features((dots + hills).astype(np.float32), 200)
    large = int((found.sizes * 320 > 8).sum())
    assert 40 < large < len(found) / 2


def test_pixels_correct_a_place_that_is_a_bit_off() -> None:
    picture = scene(3, 160)
    layers = Layers(seen_from(picture, TILTED))
    off = perspective(CORNERS, TILTED + np.array([[0.008, -0.006], [-0.006, 0.008], [0.008, 0.005], [-0.006, 0.0]]))
    better = aligned(picture, layers, off)
    assert np.abs(moved(better, CORNERS) - TILTED).max() < 0.004


def test_light_is_explained_away_and_another_number_is_not() -> None:
    picture = scene(4, 192)[:160, :160]
    rows = np.linspace(0.8, 1.1, 160, dtype=np.float32)[:, None, None]
    lit = Seen.of(Layers(picture * rows * 0.9 + 8), np.eye(3), 160)
    other = picture.copy()
    other[60:90, 60:90] = 255 - other[60:90, 60:90]
    right, wrong = compared(picture, lit), compared(other, lit)
    assert right.explained > 0.95
    assert right.worst < 0.1
    assert wrong.worst > 0.5
    assert wrong.explained < right.explained


def test_a_mirrored_or_folded_square_is_impossible() -> None:
    assert is_possible(perspective(CORNERS, TILTED))
    assert not is_possible(perspective(CORNERS, TILTED[::-1]))
    assert not is_possible(np.diag([0.0, 1.0, 1.0]))


@settings(max_examples=25, deadline=None)
@given(st.integers(32, 90), st.integers(32, 90), st.sampled_from([0.0, 128.0, 255.0]), st.integers(0, 9))
def test_any_picture_has_details_or_none(height: int, width: int, level: float, seed: int) -> None:
    grey = np.full((height, width), level, dtype=np.float32)
    if seed:
        grey += np.random.default_rng(seed).normal(0, seed, grey.shape).astype(np.float32)
    found = local_features(grey, 50)
    assert found.descriptors.shape == (len(found), 128)
    assert np.isfinite(found.places).all()
    if not seed:
        assert len(found) == 0
