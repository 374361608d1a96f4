"""Keys that come into being where they are first needed, in files that only their owner reads."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ml.foundation.atomic import disk_errors, draft, sync
from ml.foundation.errors import BadInput

KEY_BYTES = 32


def kept_key(path: Path) -> bytes:
    """Read a key of 32 random bytes, making it if there is none; processes that ask at once get the same.

    Raises
    ------
    BadInput
        If the file holds something else, or cannot be read or made.
    DiskFull
    """
    try:
        if not path.exists():
            _make(path)
        key = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read or made ({error.strerror})", "check its permissions") from None
    if len(key) != KEY_BYTES:
        raise BadInput(f"{path}: not a key, which has {KEY_BYTES} bytes", "put back the file that was there before")
    return key


def _make(path: Path) -> None:
    with disk_errors(path), draft(path.parent) as folder:
        new = folder / path.name
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            file.write(secrets.token_bytes(KEY_BYTES))
        sync(new)
        with suppress(FileExistsError):  # another process was quicker
            os.link(new, path)
        sync(path.parent)
