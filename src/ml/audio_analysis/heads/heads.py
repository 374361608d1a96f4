"""All heads of a workspace, asked together."""

from __future__ import annotations

import re
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
_OURS = re.compile(r"ml-\d+")
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
        By target; of our own vectors, or of those of larger embedders.
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
        suited = {target: head for target, head in all_of_them.items() if not _is_old(head.vectors)}
        why = "the head for {} was trained on other vectors than this version makes: {}"
        unsuited = {target: why.format(target, _again(target)) for target in all_of_them if target not in suited}
        return cls(suited, unsuited)

    @property
    def larger(self) -> tuple[str, ...]:
        """The embedders whose vectors heads take, beside our own."""
        return tuple(sorted({head.vectors for head in self.heads.values()} - {OWN}))

    def say(
        self, embedding: Sequence[float] | Floats | None, larger: Mapping[str, Floats | None] | None = None
    ) -> Said:
        """Say what the heads make of a track's vectors; nothing where it has none.

        Parameters
        ----------
        embedding : sequence of float, optional
            Our own; None for silence.
        larger : mapping of str to array, optional
            Those of :attr:`larger`, as far as they were made; None for silence.
        """
        given: dict[str, Sequence[float] | Floats | None] = {OWN: embedding, **(larger or {})}
        notices = (*self.unsuited.values(), *self._missing(), *self._unheard(given))
        heard = {name: one for name, one in given.items() if one is not None}
        vectors = {name: np.asarray(one, dtype=np.float32)[np.newaxis] for name, one in heard.items()}
        scales = self._scales(vectors)
        return Said(
            genres=self._likely("genre", vectors),
            moods=self._likely("mood", vectors),
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

    def _unheard(self, given: Mapping[str, object]) -> tuple[str, ...]:
        """Say which heads take vectors that nobody has made."""
        why = "the head for {} takes vectors of {}, which are not there: {}"
        silent = [(target, head) for target, head in self.heads.items() if head.vectors not in given]
        return tuple(why.format(target, head.vectors, _how(head)) for target, head in silent)

    def _likely(self, target: str, vectors: Mapping[str, Floats]) -> tuple[Likely, ...]:
        head = self.heads.get(target)
        if head is None or head.vectors not in vectors:
            return ()
        found = head.predict(vectors[head.vectors])[0]
        least = _LEAST if head.kind == "tags" else 0.0
        order = np.argsort(-found, kind="stable").tolist()
        return tuple(Likely(head.labels[k], round(float(found[k]), 4)) for k in order if found[k] >= least)

    def _scales(self, vectors: Mapping[str, Floats]) -> dict[str, float]:
        head = self.heads.get("scales")
        if head is None or head.vectors not in vectors:
            return {}
        values = head.predict(vectors[head.vectors])[0]
        return {name: round(float(value), 4) for name, value in zip(head.labels, values, strict=True)}


def _is_old(vectors: str) -> bool:
    """Tell whether vectors are our own, of another version."""
    return vectors != OWN and _OURS.fullmatch(vectors) is not None


def _how(head: Head) -> str:
    path = head.card.get("embedder")
    return f"ml audio scan FOLDER --embedder {path or 'MODEL'}, and audio_analysis.embedder in the settings"


def _again(target: str) -> str:
    column = "valence --label-column arousal" if target == "scales" else target
    return f"train it again: {_TRAIN.format(column=column)}"


def heads_folder(workspace: Workspace) -> Path:
    """Name the folder of a workspace's heads; it comes into being with the first."""
    return workspace.home / _FOLDER
