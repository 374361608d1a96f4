"""Who describes a sound gets what suits wholly, and of that what is played most."""

import math

import polars as pl
import pytest

from ml.features.language import parse
from ml.intelligent_search.answering import possible
from ml.intelligent_search.described import Description, describe
from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.filters import Filters
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.lexical.suiting import SOUNDS
from ml.intelligent_search.matching import count_of
from ml.intelligent_search.understanding import understand

CALM = {name: sum(ends) / 2 for name, ends in SOUNDS["mood calm"].items()}
LOUD = {name: 1 - value for name, value in CALM.items()}


def track(uid, plays, sound, **more):
    return {"uid": uid, "kind": "track", "name": uid, "genres": [], "tags": [], "tag_counts": [], "plays": plays} | (
        sound | more
    )


def searched(folder, rows, text):
    index = LexicalIndex(folder)
    index.refresh(pl.DataFrame(rows, schema=dict(SCHEMA)))
    understood, searcher = understand(parse(text)), index.words.searcher()
    asked = Description(wishes=understood.wishes, text=understood.text, choosing=understood.filters.query(), whole=text)
    found, matching, _ = describe(searcher, asked, count=10)
    return [one.shown.uid for one in found], count_of(searcher, matching)


@pytest.fixture
def many():
    """Give 200 calm tracks, the later the more played, and 200 loud ones that are played more than any."""
    calm = [track(f"calm {n}", n, CALM, year=1990 + n % 20, genres=["rock"]) for n in range(200)]
    return [*calm, *(track(f"loud {n}", 1_000 + n, LOUD, year=1995, genres=["rock"]) for n in range(200))]


def test_of_many_that_suit_wholly_the_most_played_come_first(tmp_path, many):
    found, total = searched(tmp_path, many, "calm music")
    assert found[:3] == ["calm 199", "calm 198", "calm 197"]
    assert total == 200


def test_what_the_most_gave_a_tag_is_there_whatever_suits_by_its_sound(tmp_path, many):
    tagged = track("tagged", 0, LOUD, tags=["calm"], tag_counts=[500])
    assert "tagged" in searched(tmp_path, [*many, tagged], "ruhige Musik")[0]


def test_where_few_suit_wholly_what_suits_in_part_follows(tmp_path, many):
    found, _ = searched(tmp_path, many, "calm music from the 2000s")
    assert found[:100] == [f"calm {n}" for n in reversed(range(200)) if n % 20 >= 10]
    assert len(found) > 100


@pytest.mark.parametrize("unknown", [None, math.nan])
def test_a_sound_that_is_not_known_suits_nothing(tmp_path, many, unknown):
    rows = [*many, track("unknown", 10_000, dict.fromkeys(CALM, unknown))]
    found, total = searched(tmp_path, rows, "calm music")
    assert "unknown" not in found
    assert total == 200


@pytest.mark.parametrize(
    "refusing", [Filters(not_genres=("rock",)), Filters(without=("one",)), Filters(not_named=("one",))]
)
def test_what_is_refused_of_everything_leaves_nothing(tmp_path, refusing):
    index = LexicalIndex(tmp_path)
    index.refresh(pl.DataFrame([track("one", 1, CALM, genres=["rock"])], schema=dict(SCHEMA)))
    assert possible(index.words.searcher(), refusing, []) == refusing
