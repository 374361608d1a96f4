"""How connections come to several processes that listen at one address.

An event loop takes all that wait at once, so that whichever process wakes first would have them all, and keep them as
long as they last. Here a process takes one, attends to what it has, and takes the next: whoever has less to do takes
more.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Any

#: After so many seconds without room for another connection it may be worth another try.
_FULL_S = 0.1


class Taking:
    """Takes connections from a socket that listens, one at a time.

    Parameters
    ----------
    loop : asyncio.AbstractEventLoop
    protocol_factory : callable
        Makes what speaks with one connection.
    listening : socket.socket
    encryption : ssl.SSLContext or None
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        listening: socket.socket,
        encryption: ssl.SSLContext | None,
    ) -> None:
        self._loop, self._factory, self._listening, self._encryption = loop, protocol_factory, listening, encryption
        self._beginning: set[asyncio.Task[None]] = set()
        listening.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Take no more; what was taken goes on."""
        if self._listening.fileno() >= 0:
            self._loop.remove_reader(self._listening)

    async def wait_closed(self) -> None:
        """Wait for connections that are only beginning."""
        await asyncio.gather(*self._beginning, return_exceptions=True)

    def _listen(self) -> None:
        if self._listening.fileno() >= 0:
            self._loop.add_reader(self._listening, self._take)

    def _take(self) -> None:
        try:
            taken, _ = self._listening.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return  # another process was quicker, or whoever asked is gone
        except OSError:
            # As many files are open as may be: asked again at once, it would ask without end.
            self._loop.remove_reader(self._listening)
            self._loop.call_later(_FULL_S, self._listen)
            return
        taken.setblocking(False)
        task = self._loop.create_task(self._begin(taken))
        self._beginning.add(task)
        task.add_done_callback(self._beginning.discard)

    async def _begin(self, taken: socket.socket) -> None:
        # What goes wrong while a connection begins is the matter of whoever began it.
        with suppress(OSError, ssl.SSLError):
            await self._loop.connect_accepted_socket(self._factory, taken, ssl=self._encryption)


class _Fair:
    """An event loop whose servers take connections so."""

    async def create_server(
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        host: Any = None,
        port: Any = None,
        *,
        sock: socket.socket | None = None,
        ssl: ssl.SSLContext | None = None,
        **more: Any,
    ) -> Any:
        if sock is None:
            return await super().create_server(protocol_factory, host, port, ssl=ssl, **more)  # type: ignore[misc]
        loop: Any = self
        return Taking(loop, protocol_factory, sock, ssl)


def new_loop() -> asyncio.AbstractEventLoop:
    """Make the event loop of a process that answers beside others: uvloop's where it is installed."""
    try:
        import uvloop
    except ImportError:
        base: Any = asyncio.SelectorEventLoop
    else:
        base = uvloop.Loop
    made: asyncio.AbstractEventLoop = type("FairLoop", (_Fair, base), {})()
    return made
