"""Whether the workspace is in order: its folder, database, snapshots, imports, and the demo world.

Looking changes nothing: no folder is made, no database is migrated, nothing is written but a
temporary file without a name that shows whether writing is possible.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Engine, create_engine, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError

from ml.data import migrations
from ml.data.schema import imports
from ml.data.snapshot import Snapshot
from ml.data.store.faults import translated
from ml.data.workspace import demo_home
from ml.foundation.counting import number_of
from ml.foundation.diagnosis import Check
from ml.foundation.errors import CorruptSnapshot, EmptyWorkspace, MissingExtra, SettingsError, StoreBusy, StoreError
from ml.foundation.extras import extra
from ml.foundation.moments import in_utc
from ml.foundation.section import hide_password

#: Less free space than this is a problem: an import or a training may need as much.
LEAST_FREE_BYTES = 1 << 30
#: A write-ahead log beyond this means that some process reads for very long.
LARGEST_LOG_BYTES = 1 << 30
_CONNECT_TIMEOUT_S = 5
_DATABASE = "ml.db"


def check_workspace(home: Path, database_url: str) -> list[Check]:
    """Check a workspace and the demo world that belongs to it.

    Parameters
    ----------
    home : Path
        The workspace's folder.
    database_url : str
        Empty means SQLite in the folder.
    """
    checks = [check_folder(home), check_space(home)]
    checks += check_database(database_url or f"sqlite:///{home / _DATABASE}")
    return [*checks, check_snapshot(home / "snapshots"), check_demo(demo_home(home))]


def check_folder(home: Path) -> Check:
    """Check that the folder is there and can be written."""
    if not home.exists():
        place = _nearest(home)
        problem = _refusal(place)
        if problem:
            return Check("workspace", "problem", f"{home} cannot be made: {place} {problem}", "ml --home FOLDER doctor")
        return Check("workspace", "missing", f"{home} is not there yet", "ml import PATH")
    problem = _refusal(home)
    if problem:
        return Check("workspace", "problem", f"{home} {problem}", f"chmod u+rwx {shlex.quote(str(home))}")
    return Check("workspace", "ok", str(home))


def check_space(home: Path) -> Check:
    """Check that the workspace's disk has some room left."""
    free = shutil.disk_usage(_nearest(home)).free
    detail = f"{free / (1 << 30):,.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Check("disk", "problem", f"{detail}, less than 1 GiB", f"df -h {shlex.quote(str(_nearest(home)))}")
    return Check("disk", "ok", detail)


def check_database(url: str) -> list[Check]:
    """Check that a database answers, is one of ours, is whole, and has no import left half-way.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql://…``.
    """
    try:
        parsed = _parsed(url)
    except SettingsError as error:
        return [Check("database", "problem", error.message, error.hint)]
    try:
        if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").exists():
            return [Check("database", "missing", f"{parsed.database} is not there yet", "ml import PATH")]
        with _opened(parsed) as engine:
            return list(_look_into(engine, parsed))
    except MissingExtra as error:
        return [Check("database", "problem", error.message, error.hint)]
    except (StoreError, DBAPIError) as error:
        detail = error.message if isinstance(error, StoreError) else f"{_where(parsed)}: {error.orig}"
        return [Check("database", "problem", detail, _mend(error, parsed))]


def check_snapshot(folder: Path) -> Check:
    """Check the newest snapshot byte by byte."""
    try:
        found = Snapshot.latest(folder)
    except EmptyWorkspace:
        return Check("snapshot", "missing", "none was taken yet", "ml snapshot")
    except (CorruptSnapshot, OSError) as error:
        return Check("snapshot", "problem", str(error).partition("\n")[0], "ml snapshot")
    rows = found.manifest.rows
    detail = f"{found.folder.name}, {number_of(rows['listens'], 'listen')}, {in_utc(found.manifest.taken_at)}"
    return Check("snapshot", "ok", detail)


def check_demo(home: Path) -> Check:
    """Check whether the demo world was made and its database is whole."""
    if not (home / _DATABASE).exists():
        return Check("demo world", "missing", "not made yet", "ml demo")
    bad = [check for check in check_database(f"sqlite:///{home / _DATABASE}") if check.status != "ok"]
    if bad:
        return Check("demo world", "problem", bad[0].detail, f"rm -r {shlex.quote(str(home))} && ml demo")
    return Check("demo world", "ok", f"{home} (synthetic)")


