"""A sound cut into windows for a model, and the mean of what the model makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import orjson

from ml.data.audio_files import AudioReader, Resampler, Source, mixed_down, printable
from ml.features.audio.framing import Floats
from ml.foundation.errors import BadInput

#: What models of speech and music take where nothing says otherwise, in Hz.
RATE = 16_000
#: Mean square under which a window is silence: -80 dBFS.
_QUIET = 1e-8
_BLOCK = 1 << 20


def mean_vector(source: Source, rate: int, window: int, embed: Callable[[Floats], Floats]) -> Floats | None:
    """Give the mean of a model's vectors over the windows of a sound, by their lengths; None for silence.

    Parameters
    ----------
    source : path, bytes, binary file, (array, rate), Signal or pydub segment
    rate : int
        That the model wants, in Hz.
    window : int
        Samples that it gets at a time; a rest of less than a second is left out, if it is not all.
    embed : callable
        From a mono waveform, float32 [shape=(n,)], to a vector.

    Raises
    ------
    BadInput
        If it cannot be read as a sound, or the model gives what is no vector.
    """
    total: Floats | None = None
    n_samples = 0
    for part in _windows(source, rate, window):
        found = embed(part) * len(part)
        if total is not None and found.shape != total.shape:
            raise BadInput(
                f"the model's vectors have {len(total)} places, and then {len(found)}",
                "its last axis has to be the vector, and not time",
            )
        total = found if total is None else total + found
        n_samples += len(part)
    if total is None:
        return None
    vector: Floats = np.asarray(total / n_samples, dtype=np.float32)
    if not np.isfinite(vector).all():
        raise BadInput("the model gives numbers that are none (NaN or infinite)", "is it exported in half precision?")
    return vector


def _windows(source: Source, rate: int, window: int) -> Iterator[Floats]:
    n_given = 0
    with AudioReader(source) as reader:
        resampler, kept = Resampler(reader.rate, rate), np.empty(0, dtype=np.float32)
        for block in reader.blocks(2.0):
            kept = np.concatenate((kept, resampler.push(mixed_down(block))))
            while len(kept) >= window:
                part, kept = kept[:window], kept[window:]
                n_given += 1
                if float(np.square(part).mean()) > _QUIET:
                    yield part
        kept = np.concatenate((kept, resampler.finish()))
    if len(kept) and (len(kept) >= rate or not n_given) and float(np.square(kept).mean()) > _QUIET:
        yield kept


def rate_in(folder: Path) -> int | None:
    """Read the rate that a Hugging Face folder's ``preprocessor_config.json`` names; None where there is none.

    Raises
    ------
    BadInput
        If the file is damaged.
    """
    config = folder / "preprocessor_config.json"
    if not config.is_file():
        return None
    try:
        rate = orjson.loads(config.read_bytes()).get("sampling_rate")
    except (orjson.JSONDecodeError, AttributeError) as error:
        raise BadInput(f"{printable(config)}: not a JSON object", "download the folder again") from error
    return rate if isinstance(rate, int) and rate > 0 else None


def hash_of(files: list[Path]) -> str:
    """Hash the content of files, in their order: 12 hex characters."""
    digest = sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()[:12]
