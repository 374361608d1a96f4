"""Meanings in the engine: an index of them is asked where there is one, and its answers are one part among others."""

from dataclasses import replace

import pytest

from ml.intelligent_search import SearchEngine


class Meanings:
    """Knows what one word means."""

    def __init__(self, uids):
        self._uids, self.refreshed = uids, 0

        self._made = True

    def where_asked(self, make):
        self._made = self._made or make
        return self if self._made else None

    def refresh(self, documents):
        self.refreshed += 1
        names = documents.filter(kind="track").select("name", "uid").iter_rows()
        self._uids.update(dict(names))

    def find(self, text, count):
        near = {"tCreep": 0.9, "tYesterday": 0.45} if "saudade" in text else {}
        return {self._uids[name[1:]]: value for name, value in near.items()}


@pytest.fixture
def meanings():
    return Meanings({})


@pytest.fixture
def engine(app, meanings):
    return SearchEngine(replace(app.search_parts(), meaning=meanings.where_asked))


def test_words_that_nothing_has_find_what_they_mean(engine):
    found = engine.search("saudade")
    assert found.route == "description"
    assert [hit.name for hit in found.hits[:2]] == ["Creep", "Yesterday"]
    assert found.hits[0].parts["meaning"] == 1.0
    assert "means much the same" in found.hits[0].why


def test_meaning_stands_beside_wishes_and_filters(engine):
    found = engine.search("saudade 60s pop", kinds=["track"])
    assert found.hits[0].name == "Yesterday"
    assert set(found.hits[0].parts) >= {"meaning", "1960s"}


def test_a_name_is_a_name_whatever_it_means(engine):
    assert engine.search("crep").hits[0].name == "Creep"
    assert engine.search("crep").route == "name"


def test_the_index_is_brought_up_to_date_with_the_other(engine, meanings):
    engine.search("creep")
    engine.search("creep")
    assert meanings.refreshed == 1
    engine.refresh(meaning=True)
    assert meanings.refreshed == 2


def test_an_index_is_made_where_that_is_asked(engine, meanings):
    meanings._made = False
    assert engine.search("saudade").hits == ()
    engine.refresh(meaning=True)
    assert engine.search("saudade").hits[0].name == "Creep"


def test_without_an_index_nothing_is_made(app):
    assert app.search_engine.search("saudade").hits == ()
    assert not (app.workspace.home / "indexes" / "semantic").exists()
