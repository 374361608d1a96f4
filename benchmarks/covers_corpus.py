"""The covers that searches for covers are measured with: which are known, and what is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count

import numpy as np

from ml.data.demo.covers import CONDITIONS, Picture, draw_cover, photographed, style_of
from ml.data.demo.covers.repeating import HELD_OUT_REPEATING, REPEATING

#: Of a series that many are known; the next is not.
MEMBERS = 11
#: Levels by which pixels differ, and how many of them at least, between any two of a series.
_APART, _PIXELS = 24, 60
_SERIES, _STRANGERS = 1_000_000, 2_000_000


@dataclass(frozen=True, slots=True)
class Cover:
    """A cover by what it is drawn from; ``repeating`` if its style is one of those whose details repeat."""

    seed: int
    member: int | None
    held_out: bool
    repeating: bool = False

    @property
    def style(self) -> str:
        """Name the style that it is drawn in."""
        if not self.repeating:
            return style_of(self.seed, held_out=self.held_out)
        names = sorted(HELD_OUT_REPEATING if self.held_out else REPEATING)
        return names[self.seed % len(names)]

    @property
    def name(self) -> str:
        """Give it an id."""
        return f"cover:{self.seed}" + ("" if self.member is None else f"/{self.member}")

    def draw(self) -> Picture:
        """Draw it."""
        return draw_cover(self.seed, member=self.member, style=self.style, held_out=self.held_out)


@dataclass(frozen=True, slots=True)
class Question:
    """A photograph to come, of a cover that is ``"known"``, a ``"stranger"``, or a ``"sibling"`` of known ones."""

    cover: Cover
    condition: str
    kind: str
    seed: int

    def photograph(self) -> Picture:
        """Take it."""
        return photographed(self.cover.draw(), self.condition, np.random.default_rng([self.seed, 77]))


def known(n: int, *, held_out: bool, repeating: bool = False) -> list[Cover]:
    """List covers, a quarter of them in series of :data:`MEMBERS`, of which no two are the same but for 60 pixels."""
    found = [Cover(seed, None, held_out, repeating) for seed in range(n - n // 4)]
    for series in distinct_series(held_out, repeating):
        if len(found) + MEMBERS > n:
            return found
        found += series
    raise AssertionError


def distinct_series(held_out: bool, repeating: bool) -> Iterator[list[Cover]]:
    """Give series whose members can be told apart."""
    for seed in count(_SERIES):
        series = [Cover(seed, member, held_out, repeating) for member in range(MEMBERS + 1)]
        drawn = [cover.draw().astype(np.int16) for cover in series]
        pairs = [(a, b) for number, a in enumerate(drawn) for b in drawn[:number]]
        if all((np.abs(a - b).max(axis=2) > _APART).sum() >= _PIXELS for a, b in pairs):
            yield series[:MEMBERS]


def questions(covers: list[Cover], n: int, *, seed: int) -> list[Question]:
    """Draw questions, as many of each condition: n of known covers, half as many of strangers, a tenth of siblings."""
    rng = np.random.default_rng(seed)
    series = {cover.seed: cover for cover in covers if cover.member is not None}
    seeds, asked = sorted(series), []
    for number in range(n):
        cover = covers[int(rng.integers(len(covers)))]
        asked.append(Question(cover, CONDITIONS[number % len(CONDITIONS)], "known", seed * 10_000 + number))
    for number in range(n // 2):
        cover = replace(covers[0], seed=_STRANGERS + number, member=None)
        asked.append(Question(cover, CONDITIONS[number % len(CONDITIONS)], "stranger", seed * 20_000 + number))
    for number in range(n // 10):
        cover = replace(series[seeds[int(rng.integers(len(seeds)))]], member=MEMBERS)
        asked.append(Question(cover, CONDITIONS[number % len(CONDITIONS)], "sibling", seed * 30_000 + number))
    return asked
