"""Events are numbered, durable, kept whoever records beside, and can be taken back."""

import signal
import subprocess
import sys
import textwrap
import threading

import polars as pl
import pytest
from sqlalchemy import create_engine, func, insert, select, text, update

from ml.data import migrations
from ml.data.identity import merge
from ml.data.importers.base import Batch
from ml.data.ingest import (
    load,
    pause_history,
    record_block,
    record_feedback,
    record_listen,
    undo,
    undo_event,
)
from ml.data.ingest.record import NOT_NOW_MS
from ml.data.schema import blocks, feedback, imports, items, listens, sequences, users
from ml.data.store import Store
from ml.foundation.errors import BadInput, UnknownId

T0 = 1_750_000_000_000


@pytest.fixture
def world(store):
    """A store with one listener and three tracks that were heard: (store, listener, tracks)."""
    rows = [
        {
            "user_id": "test:ada",
            "item_id": f"test:track/{n}",
            "title": f"song {n}",
            "artist": "a",
            "listened_at": T0 + n,
        }
        for n in range(3)
    ]
    load(store, [Batch("x", 0, {"listens": pl.DataFrame(rows)})])
    with store.read() as connection:
        user = connection.execute(select(users.c.key)).scalar_one()
        tracks = connection.execute(select(items.c.key).where(items.c.kind == "track").order_by(items.c.key)).scalars()
        return store, user, list(tracks)


def count(store, table, *where):
    with store.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


def blocked(store):
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(blocks.c.item_key, blocks.c.blocked_at))]


def test_events_of_every_kind_are_numbered_in_one_order(world):
    store, user, tracks = world
    events = [
        record_listen(store, user, tracks[0]),
        record_feedback(store, user, tracks[0], "like"),
        record_block(store, user, tracks[1]),
        record_listen(store, user, tracks[0], skipped=True),
    ]
    assert [event.event_id for event in events] == list(range(events[0].event_id, events[0].event_id + 4))


def test_undo_takes_back_the_last_recorded_whatever_its_date(world):
    store, user, tracks = world
    late = record_listen(store, user, tracks[0], listened_at=T0 + 999)
    early = record_feedback(store, user, tracks[1], "dislike", at=T0)
    skip = record_listen(store, user, tracks[2], listened_at=T0 + 500, skipped=True, ms_played=900)
    undone = [undo_event(store, user) for _ in range(3)]
    assert [(each.event_id, each.kind, each.item_key, each.at) for each in undone] == [
        (skip.event_id, "skip", tracks[2], T0 + 500),
        (early.event_id, "dislike", tracks[1], T0),
        (late.event_id, "play", tracks[0], T0 + 999),
    ]
    assert count(store, listens) == 3
    assert count(store, feedback, feedback.c.undone.is_(False)) == 0
    with pytest.raises(UnknownId, match="nothing that was recorded"):
        undo_event(store, user)


def test_a_given_event_is_taken_back_once_and_only_by_its_listener(world):
    store, user, tracks = world
    first = record_listen(store, user, tracks[0], listened_at=T0 + 77)
    record_listen(store, user, tracks[1], listened_at=T0 + 78)
    with pytest.raises(UnknownId, match=f"no event {first.event_id} of this listener"):
        undo_event(store, user + 1, first.event_id)
    assert undo_event(store, user, first.event_id).at == T0 + 77
    for number in (first.event_id, 0, -1, 2**70, 10**6):
        with pytest.raises(UnknownId, match="to take back"):
            undo_event(store, user, number)
    assert count(store, listens, listens.c.event_id.is_not(None)) == 1


def test_a_listen_that_an_import_brought_is_not_recorded_again_and_cannot_be_undone(world):
    store, user, tracks = world
    assert record_listen(store, user, tracks[0], listened_at=T0).event_id is None
    with pytest.raises(UnknownId):
        undo_event(store, user)


def test_taking_back_a_block_restores_what_was_there(world):
    store, user, tracks = world
    first = record_block(store, user, tracks[0], at=T0)
    again = record_block(store, user, tracks[0], at=T0 + 5)
    lifted = record_block(store, user, tracks[0], blocked=False)
    assert blocked(store) == []
    undo_event(store, user, lifted.event_id)
    assert blocked(store) == [(tracks[0], T0 + 5)]
    undo_event(store, user, first.event_id)  # the second still stands
    assert blocked(store) == [(tracks[0], T0 + 5)]
    undo_event(store, user, again.event_id)
    assert blocked(store) == []


def test_taking_back_a_block_knows_what_was_merged_meanwhile(world):
    store, user, tracks = world
    record_block(store, user, tracks[1], at=T0)
    with store.write() as connection:
        merge(connection, "test:track/0", "test:track/1")
    lifted = record_block(store, user, tracks[0], blocked=False)
    assert blocked(store) == []
    undo_event(store, user, lifted.event_id)
    assert blocked(store) == [(tracks[1], T0)]


def test_a_paused_history_keeps_what_is_said_and_not_what_is_played(world):
    store, user, tracks = world
    since = pause_history(store, user)
    assert pause_history(store, user) == since  # again: the same pause
    for event in (
        record_listen(store, user, tracks[0]),
        record_listen(store, user, tracks[0], skipped=True),
        record_feedback(store, user, tracks[0], "seek", from_ms=9, to_ms=1),
    ):
        assert event.paused
        assert event.event_id is None
    assert record_feedback(store, user, tracks[0], "like").event_id
    assert record_block(store, user, tracks[1]).event_id
    assert (count(store, listens), count(store, feedback)) == (3, 2)
    assert pause_history(store, user, paused=False) is None
    assert record_listen(store, user, tracks[0]).event_id
    assert count(store, listens) == 4


