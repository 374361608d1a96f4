"""The servers of playlists that whoever runs the place has set up; nobody else gives addresses and secrets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ml.data.playlist_servers.listenbrainz import ADDRESS, ListenBrainz
from ml.data.playlist_servers.server import PlaylistServer
from ml.data.playlist_servers.subsonic import Subsonic
from ml.foundation.errors import BadInput, did_you_mean
from ml.foundation.http import Server
from ml.foundation.secret import Secret, find_secret

#: Takes what a secret is, and gives what asks a person for it; None where nobody is there.
Asker = Callable[[str], Callable[[], str] | None]
#: The kinds of servers.
KINDS = ("subsonic", "listenbrainz")


def configured(
    kind: str,
    *,
    address: str | None = None,
    user: str | None = None,
    secret_file: Path | None = None,
    ask: Asker = lambda _: None,
    timeout_s: float = 10.0,
) -> PlaylistServer:
    """Give a server; what is left out is in the environment.

    Parameters
    ----------
    kind : str
        One of :data:`KINDS`.
    address : str, optional
        Else ``ML_SUBSONIC_URL`` or ``ML_LISTENBRAINZ_URL``; ListenBrainz is known.
    user : str, optional
        At Subsonic; else ``ML_SUBSONIC_USER``.
    secret_file : Path, optional
        File that begins with the password or token; else ``ML_SUBSONIC_PASSWORD`` or ``ML_LISTENBRAINZ_TOKEN``.
    ask : callable
        See :data:`Asker`.
    timeout_s : float
        To wait for an answer.

    Raises
    ------
    BadInput
        If there is no such kind, or something of it is nowhere.
    """
    if kind not in KINDS:
        raise BadInput(f"{kind!r} is no kind of server", did_you_mean(kind, KINDS))
    if kind == "listenbrainz":
        where = Server.at(address or os.environ.get("ML_LISTENBRAINZ_URL") or ADDRESS, timeout_s=timeout_s)
        return ListenBrainz(where, _secret("token", "ML_LISTENBRAINZ_TOKEN", secret_file, ask))
    address = address or os.environ.get("ML_SUBSONIC_URL")
    user = user or os.environ.get("ML_SUBSONIC_USER")
    if not address:
        raise BadInput("no address of a server", "give --server https://music.example, or set ML_SUBSONIC_URL")
    if not user:
        raise BadInput("no name to log in with", "give --user NAME, or set ML_SUBSONIC_USER")
    where = Server.at(address, timeout_s=timeout_s)
    return Subsonic(where, user, _secret("password", "ML_SUBSONIC_PASSWORD", secret_file, ask))


def _secret(what: str, variable: str, file: Path | None, ask: Asker) -> Secret:
    return find_secret(what, variable=variable, file=file, option="--secret-file", ask=ask(what))
