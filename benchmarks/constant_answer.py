"""What the framework alone allows: one route that gives the same bytes each time, behind the same processes.

``python -m benchmarks.constant_answer BYTES WORKERS`` prints its address, and answers until it is stopped. The body of
a request is read and checked as that of a recommendation is.
"""

from __future__ import annotations

import os
import socket
import sys

import uvicorn
from fastapi import FastAPI, Response
from uvicorn.supervisors import Multiprocess

from ml.service.bodies.recommendations import RecommendationsAsked

_BYTES = "BENCHMARK_BYTES"


def build() -> FastAPI:
    """Build the application in a process that answers."""
    body = b'"' + b"x" * (int(os.environ[_BYTES]) - 2) + b'"'
    application = FastAPI()

    @application.post("/constant")
    async def constant(_asked: RecommendationsAsked) -> Response:
        return Response(body, media_type="application/json")

    return application


def main() -> None:
    """Answer until stopped."""
    os.environ[_BYTES] = sys.argv[1]
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(2048)
    listening.set_inheritable(True)
    print(f"http://127.0.0.1:{listening.getsockname()[1]}", flush=True)
    config = uvicorn.Config(
        "benchmarks.constant_answer:build",
        factory=True,
        workers=int(sys.argv[2]),
        loop="ml.service.accepting:new_loop",
        access_log=False,
        log_level="warning",
    )
    Multiprocess(config, sockets=[listening]).run()


if __name__ == "__main__":
    main()
