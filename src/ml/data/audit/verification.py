"""Whether the log is whole, and as it was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.data.audit.anchor import Head
from ml.data.audit.record import ANCHOR, CLOCK, NOTHING, PRUNED, SEGMENT, TORN, Key, Read, read_line
from ml.data.audit.retention import believed
from ml.data.audit.scan import lines_about
from ml.data.audit.segment import Segment, chains, unpruned
from ml.foundation.errors import EmptyWorkspace, StoreError
from ml.foundation.results import Result

#: Findings that are kept; the others are counted.
MOST_FINDINGS = 1_000


@dataclass(frozen=True, slots=True)
class Finding(Result):
    """One thing that is not as it was written.

    Parameters
    ----------
    file : str
        Name in the folder; empty where a file is missing.
    line : int
        From 1; 0 where it is of the whole file.
    what : str
    """

    file: str
    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Verification(Result):
    """What a verification found.

    Parameters
    ----------
    sound : bool
        Whether there is no finding.
    chains, files, records : int
    seals : str
        ``"checked"``, or ``"no key"``: then whoever rewrote everything after some record cannot be told.
    anchors : int
        Ends of chains, written down elsewhere, that were compared.
    torn : int
        Records that were never finished, of processes that died; nobody was told that they are there.
    clock_jumps : int
    findings : tuple of Finding
        The first thousand, by file.
    finding_count : int
    """

    sound: bool
    chains: int
    files: int
    records: int
    seals: str
    anchors: int
    torn: int
    clock_jumps: int
    findings: tuple[Finding, ...]
    finding_count: int


@dataclass(frozen=True, slots=True)
class _Promise:
    """A record that has to be there."""

    hash: str
    by: str


class _Verifier:
    """Reads chain by chain, and remembers what it finds."""

    def __init__(self, keys: Mapping[str, Key], pruned: Mapping[str, tuple[int, str]]) -> None:
        self._keys, self._pruned = keys, pruned
        self.findings: list[Finding] = []
        self.count = self.files = self.records = self.torn = self.jumps = 0

    def find(self, file: str, line: int, what: str) -> None:
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(file, line, what))

    def chain(self, segments: Sequence[Segment], promises: Mapping[int, _Promise]) -> None:
        """Check one chain from its first segment to its last."""
        state = _State(segments[0].chain, dict(promises))
        gone = self._pruned.get(state.chain)
        for number, segment in enumerate(segments):
            wanted = segments[number - 1].number + 1
            if number and segment.number != wanted:
                self.find(segment.path.name, 0, f"the segments before it, from {wanted}, are missing")
            self.files += 1
            self._segment(state, segment, gone, is_first=not number, is_last=segment == segments[-1])
        for n, promise in sorted(state.promises.items()):
            if gone is None or n > gone[0]:
                what = f"cut off after record {state.n}: record {n} was there when {promise.by} was written"
                self.find(segments[-1].path.name, 0, what)

    def _segment(
        self, state: _State, segment: Segment, gone: tuple[int, str] | None, *, is_first: bool, is_last: bool
    ) -> None:
        name, number = segment.path.name, 0
        try:
            with segment.path.open("rb") as stream:
                for number, line in enumerate(stream, start=1):
                    if not line.endswith(b"\n"):
                        self._unfinished(name, number, is_last=is_last)
                        break
                    try:
                        read = read_line(line[:-1])
                    except ValueError:
                        self.find(name, number, "no record: the line was changed")
                        state.is_lost = True
                        continue
                    if number == 1:
                        self._heading(state, segment, read.fields, gone, is_first=is_first)
                    self._record(state, name, number, read)
        except FileNotFoundError:
            raise StoreError(f"{name}: removed while it was being read", "verify once more") from None
        if number == 0:
            self.find(name, 0, "empty")

    def _unfinished(self, name: str, number: int, *, is_last: bool) -> None:
        if is_last:
            self.torn += 1
        else:
            self.find(name, number, "cut off in the middle of a record")

    def _heading(
        self, state: _State, segment: Segment, fields: dict[str, Any], gone: tuple[int, str] | None, *, is_first: bool
    ) -> None:
        """Check the first record of a segment against the file's name, and what came before the file."""
        name, about = segment.path.name, fields["about"]
        if fields["what"] != SEGMENT or (about.get("chain"), about.get("segment")) != segment[:2]:
            self.find(name, 1, "the file does not begin as its name says")
        elif not fields["at"].startswith(segment.day):
            self.find(name, 1, "the file is of another day than its name says")
        state.key = self._keys.get(str(about.get("key")))
        if self._keys and state.key is None:
            self.find(name, 1, "sealed with a key that is not here")
        if not is_first:
            return
        n = fields["n"]
        if gone is not None and 1 < n <= gone[0] + 1:
            # Removed by `prune`, which noted where it ended.
            state.n, state.prev = n - 1, gone[1] if n == gone[0] + 1 else fields["prev"]
        elif n != 1:
            self.find(name, 1, f"the records before {n} are missing")
            state.is_lost = True

    def _record(self, state: _State, name: str, number: int, read: Read) -> None:
        fields = read.fields
        self.records += 1
        if not state.goes_on(read):
            for what in state.wrong(read):
                self.find(name, number, what)
        what = fields["what"]
        self.jumps += _has_jumped(fields)
        self.torn += what == TORN
        if state.promises and (promise := state.promises.pop(state.n, None)) and promise.hash != state.prev:
            self.find(name, number, f"not the record that was there when {promise.by} was written")


