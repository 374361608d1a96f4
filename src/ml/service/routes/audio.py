"""Sounds: analysed, known again, and heard while they arrive."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Query, Request, Response, UploadFile

from ml.audio_analysis import AudioAnalysis
from ml.audio_analysis.library.identification import Identification
from ml.intelligent_search.covers.results import CoverAnswer
from ml.intelligent_search.results import SearchResults
from ml.service.answers import Answer
from ml.service.bodies.base import Count, Tongue
from ml.service.form_fields import known_only
from ml.service.gate import GuardedRoute, caller_of
from ml.service.state import state_of
from ml.service.uploads import asked, opened, received

router = APIRouter(route_class=GuardedRoute, dependencies=[Depends(known_only)])
Sound = Annotated[UploadFile, File(description="a sound: WAV, FLAC, MP3, Ogg, Opus, AIFF, M4A …")]
Picture = Annotated[UploadFile, File(description="a photograph or screenshot: JPEG, PNG, WebP …")]


@router.post("/audio/analyze", response_model=AudioAnalysis, tags=["audio"])
async def analyze_audio(request: Request, file: Sound) -> Response:
    """Say what a sound sounds like: loudness, tempo, beats, key, chords, sections; nothing of it is kept."""
    async with received(file, "sound") as path:
        reply = await asked(state_of(request).opener, path, {"do": "analyse", "path": str(path)})
    return Answer(reply["analysis"] | {"path": path.name} if "path" in reply["analysis"] else reply["analysis"])


@router.post("/audio/identify", response_model=Identification, tags=["audio"])
async def identify_audio(request: Request, file: Sound) -> Response:
    """Say which recording of the library an excerpt is of."""
    service = state_of(request)
    async with received(file, "sound") as path:
        plain = await opened(service.opener, path, "sound")
        found = await service.run(service.app.audio_library.identify, plain)
    return Answer(caller_of(request).told(replace(found, path=path.name)))


@router.post("/search/audio", response_model=SearchResults, tags=["search"])
async def search_audio(
    request: Request,
    file: Sound,
    how: Annotated[Literal["auto", "identify", "similar", "hum"], Query()] = "auto",
    count: Annotated[Count, Query()] = 10,
    language: Annotated[Tongue, Query()] = "en",
) -> Response:
    """Find tracks by a recording: an excerpt, something alike, or a melody that somebody hums."""
    service = state_of(request)
    async with received(file, "sound") as path:
        plain = await opened(service.opener, path, "sound")
        search = service.app.search_engine.search_audio
        found = await service.run(search, plain, how, count=count, language=language)
    return Answer(caller_of(request).told(replace(found, text=path.name)))


@router.post("/search/voice", response_model=SearchResults, tags=["search"])
async def search_voice(
    request: Request,
    file: Sound,
    count: Annotated[Count, Query()] = 10,
    language: Annotated[Tongue, Query()] = "en",
) -> Response:
    """Find a name of the catalogue that somebody says, in English; what was heard is told with its probability."""
    service = state_of(request)
    async with received(file, "sound") as path:
        plain = await opened(service.opener, path, "sound")
        search = service.app.search_engine.search_voice
        found = await service.run(search, plain, count=count, language=language)
    return Answer(caller_of(request).told(found))


@router.post("/search/image", response_model=CoverAnswer, tags=["search"])
async def search_image(request: Request, file: Picture, count: Annotated[int, Query(ge=1, le=50)] = 5) -> Response:
    """Say which album a photograph or a screenshot shows."""
    service = state_of(request)
    async with received(file, "picture") as path:
        plain = await opened(service.opener, path, "picture")
        found = await service.run(service.app.cover_search.find, plain, count)
    return Answer(caller_of(request).told(found))
