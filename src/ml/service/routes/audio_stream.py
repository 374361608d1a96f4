"""A sound that is still arriving, over a WebSocket."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect

from ml.foundation.errors import BadInput, MLError
from ml.foundation.results import Result
from ml.service.answers import encode
from ml.service.gate import admit_socket
from ml.service.shares import TooMany
from ml.service.state import state_of

router = APIRouter()
#: Bytes of one message, and seconds of one sound, at most.
MOST_BYTES, MOST_S = 1 << 20, 3600
#: Without anything for so long, whoever sends is gone.
PATIENCE_S = 30.0
#: Codes of closing: what was sent cannot be used; come later; whoever asks may not (RFC 6455, and its private range).
UNUSABLE, BUSY, REFUSED = 1003, 1013, 4403


@router.websocket("/audio/stream")
async def stream_audio(
    socket: WebSocket,
    rate: Annotated[int, Query(ge=8_000, le=192_000)],
    channels: Annotated[int, Query(ge=1, le=2)] = 1,
) -> None:
    """Say of a sound that is still arriving what it is so far.

    Send samples as binary messages, 16 bits, little endian, channels interleaved; the text ``end`` ends the sound. What
    comes back are lines of JSON: updates, four a second of sound, and at the end the analysis.
    """
    try:
        caller = await admit_socket(socket, "stream_audio")
    except (MLError, TooMany) as error:
        await socket.close(REFUSED, str(error))
        return
    with state_of(socket).sound(caller) as room:
        if not room:
            await socket.close(BUSY, "too many sounds at a time")
            return
        await _answered(socket, rate, channels)


async def _answered(socket: WebSocket, rate: int, channels: int) -> None:
    try:
        await socket.accept()
        await _heard(socket, rate, channels)
    except MLError as error:
        await socket.send_text(encode({"error": error.message, "hint": error.hint}).decode())
        await socket.close(UNUSABLE)
    except TooMany:
        await socket.close(BUSY, "too many sounds at a time")
    except (WebSocketDisconnect, TimeoutError):
        with suppress(RuntimeError):  # it is closed already
            await socket.close()


async def _heard(socket: WebSocket, rate: int, channels: int) -> None:
    from ml.audio_analysis import StreamAnalyzer
    from ml.audio_analysis.heads import AudioHeads

    service = state_of(socket)
    stream = StreamAnalyzer(rate, channels, heads=AudioHeads.of(service.app.workspace))
    heard = 0
    while True:
        message = await asyncio.wait_for(socket.receive(), PATIENCE_S)
        if message["type"] == "websocket.disconnect":
            return
        data = message.get("bytes")
        if data is None:
            if message.get("text") != "end":
                raise BadInput("a text message that is not 'end'", "send samples as binary messages")
            await _tell(socket, [await service.run(stream.finish)])
            await socket.close()
            return
        samples = _samples(data, channels)
        heard += len(samples)
        if heard > MOST_S * rate:
            raise BadInput(f"more than {MOST_S:,} s of one sound", "begin another")
        await _tell(socket, await service.run(_updates, stream, samples))


def _updates(stream: Any, samples: Any) -> list[Result]:
    return list(stream.push(samples))


def _samples(data: bytes, channels: int) -> Any:
    if len(data) > MOST_BYTES:
        raise BadInput(f"a message of more than {MOST_BYTES:,} bytes", "send smaller ones")
    if not data or len(data) % (2 * channels):
        raise BadInput(f"{len(data)} bytes are no whole samples", f"send {2 * channels} bytes for each moment")
    return np.frombuffer(data, dtype="<i2").astype(np.float32).reshape(-1, channels) / 32_768


async def _tell(socket: WebSocket, results: list[Result]) -> None:
    for one in results:
        await socket.send_text(encode(one).decode())
