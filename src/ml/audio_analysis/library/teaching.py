"""Heads trained from a table, or from what the tags of a library say."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, nullcontext
from pathlib import Path

from ml.audio_analysis.embedders import Plugged
from ml.audio_analysis.hands.processes import Processes
from ml.audio_analysis.heads import OWN, heads_folder
from ml.audio_analysis.heads.tables import LabelTable, canonical
from ml.audio_analysis.heads.training import TrainedHead, labelled, train
from ml.audio_analysis.library.catalogue import Catalogued, catalogued
from ml.audio_analysis.library.recordings import SCAN_FIRST
from ml.audio_analysis.library.vectors import known_vectors, scanned_sounds, vectors_of_files
from ml.data.audio_files.forms import printable
from ml.data.identity import normalise
from ml.data.importers.audio_tags import UnreadableTags, read_tags
from ml.data.workspace import REAL, Workspace
from ml.features.audio.framing import Floats
from ml.features.vocabulary import GENRES
from ml.foundation.errors import EmptyWorkspace
from ml.foundation.progress import progress


def train_from_table(
    workspace: Workspace,
    table: LabelTable,
    source: str,
    width: int,
    *,
    plug: Plugged | None = None,
    watched: bool = False,
) -> TrainedHead:
    """Train a head from labels in a table; what of the files is not known yet is analysed first.

    Parameters
    ----------
    workspace : Workspace
    table : LabelTable
    source : str
        How the card calls the table.
    width : int
        Processes.
    plug : Plugged, optional
        A larger embedder, whose vectors it learns from in the place of our own.
    watched : bool
    """
    workspace.mark(REAL)
    files = sorted(table.labels)
    bar = progress(total=len(files), label="listening")
    with closing(Processes(min(width, max(1, len(files))))) as hands, bar if watched else nullcontext():
        vectors, problems = vectors_of_files(workspace, files, hands, bar, plug)
    notices = [f"{file.name}: {why}" for file, why in list(problems.items())[:10]]
    if len(problems) > len(notices):
        notices.append(f"{len(problems):,} files have no vector")
    return _train(workspace, table, vectors, source, notices, plug)


def train_from_tags(workspace: Workspace, *, plug: Plugged | None = None, watched: bool = False) -> TrainedHead:
    """Train a head for genres from the tags of scanned files and of the tracks in the catalogue that they are.

    Grouped by the artist that the file names, else the catalogue.

    Raises
    ------
    EmptyWorkspace
        If nothing was scanned.
    """
    index, places = known_vectors(workspace, plug), scanned_sounds(workspace)
    heard = {name: Path(paths[0]) for name, paths in places.items() if name in index}
    if not heard:
        raise no_vectors(plug)
    with workspace.store.read() as connection:
        tracks = catalogued(connection, heard)
    labels: dict[Path, frozenset[str] | tuple[float, ...]] = {}
    groups: dict[Path, str] = {}
    unknown: set[str] = set()
    n_helped = 0
    bar = progress(total=len(heard), label="reading tags")
    with bar if watched else nullcontext():
        for name, file in heard.items():
            bar.advance()
            genres, artist = _tags(file) or ((), None)
            track = tracks.get(name, Catalogued((), None))
            own = canonical(genres, GENRES, known_only=True)
            unknown.update(genre for genre in genres if GENRES.find(genre) is None)
            artist = artist or track.artist
            groups[file] = str(file) if artist is None else normalise(artist)
            if own or track.genres:
                labels[file] = own.union(track.genres)
                n_helped += not own.issuperset(track.genres)
    vectors = {file: vector for name, file in heard.items() if (vector := index.get(name)) is not None}
    table = LabelTable("genre", "tags", ("genre",), labels, groups, "artist")
    notices = [f"{len(vectors) - len(labels):,} tracks without a genre that the vocabulary knows are left out"]
    if n_helped:
        notices.append(f"of {n_helped:,} tracks the catalogue names genres that their files do not")
    if unknown:
        notices.append(f"not in the vocabulary: {', '.join(sorted(unknown)[:20])}")
    return _train(workspace, table, vectors, "the tags of the scanned files and of the catalogue", notices, plug)


def no_vectors(plug: Plugged | None) -> EmptyWorkspace:
    """Say that no scanned track has a vector, and how they get one."""
    if plug is None:
        return EmptyWorkspace("no scanned track has a vector", SCAN_FIRST, code="nothing_scanned")
    hint = f"let it hear your music first: ml audio scan FOLDER {plug.option}"
    return EmptyWorkspace(f"no scanned track has a vector of {plug.name}", hint)


def _train(
    workspace: Workspace,
    table: LabelTable,
    vectors: Mapping[Path, Floats],
    source: str,
    notices: list[str],
    plug: Plugged | None,
) -> TrainedHead:
    data, said = labelled(table, vectors, ours=plug is None)
    name, path = (OWN, None) if plug is None else (plug.name, plug.path and printable(Path(plug.path)))
    return train(
        data, table, heads_folder(workspace), vectors=name, embedder=path, source=source, notices=[*notices, *said]
    )


def _tags(file: Path) -> tuple[tuple[str, ...], str | None] | None:
    try:
        found = read_tags(file, with_duration=False)
    except (UnreadableTags, OSError):
        return None
    return found.genres, found.artist
