"""Single tracks: their facts, what is known of their sound, and the sound itself."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import MutableHeaders
from starlette.types import Receive, Scope, Send

from ml.app.tracks import SimilarTracks, TrackAnalysis, TrackFacts
from ml.audio_analysis.library.of_item import SCAN
from ml.audio_analysis.sound_picture import MOST_POINTS, VERSION, SoundPicture
from ml.data.audio_files.playable import FLAC, MP3, MP4, OGG, WAV, media_type
from ml.foundation.errors import UnknownId
from ml.service.answers import MARKED, REVALIDATED, marked, unless_known
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["tracks"])
Item = Annotated[Name, Query(description="outside id or exact name")]
#: A player that asks for much at once is sent so many bytes of it, and asks again: it would leave the answer open while
#: it plays, where requests have an end. A part may be less than was asked for (RFC 9110, 15.3.7).
PART = 1 << 20
_ONE_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})")
_RANGES = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})(,\s*(\d{1,18}-\d{0,18}|-\d{1,18}))*")
_SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in (MP3, FLAC, WAV, OGG, MP4)}},
    206: {"description": "The bytes that `Range` asks for"},
    416: {"description": "The file ends before that"},
}


class Sound(FileResponse):
    """A file, whole or the bytes that are asked for, at most :data:`PART` of one range."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked = MutableHeaders(scope=scope)
        wanted = asked.get("range", "")
        if one := _ONE_RANGE.fullmatch(wanted):
            most = int(one[1]) + PART - 1
            asked["range"] = f"bytes={one[1]}-{min(most, int(one[2] or most))}"
        elif not _RANGES.fullmatch(wanted):
            del asked["range"]  # what is none is to be overlooked (RFC 9110, 14.2)
        await super().__call__(scope, receive, send)


_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/png": {}}, "headers": MARKED[200]["headers"]},
    304: MARKED[304],
}


@router.get("/tracks", response_model=TrackFacts, responses=MARKED)
async def track(request: Request, item_id: Item) -> Response:
    """Say what is known of a track: names, genres, plays by everybody, tempo, key, whether it can be heard."""
    service = state_of(request)
    return unless_known(request, await service.run(service.app.tracks.facts, item_id))


@router.get("/tracks/similar", response_model=SimilarTracks, responses=MARKED)
async def track_similar(request: Request, item_id: Item, count: Annotated[int, Query(ge=1, le=100)] = 10) -> Response:
    """Find what sounds like a track, or where its sound is not known, what the same people listen to."""
    service = state_of(request)
    return unless_known(request, await service.run(service.app.tracks.similar, item_id, count=count))


@router.get("/tracks/analysis", response_model=TrackAnalysis, responses=MARKED)
async def track_analysis(
    request: Request, item_id: Item, columns: Annotated[int, Query(ge=16, le=MOST_POINTS)] = 1_600
) -> Response:
    """Say what is known of the sound of a track: beats, chords, sections, key, loudness, and its waveform to draw."""
    service = state_of(request)
    try:
        picture = await _picture(request, item_id)
    except UnknownId:
        picture = None  # the file is not what it was; what was heard of it is known all the same
    found = await service.run(service.app.tracks.analysis, item_id, picture, columns=columns)
    return unless_known(request, caller_of(request).told(found))


@router.get("/tracks/spectrogram", response_class=Response, responses=_PICTURE)
async def track_spectrogram(request: Request, item_id: Item) -> Response:
    """Give the mel spectrogram of a track in grey, a pixel a band and moment, white 80 dB above black."""
    picture = await _picture(request, item_id)
    return marked(request, await state_of(request).run(picture.png), "image/png")


async def _picture(request: Request, item_id: str) -> SoundPicture:
    service = state_of(request)
    scanned, file = await service.run(service.app.tracks.file, item_id)
    kept = await service.kept_sounds.get("draw", f".{VERSION}.npz", file, scanned.content_hash)
    return await service.run(SoundPicture.load, kept)


@router.get("/tracks/audio", response_class=Response, responses=_SOUND)
async def track_audio(request: Request, item_id: Item) -> Response:
    """Give the sound of a track, from a file that was scanned: as it is where browsers play it, else as FLAC."""
    service = state_of(request)
    scanned, file = await service.run(service.app.tracks.file, item_id)
    try:
        kind = await service.run(media_type, file)
        if kind is None:
            file, kind = await service.kept_sounds.get("playable", ".flac", file, scanned.content_hash), FLAC
        status = await service.run(file.stat)
    except OSError as error:
        raise UnknownId(f"{item_id}: its file cannot be read ({error.strerror})", SCAN, code="not_scanned") from None
    return Sound(file, media_type=kind, stat_result=status, headers={"Cache-Control": REVALIDATED})
