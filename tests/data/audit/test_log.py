"""Recording: what is written, by whom, and what happens where it cannot be."""

import asyncio
import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from itertools import count
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.data.audit import AuditLog, Deed, Key, Wanted, chain, last, records, verify
from ml.data.audit.record import LONGEST, MOST_DETAILS, fields_of, harmless, read_line, write_line
from ml.foundation.errors import BadInput, DiskFull, StoreError

from .conftest import record

DAY_NS = 86_400 * 10**9


def test_a_record_says_who_did_what_when_on_whom_and_with_what_result(desk):
    log = desk.open(clock=lambda: 1_700_000_000_123_456_789)
    record(log, role="service", whom=7, request="req-1", result="denied", about={"count": 10})
    (found,) = desk.read("recommendations.read")
    assert found | {"chain": "", "n": 0, "hash": ""} == {
        "at": "2023-11-14T22:13:20.123456Z",
        "who": "account:1",
        "role": "service",
        "what": "recommendations.read",
        "whom": log.pseudonym(7),
        "how": "api",
        "request": "req-1",
        "result": "denied",
        "about": {"count": 10},
        "chain": "",
        "n": 0,
        "hash": "",
    }


def test_files_and_key_are_their_owners_alone(desk):
    desk.write()
    for path in (*desk.files, desk.key_file):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.folder.stat().st_mode) == 0o700


def test_a_pseudonym_is_of_this_key_alone(desk):
    other = Key(bytes(32))
    log = desk.open()
    assert log.pseudonym(7) == log.pseudonym(7)
    assert len({log.pseudonym(7), log.pseudonym(8), other.pseudonym(7)}) == 3


def test_what_record_gives_back_is_on_the_disk_at_once(desk):
    log = desk.open()
    for _ in range(3):
        number = record(log)
        assert desk.read()[-1]["n"] == number


def test_a_chain_passes_from_process_to_process(desk):
    desk.write(2)
    desk.write(2)
    assert len(desk.files) == 1
    assert [each["n"] for each in desk.read()] == list(range(1, 8))
    assert [each["what"] for each in desk.read()].count("audit.opened") == 2
    assert desk.verify().sound


def test_processes_at_one_time_have_chains_of_their_own(desk):
    one, other = desk.open(), desk.open()
    for log in (one, other, one, other):
        record(log)
    one.close()
    desk.write()
    assert desk.verify().chains == 2
    assert desk.verify().sound


