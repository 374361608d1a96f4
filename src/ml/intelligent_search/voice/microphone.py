"""A microphone that is listened to while somebody wants it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ml.foundation.errors import BadInput
from ml.foundation.extras import extra
from ml.intelligent_search.voice.asking import MOST_S
from ml.intelligent_search.voice.cepstra import RATE, Floats


class Microphone:
    """The microphone that the system uses by default.

    Raises
    ------
    BadInput
        If there is none.
    MissingExtra
        If the library that knows microphones is not installed.
    """

    def __init__(self) -> None:
        self._devices = _devices()

    def record(self, until: Callable[[], object]) -> tuple[Floats, int]:
        """Record until a call returns, such as that which waits for a key; give samples and their rate, in Hz.

        What is said after 15 seconds is not kept, but a second of it is, so that whoever reads it knows.

        Raises
        ------
        BadInput
            If the microphone cannot be opened.
        """
        blocks: list[Floats] = []

        def keep(block: Floats, *_: Any) -> None:
            if sum(map(len, blocks)) < (MOST_S + 1) * RATE:
                blocks.append(block[:, 0].copy())

        try:
            with self._devices.InputStream(samplerate=RATE, channels=1, dtype="float32", callback=keep):
                until()
        except self._devices.PortAudioError as error:
            raise _unheard(str(error)) from error
        return np.concatenate([np.zeros(0, np.float32), *blocks]), RATE


def _devices() -> Any:
    with extra("voice"):
        try:
            import sounddevice
        except OSError as error:  # the library is there, PortAudio under it is not
            raise BadInput(
                f"no microphone can be reached: {error}",
                "install PortAudio; on Debian: sudo apt-get install libportaudio2",
            ) from error
    try:
        sounddevice.query_devices(kind="input")
    except (sounddevice.PortAudioError, ValueError) as error:
        raise _unheard(str(error)) from error
    return sounddevice


def _unheard(why: str) -> BadInput:
    return BadInput(f"no microphone: {why}", "plug one in, or record a file and name it: ml search --voice FILE")
