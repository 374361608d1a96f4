"""A snapshot as arrays, from a store whose arrays are known in advance."""

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from ml.data.schema import metadata
from ml.data.snapshot import take
from ml.data.store import Store, bulk
from ml.foundation.errors import BadInput, EmptyWorkspace
from ml.models.base import TrainingData
from ml.models.dataset import GENRE_VOICES, Dataset
from ml.models.feedback import PLAYS
from ml.models.plays import UNDATED, Plays

ITEMS = pl.DataFrame(
    {
        "key": [2, 3, 5, 7, 8],
        "kind": ["track", "artist", "track", "artist", "track"],
        "name": ["A", "Ann", "B", "Bob", "new"],
        "same_as": [None, None, None, None, None],
        "year": [1999, None, None, None, 2020],
        "language": ["de", None, "EN", None, None],
        "explicit": [True, None, False, None, None],
    },
    schema_overrides={"same_as": pl.Int64},
).with_columns(match=pl.lit("m"))
LISTENS = pl.DataFrame(
    {
        "user_key": [900, 900, 900, 20, 20, 41],
        "listened_at": [10, 20, 30, 40, 50, 60],
        "item_key": [5, 5, 2, 2, 7, 3],
        "skipped": [None, True, False, False, False, False],
        "activity": ["work", None, "sleep", "work", None, None],
        "device": [None, None, "phone", "car", "tv", None],
    }
)
COUNTS = pl.DataFrame({"user_key": [900, 30], "item_key": [2, 5], "plays": [7, 4]})
TAGS = pl.DataFrame(
    {
        "item_key": [2, 2, 2, 5, 3],
        "tag": ["Rock", "rock", "rock", "jazz", "folk"],
        "kind": ["tag", "tag", "genre", "genre", "tag"],
        "user_key": [20, 900, 0, 0, 20],
    }
)
CREDITS = pl.DataFrame(
    {
        "track_key": [2, 2, 5, 8],
        "position": [0, 1, 0, 0],
        "artist_key": [7, 3, 3, 3],
        "role": ["main", "main", "main", "featured"],
    }
)
FEATURES = pl.DataFrame(
    {
        "item_key": [8, 2, 2],
        "extractor": "x",
        "version": "1",
        "feature": ["tempo_bpm", "tempo_bpm", "energy"],
        "value": [120.0, 90.0, 0.25],
    }
)
WORLD = {
    "items": ITEMS,
    "listens": LISTENS,
    "play_counts": COUNTS,
    "tags": TAGS,
    "track_artists": CREDITS,
    "features": FEATURES,
}


def snapshot_of(folder, world):
    folder.mkdir(exist_ok=True)
    store = Store.at(folder)
    with store.write() as connection:
        for name, frame in world.items():
            bulk.insert(connection, metadata.tables[name], frame)
    taken = take(store, folder / "snapshots")
    store.close()
    return taken


@pytest.fixture
def snapshot(tmp_path):
    return snapshot_of(tmp_path, WORLD)


def test_tracks_are_the_kind_with_the_most_plays(snapshot):
    dataset = Dataset.load(snapshot)
    assert dataset.kind == "track"
    assert dataset.item_keys.tolist() == [2, 5, 8]
    assert dataset.user_keys.tolist() == [20, 30, 900]
    plays = dataset.plays
    assert plays.indptr.tolist() == [0, 1, 2, 6]
    assert plays.items.tolist() == [0, 1, 1, 1, 0, 0]
    assert plays.weights.tolist() == [1, 4, 1, 0, 1, 7]
    assert plays.times.tolist() == [40, UNDATED, 10, 20, 30, UNDATED]
    assert (plays.n_items, plays.now, plays.countries) == (3, 60, None)
    assert (plays.items.dtype, plays.weights.dtype, plays.indptr.dtype) == (np.int32, np.float32, np.int64)


def test_likes_are_plays_and_what_is_disliked_says_nothing(tmp_path):
    said = [
        # user_key, event_id, item_key, kind, at
        (20, 1, 5, "like", 45),
        (20, 2, 7, "like", 46),  # an artist: of another kind
        (900, 3, 5, "dislike", 70),
        (900, 4, 5, "add_to_playlist", 80),
        (900, 5, 2, "add_to_playlist", 15),
        (77, 6, 8, "like", 5),
    ]
    columns = ["user_key", "event_id", "item_key", "kind", "at"]
    feedback = pl.DataFrame(said, schema=columns, orient="row").with_columns(undone=pl.lit(value=False))
    dataset = Dataset.load(snapshot_of(tmp_path, WORLD | {"feedback": feedback}))
    plays = dataset.plays
    assert dataset.user_keys.tolist() == [20, 30, 77, 900]
    assert plays.indptr.tolist() == [0, 2, 3, 4, 9]
    assert plays.items.tolist() == [0, 1, 1, 2, 1, 0, 1, 0, 0]
    assert plays.weights.tolist() == [1, PLAYS["like"], 4, PLAYS["like"], 0, PLAYS["add_to_playlist"], 0, 1, 7]
    assert plays.times.tolist() == [40, 45, UNDATED, 5, 10, 15, 20, 30, UNDATED]


