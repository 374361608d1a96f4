"""Which of many names was said: every name is aligned with the whole recording, and none is given up on the way.

Conventions
-----------
- A *row* is one pronunciation of a name: a chain of senones. Rows of about one length lie in one block.
- Before a name may stand silence, or a carrier and silence ("play …"); after it, silence.
- A senone's score in a frame is taken relative to the best senone's, and not below a floor, so that no single frame,
  such as a click, decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ml.intelligent_search.voice.acoustics import SILENCE, AcousticModel
from ml.intelligent_search.voice.cepstra import Floats
from ml.intelligent_search.voice.pronouncing import Pronunciation
from ml.intelligent_search.voice.sphinx import Phones

Numbers = NDArray[np.int64]

_NEVER = np.float32(-1e9)
_BLOCK = 512
_PRUNED_EVERY = 8
#: Rows are copied together once so many of them are gone.
_WORTH = 0.8


@dataclass(frozen=True, slots=True)
class Choices:
    """What the decoder weighs, as logarithms.

    Parameters
    ----------
    floor : float
        The worst score of a senone in a frame.
    hurry : float
        For each state that a frame passes over.
    silence : float
        For each frame of silence, less than nothing: silence fits noise too well.
    rarity : float
        How much the cost of a pronunciation counts.
    carrier : float
        For words before the name.
    beam : float
        How far a pronunciation may fall behind the best one.
    """

    floor: float = -25.0
    hurry: float = -15.0
    silence: float = 0.0
    rarity: float = 10.0
    carrier: float = -5.0
    beam: float = 300.0


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    names: Numbers
    costs: Floats
    senones: Numbers
    last: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """All that may be said.

    Parameters
    ----------
    model : AcousticModel
    blocks : tuple of _Block
    carriers : tuple of int64 arrays
        Senones.
    count : int
        Names.
    """

    model: AcousticModel
    blocks: tuple[_Block, ...]
    carriers: tuple[Numbers, ...]
    count: int

    @classmethod
    def of(
        cls,
        model: AcousticModel,
        names: Sequence[Sequence[Pronunciation]],
        carriers: Sequence[Sequence[Phones]] = (),
    ) -> Self:
        """Make a grammar of names, each said in some ways."""
        rows = [
            (len(senones), place, way.cost, senones)
            for place, ways in enumerate(names)
            for way in ways
            for senones in (model.senones(way.words),)
        ]
        rows.sort(key=lambda row: row[:2])
        blocks = []
        for start in range(0, len(rows), _BLOCK):
            part = rows[start : start + _BLOCK]
            wide = part[-1][0]
            senones = np.stack([np.pad(one, (0, wide - long), mode="edge") for long, _, _, one in part])
            blocks.append(
                _Block(
                    np.array([place for _, place, _, _ in part]),
                    np.array([cost for _, _, cost, _ in part], np.float32),
                    senones,
                    np.array([long - 1 for long, _, _, _ in part]),
                )
            )
        return cls(model, tuple(blocks), tuple(model.senones(words) for words in carriers), len(names))

    def scores(self, relative: Floats, choices: Choices) -> Floats:
        """Give how well each name suits the whole, its best way [shape=(n_names,)]."""
        quiet = self._quiet(relative, choices)
        entry = self._entry(relative, quiet, choices)
        tail = np.append(np.cumsum(quiet[::-1])[::-1], 0).astype(np.float32)
        found = np.full(self.count, _NEVER)
        aligned = _align(relative, self.blocks, entry, tail, choices)
        for block, ended in zip(self.blocks, aligned, strict=True):
            np.maximum.at(found, block.names, ended - choices.rarity * block.costs)
        return found

    def spoken(self, relative: Floats, choices: Choices) -> int:
        """Count the frames that suit something else better than silence."""
        return int((self._quiet(relative, choices) < relative.max(axis=1)).sum())

    def _quiet(self, relative: Floats, choices: Choices) -> Floats:
        own = [self.model.phones.index(name) for name in (SILENCE, "+NSN+")]
        senones = np.flatnonzero(np.isin(self.model.owners, own))
        return np.asarray(relative[:, senones].max(axis=1) + choices.silence, np.float32)

    def _entry(self, relative: Floats, quiet: Floats, choices: Choices) -> Floats:
        """Give the best score before each frame at which a name may begin [shape=(n_frames + 1,)]."""
        silent = np.append(0, np.cumsum(quiet)).astype(np.float32)
        best = silent.copy()
        for senones in self.carriers:
            ended = _ends(relative, senones, silent, choices.hurry) + choices.carrier
            # Silence may follow: the best end so far goes on in it.
            best = np.maximum(best, np.maximum.accumulate(ended - silent) + silent)
        return best


def relative_scores(scores: Floats, floor: float) -> Floats:
    """Give scores relative to the best senone of each frame, not below the floor."""
    return np.asarray(np.maximum(scores - scores.max(axis=1, keepdims=True), np.float32(floor)))


def _align(relative: Floats, blocks: Sequence[_Block], entry: Floats, tail: Floats, choices: Choices) -> list[Floats]:
    """Give the best score of each row of each block over all frames.

    Rows that fall far behind the best are left where they are: this is the only pruning, and whole rows go.
    """
    runs = [_Run.of(block) for block in blocks]
    for frame, now in enumerate(relative):
        for run in runs:
            run.step(now, float(entry[frame]), choices.hurry, float(tail[frame + 1]))
        if frame % _PRUNED_EVERY == _PRUNED_EVERY - 1:
            heads = [run.heads() for run in runs]
            least = max((float(head.max()) for head in heads if len(head)), default=0.0) - choices.beam
            for run, head in zip(runs, heads, strict=True):
                run.keep(head >= least)
    return [run.best for run in runs]


class _Run:
    """A block while it is aligned."""

    def __init__(self, block: _Block, state: Floats, best: Floats) -> None:
        self.senones, self.last, self.state, self.best = block.senones, block.last + 2, state, best
        self.rows = np.arange(len(best))

    @classmethod
    def of(cls, block: _Block) -> Self:
        n, wide = block.senones.shape
        return cls(block, np.full((n, wide + 2), _NEVER, np.float32), np.full(n, _NEVER, np.float32))

    def step(self, now: Floats, entry: float, hurry: float, tail: float) -> None:
        """Go on by a frame."""
        if not len(self.rows):
            return
        state = self.state
        state[:, 1] = entry
        moved = np.maximum(state[:, 2:], state[:, 1:-1])
        np.maximum(moved, state[:, :-2] + np.float32(hurry), out=moved)
        moved += np.take(now, self.senones)
        state[:, 2:] = moved
        ended = state[np.arange(len(state)), self.last] + np.float32(tail)
        self.best[self.rows] = np.maximum(self.best[self.rows], ended)

    def heads(self) -> Floats:
        """Give the best state of each row that is still there."""
        return np.asarray(self.state.max(axis=1)) if len(self.state) else np.zeros(0, np.float32)

    def keep(self, kept: NDArray[np.bool_]) -> None:
        """Leave rows where they are."""
        if len(kept) and kept.mean() < _WORTH:
            self.state, self.senones = self.state[kept], self.senones[kept]
            self.last, self.rows = self.last[kept], self.rows[kept]


def _ends(relative: Floats, senones: Numbers, entry: Floats, hurry: float) -> Floats:
    """Give the score of one chain that ends before each frame [shape=(n_frames + 1,)]."""
    state = np.full(len(senones) + 2, _NEVER, np.float32)
    ended = np.full(len(relative) + 1, _NEVER, np.float32)
    for frame, now in enumerate(relative):
        state[1] = entry[frame]
        step = np.maximum(np.maximum(state[2:], state[1:-1]), state[:-2] + np.float32(hurry))
        state[2:] = step + now[senones]
        ended[frame + 1] = state[-1]
    return ended
