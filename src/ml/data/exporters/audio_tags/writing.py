"""A file with new tags in the place of the one before."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ml.data.exporters.audio_tags.flac import Flac
from ml.data.exporters.audio_tags.form import Fields, Form, Tags, Unwritable
from ml.data.exporters.audio_tags.id3 import Id3
from ml.data.exporters.audio_tags.mp4 import Mp4
from ml.data.exporters.audio_tags.ogg import Ogg
from ml.data.importers.audio_payload import Payload, hash_payload
from ml.foundation.atomic import draft, sync

_FIRST_PAGE = 80


def current_tags(path: Path) -> Fields:
    """Read the fields that a file's tag has.

    Raises
    ------
    Unwritable
        If its tag is none that can be written here.
    OSError
        If it cannot be read.
    """
    form = _form_of(path, hash_payload(path))
    with path.open("rb") as stream:
        return form.read(stream).fields


def write_tags(path: Path, wanted: Fields, *, dry_run: bool = False) -> Fields:
    """Replace some fields of a file's tag.

    Parameters
    ----------
    path : Path
        A link is followed.
    wanted : mapping of str to tuple of str
        By field, see :mod:`ml.data.exporters.audio_tags`.
    dry_run : bool
        Whether to say only what would be written.

    Returns
    -------
    mapping
        What was written, as the form writes it; fields that it has no place for are not in it.

    Raises
    ------
    Unwritable
        If it cannot be done; the file is as it was.
    OSError
        If the file cannot be read, or nothing be written beside it.
    ml.foundation.errors.DiskFull
    """
    path = path.resolve(strict=True)
    before, payload = path.stat(), hash_payload(path)
    form = _form_of(path, payload)
    with path.open("rb") as stream:
        tags, told = form.read(stream), form.told(stream, wanted)
    if dry_run or all(tags.fields.get(field) == texts for field, texts in told.items()):
        return told
    with draft(path.parent) as folder:
        new = folder / path.name
        with path.open("rb") as stream, new.open("wb") as out:
            form.rewrite(stream, out, wanted)
        _check(new, form, payload, tags, told)
        _keep_owner(new, before)
        shutil.copystat(path, new)
        sync(new)
        now = path.stat()
        if (now.st_size, now.st_mtime_ns, now.st_ino) != (before.st_size, before.st_mtime_ns, before.st_ino):
            raise Unwritable("it changed while it was written; nothing was")
        new.replace(path)
        sync(path.parent)
    return told


def _check(new: Path, form: Form, payload: Payload, tags: Tags, told: Fields) -> None:
    """Read what was written, before it takes the place of anything."""
    with new.open("rb") as stream:
        written = form.read(stream)
    wanted = {field: texts for field, texts in tags.fields.items() if field not in told} | dict(told)
    if hash_payload(new) != payload:
        raise Unwritable("its sound would not be the same; nothing was written")
    if dict(written.fields) != wanted or written.others != tags.others:
        raise Unwritable("other tags would not be the same; nothing was written")


def _keep_owner(new: Path, before: os.stat_result) -> None:
    made = new.stat()
    if (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        try:
            os.chown(new, before.st_uid, before.st_gid)
        except OSError as error:
            raise Unwritable("it belongs to somebody else, and would be yours then") from error


def _form_of(path: Path, payload: Payload) -> Form:
    if payload.size_bytes == 0:
        raise Unwritable("it holds no sound")
    if payload.form in {"mp3", "aac"}:
        return Id3()
    if payload.form == "flac":
        return Flac()
    if payload.form == "mp4":
        return Mp4()
    if payload.form == "ogg":
        with path.open("rb") as stream:
            return Ogg(opus=b"OpusHead" in stream.read(_FIRST_PAGE))
    raise Unwritable(f"tags of this form ({(payload.form or 'unknown').upper()}) are not written")
