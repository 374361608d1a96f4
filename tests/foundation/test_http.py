"""Questions over HTTP: what goes wrong is said in words, and without secrets."""

from __future__ import annotations

import socket
import threading
from contextlib import closing

import pytest

from ml.foundation import http
from ml.foundation.errors import BadInput, ServerError
from ml.foundation.http import Server


@pytest.fixture
def answers():
    """Start a server that reads a request, sends given bytes, and closes or goes on waiting."""
    sockets = []

    def start(content, *, then_close=True):
        listener = socket.create_server(("127.0.0.1", 0))
        sockets.append(listener)

        def serve():
            connection, _ = listener.accept()
            sockets.append(connection)
            connection.recv(65536)
            connection.sendall(content)
            if then_close:
                connection.close()

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for one in sockets:
        one.close()


def ask(address, timeout_s=5.0):
    return Server.at(address, timeout_s=timeout_s).get("/x", [("t", "secret")])


def test_json_comes_parsed_and_other_text_not(answers):
    found = ask(answers(b'HTTP/1.0 200 OK\r\nX-Y: z\r\n\r\n{"a": 1}'))
    assert (found.status, found.document, found.headers) == (200, {"a": 1}, {"x-y": "z"})
    assert ask(answers(b"HTTP/1.0 500 Oh\r\n\r\n<html>")).document is None


@pytest.mark.parametrize(
    ("content", "close", "says"),
    [
        (b"", False, "no answer within 0.3 s"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\n{", False, "no answer within 0.3 s"),
        (b"hello\r\n\r\n", True, "in no HTTP that can be read"),
        (b"", True, "in no HTTP that can be read"),
        (b"HTTP/1.0 302 Go\r\nLocation: https://else.example/y?t=secret\r\n\r\n", True, "on to https://else.example/y"),
    ],
)
def test_what_goes_wrong_is_said_without_the_query(answers, content, close, says):
    with pytest.raises(ServerError, match=says) as caught:
        ask(answers(content, then_close=close), timeout_s=0.3)
    assert "secret" not in f"{caught.value} {caught.value.__cause__}"
    assert caught.value.hint


def test_an_answer_without_end_is_given_up(answers, monkeypatch):
    monkeypatch.setattr(http, "MAX_BYTES", 1000)
    with pytest.raises(ServerError, match="an answer of more than"):
        ask(answers(b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 5000))


def test_nobody_there():
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(ServerError, match="nothing answers there"):
        ask(f"http://127.0.0.1:{port}")
    with pytest.raises(ServerError, match="no server of this name"):
        ask("http://nobody.invalid")


def test_no_encryption_where_it_is_asked_for(answers):
    address = answers(b"HTTP/1.0 400 no\r\n\r\n").replace("http:", "https:")
    with pytest.raises(ServerError, match=r"no encrypted connection|in no HTTP"):
        ask(address)


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("ftp://music.example", "no address of a server"),
        ("music.example", "no address of a server"),
        ("https://joe:sesame@music.example", "holds a password"),
        ("https://music.example/?a=1", "ends in a query"),
        ("https://music.example:port", "cannot be read"),
        ("https://[::1", "cannot be read"),
        ("", "no address of a server"),
    ],
)
def test_what_is_no_address(address, says):
    with pytest.raises(BadInput, match=says) as caught:
        Server.at(address)
    assert "sesame" not in str(caught.value)


def test_places_and_who_can_listen():
    assert Server.at("http://[::1]:80/a/").place == "[::1]:80/a"
    assert [Server.at(f"{one}").open_to_listeners for one in ("http://localhost", "https://a.b", "http://a.b")] == [
        False,
        False,
        True,
    ]
    with pytest.raises(BadInput, match="no time to wait"):
        Server.at("http://a.b", timeout_s=0)
