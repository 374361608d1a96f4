"""Files that strangers send: looked at, bounded, and opened in a process that may take little."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol

from fastapi import UploadFile

from ml.data.audio_files.forms import form_of
from ml.foundation.errors import BadInput, MLError
from ml.foundation.phrase import Phrase

#: What is opened at a time.
WIDTH = 2
#: Folder of plain files, in that of what was sent.
PLAIN = "plain"
_ANOTHER = Phrase({"en": "send another file", "de": "nimm eine andere Datei"})
_BLOCK = 1 << 20
#: The first bytes of the pictures that are opened.
_PICTURES = (
    *(b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"),
    *(b"\x00\x00\x00\x0cjP  ", b"P5", b"P6"),
)
_UNSAFE = re.compile(r"[^\w .()\[\]-]+")


class Opener(Protocol):
    """Who opens files: :class:`ml.audio_analysis.hands.processes.Processes`."""

    def submit(self, job: dict[str, str]) -> Any:
        """Begin a job."""


@asynccontextmanager
async def received(upload: UploadFile, kind: str) -> AsyncIterator[Path]:
    """Write what is sent into a folder of its own, which is gone afterwards.

    Parameters
    ----------
    upload : fastapi.UploadFile
    kind : str
        ``"sound"`` or ``"picture"``: by its first bytes, whatever it is called.

    Raises
    ------
    BadInput
        If it is empty, or none of the kind.
    """
    async with arrived(upload, kind, f"send a {kind}") as file:
        _look(file, kind)
        yield file


@asynccontextmanager
async def arrived(upload: UploadFile, otherwise: str, hint: str) -> AsyncIterator[Path]:
    """Write what is sent, whatever it is, into a folder of its own, which is gone afterwards.

    Parameters
    ----------
    upload : fastapi.UploadFile
    otherwise : str
        What it is called where it has no name.
    hint : str
        What to send, for whoever sends nothing.

    Raises
    ------
    BadInput
        If it is empty.
    """
    with tempfile.TemporaryDirectory(prefix="ml-upload-") as folder:
        file = Path(folder) / safe_name(upload.filename, otherwise)
        size = 0
        with file.open("wb") as stream:
            while block := await upload.read(_BLOCK):
                size += len(block)
                await asyncio.to_thread(stream.write, block)
        if not size:
            raise BadInput(
                f"{file.name}: the file is empty (0 bytes)", hint, code="empty_file", values={"name": file.name}
            )
        try:
            yield file
        except MLError as error:
            # Whoever sent it knows the file by its name, and has no business with where it lies here.
            place = re.compile(rf"{re.escape(folder)}/(?:{PLAIN}/)?")
            said = {"code": error.code, "values": without(dict(error.values), place)}
            raise type(error)(*without([error.message, error.hint], place), **said) from None


def safe_name(given: str | None, otherwise: str) -> str:
    r"""Give a name that leads nowhere and harms no terminal; what was sent is called so in messages.

    >>> safe_name("../../etc/pass\x1bwd", "sound"), safe_name("..", "sound")
    ('pass_wd', 'sound')
    """
    return _UNSAFE.sub("_", os.path.basename(given or "")).strip(". ")[-100:] or otherwise  # noqa: PTH119


def without(value: Any, place: re.Pattern[str]) -> Any:
    """Leave out of all texts of a plain value where files lie.

    >>> without({"problem": ["/kept/x/a.csv: it is empty"]}, re.compile("/kept/x/"))
    {'problem': ['a.csv: it is empty']}
    """
    if isinstance(value, str):
        return place.sub("", value)
    if isinstance(value, dict):
        return {name: without(one, place) for name, one in value.items()}
    return [without(one, place) for one in value] if isinstance(value, list) else value


def _look(file: Path, kind: str) -> None:
    with file.open("rb") as stream:
        head = stream.read(16)
        if kind == "sound":
            good = form_of(stream) is not None
        else:
            good = head.startswith(_PICTURES) or head[8:12] in (b"WEBP", b"avif", b"avis") or head[4:8] == b"ftyp"
    if not good:
        raise BadInput(
            f"{file.name}: is no {kind} by its content",
            f"send a {kind} of a common format",
            code="wrong_kind_of_file",
            values={"name": file.name},
        )


async def opened(opener: Opener, file: Path, kind: str) -> Path:
    """Turn a received file into a plain one, WAV or PNG, in a process that may take little.

    Raises
    ------
    BadInput
        If it cannot be opened, saying why.
    """
    folder = file.parent / PLAIN
    folder.mkdir()
    out = folder / f"{file.stem}.{'wav' if kind == 'sound' else 'png'}"
    await asked(opener, file, {"do": f"plain {kind}", "path": str(file), "out": str(out)})
    return out


async def asked(opener: Opener, file: Path, job: dict[str, str]) -> dict[str, Any]:
    """Have a job done with a received file.

    Raises
    ------
    BadInput
        If it cannot be done, saying why.
    """
    reply: dict[str, Any] = await asyncio.wrap_future(opener.submit(job))
    if "problem" in reply:
        raise BadInput(f"{file.name}: {reply['problem']['message']}", _ANOTHER)
    return reply
