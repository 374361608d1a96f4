"""What is done with one file, wherever that runs: plain values in and out, which turn into JSON."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from ml.audio_analysis.analyzer import AudioAnalyzer
from ml.audio_analysis.embedders import Embedder, open_embedder
from ml.audio_analysis.failed import why_failed
from ml.audio_analysis.hands.alone import hear_alone
from ml.audio_analysis.sound_picture import SoundPicture
from ml.data.audio_files import AudioReader, Resampler, excerpt, mixed_down
from ml.data.images.reading import read_picture
from ml.data.importers.audio_payload import hash_payload
from ml.data.importers.base import Options
from ml.data.importers.registry import AUTO
from ml.features.audio.framing import Floats
from ml.foundation.errors import MissingExtra, MLError
from ml.foundation.results import plain
from ml.foundation.workers import WorkerPool

#: Of what is written as plain sound: as much as any question by sound listens to, and more.
_PLAIN_RATE, _PLAIN_S = 44_100, 60.0
#: Browsers play no faster rate everywhere.
_FASTEST_PLAYED = 96_000
#: ``{"do": "hash" | "analyse", "path": …}``, ``{"do": "embed", "path": …, "embedder": path of a model, "name": …}``, or
#: ``{"do": "plain sound" | "plain picture", "path": …, "out": …}``, which writes what a stranger's file holds as WAV,
#: a minute at most, or as PNG; or with ``playable``, the whole of it as FLAC, which every browser plays; or with
#: ``draw``, what a player draws of it; or ``{"do": "preview", "path": …, "asked": options of an import as JSON}``.
Job = Mapping[str, str]
#: ``{"content_hash": …}``, ``{"analysis": {…}, "fingerprint": …}`` (its peaks, in base 64), ``{"embedder": name of the
#: model, "vector": …}`` (in base 64; None for silence), ``{"out": …}``, ``{"preview": {…}}`` or ``{"refused":
#: {"message": …, "hint": …}}``, or ``{"problem": {"code": …, "message": …},
#: "retry": …}``.
Reply = dict[str, Any]


def do(job: Job, *, alone: bool = False) -> Reply:
    """Do one job; whatever is wrong with the file is part of the reply.

    Parameters
    ----------
    alone : bool
        Whether this process does nothing else, so that what a decoder says to the terminal is about this file.
    """
    path = Path(job["path"])
    if job["do"] == "preview":
        return _previewed(path, orjson.loads(job["asked"]))
    if job["do"] == "embed":
        return _guarded(path, lambda: _embedding(path, _embedder(job["embedder"], job["name"])))
    if job["do"] in _WRITTEN:
        return _guarded(path, lambda: _WRITTEN[job["do"]](path, Path(job["out"])))
    return _guarded(path, lambda: _hashed_or_analysed(job, path, alone=alone))


def do_embed(path: Path, embedder: Embedder) -> Reply:
    """Make the vector of a file; whatever is wrong with it is part of the reply."""
    return _guarded(path, lambda: _embedding(path, embedder))


def _hashed_or_analysed(job: Job, path: Path, *, alone: bool) -> Reply:
    if job["do"] == "hash":
        return {"content_hash": hash_payload(path).content_hash}
    analyzer = _analyzer()
    found, heard = hear_alone(analyzer, path) if alone else analyzer.analyze_and_hear(path)
    return {"analysis": found.to_dict(), "fingerprint": b64encode(heard.peaks.to_bytes()).decode()}


def _plain_sound(path: Path, out: Path) -> Reply:
    import soundfile  # it has read the file already, or ffmpeg has

    soundfile.write(out, excerpt(path, _PLAIN_RATE, most_s=_PLAIN_S), _PLAIN_RATE, subtype="FLOAT", format="WAV")
    return {"out": str(out)}


def _plain_picture(path: Path, out: Path) -> Reply:
    from PIL import Image  # `read_picture` asks for the extra

    Image.fromarray(read_picture(path)).save(out, format="PNG", compress_level=1)
    return {"out": str(out)}


def _playable(path: Path, out: Path) -> Reply:
    import soundfile  # it has read the file already, or ffmpeg has

    with AudioReader(path) as reader:
        to = min(reader.rate, _FASTEST_PLAYED)
        channels = min(reader.n_channels, 2)
        resampler = Resampler(reader.rate, to, channels)
        with soundfile.SoundFile(out, "w", to, channels, "PCM_16", format="FLAC") as written:
            for block in reader.blocks():
                written.write(resampler.push(_of_two_at_most(block)))
            written.write(resampler.finish())
    return {"out": str(out)}


def _drawn(path: Path, out: Path) -> Reply:
    SoundPicture.of(path).save(out)
    return {"out": str(out)}


def _of_two_at_most(block: Floats) -> Floats:
    """Give one channel as it is, two as they are, of more the mean on both sides."""
    if block.shape[1] == 2:
        return block
    mono = mixed_down(block)
    return mono if block.shape[1] == 1 else np.repeat(mono[:, np.newaxis], 2, axis=1)


_WRITTEN: Mapping[str, Callable[[Path, Path], Reply]] = {
    "plain sound": _plain_sound,
    "plain picture": _plain_picture,
    "playable": _playable,
    "draw": _drawn,
}


def _previewed(path: Path, asked: dict[str, Any]) -> Reply:
    """Look at what shall be imported; a refusal comes back with its hint, which a problem has not."""
    from ml.data.ingest.preview import preview  # late: who analyses sounds needs no importers

    kind = asked.pop("kind", AUTO)
    try:
        return {"preview": plain(preview(path, kind=kind, options=Options(**asked)))}
    except MLError as error:
        return {"refused": {"message": error.message, "hint": error.hint}}
    except MemoryError:
        return problem("memory", "looking at it takes more memory than a file may")


def _embedding(path: Path, embedder: Embedder) -> Reply:
    vector = embedder.embed(path)
    text = None if vector is None else b64encode(np.asarray(vector, dtype="<f4").tobytes()).decode()
    return {"embedder": embedder.name, "vector": text}


def _guarded(path: Path, job: Callable[[], Reply]) -> Reply:
    try:
        return job()
    except Exception as error:  # noqa: BLE001  # one bad file never stops the others, whatever it makes a decoder do
        why = why_failed(path, error)
        return problem(why.code, why.message, retry=isinstance(error, OSError | MissingExtra))


def problem(code: str, message: str, *, retry: bool = False) -> Reply:
    """Say why there is no analysis.

    Parameters
    ----------
    retry : bool
        Whether the same file may be analysed at another try.
    """
    return {"problem": {"code": code, "message": message}, "retry": retry}


@lru_cache(maxsize=1)
def _embedder(path: str, _name: str) -> Embedder:
    """Open a model once; by its name too, so that another one under the same path is opened."""
    return open_embedder(path)


@lru_cache(maxsize=1)
def _analyzer() -> AudioAnalyzer:
    return AudioAnalyzer(WorkerPool(1))
