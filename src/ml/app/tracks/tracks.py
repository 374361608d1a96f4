"""What answers for one track at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, select

from ml.app.tracks.results import Bands, Envelope, SimilarToTrack, SimilarTracks, TrackAnalysis, TrackFacts
from ml.audio_analysis.library.catalogue import SOURCE
from ml.audio_analysis.library.of_item import SCAN, NamedTrack, ScannedFile, file_of, find_track
from ml.audio_analysis.library.results import LibraryTrack
from ml.audio_analysis.sound_picture import SoundPicture, bands_hz
from ml.data.catalogue import SOUND_FEATURES
from ml.data.identity import outside_ids
from ml.data.identity.lookup import roots
from ml.data.schema import aliases, items
from ml.data.workspace import Workspace
from ml.features.keys import NAMES, camelot
from ml.foundation.errors import BadInput, EmptyWorkspace, NotTrained, UnknownId

if TYPE_CHECKING:
    from ml.audio_analysis import AudioLibrary
    from ml.intelligent_search import SearchEngine
    from ml.recommendation_engine import RecommendationEngine

#: Fields of an analysis that are given as they are.
_AS_THEY_ARE = (
    *("duration_s", "tempo_bpm", "tempo_confidence", "time_signature", "beats", "downbeats", "key", "mode", "camelot"),
    *("key_confidence", "intro_end_s", "outro_start_s", "loudness_lufs", "loudness_range_lu", "true_peak_dbtp"),
    *("danceability", "valence", "arousal"),
)
#: Those that are lists, which are empty in an analysis of before they were.
_LISTS = ("key_changes", "chords", "sections", "genres", "moods", "emotions", "problems")
_OF_ITEM = ("name", "credit", "album", "year", "language", "isrc", "mbid", "explicit")


class Tracks:
    """Answers for one track at a time.

    Parameters
    ----------
    workspace : Workspace
    engine, search, library : callable
        Give the neighbours, which are built when they are first asked.
    """

    def __init__(
        self,
        workspace: Workspace,
        engine: Callable[[], RecommendationEngine],
        search: Callable[[], SearchEngine],
        library: Callable[[], AudioLibrary],
    ) -> None:
        self._workspace = workspace
        self._engine, self._search, self._library = engine, search, library

    def facts(self, item_id: str) -> TrackFacts:
        """Say what is known of a track.

        Raises
        ------
        ml.foundation.errors.UnknownId, ml.foundation.errors.AmbiguousId
        """
        with self._workspace.store.read() as connection:
            track = find_track(connection, item_id)
            row = self._row(connection, track)
        uid = f"t{track.key}" if track.key is not None else f"f{track.files[0].content_hash}"
        shown = self._search().document(uid)
        said = dict(zip(SOUND_FEATURES, shown.features, strict=True)) if shown else dict.fromkeys(SOUND_FEATURES)
        number = shown.musical_key if shown else None
        return TrackFacts(
            item_id=track.item_id,
            title=row["name"],
            artist=row["credit"],
            album=row["album"],
            **{name: row[name] for name in ("language", "isrc", "mbid", "explicit")},
            year=row["year"] or (shown.year if shown else None),
            duration_s=shown.duration_s if shown else None,
            genres=tuple(shown.genres) if shown else (),
            tags=tuple(shown.tags) if shown else (),
            plays=shown.plays if shown else 0,
            key=None if number is None else NAMES[number % len(NAMES)],
            mode=None if number is None else "minor" if number >= len(NAMES) else "major",
            camelot=None if number is None else camelot(number),
            sound=_sound_of(track),
            **said,
        )

    def file(self, item_id: str) -> tuple[ScannedFile, Path]:
        """Give a scanned file that holds the sound of a track, as the last scan has left it.

        Raises
        ------
        ml.foundation.errors.UnknownId
            If there is no such track, or no file of it that is still what was scanned.
        """
        return file_of(self._found(item_id))

    def analysis(self, item_id: str, picture: SoundPicture | None = None, *, columns: int = 1_600) -> TrackAnalysis:
        """Say what is known of the sound of a track.

        Parameters
        ----------
        item_id : str
        picture : SoundPicture, optional
            Left out, the waveform is the coarser one of the analysis.
        columns : int >= 1
            Of the waveform, at most.

        Raises
        ------
        ml.foundation.errors.UnknownId
            If there is no such track, or no file of it was scanned and analysed.
        """
        track = self._found(item_id)
        known = self._known(track)
        found: Mapping[str, Any] = known.analysis or {}
        said: dict[str, Any] = {name: found.get(name) for name in _AS_THEY_ARE}
        said |= {name: tuple(found.get(name) or ()) for name in _LISTS}
        said |= {"corrected": known.corrected, "analysed_at": known.analysed_at}
        return TrackAnalysis(
            item_id=track.item_id,
            **said,
            waveform=_envelope(found["waveform"], picture, columns),
            spectrogram=None
            if picture is None
            else Bands(round(picture.column_s, 6), picture.levels.shape[1], tuple(bands_hz())),
        )

    def similar(self, item_id: str, *, count: int = 10) -> SimilarTracks:
        """Find what sounds like a track, or where its sound is not known, what the same people listen to.

        Parameters
        ----------
        item_id : str
        count : int in [1, 100]

        Raises
        ------
        ml.foundation.errors.UnknownId, ml.foundation.errors.AmbiguousId
        """
        track = self._found(item_id)
        by: Literal["sound", "listening"] | None = "sound"
        found = self._alike(track, count)
        if not found and track.key is not None:
            by, found = "listening", self._beside(track.item_id, count)
        return SimilarTracks(track.item_id, by if found else None, tuple(found))

    def _found(self, item_id: str) -> NamedTrack:
        with self._workspace.store.read() as connection:
            return find_track(connection, item_id)

    @staticmethod
    def _row(connection: Connection, track: NamedTrack) -> Mapping[str, Any]:
        if track.key is None:
            return dict.fromkeys(_OF_ITEM) | {"name": PurePath(track.files[0].path).stem}
        wanted = select(*(items.c[name] for name in _OF_ITEM)).where(items.c.key == track.key)
        return dict(connection.execute(wanted).mappings().one())

    def _known(self, track: NamedTrack) -> LibraryTrack:
        if not track.files:
            raise UnknownId(f"{track.item_id}: no file of this track was scanned", SCAN, code="not_scanned")
        for file in track.files:
            known = self._library().sound(file.content_hash)
            if known is not None and known.analysis is not None:
                return known
        raise UnknownId(f"{track.item_id}: its file was not analysed", SCAN, code="not_scanned")

    def _alike(self, track: NamedTrack, count: int) -> list[SimilarToTrack]:
        library = self._library()
        for content_hash in dict.fromkeys(file.content_hash for file in track.files):
            # Silence, a sound that is alone, one of an older analysis: then others say more.
            with suppress(UnknownId, BadInput, EmptyWorkspace):
                near = library.similar_to(content_hash, count + len(track.files))
                with self._workspace.store.read() as connection:
                    named = [_named(connection, each.content_hash, each.path, each.similarity) for each in near]
                others = {each.item_id: each for each in reversed(named) if each.item_id != track.item_id}
                return list(reversed(others.values()))[:count]
        return []

    def _beside(self, item_id: str, count: int) -> list[SimilarToTrack]:
        with suppress(UnknownId, NotTrained):
            found = self._engine().similar(item_id, count=count, kind="track")
            return [SimilarToTrack(each.item_id, each.title, each.artist, each.score) for each in found.items]
        return []


def _sound_of(track: NamedTrack) -> Literal["there", "gone", "unscanned"]:
    try:
        file_of(track)
    except UnknownId:
        return "gone" if track.files else "unscanned"
    return "there"


def _envelope(coarse: Mapping[str, Any], picture: SoundPicture | None, columns: int) -> Envelope:
    if picture is None:
        return Envelope(coarse["point_s"], tuple(coarse["low"]), tuple(coarse["high"]))
    column_s, low, high = picture.envelope(columns)
    return Envelope(round(column_s, 6), tuple(low), tuple(high))


def _named(connection: Connection, content_hash: str, path: str, similarity: float) -> SimilarToTrack:
    """Name a sound by the track that it is, or by its file."""
    wanted = select(aliases.c.item_key).where(aliases.c.source == SOURCE, aliases.c.external_id == content_hash)
    keys = connection.execute(wanted).scalars().all()
    if not keys:
        return SimilarToTrack(f"{SOURCE}:{content_hash}", PurePath(path).stem, None, similarity)
    key = roots(connection, keys[:1])[0].key
    row = connection.execute(select(items.c.name, items.c.credit).where(items.c.key == key)).one()
    return SimilarToTrack(outside_ids(connection, "item", [key])[key], row.name, row.credit, similarity)