def _look_into(engine: Engine, url: URL) -> Iterator[Check]:
    with translated(_where(url)):
        revision = migrations.revision(engine)
        yield _revision(_where(url), revision)
        if url.get_backend_name() == "sqlite":
            yield _integrity(engine)
            yield _log(Path(f"{url.database}-wal"))
        if revision == migrations.HEAD:
            yield from _interrupted(engine)


def _where(url: URL) -> str:
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _mend(error: Exception, url: URL) -> str:
    if url.get_backend_name() != "sqlite":
        return f"pg_isready -h {url.host or 'localhost'} -p {url.port or 5432}"
    file = shlex.quote(str(url.database))
    if isinstance(error, StoreBusy):
        return f"fuser -v {file}"
    return "ml workspace restore FILE --force" if os.access(str(url.database), os.R_OK) else f"chmod u+rw {file}"


def _revision(where: str, revision: str | None) -> Check:
    newest = migrations.HEAD
    if revision is None:
        return Check("database", "missing", f"{where}: nothing of ours in it yet", "ml import PATH")
    if revision > newest:
        detail = f"{where}: revision {revision}, newer than this version knows ({newest})"
        return Check("database", "problem", detail, "pip install --upgrade spotify-ai-agent-ml")
    later = "" if revision == newest else f"; the next command brings it to {newest}"
    return Check("database", "ok", f"{where}, revision {revision}{later}")


def _integrity(engine: Engine) -> Check:
    with engine.connect() as connection:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA quick_check(3)")]
    if found != ["ok"]:
        return Check("integrity", "problem", "; ".join(found), "ml workspace restore FILE")
    return Check("integrity", "ok", "every page of the database is sound")


def _log(path: Path) -> Check:
    size = path.stat().st_size if path.exists() else 0
    detail = f"{size / 1e6:,.1f} MB"
    if size > LARGEST_LOG_BYTES:
        detail += ": some process has been reading for so long that it cannot be folded in"
        return Check("write-ahead log", "problem", detail, f"fuser -v {shlex.quote(str(path))}")
    return Check("write-ahead log", "ok", detail)


def _interrupted(engine: Engine) -> Iterator[Check]:
    statement = select(imports.c.id, imports.c.path, imports.c.started_at)
    with engine.connect() as connection:
        rows = connection.execute(statement.where(imports.c.status == "running").order_by(imports.c.id)).all()
    for row in rows:
        detail = f"{row.path}: begun {in_utc(row.started_at)}, not at its end (unless it runs now)"
        yield Check(f"import {row.id}", "problem", detail, f"ml import {shlex.quote(row.path)}")


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SettingsError(f"{hide_password(url)!r} is not a database URL", "ml settings") from None
    if parsed.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
        raise SettingsError(f"no store for {parsed.get_backend_name()!r} databases", "ml settings")
    return parsed


@contextmanager
def _opened(url: URL) -> Iterator[Engine]:
    """Open a database for reading; a store would bring it up to date."""
    if url.get_backend_name() == "sqlite":
        address = f"file:{quote(str(Path(url.database or '').absolute()))}?mode=ro"

        def connect() -> Any:
            return sqlite3.connect(address, uri=True, timeout=_CONNECT_TIMEOUT_S)

        engine = create_engine("sqlite://", creator=connect)
    else:
        with extra("postgres"):
            import pg8000  # noqa: F401
        options = {"timeout": _CONNECT_TIMEOUT_S}
        engine = create_engine(url.set(drivername="postgresql+pg8000"), connect_args=options)
    try:
        yield engine
    finally:
        engine.dispose()


def _nearest(folder: Path) -> Path:
    """Give the folder itself, or the nearest one above it that is there."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def _refusal(folder: Path) -> str | None:
    """Try to write into a folder; say why not."""
    if not folder.is_dir():
        return "is not a folder"
    try:
        with tempfile.TemporaryFile(dir=folder) as stream:
            stream.write(b"\0")
    except OSError as error:
        return f"cannot be written ({error.strerror})"
    return None
