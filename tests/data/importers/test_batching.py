import polars as pl
import pytest

from ml.data.importers import batching
from ml.data.importers.base import Batch, Reject
from ml.data.importers.batching import merged, sifted
from ml.foundation.errors import BadInput


def stretch(file, lines, rejected=()):
    rejects = [Reject(file, line, "bad") for line in rejected]
    return Batch(file, len(lines) + len(rejects), {"friends": pl.DataFrame({"line": lines})}, rejects)


def described(batch):
    frame = batch.frames.get("friends")
    return batch.file, batch.rows, frame["line"].to_list() if frame is not None else [], [r.line for r in batch.rejects]


def test_stretches_join_up_to_the_limit_and_not_across_files():
    stretches = [stretch("a", [1, 2]), stretch("a", [3], [4]), stretch("a", [5]), stretch("b", [1])]
    assert [described(batch) for batch in merged(stretches, rows=4)] == [
        ("a", 4, [1, 2, 3], [4]),
        ("a", 1, [5], []),
        ("b", 1, [1], []),
    ]


def test_columns_that_a_stretch_lacks_are_null():
    one = Batch("a", 1, {"listens": pl.DataFrame({"line": [1]})})
    two = Batch("a", 1, {"listens": pl.DataFrame({"line": [2], "title": ["t"]})})
    (batch,) = merged([one, two])
    assert batch.frames["listens"].rows() == [(1, None), (2, "t")]


def test_large_frames_are_handed_on_early(monkeypatch):
    monkeypatch.setattr(batching, "BATCH_BYTES", 1)
    assert len(list(merged([stretch("a", [1]), stretch("a", [2])]))) == 2


def test_what_was_read_before_an_error_is_handed_on():
    def broken():
        yield stretch("a", [1])
        raise BadInput("damaged")

    batches = merged(broken())
    assert described(next(batches)) == ("a", 1, [1], [])
    with pytest.raises(BadInput, match="damaged"):
        next(batches)


def test_empty_frames_are_left_out():
    (batch,) = merged([stretch("a", [], [1])])
    assert (dict(batch.frames), batch.rows) == ({}, 1)


def test_notes_are_handed_on_once_each():
    stretches = [Batch("a", 1, {}, notes=["one"]), Batch("a", 1, {}, notes=["two", "one"]), Batch("a", 1, {})]
    (batch,) = merged(stretches)
    assert batch.notes == ("one", "two")


def test_sifted_parts_rows_by_reason():
    frame = pl.DataFrame({"line": [4, 5, 6], "reason": [None, "late", None]})
    good, bad = sifted(frame, "f", lambda index: f"row {index}")
    assert good.rows() == [(4,), (6,)]
    assert bad == [Reject("f", 5, "late", "row 1")]