class _State:
    """How far a chain was read."""

    def __init__(self, chain: str, promises: dict[int, _Promise]) -> None:
        self.chain, self.promises = chain, promises
        self.n, self.prev, self.at = 0, NOTHING, ""
        self.key: Key | None = None
        self.is_lost = False

    def goes_on(self, read: Read) -> bool:
        """Go on by a record with which everything is right, as it nearly always is."""
        fields = read.fields
        if (
            read.genuine
            and fields["prev"] == self.prev
            and fields["n"] == self.n + 1
            and fields["at"] >= self.at
            and not self.is_lost
            and (self.key is None or self.key.has_sealed(read))
        ):
            self.n, self.prev, self.at = fields["n"], fields["hash"], fields["at"]
            return True
        return False

    def wrong(self, read: Read) -> Iterator[str]:
        """Tell what is wrong with the next record, and go on behind it."""
        fields = read.fields
        n, at = fields["n"], fields["at"]
        if not read.genuine:
            yield "changed: its hash is another"
        elif self.key is not None and not self.key.has_sealed(read):
            yield "changed: it was not sealed with the audit key"
        if self.is_lost:
            self.is_lost = False
        elif n != self.n + 1:
            yield f"record {n} stands where record {self.n + 1} belongs"
        elif fields["prev"] != self.prev:
            yield "does not follow from the record before, which was changed or removed"
        if at < self.at and not _has_jumped(fields):
            yield f"at {at}, before the record before"
        self.n, self.prev, self.at = n, fields["hash"], at


def _has_jumped(fields: dict[str, Any]) -> bool:
    """Tell whether a record says that the clock has jumped."""
    return fields["what"] == CLOCK or (fields["what"] == SEGMENT and "jump_s" in fields["about"])


def verify(folder: Path, *, keys: Sequence[Key] = (), anchors: Sequence[tuple[str, Head]] = ()) -> Verification:
    """Read every record, and tell what was changed, removed, inserted or cut off; others may go on writing.

    Parameters
    ----------
    folder : Path
    keys : sequence of Key
        What records are sealed with; none where only the chains are checked.
    anchors : sequence of (str, Head)
        Ends of chains that were kept elsewhere.

    Raises
    ------
    EmptyWorkspace
        If there is no log, and no anchor says that there was one.
    StoreError
        If it cannot be read.
    """
    try:
        return _verified(folder, keys, anchors)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read ({error.strerror})", "check its permissions") from None


def _verified(folder: Path, keys: Sequence[Key], anchors: Sequence[tuple[str, Head]]) -> Verification:
    with unpruned(folder):
        promises = _promised(folder, anchors)  # before the chains: what is promised is there by then
        # A note of what was removed is believed where a key that is here has sealed it.
        noted = [believed(folder, key) for key in keys or (None,)]
        pruned = {chain: max(each[chain] for each in noted if chain in each) for each in noted for chain in each}
        every = chains(folder)
        if not (every or promises):
            raise EmptyWorkspace(f"{folder}: no audit log", "it begins with the first command that is recorded")
        found = _Verifier({key.id: key for key in keys}, pruned)
        for chain, segments in sorted(every.items()):
            found.chain(segments, promises.get(chain, {}))
    for chain, wanted in sorted(promises.items()):
        n, promise = max(wanted.items())
        if chain not in every and n > pruned.get(chain, (0, ""))[0]:
            found.find("", 0, f"chain {chain} is missing: record {n} was there when {promise.by} was written")
    return Verification(
        sound=not found.count,
        chains=len(every),
        files=found.files,
        records=found.records,
        seals="checked" if keys else "no key",
        anchors=sum(len(each) for each in promises.values()),
        torn=found.torn,
        clock_jumps=found.jumps,
        findings=tuple(found.findings),
        finding_count=found.count,
    )


def _promised(folder: Path, anchors: Sequence[tuple[str, Head]]) -> dict[str, dict[int, _Promise]]:
    """Gather what anchors say has to be there, by chain and number."""
    found: dict[str, dict[int, _Promise]] = {}
    for chain, head in anchors:
        found.setdefault(chain, {})[head.n] = _Promise(head.hash, "the anchor")
    for segments in chains(folder).values():
        for segment in segments:
            for line in lines_about(segment.path, ANCHOR):
                for chain, n, text in _heads_in(line):
                    found.setdefault(chain, {}).setdefault(n, _Promise(text, f"an anchor in {segment.path.name}"))
            for line in lines_about(segment.path, PRUNED):
                for chain, n, text in _heads_in(line, "through"):
                    found.setdefault(chain, {}).setdefault(n, _Promise(text, f"a note in {segment.path.name}"))
    return found


def _heads_in(line: bytes, name: str = "heads") -> Iterator[tuple[str, int, str]]:
    try:
        heads = read_line(line).fields["about"][name]
        yield from ((str(chain), int(n), str(text)) for chain, (n, text) in heads.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return  # the line itself is a finding
