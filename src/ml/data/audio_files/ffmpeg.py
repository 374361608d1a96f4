"""Decoding by the program ``ffmpeg``, where there is one on the PATH."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from ml.data.audio_files.decoder import LASTING, Material, Refused, held_to_form
from ml.data.audio_files.signal import Floats

_AU_FLOAT = 6
#: As it writes them: who says it in brackets, or nobody; the level; what is wrong.
_FAULT = re.compile(r"^(?:\[[^\]]*\] )*\[(?:error|fatal|panic)\] (.*)$")
_DURATION = re.compile(r"^(?:\[[^\]]*\] )*\s*Duration: (\d+):(\d\d):(\d\d\.\d+)")


def program() -> str | None:
    """Find ``ffmpeg`` on the PATH."""
    return shutil.which("ffmpeg")


class FfmpegDecoder:
    """Reads the first sound track of a file through ``ffmpeg``; see :class:`ml.data.audio_files.decoder.Decoder`.

    The sound comes through a pipe in the AU format, the simplest whose header tells rate and channels. Bytes that are
    no file are written to a temporary one: an MP4 may have its index at the end.

    Raises
    ------
    Refused
        If there is no sound in it, or none that ``ffmpeg`` can decode.
    FileNotFoundError
        If there is no ``ffmpeg``.
    """

    left_out = 0

    def __init__(self, material: Material) -> None:
        found = program()
        if found is None:
            raise FileNotFoundError("ffmpeg")
        options = held_to_form(material.form)
        self.damage: str | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="ml-audio-")
        self._said = Path(self._folder.name) / "stderr"
        path = material.path or self._written(material)
        command = [found, "-nostdin", "-hide_banner", "-nostats", "-v", "level+info"]
        for name, value in options.items():
            command += [f"-{name}", value]
        command += ["-i", f"file:{path.absolute()}", "-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "pipe:1"]
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said, bufsize=-1
            )
        assert self._process.stdout is not None
        self._pipe: IO[bytes] = self._process.stdout
        self.rate, self.n_channels = self._header()
        self.n_promised = self._promised() if material.form in LASTING else None

    def _written(self, material: Material) -> Path:
        path = Path(self._folder.name) / "sound"
        with material.opened() as stream, path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        return path

    def _header(self) -> tuple[int, int]:
        head = self._pipe.read(24)
        words = np.frombuffer(head, dtype=">u4")
        if len(head) < 24 or not head.startswith(b".snd") or words[3] != _AU_FLOAT:
            self._process.wait()
            said = self._complaint() or "it gave no sound"
            self.close()
            raise Refused(said)
        self._pipe.read(int(words[1]) - 24)
        return int(words[4]), int(words[5])

    def pieces(self, size: int) -> Iterator[Floats]:
        """Read on, in pieces of that size."""
        frame = 4 * self.n_channels
        while data := self._pipe.read(size * frame):
            whole = len(data) - len(data) % frame
            yield np.frombuffer(data[:whole], dtype=">f4").astype(np.float32).reshape(-1, self.n_channels)
        self._process.wait()
        self.damage = self._complaint()

    def _complaint(self) -> str | None:
        found = (_FAULT.search(line) for line in self._lines())
        return next((one[1].strip()[:200] for one in found if one), None)

    def _promised(self) -> int | None:
        lines = self._lines()
        if any("Video:" in line and "(attached pic)" not in line for line in lines):
            return None  # a film's length is no length of its sound
        found = next(filter(None, map(_DURATION.search, lines)), None)
        if found is None:
            return None
        hours, minutes, seconds = found.groups()
        return round((3600 * int(hours) + 60 * int(minutes) + float(seconds)) * self.rate)

    def _lines(self) -> list[str]:
        return self._said.read_text(encoding="utf-8", errors="replace").splitlines()

    def close(self) -> None:
        """End the program if it still runs, and remove what was written for it."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._pipe.close()
        self._folder.cleanup()
