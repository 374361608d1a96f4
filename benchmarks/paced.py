"""Requests at a steady rate, whether or not earlier ones are answered: what somebody waits who comes at any moment.

Requests are due at equal distances. Each is timed from when it was due, so that one that had to wait for its turn
counts in full (Gil Tene's coordinated omission). Where all connections are taken, it waits for one.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import uvloop

from benchmarks.wrk import Asked

_TICK_S = 0.001
#: After the last was due, so long is waited for what is missing.
PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Paced:
    """What came of asking at a steady rate.

    Parameters
    ----------
    per_s : float
        As it was meant.
    waits_ms : float64 [shape=(n,)]
        From when each was due to its answer; of those without one, infinite.
    refused : int
        Answers of 400 and above.
    """

    per_s: float
    waits_ms: np.ndarray
    refused: int

    def percentile(self, share: float) -> float:
        """Give what so many per cent waited at most, milliseconds."""
        return float(np.percentile(self.waits_ms, share, method="higher"))

    @property
    def failed(self) -> int:
        """How many were refused or not answered."""
        return self.refused + int(np.isinf(self.waits_ms).sum())


def ask(
    address: str, key: str, asked: Sequence[Asked], *, per_s: float, seconds: float, connections: int = 64
) -> Paced:
    """Ask at a steady rate, from the beginning of ``asked`` again where it ends."""
    if per_s <= 0:
        raise ValueError(f"{per_s} requests a second: nothing was answered before")
    found = _Asking(address, key, asked, per_s, int(per_s * seconds), connections)
    uvloop.run(found.go())
    return Paced(per_s, np.array(found.waits) * 1e3, found.refused)


class _Asking:
    def __init__(
        self, address: str, key: str, asked: Sequence[Asked], per_s: float, count: int, connections: int
    ) -> None:
        self._host, self._port = urlsplit(address).hostname or "", urlsplit(address).port or 80
        self._texts = [_text(each, key, urlsplit(address).netloc) for each in asked]
        self._per_s, self._count, self._connections = per_s, count, connections
        self.waits, self.refused, self._answered = [np.inf] * count, 0, 0
        self._idle: deque[_Connection] = deque()
        self._waiting: deque[int] = deque()

    async def go(self) -> None:
        """Ask for all."""
        loop = asyncio.get_running_loop()
        opened = [
            await loop.create_connection(lambda: _Connection(self), self._host, self._port)
            for _ in range(self._connections)
        ]
        self._idle.extend(protocol for _, protocol in opened)
        self._begun, sent = time.perf_counter(), 0
        end = self._count / self._per_s + PATIENCE_S
        while self._answered < self._count and time.perf_counter() - self._begun < end:
            due = min(int((time.perf_counter() - self._begun) * self._per_s) + 1, self._count)
            self._waiting.extend(range(sent, due))
            sent = max(sent, due)
            self._hand_out()
            await asyncio.sleep(_TICK_S)
        for transport, _ in opened:
            transport.close()

    def _hand_out(self) -> None:
        while self._waiting and self._idle:
            number = self._waiting.popleft()
            self._idle.popleft().ask(number, self._texts[number % len(self._texts)])

    def answered(self, connection: _Connection, number: int, status: int) -> None:
        """Take an answer, and have the connection ask for what waits."""
        self.waits[number] = time.perf_counter() - self._begun - number / self._per_s
        self.refused += status >= 400
        self._answered += 1
        self._idle.append(connection)
        self._hand_out()


class _Connection(asyncio.Protocol):
    def __init__(self, asking: _Asking) -> None:
        self._asking, self._transport, self._number = asking, None, -1
        self._body, self._missing, self._status = b"", -1, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def ask(self, number: int, text: bytes) -> None:
        """Send a request."""
        self._number, self._body, self._missing = number, b"", -1
        self._transport.write(text)

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._body += data
            head, end, rest = self._body.partition(b"\r\n\r\n")
            if not end:
                return
            self._status = int(head[9:12])
            lower = head.lower()
            at = lower.find(b"content-length:")
            self._missing = int(lower[at + 15 :].split(b"\r\n", 1)[0]) - len(rest)
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._asking.answered(self, self._number, self._status)


def _text(asked: Asked, key: str, host: str) -> bytes:
    head = f"{asked.method} {asked.path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\n"
    if not asked.body:
        return f"{head}\r\n".encode()
    body = asked.body.encode()
    return f"{head}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
