"""The library's rows in the store."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from ml.audio_analysis.library.finding import FoundFile
from ml.data.schema import audio_analyses, audio_corrections, audio_fingerprints, scanned_files
from ml.features.audio.fingerprint import PEAKS_VERSION

#: Codes of problems that are the file's and not the sound's: its analysis is not another file's too.
_OF_THE_FILE = frozenset({"truncated", "damaged"})
#: This one is the name's, and told anew wherever the file is.
WRONG_SUFFIX = "wrong_suffix"
# What a document says of these is a column too.
_COLUMNS = ("duration_s", "loudness_lufs", "tempo_bpm", "key", "mode", "time_signature")


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as an earlier scan has left it."""

    size_bytes: int
    modified_ns: int
    content_hash: str | None
    problem_code: str | None
    problem: str | None
    failed_with: str | None
    version: str | None
    """Of the analysis of its sound; None where there is none."""

    def is_as(self, file: FoundFile) -> bool:
        """Tell whether size and time are still the same."""
        return (self.size_bytes, self.modified_ns) == (file.size_bytes, file.modified_ns)

    def is_done(self, version: str, ability: str) -> bool:
        """Tell whether nothing new can be said of it."""
        return self.failed_with == ability if self.problem_code else self.version == version


def under(folder: str) -> ColumnElement[bool]:
    """Say that a file lies under a folder."""
    start = folder.rstrip("/") + "/"
    return func.substr(scanned_files.c.path, 1, len(start)) == start


def known_files(connection: Connection, folder: str) -> dict[str, KnownFile]:
    """Read what is known of the files under a folder, by path."""
    table, analyses = scanned_files.c, audio_analyses.c
    columns = (table.size_bytes, table.modified_ns, table.content_hash, table.problem_code, table.problem)
    wanted = select(table.path, *columns, table.failed_with, analyses.version).select_from(
        scanned_files.outerjoin(audio_analyses, analyses.content_hash == table.content_hash)
    )
    return {path: KnownFile(*rest) for path, *rest in connection.execute(wanted.where(under(folder)))}


def has_analysis(connection: Connection, file: FoundFile, content_hash: str, version: str) -> bool:
    """Tell whether a sound is analysed, and what was found holds for this file too.

    What a broken file lacks another one with the same sound may have: there it holds only for a file of the same size
    and time, which is the same one, moved or copied with its time.
    """
    found = analysis_of(connection, content_hash, version)
    if found is None:
        return False
    if _OF_THE_FILE.isdisjoint(problem["code"] for problem in found["problems"]):
        return True
    table = scanned_files.c
    twin = (table.content_hash == content_hash, table.size_bytes == file.size_bytes)
    wanted = select(table.path).where(*twin, table.modified_ns == file.modified_ns, table.problem_code.is_(None))
    return connection.execute(wanted.limit(1)).first() is not None


def analysis_of(connection: Connection, content_hash: str, version: str) -> dict[str, Any] | None:
    """Read the analysis of a sound, without path; None where there is none of this version."""
    table = audio_analyses.c
    wanted = select(table.document).where(table.content_hash == content_hash, table.version == version)
    document = connection.execute(wanted).scalar_one_or_none()
    return None if document is None else dict(orjson.loads(document))


def put_analysis(connection: Connection, content_hash: str, version: str, analysis: Mapping[str, Any]) -> None:
    """Write what a sound is like, in the place of what was known before."""
    document = {name: value for name, value in analysis.items() if name != "path"}
    document["problems"] = [found for found in analysis["problems"] if found["code"] != WRONG_SUFFIX]
    row = {name: document.get(name) for name in _COLUMNS}
    row |= {"content_hash": content_hash, "version": version, "analysed_at": now_ms()}
    connection.execute(delete(audio_analyses).where(audio_analyses.c.content_hash == content_hash))
    connection.execute(insert(audio_analyses).values(**row, document=orjson.dumps(document).decode()))


def put_fingerprint(connection: Connection, content_hash: str, peaks: str) -> None:
    """Write what a sound is known by, in the place of what was there."""
    table = audio_fingerprints
    connection.execute(delete(table).where(table.c.content_hash == content_hash))
    connection.execute(insert(table).values(content_hash=content_hash, version=PEAKS_VERSION, peaks=peaks))


def put_file(
    connection: Connection,
    file: FoundFile,
    content_hash: str | None,
    problem: Mapping[str, str] | None = None,
    *,
    failed_with: str | None = None,
) -> None:
    """Write how a file was found, and why there is no analysis, where there is none."""
    problem = problem or {}
    forget_files(connection, [file.path])
    connection.execute(
        insert(scanned_files).values(
            path=file.path,
            content_hash=content_hash,
            size_bytes=file.size_bytes,
            modified_ns=file.modified_ns,
            problem_code=problem.get("code"),
            problem=problem.get("message"),
            failed_with=failed_with,
            scanned_at=now_ms(),
        )
    )


def forget_files(connection: Connection, paths: Sequence[str]) -> None:
    """Remove some hundred files at most, and nothing of what is known of their sounds."""
    if paths:
        connection.execute(delete(scanned_files).where(scanned_files.c.path.in_(paths)))


def paths_of(connection: Connection, content_hash: str) -> list[str]:
    """List the files that hold a sound."""
    table = scanned_files.c
    return list(connection.execute(select(table.path).where(table.content_hash == content_hash)).scalars())


def can_be_corrected(connection: Connection, content_hash: str) -> bool:
    """Tell whether there is something to correct: a sound was analysed, whenever, or was corrected before."""
    tables = (audio_analyses, audio_corrections)
    wanted = (select(table.c.content_hash).where(table.c.content_hash == content_hash).limit(1) for table in tables)
    return any(connection.execute(one).first() is not None for one in wanted)


def corrections_of(connection: Connection, content_hash: str) -> dict[str, Any]:
    """Read what was corrected of a sound."""
    table = audio_corrections.c
    rows = connection.execute(select(table.field, table.value).where(table.content_hash == content_hash))
    return {field: orjson.loads(value) for field, value in rows}


def put_correction(connection: Connection, content_hash: str, field: str, value: Any) -> None:
    """Write a correction, or with None take it back."""
    table = audio_corrections
    connection.execute(delete(table).where(table.c.content_hash == content_hash, table.c.field == field))
    if value is not None:
        text = orjson.dumps(value).decode()
        connection.execute(
            insert(table).values(content_hash=content_hash, field=field, value=text, corrected_at=now_ms())
        )


def now_ms() -> int:
    """Give the time, UTC."""
    return time.time_ns() // 1_000_000
