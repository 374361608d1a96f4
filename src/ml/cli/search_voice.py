"""``ml search --voice``, ``--talk`` and ``--listen``: what was said, and how it is recorded."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ml.cli.screen import data, say
from ml.cli.words import printed
from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.foundation.phrase import Language
from ml.intelligent_search import Heard


def recorded(language: Language, begin: str = "begin_talking") -> Any:
    """Record while somebody talks: from one press of Enter to the next.

    Parameters
    ----------
    language : {"en", "de"}
    begin : str
        What is said before, by its name in :mod:`ml.cli.words`.

    Raises
    ------
    BadInput
        If there is no microphone, or nobody at the keyboard.
    MissingExtra
    """
    from ml.intelligent_search.voice.microphone import Microphone  # late: only who talks needs it

    microphone = Microphone()
    _wait_for_enter(begin, language)
    return microphone.record(lambda: _wait_for_enter("end_talking", language))


@contextmanager
def kept(language: Language) -> Iterator[Path]:
    """Record as :func:`recorded` does, and give a file with it, which is gone afterwards."""
    samples, rate = recorded(language, "begin_humming")
    with extra("audio"):
        import soundfile
    with tempfile.TemporaryDirectory(prefix="ml-heard-") as folder:
        file = Path(folder) / "microphone.wav"
        soundfile.write(file, samples, rate, subtype="FLOAT")
        yield file


def _wait_for_enter(prompt: str, language: Language) -> None:
    # On the error stream: what is printed as JSON stays JSON.
    print(printed(prompt, language), file=sys.stderr, flush=True)
    if not sys.stdin.readline():
        raise BadInput("nobody is at the keyboard to say when", "name a recording: ml search --voice FILE")


def show_heard(heard: Heard, language: Language) -> None:
    """Print what was understood."""
    say(printed("heard", language, name=data(heard.text), share=f"{heard.confidence:.0%}"))
    if heard.others:
        names = ", ".join(f"{data(name)} ({share:.0%})" for name, share in heard.others.items())
        say(printed("or_heard", language, names=names))
