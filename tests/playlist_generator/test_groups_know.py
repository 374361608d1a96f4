"""What several listeners know and have played: asked of a list as of one listener's."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from ml.data.importers.base import Batch
from ml.data.ingest import load
from ml.foundation.errors import BadInput
from ml.playlist_generator import GeneratorParts, PlaylistGenerator

from .conftest import NOW, TRACKS, described

PAIR = ["test:jazz-1", "test:techno-1"]


def heard_by(app, user_id):
    """The tracks that a listener has played, by id."""
    scores = app.generator_parts().tastes.taste(user_id)
    keys = set(scores.keys[scores.heard].tolist())
    ids = {f"test:track/{kind}-{n}" for kind in ("jazz", "techno") for n in range(TRACKS)}
    from ml.data.identity import find_item

    with app.workspace.store.read() as connection:
        return {one for one in ids if find_item(connection, one).key in keys}


@pytest.mark.parametrize("ratio", [0.2, 0.8])
def test_a_group_is_met_where_any_of_them_is(app, ratio):
    found = app.playlists.generate(user_ids=PAIR, familiar_ratio=ratio, count=10)
    known = heard_by(app, PAIR[0]) | heard_by(app, PAIR[1])
    share = np.mean([track.track_id in known for track in found.tracks])
    assert abs(share - ratio) <= 0.1 + 1e-9
    assert found.complete


def test_new_is_what_none_of_them_knows(app):
    found = app.playlists.generate(user_ids=PAIR, shares={"new": 1.0}, count=6)
    known = heard_by(app, PAIR[0]) | heard_by(app, PAIR[1])
    assert not known & {track.track_id for track in found.tracks}


def test_what_any_of_them_played_lately_is_left_out(app):
    lately = {"test:jazz-1": "jazz-3", "test:techno-1": "techno-5"}
    listens = [
        {
            "user_id": user,
            **{
                name: described(f"{'calm jazz' if 'jazz' in track else 'loud techno'}", int(track[-1]))[name]
                for name in ("item_id", "title", "artist")
            },
            "listened_at": int((NOW - timedelta(hours=5)).timestamp() * 1000),
        }
        for user, track in lately.items()
    ]
    load(app.workspace.store, [Batch("lately", 0, {"listens": pl.DataFrame(listens)})])
    parts = app.generator_parts()
    then = GeneratorParts(parts.store, parts.tastes, parts.facts, parts.pool, (), lambda: int(NOW.timestamp() * 1000))
    found = PlaylistGenerator(then).generate(user_ids=PAIR, not_played_days=1, count=8)
    assert found.allowed == 2 * TRACKS - 2
    assert not {f"test:track/{track}" for track in lately.values()} & {track.track_id for track in found.tracks}


def test_strangers_know_nothing_and_it_is_no_error(generator):
    found = generator.generate(user_ids=["nobody:1", "nobody:2"], familiar_ratio=0.5, not_played_days=3, count=5)
    assert len(found.tracks) == 5


def test_nobody_is_named(generator):
    for asked in ({"familiar_ratio": 0.5}, {"not_played_days": 2}):
        with pytest.raises(BadInput, match="without user_id"):
            generator.generate(**asked)
