"""The library itself."""

from __future__ import annotations

import dataclasses
import os
import shlex
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from sqlalchemy import select

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.embedders import Embedder, plugged
from ml.audio_analysis.hands.alone import analyze_alone
from ml.audio_analysis.hands.cluster import Cluster
from ml.audio_analysis.hands.processes import Hands, Processes
from ml.audio_analysis.heads import AudioHeads
from ml.audio_analysis.heads.tables import read_labels
from ml.audio_analysis.heads.training import TrainedHead
from ml.audio_analysis.library import rows
from ml.audio_analysis.library.corrections import read_correction
from ml.audio_analysis.library.embeddings import embed_sounds, without_vector
from ml.audio_analysis.library.finding import folder_of
from ml.audio_analysis.library.matching import Matching
from ml.audio_analysis.library.opened import Opened
from ml.audio_analysis.library.reading import read_tracks
from ml.audio_analysis.library.results import LibraryTrack, Scan
from ml.audio_analysis.library.scanning import Plan, Scanning
from ml.audio_analysis.library.similar import SimilarTrack, similar_tracks
from ml.audio_analysis.library.sounds import ScannedSounds
from ml.audio_analysis.library.table import columns as table_columns
from ml.audio_analysis.library.table import slices
from ml.audio_analysis.library.tagging import LEAST, USUAL, Asked, TaggedFile, Tagging, check_tags, scanned
from ml.audio_analysis.library.teaching import no_vectors, train_from_table, train_from_tags
from ml.audio_analysis.library.vectors import known_vectors, scanned_sounds
from ml.audio_analysis.library.version import analysis_version
from ml.data.audio_files.forms import form_of, printable
from ml.data.exporters.tables import write_slices
from ml.data.exporters.whole_file import check_folder
from ml.data.importers.audio_payload import hash_payload
from ml.data.importers.locations import storable
from ml.data.schema import scanned_files
from ml.data.workspace import REAL, Workspace
from ml.foundation import resolver
from ml.foundation.errors import BadInput, UnknownId
from ml.foundation.paths import expanded
from ml.foundation.progress import progress
from ml.foundation.steps import step

#: Told what is being done, how many files are done, and of how many.
OnFile = Callable[[str, int, int], None]