def test_situations_and_facts_are_read(snapshot):
    dataset = Dataset.load(snapshot)
    heard = dataset.plays.situations
    assert (heard.activity_names, heard.device_names) == (("sleep", "work"), ("car", "phone", "tv"))
    # In the order of the plays: listener 20's one, 30's total, 900's three listens and a total.
    assert heard.activities.tolist() == [1, -1, 1, -1, 0, -1]
    assert heard.devices.tolist() == [0, -1, -1, -1, 1, -1]
    data = dataset.data
    assert data.feature_names == ("energy", "tempo_bpm")
    np.testing.assert_array_equal(data.features, np.float32([[0.25, 90], [np.nan, np.nan], [np.nan, 120]]))
    assert data.years.tolist() == [1999, 0, 2020]
    assert [data.language_names[code] if code >= 0 else None for code in data.languages] == ["de", "en", None]
    assert data.explicit.tolist() == [1, 0, -1]


def test_artists_on_request(snapshot):
    dataset = Dataset.load(snapshot, kind="artist", now=99, countries={41: "DE"})
    assert dataset.item_keys.tolist() == [3, 7]
    assert dataset.user_keys.tolist() == [20, 41]
    assert dataset.plays.items.tolist() == [1, 0]
    assert dataset.plays.now == 99
    assert dataset.plays.countries == [None, "DE"]
    assert dataset.data.artists.tolist() == [0, 1]
    assert dataset.artist_keys.tolist() == [3, 7]


def test_totals_decide_the_kind_too(tmp_path):
    many = pl.DataFrame({"user_key": [900], "item_key": [3], "plays": [10]})
    assert Dataset.load(snapshot_of(tmp_path, WORLD | {"play_counts": many})).kind == "artist"


def test_tags_count_listeners_and_genres_count_more(snapshot):
    dataset = Dataset.load(snapshot)
    assert dataset.tag_names == ("jazz", "rock")
    assert dataset.data.tags.toarray().tolist() == [[0, 2 + GENRE_VOICES], [GENRE_VOICES, 0], [0, 0]]
    assert dataset.data.tags.dtype == np.float32


def test_the_artist_of_a_track_is_its_first_main_one(snapshot):
    dataset = Dataset.load(snapshot)
    assert dataset.artist_keys.tolist() == [3, 7]
    assert dataset.data.artists.tolist() == [1, 0, -1]
    assert dataset.data.artists.dtype == np.int32


def test_keys_too_large_for_a_table_are_found_too(tmp_path):
    far = {
        name: frame.with_columns(
            pl.col(column) + (1 << 60) for column in ("key", "item_key", "track_key") if column in frame.columns
        )
        for name, frame in WORLD.items()
    }
    near, there = Dataset.load(snapshot_of(tmp_path / "a", WORLD)), Dataset.load(snapshot_of(tmp_path / "b", far))
    assert there.plays.items.tolist() == near.plays.items.tolist()
    assert there.user_keys.tolist() == near.user_keys.tolist()
    assert (there.data.tags != near.data.tags).nnz == 0


def test_without_plays_there_are_items_and_no_listeners(tmp_path):
    dataset = Dataset.load(snapshot_of(tmp_path, {"items": ITEMS, "tags": TAGS}))
    assert dataset.kind == "track"
    assert dataset.plays.n_users == 0
    assert dataset.plays.counts.shape == (0, 3)
    assert not dataset.is_dated
    assert dataset.data.artists.tolist() == [-1, -1, -1]


def test_an_empty_workspace_names_what_fills_it(tmp_path):
    with pytest.raises(EmptyWorkspace, match="ml demo"):
        Dataset.load(snapshot_of(tmp_path, {}))


def test_a_kind_that_does_not_exist_is_named(snapshot):
    with pytest.raises(BadInput, match="did you mean 'track'"):
        Dataset.load(snapshot, kind="tracks")


