"""The line that does the same again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def command_line(name: str, options: Mapping[str, Any], *, home: Path | None = None) -> str:
    """Write a command with the options in force, as a shell reads it.

    Parameters
    ----------
    name : str
        Of the command.
    options : mapping of str to object
        Values by the options' names; None is left out. A name of one letter has one dash.
    home : Path, optional
        Folder of the workspace, where the line named it.

    Examples
    --------
    >>> command_line("evaluate", {"train": "my train.txt", "kind": None, "k": "10,20"})
    "ml evaluate --train 'my train.txt' -k 10,20"
    """
    words = ["ml", *(() if home is None else ("--home", str(home))), name]
    for option, value in options.items():
        if value is not None:
            words += [f"-{option}" if len(option) == 1 else f"--{option}", str(value)]
    return shlex.join(words)
