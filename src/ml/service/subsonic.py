"""What players of Subsonic send, and the answers they expect.

Conventions
-----------
- Parameters come in the address or, by the extension ``formPost`` of OpenSubsonic, as a form.
- Every answer is a ``subsonic-response``, as XML or (``f=json``) as JSON, with HTTP status 200 whether or not it
  went well; the error's code tells what is wrong.
- Who asks shows a key: as ``apiKey``, or as the password ``p``. A salted token of a password cannot be checked here,
  since no password is kept.

References
----------
https://opensubsonic.netlify.app/docs/, https://www.subsonic.org/pages/api.jsp
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree as ET

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError

from ml import __version__
from ml.foundation.errors import AmbiguousId, BadInput, Forbidden, NotAuthenticated, UnknownId
from ml.service.answers import PRIVATE, encode
from ml.service.foreign import ForeignRoute, Refused
from ml.service.problems import words_of
from ml.service.shares import TooMany

VERSION = "1.16.1"
_FORM = "application/x-www-form-urlencoded"
_GENERIC, _MISSING, _WRONG_PASSWORD, _NO_TOKENS, _CONFLICT, _WRONG_KEY, _NOT_ALLOWED, _NOT_FOUND = (
    0, 10, 40, 41, 43, 44, 50, 70,
)  # fmt: skip
_CODES = {Forbidden: _NOT_ALLOWED, UnknownId: _NOT_FOUND, AmbiguousId: _NOT_FOUND}
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A thousand listens with their times, and who tells them; more is not even read.
_PARAMETERS = 2_100


class SubsonicError(BadInput):
    """An error with a code of the protocol."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.number = code


async def parameters_of(request: Request) -> Mapping[str, list[str]]:
    """Read the parameters of a request, from the address and from a form.

    Raises
    ------
    SubsonicError
        If there are far too many.
    """
    text = request.scope["query_string"].decode("utf-8", "replace")
    if request.headers.get("content-type", "").startswith(_FORM):
        text += "&" + (await request.body()).decode("utf-8", "replace")
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=_PARAMETERS)
    except ValueError:
        raise SubsonicError(_GENERIC, f"more than {_PARAMETERS} parameters") from None


def one(parameters: Mapping[str, list[str]], name: str) -> str:
    """Give a parameter that may be there once.

    Raises
    ------
    SubsonicError
        If it is missing or empty.
    """
    values = parameters.get(name, [])
    if not values or not values[0]:
        raise SubsonicError(_MISSING, f"required parameter is missing: {name}")
    return values[0]


def key_in(parameters: Mapping[str, list[str]]) -> str | None:
    """Find the key that was sent; None where nothing was sent to log in with.

    >>> key_in({"u": ["somebody"], "p": ["enc:6d6c5f37"]})
    'ml_7'

    Raises
    ------
    SubsonicError
        If something else was sent, or more than one thing.
    """
    given = {name for name in ("apiKey", "p", "t", "s") if name in parameters}
    if "apiKey" in given:
        if given != {"apiKey"} or "u" in parameters:
            raise SubsonicError(_CONFLICT, "apiKey stands for itself: leave out u, p, t and s")
        return one(parameters, "apiKey")
    if "p" in given and given != {"p"}:
        raise SubsonicError(_CONFLICT, "a password and a salted token are two ways to log in: send one")
    if given & {"t", "s"}:
        raise SubsonicError(_NO_TOKENS, "salted tokens are not taken: no password is kept here; send a key as apiKey")
    if "p" not in given:
        return None
    one(parameters, "u")
    password = one(parameters, "p")
    if not password.startswith("enc:"):
        return password
    try:
        return bytes.fromhex(password.removeprefix("enc:")).decode()
    except ValueError:
        raise SubsonicError(_WRONG_PASSWORD, "the password is not encoded rightly") from None


class SubsonicRoute(ForeignRoute):
    """A route whose errors are Subsonic's."""

    async def key(self, request: Request) -> str | None:
        """Look for the key among the parameters."""
        return key_in(await parameters_of(request))

    async def refused(self, request: Request, error: Refused) -> Response:
        """Say what is wrong, with its code."""
        if isinstance(error, TooMany):
            code, words = _GENERIC, f"too many requests; ask again in {error.wait_s} s"
        elif isinstance(error, RequestValidationError):
            code, words = _GENERIC, "the request is not understood"
        else:
            code, words = await self._code(request, error), words_of(error, request.scope)[0]
        answer = await respond(request, {"error": {"code": code, "message": words}}, status="failed")
        if isinstance(error, TooMany):
            answer.status_code = 429
            answer.headers["Retry-After"] = str(error.wait_s)
        return answer

    async def _code(self, request: Request, error: Refused) -> int:
        if isinstance(error, SubsonicError):
            return error.number
        if not isinstance(error, NotAuthenticated):
            return _CODES.get(type(error), _GENERIC)  # type: ignore[arg-type]
        sent = await parameters_of(request)
        return _WRONG_KEY if "apiKey" in sent else _WRONG_PASSWORD if "p" in sent else _MISSING


async def respond(request: Request, more: Mapping[str, Any] | None = None, *, status: str = "ok") -> Response:
    """Answer in the form that was asked for.

    Parameters
    ----------
    request : fastapi.Request
    more : mapping, optional
        What the answer holds beside what every answer does.
    status : str
        ``"ok"`` or ``"failed"``.
    """
    said: dict[str, Any] = {"status": status, "version": VERSION, "type": "ml", "serverVersion": __version__}
    said |= {"openSubsonic": True, **(more or {})}
    headers = {"Cache-Control": PRIVATE}
    if await _wants_json(request):
        return Response(encode({"subsonic-response": said}), headers=headers, media_type="application/json")
    root = _element("subsonic-response", {"xmlns": "http://subsonic.org/restapi"} | said)
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, headers=headers, media_type="application/xml")


async def _wants_json(request: Request) -> bool:
    try:
        return (await parameters_of(request)).get("f") == ["json"]
    except SubsonicError:
        return False


def _element(name: str, value: Any) -> ET.Element:
    """Write a value as XML: what an object holds is its attributes, but for lists and objects, which stand in it."""
    element = ET.Element(name)
    if not isinstance(value, Mapping):
        element.text = _text(value)
        return element
    for key, inner in value.items():
        if isinstance(inner, Mapping):
            element.append(_element(key, inner))
        elif isinstance(inner, list):
            element.extend(_element(key, each) for each in inner)
        else:
            element.set(key, _text(inner))
    return element


def _text(value: Any) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", str(value).lower() if isinstance(value, bool) else str(value))
