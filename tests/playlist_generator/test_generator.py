"""What a user notices of playlists, on a small world whose right answers are plain."""

import asyncio

import pytest

import ml.playlist_generator as public
from ml.app import App
from ml.data.exporters.playlists import write_playlist
from ml.foundation import resolver
from ml.foundation.errors import BadInput, EmptyWorkspace, UnknownId
from ml.foundation.settings import Settings
from ml.playlist_generator import EnhancedPlaylistGenerator
from ml.playlist_generator.entries import entries


def met(found):
    return {one.name: one.met for one in found.constraints}


def genres_of(found):
    return {track.track_id.split("/")[1].split("-")[0] for track in found.tracks}


def test_the_snippet_of_the_mission(app):
    with resolver.replace(app):
        found = asyncio.run(
            EnhancedPlaylistGenerator().generate_mood_playlist(
                mood="energetic",
                duration_minutes=30,
                user_preferences={"genres": ["techno"]},
                context={"time_of_day": "evening"},
            )
        )
    assert len(found["tracks"]) == 10
    assert genres_of(found) == {"techno"}
    assert abs(found.duration_s - 1800) <= 30


def test_a_mood_is_its_sound(generator):
    assert genres_of(generator.generate(mood="calm", count=10)) == {"jazz"}
    assert genres_of(generator.generate(activity="workout", count=10)) == {"techno"}


def test_what_was_asked_holds(generator):
    found = generator.generate(
        minutes=30,
        max_per_artist=2,
        artist_gap=3,
        explicit=False,
        years=(1992, 2006),
        shares={"language:fr": 0.3, "genre:jazz": (0.5, 0.5)},
        include=["test:track/techno-2"],
        pins={2: "test:track/jazz-3"},
        exclude=["calm jazz artist 4"],
    )
    assert found.complete, met(found)
    assert len({track.track_id for track in found.tracks}) == len(found.tracks)
    assert found.tracks[1].track_id == "test:track/jazz-3"
    assert "test:track/techno-2" in {track.track_id for track in found.tracks}
    assert "calm jazz artist 4" not in {track.artist for track in found.tracks}


def test_an_impossible_request_says_what_stands_against_what(generator):
    found = generator.generate(minutes=60, genres=["jazz"], max_per_artist=1, artist_gap=0)
    (conflict,) = found.conflicts
    assert set(conflict.names) == {
        "duration",
        "max_per_artist",
    }  # eight artists of each genre: the genre is not to blame
    told = {one.name: one.enough for one in conflict.relaxations}
    assert told["max_per_artist"] == 3
    assert len(found.tracks) == 8  # as long as it can be
    assert not met(found)["duration"]
    assert met(found)["max_per_artist"]


def test_a_request_that_no_track_meets_gives_what_comes_nearest(generator):
    """French jazz is sung here, all of it."""
    found = generator.generate(theme="calm jazz, French, no vocals, 3 songs")
    assert {name for conflict in found.conflicts for name in conflict.names} == {"instrumental", "languages"}
    assert len(found.tracks) == 3
    assert genres_of(found) == {"jazz"}


def test_the_best_list_costs_no_more_than_the_quick_one_and_no_less_than_its_bound(generator):
    quick, best = (generator.generate(mood="calm", count=8, arc="peak", effort=effort) for effort in ("fast", "best"))
    assert quick.bound is None
    assert best.bound is not None
    assert best.bound <= best.cost + 1e-5
    assert best.cost <= quick.cost + 1e-5


def test_the_arc_is_followed(generator):
    energies = [track.energy for track in generator.generate(count=9, arc="warm-up", genres=["techno"]).tracks]
    assert energies[0] < energies[4] < energies[-1]
    assert sorted(energies)[:3] == sorted(energies[:3])


