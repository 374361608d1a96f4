import pytest

from ml.data.demo import DemoSize, make_world
from ml.foundation.errors import BadInput


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        ({"listeners": 0}, "listeners is 0"),
        ({"artists": 0}, "artists is 0"),
        ({"listens": 0}, "listens is 0"),
        ({"days": 27}, "days is 27"),
        ({"tracks": 10, "artists": 11}, "10 tracks are fewer than 11 artists"),
        ({"listeners": 1, "days": 28, "listens": 281}, "281 listens are more than 10"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_with_what_would(sizes: dict[str, int], said: str) -> None:
    with pytest.raises(BadInput, match=said) as caught:
        DemoSize(**sizes)
    assert "give" in caught.value.hint


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(BadInput, match="seed is -1"):
        make_world(seed=-1)


def test_the_documented_default() -> None:
    size = DemoSize()
    assert (size.listeners, size.tracks, size.artists, size.listens, size.days) == (3_000, 8_000, 900, 400_000, 540)
