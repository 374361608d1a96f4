"""The capability: albums by a photograph of their cover, by its colours, by its mood, by what it shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ml.data.images import Picture, read_picture
from ml.data.workspace import Workspace
from ml.features.images.colours import MOODS, NAMED, colour_named, moods_of, palette_of, share_of
from ml.foundation.atomic import discard, draft, publish
from ml.foundation.errors import BadInput, CorruptModel, EmptyWorkspace, MLError, did_you_mean
from ml.foundation.progress import progress
from ml.intelligent_search.covers.catalogue import Catalogue, Entry
from ml.intelligent_search.covers.encoders import ImageEncoder, OnnxImageEncoder
from ml.intelligent_search.covers.judging import KNOWN, parts_of, probability
from ml.intelligent_search.covers.matching import matches
from ml.intelligent_search.covers.results import Album, CoverAnswer, CoverHit, CoverScan, Refused
from ml.intelligent_search.covers.scanning import CoverSource, covers_in, printable
from ml.models.retrieval import VectorIndex
from ml.models.retrieval.pictures import PictureEntry, PictureIndex
from ml.models.retrieval.pictures.entry import VERSION

#: What to do where there are no covers yet.
SCAN_FIRST = "scan a folder of music or pictures first: ml search covers FOLDER"
_FOLDER, _VECTORS = "covers", "vectors_{}.npz"
#: Pictures that are described before they are written.
_AT_A_TIME = 2_048


class CoverSearch:
    """Searches the covers of a workspace.

    What it knows lies in ``indexes/covers`` and can be thrown away: a scan makes it again.

    Parameters
    ----------
    workspace : Workspace
    encoder : Path, str or ImageEncoder, optional
        Of what pictures mean, such as CLIP's; see :meth:`alike`.

    Examples
    --------
    >>> import tempfile, numpy as np
    >>> from ml.intelligent_search.covers import Album
    >>> rng = np.random.default_rng(0)
    >>> drawn = [rng.integers(0, 255, (9, 9, 3), dtype=np.uint8).repeat(36, 0).repeat(36, 1) for _ in range(3)]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     covers = CoverSearch(Workspace.at(folder))
    ...     _ = covers.add([(Album(f"album:{n}", f"No. {n}"), one) for n, one in enumerate(drawn[:2])])
    ...     seen, unseen = covers.find(drawn[1][30:290, 20:300]), covers.find(drawn[2])
    >>> seen.known, seen.hits[0].name, unseen.known
    (True, 'No. 1', False)
    """

    def __init__(self, workspace: Workspace, *, encoder: Path | str | ImageEncoder | None = None) -> None:
        self.workspace = workspace
        self._given = encoder
        self._opened: tuple[str, PictureIndex] | None = None

    @cached_property
    def encoder(self) -> ImageEncoder | None:
        """What tells what pictures mean; opened by the first that asks.

        Raises
        ------
        BadInput
            If there is no model in the file, or none that takes a picture.
        """
        return OnnxImageEncoder(self._given) if isinstance(self._given, str | Path) else self._given

    def __len__(self) -> int:
        return len(self._catalogue().entries)

    def scan(self, places: Sequence[Path | str], *, watched: bool = False) -> CoverScan:
        """Add the covers of folders, tables and pictures; what is gone from them is removed, what is as it was is
        not read.

        Raises
        ------
        BadInput
            If a place does not exist.
        MissingExtra
            If Pillow is not installed.
        """
        before, refused = self._catalogue(), list[Refused]()
        there = self._index(before)
        entries, fresh, known = dict(before.entries), dict[str, PictureEntry](), set(there.names)
        palettes = dict(before.palettes)
        scanned, seen, same = {printable(Path(one).absolute()) for one in places}, set[str](), 0
        found = [one for place in places for one in ((source, place) for source in covers_in([place]))]
        bar = progress(total=len(found), label="covers")
        for source, place in bar.over(found) if watched else found:
            if isinstance(source, Refused):
                refused.append(source)
                continue
            try:
                stamp, name = source.stamp(), source.album.id
                old = entries.get(name)
                if (
                    old is not None
                    and (old.stamp, old.album) == (stamp, source.album)
                    and old.picture in known | fresh.keys()
                ):
                    same += name not in seen
                    seen.add(name)
                    continue
                picture = _described(source.read(), known, fresh, palettes, printable(source.file))
            except (MLError, OSError) as error:
                refused.append(Refused(printable(source.file), _reason(error, printable(source.file))))
                continue
            entries[name] = Entry(source.album, picture, stamp, printable(Path(place).absolute()))
            seen.add(name)
            if len(fresh) >= _AT_A_TIME:
                there = self._written(Catalogue(entries, palettes), there, fresh)
                known, fresh = set(there.names), {}
        gone = [name for name, entry in entries.items() if entry.place in scanned and name not in seen]
        for name in gone:
            del entries[name]
        catalogue = Catalogue(entries, palettes)
        self._written(catalogue, there, fresh)
        return CoverScan(
            len(entries),
            len(catalogue.pictures),
            len(seen) - same,
            len(gone),
            len(entries) - len(seen) + same,
            tuple(refused),
        )

    def add(self, albums: Iterable[tuple[Album, Path | str | bytes | Picture]]) -> CoverScan:
        """Add albums with their pictures: files, what files hold, or arrays uint8 [shape=(height, width, 3)].

        Nothing else is read or made again. A picture that cannot be used is refused, and the rest added.
        """
        before, refused, added = self._catalogue(), list[Refused](), set[str]()
        there = self._index(before)
        entries, palettes, fresh = dict(before.entries), dict(before.palettes), dict[str, PictureEntry]()
        for album, given in albums:
            try:
                data = given if isinstance(given, np.ndarray | bytes) else Path(given).read_bytes()
                picture = _described(data, set(there.names), fresh, palettes, album.name)
            except (MLError, OSError, ValueError) as error:
                refused.append(Refused(album.path or album.id, _reason(error, album.name)))
                continue
            entries[album.id] = Entry(album, picture)
            added.add(album.id)
        catalogue = Catalogue(entries, palettes)
        self._written(catalogue, there, fresh)
        kept = len(entries) - len(added)
        return CoverScan(len(entries), len(catalogue.pictures), len(added), 0, kept, tuple(refused))

    def remove(self, ids: Iterable[str]) -> int:
        """Forget albums by their ids, and say how many there were."""
        before, gone = self._catalogue(), set(ids)
        left = {name: entry for name, entry in before.entries.items() if name not in gone}
        self._written(Catalogue(left, before.palettes), self._index(before), {})
        return len(before.entries) - len(left)

    def find(self, image: Path | str | bytes | Picture, count: int = 5) -> CoverAnswer:
        """Say which album a photograph or a screenshot shows.

        Parameters
        ----------
        image : Path, str, bytes, or uint8 [shape=(height, width, 3)]
        count : int >= 1
            Hits at most; those after the first are what else it may be.

        Raises
        ------
        BadInput
            If it is no picture.
        EmptyWorkspace
            If there are no covers yet.
        MissingExtra
            If Pillow is not installed.
        """
        picture = _picture(image)
        catalogue, index = self._asked()
        albums, hits = catalogue.albums_of(), list[CoverHit]()
        left = 1.0
        for match in matches(index, picture, max(count, 1)):
            parts = parts_of(match)
            score = round(min(probability(parts), left), 4)  # a photograph shows one cover
            left = min(left, 1.0 - score) if not hits else min(left, score)
            hits += [_hit(album, score, parts) for album in albums.get(index.names[match.row], [])]
        return CoverAnswer(bool(hits) and hits[0].score >= KNOWN, tuple(hits[: max(count, 1)]))

    def by_colour(self, colour: str, count: int = 10) -> tuple[CoverHit, ...]:
        """List the albums whose covers have most of a colour: a name, English or German, or ``"#3366cc"``.

        Raises
        ------
        BadInput
            If it is no colour.
        EmptyWorkspace
            If there are no covers yet.
        """
        wanted = colour_named(colour)
        if wanted is None:
            raise BadInput(f"{colour!r} is no colour", f"{did_you_mean(colour, NAMED)}, or give one as '#3366cc'")
        return self._by(lambda palette: share_of(palette, wanted), colour, count)

    def by_mood(self, mood: str, count: int = 10) -> tuple[CoverHit, ...]:
        """List the albums whose covers' colours make a mood: one of :data:`~ml.features.images.colours.MOODS`.

        Raises
        ------
        BadInput
            If it is none of them.
        EmptyWorkspace
            If there are no covers yet.
        """
        wanted = MOODS.get(mood.strip().casefold())
        if wanted is None:
            raise BadInput(f"{mood!r} is no mood of colours", did_you_mean(mood, MOODS))
        return self._by(lambda palette: moods_of(palette)[wanted], wanted, count)

    def alike(self, image: Path | str | bytes | Picture, count: int = 10) -> tuple[CoverHit, ...]:
        """List the albums whose covers mean the same, by the encoder; the score is half of one plus the cosine.

        Raises
        ------
        BadInput
            If there is no encoder, or it is no picture.
        EmptyWorkspace
            If there are no covers yet.
        """
        if self.encoder is None:
            raise BadInput(
                "there is no encoder of pictures", "name the ONNX file of one: intelligent_search.image_encoder = FILE"
            )
        picture = _picture(image)
        catalogue, index = self._asked()
        vectors = self._vectors(index, self.encoder)
        albums, hits = catalogue.albums_of(), list[CoverHit]()
        for near in vectors.search(self.encoder.embed(picture), min(len(vectors), count)):
            score = round((1 + near.similarity) / 2, 4)
            hits += [_hit(album, score, {"cosine": near.similarity}) for album in albums.get(near.id, [])]
        return tuple(hits[:count])

    def _by(self, score: Callable[[NDArray[np.float32]], float], name: str, count: int) -> tuple[CoverHit, ...]:
        catalogue, _ = self._asked()
        scores = {picture: score(catalogue.palettes[picture]) for picture in catalogue.pictures}
        found = sorted(catalogue.entries.values(), key=lambda one: (-scores[one.picture], one.album.id))
        return tuple(
            _hit(e.album, scores[e.picture], {name: scores[e.picture]}) for e in found[:count] if scores[e.picture] > 0
        )

    def _vectors(self, index: PictureIndex, encoder: ImageEncoder) -> VectorIndex:
        """Bring the vectors of an encoder up to date with the pictures."""
        path = self._place / _VECTORS.format(blake2b(encoder.name.encode(), digest_size=8).hexdigest())
        vectors: VectorIndex | None = None
        with suppress(CorruptModel):  # it is made again
            vectors = VectorIndex.load(path) if path.is_file() else None
        new: dict[str, NDArray[np.float32]] = {}
        for row, name in enumerate(index.names):
            if vectors is None or name not in vectors:
                kept = index.picture(row)
                if kept is not None:
                    new[name] = encoder.embed(kept.astype(np.uint8))
        if vectors is None:
            vectors = VectorIndex(encoder.name, len(next(iter(new.values()), ())))
        if new:
            vectors.add(list(new), np.stack(list(new.values())))
            vectors.save(path)
        return vectors

    @property
    def _place(self) -> Path:
        return self.workspace.indexes / _FOLDER

    def _catalogue(self) -> Catalogue:
        return Catalogue.read(self.workspace.home / "indexes" / _FOLDER)

    def _asked(self) -> tuple[Catalogue, PictureIndex]:
        catalogue = self._catalogue()
        if not catalogue.entries:
            raise EmptyWorkspace("no cover was scanned yet", SCAN_FIRST, code="no_covers")
        return catalogue, self._index(catalogue)

    def _index(self, catalogue: Catalogue) -> PictureIndex:
        """Open the index of the pictures of a catalogue; what is damaged is made again from the files."""
        wanted = catalogue.pictures
        name = _name(wanted)
        if self._opened is not None and self._opened[0] == name:
            return self._opened[1]
        if not wanted:
            return PictureIndex()
        folder = self._place / name
        index = PictureIndex()
        try:
            index = PictureIndex.open(folder)
        except (OSError, ValueError):
            discard(folder)
        if set(index.names) != wanted:
            index = self._made_again(catalogue, index)
        self._opened = (name, index)
        return index

    def _made_again(self, catalogue: Catalogue, index: PictureIndex) -> PictureIndex:
        fresh: dict[str, PictureEntry] = {}
        for entry in catalogue.entries.values():
            path = entry.album.path
            if entry.picture in index.names or path is None:
                continue
            for embedded in (False, True):
                with suppress(MLError, OSError):
                    _described(CoverSource(entry.album, Path(path), embedded).read(), set(), fresh, {}, path)
        wanted = {name: one for name, one in fresh.items() if name in catalogue.pictures}
        return self._stored(catalogue, index, wanted)

    def _written(self, catalogue: Catalogue, index: PictureIndex, fresh: Mapping[str, PictureEntry]) -> PictureIndex:
        made = self._stored(catalogue, index, fresh)
        catalogue.write(self._place)
        return made

    def _stored(self, catalogue: Catalogue, index: PictureIndex, fresh: Mapping[str, PictureEntry]) -> PictureIndex:
        """Write an index with new pictures and without those that no album has; other indexes are removed."""
        name, gone = _name(catalogue.pictures), set(index.names) - catalogue.pictures
        target = self._place / name
        made = index.with_pictures(fresh.values(), without=gone) if fresh or gone else index
        if not target.is_dir() or fresh or gone:
            with draft(self._place) as folder:
                made.write(folder)
                discard(target)
                with suppress(OSError):  # another process was here first
                    publish(folder, target)
            with suppress(OSError, ValueError):
                made = PictureIndex.open(target)
        for other in self._place.glob("[0-9a-f]*"):
            if other != target and other.is_dir():
                discard(other)
        self._opened = (name, made)
        return made


def _described(
    given: bytes | Picture,
    known: set[str],
    fresh: dict[str, PictureEntry],
    palettes: dict[str, NDArray[np.float32]],
    called: str,
) -> str:
    """Describe a picture that is new, and give its hash."""
    data = given.tobytes() if isinstance(given, np.ndarray) else given
    name = blake2b(data, digest_size=16).hexdigest()
    if name not in known and name not in fresh:
        fresh[name] = PictureEntry.of(name, _picture(given, called))
        palettes[name] = palette_of(fresh[name].small)
    return name


def _picture(given: Path | str | bytes | Picture, called: str | None = None) -> Picture:
    if not isinstance(given, np.ndarray):
        return read_picture(given, name=called)
    if given.dtype != np.uint8 or given.ndim != 3 or given.shape[2] != 3 or min(given.shape[:2]) < 16:
        raise BadInput(
            f"an array of {given.dtype} [shape={given.shape}] is no picture", "give uint8 [shape=(height, width, 3)]"
        )
    return given


def _name(pictures: Iterable[str]) -> str:
    return blake2b(f"{VERSION} {' '.join(sorted(pictures))}".encode(), digest_size=12).hexdigest()


def _hit(album: Album, score: float, parts: dict[str, float]) -> CoverHit:
    return CoverHit(album.id, album.name, album.artist, album.path, score, parts)


def _reason(error: Exception, name: str) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror or error}"
    message = error.message if isinstance(error, MLError) else str(error)
    return message.removeprefix(f"{name}: ")
