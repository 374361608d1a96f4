"""The sets of models that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ml.foundation.errors import CorruptModel, NotTrained, UnknownId, did_you_mean
from ml.foundation.results import Result
from ml.models import pointer
from ml.models.files import read_card, versions
from ml.models.gate import measured_by


@dataclass(frozen=True, slots=True)
class KnownSet(Result):
    """One set of models.

    Parameters
    ----------
    version : str
    in_use : bool
    created_at : datetime or None
        UTC; None where the card cannot be read.
    item_kind : str
    n_items, n_listeners : int
        What it was trained on.
    passed : bool or None
        Whether it passed the gate; None where nothing was measured.
    why : str
        What the gate said, or why the card cannot be read.
    gate : mapping of str to float
        The numbers it went by, see :func:`ml.models.gate.measured_by`.
    """

    version: str
    in_use: bool
    created_at: datetime | None
    item_kind: str
    n_items: int
    n_listeners: int
    passed: bool | None
    why: str
    gate: Mapping[str, float] = field(default_factory=dict)


def list_sets(models_root: Path) -> list[KnownSet]:
    """List the sets in a folder, the newest first; one whose card is damaged says so."""
    try:
        used = pointer.current(models_root)
    except CorruptModel:
        used = None
    return [_known(models_root, version, used) for version in reversed(versions(models_root))]


def _known(models_root: Path, version: str, used: str | None) -> KnownSet:
    try:
        card = read_card(models_root / version)
    except CorruptModel as error:
        return KnownSet(version, version == used, None, "", 0, 0, None, error.message)
    about = card["about"]
    # Sets of the first version have no gate.
    gate = about.get("gate") or {"passed": None, "why": ""}
    return KnownSet(
        version=version,
        in_use=version == used,
        created_at=datetime.fromisoformat(card["created_at"]),
        item_kind=card["item_kind"],
        n_items=card["n_items"],
        n_listeners=about.get("n_listeners", 0),
        passed=gate["passed"],
        why=gate["why"],
        gate=measured_by(about.get("scores") or {}),
    )


def card_of(models_root: Path, version: str | None = None) -> dict[str, Any]:
    """Give the card of a set; None is the one in use.

    Raises
    ------
    UnknownId
        If there is no such set.
    NotTrained
        If none is in use.
    CorruptModel
        If the card is damaged.
    """
    known = versions(models_root)
    if version is not None and version not in known:
        raise UnknownId(
            f"no model set {version!r}",
            did_you_mean(version, known) if known else "ml train",
            code="set_unknown" if known else "no_models",
        )
    version = version or pointer.current(models_root)
    if version is None:
        raise NotTrained("no models are in use", "train some: ml train", code="no_models")
    return {"version": version} | read_card(models_root / version)
