"""Files that wait to be imported: kept until their job has ended, sealed where the workspace is encrypted."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi import UploadFile

from ml.app import App
from ml.data.jobs.job import QUEUED, RUNNING, Job
from ml.data.vault.files import CLEAR, SEALED_NAME, SealedWriter
from ml.data.vault.vault import UPLOADS
from ml.foundation.errors import BadInput
from ml.foundation.results import plain
from ml.service.uploads import safe_name, without

_BLOCK = 1 << 20
#: A folder without a job is left alone for so long: its file may still be arriving.
_GRACE_S = 3600.0
#: Jobs are read from the store by so many.
_PAGE = 500


def kept_in(app: App) -> Path:
    """Give the folder of files that wait."""
    return app.workspace.home / "uploads"


async def keep(app: App, upload: UploadFile) -> Path:
    """Write what is sent into a folder of its own.

    Raises
    ------
    BadInput
        If it is empty.
    """
    root, name = kept_in(app), safe_name(upload.filename, "import")
    root.mkdir(mode=0o700, exist_ok=True)
    folder, size = Path(tempfile.mkdtemp(dir=root)), 0
    try:
        key = await asyncio.to_thread(_key, app)
        file = folder / (name if key is None else SEALED_NAME)
        with file.open("wb") as stream:
            sealed = None if key is None else SealedWriter(stream, key, name)
            while block := await upload.read(_BLOCK):
                size += len(block)
                await asyncio.to_thread((sealed or stream).write, block)
            if sealed is not None:
                sealed.close()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if not size:
        shutil.rmtree(folder)
        raise BadInput(
            f"{name}: the file is empty (0 bytes)",
            "send an export, a table or an archive",
            code="empty_file",
            values={"name": name},
        )
    return file


def named(app: App, value: Any) -> Any:
    """Call kept files by their names in a result, wherever it says where they lie: nobody outside has use for that.

    Parameters
    ----------
    app : ml.app.App
    value : object
        Anything that :func:`ml.foundation.results.plain` takes.
    """
    root = kept_in(app)
    places = "|".join(re.escape(str(each)) for each in (root, root.resolve()))
    return without(plain(value), re.compile(rf"(?:{places})/[^/]+/(?:{CLEAR}/)?"))


def _key(app: App) -> bytes | None:
    """Give the key that files are sealed with; None where the workspace is not encrypted."""
    store = app.workspace.store
    with store.read() as connection:
        if store.vault.refresh(connection) is None:
            return None
        return store.vault.keys_of(connection, [UPLOADS])[UPLOADS]


def sweep(app: App) -> None:
    """Remove files whose job has ended."""
    needed = {Path(job.arguments["path"]).parent.name for state in (QUEUED, RUNNING) for job in _imports(app, state)}
    for folder in kept_in(app).iterdir():
        if folder.name not in needed and time.time() - folder.stat().st_mtime > _GRACE_S:
            shutil.rmtree(folder, ignore_errors=True)


def forget(file: Path) -> None:
    """Remove a file that no job waits for."""
    shutil.rmtree(file.parent, ignore_errors=True)


def _imports(app: App, state: str) -> Iterator[Job]:
    """Give all imports in a state, not only the newest."""
    before = None
    while page := app.jobs.list(state=state, kind="import", count=_PAGE, before=before):
        yield from page
        before = page[-1].id
