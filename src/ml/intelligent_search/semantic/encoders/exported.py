"""Sentence transformers of BERT's kind, written as ONNX once and kept."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir

import orjson

from ml.foundation.atomic import discard, draft, publish
from ml.foundation.errors import BadInput
from ml.intelligent_search.semantic.encoders.folder import length_in, read_tensors, shape_of
from ml.intelligent_search.semantic.encoders.graph import Shape, write_bert
from ml.intelligent_search.semantic.encoders.onnx import OnnxTextEncoder

#: Of the graph: what was written by another is written anew.
GRAPH = 1
_WEIGHTS, _WORDS, _MODEL, _ABOUT = "model.safetensors", "tokenizer.json", "model.onnx", "about.json"
#: Read beside the model.
_MORE = ("sentence_bert_config.json",)


def exported(
    folder: Path, kept: Path | None, *, called: str = "", hashes: Mapping[str, str] | None = None
) -> OnnxTextEncoder:
    """Open the sentence transformer of a folder.

    Parameters
    ----------
    folder : Path
        With ``config.json``, ``model.safetensors`` and ``tokenizer.json``.
    kept : Path or None
        Where the written graph is looked for, and put.
    called : str
        What its version begins with; empty: the folder's name.
    hashes : mapping of str to str, optional
        The SHA-256 that files have to have.

    Raises
    ------
    BadInput
        If it holds none, or what differs from ``hashes``.
    MissingExtra
    """
    found = {name: _hash_of(folder / name) for name in (_WEIGHTS, _WORDS)}
    for name, wanted in (hashes or {}).items():
        if found[name] != wanted:
            raise BadInput(
                f"{folder / name}: SHA-256 {found[name][:12]}…, and {wanted[:12]}… is wanted", "install it again"
            )
    name = version_of(called or folder.resolve().name, found, shape_of(folder), length_in(folder / _MODEL))
    if kept is None:
        with draft(Path(gettempdir())) as place:
            _write(folder, place / name)
            return OnnxTextEncoder(place / name / _MODEL, version=name)
    opened = reopened(kept, name)
    if opened is None:
        with draft(kept) as place:
            _write(folder, place / name)
            discard(kept / name)
            publish(place / name, kept / name)
        opened = OnnxTextEncoder(kept / name / _MODEL, version=name)
    return opened


def version_of(name: str, hashes: Mapping[str, str], shape: Shape, length: int) -> str:
    """Name what a folder computes, by its files, the tokens that are read and the graph's version."""
    whole = sha256(f"{GRAPH}:{hashes[_WEIGHTS]}:{hashes[_WORDS]}:{shape}:{length}".encode())
    return f"{name}-{whole.hexdigest()[:12]}"


def reopened(kept: Path, name: str) -> OnnxTextEncoder | None:
    """Open what was written before; None where it is not there, or damaged."""
    place = kept / name
    try:
        wanted = orjson.loads((place / _ABOUT).read_bytes())
        if any(_hash_of(place / file) != digest for file, digest in wanted.items()):
            return None
        return OnnxTextEncoder(place / _MODEL, version=name)
    except (OSError, ValueError, AttributeError, BadInput):
        return None


def _write(folder: Path, place: Path) -> None:
    tensors, shape = read_tensors(folder / _WEIGHTS), shape_of(folder)
    place.mkdir()
    try:
        (place / _MODEL).write_bytes(write_bert(tensors, shape))
    except KeyError as error:
        raise BadInput(f"{folder / _WEIGHTS}: lacks {error}", "a BERT's weights are wanted") from error
    for name in (_WORDS, *(name for name in _MORE if (folder / name).is_file())):
        shutil.copyfile(folder / name, place / name)
    files = {file.name: _hash_of(file) for file in sorted(place.iterdir())}
    (place / _ABOUT).write_bytes(orjson.dumps(files))


def _hash_of(file: Path) -> str:
    digest = sha256()
    try:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    except FileNotFoundError as error:
        raise BadInput(f"{file.parent}: holds no {file.name}", "give the folder of a sentence transformer") from error
    return digest.hexdigest()
