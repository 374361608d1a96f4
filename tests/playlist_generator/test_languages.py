"""German asked for, German got: the generator's notices and reasons, and what its commands print around them."""

import re

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation import configuration
from ml.foundation.phrase import spoken
from ml.playlist_generator.demand_names import _BEGINNINGS, _NAMES, amount, demand_name, word
from ml.playlist_generator.words import PHRASES

#: Words of English that notices, reasons and labels are made of, and German ones are not.
ENGLISH = re.compile(
    r"\b(the|you|your|is|are|of|and|by|with|like|note|not|no|this|these|met|asked|got|possible|together|tracks?|length|"
    r"tempo_bpm|bpm_|energy|key|why|title|artist|calm|energetic|opens|same|lifts|to|left|out|written|without|known|new|"
    r"against|order|lists|only|suits|keeps|gives|way|stand)\b",
    re.IGNORECASE,
)
#: What stays as it is: the demo's own names, ids, commands, and what was typed.
LEFT = re.compile(
    r"(calm jazz|loud techno)( artist)? \d+|\S*test:\S+|ml playlist \S+|--\S+|\S+\.m3u8|M3U8|m3u8|jazz|techno|mood=\S+|"
    r"language=de|minutes=\S+|count=\S+"
)
COMMANDS = [
    "mood calm --minutes 12 --language de",
    "mood calm --count 300 --artist-gap 0 --language de",
    "mood ruhig --minutes 20 --bpm 300-310 --years 1001 --language de",
    "make --genres jazz --max-per-artist 1 --count 20 --language de",
    "make --include test:track/jazz-1 --exclude test:track/jazz-1 --count 3 --language de",
    "make --include test:track/jazz-1 --pin 2=test:track/jazz-3 --bpm 300 --years 1001 --count 3 --language de",
    "make --share genre:jazz=0.9 --share genre:techno=0.5 --count 8 --language de",
    "make --like test:track/jazz-1 --unlike test:track/techno-1 --arc peak --minutes 10 --best --language de",
    "activity workout --minutes 10 --for test:techno-1 --language de",
    "activity commute --minutes 10 --ask instrumental=true --language de",
    "theme calm-jazz-at-night --count 4 --out LIST --language de",
    'make --ask user_ids=["test:techno-1","test:jazz-1"] --count 6 --language de',
]


@pytest.fixture
def ml(world, tmp_path, monkeypatch):
    """Type a command into a copy of the workspace."""
    import shutil

    home = tmp_path / "world"
    shutil.copytree(world, home)
    monkeypatch.setenv("ML_HOME", str(home))
    configuration.forget()

    def run(*words):
        done = CliRunner().invoke(app, [str(each) for each in words], catch_exceptions=False)
        assert done.exit_code == 0
        return done.stdout

    yield run
    configuration.forget()


def test_everything_that_is_printed_is_german(ml, tmp_path):
    found = {}
    for line in COMMANDS:
        words = [
            str(tmp_path / "list.m3u8") if each == "LIST" else each.replace("-at-night", " at night")
            for each in line.split()
        ]
        said = LEFT.sub(" ", ml("playlist", *words))
        if english := ENGLISH.findall(said):
            found[line] = (sorted(set(english)), said)
    assert not found


def test_recipes_and_extensions_are_german_where_the_settings_are(ml, monkeypatch):
    monkeypatch.setenv("ML_RECOMMENDATION_ENGINE__LANGUAGE", "de")
    configuration.forget()
    said = [
        ml("playlist", "save-recipe", "ruhe", "--ask", "mood=calm", "--ask", "minutes=9"),
        ml("playlist", "refresh", "ruhe", "--on", "2026-07-01"),
        ml("playlist", "refresh", "ruhe", "--on", "2026-07-02"),
        ml("playlist", "recipes"),
        ml("playlist", "extend", "ruhe 2026-07-02", "--count", "3"),
        ml("playlist", "delete-recipe", "ruhe", "--lists"),
        ml("playlist", "recipes"),
    ]
    for text in said:
        assert not ENGLISH.findall(LEFT.sub(" ", text)), text


def test_english_is_english(ml):
    said = ml("playlist", "mood", "ruhig", "--minutes", "20", "--bpm", "300-310", "--years", "1001")
    assert "not met: tempo: asked for 300 to 310, got 0 of" in said
    assert "possible, together: without tempo 300 to 310; without years 1001" in said
    assert "calm (100 %)" in said


def test_every_phrase_has_both_languages_with_the_same_names():
    for english, german in (*PHRASES.values(), *_NAMES.values(), *_BEGINNINGS.values()):
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", german))


def test_every_demand_that_is_made_has_a_name(generator):
    found = generator.generate(
        count=4,
        genres=["jazz"],
        not_genres=["techno"],
        years=(1990, 2020),
        languages=["fr", "en"],
        explicit=False,
        instrumental=True,
        bpm=(60, 120),
        energy=(0, 1),
        loudness_lufs=(-30, 0),
        album_gap=1,
        max_per_artist=2,
        mood="calm",
        include=["test:track/jazz-1"],
        exclude=["test:track/jazz-3"],
        away=["test:track/techno-3"],
        shares={"language:fr": (0, 1)},
        user_id="test:jazz-1",
        familiar_ratio=0.5,
        not_played_days=1,
    )
    for one in found.constraints:
        for language in ("en", "de"):
            assert "_" not in spoken(demand_name(one.name), language)
            assert "{" not in spoken(amount(one.name, one.asked), language)
        assert spoken(demand_name(one.name), "de") != spoken(demand_name(one.name), "en") or one.name in (
            "bpm",
            "genres",
            "instrumental",
            "include calm jazz artist 1 — calm jazz 1",
        )


def test_a_word_that_is_none_stays():
    assert word("mein_Tag") == "mein Tag"
    assert spoken(word("calm"), "de") == "ruhig"
