"""One score of several parts: words, tags, wishes, and who is listened to by the same people."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.errors import NotTrained
from ml.intelligent_search import SearchEngine
from ml.intelligent_search.described import Description, describe
from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.lexical import LexicalIndex
from ml.intelligent_search.wishes import Wish
from ml.models.tastes import Scores


def searcher(folder, rows):
    """Index artists: a name, tags and how many gave each, and plays."""
    frame = pl.DataFrame(
        {
            "uid": [f"a{place}" for place in range(len(rows))],
            "kind": "artist",
            "key": list(range(len(rows))),
            "name": [name for name, _, _ in rows],
            "tags": [list(tags) for _, tags, _ in rows],
            "tag_counts": [list(tags.values()) for _, tags, _ in rows],
            "plays": [plays for _, _, plays in rows],
        }
    )
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in SCHEMA.items() if name not in frame.columns]
    frame = frame.with_columns(missing).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    index = LexicalIndex(folder)
    index.refresh(frame.with_columns(pl.col("genres").fill_null([])))
    return index.words.searcher()


def found(searcher, **asked):
    return [(one.shown.name, one.parts) for one in describe(searcher, Description(**asked), count=10)[0]]


def test_a_tag_of_all_the_words_says_more_than_the_words(tmp_path):
    world = searcher(tmp_path, [("Apart", {"j": 3, "rock": 3}, 5), ("Whole", {"j rock": 3}, 5)])
    (first, parts), (_, others) = found(world, text="j rock", whole="j rock")
    assert first == "Whole"
    assert parts["words"] == 1.0 > others["words"]


def test_what_many_say_counts_more_than_what_one_says(tmp_path):
    world = searcher(tmp_path, [("One", {"sad": 1}, 5), ("Many", {"sad": 40, "slow": 20}, 5)])
    assert [name for name, _ in found(world, text="sad", whole="sad")] == ["Many", "One"]
    wished = found(world, wishes=(Wish("tag", "sad", ("sad",)),))
    assert [name for name, _ in wished] == ["Many", "One"]
    assert wished[0][1]["sad"] == 1.0 > wished[1][1]["sad"] > 0


def test_what_most_people_know_is_compared_however_much_else_is_said_of_it(tmp_path):
    crowd = [(f"Nobody {place}", {"sad": 1}, 0) for place in range(150)]
    much = {"sad": 40, **{f"other {place}": 8 for place in range(39)}}
    world = searcher(tmp_path, [*crowd, ("Known", much, 1_000)])
    assert found(world, text="sad", whole="sad")[0][0] == "Known"


def beside(values):
    return lambda keys: Scores(
        np.array(list(values)), np.array(list(values.values()), dtype=np.float32), np.zeros(len(values), dtype=np.bool_)
    )


def test_company_decides_between_what_fits_alike(tmp_path):
    world = searcher(tmp_path, [(name, {"sad": 9}, 5) for name in ("Lone", "Friend", "Stranger")])
    hits = found(world, text="sad", whole="sad", beside=beside({0: 0.0, 1: 8.0}))
    assert [name for name, _ in hits] == ["Friend", "Stranger", "Lone"]
    # Of a stranger to the models nothing is known: neither for nor against.
    assert [parts["company"] for _, parts in hits] == [1.0, 0.5, 0.0]


def test_where_nobody_knows_company_it_has_no_part(tmp_path):
    def untrained(_):
        raise NotTrained("no models", "ml train")

    world = searcher(tmp_path, [("Alone", {"sad": 9}, 5)])
    for nobody in (untrained, lambda _: None, beside({7: 1.0}), beside({0: float("nan")})):
        assert "company" not in found(world, text="sad", whole="sad", beside=nobody)[0][1]


@pytest.fixture
def tagged(app):
    """The workspace, in which three tracks have a tag that is a genre to the grammar, and near a name."""
    rows = [
        {"item_id": f"test:track/{title}", "title": title, "artist": artist, "tag": tag}
        for title, artist in (("Rain", "Quiet Piano"), ("Cloud", "Pink"), ("Hoppípolla", "Sigur Rós"))
        for tag in ("easy listening", "yesterdays")
    ]
    load(app.workspace.store, [Batch("tags", 0, {"tags": pl.DataFrame(rows)})])
    return SearchEngine(replace(app.search_parts(), log=None))


def test_what_several_are_tagged_as_is_a_description_unless_something_is_called_so(tagged):
    near = tagged.search("yesterdays", kinds=["track"])
    assert near.route == "description"
    assert near.hits[0].name in {"Rain", "Cloud", "Hoppípolla"}
    assert {hit.name for hit in near.hits if hit.parts.get("words")} == {"Rain", "Cloud", "Hoppípolla"}
    assert tagged.search("yesterday").hits[0].name == "Yesterday"


def test_what_is_tagged_as_it_was_typed_is_of_the_genre_that_is_read_in_it(tagged):
    # To the grammar it is ambient, as which Hoppípolla alone is filed; who asks for a genre gets that only.
    names = [hit.name for hit in tagged.search("easy listening", kinds=["track"]).hits]
    assert {"Rain", "Cloud", "Hoppípolla"} <= set(names)
    filed = tagged.search("easy listening", kinds=["track"], genres=["ambient"])
    assert {hit.name for hit in filed.hits} == {"Hoppípolla"}


def test_models_have_a_part_in_descriptions(search):
    hits = search("sad rock", kinds=["track"]).hits
    assert any(hit.parts.get("company", 0) > 0 for hit in hits)
