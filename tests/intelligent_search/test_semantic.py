"""Documents by meaning, with an encoder whose answers are known."""

import numpy as np
import polars as pl
import pytest
from scipy.sparse import csr_matrix

from ml.intelligent_search.documents import SCHEMA
from ml.intelligent_search.semantic import SemanticIndex, english
from ml.intelligent_search.semantic.describing import Described, describe

#: Each word has its own direction; synonyms share one.
PLACES = {"sad": 0, "melancholic": 0, "happy": 1, "cheerful": 1, "rock": 2, "piano": 3, "calm": 4, "instrumental": 5}


class Words:
    """Knows a few English words."""

    version = "words-1"

    def __init__(self):
        self.read = []

    def encode(self, texts):
        self.read += texts
        found = np.zeros((len(texts), 8), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                found[row, PLACES.get(word, 7)] += 1
        return found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9)

    def knows(self, words):
        return all(word in PLACES for word in words.lower().split())


def documents(**tags):
    rows = [
        {"uid": uid, "kind": "track", "tags": list(said), "tag_counts": list(said.values())}
        for uid, said in tags.items()
    ]
    empty = dict.fromkeys(SCHEMA)
    return pl.DataFrame([empty | {"genres": []} | row for row in rows], schema=dict(SCHEMA))


@pytest.fixture
def world():
    return documents(a={"sad": 3, "piano": 3}, b={"cheerful": 4, "rock": 2}, c={"rock": 6}, d={})


@pytest.fixture
def index(tmp_path, world):
    found = SemanticIndex(tmp_path / "semantic", Words())
    found.refresh(world)
    return found


def test_synonyms_are_found_and_what_nothing_is_said_of_is_not(index):
    assert list(index.find("melancholic", 5)) == ["a"]
    assert list(index.find("happy", 5)) == ["b"]
    assert list(index.find("rock", 5)) == ["c", "b"]
    assert index.find("rock", 1)["c"] == pytest.approx(1, abs=0.01)
    assert len(index) == 3


def test_german_goes_through_the_grammar(index):
    assert index.read_as("traurig") == "sad"
    assert list(index.find("traurige Klaviermusik")) == ["a"]
    assert index.read_as("melancholic rock") == "melancholic rock"
    assert index.read_as("ruhige Klaviermusik ohne Gesang") == "calm piano instrumental"


@pytest.mark.parametrize("text", ["", "   ", "🎹🎹", "x" * 10_000, "'; DROP TABLE items; --", "שלום", ".*(", "\0"])
def test_no_text_makes_it_fail(index, text):
    assert isinstance(index.find(text, 3), dict)


def test_only_what_is_allowed_is_found(index):
    assert list(index.find("rock", 5, ["b", "nobody"])) == ["b"]
    assert list(index.find("rock", 5, pl.Series([True, True, False, True]))) == ["b"]
    assert index.find("rock", 5, []) == {}


def test_a_refresh_encodes_what_is_new_and_nothing_else(index, tmp_path):
    told = []
    changed = documents(a={"sad": 3, "piano": 3}, b={"cheerful": 4, "calm": 2}, e={"rock": 1})
    done = index.refresh(changed, lambda done, of: told.append((done, of)))
    assert (done.added, done.removed, done.phrases, done.documents) == (2, 2, 1, 3)
    assert told == [(1, 1)]
    assert list(index.find("calm", 5)) == ["b"]
    assert list(index.find("rock", 5)) == ["e"]
    encoder = Words()
    again = SemanticIndex(tmp_path / "semantic", encoder)
    done = again.refresh(changed)
    assert (done.added, done.phrases, done.phrases_per_s) == (0, 0, None)
    assert encoder.read == [""]
    assert list(again.find("rock", 5)) == ["e"]


def test_another_encoder_makes_it_anew(index, tmp_path, world):
    encoder = Words()
    encoder.version = "words-2"
    again = SemanticIndex(tmp_path / "semantic", encoder)
    assert len(again) == 0
    assert again.refresh(world).phrases == 4


def test_a_damaged_index_is_made_anew(index, tmp_path, world):
    for file in (tmp_path / "semantic").rglob("*.np?"):
        file.write_bytes(file.read_bytes()[:-9])
    again = SemanticIndex(tmp_path / "semantic", Words())
    assert again.refresh(world).documents == 3
    assert list(again.find("happy")) == ["b"]


def test_how_much_is_said_counts(tmp_path):
    index = SemanticIndex(tmp_path, Words())
    index.refresh(documents(few={"rock": 1}, many={"rock": 30, "sad": 3}))
    assert list(index.find("rock")) == ["many", "few"]


def test_a_sound_is_described_too():
    frame = documents(a={}).with_columns(
        energy=pl.lit(0.1),
        tempo_bpm=pl.lit(70.0),
        instrumentalness=pl.lit(0.9),
        year=pl.lit(1984),
        language=pl.lit("de"),
    )
    assert describe(frame).phrases == ("1980s", "calm", "german", "instrumental, no vocals", "slow tempo")


def test_a_digest_is_of_what_is_said_and_not_of_its_order():
    one = Described(("x", "y"), csr_matrix(np.float32([[1, 2], [2, 1], [0, 0], [1, 2]])))
    other = Described(("y", "x"), csr_matrix(np.float32([[2, 1]])))
    first, second, none, last = one.digests()
    assert first == last == other.digests()[0]
    assert len({first, second, none}) == 3
    assert none == 0
    assert describe(documents()).digests().tolist() == []


def test_what_is_refused_is_not_read():
    assert english("rock but not sad") == "rock"
    assert english("Musik der 80er ohne Gitarre") == "1980s"