def test_threads_reach_the_disk_together(desk, monkeypatch):
    synced = []
    reach = chain._reach_disk
    monkeypatch.setattr(chain, "_reach_disk", lambda descriptor: (synced.append(1), reach(descriptor)))
    log, numbers = desk.open(), []
    threads = [threading.Thread(target=lambda: numbers.extend(record(log) for _ in range(25))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 16 * 25
    assert len(synced) < 16 * 25
    assert desk.verify().sound


async def test_whoever_must_not_block_awaits(desk):
    log = desk.open()
    numbers = await asyncio.gather(*(log.record_soon(Deed("a", "b", "api")).durable() for _ in range(50)))
    assert sorted(numbers) == list(range(3, 53))
    assert [each["n"] for each in desk.read("b")] == sorted(numbers)


async def test_who_gives_up_takes_nobody_along(desk):
    log = desk.open()
    tickets = [log.record_soon(Deed("a", "b", "api")) for _ in range(2)]
    tasks = [asyncio.ensure_future(ticket.durable()) for ticket in tickets]
    await asyncio.sleep(0)
    tasks[0].cancel()
    assert await tasks[1]
    assert len(desk.read("b")) == 2


def test_flushing_waits_for_all_that_was_recorded(desk):
    log = desk.open()
    for _ in range(200):
        log.record_soon(Deed("a", "b", "api"))
    log.flush()
    assert len(desk.read("b")) == 200


def test_a_forked_process_has_a_chain_of_its_own(desk):
    log = desk.open()
    record(log)
    child = os.fork()
    if child == 0:
        record(log, what="child")
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    record(log)
    assert desk.verify().chains == 2
    assert desk.verify().sound
    assert len(desk.read("child")) == 1


# --- what cannot be recorded


@pytest.mark.parametrize(("code", "error"), [(errno.ENOSPC, DiskFull), (errno.EIO, StoreError)])
@pytest.mark.parametrize("at", ["write", "sync"])
def test_what_cannot_be_written_is_refused_and_leaves_nothing(desk, monkeypatch, code, error, at):
    log = desk.open()
    record(log)
    before = desk.files[0].read_bytes()
    with monkeypatch.context() as patch:

        def half(descriptor, data=b""):
            os.write(descriptor, data[: len(data) // 2])
            raise OSError(code, os.strerror(code))

        patch.setattr(chain, "_write_all" if at == "write" else "_reach_disk", half)
        with pytest.raises(error, match="audit log"):
            record(log)
        assert desk.files[0].read_bytes() == before
    record(log)
    assert len(desk.read("recommendations.read")) == 2
    assert desk.verify().sound


def test_a_segment_that_cannot_be_begun_leaves_the_chain_as_it_was(desk, monkeypatch):
    now = count(10 * DAY_NS, 60 * DAY_NS // 100)
    log = desk.open(clock=lambda: next(now))
    record(log)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        with pytest.raises(DiskFull):
            for _ in range(5):
                record(log)
    record(log)
    assert desk.verify().sound
    assert [path.name for path in desk.folder.glob(".2*")] == []


def test_a_log_without_a_place_is_refused_before_anything_is_done(tmp_path):
    (tmp_path / "audit").write_text("a file")
    log = AuditLog(tmp_path / "audit", tmp_path / "audit.key")
    with pytest.raises(StoreError, match="audit log cannot be written"):
        log.open()


def test_a_key_that_is_none_is_refused(desk):
    desk.key_file.write_bytes(b"short")
    with pytest.raises(BadInput, match="not a key"):
        record(desk.open())


# --- processes that die


def test_what_was_never_finished_is_cut_off_and_noted(desk):
    desk.write(2)
    torn = b'{"n":5,"at":"2026-'
    with desk.files[0].open("ab") as stream:
        stream.write(torn)
    assert desk.verify().sound
    assert desk.verify().torn == 1
    desk.write()
    (note,) = desk.read("audit.torn")
    assert note["about"]["bytes"] == len(torn)
    assert torn + b"\n" not in desk.files[0].read_bytes()
    assert desk.verify().sound


WRITER = """
import sys
from pathlib import Path
from threading import Thread
from ml.data.audit import AuditLog, Deed

log = AuditLog(Path(sys.argv[1]), Path(sys.argv[2]), anchor_s=0.01)
def work(name):
    while True:
        number = log.record(Deed(name, "b", "api", about={"text": "x" * 150}))
        sys.stdout.write(f"{name} {number}\\n")
        sys.stdout.flush()
for name in "abcd":
    Thread(target=work, args=(name,)).start()
"""


def test_a_process_that_is_killed_loses_nothing_it_has_acknowledged(desk):
    acknowledged = set()
    for lines in (1, 17, 60, 140):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(desk.folder), str(desk.key_file)], stdout=subprocess.PIPE
        )
        heard = [child.stdout.readline() for _ in range(lines)]
        child.send_signal(signal.SIGKILL)
        heard += child.stdout.readlines()
        child.wait()
        child.stdout.close()
        acknowledged |= {tuple(line.split()) for line in heard if line.endswith(b"\n")}
        found = desk.verify()
        assert found.sound, found.findings
        assert found.torn <= lines
    recorded = {(each["who"].encode(), str(each["n"]).encode()) for each in desk.read("b")}
    assert len(acknowledged) >= 218
    assert acknowledged <= recorded
    desk.write()
    assert desk.verify().sound
    assert desk.verify().chains == 1


# --- clocks and segments


def test_a_clock_that_jumps_is_noted_and_no_finding(desk):
    now = [100 * DAY_NS]
    log = desk.open(clock=lambda: now[0])
    record(log)
    now[0] -= 3600 * 10**9
    record(log)
    now[0] += 2 * 3600 * 10**9
    record(log)
    back, forth = (each["about"]["jump_s"] for each in desk.read("audit.clock"))
    assert (round(back), round(forth)) == (-3600, 7200)
    assert desk.verify().sound
    assert desk.verify().clock_jumps == 2


def test_a_day_and_a_size_begin_a_segment(desk, monkeypatch):
    now = [100 * DAY_NS]
    log = desk.open(clock=lambda: now[0])
    record(log)
    now[0] += DAY_NS
    record(log)
    monkeypatch.setattr(chain, "LARGEST_BYTES", 100)
    record(log)
    assert [path.name[:10] for path in desk.files] == ["1970-04-11", "1970-04-12", "1970-04-12"]
    assert [path.name[-12:-6] for path in desk.files] == ["000001", "000002", "000003"]
    desk.logs[0].close()
    desk.write(clock=lambda: now[0])
    found = desk.verify()
    assert found.sound, found.findings
    assert found.chains == 1


# --- texts that somebody else chose

texts = st.text(st.characters(exclude_categories=()), max_size=400)
details = st.dictionaries(texts, st.none() | st.booleans() | st.integers() | st.floats() | texts, max_size=20)


@given(who=texts, what=texts, how=texts, role=texts, request=texts, result=texts, about=details)
def test_whatever_a_field_holds_it_stays_in_its_field(who, what, how, role, request, result, about):
    fields = fields_of(Deed(who, what, how, role=role, request=request, result=result, about=about))
    line, _ = write_line(1, "2026-01-01T00:00:00.000000Z", fields, "0" * 64, Key(bytes(32)))
    text = line.decode()
    assert text.splitlines() == [text[:-1]]
    assert text[:-1].isprintable()
    read = read_line(line[:-1])
    assert read.genuine
    assert read.fields["who"] == harmless(who)
    assert list(read.fields) == ["n", "at", *fields, "prev", "hash", "seal"]
    assert len(line) < 40 * LONGEST * MOST_DETAILS


@given(texts)
def test_a_text_can_be_told_from_the_escape_of_another(text):
    shown = harmless(text)
    assert len(shown) <= LONGEST
    if not shown.endswith("…"):
        assert shown.encode("latin-1", "backslashreplace").decode("unicode_escape") == text


def test_a_request_cannot_write_a_record(desk):
    forged = 'x","result":"ok"}\n{"n":99,"who":"admin'
    log = desk.open()
    record(log, request=forged, about={forged: forged})
    (found,) = desk.read("recommendations.read")
    assert found["request"] == forged.replace("\n", "\\n")
    assert desk.verify().records == 3


def test_a_line_is_json_for_everybody(desk):
    desk.write()
    for line in desk.files[0].read_bytes().splitlines():
        assert orjson.loads(line)["hash"]


def test_a_log_can_be_read_without_its_key(desk):
    desk.write()
    assert [each["what"] for each in records(Path(desk.folder))][-1] == "recommendations.read"
    assert verify(desk.folder).seals == "no key"


def test_the_last_are_found_in_few_files_of_a_long_log(desk, monkeypatch):
    now = [1_700_000_000_000_000_000]
    log = desk.open(clock=lambda: now[0])
    for day in range(20):
        for number in range(3):
            record(log, request=f"{day}-{number}", what="a.b" if day % 7 == 0 else "c.d")
            now[0] += 1_000_000_000
        now[0] += 86_400_000_000_000
    log.close()
    every = list(reversed(list(records(desk.folder, Wanted(notes=False)))))
    middle = every[len(every) // 2]["at"]
    for asked in ({}, {"what": "a"}, {"until": middle}, {"since": middle}, {"what": "a", "until": middle}):
        wanted = Wanted(notes=False, **asked)
        right = [each for each in every if wanted.fits(each)]
        for number in (1, 4, 9, 1000):
            assert last(desk.folder, wanted, number) == right[:number], (asked, number)
    opened = []
    there = type(desk.folder).open
    monkeypatch.setattr(type(desk.folder), "open", lambda path, *how: opened.append(path) or there(path, *how))
    last(desk.folder, Wanted(notes=False), 4)
    assert len(set(opened)) < 5 < len(desk.files)
