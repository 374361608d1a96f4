"""Which analysis a stored one is."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, get_args, get_type_hints

from ml.audio_analysis.results import AudioAnalysis
from ml.data.audio_files.ffmpeg import program
from ml.features.audio.embedding import VERSION as EMBEDDING_VERSION
from ml.features.audio.fingerprint import PEAKS_VERSION
from ml.foundation.extras import missing

#: Raised where the same fields get better values by other code: every library is then analysed anew at its next scan.
#: For other weights, fields, vectors or fingerprints nobody has to think of it.
VERSION = 2
#: Where what was learnt lies, and what it is written as.
_PACKAGES, _LEARNT = ("ml.features.audio", "ml.audio_analysis"), {".npz", ".npy", ".json", ".onnx"}


@lru_cache(maxsize=8)
def analysis_version(kind: type = AudioAnalysis) -> str:
    """Name what an analysis says: :data:`VERSION`, and a hash.

    It is one of its fields' names, of the versions of its vector and fingerprint, and of all weights that come with the
    package.
    """
    weights = [f"{path.name} {sha256(path.read_bytes()).hexdigest()}" for path in shipped_weights()]
    names = " ".join([*field_names(kind), f"embedding {EMBEDDING_VERSION}", f"peaks {PEAKS_VERSION}", *weights])
    return f"{VERSION}.{blake2b(names.encode(), digest_size=4).hexdigest()}"


def shipped_weights() -> list[Path]:
    """List the files of numbers that were learnt and come with the package, by name.

    >>> sorted(path.parent.name for path in shipped_weights())
    ['harmony', 'rhythm']
    """
    places = [Path(str(files(package))) for package in _PACKAGES]
    found = [path for place in places for path in place.rglob("*") if path.suffix in _LEARNT]
    return sorted(found, key=lambda path: (path.parent.name, path.name))


def field_names(kind: type, prefix: str = "") -> list[str]:
    """List the fields of a dataclass and of those in it, with dots between.

    >>> field_names(AudioAnalysis)[:2], "spectral.centroid_hz" in field_names(AudioAnalysis)
    (['path', 'form'], True)
    """
    if not is_dataclass(kind):
        return []
    hints = get_type_hints(kind)
    names = []
    for field in fields(kind):
        names.append(prefix + field.name)
        for inner in _classes(hints[field.name]):
            names += field_names(inner, f"{prefix}{field.name}.")
    return names


def _classes(hint: Any) -> list[type]:
    """Find the classes in a type such as ``tuple[Problem, ...] | None``."""
    if isinstance(hint, type) and not get_args(hint):
        return [hint]
    return [found for part in get_args(hint) for found in _classes(part)]


def ability() -> str:
    """Name what analyses here: the version, and the decoders that are there; what one cannot read another may."""
    decoders = ("audio",) * (not missing("audio")) + ("pyav",) * (not missing("pyav")) + ("ffmpeg",) * bool(program())
    return "+".join((analysis_version(), *decoders))