def test_one_seed_one_list(generator):
    first, again, other = (
        [
            track.track_id
            for track in generator.generate(count=8, seed=seed, variety=1.0, seeds=["test:track/jazz-1"]).tracks
        ]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_a_listener_gets_what_they_like(generator):
    for genre in ("jazz", "techno"):
        assert genres_of(generator.generate(user_id=f"test:{genre}-1", count=6)) == {genre}


def test_the_dial_between_the_known_and_the_new(generator):
    found = generator.generate(user_id="test:jazz-1", count=10, familiar_ratio=0.5)
    assert met(found)["familiar_ratio"]
    told = [track.why for track in found.tracks]
    assert 4 <= sum("you know it" in why for why in told) <= 6


def test_an_unknown_listener_is_told_so(generator):
    found = generator.generate(user_id="nobody", count=5)
    assert any("nobody knows nobody" in notice for notice in found.notices)


def test_like_this_and_unlike_that(generator):
    assert genres_of(generator.generate(seeds=["test:track/jazz-1"], count=8)) == {"jazz"}
    assert genres_of(generator.generate(away=["test:track/jazz-1"], count=8)) == {"techno"}


def test_a_theme_in_words(generator):
    found = generator.generate(theme="calm jazz, English, no vocals, 3 songs")
    assert len(found.tracks) == 3
    assert found.complete
    assert met(found).keys() >= {"count", "instrumental", "genres", "languages"}
    assert any(notice.startswith("understood:") for notice in found.notices)
    german = generator.generate(theme="ruhiger Jazz ohne Gesang", count=3, language="de")
    assert genres_of(german) == {"jazz"}
    assert any(notice.startswith("verstanden:") for notice in german.notices)


def test_slower_than_a_seed(generator):
    found = generator.generate(theme='like "loud techno 4" but slower', count=3)
    assert all(track.tempo_bpm < 0.93 * 132 for track in found.tracks)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"mood": "enregetic"}, "energetic"),
        ({"genres": ["polka"]}, "polka"),
        ({"minutes": 0}, "minutes = 0"),
        ({"minutes": 10, "count": 3}, "minutes and count"),
        ({"arc": [0.1, 7]}, "number 2"),
        ({"keys": ["13A"]}, "13A"),
        ({"shares": {"colour:red": 0.5}}, "colour:red"),
        ({"moood": "calm"}, "did you mean 'mood'"),
        ({"pins": {0: "x"}}, "position"),
        ({"familiar_ratio": 0.5}, "user_id"),
        ({"bpm": (130, 120)}, "lower"),
    ],
)
def test_bad_input_is_told(generator, asked, said):
    with pytest.raises(BadInput) as error:
        generator.generate(**asked)
    assert said in str(error.value)


def test_what_is_named_has_to_be_there(generator):
    with pytest.raises(UnknownId):
        generator.generate(include=["no such track"])


def test_an_empty_workspace_says_so(tmp_path):
    app = App(Settings(), home=tmp_path)
    with pytest.raises(EmptyWorkspace):
        app.playlists.generate(count=3)
    app.close()


def test_a_list_is_written_where_formats_take_it(generator, tmp_path):
    found = generator.generate(count=4)
    done = write_playlist(entries(found), tmp_path / "x.xspf", name="x")
    assert done.written == 4
    without_files = write_playlist(entries(found), tmp_path / "x.m3u8", name="x")
    assert (without_files.written, len(without_files.left_out)) == (0, 4)


def test_german_reasons(generator):
    found = generator.generate(mood="calm", count=4, language="de")
    assert found.tracks[0].why_here == "eröffnet die Liste"


def test_the_second_name():
    assert public.EnhancedPlaylistGenerator is public.PlaylistGenerator


def test_a_pin_beyond_the_end_stands_against_the_length_and_nothing_else(generator):
    found = generator.generate(count=5, pins={9: "test:track/jazz-3"})
    (conflict,) = found.conflicts
    assert set(conflict.names) == {"count", "pin 9 calm jazz artist 3 — calm jazz 3"}
    assert conflict.certain
    assert {one.name: one.enough for one in conflict.relaxations}["count"] == {"from": 5, "to": 9}
