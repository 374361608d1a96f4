"""How connections spread over those who listen at one address."""

import asyncio
import socket
import ssl

import pytest

from ml.service.accepting import Taking, new_loop

CLIENTS = 20


class Speaker(asyncio.Protocol):
    """Says whose it is."""

    def __init__(self, name, taken):
        self.name, self.taken = name, taken

    def connection_made(self, transport):
        self.taken.append(self.name)
        transport.write(self.name)

    def eof_received(self):
        return False


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0), backlog=CLIENTS) as made:
        yield made


def test_whoever_listens_too_has_a_share(listening):
    async def go():
        clients = [socket.create_connection(listening.getsockname()) for _ in range(CLIENTS)]  # all wait already
        taken, loop, other = [], asyncio.get_running_loop(), listening.dup()
        both = [
            Taking(loop, lambda n=name: Speaker(n, taken), of, None) for name, of in ((b"a", listening), (b"b", other))
        ]
        while len(taken) < CLIENTS:
            await asyncio.sleep(0.01)
        for each in both:
            each.close()
            await each.wait_closed()
        for each in (*clients, other):
            each.close()
        await asyncio.sleep(0.05)
        return taken

    with asyncio.Runner(loop_factory=new_loop) as runner:
        taken = runner.run(go())
    assert CLIENTS // 4 <= taken.count(b"a") <= CLIENTS * 3 // 4


def test_what_does_not_speak_the_encryption_harms_nobody(listening):
    async def go():
        taken, context = [], ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server = Taking(asyncio.get_running_loop(), lambda: Speaker(b"a", taken), listening, context)
        reader, writer = await asyncio.open_connection(*listening.getsockname())
        writer.write(b"GET / HTTP/1.1\r\n\r\n")
        while await reader.read(100):
            pass  # it may say so in its own way, and ends
        writer.close()
        server.close()
        await server.wait_closed()
        return taken

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(go()) == []


def test_one_that_is_made_for_an_address_is_the_loops_own():
    async def go():
        taken, loop = [], asyncio.get_running_loop()
        server = await loop.create_server(lambda: Speaker(b"a", taken), "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        said = await reader.read(1)
        writer.close()
        server.close()
        await server.wait_closed()
        return said

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(go()) == b"a"
