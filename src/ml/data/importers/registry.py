"""All importers, and which of them reads what.

Conventions
-----------
The order matters: a file goes to the first importer that claims it, so the specific ones
stand before the general ones. Adding an importer is its file and one line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ml.data.importers.base import Importer, Unit
from ml.data.importers.hetrec import HetRec
from ml.data.importers.lastfm_1k import Lastfm1k
from ml.data.importers.lastfm_csv import LastfmCsv
from ml.data.importers.listenbrainz import ListenBrainz
from ml.data.importers.music_folder import MusicFolder
from ml.data.importers.playlists import Playlists
from ml.data.importers.source import Entry, Source
from ml.data.importers.spotify import Spotify
from ml.data.importers.tabular import Tabular
from ml.data.importers.user_items import UserItems
from ml.foundation.errors import BadInput, did_you_mean

IMPORTERS: tuple[type[Importer], ...] = (
    HetRec,
    Lastfm1k,
    Spotify,
    ListenBrainz,
    LastfmCsv,
    MusicFolder,  # before playlists, whose entries are looked up among the scanned files
    Playlists,
    UserItems,
    Tabular,
)

AUTO = "auto"
_SHOWN = 8


def importer_of(kind: str) -> Importer:
    """Give the importer of a kind; ``-`` and ``_`` in its name are the same.

    Raises
    ------
    BadInput
        If there is none.

    Examples
    --------
    >>> importer_of("user-items").kind
    'user_items'
    """
    for importer in IMPORTERS:
        if importer.kind.replace("_", "-") == kind.replace("_", "-"):
            return importer()
    kinds = [AUTO, *(importer.kind for importer in IMPORTERS)]
    raise BadInput(
        f"there is no importer {kind!r}", did_you_mean(kind, kinds), code="kind_unknown", values={"kind": kind}
    )


def claim(source: Source, kind: str = AUTO) -> tuple[list[Unit], list[Entry]]:
    """Give each file to the first importer that claims it.

    Parameters
    ----------
    source : Source
    kind : str
        An importer's name, to ask that one alone; or ``"auto"``.

    Returns
    -------
    units : list of Unit
        In the importers' order.
    unclaimed : list of Entry
        The files that nobody claims.

    Raises
    ------
    BadInput
        If the kind is unknown, or nothing is claimed.
    """
    importers = [importer() for importer in IMPORTERS] if kind == AUTO else [importer_of(kind)]
    units: list[Unit] = []
    left = source.entries
    for importer in importers:
        claimed = importer.claim(replace(source, entries=left))
        units += claimed
        taken = {entry.name for unit in claimed for entry in unit.entries}
        left = tuple(entry for entry in left if entry.name not in taken)
    if not units:
        raise _nothing(source, importers)
    return units, list(left)


def _nothing(source: Source, importers: Sequence[Importer]) -> BadInput:
    looked_for = "; ".join(importer.title for importer in importers)
    if not source.entries:
        there = "it is empty"
    elif not any(entry.size_bytes for entry in source.entries):
        there = "all files in it are empty" if len(source.entries) > 1 else "it is empty"
    else:
        names = ", ".join(entry.name for entry in source.entries[:_SHOWN])
        more = len(source.entries) - _SHOWN
        there = f"there is {names}" + (f" and {more} more" if more > 0 else "")
    hint = "check the path" if len(importers) > 1 else "check the path, or leave the kind out to look for everything"
    return BadInput(
        f"{source.path}: nothing to import: {there}; looked for {looked_for}", hint, code="nothing_to_import"
    )
