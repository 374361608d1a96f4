"""One question to the service: how it is put, what its answer means, whether to put it again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from ml.foundation.errors import BadInput, ServerError
from ml.foundation.outcomes import error_of

if TYPE_CHECKING:
    import httpx

#: Under which all operations are.
PREFIX = "/api/v1"
#: The service is busy, or this caller too fast.
_BUSY = frozenset({429, 503})
#: Seconds before the second try, twice as many before each further one; of what the service asks for, the most.
_FIRST_S, _MOST_S = 0.25, 30.0


@dataclass(frozen=True, slots=True)
class Ask:
    """A question.

    Parameters
    ----------
    method, path : str
    query, body, form : mapping, optional
        Without what is None; ``body`` is sent as JSON, ``form`` beside a file.
    file : (str, bytes), optional
        A name and what is in it.
    again : bool
        Whether asking twice does nothing twice.
    raw : bool
        Whether the answer is a file.
    """

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    file: tuple[str, bytes] | None = None
    again: bool = False
    raw: bool = False

    def sent(self) -> dict[str, Any]:
        """Give what httpx sends."""
        said: dict[str, Any] = {"method": self.method, "url": self.path, "params": _given(self.query)}
        if self.file is not None:
            return said | {"files": {"file": self.file}, "data": _given(self.form)}
        if self.body is not None:
            content = orjson.dumps(_given(self.body), option=orjson.OPT_NON_STR_KEYS)
            said |= {"content": content, "headers": {"Content-Type": "application/json"}}
        return said


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def path_of(path: str, *names: object) -> str:
    """Put names into a path.

    >>> path_of("/models/{}/promote", "a b/c")
    '/models/a%20b%2Fc/promote'

    Raises
    ------
    BadInput
        If one is empty, or would lead elsewhere.
    """
    for name in names:
        if str(name) in {"", ".", ".."}:
            raise BadInput(f"{name!r} names nothing", "give the id or name")
    return path.format(*(quote(str(name), safe="") for name in names))


def get(path: str, *names: object, **query: Any) -> Ask:
    """Ask for something."""
    return Ask("GET", path_of(path, *names), query, again=True)


def read(path: str, body: Mapping[str, Any]) -> Ask:
    """Ask for something that takes more words than an address has room for."""
    return Ask("POST", path, body=body, again=True)


def post(path: str, *names: object, body: Mapping[str, Any] | None = None, **query: Any) -> Ask:
    """Have something done."""
    return Ask("POST", path_of(path, *names), query, body)


def put(path: str, body: Mapping[str, Any], *, again: bool = True) -> Ask:
    """Set something."""
    return Ask("PUT", path, body=body, again=again)


def delete(path: str, *names: object, **query: Any) -> Ask:
    """Remove something; whoever removes it twice is told that it is not there."""
    return Ask("DELETE", path_of(path, *names), query)


def told(path: str, event: Mapping[str, Any]) -> Ask:
    """Tell an event, with its moment: told twice, it is one event."""
    return Ask("POST", path, body={**event, "at": event.get("at") or datetime.now(UTC)}, again=True)


def send(path: str, file: Path | bytes, *, form: Mapping[str, Any] | None = None, **query: Any) -> Ask:
    """Send a file; of one that is only looked at, ``form`` is None.

    Raises
    ------
    BadInput
        If it cannot be read.
    """
    if isinstance(file, bytes):
        content = ("file", file)
    else:
        try:
            content = (file.name, file.read_bytes())
        except OSError as error:
            raise BadInput(f"{file}: {error.strerror}", "give a file that can be read") from None
    return Ask("POST", path, query, form=form or {}, file=content, again=form is None)


def understood(ask: Ask, response: httpx.Response) -> Any:
    """Give what was answered.

    Raises
    ------
    MLError
        Of the kind that the service says, in its words.
    """
    if response.is_success:
        if ask.raw:
            return response.content
        return _json(response) if response.content else None
    problem = _json(response) if "json" in response.headers.get("content-type", "") else {}
    said = problem if isinstance(problem, dict) else {}
    number = f"; request {said['request_id']}" if "request_id" in said else ""
    message = said.get("detail") or f"{ask.method} {ask.path}: {said.get('title') or response.reason_phrase}"
    raise error_of(response.status_code, said.get("title", ""), f"{message}{number}", said.get("hint", ""))


def _json(response: httpx.Response) -> Any:
    try:
        return orjson.loads(response.content)
    except orjson.JSONDecodeError:
        raise ServerError(
            f"{response.url.host}: the answer is no JSON (status {response.status_code})", "is this the address of ml?"
        ) from None


def wait_s(ask: Ask, tries: int, response: httpx.Response | None) -> float | None:
    """Say after how many seconds to ask again; None where it would not help, or could do something twice.

    Parameters
    ----------
    ask : Ask
    tries : int
        That were made.
    response : httpx.Response or None
        None where there was none.
    """
    if not ask.again or (response is not None and response.status_code not in _BUSY):
        return None
    asked = "" if response is None else response.headers.get("retry-after", "")
    if asked.isdigit():
        return float(asked) if float(asked) <= _MOST_S else None
    # Everybody who was refused at once is not to come back at once.
    return _FIRST_S * float(2 ** (tries - 1)) * random.uniform(0.5, 1.0)  # noqa: S311
