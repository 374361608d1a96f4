"""Model files: arrays and cards, hashed, no pickle.

Conventions
-----------
What is trained together is one *set*, and a set is one folder::

    <models root>/
      current.json                 which set is in use; see :mod:`ml.models.pointer`
      20261123T165000123456Z-1a2b3c4d5e6f/
        card.json                  vocabulary, libraries, data hash, seed, and the SHA-256 of every other file
        vocabulary.npz             item_keys: the store's key of each item index
        ials/card.json             settings, scores, and the shape and type of each array
        ials/arrays.npz
        hybrid/…                   a blend: its own arrays; its members are in the same set

A set is written into a temporary folder beside its place, flushed to the disk and renamed once.
A reader sees a whole set or none.

The version sorts by time and ends with the beginning of the SHA-256 of ``card.json``, so
that the card, which vouches for all other files, is vouched for by its folder's name.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ml.foundation.array_files import Unreadable, read_arrays
from ml.foundation.atomic import draft, publish
from ml.foundation.counting import number_of
from ml.foundation.errors import CorruptModel, NotTrained
from ml.foundation.extras import DISTRIBUTION
from ml.foundation.results import plain
from ml.models.base import Arrays, Composite, Model, config_of, parts_of
from ml.models.registry import HELPERS, MODELS

#: Everything that a set may hold, by name.
KINDS: Mapping[str, type[Model]] = {**MODELS, **HELPERS}

#: Version of the layout. A reader refuses what a later writer has written.
FORMAT = 1

CARD, ARRAYS, VOCABULARY = "card.json", "arrays.npz", "vocabulary.npz"
_HASH_DIGITS = 12
_RETRAIN = "train again: ml train"


@dataclass(frozen=True)
class ModelSet:
    """Models that were trained together on one vocabulary.

    Parameters
    ----------
    item_keys : int64 [shape=(n_items,)]
        The store's key of each item index; ascending.
    item_kind : str
        ``"track"`` or ``"artist"``.
    models : mapping of str to Model
        Fitted, by name. The members of a blend must be among them.
    card : mapping of str to object
        What is to be remembered about the training, as JSON: by convention ``data_hash``, ``seed`` and
        ``scores`` (by model name, each with its protocol and interval).
    """

    item_keys: NDArray[np.int64]
    item_kind: str
    models: Mapping[str, Model]
    card: Mapping[str, Any] = field(default_factory=dict)


def save_set(models_root: Path, model_set: ModelSet) -> str:
    """Write a set of models and give its version; :func:`ml.models.pointer.promote` puts it into use.

    Raises
    ------
    ml.foundation.errors.DiskFull
        If there is no room; nothing is left behind.
    ml.foundation.errors.NotTrained
        If a model has not been fitted.
    ValueError
        If the vocabulary is not ascending, or a member of a blend is not in the set.
    """
    _check(model_set)
    moment = datetime.now(UTC)
    with draft(models_root) as place:
        new = place / "set"
        new.mkdir()
        files = [_write_arrays(new / VOCABULARY, {"item_keys": model_set.item_keys})]
        for name, model in model_set.models.items():
            files += _write_model(new / name, model, model_set.card)
        card = orjson.dumps(_set_card(model_set, moment, new, files), option=orjson.OPT_INDENT_2)
        (new / CARD).write_bytes(card)
        version = f"{moment:%Y%m%dT%H%M%S%fZ}-{sha256(card).hexdigest()[:_HASH_DIGITS]}"
        publish(new, models_root / version)
    return version


def load_set(folder: Path) -> ModelSet:
    """Read a set and check every byte of it.

    Raises
    ------
    ml.foundation.errors.CorruptModel
        If a file is missing, changed, of another format, or holds what its card does not say.
    """
    card = read_card(folder)
    contents = {name: _read(folder, name, card) for name in card["files"]}
    item_keys = _arrays(folder / VOCABULARY, contents[VOCABULARY])["item_keys"]
    models: dict[str, Model] = {}
    for name in _members_first(folder, card, contents):
        models[name] = _restored(folder / name, contents, models, len(item_keys))
    ordered = {name: models[name] for name in card["models"]}
    return ModelSet(item_keys, card["item_kind"], ordered, card["about"])


def verify(folder: Path) -> list[tuple[str, bool, str]]:
    """Check a set file by file, going on after a fault.

    Returns
    -------
    list of (name, ok, detail)
        The card first, then every file it lists, then whether the models can be restored.
    """
    try:
        card = read_card(folder)
    except CorruptModel as error:
        return [(CARD, False, error.message)]
    checks = [(CARD, True, f"format {FORMAT}, {number_of(len(card['models']), 'model')}")]
    for name, entry in card["files"].items():
        try:
            _read(folder, name, card)
        except CorruptModel as error:
            checks.append((name, False, error.message))
        else:
            checks.append((name, True, number_of(entry["size_bytes"], "byte")))
    if all(ok for _, ok, _ in checks):
        try:
            load_set(folder)
        except CorruptModel as error:
            checks.append(("models", False, error.message))
        else:
            checks.append(("models", True, ", ".join(card["models"])))
    return checks


def read_card(folder: Path) -> dict[str, Any]:
    """Read the card of a set: format, time, libraries, models, files and what was noted about the training.

    Raises
    ------
    ml.foundation.errors.CorruptModel
        If it is missing, changed, or of another format.
    """
    path = folder / CARD
    content = _bytes(path)
    if sha256(content).hexdigest()[:_HASH_DIGITS] != folder.absolute().name.rpartition("-")[2]:
        raise CorruptModel(f"{path}: was changed after it was written", _RETRAIN)
    card: dict[str, Any] = orjson.loads(content)
    if card.get("format") != FORMAT:
        message = f"{path}: has format {card.get('format')}, this version of ml reads format {FORMAT}"
        raise CorruptModel(message, f"update {DISTRIBUTION}, or {_RETRAIN}")
    return card


def versions(models_root: Path) -> list[str]:
    """List the versions of the sets in a folder, oldest first."""
    if not models_root.is_dir():
        return []
    return sorted(path.name for path in models_root.iterdir() if path.is_dir() and not path.name.startswith("."))


def data_hashes(models_root: Path) -> dict[str, str | None]:
    """Give the hash of the snapshot that each set was trained on, by its version; None where it is not known."""
    found: dict[str, str | None] = {}
    for version in versions(models_root):
        try:
            found[version] = read_card(models_root / version)["about"].get("data_hash")
        except CorruptModel:
            found[version] = None
    return found


# Writing


def _check(model_set: ModelSet) -> None:
    keys = model_set.item_keys
    if keys.dtype != np.int64 or keys.ndim != 1 or (np.diff(keys) <= 0).any():
        raise ValueError("item_keys must be one int64 row, ascending")
    for name, model in model_set.models.items():
        if name != model.name or name not in KINDS:
            raise ValueError(f"{name!r} is not the registered name of {type(model).__name__}")
        if model.n_items is None:
            raise NotTrained(f"the model {name!r} has not been trained", "ml train", code="no_models")
        for member in parts_of(model):
            if model_set.models.get(member.name) is not member:
                raise ValueError(f"{name!r} blends {member.name!r}, which is not in the set")


def _write_model(folder: Path, model: Model, about: Mapping[str, Any]) -> list[Path]:
    folder.mkdir()
    if isinstance(model, Composite):
        arrays, config = model.own_arrays(), model.own_config()
    else:
        arrays, config = model.arrays(), config_of(model)
    card = {
        "format": FORMAT,
        "class": model.name,
        "config": config,
        "members": [member.name for member in parts_of(model)],
        "arrays": {name: {"shape": array.shape, "dtype": array.dtype.str} for name, array in arrays.items()},
        "data_hash": about.get("data_hash"),
        "seed": about.get("seed"),
        "scores": about.get("scores", {}).get(model.name),
    }
    (folder / CARD).write_bytes(orjson.dumps(plain(card), option=orjson.OPT_INDENT_2))
    return [folder / CARD, _write_arrays(folder / ARRAYS, arrays)]


def _set_card(model_set: ModelSet, moment: datetime, root: Path, files: list[Path]) -> dict[str, Any]:
    libraries = {name: version_of(name) for name in (DISTRIBUTION, "numpy", "scipy")}
    card = {
        "format": FORMAT,
        "created_at": moment,
        "item_kind": model_set.item_kind,
        "n_items": len(model_set.item_keys),
        "models": list(model_set.models),
        "about": model_set.card,
        "libraries": {"python": platform.python_version()} | libraries,
        "files": {path.relative_to(root).as_posix(): _entry(path) for path in files},
    }
    result: dict[str, Any] = plain(card)
    return result


def _entry(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": sha256(content).hexdigest(), "size_bytes": len(content)}


def _write_arrays(path: Path, arrays: Arrays) -> Path:
    """Write an uncompressed npz: reading it again should cost no more than reading its bytes."""
    with path.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)
    return path


# Reading


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise CorruptModel(f"{path}: is missing", _RETRAIN) from error


def _read(folder: Path, name: str, card: Mapping[str, Any]) -> bytes:
    content = _bytes(folder / name)
    if sha256(content).hexdigest() != card["files"][name]["sha256"]:
        raise CorruptModel(f"{folder / name}: was changed after it was written", _RETRAIN)
    return content


def _arrays(path: Path, content: bytes) -> Arrays:
    try:
        arrays = read_arrays(content)
    except Unreadable as error:
        raise CorruptModel(f"{path}: holds something else than arrays of numbers ({error})", _RETRAIN) from error
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise CorruptModel(f"{path}: {name} holds numbers that are not finite", _RETRAIN)
    return arrays


def _members_first(folder: Path, card: Mapping[str, Any], contents: Mapping[str, bytes]) -> list[str]:
    cards = {name: _model_card(folder / name, contents) for name in card["models"]}
    return sorted(card["models"], key=lambda name: len(cards[name]["members"]))


def _model_card(folder: Path, contents: Mapping[str, bytes]) -> dict[str, Any]:
    card: dict[str, Any] = orjson.loads(contents[f"{folder.name}/{CARD}"])
    if card.get("format") != FORMAT:
        message = f"{folder / CARD}: has format {card.get('format')}, this version of ml reads format {FORMAT}"
        raise CorruptModel(message, f"update {DISTRIBUTION}, or {_RETRAIN}")
    if card["class"] not in KINDS:
        message = f"{folder / CARD}: is of a model {card['class']!r} that this version of ml does not know"
        raise CorruptModel(message, f"update {DISTRIBUTION}, or {_RETRAIN}")
    return card


def _restored(folder: Path, contents: Mapping[str, bytes], known: Mapping[str, Model], n_items: int) -> Model:
    card = _model_card(folder, contents)
    arrays = _arrays(folder / ARRAYS, contents[f"{folder.name}/{ARRAYS}"])
    found = {name: {"shape": list(array.shape), "dtype": array.dtype.str} for name, array in arrays.items()}
    if found != card["arrays"]:
        raise CorruptModel(f"{folder / ARRAYS}: its arrays are not of the shape and type that {CARD} says", _RETRAIN)
    settings: dict[str, Any] = dict(card["config"])
    try:
        if card["members"]:
            settings["members"] = tuple(known[name] for name in card["members"])
        model = KINDS[card["class"]](**settings).restore(arrays)
        if model.n_items != n_items:
            raise CorruptModel(f"{folder}: knows {model.n_items} items, the vocabulary has {n_items}", _RETRAIN)
    except (TypeError, KeyError, ValueError, IndexError) as error:
        raise CorruptModel(f"{folder}: does not fit this version of ml ({error!r})", _RETRAIN) from error
    return model
