"""What Prometheus reads: requests, their time, and what the process is."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

#: Names the folder through which several processes are counted together: prometheus_client reads it at its import, in
#: each of the processes that answer.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.045, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Counters:
    """Counts what a process answers."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "ml_requests", "Requests that were answered", ["operation", "method", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "ml_request_seconds", "Time of an answer", ["operation"], buckets=_SECONDS, registry=self._registry
        )
        self._denied = Counter("ml_denied", "Requests that were refused at the gate", ["why"], registry=self._registry)

    def request(self, operation: str, method: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(operation, method, str(status)).inc()
        self._seconds.labels(operation).observe(seconds)

    def denied(self, why: str) -> None:
        """Count a refusal."""
        self._denied.labels(why).inc()

    def text(self) -> bytes:
        """Give all counts, of all processes of the service where they are counted together."""
        if SHARED not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)
