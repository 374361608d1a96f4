"""What the store knows of files and their sounds, put together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

import orjson
from sqlalchemy import Connection, Select, and_, select

from ml.audio_analysis.classic import classic_features
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.library.catalogue import SOURCE
from ml.audio_analysis.library.corrections import corrected
from ml.audio_analysis.library.embeddings import stored_vectors
from ml.audio_analysis.library.results import LibraryTrack
from ml.audio_analysis.library.rows import under
from ml.data.audio_files import Problem
from ml.data.audio_files.forms import wrong_name
from ml.data.schema import aliases, audio_analyses, audio_corrections, items, scanned_files
from ml.data.snapshot.manifest import moment
from ml.features.audio.framing import Floats

#: Rows that are in memory at a time: an analysis may be long.
_PAGE = 500


def read_tracks(
    connection: Connection,
    *,
    folder: str | None = None,
    heads: AudioHeads | None = None,
    content_hash: str | None = None,
    after: str | None = None,
    at_a_time: int = _PAGE,
) -> Iterator[LibraryTrack]:
    """Read files by path, a page at a time, with what is known of them, and what the heads of today say.

    Parameters
    ----------
    connection : Connection
    folder : str, optional
        Only what lies under it.
    heads : AudioHeads, optional
    content_hash : str, optional
        Only files with this sound.
    after : str, optional
        Path to go on behind.
    at_a_time : int
        Rows of a page.
    """
    heads = heads or AudioHeads()
    corrections = _all_corrections(connection)
    wanted = _wanted().order_by(scanned_files.c.path).limit(at_a_time)
    if folder is not None:
        wanted = wanted.where(under(folder))
    if content_hash is not None:
        wanted = wanted.where(scanned_files.c.content_hash == content_hash)
    last = after
    while True:
        page = wanted if last is None else wanted.where(scanned_files.c.path > last)
        found = connection.execute(page).mappings().all()
        hashes = {row["content_hash"] for row in found if row["content_hash"] is not None}
        larger = stored_vectors(connection, heads.larger, hashes)
        for row in found:
            heard = larger.get(row["content_hash"], {})
            yield _track(dict(row), corrections.get(row["content_hash"], {}), heads, heard)
        if len(found) < at_a_time:
            return
        last = found[-1]["path"]


def _wanted() -> Select[Any]:
    files, analyses = scanned_files.c, audio_analyses.c
    named = and_(aliases.c.source == SOURCE, aliases.c.external_id == files.content_hash)
    return select(
        *(files.path, files.content_hash, files.problem_code, files.problem),
        *(analyses.version, analyses.analysed_at, analyses.document),
        *(aliases.c.external_id, items.c.name, items.c.credit),
    ).select_from(
        scanned_files.outerjoin(audio_analyses, analyses.content_hash == files.content_hash)
        .outerjoin(aliases, named)
        .outerjoin(items, items.c.key == aliases.c.item_key)
    )


def _all_corrections(connection: Connection) -> dict[str | None, dict[str, Any]]:
    table = audio_corrections.c
    found: dict[str | None, dict[str, Any]] = defaultdict(dict)
    for content_hash, field, value in connection.execute(select(table.content_hash, table.field, table.value)):
        found[content_hash][field] = orjson.loads(value)
    return dict(found)


def _track(
    row: dict[str, Any], corrections: dict[str, Any], heads: AudioHeads, larger: Mapping[str, Floats | None]
) -> LibraryTrack:
    measured, problems = None, []
    if row["problem_code"] is not None:
        problems = [Problem(row["problem_code"], row["problem"])]
    elif row["document"] is not None:
        measured = {"path": row["path"], **orjson.loads(row["document"])}
        misnamed = wrong_name(PurePath(row["path"]), measured["form"])
        problems = [*filter(None, [misnamed]), *(Problem(**problem) for problem in measured["problems"])]
        measured["problems"] = [problem.to_dict() for problem in problems]
    return LibraryTrack(
        path=row["path"],
        content_hash=row["content_hash"],
        item_id=None if row["external_id"] is None else f"{SOURCE}:{row['external_id']}",
        title=row["name"],
        artist=row["credit"],
        analysis=None if measured is None else _said(corrected(measured, corrections), heads, larger),
        corrected={name: (measured or {}).get(name) for name in corrections},
        problems=tuple(problems),
        version=None if measured is None else row["version"],
        analysed_at=None if measured is None else moment(row["analysed_at"]),
    )


def _said(analysis: dict[str, Any], heads: AudioHeads, larger: Mapping[str, Floats | None]) -> dict[str, Any]:
    """Add what heads say, which may have been trained after the scan, and the fields that follow from others."""
    if "embedding" not in analysis:  # of a version before
        return analysis
    analysis |= heads.say(analysis["embedding"], larger).to_dict()
    names = ("duration_s", "loudness_lufs", "tempo_bpm", "key", "mode", "time_signature", "embedding", "valence")
    found = classic_features(**{name: analysis[name] for name in (*names, "danceability")})
    return analysis | {"classic": found.to_dict()}
