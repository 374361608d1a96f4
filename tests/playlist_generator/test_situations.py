"""The mission's call: a mood, preferences and a situation, as recommendations take them too."""

import pytest

from ml.foundation.errors import BadInput
from ml.playlist_generator.situations import asked_by


async def test_preferences_and_context_as_recommendations_take_them(generator):
    found = await generator.generate_mood_playlist(
        mood="calm",
        duration_minutes=12,
        user_preferences={"genres": ["jazz"], "year_from": 1990, "language": "French", "energy_level": "low"},
        context={"time_of_day": "evening", "device": "phone", "weekday": "sunday"},
    )
    assert abs(found.duration_s - 720) <= 30
    assert found.request["languages"] == ("French",)
    assert found.request["years"] == (1990, 9999)
    assert found.request["energy"] == pytest.approx((0.0, 0.5), abs=0.34)
    assert found.notices[-1] == "has no say in a playlist: sunday and phone" or "phone and sunday" in found.notices[-1]


async def test_the_language_of_notices_is_the_one_asked_for(generator):
    found = await generator.generate_mood_playlist("calm", 9, context={"device": "phone"}, language="de")
    assert found.notices[-1] == "zählt bei einer Playlist nicht: Handy"


async def test_a_number_of_tracks_takes_the_place_of_minutes(generator):
    assert len((await generator.generate_mood_playlist("calm", user_preferences={"count": 4})).tracks) == 4


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"mood": None}, "mood = None"),
        ({"mood": "calm", "user_preferences": ["rock"]}, "user_preferences"),
        ({"mood": "calm", "user_preferences": {"mood": "happy"}}, "beside the mood"),
        ({"mood": "calm", "context": {"device": "toaster"}}, "device = 'toaster'"),
        ({"mood": "calm", "context": {"weather": "rain"}}, "no 'weather'"),
        ({"mood": "calm", "user_preferences": {"energy_level": 2}}, "energy_level = 2"),
        ({"mood": "calm", "user_preferences": {"genres": "JAZ"}}, "did you mean 'jazz'"),
    ],
)
async def test_what_cannot_be_asked_is_named(generator, asked, said):
    with pytest.raises(BadInput) as error:
        await generator.generate_mood_playlist(**asked)
    assert said in str(error.value)


def test_a_place_stands_for_what_is_done_there_unless_it_is_said():
    assert asked_by(None, {"location": "gym"}) == ({"activity": "workout"}, ())
    assert asked_by(None, {"activity": "relax", "location": "gym"}) == ({"activity": "relax"}, ())
    assert asked_by(None, {"location": "gym", "activity": "relax"}) == ({"activity": "relax"}, ())


def test_a_theme_for_and_against_singing_says_so(generator):
    found = generator.generate(theme="jazz, instrumental, with vocals", count=3)
    assert any("other word on vocals" in notice for notice in found.notices)
