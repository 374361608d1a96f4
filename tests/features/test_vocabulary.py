"""Words lead to one meaning, and what a word says of sound has a source and fits the measure."""

import ast
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ml.features
from ml.features.vocabulary import (
    ACTIVITIES,
    LOCATIONS,
    MOODS,
    TIMES_OF_DAY,
    VOCABULARY,
    Word,
    device_in,
    energy_of,
    hour_of,
    time_of_day,
)
from ml.foundation.errors import BadInput

RANGES = {"tempo_bpm": (30, 220)}


@pytest.mark.parametrize("kind", VOCABULARY)
def test_every_word_leads_to_itself_and_to_nothing_else(kind):
    table = VOCABULARY[kind]
    words = [
        (word.name, each) for word in table.words for each in (word.name, *filter(None, word.synonyms.split(", ")))
    ]
    assert len({each for _, each in words}) == len(words), "a word leads to two"
    for name, each in words:
        assert each == each.lower()
        assert table.match(each.upper().replace("SS", "ß") if "ß" in each else each.upper()) == name


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("activity", "Joggen", "workout"),
        ("activity", "relaxing", "relax"),
        ("mood", "melancholisch", "sad"),
        ("location", "train", "transit"),
        ("location", "U-Bahn", "transit"),
        ("weekday", "Wochenende", "saturday"),
        ("time_of_day", "late_night", "night"),
        ("device", "Handy", "phone"),
        ("energy_level", "hoch", "high"),
    ],
)
def test_english_and_german_meet(kind, text, expected):
    assert VOCABULARY[kind].match(text) == expected


def test_an_unknown_word_is_refused_with_its_neighbours():
    with pytest.raises(BadInput, match="activity = 'workot'") as near:
        ACTIVITIES.match("workot")
    assert "did you mean 'workout'" in near.value.hint
    with pytest.raises(BadInput) as far:
        MOODS.match("qqq")
    assert "happy" in far.value.hint
    assert "sad" in far.value.hint
    with pytest.raises(BadInput):
        MOODS.match(7)


@given(st.text())
def test_any_text_is_matched_or_refused(text):
    for table in VOCABULARY.values():
        assert table.match(text, strict=False) in {None, *table}


def regions():
    return [(word, word.region) for table in VOCABULARY.values() for word in table.words if word.region is not None]


def test_every_region_has_a_source_and_lies_in_the_features_range():
    assert len(regions()) >= len(MOODS) + 6
    for word, region in regions():
        assert any(character.isdigit() for character in region.source), f"{word.name}: no year in its source"
        for feature, (low, high) in region.bounds.items():
            least, most = RANGES.get(feature, (0, 1))
            assert least <= low < high <= most, (word.name, feature)


def test_moods_lie_on_the_circle_as_published():
    def middle(mood, feature):
        return sum(MOODS[mood].region.bounds[feature]) / 2

    assert middle("happy", "valence") > middle("calm", "valence") > middle("sad", "valence")
    assert middle("energetic", "energy") > middle("happy", "energy") > middle("sleepy", "energy")
    for one, other in combinations([word.name for word in MOODS.words], 2):
        assert MOODS[one].region.bounds != MOODS[other].region.bounds, (one, other)


def test_workout_is_fast_and_sleep_is_slow():
    assert ACTIVITIES["workout"].region.bounds["tempo_bpm"] == (120, 140)
    assert ACTIVITIES["sleep"].region.distance("energy", 0.9) == pytest.approx(0.6)
    assert ACTIVITIES["commute"].region is None


def test_places_name_activities_that_there_are():
    for place in LOCATIONS.words:
        assert place.activity is None or isinstance(ACTIVITIES[place.activity], Word)


def test_the_clock_goes_round():
    assert {time_of_day(hour) for hour in range(24)} == set(TIMES_OF_DAY)
    assert all(time_of_day(hour_of(name)) == name for name in TIMES_OF_DAY)
    assert energy_of("low") < energy_of("medium") < energy_of("high")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iOS 12.1 (iPhone10,4)", "phone"),
        ("iOS 13 (iPad7,5)", "tablet"),
        ("Partner android_tv Sony;BRAVIA", "tv"),
        ("Windows 10 (10.0.19041; x64)", "computer"),
        ("speaker", "speaker"),
        ("", None),
    ],
)
def test_devices_of_services(text, expected):
    assert device_in(text) == expected


def test_the_demo_worlds_own_table_is_not_looked_at():
    for path in Path(ml.features.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = (
                [node.module] if isinstance(node, ast.ImportFrom) else [a.name for a in getattr(node, "names", [])]
            )
            assert not any("data.demo" in (module or "") for module in modules), path
