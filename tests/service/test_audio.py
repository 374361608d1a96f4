"""Sounds and pictures over HTTP: good ones, broken ones, and ones that mean harm."""

import io
from functools import partial

import numpy as np
import pytest
import soundfile
from PIL import Image
from starlette.websockets import WebSocketDisconnect

RATE = 22_050


def wav(samples, rate=RATE):
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format="WAV")
    return stream.getvalue()


def tone(seconds=3.0):
    return 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)


def png(size=(64, 64)):
    stream = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(stream, "PNG")
    return stream.getvalue()


def send(asker, path, content, name="clip.wav"):
    return asker("POST", path, files={"file": (name, content)})


def test_a_sound_is_analysed_and_nothing_of_it_is_kept(admin, client):
    answer = send(admin, "/audio/analyze", wav(tone()))
    assert answer.status_code == 200, answer.text
    assert answer.json()["duration_s"] == pytest.approx(3.0)
    assert answer.json()["path"] == "clip.wav"
    assert not list(client.app.state.service.app.workspace.home.rglob("*clip*"))


@pytest.mark.parametrize(
    ("path", "content", "name", "said"),
    [
        ("/audio/analyze", b"", "a.wav", "0 bytes"),
        ("/audio/analyze", b"hello, I am a text", "a.mp3", "no sound"),
        ("/audio/analyze", b"RIFF\x00\x00\x00\x00WAVEfmt ", "a.wav", "a.wav"),
        ("/audio/analyze", png(), "a.flac", "no sound"),
        ("/search/audio", wav(np.zeros(RATE * 3)), "quiet.wav", "silent"),
        ("/search/image", b"", "a.png", "0 bytes"),
        ("/search/image", b"GIF8 and then nothing", "a.gif", "a.gif"),
        ("/search/image", wav(tone(1)), "a.png", "no picture"),
    ],
)
def test_what_is_no_sound_or_picture_says_so(admin, path, content, name, said):
    answer = send(admin, path, content, name)
    assert answer.status_code == 400, answer.text
    assert said in answer.json()["detail"]
    assert "/tmp" not in answer.text


def test_names_of_files_lead_nowhere(admin):
    answer = send(admin, "/audio/analyze", wav(tone(1)), "../../etc/passwd\x1b[31m.wav")
    assert answer.status_code == 200
    assert "/" not in answer.json()["path"]
    assert "\x1b" not in answer.json()["path"]


def test_a_sound_is_heard_while_it_arrives(client, admin):
    samples = (tone(2) * 32_000).astype("<i2").tobytes()
    with client.websocket_connect(f"/api/v1/audio/stream?rate={RATE}", headers=admin.headers) as socket:
        socket.send_bytes(samples)
        updates = [socket.receive_json() for _ in range(8)]
        socket.send_text("end")
        found = socket.receive_json()
        while "duration_s" not in found:
            found = socket.receive_json()
    assert updates[0]["at_s"] == pytest.approx(0.25, abs=0.001)
    assert found["duration_s"] == pytest.approx(2.0)


def test_a_stream_needs_a_key_and_whole_samples(client, admin, as_role):
    address = f"/api/v1/audio/stream?rate={RATE}"
    for headers in ({}, as_role("listener").headers):
        with pytest.raises(WebSocketDisconnect), client.websocket_connect(address, headers=headers):
            pass
    with client.websocket_connect(address, headers=admin.headers) as socket:
        socket.send_bytes(b"odd")
        assert "no whole samples" in socket.receive_json()["error"]


def test_a_process_hears_so_many_sounds_at_a_time(client, admin, monkeypatch):
    monkeypatch.setattr("ml.service.state.MOST_SOUNDS", 1)
    address = f"/api/v1/audio/stream?rate={RATE}"
    connect = partial(client.websocket_connect, address, headers=admin.headers)
    with connect(), pytest.raises(WebSocketDisconnect), connect():
        pass
    with connect() as socket:
        socket.send_bytes(b"odd")
        assert "no whole samples" in socket.receive_json()["error"]
