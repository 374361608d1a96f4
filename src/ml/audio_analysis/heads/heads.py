"""All heads of a workspace, asked together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ml.audio_analysis.heads.head import Head, load_head
from ml.audio_analysis.heads.results import Likely, Said, ScaleValue
from ml.features.audio.embedding import VERSION
from ml.features.audio.framing import Floats
from ml.foundation.errors import CorruptModel

if TYPE_CHECKING:
    from ml.data.workspace import Workspace  # late: whoever analyses one file needs no database

#: What names the vectors of :mod:`ml.features.audio.embedding`.
OWN = f"ml-{VERSION}"
TARGETS = ("genre", "mood", "scales")
_FOLDER = "audio_heads"
_TRAIN = "ml audio train-heads --labels TABLE --label-column {column} --audio FOLDER"
#: Tags that are less probable are not listed.
_LEAST = 0.05


@dataclass(frozen=True, slots=True)
class AudioHeads:
    """What says genres, moods and emotions of a vector.

    Parameters
    ----------
    heads : mapping of str to Head
        By target.
    unsuited : mapping of str to str
        By target, why a head that is there cannot be used, and the command that makes a new one.
    """

    heads: Mapping[str, Head] = field(default_factory=dict)
    unsuited: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace) -> AudioHeads:
        """Read the heads of a workspace; there may be none."""
        return cls.at(heads_folder(workspace))

    @classmethod
    def at(cls, folder: Path) -> AudioHeads:
        """Read the heads in a folder; those that are damaged are left out, and it is said."""
        heads, damaged = [], {}
        for target in TARGETS:
            path = folder / f"{target}.npz"
            try:
                heads += [load_head(path)] if path.is_file() else []
            except CorruptModel as error:
                damaged[target] = f"{error.message}: {_again(target)}"
        found = cls.made_of(heads)
        return cls(found.heads, {**damaged, **found.unsuited})

    @classmethod
    def made_of(cls, heads: Iterable[Head]) -> AudioHeads:
        """Take heads; those for vectors of another version are left out, and it is said."""
        all_of_them = {head.target: head for head in heads}
        suited = {target: head for target, head in all_of_them.items() if head.vectors == OWN}
        why = "the head for {} was trained on other vectors than this version makes: {}"
        unsuited = {target: why.format(target, _again(target)) for target in all_of_them if target not in suited}
        return cls(suited, unsuited)

    def say(self, embedding: Sequence[float] | Floats | None) -> Said:
        """Say what the heads make of a track's vector; nothing where it has none."""
        notices = (*self.unsuited.values(), *self._missing())
        if embedding is None:
            return Said(notices=notices)
        vector = np.asarray(embedding, dtype=np.float32)[np.newaxis]
        scales = self._scales(vector)
        return Said(
            genres=self._likely("genre", vector),
            moods=self._likely("mood", vector),
            valence=scales.pop("valence", None),
            arousal=scales.pop("arousal", None),
            emotions=tuple(ScaleValue(name, value) for name, value in scales.items()),
            notices=notices,
        )

    def _missing(self) -> tuple[str, ...]:
        said, there = [], {*self.heads, *self.unsuited}
        if "genre" not in there:
            said.append(f"no head for genres: {_TRAIN.format(column='genre')} (or --from-tags)")
        if there.isdisjoint(("mood", "scales")):
            columns = "valence --label-column arousal"
            said.append(f"no heads for moods: {_TRAIN.format(column='mood')}, or {_TRAIN.format(column=columns)}")
        return tuple(said)

    def _likely(self, target: str, vector: Floats) -> tuple[Likely, ...]:
        head = self.heads.get(target)
        if head is None:
            return ()
        found = head.predict(vector)[0]
        least = _LEAST if head.kind == "tags" else 0.0
        order = np.argsort(-found, kind="stable").tolist()
        return tuple(Likely(head.labels[k], round(float(found[k]), 4)) for k in order if found[k] >= least)

    def _scales(self, vector: Floats) -> dict[str, float]:
        head = self.heads.get("scales")
        if head is None:
            return {}
        return {name: round(float(value), 4) for name, value in zip(head.labels, head.predict(vector)[0], strict=True)}


def _again(target: str) -> str:
    column = "valence --label-column arousal" if target == "scales" else target
    return f"train it again: {_TRAIN.format(column=column)}"


def heads_folder(workspace: Workspace) -> Path:
    """Name the folder of a workspace's heads; it comes into being with the first."""
    return workspace.home / _FOLDER
