"""The library of analysed files: listed, corrected, compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from ml.audio_analysis.library.identification import Version
from ml.audio_analysis.library.results import LibraryTrack
from ml.foundation.results import Result
from ml.service.answers import PAGED, Answer, following
from ml.service.bodies.catalogue import CorrectionAsked
from ml.service.gate import GuardedRoute, caller_of
from ml.service.routes.audio import Sound
from ml.service.state import state_of
from ml.service.uploads import opened, received

router = APIRouter(route_class=GuardedRoute, tags=["audio"])


@dataclass(frozen=True, slots=True)
class Corrected(Result):
    """All that is corrected of a sound now."""

    content_hash: str
    corrected: Mapping[str, Any]


@router.get("/audio/library", response_model=list[LibraryTrack], responses=PAGED)
async def list_library(
    request: Request,
    count: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(min_length=1, max_length=4096, description="path to go on behind")] = None,
    analysis: Annotated[bool, Query(description="whether with all that was heard, curves too")] = False,
) -> Response:
    """List the files that were scanned, by path, with what is wrong with them and what was corrected."""
    service = state_of(request)
    found = await service.run(service.app.audio_library.page, count + 1, after=after)
    headers = {} if len(found) <= count else {"Link": following(request, after=found[count - 1].path)}
    part = found[:count]
    return Answer(part if analysis else [replace(each, analysis=None) for each in part], headers=headers)


@router.post("/audio/corrections", response_model=Corrected)
async def correct_audio(request: Request, asked: CorrectionAsked) -> Response:
    """Say what is right of a sound, whatever the analysis says; it holds for every file with this sound."""
    service = state_of(request)
    done = await service.run(service.app.audio_library.correct_sound, asked.content_hash, **asked.fields())
    return Answer(Corrected(asked.content_hash, done))


@router.post("/audio/versions", response_model=list[Version])
async def audio_versions(request: Request, file: Sound, count: Annotated[int, Query(ge=1, le=200)] = 10) -> Response:
    """Rank the library by how alike its chords are to those of a song, in any key and tempo."""
    service = state_of(request)
    async with received(file, "sound") as path:
        plain = await opened(service.opener, path, "sound")
        found = await service.run(service.app.audio_library.versions, plain, count=count)
    return Answer(caller_of(request).told(found))