class AudioLibrary(Matching, ScannedSounds):
    """Folders of music, analysed and kept up to date in a workspace.

    Parameters
    ----------
    workspace : Workspace, optional
        Left out, the one of the settings.
    embedder : Path, str or Embedder, optional
        A larger embedder than our own vectors, see :mod:`ml.audio_analysis.embedders`: for scans, neighbours and heads,
        where they name no other; ``"own"`` for none. Left out with the workspace, the one of the settings.

    Examples
    --------
    >>> with AudioLibrary() as library:  # doctest: +SKIP
    ...     library.scan("~/Music").analysed
    ...     library.correct("~/Music/song.mp3", tempo_bpm=120)
    """

    def __init__(self, workspace: Workspace | None = None, *, embedder: Path | str | Embedder | None = None) -> None:
        self._own = workspace is None
        self.embedder = embedder
        if workspace is None:
            app = resolver.own.current()
            workspace, self.embedder = app.workspace, embedder or app.settings.audio_analysis.embedder
        self.workspace: Workspace = workspace
        self.opened = Opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the database, unless the workspace was given."""
        if self._own:
            self.workspace.close()

    def scan(
        self,
        folder: Path | str,
        *,
        workers: int | None = None,
        again: bool = False,
        dask: Any = None,
        hands: Hands | None = None,
        embedder: Path | str | Embedder | None = None,
        watched: bool = False,
        on_file: OnFile = lambda _what, _done, _total: None,
    ) -> Scan:
        """Analyse what is new or changed under a folder.

        Parameters
        ----------
        folder : Path or str
        workers : int >= 1, optional
            Processes; None is one for each core that this process may use.
        again : bool
            Whether to analyse everything, also what has not changed.
        dask : str or distributed.Client, optional
            The Dask cluster whose workers analyse instead; they see the same files under the same paths.
        hands : Hands, optional
            Who does the work instead of either.
        embedder : Path, str or Embedder, optional
            A larger embedder, which hears every sound that it has no vector of yet.
        watched : bool
            Whether to draw on a terminal how far it is.
        on_file : callable
            Told what is being done, how many files are done, and of how many.

        Raises
        ------
        BadInput
            If there is no such folder, cluster or model, or the workspace is the demo world's.
        MissingExtra
            If a cluster is named and Dask is not installed, or what runs the embedder is not.
        StoreError
            If nothing can be stored any more; what was stored stays, and the same scan goes on from there.
        """
        place = folder_of(folder)
        if workers is not None and workers < 1:
            raise BadInput(f"{workers} workers: nobody would do the work", "give 1 or more")
        plug = plugged(embedder or self.embedder)
        self.workspace.mark(REAL)
        plan = Plan.of(self.workspace.store, place, again=again)
        most = workers or len(os.sched_getaffinity(0))
        bar = progress(total=len(plan.todo), label=step("scan"))
        with _hands(hands, dask, min(most, max(1, len(plan.todo)))) as these, bar if watched else nullcontext():
            done = Scanning(self.workspace.store, plan, these, _counting(bar, len(plan.todo), on_file)).run()
        if plug is None:
            return done
        sounds = without_vector(self.workspace.store, plug.name, str(place))
        bar = progress(total=len(sounds), label=step("embed"))
        with _hands(hands, dask, min(most, max(1, len(sounds)))) as these, bar if watched else nullcontext():
            embedded, problems = embed_sounds(
                self.workspace.store, plug, sounds, these, _counting(bar, len(sounds), on_file)
            )
        every = sorted((*done.problems, *problems), key=lambda one: one.path)
        return dataclasses.replace(done, embedder=plug.name, embedded=embedded, problems=tuple(every))

    def tracks(self, folder: Path | str | None = None) -> list[LibraryTrack]:
        """List what is known of the files under a folder, or of all, by path.

        Raises
        ------
        BadInput
            If there is no such folder.
        """
        return list(self.iter_tracks(folder))

    def iter_tracks(self, folder: Path | str | None = None) -> Generator[LibraryTrack, None, None]:
        """Give the same as :meth:`tracks`, some hundred in memory at a time, all as they were at the first.

        Raises
        ------
        BadInput
            If there is no such folder; it is looked for when the first is asked for.
        """
        place = _text(folder)
        if not self.workspace.is_there:
            return
        with self.workspace.store.read() as connection:
            yield from read_tracks(connection, folder=place, heads=AudioHeads.of(self.workspace))

    def page(self, count: int, *, after: str | None = None) -> list[LibraryTrack]:
        """Give a part of what :meth:`tracks` lists.

        Parameters
        ----------
        count : int >= 1
        after : str, optional
            Path of the file to go on behind, whether or not it is still there.
        """
        if not self.workspace.is_there:
            return []
        heads = AudioHeads.of(self.workspace)
        with self.workspace.store.read() as connection:
            return list(islice(read_tracks(connection, heads=heads, after=after, at_a_time=count), count))

    def write(self, file: Path | str, folder: Path | str | None = None) -> int:
        """Write what is known of the files under a folder, or of all, as a table; return its rows.

        Parameters
        ----------
        file : Path or str
            Ends in ``.parquet``, ``.csv`` or ``.tsv``; one that is there is replaced. The columns are
            :func:`ml.audio_analysis.library.table.columns`.

        Raises
        ------
        BadInput, DiskFull
            As :func:`ml.data.exporters.tables.write_table` does.
        """
        out = expanded(file)
        check_folder(out)
        with closing(self.iter_tracks(folder)) as tracks:
            return write_slices(slices(tracks), out, columns=table_columns())

    def correct(self, file: Path | str, /, **fields: Any) -> Mapping[str, Any]:
        """Say what is right of a sound, whatever the analyzer says; None takes a correction back.

        Parameters
        ----------
        file : Path or str
            Any file with this sound, which was scanned in this place or another.
        **fields
            Of :data:`CORRECTABLE`.

        Returns
        -------
        mapping
            All that is corrected of this sound now.

        Raises
        ------
        BadInput
            If there is no such file, no scan has analysed its sound, a field or value is none, or the workspace is the
            demo world's.
        """
        values = {name: read_correction(name, value) for name, value in fields.items()}
        path = expanded(file)
        content_hash = self._hash_of(path)
        if values and self.workspace.is_there:
            self.workspace.mark(REAL)
        self._refuse_unscanned(path, content_hash)
        return self._corrected(content_hash, values)

    def correct_sound(self, content_hash: str, /, **fields: Any) -> Mapping[str, Any]:
        """Do as :meth:`correct` does, for a sound that is named by its hash.

        Raises
        ------
        UnknownId
            If no scan has analysed such a sound.
        BadInput
            If a field or value is none, or the workspace is the demo world's.
        """
        values = {name: read_correction(name, value) for name, value in fields.items()}
        if not self._can_be_corrected(content_hash):
            raise UnknownId(
                f"no sound {content_hash!r}",
                "sounds are listed with their hashes: ml audio list --json",
                code="not_scanned",
            )
        if values:
            self.workspace.mark(REAL)
        return self._corrected(content_hash, values)

    def _corrected(self, content_hash: str, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Write corrections, and give all there are."""
        if not values:
            return self._corrections_of(content_hash)
        with self.workspace.store.write() as connection:
            for name, value in values.items():
                rows.put_correction(connection, content_hash, name, value)
            return rows.corrections_of(connection, content_hash)

    def _can_be_corrected(self, content_hash: str) -> bool:
        if not self.workspace.is_there:
            return False
        with self.workspace.store.read() as connection:
            return rows.can_be_corrected(connection, content_hash)

    def similar(
        self,
        file: Path | str,
        count: int = 10,
        *,
        but: Sequence[str] = (),
        embedder: Path | str | Embedder | None = None,
    ) -> list[SimilarTrack]:
        """Find the scanned tracks that sound most like a file.

        Parameters
        ----------
        file : Path or str
            It need not have been scanned.
        count : int >= 1
        but : sequence of str
            What they shall be beside it: ``"slower"`` or ``"faster"``, ``"calmer"`` or ``"livelier"``, ``"quieter"`` or
            ``"louder"``.
        embedder : Path, str or Embedder, optional
            A larger embedder, whose vectors are compared: of the tracks that it has heard at a scan.

        Raises
        ------
        BadInput
            If there is no such file, no such wish, or the file's own tempo, energy or loudness is unknown.
        EmptyWorkspace
            If nothing else was scanned, or the embedder has heard none of it.
        """
        path, plug = expanded(file), plugged(embedder or self.embedder)
        content_hash = self._hash_of(path)
        ours, places = known_vectors(self.workspace, read=self.opened), scanned_sounds(self.workspace)
        vectors = ours if plug is None else known_vectors(self.workspace, plug, self.opened)
        if plug is not None and places and not any(name in places for name in vectors.ids):
            raise no_vectors(plug)
        own = self._analysis_of(content_hash) or analyze_alone(AudioAnalyzer(), path).to_dict()
        vector = vectors.get(content_hash)
        if plug is not None and vector is None:
            vector = plug.embedder.embed(path)
        elif plug is None and own["embedding"] is not None:
            vector = np.array(own["embedding"], dtype=np.float32)
        return similar_tracks(
            self.workspace,
            vectors,
            places,
            own,
            vector,
            ours=ours,
            name=printable(path),
            content_hash=content_hash,
            count=count,
            but=but,
        )

    def write_tags(
        self,
        files: Sequence[Path | str] | None = None,
        *,
        tags: Sequence[str] = USUAL,
        replace: bool = False,
        least: float = LEAST,
        dry_run: bool = False,
        watched: bool = False,
    ) -> list[TaggedFile]:
        """Write what is known of sounds into the tags of their files.

        Parameters
        ----------
        files : sequence of Path or str, optional
            They need not have been scanned; None is all that were.
        tags : sequence of str
            Of :data:`ml.audio_analysis.library.tagging.TAGS`.
        replace : bool
            Whether to replace what a file says already; else that happens only where somebody has corrected it.
        least : float in [0, 1]
            What is less likely is not written, unless it was corrected by hand.
        dry_run : bool
            Whether to say only what would be written.
        watched : bool

        Raises
        ------
        BadInput
            If a tag is none.
        EmptyWorkspace
            If all that were scanned are meant, and nothing was.
        DiskFull
        """
        check_tags(tags, least)
        places = scanned(self.workspace) if files is None else [expanded(file) for file in files]
        asked = Asked(tags, replace, least, dry_run)
        done = Tagging(self.workspace, self._hash_of, asked).each(places)
        return list(progress(total=len(places), label="writing tags").over(done) if watched else done)

    def train_heads(
        self,
        labels: Path | str | None = None,
        columns: Sequence[str] = (),
        audio: Path | str | None = None,
        *,
        group_column: str | None = None,
        target: str | None = None,
        workers: int | None = None,
        embedder: Path | str | Embedder | None = None,
        watched: bool = False,
    ) -> TrainedHead:
        """Train what says genres, moods or emotions, and keep it in the workspace; the one before is replaced.

        Parameters
        ----------
        labels : Path or str, optional
            A table of labels, see :func:`ml.audio_analysis.heads.tables.read_labels`; left out, the genres that the
            scanned files' own tags and their tracks in the catalogue name, grouped by their artist.
        columns : sequence of str
            With labels: one of names, or several of numbers.
        audio : Path or str, optional
            The folder that the table's files lie in.
        group_column : str, optional
            Tracks that share it, such as those of an artist, are never on both sides of a measurement.
        target : str, optional
            ``"genre"`` or ``"mood"``.
        workers : int >= 1, optional
            Processes that analyse what is not known yet.
        embedder : Path, str or Embedder, optional
            A larger embedder, whose vectors the head takes in the place of our own.
        watched : bool

        Raises
        ------
        BadInput
            If table, folder or columns are not there, or too few tracks have labels.
        """
        plug = plugged(embedder or self.embedder)
        if labels is None:
            return train_from_tags(self.workspace, plug=plug, watched=watched)
        if audio is None or not columns:
            raise BadInput("a table of labels needs its columns and its audio", "--label-column NAME --audio FOLDER")
        wanted = read_labels(expanded(labels), expanded(audio), columns, group_column=group_column, target=target)
        width = workers or len(os.sched_getaffinity(0))
        return train_from_table(self.workspace, wanted, printable(expanded(labels)), width, plug=plug, watched=watched)

    def _analysis_of(self, content_hash: str) -> Mapping[str, Any] | None:
        if not self.workspace.is_there:
            return None
        with self.workspace.store.read() as connection:
            return rows.analysis_of(connection, content_hash, analysis_version())

    def _corrections_of(self, content_hash: str) -> Mapping[str, Any]:
        if not self.workspace.is_there:
            return {}
        with self.workspace.store.read() as connection:
            return rows.corrections_of(connection, content_hash)

    def _refuse_unscanned(self, file: Path, content_hash: str) -> None:
        if self._can_be_corrected(content_hash):
            return
        with file.open("rb") as stream:
            is_audio = form_of(stream) is not None
        if not is_audio:
            raise BadInput(f"{printable(file)}: not an audio file of any form that is known here", "name an audio file")
        folder = shlex.quote(printable(file.absolute().parent))
        raise BadInput(
            f"{printable(file)}: no scan has analysed its sound",
            f"scan it first: ml audio scan {folder}",
            code="not_scanned",
        )

    def _hash_of(self, file: Path) -> str:
        try:
            payload = hash_payload(file)
        except OSError as error:
            # On a disk that is not there at the moment, but was when it was scanned.
            known = self._hash_before(file)
            if known is None:
                raise UnknownId(
                    f"{printable(file)}: cannot be read ({error.strerror}), and was not scanned", "check the path"
                ) from error
            return known
        if payload.size_bytes == 0:
            raise BadInput(f"{printable(file)}: it holds no sound", "give an audio file")
        return payload.content_hash

    def _hash_before(self, file: Path) -> str | None:
        path = str(file.parent.resolve() / file.name)
        if not (storable(path) and self.workspace.is_there):
            return None
        wanted = select(scanned_files.c.content_hash).where(scanned_files.c.path == path)
        with self.workspace.store.read() as connection:
            return connection.execute(wanted).scalar_one_or_none()


def _text(folder: Path | str | None) -> str | None:
    return None if folder is None else str(folder_of(folder))


def _counting(bar: progress, total: int, on_file: OnFile) -> Callable[[], None]:
    """Give what is called after each file; it moves the bar and tells how far it is."""
    done = 0

    def one() -> None:
        nonlocal done
        done += 1
        bar.advance()
        on_file(bar.label, done, total)

    return one


def _hands(hands: Hands | None, dask: Any, width: int) -> AbstractContextManager[Hands]:
    if hands is not None:
        return nullcontext(hands)
    return closing(Processes(width)) if dask is None else closing(Cluster(dask))
