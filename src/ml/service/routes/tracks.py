"""Single tracks: their facts, what is known of their sound, and the sound itself."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.datastructures import MutableHeaders
from starlette.types import Receive, Scope, Send

from ml.audio_analysis.library.of_item import SCAN
from ml.data.audio_files.playable import FLAC, MP3, MP4, OGG, WAV, media_type
from ml.foundation.errors import UnknownId
from ml.service.answers import REVALIDATED
from ml.service.bodies.base import Name
from ml.service.gate import GuardedRoute
from ml.service.state import state_of

router = APIRouter(route_class=GuardedRoute, tags=["tracks"])
Item = Annotated[Name, Query(description="outside id or exact name")]
#: A player that asks for everything from a place on is sent so many bytes, and asks again: it would leave the answer
#: open while it plays, where requests have an end.
PART = 1 << 20
_OPEN_END = re.compile(r"bytes=(\d{1,18})-")
_RANGES = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})(,\s*(\d{1,18}-\d{0,18}|-\d{1,18}))*")
_SOUND: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {} for kind in (MP3, FLAC, WAV, OGG, MP4)}},
    206: {"description": "The bytes that `Range` asks for"},
    416: {"description": "The file ends before that"},
}


class Sound(FileResponse):
    """A file, whole or the bytes that are asked for; of an open end, some."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked = MutableHeaders(scope=scope)
        wanted = asked.get("range", "")
        if begin := _OPEN_END.fullmatch(wanted):
            asked["range"] = f"bytes={begin[1]}-{int(begin[1]) + PART - 1}"
        elif not _RANGES.fullmatch(wanted):
            del asked["range"]  # what is none is to be overlooked (RFC 9110, 14.2)
        await super().__call__(scope, receive, send)


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
        raise UnknownId(f"{item_id}: its file cannot be read ({error.strerror})", SCAN) from None
    return Sound(file, media_type=kind, stat_result=status, headers={"Cache-Control": REVALIDATED})
