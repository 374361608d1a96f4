"""Paths as people write them."""

from __future__ import annotations

from pathlib import Path

from ml.foundation.errors import BadInput


def expanded(path: Path | str) -> Path:
    """Give a path with a leading ``~`` or ``~name`` replaced by that home folder.

    Raises
    ------
    BadInput
        If nobody here has that name, or no home.

    Examples
    --------
    >>> expanded("music/a.wav").as_posix()
    'music/a.wav'
    """
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        home = Path(path).parts[0]
        raise BadInput(f"{path}: there is no home folder {home}", f"for a file of that name: ./{home}") from error
