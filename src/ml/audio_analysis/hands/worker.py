"""A process that does jobs: lines of JSON in, lines of JSON out, until nobody is there any more.

It is a program of its own, started by name, so that a script that scans needs no ``if __name__ == "__main__"``, and so
that what a decoder breaks is this process and no other.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import NoReturn

import orjson

from ml.audio_analysis.hands.limits import Limits
from ml.audio_analysis.hands.work import do

_LOOK_S = 1.0


def main() -> None:
    """Say that it is ready, and answer.

    The first argument is the folder for what is written in passing, the second, if any, how much it may take.
    """
    # To be ended is no fault of the file at hand; as an exception it would look like one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Whatever a library prints goes where it harms nobody; the replies have a stream of their own.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limits = Limits.from_text(sys.argv[2]) if len(sys.argv) > 2 else None
    if limits is not None:
        limits.apply()
    threading.Thread(target=_leave_with, args=(os.getppid(), sys.argv[1]), daemon=True).start()
    _say(replies, b"{}")
    for line in sys.stdin.buffer:
        if limits is not None:
            limits.begin_job()
        _say(replies, orjson.dumps(do(orjson.loads(line), alone=True)))


def _leave_with(parent: int, folder: str) -> None:
    """End with the process that asks, also in the middle of a file that does not come to an end; leave nothing."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    _leave(folder)


def _leave(folder: str) -> NoReturn:
    shutil.rmtree(folder, ignore_errors=True)
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)  # with what a decoder has started
    os._exit(1)


def _say(stream: object, text: bytes) -> None:
    stream.write(text + b"\n")  # type: ignore[attr-defined]
    stream.flush()  # type: ignore[attr-defined]


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        main()
    _leave(sys.argv[1])  # whoever asked is gone
