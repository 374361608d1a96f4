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
    unsuited : tuple of str
        Why heads that are there cannot be used.
    """

    heads: Mapping[str, Head] = field(default_factory=dict)
    unsuited: tuple[str, ...] = ()

    @classmethod
    def of(cls, workspace: Workspace) -> AudioHeads:
        """Read the heads of a workspace; there may be none.

        Raises
        ------
        CorruptModel
            If one is damaged.
        """
        return cls.at(heads_folder(workspace))

    @classmethod
    def at(cls, folder: Path) -> AudioHeads:
        """Read the heads in a folder."""
        found = {target: folder / f"{target}.npz" for target in TARGETS}
        return cls.made_of(load_head(path) for path in found.values() if path.is_file())

    @classmethod
    def made_of(cls, heads: Iterable[Head]) -> AudioHeads:
        """Take heads; those for vectors of another version are left out, and it is said."""
        all_of_them = {head.target: head for head in heads}
        suited = {target: head for target, head in all_of_them.items() if head.vectors == OWN}
        unsuited = [target for target in all_of_them if target not in suited]
        why = "the head for {} was trained on other vectors than this version makes: train it again"
        return cls(suited, tuple(why.format(target) for target in unsuited))

    def say(self, embedding: Sequence[float] | Floats | None) -> Said:
        """Say what the heads make of a track's vector; nothing where it has none."""
        notices = (*self.unsuited, *self._missing())
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
        said = []
        if "genre" not in self.heads:
            said.append(f"no head for genres: {_TRAIN.format(column='genre')} (or --from-tags)")
        if "mood" not in self.heads and "scales" not in self.heads:
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


def heads_folder(workspace: Workspace) -> Path:
    """Name the folder of a workspace's heads; it comes into being with the first."""
    return workspace.home / _FOLDER
