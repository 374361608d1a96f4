"""Which tracks of the store the entries of a playlist are; nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import polars as pl
from sqlalchemy import Connection, select

from ml.data.identity.candidates import CONFIDENCE, Candidates
from ml.data.identity.description import Description, description
from ml.data.identity.lookup import families, matching_rows, outside_ids
from ml.data.identity.outside import OutsideId
from ml.data.importers.playlist_entry import PlaylistEntry
from ml.data.importers.playlists import playlist_frame, playlist_row
from ml.data.ingest.checks import clean
from ml.data.ingest.playlist_files import named_by_file
from ml.data.schema import aliases, files, items, scanned_files
from ml.foundation.results import Result

#: Under which the importer of music folders names a track by its sound.
_BY_SOUND = "file"
_CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class ResolvedEntry(Result):
    """An entry, and the track it is.

    Parameters
    ----------
    position : int
        In the list, from 0.
    title, artist : str or None
        As the list has them.
    named : str or None
        What else the list calls it by: its first id, code or path.
    item_id : str or None
        Outside id of the track; None where the store knows none that it could be.
    method : str or None
        ``"id"``, ``"isrc"``, ``"mbid"``, ``"path"``, ``"name and duration"`` or ``"name"``.
    confidence : float or None
        In [0, 1].
    file : str or None
        A file of the library that holds it.
    """

    position: int
    title: str | None
    artist: str | None
    named: str | None = None
    item_id: str | None = None
    method: str | None = None
    confidence: float | None = None
    file: str | None = None


def resolve(
    connection: Connection, entries: Sequence[PlaylistEntry], *, apart_from: int | None = None
) -> list[ResolvedEntry]:
    """Find the track of each entry, by the surest sign there is.

    Parameters
    ----------
    connection : Connection
    entries : sequence of PlaylistEntry
    apart_from : int, optional
        An import whose items do not count as known: that of this very playlist.
    """
    found = _matches(connection, entries)
    keys = {key for options in found.values() for key, _ in options}
    family = families(connection, keys)
    members = {key for alike in family.values() for key in alike}
    brought = dict(matching_rows(connection, select(items.c.key, items.c.import_id), items.c.key, list(members)))
    paths = _files(connection, members)
    ids = outside_ids(connection, "item", list(members))
    # What this list alone has brought is no more than its own words.
    own = {key for key, imported in brought.items() if apart_from is not None and imported == apart_from}
    resolved = []
    for position, entry in enumerate(entries):
        codes = (*entry.outside_ids, entry.isrc, entry.mbid, entry.path)
        said = ResolvedEntry(position, entry.title, entry.artist, next(filter(None, codes), None))
        known = [(key, method) for key, method in found.get(position, ()) if family[key] - own]
        if not known:
            resolved.append(said)
            continue
        key, method = known[0]
        shown = min(family[key] - own) if key in own else key
        file = min((path for one in family[key] for path in paths[one]), default=None)
        sure = CONFIDENCE.get(method, _CERTAIN)
        resolved.append(replace(said, item_id=ids[shown], method=method, confidence=sure, file=file))
    return resolved


def _matches(connection: Connection, entries: Sequence[PlaylistEntry]) -> dict[int, list[tuple[int, str]]]:
    """Give, by the position of an entry, the keys of what it may be and how each was found, the surest first."""
    rows = [playlist_row(entry, position) for position, entry in enumerate(entries)]
    frame = named_by_file(clean(playlist_frame(rows, "playlist:looked up", "", None)))
    frame = frame.filter(pl.col("title").is_not_null() | pl.col("item_id").is_not_null())
    described = {
        # Its ids are looked up apart, all of them; to be recognised it has its codes and names.
        row["position"]: replace(Description.of(row), outside=None)
        for row in frame.with_columns(description()).iter_rows(named=True)
    }
    candidates = Candidates.of(connection, list(described.values()))
    known = _by_id(connection, (one for entry in entries for one in entry.outside_ids))
    paths = _by_path(connection, [entry.path for entry in entries if entry.path])
    found: dict[int, list[tuple[int, str]]] = {}
    for position, one in described.items():
        entry = entries[position]
        recognised = candidates.recognise(one)
        options = [(known[name], "id") for name in entry.outside_ids if name in known]
        by_code = [recognised] if recognised and recognised.method in ("isrc", "mbid") else []
        by_name = [recognised] if recognised and not by_code and not one.match.startswith("=") else []
        options += [(each.candidate.key, each.method) for each in by_code]
        options += [(paths[entry.path], "path")] if entry.path in paths else []
        found[position] = options + [(each.candidate.key, each.method) for each in by_name]
    return found


def _by_id(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for name in dict.fromkeys(ids):
        outside = OutsideId.parse(name)
        by_source[outside.source].append(outside.external)
    found = {}
    for source, externals in by_source.items():
        wanted = select(aliases.c.external_id, aliases.c.item_key).where(aliases.c.source == source)
        rows = matching_rows(connection, wanted, aliases.c.external_id, externals)
        found.update({f"{source}:{external}": int(key) for external, key in rows})
    return found


def _by_path(connection: Connection, paths: Sequence[str]) -> dict[str, int]:
    """Find the items of files that were imported, or analysed and known by their sound."""
    found = dict(matching_rows(connection, select(files.c.path, files.c.item_key), files.c.path, paths))
    analysed = select(scanned_files.c.path, aliases.c.item_key).join(
        aliases, (aliases.c.source == _BY_SOUND) & (aliases.c.external_id == scanned_files.c.content_hash)
    )
    left = [path for path in paths if path not in found]
    return found | dict(matching_rows(connection, analysed, scanned_files.c.path, left))


def _files(connection: Connection, keys: Iterable[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for path, key in matching_rows(connection, select(files.c.path, files.c.item_key), files.c.item_key, list(keys)):
        found[key].append(path)
    return found
