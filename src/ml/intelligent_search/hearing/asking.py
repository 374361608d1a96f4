"""What is asked of a search by sound, checked at the door."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from ml.data.audio_files import excerpt, printable
from ml.features.audio.framing import Floats
from ml.features.audio.melody import VOICE_FRAMING
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.paths import expanded
from ml.foundation.phrase import Language
from ml.intelligent_search.request import SearchRequest

#: Ways to look for a sound: what it is decides, or only one of the others.
WAYS = ("auto", "identify", "similar", "hum")
RATE = VOICE_FRAMING.rate
#: More of a query says nothing new; less says nothing.
MOST_S, LEAST_S = 30.0, 1.0
#: Nothing above -80 dBFS is silence, as an analysis has it.
_SILENT = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class SoundRequest:
    """One search by sound.

    Parameters
    ----------
    path : Path
    samples : float32 [shape=(n_samples,)]
        Its first seconds, mono at :data:`RATE`.
    how : str
        Of :data:`WAYS`.
    count : int
    language : {"en", "de"}
    """

    path: Path
    samples: Floats
    how: str
    count: int
    language: Language

    @property
    def name(self) -> str:
        """The file as messages call it."""
        return printable(self.path)

    @classmethod
    def of(cls, path: Path | str, *, how: str = "auto", count: int = 10, language: Language = "en") -> Self:
        """Read a file and check what is asked.

        Raises
        ------
        BadInput
            If there is no such file, it is no sound, it is silent or under a second long, or something else that is
            asked is not allowed.
        MissingExtra
            If what could decode it is not installed.
        """
        if how not in WAYS:
            raise BadInput(f"how = {how!r}", did_you_mean(how, WAYS))
        asked = SearchRequest.of(count=count, language=language)
        file = expanded(path)
        samples = excerpt(file, RATE, most_s=MOST_S)
        if len(samples) < LEAST_S * RATE or not float(np.abs(samples).max()) > _SILENT:
            raise BadInput(
                f"{printable(file)}: silent, or under a second of sound",
                "give ten seconds of music, or hum as long",
                code="no_sound_in_it",
                values={"name": printable(file)},
            )
        return cls(file, samples, how, asked.count, asked.language)
