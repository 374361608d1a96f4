"""What is known of sounds, written into the tags of their files where somebody asks for it.

Conventions
-----------
- What was corrected by hand is written; what was measured is written where it is as likely as ``least``.
- A field that a file has already is left to it, unless it was corrected by hand or the old one is to be replaced.
- Nothing but these fields changes (:mod:`ml.data.exporters.audio_tags`); the sound is known as before, and its file
  counts as scanned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.hands.alone import analyze_alone
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.library import rows
from ml.audio_analysis.library.corrections import corrected
from ml.audio_analysis.library.embeddings import stored_vectors
from ml.audio_analysis.library.finding import FoundFile
from ml.audio_analysis.library.recordings import SCAN_FIRST
from ml.audio_analysis.library.version import analysis_version
from ml.data.audio_files.forms import printable
from ml.data.exporters.audio_tags import Unwritable, current_tags, write_tags
from ml.data.schema import scanned_files
from ml.data.store import Store
from ml.data.workspace import Workspace
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput, DiskFull, EmptyWorkspace, MLError, did_you_mean
from ml.foundation.results import Result
from ml.foundation.workers import WorkerPool

#: What may be asked for; ReplayGain is the fields gain and peak.
TAGS = ("tempo", "key", "replaygain", "genre", "mood")
#: What is measured; genres and moods are the opinion of a head, and written where they are named.
USUAL = ("tempo", "key", "replaygain")
LEAST = 0.5


@dataclass(frozen=True, slots=True)
class LeftOut(Result):
    """A field that was not written, and why."""

    field: str
    why: str


@dataclass(frozen=True, slots=True)
class TaggedFile(Result):
    """What was written into a file's tag.

    Parameters
    ----------
    path : str
    written : mapping of str to tuple of str
        By field: tempo, key, gain, peak, genre, mood; what would be written, where it is only tried.
    left_out : tuple of LeftOut
    problem : str or None
        Why nothing could be written.
    tried : bool
        Whether nothing was written on purpose.
    """

    path: str
    written: Mapping[str, tuple[str, ...]]
    left_out: tuple[LeftOut, ...]
    problem: str | None = None
    tried: bool = False


def check_tags(tags: Sequence[str], least: float) -> None:
    """Check what is asked for.

    Raises
    ------
    BadInput
        If a tag is none of :data:`TAGS`, or the probability none.
    """
    for name in tags:
        if name not in TAGS:
            raise BadInput(f"{name!r} is nothing that is written into tags", did_you_mean(name, TAGS))
    if not 0.0 <= least <= 1.0:
        raise BadInput(f"{least}: not a probability", "give 0 to 1")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be written: see :meth:`ml.audio_analysis.AudioLibrary.write_tags`."""

    tags: Sequence[str]
    replace: bool
    least: float
    dry_run: bool


@dataclass(frozen=True, slots=True)
class _Known:
    """A sound: its hash, its analysis with corrections and with what heads say, and what was corrected."""

    content_hash: str
    analysis: Mapping[str, Any]
    by_hand: Mapping[str, Any]


