"""A process that does jobs: lines of JSON in, lines of JSON out, until nobody is there any more.

It is a program of its own, started by name, so that a script that scans needs no ``if __name__ == "__main__"``, and so
that what a decoder breaks is this process and no other.
"""

from __future__ import annotations

import os
import sys
import threading
import time

import orjson

from ml.audio_analysis.hands.work import do

_LOOK_S = 1.0


def main() -> None:
    """Say that it is ready, and answer."""
    # Whatever a library prints goes where it harms nobody; the replies have a stream of their own.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    threading.Thread(target=_leave_with, args=(os.getppid(),), daemon=True).start()
    _say(replies, b"{}")
    for line in sys.stdin.buffer:
        _say(replies, orjson.dumps(do(orjson.loads(line), alone=True)))


def _leave_with(parent: int) -> None:
    """End with the process that asks, also in the middle of a file that does not come to an end."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def _say(stream: object, text: bytes) -> None:
    stream.write(text + b"\n")  # type: ignore[attr-defined]
    stream.flush()  # type: ignore[attr-defined]


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(1)  # whoever asked is gone
