"""Dense regions are found, and called what sets them apart."""

import numpy as np
import polars as pl

from ml.library_map.regions import dense, described

PLACES = {"jazz": (9_000, 9_000), "rock": (50_000, 12_000), "folk": (30_000, 55_000)}
EACH = 40


def planted(seed=0):
    """Points of three genres around three places; `live` is a tag of all."""
    rng = np.random.default_rng(seed)
    around = [np.array(place) + 1_500 * rng.standard_normal((EACH, 2)) for place in PLACES.values()]
    places = np.clip(np.concatenate(around), 0, 65_535).astype(np.int64)
    words = np.repeat(list(PLACES), EACH)
    points = pl.DataFrame(
        {
            "name": [f"{word} {n}" for n, word in enumerate(words)],
            "maker": [f"{word} band {n % 4}" for n, word in enumerate(words)],
            "tags": [["live", str(word)] for word in words],
            "plays": list(range(len(words), 0, -1)),
        }
    )
    return points, places[:, 0], places[:, 1], words


def test_three_places_are_three_regions_and_each_is_called_by_its_genre():
    points, x, y, words = planted()
    regions, of = described(points, x, y)
    large = [each for each in regions if each.grain == 0]
    assert sorted(each.name for each in large) == sorted(PLACES)
    assert [regions[place].name for place in of] == list(words)
    for region in large:
        near = np.hypot(region.x - PLACES[region.name][0], region.y - PLACES[region.name][1])
        assert near < 2_500
        assert region.points == EACH
        assert region.tags == [region.name], "what all have sets nobody apart"
        assert [points["name"][place].split()[0] for place in region.most_played] == [region.name] * 5
        assert region.most_played == sorted(region.most_played)
        assert region.artists[0].startswith(f"{region.name} band")


def test_without_tags_regions_are_called_by_who_is_played_most():
    points, x, y, _ = planted()
    regions, _ = described(points.with_columns(tags=pl.lit([], pl.List(pl.String))), x, y)
    assert {each.name for each in regions if each.grain == 0} == {"jazz band 0", "rock band 0", "folk band 0"}


def test_a_few_scattered_points_are_no_region():
    x = np.array([0, 20_000, 40_000, 60_000] + [5_000] * 9, dtype=np.int64)
    found = dense(x, x, 0.01, 10)
    assert found.of.tolist() == [-1] * 4 + [0] * 9
    assert dense(x[:0], x[:0], 0.01, 10).summits.shape == (0, 2)
