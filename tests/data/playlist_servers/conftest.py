"""Servers of playlists on this machine, which speak what is documented and check what they are told.

Both refuse what the documentation calls required; each keeps the requests that it was sent.
"""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator
from hashlib import md5
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

USER, PASSWORD, TOKEN = "joe", "sesame äö", "0000-token-of-joe"
RECORDING = "https://musicbrainz.org/recording/"
EXTENSION = "https://musicbrainz.org/doc/jspf#playlist"


class Service(ThreadingHTTPServer):
    """A server on a free port, in a thread; subclasses answer requests."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, str, str]] = []  # method, address as it was sent, body
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def respond(self, method, path, query, body, headers):
        """Give status, a document or bytes, and headers."""
        raise NotImplementedError

    def stop(self):
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    def _serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.requests.append((self.command, self.path, body.decode()))
        parts = urlsplit(self.path)
        query = parse_qsl(parts.query, keep_blank_values=True)
        status, document, headers = self.server.respond(self.command, parts.path, query, body, self.headers)
        content = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = _serve  # noqa: N815

    def log_message(self, *_words):
        """Say nothing."""


class SubsonicService(Service):
    """The Subsonic API 1.16.1, with the extensions of OpenSubsonic where ``modern``."""

    def __init__(self, *, modern=True, folder=""):
        self.modern, self.folder = modern, folder
        self.songs: dict[str, dict] = {}
        self.lists: dict[str, dict] = {}
        super().__init__()

    def respond(self, method, path, query, body, headers):
        if headers.get("Content-Type") == "application/x-www-form-urlencoded":
            if not self.modern:
                return 405, b"<html>not here</html>", {}
            query = [*query, *parse_qsl(body.decode(), keep_blank_values=True)]
        found = re.fullmatch(re.escape(self.folder) + r"/rest/(\w+)\.view", path)
        if not found:
            return 404, b"<html>404</html>", {}
        said = self._said(found[1], query)
        kind = {"type": "ours", "serverVersion": "1", "openSubsonic": True} if self.modern else {}
        status = "failed" if "error" in said else "ok"
        return 200, {"subsonic-response": {"status": status, "version": "1.16.1", **kind, **said}}, {}

    def _said(self, method, query):
        given = dict(query)
        if method == "getOpenSubsonicExtensions" and self.modern:
            return {"openSubsonicExtensions": [{"name": "formPost", "versions": [1]}]}
        if missing := {"u", "t", "s", "v", "c", "f"} - given.keys():
            return _error(10, f"Required parameter is missing: {missing}")
        assert "p" not in given, "the password is never sent"
        assert len(given["s"]) >= 6
        assert given["f"] == "json"
        token = md5((PASSWORD + given["s"]).encode()).hexdigest()
        if (given["u"], given["t"]) != (USER, token):
            return _error(40, f"Wrong username or password: {given['t']}")
        name = re.sub(r"([A-Z])", lambda one: f"_{one[1].lower()}", method)
        verb = getattr(self, f"_{name}", None)
        return verb(given, query) if verb else _error(70, f"no such method {method}")

    def _ping(self, _given, _query):
        return {}

    def _search3(self, given, _query):
        words = given["query"].casefold().split()
        hits = [song for song in self.songs.values() if all(word in f"{song}".casefold() for word in words)]
        hits = hits[: int(given.get("songCount", 20))]
        return {"searchResult3": {"song": self._listed(hits)} if hits else {}}

    def _get_playlists(self, _given, _query):
        heads = [{name: one[name] for name in one if name != "songs"} for one in self.lists.values()]
        return {"playlists": {"playlist": self._listed(heads)} if heads else {}}

    def _get_playlist(self, given, _query):
        if given.get("id") not in self.lists:
            return _error(70, "Playlist not found")
        one = self.lists[given["id"]]
        entries = [self.songs[song] for song in one["songs"]]
        head = {name: one[name] for name in one if name != "songs"}
        return {"playlist": head | ({"entry": self._listed(entries)} if entries else {})}

    def _create_playlist(self, given, query):
        songs = [value for name, value in query if name == "songId"]
        if unknown := [song for song in songs if song not in self.songs]:
            return _error(70, f"no song {unknown[0]}")
        key = given.get("playlistId") or f"pl-{len(self.lists) + 1}"
        if "playlistId" not in given:
            self.lists[key] = {"id": key, "name": given["name"], "owner": USER, "public": False}
        self._set(key, songs)
        return self._get_playlist({"id": key}, query) if self.modern else {}

    def _update_playlist(self, given, query):
        if given.get("playlistId") not in self.lists:
            return _error(70, "Playlist not found")
        one = self.lists[given["playlistId"]]
        if one["owner"] != USER:
            return _error(50, "not yours")
        away = {int(value) for name, value in query if name == "songIndexToRemove"}
        kept = [song for at, song in enumerate(one["songs"]) if at not in away]
        self._set(one["id"], kept + [value for name, value in query if name == "songIdToAdd"])
        one |= {name: given[name] for name in ("name", "comment") if name in given}
        if "public" in given:
            one["public"] = given["public"] == "true"
        return {}

    def _set(self, key, songs):
        self.lists[key] |= {"songs": songs, "songCount": len(songs)}

    def _listed(self, values):
        # The original server writes a list of one without its brackets.
        return values[0] if len(values) == 1 and not self.modern else values


def _error(code, message):
    return {"error": {"code": code, "message": message}}


class ListenBrainzService(Service):
    """The playlist API of ListenBrainz as its server's source checks it."""

    def __init__(self):
        self.lists: dict[str, dict] = {}
        self.busy = 0  # how many questions are answered with 429 first
        self.names = {}  # title and artist by recording
        super().__init__()

    def respond(self, method, path, query, body, headers):  # noqa: C901
        if self.busy:
            self.busy -= 1
            return 429, {"code": 429, "error": "slow down"}, {"X-RateLimit-Reset-In": "7"}
        known = headers.get("Authorization") == f"Token {TOKEN}"
        if path == "/1/validate-token":
            return 200, {"code": 200, "valid": known, **({"user_name": "Joe"} if known else {})}, {}
        if path == "/1/user/Joe/playlists":
            return 200, self._own(dict(query)), {}
        if not known:
            return 401, {"code": 401, "error": f"Invalid authorization: {headers.get('Authorization')}"}, {}
        if path == "/1/playlist/create":
            return self._create(json.loads(body))
        found = re.fullmatch(r"/1/playlist/(?:(edit)/)?([0-9a-f-]{36})(/item/add|/item/delete)?", unquote(path))
        if not found or found[2] not in self.lists:
            return 404, {"code": 404, "error": "Cannot find playlist"}, {}
        one, document = self.lists[found[2]], json.loads(body) if body else {}
        if one["creator"] != "Joe" and method == "POST":
            return 403, {"code": 403, "error": "You are not allowed to edit this playlist."}, {}
        if found[1]:
            return self._edit(one, document["playlist"])
        if found[3] == "/item/delete":
            del one["mbids"][document["index"] : document["index"] + document["count"]]
        elif found[3] == "/item/add":
            return self._add(one, document["playlist"]["track"], 100)
        return 200, {"status": "ok"} if found[3] else self._jspf(found[2]), {}

    def _own(self, given):
        start, count = int(given["offset"]), min(int(given["count"]), 2)  # pages of two
        mine = [key for key, one in self.lists.items() if one["creator"] == "Joe"]
        page = [self._jspf(key, tracks=False) for key in mine[start : start + count]]
        return {"count": len(page), "offset": start, "playlist_count": len(mine), "playlists": page}

    def _create(self, document):
        playlist = document.get("playlist", {})
        public = playlist.get("extension", {}).get(EXTENSION, {}).get("public")
        if not playlist.get("title") or not isinstance(public, bool):
            return 400, {"code": 400, "error": "title and public are required"}, {}
        key = str(uuid.uuid4())
        self.lists[key] = {"title": playlist["title"], "annotation": playlist.get("annotation"), "creator": "Joe"}
        self.lists[key] |= {"public": public, "mbids": [], "collaborators": []}
        added = self._add(self.lists[key], playlist.get("track", []), None)
        return added if added[0] != 200 else (200, {"status": "ok", "playlist_mbid": key}, {})

    def _add(self, one, tracks, most):
        if most and len(tracks) > most:
            return 400, {"code": 400, "error": "You may only add max 100 recordings per call."}, {}
        for track in tracks:
            (identifier,) = track["identifier"]
            if not identifier.startswith(RECORDING):
                return 400, {"code": 400, "error": "no recording"}, {}
            one["mbids"].append(str(uuid.UUID(identifier.removeprefix(RECORDING))))
        return 200, {"status": "ok"}, {}

    def _edit(self, one, playlist):
        extension = playlist.get("extension", {}).get(EXTENSION, {})
        one["title"] = playlist.get("title") or one["title"]
        one["annotation"] = playlist.get("annotation", one["annotation"])
        one["public"] = extension.get("public", one["public"])
        one["collaborators"] = extension.get("collaborators", [])
        return 200, {"status": "ok"}, {}

    def _jspf(self, key, *, tracks=True):
        one = self.lists[key]
        head = {"title": one["title"], "creator": one["creator"], "date": "2026-01-01T00:00:00+00:00"}
        head |= {"identifier": f"https://listenbrainz.org/playlist/{key}"}
        head |= {"annotation": one["annotation"]} if one["annotation"] else {}
        head |= {"extension": {EXTENSION: {"public": one["public"], "collaborators": one["collaborators"]}}}
        listed = [{"identifier": [RECORDING + mbid], **self.names.get(mbid, {})} for mbid in one["mbids"]]
        return {"playlist": head | {"track": listed if tracks else []}}


@pytest.fixture
def subsonic() -> Iterator[SubsonicService]:
    service = SubsonicService()
    yield service
    service.stop()


@pytest.fixture
def old_subsonic() -> Iterator[SubsonicService]:
    """One that knows no extensions, writes lists of one without brackets, and lies in a folder."""
    service = SubsonicService(modern=False, folder="/music")
    yield service
    service.stop()


@pytest.fixture
def listenbrainz() -> Iterator[ListenBrainzService]:
    service = ListenBrainzService()
    yield service
    service.stop()


@pytest.fixture
def service_of():
    """Start a service of one's own class; it is stopped afterwards."""
    started = []

    def start(kind):
        started.append(kind())
        return started[-1]

    start.base = Service
    yield start
    for service in started:
        service.stop()


@pytest.fixture
def login():
    return {"user": USER, "password": PASSWORD, "token": TOKEN}
