"""Vectors by id in a folder: what changed is written, the rest stays mapped from the disk.

Two parts lie in the folder. The *base* is written when there is none, or when what changed since has become a quarter
of it; the *changes*, vectors that are newer and the lengths of all, are written anew each time. A manifest names both
and says how large each file is and what the small ones hash to; it is replaced last, so that whoever looks finds a
whole index or the one before.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from ml.foundation.atomic import draft, publish, replace_text
from ml.foundation.errors import CorruptIndex
from ml.models.retrieval.vectors.codes import Codes, Floats, coded
from ml.models.retrieval.vectors.index import CellIndex
from ml.models.retrieval.vectors.segment import Mask, Rows, Segment

FORMAT = 1
_MANIFEST, _SMALL = "manifest.json", 1 << 20
#: Share of the base that may change before it is written anew.
_CHANGED = 0.25
#: Vectors that are asked for at a time.
_ROWS = 8_192
_AGAIN = "delete it: it is made anew"
#: From positions among the wanted, int64 [shape=(n,)], to their vectors, float32 [shape=(n, size)].
VectorsOf = Callable[[Rows], Floats]


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: vectors that were asked for, those removed, and whether all cells were made anew."""

    added: int
    removed: int
    rebuilt: bool


class VectorFolder:
    """Vectors by id, kept in a folder.

    Parameters
    ----------
    folder : Path
        Made when something is first written.
    name : str
        What made the vectors; a folder of another name is as good as empty.
    size : int
        Places of a vector.

    Raises
    ------
    CorruptIndex
        If what lies there is damaged; :meth:`fresh` leaves it aside.
    """

    def __init__(self, folder: Path, name: str, size: int) -> None:
        self.folder, self.name, self.size = folder, name, size
        self.index = CellIndex.of(*coded(np.zeros((0, size), np.float32)), lengths=np.zeros(0, np.float32))
        self.ids = pl.Series("id", [], dtype=pl.String)
        self.digests: NDArray[np.uint64] = np.zeros(0, dtype=np.uint64)
        self._base = ""
        self._row_of: Rows | None = None
        self._open()

    def __len__(self) -> int:
        return int(np.count_nonzero(self.index.lengths))

    @property
    def n_bytes(self) -> int:
        """How much lies on the disk."""
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())

    @classmethod
    def fresh(cls, folder: Path, name: str, size: int) -> VectorFolder:
        """Open a folder as an empty one, whatever lies there."""
        (folder / _MANIFEST).unlink(missing_ok=True)
        return cls(folder, name, size)

    def is_new(self, ids: pl.Series, digests: NDArray[np.uint64]) -> Rows:
        """Tell which of the wanted an update would ask for, int64 [shape=(n,)]: positions."""
        return np.flatnonzero(self._known_rows(ids, digests) < 0)

    def mask_of(self, allowed: Collection[str] | pl.Series) -> Mask:
        """Mark the rows that may be found.

        Parameters
        ----------
        allowed : collection of str, or polars.Series of str or bool
            Ids; or a bool for each of the last update.

        Raises
        ------
        ValueError
            If there are bools, and not as many as ids were given.
        """
        if isinstance(allowed, pl.Series) and allowed.dtype == pl.Boolean:
            if self._row_of is None or len(allowed) != len(self._row_of):
                raise ValueError(f"{len(allowed)} bools, not one for each id of the last update")
            rows = self._row_of[allowed.to_numpy()]
        else:
            wanted = allowed if isinstance(allowed, pl.Series) else pl.Series(list(allowed), dtype=pl.String)
            rows = self.rows_of(wanted)
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        mask[rows[rows >= 0]] = True
        return mask

    def update(self, ids: pl.Series, digests: NDArray[np.uint64], lengths: Floats, vectors_of: VectorsOf) -> Update:
        """Make the index hold just these.

        Parameters
        ----------
        ids : polars.Series of str, distinct
        digests : uint64 [shape=(n,)]
            Of what each vector is made from: the vector of a known id with a known digest stays.
        lengths : float32 >= 0 [shape=(n,)]
            What products with each direction are multiplied by; 0: not to be found.
        vectors_of : callable
            Asked for the vectors that are wanted anew, some thousand at a time.

        Raises
        ------
        ml.foundation.errors.DiskFull
        """
        row_of = self._known_rows(ids, digests)
        new = np.flatnonzero(row_of < 0)
        gone = len(self.ids) - (len(ids) - len(new))  # of the rows here, also those that were removed before
        now = np.zeros(len(self.ids), dtype=np.float32)
        now[row_of[row_of >= 0]] = lengths[row_of >= 0]
        if not len(new) and self._base and np.array_equal(now, self.index.lengths):
            self._row_of = row_of
            return Update(0, 0, rebuilt=False)
        removed = int(np.count_nonzero((self.index.lengths > 0) & (now == 0)))
        base = self.index.segments[0]
        rebuilt = not self._base or gone + len(new) + len(self.ids) - len(base) > _CHANGED * len(base)
        if rebuilt:
            self._rebuild(ids, digests, lengths, row_of, vectors_of)
        else:
            self._change(ids, digests, lengths, row_of, now, vectors_of)
        return Update(len(new), removed, rebuilt=rebuilt)

    def rows_of(self, ids: pl.Series) -> Rows:
        """Give the rows of ids, int64 [shape=(n,)]; -1 for those that are not there."""
        found = np.flatnonzero(self.index.lengths)
        known = pl.DataFrame({"id": self.ids.gather(found), "row": found}, schema={"id": pl.String, "row": pl.Int64})
        joined = ids.alias("id").to_frame().join(known, on="id", how="left", maintain_order="left")
        return joined["row"].fill_null(-1).to_numpy()

    def _known_rows(self, ids: pl.Series, digests: NDArray[np.uint64]) -> Rows:
        known = pl.DataFrame({"id": self.ids, "digest": self.digests}).with_row_index("row")
        # Of an id that changed there are several rows: the last holds.
        known = known.group_by("id").agg(pl.all().sort_by("row").last())
        wanted = pl.DataFrame({"id": ids, "digest": digests}, schema={"id": pl.String, "digest": pl.UInt64})
        joined = wanted.join(known, on=["id", "digest"], how="left", maintain_order="left")
        return joined["row"].cast(pl.Int64).fill_null(-1).to_numpy()

    def _rebuild(
        self, ids: pl.Series, digests: NDArray[np.uint64], lengths: Floats, row_of: Rows, vectors_of: VectorsOf
    ) -> None:
        codes = np.zeros((len(ids), self.size), dtype=np.int8)
        scales = np.zeros(len(ids), dtype=np.float32)
        kept = np.flatnonzero(row_of >= 0)
        codes[kept], scales[kept] = self._codes_of(row_of[kept])
        self._fill(codes, scales, np.flatnonzero(row_of < 0), vectors_of)
        index = CellIndex.of(codes, scales, lengths=lengths)
        self._write(index, ids, digests, base=None)
        self._row_of = np.arange(len(ids))

    def _change(
        self,
        ids: pl.Series,
        digests: NDArray[np.uint64],
        lengths: Floats,
        row_of: Rows,
        now: Floats,
        vectors_of: VectorsOf,
    ) -> None:
        base = self.index.segments[0]
        # The rows of the base stay what they are; those after it are packed.
        later = row_of >= len(base)
        ours = np.concatenate((np.flatnonzero(later), np.flatnonzero(row_of < 0)))
        n_later = int(np.count_nonzero(later))
        codes = np.zeros((len(ours), self.size), dtype=np.int8)
        scales = np.zeros(len(ours), dtype=np.float32)
        codes[:n_later], scales[:n_later] = self._codes_of(row_of[later])
        places = np.arange(n_later, len(ours))
        self._fill(codes, scales, places, lambda some: vectors_of(ours[some]))
        tail = Segment.of(codes, scales, self.index.middles, first=len(base))
        index = CellIndex(self.index.middles, (base, tail), np.concatenate((now[: len(base)], lengths[ours])))
        whole = pl.concat([self.ids.head(len(base)), ids.gather(ours).alias("id")])
        self._write(index, whole, np.concatenate((self.digests[: len(base)], digests[ours])), base=self._base)
        self._row_of = row_of.copy()
        self._row_of[ours] = len(base) + np.arange(len(ours))

    def _fill(self, codes: Codes, scales: Floats, places: Rows, vectors_of: VectorsOf) -> None:
        for begin in range(0, len(places), _ROWS):
            some = places[begin : begin + _ROWS]
            codes[some], scales[some] = coded(vectors_of(some))

    def _codes_of(self, rows: Rows) -> tuple[Codes, Floats]:
        codes = np.zeros((len(rows), self.size), dtype=np.int8)
        scales = np.zeros(len(rows), dtype=np.float32)
        first = 0
        for segment in self.index.segments:
            here = (rows >= first) & (rows < first + len(segment))
            codes[here], scales[here] = segment.by_row(rows[here], first)
            first += len(segment)
        return codes, scales

    def _write(self, index: CellIndex, ids: pl.Series, digests: NDArray[np.uint64], *, base: str | None) -> None:
        n_base = len(index.segments[0])
        if base is None:
            whole: dict[str, NDArray[Any]] = {"middles": index.middles, "digests": digests[:n_base]}
            base = self._part("base", index.segments[0], ids.head(n_base), whole)
        tail = index.segments[1] if len(index.segments) > 1 else self._none(index.middles)
        rest: dict[str, NDArray[Any]] = {"lengths": index.lengths, "digests": digests[n_base:]}
        changes = self._part("changes", tail, ids.slice(n_base), rest)
        parts = {"base": base, "changes": changes}
        files = {
            f"{part}/{file.name}": _about(file) for part in parts.values() for file in (self.folder / part).iterdir()
        }
        manifest = {"format": FORMAT, "name": self.name, "size": self.size, **parts, "files": files}
        replace_text(self.folder / _MANIFEST, orjson.dumps(manifest).decode())
        self._sweep({base, changes})
        self.index, self.ids, self.digests, self._base = index, ids, digests, base

    def _none(self, middles: Floats) -> Segment:
        return Segment.of(*coded(np.zeros((0, self.size), dtype=np.float32)), middles, first=0)

    def _part(self, kind: str, segment: Segment, ids: pl.Series, more: dict[str, NDArray[Any]]) -> str:
        name = f"{kind}-{uuid.uuid4().hex[:12]}"
        own = ("codes", "scales", "rows", "bounds")
        arrays: dict[str, NDArray[Any]] = {key: getattr(segment, key) for key in own}
        with draft(self.folder) as place:
            (place / name).mkdir()
            for key, array in (arrays | more).items():
                np.save(place / name / f"{key}.npy", array, allow_pickle=False)
            (place / name / "ids.txt").write_text("\n".join(ids.to_list()), encoding="utf-8")
            publish(place / name, self.folder / name)
        return name

    def _open(self) -> None:
        path = self.folder / _MANIFEST
        try:
            manifest = orjson.loads(path.read_bytes())
            if (manifest["name"], manifest["size"], manifest["format"]) != (self.name, self.size, FORMAT):
                return
            for name, about in manifest["files"].items():
                if _about(self.folder / name) != about:
                    raise CorruptIndex(f"{self.folder / name}: damaged", _AGAIN)
            base, changes = (self.folder / manifest[part] for part in ("base", "changes"))
            segments = (_segment(base), _segment(changes))
            lengths = _array(changes, "lengths")
            ids = [*_ids(base), *_ids(changes)]
            digests = np.concatenate((_array(base, "digests"), _array(changes, "digests")))
            if not len(ids) == len(digests) == len(lengths) == sum(map(len, segments)):
                raise CorruptIndex(f"{self.folder}: its parts do not belong together", _AGAIN)
            index = CellIndex(_array(base, "middles"), segments, lengths)
        except FileNotFoundError as error:
            if path.exists():
                raise CorruptIndex(f"{self.folder}: a part is missing ({error})", _AGAIN) from error
            return
        except (OSError, KeyError, ValueError, TypeError, AttributeError) as error:
            raise CorruptIndex(f"{self.folder}: no index can be read from it ({error})", _AGAIN) from error
        self.index, self.ids, self.digests = index, pl.Series("id", ids, dtype=pl.String), digests
        self._base = manifest["base"]

    def _sweep(self, parts: set[str]) -> None:
        for kind in ("base", "changes"):
            for place in self.folder.glob(f"{kind}-*"):
                if place.name not in parts:
                    with suppress(OSError):  # somebody else has removed it
                        shutil.rmtree(place)


def _segment(place: Path) -> Segment:
    return Segment(_codes(place), *(_array(place, name) for name in ("scales", "rows", "bounds")))


def _codes(place: Path) -> Codes:
    """Map the codes; as a plain array, of which slices are quicker."""
    if not _array(place, "scales").size:  # nothing cannot be mapped
        return _array(place, "codes")
    mapped: Codes = np.load(place / "codes.npy", mmap_mode="r", allow_pickle=False).view(np.ndarray)
    return mapped


def _array(place: Path, name: str) -> NDArray[Any]:
    found: NDArray[Any] = np.load(place / f"{name}.npy", allow_pickle=False)
    return found


def _ids(place: Path) -> list[str]:
    text = (place / "ids.txt").read_text(encoding="utf-8")
    return text.split("\n") if text else []


def _about(file: Path) -> list[Any]:
    """Give the size of a file, and of a small one its hash."""
    size = file.stat().st_size
    return [size, sha256(file.read_bytes()).hexdigest() if size <= _SMALL else ""]
