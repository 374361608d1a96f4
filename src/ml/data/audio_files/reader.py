"""A sound read block by block, in constant memory, from wherever it is."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeAlias

import numpy as np

from ml.data.audio_files.arrays import is_segment, of_array, of_segment
from ml.data.audio_files.completeness import is_cut_short, share_that_is_there
from ml.data.audio_files.decoder import Decoder, Material
from ml.data.audio_files.forms import form_of, printable, wrong_name
from ml.data.audio_files.inspection import Inspector, no_samples
from ml.data.audio_files.opening import open_decoder
from ml.data.audio_files.problems import ROUNDING_S, Problem, complained, heard_of
from ml.data.audio_files.signal import Floats, Signal
from ml.foundation.errors import BadInput

#: What can be read as a sound: a path, bytes, a binary file, ``(array, rate)``, a :class:`Signal`, a pydub segment.
Source: TypeAlias = Any

#: Of a block, in seconds.
BLOCK_S = 10.0
#: Forms that hold samples as they are: one that cannot be a sample was none in the first place.
_UNCODED = frozenset({"wav", "aiff", "au", "caf"})
#: Forms that say how many samples they hold, and not just where their last page or box ends.
_COUNTED = frozenset({"mp3", "flac"})
#: So many seconds less than they promise these have without damage: their decoders leave it out and say nothing.
_BEARABLE_S: dict[str | None, float] = {"ogg": ROUNDING_S, "matroska": 1.0, "wma": 1.0}


class AudioReader:
    """Opens a sound and gives it block by block; a context manager.

    Parameters
    ----------
    source : path, bytes, binary file, (array, rate), Signal or pydub segment
    rate : int, optional
        Of an array that comes without it, in Hz. Files say their own.

    Attributes
    ----------
    name : str
        Where it comes from, to be named in messages: the path, but for what no text may hold.
    path : str or None
    form : str or None
        What the bytes are; None for samples in memory.
    rate : int
        In Hz.
    n_channels : int
    promised_s : float or None
        How long the file says it is, where it says so; complete once all blocks were read, as the next.
    problems : tuple of Problem
        What was found wrong.
    about_file : tuple of Problem
        Those among them that are about the file, and not about its samples.

    Raises
    ------
    BadInput
        If it cannot be read as a sound, or has no samples; the latter shows only after the last block.
    MissingExtra
        If what could decode it is not installed.

    Examples
    --------
    >>> with AudioReader((np.zeros(100_000), 44100)) as reader:
    ...     [block.shape for block in reader.blocks(block_s=1.0)], [one.code for one in reader.problems]
    ([(44100, 1), (44100, 1), (11800, 1)], ['silent'])
    """

    def __init__(self, source: Source, *, rate: int | None = None) -> None:
        self.path: str | None = None
        self.promised_s: float | None = None
        self.problems: tuple[Problem, ...] = ()
        self.about_file: tuple[Problem, ...] = ()
        self._muted = False
        self._decoder: Decoder | None = None
        self._signal = _in_memory(source, rate)
        if self._signal is not None:
            self.name, self.form = self._signal.source, self._signal.form
            self.rate, self.n_channels = self._signal.rate, self._signal.n_channels
            return
        self._material = _material(source)
        self.name = self._material.name
        self._decoder, self.form = open_decoder(self._material)
        self.rate, self.n_channels = self._decoder.rate, self._decoder.n_channels
        self.path = None if self._material.path is None else str(self._material.path)

    def blocks(self, block_s: float = BLOCK_S) -> Iterator[Floats]:
        """Give the samples, float32 [shape=(n, n_channels)], in blocks of equal length but for the last; once.

        Parameters
        ----------
        block_s : float > 0
            Of a block, in seconds.
        """
        size = max(1, round(block_s * self.rate))
        if self._signal is not None:
            samples = self._signal.samples
            self.problems = self._signal.problems
            yield from (samples[start : start + size] for start in range(0, len(samples), size))
            return
        assert self._decoder is not None
        inspector = Inspector(self.rate, self.n_channels, self.name)
        for block in self._blocks_read(size):
            inspector.push(block)
            yield block
        if not inspector.n_samples:
            raise BadInput(f"{self.name}: no sound in it, not one sample", "is the file complete?")
        self.about_file = tuple(self._found_of_file(inspector.n_samples))
        self.problems = (*self.about_file, *inspector.problems())

    def _blocks_read(self, size: int) -> Iterator[Floats]:
        assert self._decoder is not None
        for block in _gathered(self._decoder.pieces(size), size):
            if self.form not in _UNCODED and (wrong := no_samples(block)) is not None:
                self._muted = True
                block[wrong] = 0
            yield block

    def _found_of_file(self, n_samples: int) -> Iterator[Problem]:
        assert self._decoder is not None
        if self._material.path is not None and (wrong := wrong_name(self._material.path, self.form)):
            yield wrong
        with self._material.opened() as stream:
            cut = is_cut_short(stream, self.form)
            share = share_that_is_there(stream, self.form)
        heard_s, promised = n_samples / self.rate, self._decoder.n_promised
        self.promised_s = heard_s / share if share else None if promised is None else promised / self.rate
        missing_s = 0.0 if self.promised_s is None else self.promised_s - heard_s
        short, heard = missing_s > ROUNDING_S, heard_of(heard_s, self.promised_s)
        damage, counted = self._damage(missing_s), self.form in _COUNTED and promised is not None
        truncated = (cut and (short or not counted)) or (counted and short and damage is None)
        # A decoder that stops where a file is cut complains of that.
        if damage and (self._decoder.left_out or not truncated):
            yield Problem("damaged", f"{damage}: {heard}")
        if truncated:
            yield Problem("truncated", f"the file ends before its sound does: {heard}")

    def _damage(self, missing_s: float) -> str | None:
        """Say what is wrong in the middle; None where nothing is."""
        assert self._decoder is not None
        if self._decoder.left_out:
            return f"{self._decoder.left_out:,} bytes in the middle are no part of the sound, and are left out"
        if self._decoder.damage:
            return complained(self._decoder.damage)
        if self._muted:
            return complained("what it made of some of the sound was none, and is muted")
        bearable_s = _BEARABLE_S.get(self.form)
        return None if bearable_s is None or missing_s <= bearable_s else "parts of it cannot be read, and are left out"

    def close(self) -> None:
        """Let go of the file."""
        if self._decoder is not None:
            self._decoder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _gathered(pieces: Iterator[Floats], size: int) -> Iterator[Floats]:
    """Cut pieces of any length into blocks of one."""
    waiting: list[Floats] = []
    n_waiting = 0
    for piece in pieces:
        waiting.append(piece)
        n_waiting += len(piece)
        if n_waiting >= size:
            whole = np.concatenate(waiting) if len(waiting) > 1 else piece
            full = n_waiting - n_waiting % size
            yield from (whole[start : start + size] for start in range(0, full, size))
            waiting, n_waiting = [whole[full:]], n_waiting - full
    if n_waiting:
        yield np.concatenate(waiting)


def _in_memory(source: Source, rate: int | None) -> Signal | None:
    if isinstance(source, Signal):
        return source
    if is_segment(source):
        return of_segment(source)
    if isinstance(source, tuple) and len(source) == 2:
        # soundfile and librosa give (samples, rate), scipy.io.wavfile (rate, samples).
        samples, told = source if np.ndim(source[1]) == 0 else source[::-1]
        return of_array(samples, told)
    if isinstance(source, np.ndarray):
        if rate is None:
            raise BadInput("an array does not say its sample rate", "pass (array, rate), or rate=44100")
        return of_array(source, rate)
    return None


def _material(source: Source) -> Material:
    if isinstance(source, bytes | bytearray | memoryview):
        return _of_stream(io.BytesIO(source), "bytes")
    if hasattr(source, "read"):
        return _of_file_object(source)
    if isinstance(source, str | os.PathLike):
        return _of_path(os.fsdecode(source))
    raise BadInput(
        f"{type(source).__name__} is no sound", "pass a path, bytes, a binary file, (array, rate) or a pydub segment"
    )


def _of_path(text: str) -> Material:
    if text.startswith(("http://", "https://", "ftp://")):
        raise BadInput(f"{text}: an address, and only files are read", "download it first")
    path = Path(text)
    name = printable(path)
    try:
        if path.is_dir():
            raise BadInput(
                f"{name}: a folder, not an audio file",
                "name the files in it, or analyse them all: ml audio scan FOLDER",
            )
        with path.open("rb") as stream:
            if not stream.read(1):
                raise BadInput(f"{name}: the file is empty (0 bytes)", "is the copy or the download complete?")
            return Material(name, path=path, form=form_of(stream))
    except FileNotFoundError:
        raise BadInput(f"{name}: no such file", "check the path") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BadInput(f"{name}: cannot be read ({why})", "check the path and its permissions") from None


def _of_file_object(source: Any) -> Material:
    name = getattr(source, "name", None)
    name = name if isinstance(name, str) else "stream"
    try:
        at_start = source.seekable() and source.tell() == 0
    except (AttributeError, OSError):
        at_start = False
    if at_start and isinstance(source, io.BufferedIOBase | io.RawIOBase):
        return _of_stream(source, name)  # type: ignore[arg-type]
    data = source.read()
    if not isinstance(data, bytes | bytearray | memoryview):
        raise BadInput(f"{name}: opened as text", 'open it for bytes: open(path, "rb")')
    return _of_stream(io.BytesIO(data), name)


def _of_stream(stream: BinaryIO, name: str) -> Material:
    stream.seek(0)
    if not stream.read(1):
        raise BadInput(f"{name}: empty (0 bytes)", "is the copy or the download complete?")
    return Material(name, stream=stream, form=form_of(stream))
