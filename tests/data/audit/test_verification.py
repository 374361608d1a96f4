"""Whatever is done to the files is found."""

import shutil
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ml.data.audit import AuditLog, Key, anchor_line, chain, heads, read_anchors, verify
from ml.data.audit.record import NOTHING, read_line, write_line
from ml.foundation.errors import BadInput, EmptyWorkspace, StoreError

from .conftest import record

DAY_NS = 86_400 * 10**9


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A log of two chains, one of which has three segments, and where they ended."""
    home = tmp_path_factory.mktemp("log")
    folder, key_file, now = home / "audit", home / "audit.key", [100 * DAY_NS]
    one, other = (AuditLog(folder, key_file, clock=lambda: now[0], anchor_s=3600) for _ in range(2))
    for _ in range(3):
        for log in (one, one, other):
            record(log, whom=1, about={"count": 10})
        now[0] += DAY_NS if log is other else 0
    one.close()
    other.close()
    found = SimpleNamespace(folder=folder, key=Key.kept(key_file), anchors=read_anchors(anchor_line(heads(folder))))
    found.contents = {path.name: path.read_bytes() for path in sorted(folder.glob("*.jsonl"))}
    assert len(found.contents) == 6
    return found


def verified(written, contents, folder, *, keys=None):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    keys = [written.key] if keys is None else keys
    return verify(folder, keys=keys, anchors=written.anchors)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("changed") / "audit"


def test_as_it_was_written_it_is_sound(written, place):
    found = verified(written, written.contents, place)
    assert found.sound, found.findings
    assert (found.chains, found.files, found.anchors) == (2, 6, 3)


@given(st.data())
def test_any_byte_that_is_changed_is_found(written, place, data):
    name = data.draw(st.sampled_from(sorted(written.contents)))
    content = bytearray(written.contents[name])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] = data.draw(st.integers(0, 255).filter(lambda byte: byte != content[at]))
    found = verified(written, written.contents | {name: bytes(content)}, place)
    assert not found.sound
    line = written.contents[name].count(b"\n", 0, at) + 1
    # A last line without its end is taken for unfinished: then the anchor misses it.
    assert any(each.file == name and each.line in {0, line, line + 1} for each in found.findings), found.findings


@given(st.data())
def test_any_line_that_is_moved_is_found(written, place, data):
    name = data.draw(st.sampled_from(sorted(written.contents)))
    lines = written.contents[name].splitlines(keepends=True)
    before = list(lines)
    what = data.draw(st.sampled_from(["delete", "double", "swap", "cut", "insert"]))
    at = data.draw(st.integers(0, len(lines) - 1))
    if what == "delete":
        del lines[at]
    elif what == "double":
        lines.insert(at, lines[at])
    elif what == "swap":
        other = data.draw(st.integers(0, len(lines) - 1))
        lines[at], lines[other] = lines[other], lines[at]
    elif what == "cut":
        lines = [*lines[:at], lines[at][: data.draw(st.integers(0, len(lines[at]) - 1))]]
    else:
        strange = sorted(set(written.contents) - {name})
        lines.insert(at, data.draw(st.sampled_from(written.contents[strange[0]].splitlines(keepends=True))))
    found = verified(written, written.contents | {name: b"".join(lines)}, place)
    assert found.sound == (lines == before)


@given(st.data())
@example(data=None).via("every file")
def test_any_file_that_is_missing_is_found(written, place, data):
    gone = (
        set(written.contents)
        if data is None
        else data.draw(st.sets(st.sampled_from(sorted(written.contents)), min_size=1))
    )
    left = {name: content for name, content in written.contents.items() if name not in gone}
    assert not verified(written, left, place).sound


def test_files_that_change_their_names_are_found(written, place):
    names = sorted(written.contents)
    for one, other in ((names[0], names[1]), (names[0], names[-1])):
        swapped = written.contents | {one: written.contents[other], other: written.contents[one]}
        assert not verified(written, swapped, place).sound
    renamed = {name.replace("1970-04-11", "1970-04-10"): content for name, content in written.contents.items()}
    assert "another day" in verified(written, renamed, place).findings[0].what


def rewritten(contents, key):
    """A log written anew by somebody who knows how, with one record changed."""
    ends, made = {}, {}
    for name, content in sorted(contents.items()):
        of, lines = name[11:27], []
        for line in content.splitlines():
            fields = read_line(line).fields
            prev = ends.get(of, NOTHING)
            body = {each: fields[each] for each in fields if each not in {"n", "at", "prev", "hash", "seal"}}
            if body["who"] == "account:1":
                body["who"] = "account:2"
            written, ends[of] = write_line(fields["n"], fields["at"], body, prev, key)
            lines.append(written)
        made[name] = b"".join(lines)
    return made


def test_a_log_written_anew_without_the_key_is_found_by_its_seals(written, place):
    found = verified(written, rewritten(written.contents, Key(bytes(32))), place)
    assert "not sealed with the audit key" in found.findings[0].what


@pytest.mark.parametrize("with_key", [True, False])
def test_a_record_written_anew_is_found_by_the_next(written, place, with_key):
    name, content = min(written.contents.items())
    lines = content.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if b"account:1" in line)
    lines[at] = rewritten(written.contents, written.key)[name].splitlines(keepends=True)[at]
    changed = written.contents | {name: b"".join(lines)}
    (finding,) = verified(written, changed, place, keys=[written.key] if with_key else []).findings
    assert finding.what == "does not follow from the record before, which was changed or removed"


def test_a_log_written_anew_is_found_by_an_anchor_that_was_kept_elsewhere(written, place):
    found = verified(written, rewritten(written.contents, written.key), place)
    assert any("when the anchor was written" in each.what for each in found.findings)
    found = verified(written, rewritten(written.contents, written.key), place, keys=[])
    assert not found.sound


def test_a_chain_that_was_cut_off_is_missed_by_the_other(desk):
    one = desk.open()
    for _ in range(3):
        record(one)
    desk.write()  # notes where the first one ends
    path = next(path for path in desk.files if len(path.read_bytes().splitlines()) == 5)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-1]))
    (finding,) = desk.verify().findings
    assert (finding.file, finding.what.partition(":")[0]) == (path.name, "cut off after record 4")
    path.unlink()
    (finding,) = desk.verify().findings
    assert "is missing" in finding.what


def test_chains_at_rest_do_not_anchor_each_other_for_ever(desk):
    logs = [desk.open() for _ in range(3)]
    for _ in range(2):
        for log in logs:
            record(log)
    written = []
    for _ in range(8):
        for log in logs:
            log._anchor(log._chain)  # as each does every ten seconds
        written.append(len(desk.read("audit.anchor")))
    assert written[0] >= 3
    assert written[2:] == [written[2]] * 6
    record(logs[0])
    logs[1]._anchor(logs[1]._chain)
    assert len(desk.read("audit.anchor")) == written[2] + 1
    assert desk.verify().sound


def test_a_clock_that_goes_back_unsaid_is_found(desk):
    key, lines, prev = Key.kept(desk.key_file), [], NOTHING
    desk.write()
    head = read_line(desk.files[0].read_bytes().splitlines()[0]).fields
    for n, at in enumerate((head["at"], "1970-01-01T00:00:00.000000Z"), start=1):
        line, prev = write_line(n, at, {each: head[each] for each in ("who", "what", "about")}, prev, key)
        lines.append(line)
    desk.files[0].write_bytes(b"".join(lines))
    assert [each.what for each in desk.verify().findings] == [
        "at 1970-01-01T00:00:00.000000Z, before the record before"
    ]


def test_another_key_says_so_and_the_old_one_can_be_named(desk, tmp_path):
    desk.write()
    old = Key.kept(desk.key_file)
    desk.key_file.unlink()
    desk.write()
    assert desk.verify().findings[0].what == "sealed with a key that is not here"
    assert verify(desk.folder, keys=[old, Key.kept(desk.key_file)]).sound


def test_a_folder_without_a_log_says_so(tmp_path):
    with pytest.raises(EmptyWorkspace, match="no audit log"):
        verify(tmp_path / "none")


@pytest.mark.parametrize("text", ["ml-audit-anchor:1 2026 x:y", "/nowhere/file", "/", "\0"])
def test_what_is_no_anchor_is_refused(text):
    with pytest.raises(BadInput, match=r"anchor|cannot be read"):
        read_anchors(text)


# --- what is old


def old_log(desk, days=5):
    now = [100 * DAY_NS]
    for _ in range(days):
        one, other = (desk.open(clock=lambda: now[0]) for _ in range(2))
        record(one)
        record(other)
        one.close()
        other.close()
        now[0] += DAY_NS
    return now


def test_what_is_old_is_removed_whole_and_the_rest_holds(desk):
    now = old_log(desk)
    log = desk.open(clock=lambda: now[0])
    assert log.prune(3).files == 4
    assert len(desk.files) == 7
    found = desk.verify()
    assert found.sound, found.findings
    now[0] += DAY_NS
    assert log.prune(3).files == 2
    log.close()
    desk.write(clock=lambda: now[0])
    assert desk.verify().sound, desk.verify().findings


def test_a_chain_that_nobody_goes_on_with_is_removed_to_its_end(desk):
    now = old_log(desk)
    now[0] += 100 * DAY_NS
    log = desk.open(clock=lambda: now[0])
    log.prune(3)
    assert desk.verify().chains == 1
    assert desk.verify().sound, desk.verify().findings


def test_what_a_process_still_writes_to_is_left_to_it(desk):
    now = [100 * DAY_NS]
    slow = desk.open(clock=lambda: now[0])
    record(slow)
    old = desk.files[0]
    other = desk.open(clock=lambda: 400 * DAY_NS)
    assert other.prune(3).files == 0
    assert old.exists()
    slow.close()
    assert other.prune(3).files == 1
    assert desk.verify().sound, desk.verify().findings


def test_the_retention_of_the_settings_is_kept_at_the_opening(desk):
    now = old_log(desk)
    now[0] += 100 * DAY_NS
    log = desk.open(clock=lambda: now[0], retention_days=3)
    record(log)
    log.close()
    assert {path.name[:10] for path in desk.files} == {"1970-07-25"}
    assert desk.verify().sound


def test_removing_more_than_was_noted_is_found(desk):
    now = old_log(desk)
    desk.open(clock=lambda: now[0]).prune(3)
    desk.files[0].unlink()
    assert "are missing" in desk.verify().findings[0].what


def test_a_removal_that_was_noted_without_the_key_is_not_believed(desk):
    now = old_log(desk)
    path = desk.files[0]
    desk.open(clock=lambda: now[0])
    end = read_line(path.read_bytes().splitlines()[-1]).fields
    forged = {"what": "audit.pruned", "about": {"through": {path.name[11:27]: [end["n"], end["hash"]]}}}
    line, _ = write_line(1, "1970-04-20T00:00:00.000000Z", {"who": "", **forged}, NOTHING, Key(bytes(32)))
    (desk.folder / f"1970-04-20-{'0' * 16}-000001.jsonl").write_bytes(line)
    path.unlink()
    assert any("are missing" in each.what for each in desk.verify().findings)


def test_a_removal_that_was_interrupted_is_no_finding(desk, monkeypatch):
    now = old_log(desk)
    kept = {path: path.read_bytes() for path in desk.files}
    desk.open(clock=lambda: now[0]).prune(3)
    path = next(path for path in reversed(kept) if not path.exists())
    path.write_bytes(kept[path])
    found = desk.verify()
    assert found.sound, found.findings


def test_nothing_old_removes_nothing_and_says_nothing(desk):
    log = desk.open()
    record(log)
    assert log.prune(1).to_dict() == {"files": 0, "records": 0}
    assert desk.read("audit.pruned") == []


def test_a_log_that_cannot_be_read_says_so(desk, monkeypatch):
    desk.write()
    desk.files[0].rename(desk.folder / "x")
    (desk.folder / f"2026-01-01-{'0' * 16}-000001.jsonl").mkdir()
    with pytest.raises(StoreError, match="cannot be read"):
        desk.verify()


@pytest.mark.parametrize(("name", "value"), [("n", "2"), ("n", None), ("at", 5), ("what", 1), ("about", [])])
def test_a_line_that_is_json_and_no_record_is_found(desk, name, value):
    desk.write()
    lines = desk.files[0].read_bytes().splitlines(keepends=True)
    first, second = (read_line(line[:-1]).fields for line in lines[:2])
    body = {each: second[each] for each in second if each not in {"n", "at", "prev", "hash", "seal"}}
    key = Key.kept(desk.key_file)
    fields = {"at": second["at"], "n": 2} | body | {name: value}
    changed, _ = write_line(fields.pop("n"), fields.pop("at"), fields, first["hash"], key)
    desk.files[0].write_bytes(b"".join([lines[0], changed, *lines[2:]]))
    assert desk.verify().findings[0].line == 2
    assert desk.read()  # and does not keep others from being read


@pytest.mark.parametrize("line", [b"{}", b"[]", b"1", b"null", b"", b"[" * 100_000, b"\xff"])
def test_a_line_that_is_no_record_is_found(desk, line):
    desk.write()
    desk.files[0].write_bytes(desk.files[0].read_bytes() + line + b"\n")
    assert [each.what for each in desk.verify().findings] == ["no record: the line was changed"]
    desk.write()
    assert len(desk.read("recommendations.read")) == 2


def test_findings_without_end_are_counted(desk, monkeypatch):
    monkeypatch.setattr("ml.data.audit.verification.MOST_FINDINGS", 3)
    desk.write()
    desk.files[0].write_bytes(b"x\n" * 10)
    found = desk.verify()
    assert (len(found.findings), found.finding_count) == (3, 10)


def test_a_damaged_chain_is_left_to_be_looked_at(desk):
    desk.write()
    damaged = desk.files[0]
    damaged.write_bytes(damaged.read_bytes() + b"damaged\n")
    desk.write()
    assert len(desk.files) == 2
    assert damaged.read_bytes().endswith(b"damaged\n")
    assert not desk.verify().sound


def test_segments_are_begun_by_size(desk, monkeypatch):
    monkeypatch.setattr(chain, "LARGEST_BYTES", 2000)
    desk.write(30)
    assert len(desk.files) > 3
    assert desk.verify().sound
