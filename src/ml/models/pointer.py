"""Which set of models is in use.

Conventions
-----------
One small file beside the sets, ``current.json``, names the set in use and those that were in use before it,
the newest last. It is replaced in one step, so that a reader sees the old set or the new one.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from ml.foundation.atomic import replace_text
from ml.foundation.errors import BadInput, CorruptModel, NotTrained, UnknownId, did_you_mean
from ml.models.files import ModelSet, load_set, versions

POINTER = "current.json"
#: Sets that are remembered for going back.
_REMEMBERED = 20
_RETRAIN = "train again: ml train"


def promote(models_root: Path, set_version: str) -> None:
    """Put a set into use.

    Raises
    ------
    ml.foundation.errors.UnknownId
        If there is no such set.
    ml.foundation.errors.CorruptModel
        If any of its files is damaged.
    """
    known = versions(models_root)
    if set_version not in known:
        raise UnknownId(
            f"{models_root}: no model set {set_version!r}", did_you_mean(set_version, known), code="set_unknown"
        )
    load_set(models_root / set_version)
    try:
        said = _read(models_root)
    except CorruptModel:
        said = {}  # what it was cannot be read; from now on it is whole
    used = [*said.get("before", []), *([said["version"]] if "version" in said else [])]
    _point(models_root, set_version, [version for version in used if version != set_version])


def rollback(models_root: Path) -> str:
    """Put the set into use that was in use before; return its version.

    Raises
    ------
    ml.foundation.errors.BadInput
        If there was none, or none of them is there any more.
    ml.foundation.errors.CorruptModel
        If the pointer or a file of the earlier set is damaged.
    """
    known = _before(models_root)
    if not known:
        raise BadInput(f"{models_root}: no set was in use before this one", "see: ml models list", code="set_first")
    load_set(models_root / known[-1])
    _point(models_root, known[-1], known[:-1])
    return known[-1]


def before(models_root: Path) -> str | None:
    """Give the version that :func:`rollback` would put into use; None where there is none.

    Raises
    ------
    ml.foundation.errors.CorruptModel
        If the pointer is damaged.
    """
    return next(reversed(_before(models_root)), None)


def _before(models_root: Path) -> list[str]:
    """List the sets that were in use before and are still there, the newest last."""
    known = set(versions(models_root))
    return [str(version) for version in _read(models_root).get("before", []) if version in known]


def current(models_root: Path) -> str | None:
    """Give the version of the set in use, or None where there is none yet.

    Raises
    ------
    ml.foundation.errors.CorruptModel
        If the pointer cannot be read or names a set that is not there.
    """
    version = _read(models_root).get("version")
    if version is not None and version not in versions(models_root):
        path = models_root / POINTER
        raise CorruptModel(f"{path}: names the model set {version!r}, which is not there", _RETRAIN)
    return version


def answers(models_root: Path) -> bool:
    """Tell whether there is a set in use, whole."""
    try:
        load_current(models_root)
    except (NotTrained, CorruptModel):
        return False
    return True


def load_current(models_root: Path) -> ModelSet:
    """Read the set in use.

    Raises
    ------
    ml.foundation.errors.NotTrained
        If there is none yet.
    ml.foundation.errors.CorruptModel
        If it is damaged.
    """
    version = current(models_root)
    if version is None:
        raise NotTrained(f"{models_root}: no models yet", "ml train", code="no_models")
    return load_set(models_root / version)


def _read(models_root: Path) -> dict[str, Any]:
    """Read the pointer; empty where there is none yet."""
    path = models_root / POINTER
    try:
        said: Any = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except orjson.JSONDecodeError as error:
        raise CorruptModel(f"{path}: not a pointer to a model set", _RETRAIN) from error
    if isinstance(said, dict) and isinstance(said.get("version"), str) and isinstance(said.get("before", []), list):
        return said
    raise CorruptModel(f"{path}: not a pointer to a model set", _RETRAIN)


def _point(models_root: Path, version: str, used: list[str]) -> None:
    said = {"version": version, "promoted_at": datetime.now(UTC).isoformat(), "before": used[-_REMEMBERED:]}
    replace_text(models_root / POINTER, orjson.dumps(said).decode())
