"""The audit log of a process."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ml.data.audit.anchor import Head, heads
from ml.data.audit.batch import PATIENCE_S, Batch, Ticket
from ml.data.audit.chain import Chain
from ml.data.audit.record import ANCHOR, OPENED, PRUNED, SELF, SYSTEM, Deed, Detail, Entry, Key, fields_of, of_the_log
from ml.data.audit.retention import Pruned, prune
from ml.data.audit.segment import held, translated
from ml.foundation.errors import MLError, StoreError

#: Records that wait for the disk, at most.
MOST_WAITING = 100_000
#: Other chains are anchored after so many seconds, or so many records.
ANCHOR_S, ANCHOR_RECORDS = 10.0, 10_000

_DAY_S = 86_400.0
_open_logs: weakref.WeakSet[AuditLog] = weakref.WeakSet()


class AuditLog:
    """What this process records: one chain, extended by one thread.

    Parameters
    ----------
    folder : Path
        Of all chains of the workspace; it comes into being with the first record.
    key_file : Path
        Comes into being likewise.
    retention_days : int, optional
        Segments whose last record is older are removed when the log is opened, and daily; None keeps all.
    clock : callable
        Nanoseconds since 1970, UTC.
    anchor_s : float
        After how many seconds the ends of other chains are written down.
    """

    def __init__(
        self,
        folder: Path,
        key_file: Path,
        *,
        retention_days: int | None = None,
        clock: Callable[[], int] = time.time_ns,
        anchor_s: float = ANCHOR_S,
    ) -> None:
        self.folder = folder
        self._key_file, self._retention_days, self._clock, self._anchor_s = key_file, retention_days, clock, anchor_s
        self._key: Key | None = None
        self._begin()
        _open_logs.add(self)

    def _begin(self) -> None:
        self._opening = threading.Lock()
        self._some = threading.Condition()
        self._batch = Batch()
        self._chain: Chain | None = None
        self._thread: threading.Thread | None = None
        self._closing = False
        self._anchored: dict[str, Head] = {}
        self._anchored_at, self._anchored_n, self._swept_at = 0.0, 0, 0.0

    @property
    def key(self) -> Key:
        """The audit key."""
        if self._key is None:
            self._key = Key.kept(self._key_file)
        return self._key

    def pseudonym(self, user_key: int) -> str:
        """Name a listener as records do."""
        return self.key.pseudonym(user_key)

    def open(self, *, who: str = SYSTEM, about: Mapping[str, Detail] | None = None) -> None:
        """Take a chain and record that it was opened; nothing happens where that was done.

        Whoever must not do what cannot be recorded asks for this first.

        Raises
        ------
        DiskFull, StoreError, BadInput
        """
        with self._opening:
            if self._chain is not None:
                return
            with translated(self.folder):
                self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                chain = Chain.take(self.folder, self.key)
                try:
                    note = fields_of(Deed(who, OPENED, SELF, role=SYSTEM, about=about or {}))
                    chain.append([self._entry(note)])
                except BaseException:
                    chain.close()
                    raise
            self._chain, self._anchored_n, self._closing = chain, chain.n, False
            self._thread = threading.Thread(target=self._write, args=(chain,), name="ml-audit", daemon=True)
            self._thread.start()

    def record(self, deed: Deed) -> int:
        """Record what somebody did, and return its number once it is on the disk.

        Raises
        ------
        DiskFull, StoreError
            If it cannot be recorded: then it must not happen either.
        """
        return self.record_soon(deed).wait()

    def record_soon(self, deed: Deed) -> Ticket:
        """Do as :meth:`record` does, but wait for nothing: the ticket says when the record is on the disk.

        ``await log.record_soon(…).durable()`` is for code that must not block; :meth:`open` is called beforehand there.
        What nobody has waited for may be lost with the process.
        """
        if self._chain is None:
            self.open()
        return self._submit(fields_of(deed, None if deed.whom is None else self.pseudonym(deed.whom)))

    def flush(self) -> None:
        """Wait until everything that was recorded is on the disk.

        Raises
        ------
        DiskFull, StoreError
            If the last of it is not.
        """
        if self._chain is not None:
            self._submit({}).wait()

    def prune(self, days: int) -> Pruned:
        """Remove whole segments whose last record is older than so many days.

        Raises
        ------
        DiskFull, StoreError
        """
        self.open()
        with translated(self.folder):
            return prune(
                self.folder,
                self._days_ago(days),
                key=self.key,
                own=self._own,
                note=lambda about: self._submit(of_the_log(PRUNED, **about)).wait(),
            )

    def _submit(self, fields: dict[str, Any]) -> Ticket:
        """Hand the fields of a record to the thread that writes; none only wait for those before."""
        with self._some:
            batch = self._batch
            if len(batch.entries) >= MOST_WAITING:
                raise StoreError(f"{self.folder}: {MOST_WAITING:,} records wait for the disk", "check it: ml doctor")
            if self._closing:
                raise StoreError(f"{self.folder}: the audit log is closed", "record before it is closed")
            entry = self._entry(fields)
            batch.entries.append(entry)
            if len(batch.entries) == 1:
                self._some.notify()
        return Ticket(entry, batch)

    def _days_ago(self, days: int) -> int:
        return self._clock() // 1000 - days * 86_400_000_000

    @property
    def _own(self) -> str:
        return "" if self._chain is None else self._chain.id

    def close(self) -> None:
        """Write what waits, and leave the chain to the next process."""
        with self._some:
            self._closing = True
            self._some.notify()
        if self._thread is not None:
            self._thread.join(PATIENCE_S)
        with self._opening:
            if self._chain is not None:
                self._chain.close()
            self._begin()

    def _entry(self, fields: dict[str, Any]) -> Entry:
        return Entry(self._clock() // 1000, time.monotonic(), fields)

    # --- the thread that writes

    def _write(self, chain: Chain) -> None:
        self._anchor(chain)
        self._sweep(chain)
        while True:
            with self._some:
                if not (self._batch.entries or self._closing):
                    self._some.wait(self._anchor_s)
                batch, self._batch = self._batch, Batch()
                closing = self._closing
            if batch.entries:
                self._put(chain, batch)
            if closing:
                return
            if self._is_anchor_due(chain):
                self._anchor(chain)
                if time.monotonic() - self._swept_at > _DAY_S:
                    self._sweep(chain)

    def _put(self, chain: Chain, batch: Batch) -> None:
        try:
            entries = [entry for entry in batch.entries if entry.fields]  # one without is a flush
            if entries:
                with translated(self.folder):
                    chain.append(entries)
        except BaseException as error:  # noqa: BLE001  # whoever waits is told
            batch.finish(error)
        else:
            batch.finish()

    def _is_anchor_due(self, chain: Chain) -> bool:
        gone = time.monotonic() - self._anchored_at
        return gone >= self._anchor_s or chain.n - self._anchored_n >= ANCHOR_RECORDS

    def _anchor(self, chain: Chain) -> None:
        """Write down where the other chains end, unless nothing but such notes came to them."""
        self._anchored_at, self._anchored_n = time.monotonic(), chain.n
        try:
            with translated(self.folder), held(self.folder, wait=False) as alone:
                if not alone:
                    return
                now = heads(self.folder, without=chain.id)
                if not any(_is_news(self._anchored.get(other), head) for other, head in now.items()):
                    return
                news = {other: head for other, head in now.items() if self._anchored.get(other) != head}
                about = {"heads": {other: [head.n, head.hash] for other, head in news.items()}}
                chain.append([self._entry(of_the_log(ANCHOR, **about))])
                self._anchored |= news
        except MLError:
            return  # what matters more cannot be written either, and says so

    def _sweep(self, chain: Chain) -> None:
        """Remove what is older than the settings say."""
        self._swept_at = time.monotonic()
        if self._retention_days is None:
            return
        try:
            with translated(self.folder):
                prune(
                    self.folder,
                    self._days_ago(self._retention_days),
                    key=self.key,
                    own=chain.id,
                    note=lambda about: chain.append([self._entry(of_the_log(PRUNED, **about))]),
                    wait=False,
                )
        except MLError:
            return  # tomorrow


def _is_news(known: Head | None, head: Head) -> bool:
    """Tell whether a chain has grown by more than the anchor that another's anchor called forth."""
    if known is None:
        return True
    return head.n > known.n + (head.what == ANCHOR)


def _forget_parents() -> None:
    """Let a forked process have a chain of its own: the one that is open belongs to its parent."""
    for log in list(_open_logs):
        if log._chain is not None:  # noqa: SLF001
            log._chain.close()  # noqa: SLF001  # our copy of the descriptor; the parent's keeps the lock
        log._begin()  # noqa: SLF001


os.register_at_fork(after_in_child=_forget_parents)
