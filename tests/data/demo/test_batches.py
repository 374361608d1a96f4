from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from ml.data.demo import DemoSize, World, artist_id, make_world, track_id, user_id
from ml.data.demo.batches import FEATURES, batches
from ml.data.demo.tags import TAGS
from ml.data.frames import FRAMES
from ml.data.importers.base import BATCH_ROWS


@pytest.fixture(scope="module")
def frames(world: World) -> dict[str, pl.DataFrame]:
    """The frames of each file, joined."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for batch in world.batches():
        for frame in batch.frames.values():
            parts.setdefault(batch.file, []).append(frame)
    return {file: pl.concat(each) for file, each in parts.items()}


def test_every_frame_has_the_columns_and_types_of_its_schema(world: World) -> None:
    seen = []
    for batch in world.batches():
        for name, frame in batch.frames.items():
            assert dict(frame.schema) == dict(FRAMES[name])
            assert len(frame) == batch.rows <= BATCH_ROWS
            seen.append(name)
    assert list(dict.fromkeys(seen)) == ["profiles", "items", "tags", "features", "listens"]


def test_small_batches_join_to_the_same_rows(world: World) -> None:
    def listens(rows: int) -> pl.DataFrame:
        return pl.concat(batch.frames["listens"] for batch in batches(world, rows=rows) if "listens" in batch.frames)

    small = listens(7_001)
    assert_frame_equal(small, listens(BATCH_ROWS))
    assert small["line"].to_list() == list(range(1, world.size.listens + 1))


def test_listens_come_in_time_order_and_say_what_the_world_knows(world: World, frames: dict[str, pl.DataFrame]) -> None:
    frame = frames["demo/listens"]
    assert frame["listened_at"].is_sorted()
    for row in (0, 12_345, len(frame) - 1):
        named = frame.row(row, named=True)
        assert named["user_id"] == user_id(int(world.listens.listener[row]))
        assert named["item_id"] == track_id(int(world.listens.track[row]))
        assert named["title"] == world.tracks.titles[int(world.listens.track[row])]
        assert named["ms_played"] == world.listens.ms_played[row]


def test_a_skip_is_short_and_says_why(frames: dict[str, pl.DataFrame]) -> None:
    listens = frames["demo/listens"]
    skips, heard = listens.filter("skipped"), listens.filter(~pl.col("skipped"))
    assert skips["ms_played"].max() <= 45_000
    assert set(skips["reason_end"]) == {"fwdbtn"}
    assert set(heard["reason_end"]) == {"trackdone", "endplay"}
    whole = heard.filter(reason_end="trackdone")
    assert (whole["ms_played"] == whole["duration_ms"]).all()


def test_activity_is_told_for_some_sessions_only(world: World, frames: dict[str, pl.DataFrame]) -> None:
    told = frames["demo/listens"]["activity"].is_not_null().to_numpy()
    assert (told == world.listens.activity_told).all()
    assert 0.65 < told.mean() < 0.75


def test_ids_run_upward_from_documented_numbers(world: World, frames: dict[str, pl.DataFrame]) -> None:
    assert frames["demo/profiles"]["user_id"].to_list() == [user_id(n) for n in range(len(world.listeners))]
    assert frames["demo/artists"]["item_id"].to_list() == [artist_id(n) for n in range(len(world.artists))]
    assert frames["demo/tracks"]["item_id"].to_list() == [track_id(n) for n in range(len(world.tracks))]
    assert (user_id(0), artist_id(0), track_id(0)) == ("demo:user_10000", "demo:artist/1", "demo:track/1")


def test_the_mission_s_listener_is_in_the_default_world() -> None:
    assert "demo:user_12345" in {user_id(n) for n in range(DemoSize().listeners)}


def test_items_carry_what_the_world_knows(world: World, frames: dict[str, pl.DataFrame]) -> None:
    tracks, artists = frames["demo/tracks"], frames["demo/artists"]
    assert set(tracks["kind"]) == {"track"}
    assert set(artists["kind"]) == {"artist"}
    assert artists["title"].to_list() == world.artists.names.to_list()
    assert artists["artist"].null_count() == len(artists)
    assert artists["country"].null_count() == 0
    assert set(tracks["genres"].list.len()) <= {1, 2}
    assert tracks["year"].min() >= 1959
    assert tracks["year"].max() == 2026
    instrumental = world.tracks.sounds[:, 4] > 0.6
    assert (tracks["language"].is_null().to_numpy() == instrumental).all()


def test_features_are_in_their_ranges(world: World, frames: dict[str, pl.DataFrame]) -> None:
    features = frames["demo/features"]
    assert len(features) == len(world.tracks) * len(FEATURES)
    wide = features.pivot("feature", index="item_id", values="value")
    limits = {"tempo_bpm": (55, 200), "loudness_lufs": (-30, -4), "key": (0, 11), "minor": (0, 1)}
    for name in FEATURES:
        low, high = limits.get(name, (0, 1))
        assert wide[name].is_between(low, high).all()
    assert np.allclose(wide["energy"].to_numpy(), world.tracks.sounds[:, 0])


def test_tags_suit_the_sound(world: World, frames: dict[str, pl.DataFrame]) -> None:
    tags = frames["demo/tags"]
    assert set(tags["tag"]) <= set(TAGS)
    assert len(TAGS) == len(set(TAGS)) == 60
    assert not tags.select("item_id", "tag").is_duplicated().any()
    energy = pl.DataFrame({"item_id": frames["demo/tracks"]["item_id"], "energy": world.tracks.sounds[:, 0]})
    mean = tags.join(energy, on="item_id").group_by("tag").agg(pl.col("energy").mean())
    by_tag = dict(mean.iter_rows())
    assert by_tag["workout"] > by_tag["sleepy"] + 0.3


def test_personal_facts_are_sometimes_not_told(world: World, frames: dict[str, pl.DataFrame]) -> None:
    profiles = frames["demo/profiles"]
    assert 0.05 < profiles["age"].null_count() / len(profiles) < 0.2
    assert 0.03 < profiles["gender"].null_count() / len(profiles) < 0.15
    known = profiles["age"].is_not_null().to_numpy()
    assert (profiles["age"].drop_nulls().to_numpy() == world.listeners.age[known]).all()


def test_same_seed_same_frames_and_another_seed_another_world() -> None:
    size = DemoSize(listeners=40, tracks=120, artists=20, listens=1_500, days=90)
    one, two, other = make_world(size, seed=3), make_world(size, seed=3), make_world(size, seed=4)
    for first, second in zip(one.batches(), two.batches(), strict=True):
        for name, frame in first.frames.items():
            assert_frame_equal(frame, second.frames[name])
    assert one.artists.names.to_list() != other.artists.names.to_list()
    assert (one.listens.track != other.listens.track).any()


def test_batches_can_be_asked_for_twice(world: World) -> None:
    first, second = list(world.batches())[-1], list(world.batches())[-1]
    assert_frame_equal(first.frames["listens"], second.frames["listens"])
    assert replace(world, seed=8).label == world.label
