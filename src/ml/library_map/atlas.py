"""The maps of a workspace."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ml.data.catalogue import state_with_plays
from ml.foundation.errors import BadInput, CorruptModel, NotTrained, did_you_mean
from ml.foundation.steps import step
from ml.library_map.kept import KeptMap
from ml.library_map.parts import MapParts
from ml.library_map.results import Built, By, Choice, Kind, LibraryMap, State
from ml.library_map.telling import Told, empty, told
from ml.library_map.vectors import Vectors, read_vectors
from ml.models import files, pointer
from ml.models.layout import laid_out, placed
from ml.models.layout.neighbours import best, unit

BY: tuple[By, ...] = get_args(By)
KINDS: tuple[Kind, ...] = get_args(Kind)
#: Most points of an answer.
MOST = 100_000
_SAMPLE, _NEAR = 500, 10
_FEWEST = 3
T = TypeVar("T", bound=str)
OnStep = Callable[[str, int, int], None]


class Atlas:
    """The maps of a workspace: laid out, looked at.

    Parameters
    ----------
    parts : MapParts

    Examples
    --------
    >>> app.atlas.build(by="listening").points  # doctest: +SKIP
    8000
    """

    def __init__(self, parts: MapParts) -> None:
        self._parts = parts
        self._told: dict[tuple[By, Kind], tuple[Any, Told]] = {}
        self._lock = threading.Lock()

    def build(
        self,
        *,
        by: str = "listening",
        kind: str = "track",
        only_new: bool = False,
        seed: int = 0,
        on_step: OnStep = lambda *_: None,
    ) -> Built:
        """Lay a map out, and keep it.

        A map that is laid out again begins where it was, so that regions stay where people know them.

        Parameters
        ----------
        by : str
            ``"listening"``, by the models in use, or ``"sound"``.
        kind : str
            ``"track"`` or ``"artist"``.
        only_new : bool
            Whether what is on the map stays where it is, and only what is new is placed, among its neighbours.
        seed : int
        on_step : callable
            Told what is done, how much of it, and of how much; it may raise to stop.

        Raises
        ------
        BadInput
            If there is no such map, nothing to place new ones among, or fewer points than make a map.
        NotTrained, EmptyWorkspace
            If there is nothing to lay it out by.
        DiskFull
        """
        chosen = _known(BY, by, "by"), _known(KINDS, kind, "kind")
        rng = np.random.default_rng(seed)
        on_step(step("read"), 0, 1)
        documents = self._parts.documents()
        now = read_vectors(self._parts, documents, *chosen)
        if len(now.uids) < _FEWEST:
            raise BadInput(
                f"a map of {len(now.uids)} points is none",
                "import or analyse more first",
                code="map_too_small",
                values={"count": len(now.uids)},
            )
        before = self._kept(*chosen)
        start, known = _starting(before, now, rng)
        if not only_new:
            points = laid_out(now.values, start=start, rng=rng, on_step=on_step)
        elif before is None or start is None:
            raise BadInput(
                "there is no map to place anything on", f"ml map build --by {by} --kind {kind}", code="map_none"
            )
        else:
            points = start
        quality = round(_kept_of_ten(now.values, points, rng), 2)
        made = before.laid_out_at_ms if only_new and before is not None else time.time_ns() // 1_000_000
        KeptMap(now.uids, points, now.version, now.model, made, quality).save(self._path(*chosen))
        n_all = int((documents["kind"] == kind).sum())
        n_placed = int((~known).sum()) if only_new else 0
        return Built(*chosen, now.version, len(now.uids), n_placed, n_all - len(now.uids), quality)

    def show(self, *, by: str | None = None, kind: str | None = None, count: int = MOST) -> LibraryMap:
        """Give a map as it was laid out, with what is known of its points now.

        Parameters
        ----------
        by, kind : str, optional
            Left out, a map that is there.
        count : int in [1, 100000]
            Points at most: the most played.

        Raises
        ------
        BadInput
            If there is no such map, or the count is none.
        """
        if not 1 <= count <= MOST:
            raise BadInput(f"count = {count}", f"give 1 to {MOST}")
        choices = self._choices()
        chosen = _chosen(choices, by and _known(BY, by, "by"), kind and _known(KINDS, kind, "kind"))
        if chosen.state != "ready":
            return empty(chosen, choices, self._parts.notices)
        kept = self._kept(chosen.by, chosen.kind)
        if kept is None:  # it was damaged, and is as good as none
            return empty(Choice(chosen.by, chosen.kind, "not_laid_out"), choices, self._parts.notices)
        found = self._read(chosen.by, chosen.kind, kept)
        return found.answer(kept, chosen, choices, count, self._is_stale(chosen.by, kept), self._parts.notices)

    def _read(self, by: By, kind: Kind, kept: KeptMap) -> Told:
        """Give what is said of the points of a map; read once for each state of the store."""
        with self._parts.store.read() as connection:
            state = (*state_with_plays(connection), kept.laid_out_at_ms, len(kept.uids))
        with self._lock:
            mark, found = self._told.get((by, kind), (None, None))
            if found is None or mark != state:
                found = told(self._parts, kept, kind)
                self._told[by, kind] = state, found
            return found

    def _choices(self) -> list[Choice]:
        return [Choice(by, kind, self._state(by, kind)) for by in BY for kind in KINDS]

    def _state(self, by: By, kind: Kind) -> State:
        if self._path(by, kind).is_file():
            return "ready"
        return "not_laid_out" if kind in self._possible(by) else "nothing"

    def _possible(self, by: By) -> tuple[Kind, ...]:
        """Name what could be laid out."""
        if by == "sound":
            return KINDS if self._parts.sounds() is not None else ()
        try:
            version = pointer.current(self._parts.models)
            if version is None:
                return ()
            return ("artist",) if files.read_card(self._parts.models / version)["item_kind"] == "artist" else KINDS
        except CorruptModel:
            return ()

    def _is_stale(self, by: By, kept: KeptMap) -> bool:
        try:
            if by == "listening":
                return pointer.current(self._parts.models) != kept.version
        except (CorruptModel, NotTrained):
            return True
        sounds = self._parts.sounds()
        return sounds is None or sounds.version != kept.version

    def _path(self, by: By, kind: Kind) -> Path:
        return self._parts.folder / f"{by}-{kind}.npz"

    def _kept(self, by: By, kind: Kind) -> KeptMap | None:
        path = self._path(by, kind)
        try:
            return KeptMap.load(path) if path.is_file() else None
        except CorruptModel:  # it is laid out again
            return None


def _known(known: tuple[T, ...], value: str, name: str) -> T:
    for each in known:
        if each == value:
            return each
    raise BadInput(f"{name} = {value!r}", did_you_mean(value, [str(each) for each in known]))


def _chosen(choices: list[Choice], by: str | None, kind: str | None) -> Choice:
    """Choose what was asked for, or what is there."""
    asked = [each for each in choices if by in {None, each.by} and kind in {None, each.kind}]
    states = ("ready", "not_laid_out", "nothing")
    return min(asked, key=lambda each: states.index(each.state))


def _starting(
    before: KeptMap | None, now: Vectors, rng: np.random.Generator
) -> tuple[NDArray[np.float32] | None, NDArray[np.bool_]]:
    """Give where points begin: where they were, or among their neighbours; None where too little is known."""
    place = {} if before is None else {uid: row for row, uid in enumerate(before.uids)}
    rows = np.array([place.get(uid, -1) for uid in now.uids], dtype=np.int64)
    known = rows >= 0
    if before is None or known.sum() < max(_FEWEST, len(rows) // 3):
        return None, known
    points = np.zeros((len(rows), 2), dtype=np.float32)
    points[known] = before.points[rows[known]]
    if not known.all():
        points[~known] = placed(now.values[~known], now.values[known], points[known], rng=rng)
    return points, known


def _kept_of_ten(vectors: NDArray[np.float32], points: NDArray[np.float32], rng: np.random.Generator) -> float:
    k = min(_NEAR, len(points) - 1)
    rows = rng.permutation(len(points))[:_SAMPLE]
    directions = unit(vectors)
    near = directions[rows] @ directions.T
    near[np.arange(len(rows)), rows] = -np.inf
    shown = np.asarray(cKDTree(points).query(points[rows], k + 1)[1])
    pairs = zip(best(near, k), shown, rows.tolist(), strict=True)
    return float(np.mean([np.intersect1d(one, other[other != row][:k]).size for one, other, row in pairs]))
