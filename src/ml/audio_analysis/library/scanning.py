"""One scan: what is there, what of it is new, and that done, a file at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ml.audio_analysis.failed import FailedFile
from ml.audio_analysis.hands.processes import Hands
from ml.audio_analysis.hands.work import Reply, problem
from ml.audio_analysis.library import rows
from ml.audio_analysis.library.finding import Found, FoundFile, find_audio
from ml.audio_analysis.library.results import Moved, Scan
from ml.audio_analysis.library.rows import KnownFile
from ml.audio_analysis.library.version import ability, analysis_version
from ml.data.audio_files import Problem, printable
from ml.data.store import Store

#: Jobs that wait for each that runs, so that nobody has to wait for work.
_AHEAD = 2
#: Files taken away in one transaction, so that others can write between.
_GONE_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Plan:
    """What a scan has to do.

    Parameters
    ----------
    folder : Path
    found : Found
    known : dict of str to KnownFile
        What was known before anybody looked.
    todo : list of FoundFile
    again : bool
        Whether to analyse what is analysed.
    """

    folder: Path
    found: Found
    known: dict[str, KnownFile]
    todo: list[FoundFile]
    again: bool

    @classmethod
    def of(cls, store: Store, folder: Path, *, again: bool = False) -> Plan:
        """Compare what lies under a folder with what is known of it."""
        # Known first: what another scan adds meanwhile is then not taken for vanished.
        with store.read() as connection:
            known = rows.known_files(connection, str(folder))
        found, version, able = find_audio(folder), analysis_version(), ability()

        def is_done(file: FoundFile) -> bool:
            before = known.get(file.path)
            return before is not None and before.is_as(file) and before.is_done(version, able)

        return cls(folder, found, known, [file for file in found.files if again or not is_done(file)], again)

    def hash_before(self, file: FoundFile) -> str | None:
        """Give the hash that a file had and, as it has not changed, still has; None where it has to be made."""
        before = self.known.get(file.path)
        return before.content_hash if before is not None and before.is_as(file) else None

    def left_alone(self) -> list[FoundFile]:
        """List the files of which nothing new can be said."""
        todo = {file.path for file in self.todo}
        return [file for file in self.found.files if file.path not in todo]

    def vanished(self) -> list[str]:
        """List files that were here and are gone; where one could not look, nothing is."""
        there = {file.path for file in self.found.files}
        return [path for path in self.known if path not in there and self.is_gone(path)]

    def is_gone(self, path: str) -> bool:
        """Tell whether there is no such file any more; of a disk that is not there, nothing is gone.

        Whether a disk is there is known of the folder that is scanned; elsewhere, the file's own folder tells.
        """
        closed = tuple(folder.rstrip("/") + "/" for folder, _ in self.found.closed)
        if path.startswith(closed):
            return False
        try:
            os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return path in self.known or os.path.isdir(os.path.dirname(path))  # noqa: PTH112, PTH120  # of every file
        except OSError:
            return False
        return False


@dataclass
class Scanning:
    """A scan that is under way; :meth:`run` does it.

    Parameters
    ----------
    store : Store
    plan : Plan
    hands : Hands
    on_file : callable
        Called after each file that is done.
    """

    store: Store
    plan: Plan
    hands: Hands
    on_file: Callable[[], None]
    _analysed: int = 0
    _reused: int = 0
    _moved: list[Moved] = field(default_factory=list)
    _problems: dict[str, FailedFile] = field(default_factory=dict)
    #: Files that wait for the analysis of their sound, the one it is made from first.
    _waiting: dict[str, list[FoundFile]] = field(default_factory=dict)
    #: Sounds that were analysed in this scan.
    _fresh: set[str] = field(default_factory=set)
    #: Files that changed while they were analysed.
    _changed: set[str] = field(default_factory=set)
    #: What is being done, and for which file of which sound; None while that is being found out.
    _running: dict[Future[Reply], tuple[FoundFile, str | None]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._version, self._ability = analysis_version(), ability()

    def run(self) -> Scan:
        """Do what the plan says, and say what came of it.

        Raises
        ------
        StoreError
            If it cannot be stored; what was stored before stays.
        """
        todo = iter(self.plan.todo)
        while True:
            while len(self._running) < _AHEAD * self.hands.width and (file := next(todo, None)) is not None:
                self._take_up(file)
            if not self._running:
                return self._end()
            for future in wait(self._running, return_when=FIRST_COMPLETED).done:
                file, content_hash = self._running.pop(future)
                self._answered(file, content_hash, future.result())

    def _take_up(self, file: FoundFile) -> None:
        with suppress(OSError):  # whoever reads it will say so
            file = FoundFile.at(file.path)
        content_hash = self.plan.hash_before(file)
        if content_hash is None:
            self._submit("hash", file, None)
        else:
            self._identified(file, content_hash)

    def _submit(self, what: str, file: FoundFile, content_hash: str | None) -> None:
        self._running[self.hands.submit({"do": what, "path": file.path})] = (file, content_hash)

    def _identified(self, file: FoundFile, content_hash: str) -> None:
        """Go on with a file whose sound has a name: it is known, somebody is at it, or it has to be analysed."""
        if content_hash in self._waiting:
            self._waiting[content_hash].append(file)
        elif self._is_known(file, content_hash):
            self._store(content_hash, [file])
            self._reused += 1
        else:
            self._waiting[content_hash] = [file]
            self._submit("analyse", file, content_hash)

    def _is_known(self, file: FoundFile, content_hash: str) -> bool:
        if self.plan.again and content_hash not in self._fresh:
            return False
        # Asked each time: another scan may have been here a moment ago.
        with self.store.read() as connection:
            return rows.has_analysis(connection, file, content_hash, self._version)

    def _answered(self, file: FoundFile, content_hash: str | None, reply: Reply) -> None:
        if "content_hash" in reply:
            self._identified(file, reply["content_hash"])
        elif "problem" in reply:
            self._failed(file, content_hash, reply)
        elif content_hash is not None and not _is_still(file):
            self._altered(file, content_hash)
        elif content_hash is not None:
            files = self._waiting.pop(content_hash)
            self._store(content_hash, files, reply)
            self._fresh.add(content_hash)
            self._analysed += 1
            self._reused += len(files) - 1

    def _failed(self, file: FoundFile, content_hash: str | None, reply: Reply) -> None:
        said, failed_with = reply["problem"], None if reply["retry"] else self._ability
        with self.store.write(durable=False) as connection:
            rows.put_file(connection, file, content_hash, said, failed_with=failed_with)
        self._problems[file.path] = FailedFile(file.path, (Problem(**said),))
        self.on_file()
        self._go_on_with_others(content_hash)

    def _altered(self, file: FoundFile, content_hash: str) -> None:
        """Keep nothing of what was analysed: of which sound is it? Once more; then at the next scan."""
        if file.path in self._changed:
            self._failed(file, content_hash, problem("unreadable", "it changes while it is read", retry=True))
            return
        self._changed.add(file.path)
        self._go_on_with_others(content_hash)
        self._take_up(file)

    def _go_on_with_others(self, content_hash: str | None) -> None:
        # What is wrong may be this file's: another with the same sound has a chance of its own.
        others = self._waiting.pop(content_hash, [])[1:] if content_hash is not None else []
        if content_hash is not None and others:
            self._waiting[content_hash] = others
            self._submit("analyse", others[0], content_hash)

    def _store(self, content_hash: str, files: Sequence[FoundFile], reply: Reply | None = None) -> None:
        # Not durable: a kill loses nothing all the same, and what a power cut takes away is analysed again.
        new = [file.path for file in files if file.path not in self.plan.known]
        gone = self._gone(content_hash) if new else []
        with self.store.write(durable=False) as connection:
            if reply is not None:
                rows.put_analysis(connection, content_hash, self._version, reply["analysis"])
                rows.put_fingerprint(connection, content_hash, reply["fingerprint"])
            rows.forget_files(connection, gone)
            for file in files:
                rows.put_file(connection, file, content_hash)
        if gone:
            self._moved.append(Moved(gone[0], new[0]))
        for _ in files:
            self.on_file()

    def _gone(self, content_hash: str) -> list[str]:
        """Say where a sound was and is no more. Disks are slow: no transaction that writes waits for them."""
        with self.store.read() as connection:
            before = rows.paths_of(connection, content_hash)
        return [path for path in before if self.plan.is_gone(path)]

    def _end(self) -> Scan:
        gone = self.plan.vanished()
        for start in range(0, max(1, len(gone)), _GONE_AT_A_TIME):
            with self.store.write() as connection:
                rows.forget_files(connection, gone[start : start + _GONE_AT_A_TIME])
        self.store.checkpoint()
        found, left = self.plan.found, self.plan.left_alone()
        failed = [one for one in left if self.plan.known[one.path].problem_code]
        problems = [*self._problems.values(), *map(self._told_before, failed)]
        problems += [FailedFile(path, (Problem("unnameable", why),)) for path, why in found.unnamed]
        problems += [
            FailedFile(printable(Path(path)), (Problem("unreadable", f"cannot be looked into ({why})"),))
            for path, why in found.closed
        ]
        return Scan(
            folder=str(self.plan.folder),
            version=self._version,
            files=len(found.files) + len(found.unnamed),
            analysed=self._analysed,
            reused=self._reused,
            unchanged=len(left) - len(failed),
            moved=tuple(self._moved),
            removed=len(set(gone) - {one.before for one in self._moved}),
            problems=tuple(sorted(problems, key=lambda one: one.path)),
        )

    def _told_before(self, file: FoundFile) -> FailedFile:
        known = self.plan.known[file.path]
        return FailedFile(file.path, (Problem(known.problem_code or "failed", known.problem or ""),))


def _is_still(file: FoundFile) -> bool:
    try:
        return FoundFile.at(file.path) == file
    except OSError:
        return False
