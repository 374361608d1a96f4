"""Maps of a workspace: laid out, kept, looked at; stale, damaged, with new ones placed."""

import numpy as np
import polars as pl
import pytest

from ml.data.store import Store
from ml.foundation.errors import BadInput, EmptyWorkspace, NotTrained
from ml.library_map import Atlas, MapParts, Sounds

GENRES, EACH, SIZE = ("jazz", "rock", "folk"), 30, 24


class World:
    """Documents whose sounds lie in three clusters; more can come."""

    def __init__(self, folder):
        self.each, self.version = EACH, "1"
        self.rng = np.random.default_rng(4)
        self.middles = np.sign(self.rng.standard_normal((3, SIZE)))
        self.noise = self.rng.standard_normal((3 * 2 * EACH, SIZE))
        self.store = Store.at(folder)
        self.parts = MapParts(self.store, folder / "map", folder / "models", self.documents, self.sounds, ("told",))

    def rows(self):
        for place in range(3 * self.each):
            genre = GENRES[place % 3]
            yield place, genre, f"{genre} song {place}"

    def documents(self):
        tracks = [
            {
                "uid": f"f{place:03}",
                "kind": "track",
                "key": None,
                "content_hash": f"{place:03}",
                "name": name,
                "artist": f"{genre} band",
                "artist_key": GENRES.index(genre) + 1 if place >= 3 else None,
                "genres": [genre],
                "tags": [genre],
                "year": 1990 + place % 3 if place else None,
                "tempo_bpm": 100.4 if place else None,
                "plays": 1000 - place,
                "fact": place if place < len(self.noise) else None,
            }
            for place, genre, name in self.rows()
        ]
        silent = {**tracks[0], "uid": "fsilent", "content_hash": "silent", "fact": None, "plays": 5000}
        return pl.DataFrame([*tracks, silent], schema_overrides={"key": pl.Int64, "fact": pl.Int64})

    def sounds(self):
        places = np.arange(3 * self.each)
        vectors = self.middles[places % 3] + 0.6 * self.noise[places]
        return Sounds(self.version, (7 * vectors + 3).astype(np.float32))


@pytest.fixture
def world(tmp_path):
    found = World(tmp_path)
    yield found
    found.store.close()


@pytest.fixture
def atlas(world):
    return Atlas(world.parts)


def places(found):
    return dict(zip(found.ids, zip(found.x, found.y, strict=True), strict=True))


def test_what_sounds_alike_lies_together_and_is_told_of(atlas):
    built = atlas.build(by="sound")
    assert (built.points, built.without, built.placed, built.version) == (3 * EACH, 1, 0, "1")
    assert built.kept_of_10 > 4
    found = atlas.show()
    assert (found.by, found.kind, found.state, found.stale, found.without) == ("sound", "track", "ready", False, 1)
    assert found.names[:2] == ["jazz song 0", "rock song 1"], "the most played first"
    assert found.ids[:2] == ["file:000", "file:001"]
    assert sorted(found.genre_names) == sorted(GENRES)
    assert [found.genre_names[each] for each in found.genres[:3]] == list(GENRES)
    assert [found.artist_names[each] for each in found.artists[:2]] == ["jazz band", "rock band"]
    assert (found.years[:2], found.tempos_bpm[:2]) == ([0, 1991], [0, 100])
    assert (min(found.x + found.y), max(found.x + found.y)) == (0, 65_535)
    assert sorted(each.name for each in found.regions if each.grain == 0) == sorted(GENRES)
    assert [found.regions[each].name for each in found.region_of] == [name.split()[0] for name in found.names]
    assert found.notices == ["told"]


def test_a_part_of_it_is_the_most_played(atlas):
    atlas.build(by="sound")
    whole, part = atlas.show(), atlas.show(count=7)
    assert (part.n_points, part.names, part.x) == (3 * EACH, whole.names[:7], whole.x[:7])
    assert part.regions == whole.regions


def test_artists_have_a_map_of_their_own(atlas):
    assert [(each.by, each.kind, each.state) for each in atlas.show().choices] == [
        ("listening", "track", "nothing"),
        ("listening", "artist", "nothing"),
        ("sound", "track", "not_laid_out"),
        ("sound", "artist", "not_laid_out"),
    ]
    built = atlas.build(by="sound", kind="artist")
    assert (built.kind, built.points) == ("artist", 3)


def test_the_same_seed_gives_the_same_map_wherever_it_is_made(atlas, world, tmp_path):
    atlas.build(by="sound", seed=3)
    first = places(atlas.show())
    (tmp_path / "map" / "sound-track.npz").unlink()
    atlas.build(by="sound", seed=3)
    assert places(atlas.show()) == first


def test_new_ones_are_placed_among_their_neighbours_and_nothing_moves(atlas, world):
    atlas.build(by="sound")
    first = atlas.show()
    world.each += 5
    built = atlas.build(by="sound", only_new=True)
    assert (built.points, built.placed) == (3 * EACH + 15, 15)
    found = atlas.show()
    assert found.laid_out_at == first.laid_out_at
    known = places(first)
    assert {name: place for name, place in places(found).items() if name in known} == known
    for i in range(3 * EACH, len(found.ids)):
        assert found.regions[found.region_of[i]].name == found.names[i].split()[0]


def test_a_map_that_is_laid_out_again_begins_where_it_was(atlas, world):
    atlas.build(by="sound")
    before = atlas.show()
    world.noise += 0.1 * world.rng.standard_normal(world.noise.shape)
    atlas.build(by="sound")
    after = atlas.show()
    moved = np.corrcoef(before.x + before.y, after.x + after.y)[0, 1]
    assert moved > 0.9


def test_other_vectors_make_it_stale(atlas, world):
    atlas.build(by="sound")
    world.version = "2"
    assert atlas.show().stale
    assert not (atlas.build(by="sound"), atlas.show())[1].stale


def test_what_is_gone_from_the_store_is_gone_from_the_map(atlas, world):
    atlas.build(by="sound")
    world.each -= 1
    later = Atlas(world.parts).show()
    assert (later.n_points, len(later.ids)) == (3 * EACH - 3, 3 * EACH - 3)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 no", None])
def test_a_damaged_map_is_as_good_as_none(atlas, tmp_path, damage):
    atlas.build(by="sound")
    path = tmp_path / "map" / "sound-track.npz"
    path.write_bytes(path.read_bytes()[:-40] if damage is None else damage)
    assert atlas.show().state == "not_laid_out"
    atlas.build(by="sound")
    assert atlas.show().state == "ready"


def test_what_cannot_be_says_what_to_do(atlas, world):
    with pytest.raises(NotTrained) as error:
        atlas.build()
    assert "ml train" in str(error.value.hint or error.value)
    with pytest.raises(BadInput, match="by = 'smell'"):
        atlas.build(by="smell")
    with pytest.raises(BadInput, match="kind = 'album'"):
        atlas.show(kind="album")
    with pytest.raises(BadInput, match="count = 0"):
        atlas.show(count=0)
    with pytest.raises(BadInput, match="no map to place anything on"):
        atlas.build(by="sound", only_new=True)
    empty = Atlas(MapParts(world.store, world.parts.folder, world.parts.models, world.documents, lambda: None))
    with pytest.raises(EmptyWorkspace, match="no sound was analysed"):
        empty.build(by="sound")
    assert [each.state for each in empty.show().choices] == ["nothing"] * 4
    assert empty.show().state == "nothing"
