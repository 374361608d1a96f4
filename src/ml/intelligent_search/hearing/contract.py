"""What a search by sound asks of whoever knows the sounds of the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol


class Recording(Protocol):
    """A recording that an excerpt is from."""

    @property
    def path(self) -> str:
        """One of its files."""

    @property
    def content_hash(self) -> str:
        """Of its sound."""

    @property
    def offset_s(self) -> float:
        """Where in it the excerpt begins."""

    @property
    def probability(self) -> float:
        """That it is this recording."""


class Identified(Protocol):
    """What is said of an excerpt."""

    @property
    def track(self) -> Recording | None:
        """None where it is unknown."""

    @property
    def others(self) -> Sequence[Recording]:
        """Further ones that are probable."""


class SoundAlike(Protocol):
    """A track that sounds like another."""

    @property
    def path(self) -> str:
        """One of its files."""

    @property
    def content_hash(self) -> str:
        """Of its sound."""

    @property
    def similarity(self) -> float:
        """In [-1, 1]; 0 where they have nothing in common."""


class Hearing(Protocol):
    """Knows the sounds of the library, as :class:`ml.audio_analysis.library.AudioLibrary` does."""

    def identify(self, source: Path, /) -> Identified:
        """Say which recording an excerpt is of."""

    def similar(self, file: Path, count: int, /) -> Sequence[SoundAlike]:
        """Find what sounds like a file, the likest first."""
