"""The index is kept up to date, and made again where it is damaged."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.lexical import LexicalIndex, find_names
from ml.intelligent_search.lexical.candidates import Asked, gather


def documents(*names):
    rows = [
        {"uid": f"a{name}", "kind": "artist", "name": name, "genres": [], "tags": [], "tag_counts": [], "plays": 0}
        for name in names
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def found(index, text):
    return [one.shown.name for one in gather(index, Asked(text), count=10).candidates]


@pytest.fixture
def index(tmp_path):
    index = LexicalIndex(tmp_path / "index")
    index.refresh(documents("Abba", "Blur", "Can"))
    return index


def test_only_what_changed_is_written(index):
    done = index.refresh(documents("Abba", "Blur", "Can", "Devo"))
    assert (done.documents, done.added, done.removed, done.rebuilt) == (4, 1, 0, False)
    assert found(index, "devo") == ["Devo"]
    done = index.refresh(documents("Abba", "Blur", "Can", "Devo"))
    assert (done.added, done.removed) == (0, 0)


def test_what_is_gone_is_found_no_more(index):
    index.refresh(documents("Abba", "Blur"))
    assert found(index, "can") == []


def test_a_changed_document_takes_the_place_of_the_old_one(index):
    changed = documents("Abba", "Blur", "Can").with_columns(
        name=pl.when(pl.col("name") == "Blur").then(pl.lit("Blue")).otherwise("name")
    )
    index.refresh(changed)
    assert found(index, "blue") == ["Blue"]


def test_another_process_sees_the_same(index):
    again = LexicalIndex(index.folder)
    done = again.refresh(documents("Abba", "Blur", "Can"))
    assert done.added == 0
    assert found(again, "abba") == ["Abba"]


@pytest.mark.parametrize("name", ["words/meta.json", "names/meta.json", "documents.parquet"])
def test_a_damaged_index_is_made_again(index, name):
    (index.folder / name).write_bytes(b"nonsense")
    again = LexicalIndex(index.folder)
    again.refresh(documents("Abba", "Blur", "Can"))
    assert found(again, "abba") == ["Abba"]
    assert found(again, "aba") == ["Abba"]


def test_a_lost_segment_is_made_again(index):
    for file in (index.folder / "words").glob("*.store"):
        file.unlink()
    again = LexicalIndex(index.folder)
    again.refresh(documents("Abba", "Blur", "Can"))
    assert found(again, "abba") == ["Abba"]


def test_short_names_are_found_with_one_letter_wrong(tmp_path):
    index = LexicalIndex(tmp_path / "index")
    index.refresh(documents("Abba", "Toto", "Air", *(f"Filler {n}" for n in range(500))))
    for typed, meant in (("baba", "abba"), ("bba", "abba"), ("otto", "toto"), ("aid", "air")):
        assert meant in [one.spelling for one in find_names(index.names, [typed])]


@pytest.mark.parametrize("killed", ["after", "between"])
def test_a_run_that_was_killed_is_made_good(index, monkeypatch, killed):
    def kill(*_):
        raise KeyboardInterrupt

    more = documents("Abba", "Blur", "Can", "Devo")
    with monkeypatch.context() as patched:
        if killed == "after":
            patched.setattr(LexicalIndex, "_remember", kill)
        else:
            patched.setattr("ml.intelligent_search.lexical.index.lines_of", kill)
        with pytest.raises(KeyboardInterrupt):
            index.refresh(more)
    again = LexicalIndex(index.folder)
    again.refresh(more)
    assert again.words.searcher().num_docs == 4
    assert found(again, "dveo") == ["Devo"]


@pytest.mark.parametrize("name", ['Say "Hi", "year":null', "back\\slash", "line\nbreak", "😀 ☃", "a|b", "\x00 zero"])
def test_whatever_is_in_a_name_is_shown_as_it_is(tmp_path, name):
    index = LexicalIndex(tmp_path / "index")
    index.refresh(documents(name, "Other"))
    assert name in found(index, name)


def test_those_that_refresh_at_once_wait_for_each_other_and_none_finds_damage(tmp_path):
    rows = documents(*(f"song {n}" for n in range(300)))
    several = [LexicalIndex(tmp_path / "index") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda one: one.refresh(rows), several))
    assert sorted(one.added for one in done) == [0, 0, 0, 300]
    assert not any(one.damaged for one in done)


def test_what_another_process_has_written_is_found(index):
    LexicalIndex(index.folder).refresh(documents("Abba", "Devo"))
    index.refresh(documents("Abba", "Devo"))
    assert found(index, "devo") == ["Devo"]
