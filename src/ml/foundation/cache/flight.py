"""Computations under way: who comes second waits for who came first.

Each key has one :class:`concurrent.futures.Future`, which threads wait for and event loops can await.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import suppress
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Landed:
    """The value, frozen; None where it cannot be kept, so that everybody has to compute."""

    frozen: Any | None


@dataclass(frozen=True, slots=True)
class Crashed:
    """The function raised; everybody who waits gets it."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Abandoned:
    """Who computed was cancelled or interrupted; somebody else takes over."""


Outcome = Landed | Crashed | Abandoned


@dataclass(eq=False)
class Flight:
    """One computation. Its leader enters it as a context and sets ``frozen``; leaving tells all who wait."""

    flights: Flights
    key: str
    future: Future[Outcome] = field(default_factory=Future)
    frozen: Any | None = None
    _token: Token[tuple[Flight, ...]] | None = None

    def __post_init__(self) -> None:
        # A running future cannot be cancelled: one who stops waiting must not stop the others.
        self.future.set_running_or_notify_cancel()

    def __enter__(self) -> Self:
        self._token = _leading.set((*_leading.get(), self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flights.remove(self)
        if error is None:
            self.future.set_result(Landed(self.frozen))
        elif isinstance(error, Exception):
            self.future.set_result(Crashed(error))
        else:  # CancelledError, KeyboardInterrupt, a coroutine thrown away
            self.future.set_result(Abandoned())
        with suppress(ValueError):  # a coroutine thrown away is closed in another context; its own is gone
            _leading.reset(self._token)  # type: ignore[arg-type]  # set by __enter__


# What the running code is computing, callers included: asking for it again must not wait for itself.
# Tasks and `WorkerPool.run` inherit it.
_leading: ContextVar[tuple[Flight, ...]] = ContextVar("ml_cache_leading", default=())


class Flights:
    """The computations of one function that are under way."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[str, Flight] = {}

    def join(self, key: str) -> tuple[Flight | None, bool]:
        """Find or begin the computation of a key.

        Returns
        -------
        Flight or None
            None where the caller is part of that computation: a recursion.
        bool
            Whether the caller leads it.
        """
        with self._lock:
            flight = self._flights.get(key)
            if flight is None:
                flight = self._flights[key] = Flight(self, key)
                return flight, True
            return (None, False) if flight in _leading.get() else (flight, False)

    def remove(self, flight: Flight) -> None:
        """Let the next caller begin anew."""
        with self._lock:
            if self._flights.get(flight.key) is flight:
                del self._flights[flight.key]

    def current(self, flight: Flight) -> bool:
        """Tell whether a computation still counts: nobody has cleared the cache since."""
        return self._flights.get(flight.key) is flight

    def forget(self) -> None:
        """Disown what is under way: who waits gets it, later callers do not."""
        with self._lock:
            self._flights.clear()
