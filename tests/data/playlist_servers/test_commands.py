"""``ml playlist`` as it is typed, against servers of this machine."""

from __future__ import annotations

import json
import logging

import pytest
from typer.testing import CliRunner

from ml.cli.main import app
from ml.foundation.errors import AccessDenied, BadInput, UnknownId

LIST = "#EXTM3U\n#PLAYLIST:Sunday\n#EXTINF:200,A - One\n1.mp3\n#EXTINF:100,A - Two\n2.mp3\nspotify:track:4u\n"


@pytest.fixture
def file(tmp_path):
    (tmp_path / "sunday.m3u").write_text(LIST)
    return tmp_path / "sunday.m3u"


@pytest.fixture
def at_subsonic(subsonic, login, monkeypatch):
    for number, title in enumerate(("One", "Two"), start=1):
        subsonic.songs[f"{number}"] = {"id": f"{number}", "title": title, "artist": "A", "duration": 300 - 100 * number}
    monkeypatch.setenv("ML_SUBSONIC_URL", subsonic.url)
    monkeypatch.setenv("ML_SUBSONIC_USER", login["user"])
    monkeypatch.setenv("ML_SUBSONIC_PASSWORD", login["password"])
    return subsonic


def ml(*words):
    """Run a command that has to succeed; give what it prints."""
    done = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_read_shows_tracks_and_lines_that_cannot_be_used(tmp_path, file):
    printed = ml("playlist", "read", file)
    assert "Sunday" in printed
    assert "3 tracks" in printed
    assert "3:20" in printed
    (tmp_path / "x.txt").write_text("spotify:track:4u\nnonsense [bold]\n")
    assert "1 line not used" in ml("playlist", "read", tmp_path / "x.txt")
    told = json.loads(ml("playlist", "read", tmp_path / "x.txt", "--json"))
    assert told["problems"] == [
        {"line": 2, "reason": "no track of Spotify (spotify:track:…)", "raw": "nonsense [bold]"}
    ]
    assert told["playlist"]["tracks"][0]["outside_ids"] == ["spotify:track:4u"]


def test_convert_tells_what_is_lost(tmp_path, file):
    printed = ml("playlist", "convert", file, tmp_path / "x.txt")
    assert "1 track, spotify" in printed
    assert "left out: 2 tracks" in printed
    assert "the list's title" in printed
    told = json.loads(ml("playlist", "convert", file, tmp_path / "y.csv", "--relative", "--json"))
    assert (told["read"], told["written"]["written"], told["written"]["not_carried"]) == (3, 3, {})
    assert "1.mp3" in (tmp_path / "y.csv").read_text()
    assert str(tmp_path) not in (tmp_path / "y.csv").read_text()
    assert "0 tracks" in ml("playlist", "convert", file, tmp_path / "z.m3u8", "--existing")


def test_import_twice_then_out_again(tmp_path, file):
    first = json.loads(ml("playlist", "import", file, "--user", "local:joe", "--json"))
    assert (first["import_id"], first["stored"], first["resolved"], len(first["unresolved"])) == (1, 3, 0, 3)
    printed = ml("playlist", "import", file)
    assert "nothing new" in printed
    assert "3 tracks not known yet" in printed
    ml("export", "playlists", "-o", tmp_path / "out.xspf", "--playlist", "Sunday", "--user", "joe")
    assert json.loads(ml("playlist", "read", tmp_path / "out.xspf", "--json"))["playlist"]["title"] == "Sunday"


def test_push_and_pull_with_a_subsonic_server(tmp_path, file, at_subsonic):
    assert "created, 2 tracks" in ml("playlist", "push", file, "--to", "subsonic")
    told = json.loads(ml("playlist", "push", file, "--to", "subsonic", "--json"))
    assert (told["status"], [left["position"] for left in told["left_out"]]) == ("unchanged", [2])
    assert json.loads(ml("playlist", "pull", "--from", "subsonic", "--json"))[0]["title"] == "Sunday"
    assert "Sunday" in ml("playlist", "pull", "--from", "subsonic")
    assert "2 tracks" in ml("playlist", "pull", "sunday", "--from", "subsonic")
    again = json.loads(ml("playlist", "pull", "Sunday", "--from", "subsonic", "--json"))
    assert again["stored"]["import_id"] is None
    at_subsonic.lists["pl-1"]["songs"] = ["2"]
    ml("playlist", "pull", "Sunday", "--from", "subsonic")
    assert "unchanged, 1 track" in ml("playlist", "push", "Sunday", "--to", "subsonic")
    ml("playlist", "pull", "Sunday", "--from", "subsonic", "-o", tmp_path / "x.jspf")
    assert "Two" in (tmp_path / "x.jspf").read_text()


def test_a_file_of_the_library_is_named_in_what_is_pulled(tmp_path, file, at_subsonic):
    ml("playlist", "push", file, "--to", "subsonic")
    ml("playlist", "import", file)
    told = json.loads(ml("playlist", "pull", "Sunday", "--from", "subsonic", "-o", tmp_path / "x.m3u8", "--json"))
    assert (told["tracks"], told["written"]["written"], len(told["written"]["left_out"])) == (2, 0, 2)


def test_listenbrainz(tmp_path, listenbrainz, login, monkeypatch):
    monkeypatch.setenv("ML_LISTENBRAINZ_URL", listenbrainz.url)
    mbid = "e97f805a-ab48-4c52-855e-07049142113d"
    (tmp_path / "x.csv").write_text(f"title,mbid\nJóga,{mbid}\nNo id,\n")
    (tmp_path / "token").write_text(login["token"] + "\n")
    words = ("--secret-file", tmp_path / "token", "--json")
    told = json.loads(ml("playlist", "push", tmp_path / "x.csv", "--to", "listenbrainz", *words, "--name", "Björk"))
    assert (told["status"], told["sent"], told["title"]) == ("created", 1, "Björk")
    found = json.loads(ml("playlist", "pull", "Björk", "--from", "listenbrainz", *words))
    assert (found["tracks"], found["stored"]["stored"]) == (1, 1)


@pytest.mark.parametrize(
    ("words", "kind", "says"),
    [
        (("--to", "navidrome"), BadInput, "no kind of server"),
        (("--to", "subsonic"), BadInput, "no address"),
        (("--to", "subsonic", "--server", "http://localhost"), BadInput, "no name to log in"),
        (("--to", "subsonic", "--server", "http://localhost", "--user", "x"), BadInput, "no password"),
        (("--to", "listenbrainz"), BadInput, "no token"),
    ],
)
def test_what_is_missing_is_named(file, words, kind, says):
    with pytest.raises(kind, match=says):
        ml("playlist", "push", file, *words)


def test_no_secret_in_what_is_said_or_logged(file, at_subsonic, monkeypatch, caplog):
    monkeypatch.setenv("ML_SUBSONIC_PASSWORD", "".join(("sword", "fish")))
    with caplog.at_level(logging.DEBUG), pytest.raises(AccessDenied) as caught:
        ml("playlist", "push", file, "--to", "subsonic")
    shown = f"{caught.value}{caught.getrepr(showlocals=True)}{caplog.text}"
    assert "sword" + "fish" not in shown
    with pytest.raises(UnknownId, match="no playlist 'Nothing'"):
        monkeypatch.setenv("ML_SUBSONIC_PASSWORD", "sesame äö")
        ml("playlist", "pull", "Nothing", "--from", "subsonic")
