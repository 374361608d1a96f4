"""What comes with PocketSphinx: an acoustic model of English and a dictionary of how its words sound."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ml.foundation.extras import extra
from ml.intelligent_search.voice.acoustics import AcousticModel

Phones = tuple[str, ...]


def _folder() -> Path:
    with extra("voice"):
        import pocketsphinx
    return Path(pocketsphinx.get_model_path()) / "en-us"


@cache
def acoustic_model() -> AcousticModel:
    """Open the acoustic model, once a process.

    Raises
    ------
    MissingExtra
    BadInput
        If its files are damaged.
    """
    return AcousticModel.open(_folder() / "en-us")


@cache
def dictionary() -> dict[str, list[Phones]]:
    """Read how words are said, the usual way first, once a process; words are in small letters.

    Raises
    ------
    MissingExtra
    """
    found: dict[str, list[Phones]] = {}
    for line in (_folder() / "cmudict-en-us.dict").read_text(encoding="utf-8").splitlines():
        word, *phones = line.split()
        found.setdefault(word.partition("(")[0], []).append(tuple(phones))
    return found
