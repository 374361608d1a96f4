import numpy as np

from ml.data.demo import World
from ml.data.demo.names import KINDS, _numbered, artist_names, fold, titles
from ml.data.demo.words import WORDS


def test_artists_are_told_apart_without_case_and_accents() -> None:
    rng = np.random.default_rng(0)
    language = rng.integers(0, len(WORDS), 12_000).astype(np.int8)
    names = artist_names(language, rng).to_list()
    assert len(names) == len(set(map(fold, names))) == 12_000


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert _numbered("Die Pfützen", set()) == "Die Pfützen"
    assert _numbered("Die Pfützen", {"die pfutzen", "die pfutzen 2"}) == "Die Pfützen 3"


def test_titles_are_unique_within_an_artist_even_of_thousands_of_tracks() -> None:
    rng = np.random.default_rng(3)
    artist = np.repeat(np.arange(6, dtype=np.int32), 4_000)
    names = titles((artist % 6).astype(np.int8), artist, rng).to_list()
    assert len({(owner, fold(name)) for owner, name in zip(artist, names, strict=True)}) == len(names)
    assert all(name == name.strip() and name[0] == name[0].upper() for name in names)


def test_phrases_stay_different_without_accents_and_case() -> None:
    for words in WORDS:
        for part in (words.openings, words.phrases, words.tails, words.bands):
            assert len(set(map(fold, part))) == len(part)


def test_identity_has_work_to_do(world: World) -> None:
    names, written = world.artists.names, world.tracks.credits
    assert names.str.contains(" & ").mean() > KINDS[3] / 3
    assert names.str.starts_with("The ").any()
    guested = written.str.contains(" feat. ").to_numpy()
    assert 0.05 < guested.mean() < 0.11
    assert (world.tracks.guest[guested] >= 0).all()
    for track in np.flatnonzero(guested)[:50]:
        main, _, guest = written[int(track)].partition(" feat. ")
        assert main == names[int(world.tracks.artist[track])]
        assert guest == names[int(world.tracks.guest[track])]


def test_two_artists_never_share_a_credit_by_being_one_and_the_same(world: World) -> None:
    assert (world.tracks.guest != world.tracks.artist).all()
