"""A path the user gave, seen as files: a folder, a zip archive or one file."""

from __future__ import annotations

import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from ml.foundation.errors import BadInput
from ml.foundation.paths import expanded

#: An archive that unpacks to more than this, or to more than RATIO times its size, is refused.
MAX_UNPACKED_BYTES = 64 << 30
MAX_RATIO = 200
#: Small archives may compress as well as they like: below this nothing is refused.
HARMLESS_BYTES = 64 << 20
HEAD_BYTES = 64 << 10
_BLOCK = 1 << 20
# What zipfile and its decompressors raise on an archive that is damaged or of a strange kind.
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Entry:
    """One readable file of a source.

    Parameters
    ----------
    name : str
        Path inside the source, with ``/``; for a single file its name.
    size_bytes : int
        Size when unpacked, as the folder or the archive states it.
    path : Path or None
        Where it lies on disk; None inside an archive.
    """

    name: str
    size_bytes: int
    path: Path | None
    opener: Callable[[], BinaryIO] = field(repr=False, compare=False)

    @property
    def suffix(self) -> str:
        """The lower-case extension with its dot."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """The file name without folder and extension."""
        return PurePosixPath(self.name).stem

    @property
    def basename(self) -> str:
        """The file name without its folder."""
        return PurePosixPath(self.name).name

    def open(self) -> BinaryIO:
        """Open for reading bytes, buffered.

        Raises
        ------
        BadInput
            If it may not be read, or is gone.
        """
        try:
            return self.opener()
        except OSError as error:
            raise BadInput(
                f"{self.name}: cannot be read ({error.strerror or error})", "check its permissions"
            ) from error

    @cached_property
    def head(self) -> bytes:
        """The first bytes, at most 64 KiB; empty where the file cannot be read."""
        try:
            with self.open() as stream:
                return stream.read(HEAD_BYTES)
        except (OSError, BadInput):
            return b""

    def fingerprint(self) -> str:
        """Give the SHA-256 of the content, in hex."""
        digest = sha256()
        with self.open() as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
        return digest.hexdigest()


@dataclass(frozen=True)
class Source:
    """The files under one path.

    Parameters
    ----------
    path : Path
        What the user named.
    entries : tuple of Entry
        Its files in sorted order; hidden files are left out.
    """

    path: Path
    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, path: Path | str) -> Source:
        """Look at a path.

        Raises
        ------
        BadInput
            If it does not exist, cannot be read, or is a zip archive that is broken,
            encrypted, or unpacks to an absurd size.
        """
        path = expanded(path).absolute()
        if not _exists(path):
            raise BadInput(f"{path}: no such file or folder", "check the path")
        if not os.access(path, os.R_OK | (os.X_OK if path.is_dir() else 0)):
            raise BadInput(f"{path}: you may not read it", f"check its permissions: ls -ld {path}")
        if path.is_dir():
            return cls(path, tuple(_folder(path)))
        if zipfile.is_zipfile(path):
            return cls(path, tuple(_archive(path)))
        if path.suffix.lower() == ".zip":
            raise BadInput(
                f"{path}: not a zip archive, or a truncated one",
                "download the export again",
                code="damaged_archive",
                values={"name": str(path)},
            )
        return cls(path, (_file(path, path.name),))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name too long, or one that holds a NUL
        return False


def _file(path: Path, name: str) -> Entry:
    return Entry(name, path.stat().st_size, path, lambda: path.open("rb"))


def _folder(root: Path) -> Iterator[Entry]:
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield _file(path, relative.as_posix())


def _archive(path: Path) -> Iterator[Entry]:
    with _intact(str(path)), zipfile.ZipFile(path) as archive:
        members = sorted(archive.infolist(), key=lambda member: member.filename)
    outside = [m.filename for m in members if m.filename.startswith("/") or ".." in PurePosixPath(m.filename).parts]
    if outside:
        raise BadInput(f"{path}: {outside[0]!r} in it leads out of the archive; no export does that", "do not trust it")
    members = [m for m in members if m.filename and not m.is_dir() and not _hidden(m.filename)]
    _refuse_bomb(path, members)
    for member in members:
        yield Entry(member.filename, member.file_size, None, _member_opener(path, member))


def _hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)


def _refuse_bomb(path: Path, members: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(member.file_size for member in members)
    packed = max(1, path.stat().st_size)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > HARMLESS_BYTES and unpacked > MAX_RATIO * packed):
        raise BadInput(
            f"{path}: unpacks from {packed:,} to {unpacked:,} bytes; no export does that, it is taken for a zip bomb",
            "if you trust it, unpack it yourself and import the folder",
        )


@contextmanager
def _intact(label: str) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise BadInput(
            f"{label}: the archive is damaged ({error})",
            "download the export again",
            code="damaged_archive",
            values={"name": str(label)},
        ) from error


def _member_opener(path: Path, member: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    def open_member() -> BinaryIO:
        if member.flag_bits & 1:
            raise BadInput(f"{path}: {member.filename} is encrypted", "unpack it and import the folder")
        label = f"{path}: {member.filename}"
        with _intact(label):
            archive = zipfile.ZipFile(path)
            try:
                stream = _Bounded(archive.open(member), archive, member.file_size, label)
            except BaseException:
                archive.close()
                raise
        return io.BufferedReader(stream, _BLOCK)

    return open_member


class _Bounded(io.RawIOBase):
    """A member of an archive that may not grow past the size its header states."""

    def __init__(self, stream: IO[bytes], archive: zipfile.ZipFile, size: int, label: str):
        self._stream, self._archive, self._left, self._label = stream, archive, size, label

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        with _intact(self._label):
            block = self._stream.read(len(view))
        self._left -= len(block)
        if self._left < 0:
            raise BadInput(f"{self._label}: larger than the archive says; taken for a zip bomb")
        view[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
            self._archive.close()
        super().close()
