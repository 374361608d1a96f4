"""A part of an index of pictures: some hundred pictures in one file.

The file: the magic, how long the heading is (four bytes), the heading in JSON, spaces up to a multiple of 64, and the
arrays one after the other, each from a multiple of 64 on. Only the pages that a search touches are read.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features.images.descriptors import SIZE, LocalFeatures
from ml.models.retrieval.pictures.codebook import Codebook
from ml.models.retrieval.pictures.entry import SMALL, VERSION, PictureEntry

MAGIC = b"MLPICTS1"
#: Pictures of a segment, some 60 MB.
MOST_PICTURES = 1_024
_PLACES, _STEP = 65_535.0, 64
_SHAPES: dict[str, tuple[str, tuple[int, ...]]] = {
    "counts": ("<i4", ()),
    "lengths": ("<i4", ()),
    "small": ("|u1", (SMALL, SMALL, 3)),
    "places": ("<u2", (2,)),
    "sizes": ("<f4", ()),
    "angles": ("|u1", ()),
    "descriptors": ("|u1", (SIZE,)),
    "words": ("<u2", ()),
    "signatures": ("<u8", ()),
    "pictures": ("|u1", ()),
}


@dataclass(frozen=True, slots=True, eq=False)
class PictureSegment:
    """Pictures, what is known of their details, and the words of those.

    Parameters
    ----------
    names : tuple of str
    arrays : mapping of str to array
        Details one picture after the other: ``counts`` says how many each has; ``pictures`` are JPEG files one after
        the other, ``lengths`` in bytes.
    file : Path or None
        Where it was read from.
    """

    names: tuple[str, ...]
    arrays: dict[str, NDArray[Any]]
    file: Path | None = None

    @classmethod
    def of(cls, entries: Sequence[PictureEntry], codebook: Codebook) -> PictureSegment:
        """Make one of pictures."""
        features = [one.features for one in entries]
        descriptors = _joined([one.descriptors for one in features], (0, SIZE), np.uint8)
        arrays = {
            "counts": np.array([len(one) for one in features], dtype=np.int32),
            "lengths": np.array([len(one.picture) for one in entries], dtype=np.int32),
            "small": _joined([one.small[None] for one in entries], (0, SMALL, SMALL, 3), np.uint8),
            "places": np.round(np.clip(_joined([one.places for one in features], (0, 2), float), 0, 1) * _PLACES),
            "sizes": _joined([one.sizes for one in features], (0,), float),
            "angles": _as_bytes(_joined([one.angles for one in features], (0,), float)),
            "descriptors": descriptors,
            "words": (words := codebook.words(descriptors)),
            "signatures": codebook.signatures(descriptors, words),
            "pictures": np.frombuffer(b"".join(one.picture for one in entries), dtype=np.uint8),
        }
        plain = {name: np.ascontiguousarray(one, dtype=_SHAPES[name][0]) for name, one in arrays.items()}
        return cls(tuple(one.name for one in entries), plain)

    def features(self, row: int) -> LocalFeatures:
        """Give the details of a picture."""
        end = int(self.arrays["counts"][: row + 1].sum())
        part = slice(end - int(self.arrays["counts"][row]), end)
        return LocalFeatures(
            (self.arrays["places"][part] / _PLACES).astype(np.float32),
            np.maximum(self.arrays["sizes"][part], 1e-4),
            (self.arrays["angles"][part] * (2 * np.pi / 256)).astype(np.float32),
            self.arrays["descriptors"][part],
        )

    def picture(self, row: int) -> bytes:
        """Give the file of a picture."""
        end = int(self.arrays["lengths"][: row + 1].sum())
        return self.arrays["pictures"][end - int(self.arrays["lengths"][row]) : end].tobytes()

    def entries(self, gone: Iterable[str] = ()) -> list[PictureEntry]:
        """List its pictures, without some."""
        left_out, small = set(gone), self.arrays["small"]
        return [
            PictureEntry(name, self.features(row), small[row], self.picture(row))
            for row, name in enumerate(self.names)
            if name not in left_out
        ]

    def reworded(self, codebook: Codebook) -> PictureSegment:
        """Give it with the words of another codebook."""
        words = codebook.words(self.arrays["descriptors"])
        signatures = codebook.signatures(self.arrays["descriptors"], words)
        return replace(self, arrays=self.arrays | {"words": words, "signatures": signatures}, file=None)

    def write(self, file: Path) -> None:
        """Write it to a file; what was read from one becomes another name of that, where the disk can do it."""
        if self.file is not None:
            with suppress(OSError):
                file.hardlink_to(self.file)
                return
        heading = {"version": VERSION, "names": self.names, "shapes": {n: one.shape for n, one in self.arrays.items()}}
        text = json.dumps(heading).encode()
        text += b" " * (-(len(MAGIC) + 4 + len(text)) % _STEP)
        with file.open("wb") as out:
            out.write(MAGIC + len(text).to_bytes(4, "little") + text)
            for name in _SHAPES:
                data = np.ascontiguousarray(self.arrays[name]).tobytes()
                out.write(data + b"\0" * (-len(data) % _STEP))

    @classmethod
    def read(cls, file: Path) -> PictureSegment:
        """Map a file into memory.

        Raises
        ------
        ValueError
            If it is no such file, is cut short, contradicts itself, or is of another version.
        OSError
            If it cannot be read.
        """
        with file.open("rb") as source:
            start = source.read(len(MAGIC) + 4)
            if start[: len(MAGIC)] != MAGIC or len(start) < len(MAGIC) + 4:
                raise ValueError(f"{file}: no index of pictures")
            size = int.from_bytes(start[len(MAGIC) :], "little")
            try:
                heading = json.loads(source.read(size))
                names, shapes = tuple(heading["names"]), {n: tuple(heading["shapes"][n]) for n in _SHAPES}
            except (ValueError, TypeError, KeyError) as error:
                raise ValueError(f"{file}: the heading of the index is damaged ({error})") from error
            if heading["version"] != VERSION:
                raise ValueError(f"{file}: an index of another version")
            mapped = mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
        arrays, at = {}, len(start) + size
        for name, (kind, inner) in _SHAPES.items():
            if shapes[name][1:] != inner or not isinstance(shapes[name][0], int) or shapes[name][0] < 0:
                raise ValueError(f"{file}: the heading of the index is damaged")
            n = int(np.prod(shapes[name]))
            length = n * np.dtype(kind).itemsize
            if at + length > len(mapped):
                raise ValueError(f"{file}: the index is cut short")
            arrays[name] = np.frombuffer(mapped, dtype=kind, count=n, offset=at).reshape(shapes[name])
            at += length + -length % _STEP
        return cls(names, _consistent(file, names, arrays), file)


def _consistent(file: Path, names: Sequence[str], arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    counts, lengths = arrays["counts"], arrays["lengths"]
    details = {len(arrays[name]) for name in ("places", "sizes", "angles", "descriptors", "words", "signatures")}
    whole = (
        {len(counts), len(lengths), len(arrays["small"])} == {len(names)}
        and details == {int(counts.sum())}
        and len(arrays["pictures"]) == int(lengths.sum())
        and bool((counts >= 0).all() and (lengths >= 0).all())
    )
    if not whole:
        raise ValueError(f"{file}: the index contradicts itself")
    return arrays


def _joined(parts: Sequence[NDArray[Any]], empty: tuple[int, ...], kind: Any) -> NDArray[Any]:
    return np.concatenate([np.empty(empty, dtype=kind), *parts])


def _as_bytes(angles: NDArray[Any]) -> NDArray[np.uint8]:
    return (np.round(angles * (256 / (2 * np.pi))) % 256).astype(np.uint8)
