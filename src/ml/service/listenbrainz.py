"""What players of ListenBrainz send, checked, and the answers they expect.

Conventions
-----------
- A submission is taken whole or refused whole, with the limits of ListenBrainz.
- An error is ``{"code": 400, "error": "…"}`` under the same HTTP status; players tell by it whether to try again.
- Values that ListenBrainz itself puts right are put right: texts without outer blanks, durations that are numbers in
  quotes, empty MusicBrainz ids.

References
----------
https://listenbrainz.readthedocs.io/en/latest/users/json.html,
https://listenbrainz.readthedocs.io/en/latest/users/api/core.html
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from ml.data.ingest.scrobbles import MOST
from ml.foundation.errors import BadInput, NotAuthenticated, StoreError
from ml.foundation.outcomes import outcome_of
from ml.service.answers import Answer
from ml.service.foreign import ForeignRoute, Refused
from ml.service.problems import RETRY_S, words_of
from ml.service.shares import TooMany

LISTEN_TYPES = ("single", "playing_now", "import")
#: The limits of ListenBrainz: bytes of a listen, its tags and the characters of each.
LISTEN_BYTES, TAGS, TAG_LENGTH = 10_240, 50, 64
#: 1 October 2002, before which nobody scrobbled; and how far a player's clock may be ahead.
EARLIEST_S, AHEAD_S = 1_033_430_400, 3_600
_LONGEST_S = 24 * 86_400
_ONE_MBID = ("release_mbid", "recording_mbid", "release_group_mbid", "track_mbid")
_SEVERAL_MBIDS = ("artist_mbids", "work_mbids")


@dataclass(frozen=True, slots=True)
class Submission:
    """What a player sent.

    Parameters
    ----------
    listen_type : str
        One of :data:`LISTEN_TYPES`.
    listens : tuple of dict
        As :func:`ml.data.importers.listenbrainz.listens_frame` takes them.
    """

    listen_type: str
    listens: tuple[dict[str, Any], ...]


def read_submission(body: bytes, *, now_s: float | None = None) -> Submission:
    """Read and check what was sent to ``submit-listens``.

    Parameters
    ----------
    body : bytes
    now_s : float, optional
        The present, in seconds since 1970.

    Raises
    ------
    BadInput
        If ListenBrainz would refuse it.
    """
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadInput(f"the body is no JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadInput("the body is no JSON object")
    listen_type, payload = document.get("listen_type"), document.get("payload")
    if listen_type not in LISTEN_TYPES:
        raise BadInput(f"listen_type has to be one of {', '.join(LISTEN_TYPES)}")
    if not isinstance(payload, list) or not payload:
        raise BadInput("payload has to be a list of listens, and to hold one")
    if len(payload) > (MOST if listen_type == "import" else 1):
        most = f"{MOST:,} listens" if listen_type == "import" else "one listen"
        raise BadInput(f"payload holds {len(payload):,} listens, and {listen_type} may hold {most}")
    if len(body) > len(payload) * LISTEN_BYTES:
        raise BadInput(f"a listen may take {LISTEN_BYTES:,} bytes, and these take more")
    latest = (time.time() if now_s is None else now_s) + AHEAD_S
    for number, listen in enumerate(payload):
        try:
            _check_listen(listen, listen_type, latest)
        except BadInput as error:
            raise BadInput(f"payload[{number}]: {error.message}") from None
    return Submission(listen_type, tuple(payload))


def _check_listen(listen: Any, listen_type: str, latest: float) -> None:
    wanted = {"track_metadata"} if listen_type == "playing_now" else {"listened_at", "track_metadata"}
    if not isinstance(listen, dict) or set(listen) != wanted:
        raise BadInput(f"a listen of {listen_type} has exactly: {', '.join(sorted(wanted))}")
    if listen_type != "playing_now":
        listen["listened_at"] = _whole("listened_at", listen["listened_at"])
        if listen["listened_at"] >= latest:
            raise BadInput("Value for key listened_at is too high.")
        if listen["listened_at"] < EARLIEST_S:
            raise BadInput("Value for key listened_at is too low.")
    track = listen["track_metadata"]
    if not isinstance(track, dict):
        raise BadInput("track_metadata is no object")
    for name in ("track_name", "artist_name"):
        text = track.get(name)
        if not isinstance(text, str) or not text.strip():
            raise BadInput(f"track_metadata.{name} has to be a text")
    # Some players send an empty one, which ListenBrainz refuses: the listen would be lost for want of an album.
    if track.get("release_name") and not isinstance(track["release_name"], str):
        raise BadInput("track_metadata.release_name has to be a text")
    info = track.get("additional_info", {})
    if not isinstance(info, dict):
        raise BadInput("track_metadata.additional_info is no object")
    _check_info(info)


def _check_info(info: dict[str, Any]) -> None:
    tags = info.get("tags", [])
    if not isinstance(tags, list) or len(tags) > TAGS:
        raise BadInput(f"additional_info.tags has to be a list of at most {TAGS}")
    if not all(isinstance(tag, str) and len(tag) <= TAG_LENGTH for tag in tags):
        raise BadInput(f"each of additional_info.tags has to be a text of at most {TAG_LENGTH} characters")
    if "duration" in info and "duration_ms" in info:
        raise BadInput("additional_info may hold duration or duration_ms, not both")
    for name, longest in (("duration", _LONGEST_S), ("duration_ms", _LONGEST_S * 1000)):
        if name in info:
            info[name] = _whole(name, info[name])
            if not 0 < info[name] <= longest:
                raise BadInput(f"{name} has to lie between 1 and {longest}")
    for name in (*_ONE_MBID, *_SEVERAL_MBIDS):
        given = info.pop(name, None) or []
        several = given if isinstance(given, list) and name in _SEVERAL_MBIDS else [given] * bool(given)
        found = [one for one in several if one]
        if not all(map(_is_uuid, found)):
            raise BadInput(f"{name}: this is no MusicBrainz id")
        if found:
            info[name] = found if name in _SEVERAL_MBIDS else found[0]


def _whole(name: str, value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput(f"{name} has to be a whole number") from None


def _is_uuid(value: Any) -> bool:
    try:
        return bool(UUID(value))
    except (TypeError, ValueError, AttributeError):
        return False


def listen_of(row: Mapping[str, Any], user_name: str) -> dict[str, Any]:
    """Write a stored listen as ListenBrainz gives it.

    Parameters
    ----------
    row : mapping
        One of :class:`ml.data.exporters.recent.Stretch`.
    """
    names = {"duration_ms": "duration_ms", "isrc": "isrc", "mbid": "recording_mbid", "device": "media_player"}
    info: dict[str, Any] = {theirs: row[ours] for ours, theirs in names.items() if row[ours] is not None}
    if row["ms_played"] is not None:
        info["duration_played"] = row["ms_played"] // 1000
    track = {"artist_name": row["credit"] or "", "track_name": row["name"], "additional_info": info}
    if row["album"] is not None:
        track["release_name"] = row["album"]
    return {"listened_at": row["listened_at"] // 1000, "user_name": user_name, "track_metadata": track}


class ListenBrainzRoute(ForeignRoute):
    """A route whose errors are ListenBrainz's."""

    async def refused(self, request: Request, error: Refused) -> Response:
        """Say what is wrong, and when it may be worth another try."""
        if isinstance(error, TooMany):
            return refusal(429, "too many requests", {"Retry-After": str(error.wait_s)})
        if isinstance(error, RequestValidationError):
            return refusal(400, "invalid: " + ", ".join(str(each["loc"][-1]) for each in error.errors()))
        wait = {"Retry-After": str(RETRY_S)} if isinstance(error, StoreError) else {}
        words = "; ".join(text for text in words_of(error, request.scope) if text)
        return refusal(outcome_of(error).status, words, wait)


class TokenRoute(ListenBrainzRoute):
    """The route that tells whether a token is valid: one that is not is no error there."""

    async def key(self, request: Request) -> str | None:
        """Look for the token where old players send it."""
        if "authorization" in request.headers:
            return None
        token = request.query_params.get("token", "").strip()
        if not token:
            raise BadInput("You need to provide an Authorization token.")
        return token

    async def refused(self, request: Request, error: Refused) -> Response:
        """Say so where a token is not valid."""
        if isinstance(error, NotAuthenticated):
            return Answer(invalid("Token invalid."))
        return await super().refused(request, error)


def refusal(status: int, words: str, headers: Mapping[str, str] | None = None) -> Response:
    """Say what is wrong as ListenBrainz does."""
    return Answer({"code": status, "error": words}, status, headers)


def invalid(message: str) -> dict[str, Any]:
    """Say that a token is of no use."""
    return {"code": 200, "message": message, "valid": False}
