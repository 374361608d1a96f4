"""Somebody who is named beside what is theirs."""

import pytest

from ml.data.importers.base import Reject
from ml.data.ingest.rejects import RejectsFile, rejects_file
from ml.data.listeners.mentions import Mentions, forget_log, forget_refused
from ml.data.store import Store

WHO = Mentions(frozenset({"anna.b", "local:user/7", "7"}))


@pytest.mark.parametrize(
    ("text", "named", "left"),
    [
        ("anna.b_2026.csv", True, "…_2026.csv"),
        ("Anna.B's", True, "…'s"),
        ("annaxb", False, "annaxb"),
        ("7,a song", True, "7,a song"),  # a number is anything, in the name of a file
        ("17 songs", False, "17 songs"),
    ],
)
def test_long_names_are_found_anywhere_and_short_ones_as_words(text, named, left):
    assert (text in WHO, WHO.without(text)) == (named, left)


def test_who_has_no_name_is_found_nowhere():
    assert "anything" not in Mentions(frozenset())


def test_refused_rows_that_name_them_go_and_others_stay(tmp_path):
    rows = ["7,One", "17,Two", "anna.b,Three"]
    file = RejectsFile(rejects_file(tmp_path, 1))
    file.write([Reject("of anna.b.csv", 6 + n, "no date", row) for n, row in enumerate(rows)])
    file.close()
    store = Store(f"sqlite:///{tmp_path / 'ml.db'}")
    assert forget_refused(store, tmp_path, WHO) == 2
    assert file.path.read_text().splitlines() == ["file,line,reason,raw,code", 'of ….csv,7,no date,"17,Two",']
    store.close()


def test_a_log_stays_the_same_file_for_who_writes_to_it(tmp_path):
    log = tmp_path / "runner.log"
    with log.open("ab") as writer:
        writer.write(b"job 1: anna.b.csv\n")
        writer.flush()
        forget_log(log, WHO)
        writer.write(b"job 2\n")
    assert log.read_text() == "job 1: ….csv\njob 2\n"
    forget_log(tmp_path / "absent.log", WHO)
