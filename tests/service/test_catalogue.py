"""What counts as the same, what covers look like, and the library of sounds, over HTTP."""

import io

import numpy as np
import pytest
import soundfile
from PIL import Image

from ml.intelligent_search.covers import Album

RATE = 22_050
SAME = {"one": "test:track/calm-1", "other": "test:track/calm-2"}


def test_items_are_merged_listed_in_parts_and_split(admin, as_role):
    for number in range(2, 5):
        made = admin.post("/merges", SAME | {"other": f"test:track/calm-{number}"})
        assert (made.status_code, made.json()["method"]) == (201, "hand")
    seen, path = [], "/merges?count=2"
    while path:
        answer = admin.get(path)
        assert answer.status_code == 200, answer.text
        seen.append([each["item_id"] for each in answer.json()])
        path = answer.links.get("next", {}).get("url", "").removeprefix("/api/v1")
    assert list(map(len, seen)) == [2, 1]
    assert {each for part in seen for each in part} == {f"test:track/calm-{number}" for number in range(2, 5)}
    assert admin.post("/merges/split", {"item_id": "test:track/calm-2"}).json()["title"] == "calm song 2"
    assert admin.post("/merges/split", {"item_id": "test:track/calm-2"}).status_code == 400
    assert admin.get("/merges?after=test:track/calm-2").status_code == 404
    assert len(as_role("analyst").get("/merges").json()) == 2
    assert as_role("analyst").post("/merges", SAME).status_code == 403


def test_settings_that_were_searched_for_are_forgotten(client, admin):
    folder = client.app.state.service.app.workspace.tuning
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "track-discovery.json").write_text("{}")
    assert admin.delete("/tuning?kind=track").json() == {"removed": 1}
    assert admin.delete("/tuning").json() == {"removed": 0}


def picture(colour):
    return np.full((64, 64, 3), colour, dtype=np.uint8) + np.arange(64, dtype=np.uint8)[:, None, None] % 3


def test_covers_are_listed_by_colour_and_mood(client, admin, as_role):
    covers = client.app.state.service.app.cover_search
    covers.add([(Album("album:red", "Red", path="/music/red.jpg"), picture((200, 20, 20)))])
    covers.add([(Album("album:dark", "Dark"), picture((8, 8, 12)))])
    assert admin.get("/search/covers/colour?colour=rot").json()[0]["path"] == "/music/red.jpg"
    told = as_role("listener").get("/search/covers/colour?colour=rot").json()
    assert (told[0]["name"], told[0]["path"]) == ("Red", None)
    assert admin.get("/search/covers/mood?mood=dark").json()[0]["name"] == "Dark"
    assert admin.get("/search/covers/mood?mood=hungry").status_code == 400
    stream = io.BytesIO()
    Image.fromarray(picture((200, 20, 20))).save(stream, "PNG")
    without = admin("POST", "/search/covers/alike", files={"file": ("a.png", stream.getvalue())})
    assert (without.status_code, "image_encoder" in without.json()["hint"]) == (400, True)


@pytest.fixture
def scanned(client, tmp_path):
    """Three tones in files, scanned; give the folder."""
    folder = tmp_path / "music"
    folder.mkdir()
    for name, hz in (("a", 220), ("b", 330), ("c", 440)):
        wave = 0.3 * np.sin(2 * np.pi * hz * np.arange(3 * RATE) / RATE)
        soundfile.write(folder / f"{name}.wav", wave, RATE)
    client.app.state.service.app.audio_library.scan(folder, workers=1)
    return folder


def test_the_library_is_listed_in_parts_and_corrected(scanned, admin, as_role):
    first = admin.get("/audio/library?count=2")
    assert [each["path"] for each in first.json()] == [str(scanned / "a.wav"), str(scanned / "b.wav")]
    assert first.json()[0]["analysis"] is None
    rest = admin.get(first.links["next"]["url"].removeprefix("/api/v1") + "&analysis=true")
    assert [each["path"] for each in rest.json()] == [str(scanned / "c.wav")]
    assert rest.json()[0]["analysis"]["duration_s"] == pytest.approx(3.0)
    assert "next" not in rest.links
    name = first.json()[0]["content_hash"]
    said = {"content_hash": name, "tempo_bpm": 87, "key": "f#"}
    assert admin.post("/audio/corrections", said).json()["corrected"] == {"tempo_bpm": 87, "key": "Gb"}
    back = {"content_hash": name, "take_back": ["key"]}
    assert admin.post("/audio/corrections", back).json()["corrected"] == {"tempo_bpm": 87}
    assert admin.post("/audio/corrections", {"content_hash": "ab" * 16, "tempo_bpm": 87}).status_code == 404
    assert admin.post("/audio/corrections", {"content_hash": "/etc/passwd"}).status_code == 422
    assert as_role("listener").get("/audio/library").status_code == 403
    sent = {"file": ("x.wav", (scanned / "a.wav").read_bytes())}
    versions = as_role("listener")("POST", "/audio/versions", files=sent)
    assert versions.status_code == 200, versions.text
    assert "/music" not in versions.text
