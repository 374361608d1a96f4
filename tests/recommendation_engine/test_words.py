"""What the engine says is there in English and in German, and is the same thing."""

import json
from datetime import timedelta
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.cli.words import PRINTED
from ml.data.ingest import history
from ml.features.vocabulary import VOCABULARY
from ml.foundation.errors import BadInput
from ml.foundation.phrase import Phrase, spoken
from ml.models.context.words import _SAID
from ml.models.exposure import TIERS
from ml.recommendation_engine import words
from ml.recommendation_engine.events import EVENTS
from ml.recommendation_engine.explanation_words import EXPLAINED
from ml.recommendation_engine.wishes import CONTEXT
from ml.recommendation_engine.words import often, say

PAIRS = {
    **words.PHRASES,
    **EXPLAINED,
    **PRINTED,
    "running": tuple(history._RUNNING.values()),
    "newer": tuple(history._NEWER.values()),
}


def blanks(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", PAIRS)
def test_both_languages_say_the_same_of_the_same(name):
    english, german = PAIRS[name]
    assert blanks(english) == blanks(german)
    assert bool(english) == bool(german)


def test_every_word_of_the_vocabulary_has_its_german():
    known = {word for part in CONTEXT for word in VOCABULARY[part]}
    assert known - set(words.WORDS) == set()
    assert {f"part {part}" for part in CONTEXT} <= set(words.PHRASES)
    adjectives = {each for _, high, _, low in _SAID.values() for each in (high, low) if each}
    assert {f"sound {each}" for each in adjectives} <= set(words.PHRASES)


@pytest.mark.parametrize(
    ("n", "english", "german"), [(1, "once", "einmal"), (2, "2 times", "2-mal"), (1234, "1,234 times", "1.234-mal")]
)
def test_plurals(n, english, german):
    assert (str(often(n)), spoken(often(n), "de")) == (english, german)


def test_lists_and_numbers():
    texts = {"en": "{names}: {x}", "de": "{names}: {x}"}
    phrase = Phrase(texts, {"names": ("A", "B", "C"), "x": 1234.56})
    assert phrase == "A, B and C: 1,234.6"
    assert spoken(phrase, "de") == "A, B und C: 1.234,6"


@given(st.text())
def test_what_a_name_holds_is_no_template(title):
    phrase = say("because_played", names=(title,))
    assert phrase == f"because you played {title}"
    assert spoken(phrase, "de") == f"weil du {title} gehört hast"


def test_a_recommendation_in_german(desk):
    desk.tell("test:calm-1", "test:track/odd-1")
    english = desk.ask("test:calm-1", familiar_ratio=0.5)
    german = desk.ask("test:calm-1", familiar_ratio=0.5, language="de")
    assert [track.item_id for track in german.tracks] == [track.item_id for track in english.tracks]
    assert all(track.why.startswith(("because you played", "you played it")) for track in english.tracks)
    assert all(track.why.startswith(("weil du", "du hast es")) for track in german.tracks)
    played = next(track for track in german.tracks if track.title == "odd 1")
    assert played.why == "du hast es einmal gehört, zuletzt am 2026-06-30"
    assert type(played.why) is str


def test_notices_in_german(desk):
    desk.engine.pause_history("test:calm-1")
    (english, lesser), (german, geringer) = (
        desk.ask("test:calm-1", algorithm="hybrid_deep", language=language).notices for language in ("en", "de")
    )
    assert english.endswith("what is played changes nothing")
    assert german.endswith("was gehört wird, ändert nichts")
    assert "hybrid_deep answers as hybrid: the current models have no deep part" in lesser
    assert "hybrid_deep antwortet als hybrid: die jetzigen Modelle haben keinen tiefen Teil" in geringer
    assert desk.ask("test:nobody", language="de").notices == (
        "niemand hier heißt test:nobody; das ist, was beliebt ist",
    )


def test_a_batch_and_the_setting_speak_too(desk):
    (answer,) = desk.engine.recommend_batch(["test:calm-1"], familiar_ratio=1.0, language="de")
    assert answer.tracks[0].why.startswith("du hast es")
    desk.parts.settings.language = "de"
    desk.clock.pass_(minutes=timedelta(hours=1).seconds // 60)
    assert desk.ask("test:calm-1").tracks[0].why.startswith("weil du")
    assert json.loads(desk.ask("test:calm-1").to_json())["tracks"][0]["why"].startswith("weil du")


def test_upper_and_lower_case_of_a_language_are_the_same(desk):
    assert desk.ask("test:nobody", language="DE") == desk.ask("test:nobody", language="de")


def test_events_and_groups_have_their_german():
    assert {f"event {each}" for each in EVENTS} <= set(words.PHRASES)
    assert {f"group {each}" for each in TIERS} <= set(words.PHRASES)


def test_a_language_that_nothing_is_said_in(desk):
    with pytest.raises(BadInput, match="language = 'fr'"):
        desk.ask("test:calm-1", language="fr")


def test_no_phrase_hides_another():
    assert set(words.PHRASES) & set(EXPLAINED) == set()
