"""`wrk`: as much as a service can answer, asked by a program that takes little of the processor itself.

It is a program of its own (`apt-get install wrk`), and none of the tests needs it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request.

    Parameters
    ----------
    method, path, body : str
        The body is JSON in one line; empty where there is none.
    """

    method: str
    path: str
    body: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body}".rstrip()


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of asking.

    Parameters
    ----------
    requests : int
        Those that were answered.
    seconds : float
    refused : int
        Answers of 400 and above.
    broken : int
        Connections that failed, and requests that nobody answered.
    p50_ms, p99_ms : float
        While as much is asked as can be answered.
    bytes : int
        Of all answers.
    """

    requests: int
    seconds: float
    refused: int
    broken: int
    p50_ms: float
    p99_ms: float
    bytes: int

    @property
    def per_s(self) -> float:
        """Good answers a second."""
        return (self.requests - self.refused) / self.seconds


def ask(address: str, key: str, asked: Sequence[Asked], *, seconds: float, connections: int = 32) -> Answered:
    """Ask over and over, each connection the next as soon as it has an answer.

    Parameters
    ----------
    asked : sequence of Asked
        In order, from the beginning again at the end.
    """
    program = shutil.which("wrk")
    if program is None:
        raise SystemExit("wrk is not installed: apt-get install -y wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.writelines(f"{each}\n" for each in asked)
        file.flush()
        command = [program, "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "30s", "-s", str(_SCRIPT)]
        command += [address, "--", file.name, f"Bearer {key}"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Answered(**json.loads(done.stderr.strip().splitlines()[-1]))
