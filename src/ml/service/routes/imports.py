"""Files to be imported: looked at, imported in the background, undone; and the rows that were refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import orjson
from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi import Path as InPath
from fastapi.responses import StreamingResponse
from pydantic import StringConstraints

from ml.app.jobs.kinds import KINDS
from ml.data.importers.registry import AUTO
from ml.data.ingest import ImportRecord, UndoReport
from ml.data.ingest.preview import Preview
from ml.data.ingest.refused import Rejects
from ml.data.jobs import Job
from ml.data.workspace import REAL
from ml.foundation.errors import BadInput
from ml.service.answers import PAGED, PRIVATE, Answer, following, page
from ml.service.bodies.base import Count, Name
from ml.service.discretion import discreet_import
from ml.service.form_fields import known_only
from ml.service.gate import GuardedRoute, caller_of
from ml.service.kept_uploads import forget, keep, kept_in, named, sweep
from ml.service.routes.jobs import accepted
from ml.service.state import ServiceState, state_of
from ml.service.uploads import arrived, without

router = APIRouter(route_class=GuardedRoute, tags=["imports"], dependencies=[Depends(known_only)])
ImportId = Annotated[int, InPath(ge=1, lt=1 << 53)]
#: Columns of a table with their names: as many as it likes.
Columns = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Sent = Annotated[UploadFile, File(description="an export of a service, a table, an archive")]
_CSV = "text/csv; charset=utf-8"
_NOTHING = "send an export, a table or an archive"


def _asked(
    kind: Annotated[Name, Form(description="which importer; auto looks at the content")] = AUTO,
    user: Annotated[Name | None, Form(description="whose listens, where the file does not say")] = None,
    columns: Annotated[
        Columns | None,
        Form(description='which column of a table is what: user=userId,title=song, or JSON: {"user": "userId"}'),
    ] = None,
    item_kind: Annotated[
        Literal["track", "artist"] | None, Form(description="what it is about, where it does not say")
    ] = None,
    source: Annotated[Name | None, Form(description="prefix of ids that come without one")] = None,
    delimiter: Annotated[Name | None, Form(description="of text tables; guessed if left out")] = None,
    encoding: Annotated[Name | None, Form(description="of text files; left out: by the mark, else UTF-8")] = None,
    private_in_profile: Annotated[
        bool | None, Form(description="whether listens of private sessions count like others")
    ] = None,
) -> dict[str, Any]:
    """Give the options of an import that were sent."""
    given: dict[str, Any] = {"kind": kind, "user": user, "columns": columns, "item_kind": item_kind, "source": source}
    given |= {"delimiter": delimiter, "encoding": encoding, "private_in_profile": private_in_profile}
    return {name: value for name, value in given.items() if value is not None}


Asked = Annotated[dict[str, Any], Depends(_asked)]


@router.post("/imports/preview", response_model=Preview)
async def preview_import(request: Request, file: Sent, asked: Asked) -> Response:
    """Say what a file is, how it would be read, and what of its beginning would be refused; nothing is stored."""
    service = state_of(request)
    async with arrived(file, "import", _NOTHING) as path:
        return Answer(await _looked_at(service, path, asked))


async def _looked_at(service: ServiceState, path: Path, asked: dict[str, Any]) -> dict[str, Any]:
    read = KINDS["import"].read({"path": str(path), **asked}).model_dump(exclude={"path", "again"})
    # In a process that may take little: what strangers send may mean harm to whatever reads it.
    opener = await asyncio.to_thread(lambda: service.opener)
    job = {"do": "preview", "path": str(path), "asked": orjson.dumps(read).decode()}
    reply = await asyncio.wrap_future(opener.submit(job))
    if "refused" in reply:
        raise BadInput(**reply["refused"])
    if "problem" in reply:
        raise BadInput(f"{path.name}: {reply['problem']['message']}", "export or download the file again")
    return cast("dict[str, Any]", without(reply["preview"], re.compile(re.escape(f"{path.parent}/"))))


@router.post("/imports", response_model=Job, status_code=202)
async def import_file(
    request: Request,
    file: Sent,
    asked: Asked,
    again: Annotated[bool | None, Form(description="whether to read also what was read before")] = None,
) -> Response:
    """Import a file in the background; the answer is the job, whose result counts what was read, stored and refused."""
    service, principal = state_of(request), caller_of(request).principal
    # At once, and not by the job: who sends a file to the demo world need not wait to be told.
    await service.run(service.app.workspace.mark, REAL)
    path = await keep(service.app, file)
    arguments = {"path": str(path), **asked} | ({} if again is None else {"again": again})
    job = await service.run(_imported, service, arguments, principal.id if principal else "")
    return accepted(service.app, job)


def _imported(service: ServiceState, arguments: dict[str, Any], owner: str) -> Job:
    try:
        job = service.app.jobs.submit("import", arguments, owner=owner, within=[kept_in(service.app)])
    except BaseException:
        forget(Path(arguments["path"]))
        raise
    sweep(service.app)
    return job


@router.get("/imports", response_model=list[ImportRecord], responses=PAGED)
async def list_imports(
    request: Request,
    count: Annotated[Count, Query()] = 100,
    before: Annotated[int | None, Query(ge=1, lt=1 << 53, description="imports before this one")] = None,
) -> Response:
    """List the imports, the newest first."""
    service = state_of(request)
    found = await service.run(service.app.imports, count=count + 1, before=before)
    if not caller_of(request).runs_the_place:
        found = [discreet_import(each) for each in found]
    return page(request, named(service.app, found), count, by="import_id")


@router.post("/imports/{import_id}/undo", response_model=UndoReport)
async def undo_import(request: Request, import_id: ImportId) -> Response:
    """Remove what an import brought."""
    service = state_of(request)
    return Answer(await service.run(service.app.undo_import, import_id))


@router.get("/imports/{import_id}/rejects", response_model=Rejects, responses=PAGED)
async def list_rejects(
    request: Request,
    import_id: ImportId,
    reason: Annotated[Name | None, Query(description="only rows refused for this, as reasons has it")] = None,
    count: Annotated[Count, Query()] = 100,
    after: Annotated[int, Query(ge=0, lt=1 << 53, description="the following of the page before")] = 0,
) -> Response:
    """List the rows that an import refused, with file, line and reason."""
    service = state_of(request)
    found = await service.run(service.app.rejects, import_id, reason=reason, count=count, after=after)
    headers = {} if found.following is None else {"Link": following(request, after=found.following)}
    return Answer(named(service.app, found), headers=headers)


@router.get("/imports/{import_id}/rejects.csv", response_class=Response, responses={200: {"content": {_CSV: {}}}})
async def export_rejects(
    request: Request,
    import_id: ImportId,
    file: Annotated[Name | None, Query(description="only rows of this file of an archive")] = None,
) -> Response:
    """Give the rows that an import refused as a table that can be mended and imported again."""
    service = state_of(request)
    parts: Iterator[str] = await service.run(service.app.export_rejects, import_id, file=file)
    # What can go wrong does so before the first part, while there is an answer to say it in.
    first = await service.run(next, parts)
    headers = {
        "Content-Disposition": f'attachment; filename="import-{import_id}-refused.csv"',
        "Cache-Control": PRIVATE,
    }
    return StreamingResponse(chain([first], parts), media_type=_CSV, headers=headers)