def test_after_the_cut_only_discoveries_are_relevant(snapshot):
    # Dated plays of tracks: 10, 20, 30, 40. The last half begins at 30.
    split = Dataset.load(snapshot).split_by_time(share=0.5)
    assert split.train.plays.times.tolist() == [UNDATED, 10, 20, UNDATED]
    assert split.train.plays.indptr.tolist() == [0, 0, 1, 4]
    assert split.train.plays.now == 30
    # Listener 20 finds track 2; listener 900 knew it from a total.
    assert split.relevant.toarray().tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert split.train.item_keys.tolist() == [2, 5, 8]


def test_a_skip_is_no_discovery(tmp_path):
    heard = pl.DataFrame({"user_key": [1, 1], "listened_at": [1, 9], "item_key": [2, 5], "skipped": [False, True]})
    split = Dataset.load(snapshot_of(tmp_path, {"items": ITEMS, "listens": heard})).split_by_time(share=0.5)
    assert split.relevant.nnz == 0


def test_undated_data_cannot_be_cut_in_time(tmp_path):
    undated = Dataset.load(snapshot_of(tmp_path, {"items": ITEMS, "play_counts": COUNTS}))
    with pytest.raises(ValueError, match="split_per_user"):
        undated.split_by_time()


@pytest.mark.parametrize("share", [0, 1, -0.1, float("nan")])
def test_a_share_is_a_share(snapshot, share):
    dataset = Dataset.load(snapshot)
    with pytest.raises(ValueError, match="between 0 and 1"):
        dataset.split_by_time(share=share)
    with pytest.raises(ValueError, match="between 0 and 1"):
        dataset.split_per_user(share=share, rng=np.random.default_rng(0))


def test_of_few_items_none_are_put_aside_and_of_more_the_share_rounded_down(tmp_path):
    sizes = [1, 4, 5, 9, 10]
    pairs = [(user, item) for user, size in enumerate(sizes) for item in range(size)]
    frame = pl.DataFrame(pairs, schema=["user_key", "item_key"], orient="row").with_columns(plays=pl.lit(3))
    items = pl.DataFrame({"key": range(10)}).with_columns(kind=pl.lit("track"), name=pl.lit("n"), match=pl.lit("m"))
    dataset = Dataset.load(snapshot_of(tmp_path, {"items": items, "play_counts": frame}))
    split = dataset.split_per_user(share=0.2, rng=np.random.default_rng(0))
    assert split.relevant.sum(axis=1).ravel().tolist() == [[0, 0, 1, 1, 2]]
    assert np.diff(split.train.plays.counts.indptr).tolist() == [1, 4, 4, 8, 8]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(1, 3)), max_size=60),
    st.floats(0.1, 0.9),
    st.integers(0, 9),
)
def test_a_split_loses_nothing_and_shows_nothing(tmp_path_factory, heard, share, seed):
    frame = pl.DataFrame(heard, schema=["user_key", "item_key", "plays"], orient="row").unique(["user_key", "item_key"])
    frame = frame.cast(pl.Int64)
    items = pl.DataFrame({"key": range(10)}).with_columns(kind=pl.lit("track"), name=pl.lit("n"), match=pl.lit("m"))
    dataset = Dataset.load(snapshot_of(tmp_path_factory.mktemp("w"), {"items": items, "play_counts": frame}))
    split = dataset.split_per_user(share=share, rng=np.random.default_rng(seed))
    again = dataset.split_per_user(share=share, rng=np.random.default_rng(seed))
    assert (split.relevant != again.relevant).nnz == 0
    whole, train = dataset.plays.counts.toarray(), split.train.plays.counts.toarray()
    aside = split.relevant.toarray() > 0
    assert np.array_equal(train, np.where(aside, 0, whole))
    assert not (aside & (train > 0)).any()
    assert np.array_equal(aside.sum(axis=1), np.floor(share * (whole > 0).sum(axis=1)))


def test_the_order_by_history_does_not_depend_on_the_listeners_keys(tmp_path):
    def ordered(keys):
        plays = Plays.of([[0, 1], [2], [1, 2, 2], [0]], n_items=3).select(np.argsort(keys, kind="stable"))
        data = TrainingData(plays, csr_matrix((3, 0), dtype=np.float32), np.arange(3, dtype=np.int32))
        dataset = Dataset("track", np.arange(3), np.sort(keys), np.arange(3), (), data, "")
        return dataset.by_history()

    one, other = ordered(np.array([5, 6, 7, 8])), ordered(np.array([70, 3, 51, 2]))
    assert one.plays.counts.toarray().tolist() == other.plays.counts.toarray().tolist()
    names = dict(zip([70, 3, 51, 2], [5, 6, 7, 8], strict=True))
    assert [names[key] for key in other.user_keys.tolist()] == one.user_keys.tolist()
