"""Heads that learn from what the catalogue says of scanned sounds."""

from concurrent.futures import Future

import numpy as np
import pytest
import soundfile
from sqlalchemy import insert

from ml.audio_analysis import AudioLibrary
from ml.audio_analysis.hands.work import do
from ml.audio_analysis.library.catalogue import catalogued
from ml.data.importers.audio_payload import hash_payload
from ml.data.schema import aliases, items, tags
from ml.data.workspace import Workspace
from ml.foundation.errors import BadInput

RATE = 22_050


class Here:
    width = 1

    def submit(self, job):
        done = Future()
        done.set_result(do(job))
        return done


def item(connection, key, *, same_as=None, credit=None):
    row = {"key": key, "kind": "track", "name": f"song {key}", "match": f"t||{key}", "credit": credit}
    connection.execute(insert(items).values(**row, same_as=same_as, import_id=0))


def tag(connection, key, word, kind="genre", user=0):
    connection.execute(insert(tags).values(item_key=key, tag=word, kind=kind, user_key=user, import_id=0))


@pytest.fixture
def library(tmp_path):
    """Twenty files without tags, noise and chords, each a track of the catalogue; nobody says anything of them yet."""
    folder = tmp_path / "music"
    folder.mkdir()
    rng, time = np.random.default_rng(0), np.arange(round(1.5 * RATE)) / RATE
    with AudioLibrary(Workspace.at(tmp_path / "home")) as library:
        for k in range(20):
            chord = sum(0.1 * np.sin(2 * np.pi * (220 + 3 * k) * 2 ** (step / 12) * time) for step in (0, 4, 7))
            soundfile.write(folder / f"{k}.wav", rng.normal(0, 0.1, len(time)) if k % 2 else chord, RATE)
        library.scan(folder, hands=Here())
        with library.workspace.store.write() as connection:
            for k in range(20):
                item(connection, 100 + k, credit=("Björk" if k < 2 else f"artist {k // 2}"))
                name = hash_payload(folder / f"{k}.wav").content_hash
                row = {"source": "file", "external_id": name, "item_key": 100 + k, "import_id": 0}
                connection.execute(insert(aliases).values(**row))
        yield library


def test_genres_of_the_catalogue_teach_a_head(library):
    with pytest.raises(BadInput, match="too little"):
        library.train_heads()
    with library.workspace.store.write() as connection:
        for k in range(20):
            tag(connection, 100 + k, "Metal" if k % 2 else "ambient")
    card = library.train_heads().card
    assert card["tracks_by_label"] == {"ambient": 10, "metal": 10}
    assert (card["tracks"], card["groups"]) == (20, 10)
    assert "of 20 tracks the catalogue names genres that their files do not" in card["notices"]
    assert "catalogue" in card["trained_on"]


def test_what_counts_as_the_same_speaks_and_rare_tags_do_not(library):
    names = [one.content_hash for one in library.tracks()]
    with library.workspace.store.write() as connection:
        item(connection, 1, credit="The Root")
        item(connection, 2, same_as=1)
        connection.execute(items.update().where(items.c.key == 100).values(same_as=1, credit=None))
        tag(connection, 1, "jazz")
        for user in range(1, 6):
            tag(connection, 2, "blues", "tag", user)
        for user in range(1, 4):
            tag(connection, 100, "soul", "tag", user)
        tag(connection, 100, "metal", "tag", 9)
        tag(connection, 100, "seen live", "tag", 9)
    with library.workspace.store.read() as connection:
        found = catalogued(connection, names)
    first = next(one.content_hash for one in library.tracks() if one.path.endswith("/0.wav"))
    assert found[first].genres == ("blues", "jazz", "soul")
    assert found[first].artist == "The Root"
    assert len(found) == 20
    assert sum(bool(one.genres) for one in found.values()) == 1