def test_what_cannot_be_is_refused(world):
    store, user, tracks = world
    with pytest.raises(BadInput, match="dated in the future"):
        record_feedback(store, user, tracks[0], "like", at=1_600_000_000)
    with pytest.raises(BadInput, match="place in a track of -1 ms"):
        record_feedback(store, user, tracks[0], "seek", from_ms=-1)
    with pytest.raises(BadInput, match="dated"):
        record_block(store, user, tracks[0], at=5)
    assert count(store, feedback) == count(store, blocks) == 0


def test_not_now_lasts_seven_days_unless_it_is_said(world):
    store, user, tracks = world
    record_feedback(store, user, tracks[0], "not_now", at=T0)
    record_feedback(store, user, tracks[0], "not_now", at=T0, until_at=T0 + 5)
    with store.read() as connection:
        ends = connection.execute(select(feedback.c.until_at).order_by(feedback.c.event_id)).scalars().all()
    assert ends == [T0 + NOT_NOW_MS, T0 + 5]
    assert NOT_NOW_MS == 7 * 86_400_000


def test_undoing_an_import_keeps_items_and_listeners_that_feedback_speaks_of(store):
    with store.write() as connection:
        values = {"id": 1, "path": "x", "status": "done", "started_at": T0, "finished_at": T0}
        connection.execute(insert(imports).values(values))
    rows = [{"user_id": "test:bob", "item_id": f"test:track/{n}", "title": f"t{n}", "listened_at": T0} for n in (1, 2)]
    load(store, [Batch("x", 0, {"listens": pl.DataFrame(rows)})], import_id=1)
    with store.read() as connection:
        user = connection.execute(select(users.c.key)).scalar_one()
        item = connection.execute(select(items.c.key).order_by(items.c.key)).scalars().first()
    record_feedback(store, user, item, "like")
    assert undo(store, 1).kept_items == 1
    assert (count(store, items), count(store, users), count(store, feedback)) == (1, 1, 1)


def test_threads_that_record_for_one_listener_lose_nothing(world):
    store, user, tracks = world
    found, each = [], 15

    def work(track):
        for _ in range(each):
            found.append(record_listen(store, user, track))
            found.append(record_feedback(store, user, track, "like"))

    threads = [threading.Thread(target=work, args=(track,)) for track in tracks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({event.event_id for event in found}) == len(found) == 6 * each
    assert count(store, listens) == 3 + 3 * each
    assert count(store, feedback) == 3 * each


def child(script, *arguments):
    """Start another process that works on the store."""
    code = "import sys\n" + textwrap.dedent(script)
    return subprocess.Popen([sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE, text=True)


def test_processes_that_record_for_one_listener_at_the_same_moment_lose_nothing(world):
    store, user, tracks = world
    script = """
        import time
        from unittest.mock import patch
        from ml.data.ingest import record_listen, record_feedback
        from ml.data.store import Store
        store = Store(sys.argv[1])
        with patch("time.time_ns", return_value=1_760_000_000_000_000_000):  # every event in one millisecond
            for _ in range(20):
                record_listen(store, int(sys.argv[2]), int(sys.argv[3]))
                record_feedback(store, int(sys.argv[2]), int(sys.argv[3]), "like")
        store.close()
    """
    processes = [child(script, store.url, user, tracks[0]) for _ in range(2)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0]
    for process in processes:
        process.stdout.close()
    assert count(store, listens, listens.c.event_id.is_not(None)) == 40
    assert count(store, feedback) == 40


def test_a_process_that_is_killed_right_after_recording_loses_nothing(world):
    store, user, tracks = world
    script = """
        import os
        import signal
        from ml.data.ingest import record_block, record_feedback, record_listen
        from ml.data.store import Store
        store, user, track = Store(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        last = [
            record_listen(store, user, track),
            record_feedback(store, user, track, "like"),
            record_block(store, user, track),
        ]
        print(*(event.event_id for event in last), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    process = child(script, store.url, user, tracks[0])
    said, _ = process.communicate(timeout=120)
    assert process.returncode == -signal.SIGKILL
    listen, like, block = map(int, said.split())
    assert count(store, listens, listens.c.event_id == listen) == 1
    assert count(store, feedback, feedback.c.event_id.in_([like, block])) == 2
    assert count(store, blocks) == 1
    assert undo_event(store, user).event_id == block


def test_sqlite_is_told_to_wait_for_the_disk(tmp_path):
    opened = Store.at(tmp_path)
    with opened.write() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL: the log is flushed at each commit
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    opened.close()


def test_blocks_of_an_earlier_version_can_be_undone(tmp_path):
    url = f"sqlite:///{tmp_path / 'ml.db'}"
    engine = create_engine(url)
    migrations.upgrade(engine, to="0001")
    with engine.begin() as connection:
        for item, at in ((7, T0 + 1), (8, T0)):
            connection.execute(insert(blocks).values(user_key=1, item_key=item, blocked_at=at))
    engine.dispose()
    store = Store(url)
    assert undo_event(store, 1).item_key == 7
    assert blocked(store) == [(8, T0)]
    with store.write() as connection:
        assert store.allocate(connection, "event", 1) == 3
        connection.execute(update(sequences).where(sequences.c.name == "event").values(next=50))
    assert record_feedback(store, 1, 7, "like").event_id == 50
    store.close()