class Tagging:
    """Writes tags, a file at a time.

    Parameters
    ----------
    workspace : Workspace
    hash_of : callable
        From a file to the hash of its sound.
    asked : Asked
    """

    def __init__(self, workspace: Workspace, hash_of: Callable[[Path], str], asked: Asked) -> None:
        self._workspace, self._hash_of, self._asked = workspace, hash_of, asked
        self._heads, self._analyzer = AudioHeads.of(workspace), AudioAnalyzer(WorkerPool(1))

    def each(self, files: Iterable[Path]) -> Iterator[TaggedFile]:
        """Write the tags of files; one that cannot be written stops no other.

        Raises
        ------
        DiskFull
            If the disk fills up; the file at hand is as it was.
        """
        for file in files:
            try:
                yield self._tagged(file)
            except DiskFull:
                raise
            except (Unwritable, MLError, OSError) as error:
                why = error.message if isinstance(error, MLError) else getattr(error, "strerror", None) or str(error)
                why = why.removeprefix(f"{printable(file)}: ")
                yield TaggedFile(printable(file), {}, (), why, self._asked.dry_run)

    def _tagged(self, file: Path) -> TaggedFile:
        there, known, asked = current_tags(file), self._known(file), self._asked
        wanted: dict[str, tuple[str, ...]] = {}
        left = []
        for name in asked.tags:
            values, why = _values(name, known, asked.least)
            if not values:
                left.append(LeftOut(name, why))
            elif (old := _kept(values, there)) and not (asked.replace or _is_by_hand(name, known.by_hand)):
                left.append(LeftOut(name, f"the file says {old} already"))
            else:
                wanted |= values
        told = write_tags(file, wanted, dry_run=asked.dry_run) if wanted else {}
        left += [LeftOut(field, "this form of files has no place for it") for field in wanted if field not in told]
        if told and not asked.dry_run and self._workspace.is_there:
            _note(self._workspace.store, file, known.content_hash)
        return TaggedFile(printable(file), told, tuple(left), tried=asked.dry_run)

    def _known(self, file: Path) -> _Known:
        content_hash = self._hash_of(file)
        analysis: Mapping[str, Any] | None = None
        larger: Mapping[str, Floats | None] = {}
        by_hand: Mapping[str, Any] = {}
        if self._workspace.is_there:
            with self._workspace.store.read() as connection:
                analysis = rows.analysis_of(connection, content_hash, analysis_version())
                larger = stored_vectors(connection, self._heads.larger, [content_hash]).get(content_hash, {})
                by_hand = rows.corrections_of(connection, content_hash)
        if analysis is None:
            analysis = analyze_alone(self._analyzer, file).to_dict()
        said = self._heads.say(analysis["embedding"], larger).to_dict()
        return _Known(content_hash, corrected({**analysis, **said}, by_hand), by_hand)


def scanned(workspace: Workspace) -> list[Path]:
    """List the files that were scanned and analysed.

    Raises
    ------
    EmptyWorkspace
        If there is none.
    """
    table = scanned_files.c
    found: list[Path] = []
    if workspace.is_there:
        with workspace.store.read() as connection:
            wanted = select(table.path).where(table.problem_code.is_(None)).order_by(table.path)
            found = [Path(path) for path in connection.execute(wanted).scalars()]
    if not found:
        raise EmptyWorkspace("no audio file was scanned yet", SCAN_FIRST, code="nothing_scanned")
    return found


def _kept(fields: Mapping[str, object], there: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(text for field in fields for text in there.get(field, ()))


def _is_by_hand(name: str, by_hand: Mapping[str, Any]) -> bool:
    return not {"tempo": {"tempo_bpm"}, "key": {"key", "mode"}}.get(name, set()).isdisjoint(by_hand)


def _values(name: str, known: _Known, least: float) -> tuple[dict[str, tuple[str, ...]], str]:
    """Give the fields of a tag, or why there are none."""
    analysis = known.analysis
    if name == "tempo":
        return _sure(name, _number(analysis["tempo_bpm"], 1), known, least)
    if name == "key":
        key, mode = analysis["key"], analysis["mode"]
        return _sure(name, None if None in (key, mode) else key + ("m" if mode == "minor" else ""), known, least)
    if name == "replaygain":
        gain, peak = _number(analysis["replaygain_db"], 2), analysis["true_peak_dbtp"]
        found: dict[str, tuple[str, ...]] = {} if gain is None else {"gain": (gain,)}
        return found if gain is None or peak is None else found | {"peak": (f"{10 ** (peak / 20):.6f}",)}, "unknown"
    said = analysis["genres" if name == "genre" else "moods"]
    likely = tuple(one["name"] for one in said if one["probability"] >= least)
    why = f"none is as likely as {least:.0%}" if said else "no head says it: ml audio train-heads"
    return {name: likely} if likely else {}, why


def _sure(name: str, text: str | None, known: _Known, least: float) -> tuple[dict[str, tuple[str, ...]], str]:
    confidence = known.analysis[f"{name}_confidence"]
    if text is None:
        return {}, "unknown"
    if confidence is not None and confidence < least and not _is_by_hand(name, known.by_hand):
        return {}, f"{text} is right with a probability of only {confidence:.0%}"
    return {name: (text,)}, ""


def _number(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:z.{digits}f}"


def _note(store: Store, file: Path, content_hash: str) -> None:
    """Let the next scan find the file as it is now, and look no further."""
    path = str(file.resolve())
    with store.write() as connection:
        row = connection.execute(select(scanned_files).where(scanned_files.c.path == path)).mappings().one_or_none()
        if row is not None and row["content_hash"] == content_hash and row["problem_code"] is None:
            rows.put_file(connection, FoundFile.at(path), content_hash)
