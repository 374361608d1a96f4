"""Answers: results as JSON, with what a cache may do with them."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import Request, Response

from ml.foundation.results import plain

#: Of what speaks of a listener, or of who may do what.
PRIVATE = "no-store"
#: Of what changes when the catalogue or the models do: asked again each time, but not sent again.
REVALIDATED = "private, no-cache"
#: For the document: what :func:`unless_known` answers.
MARKED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"ETag": {"description": "mark of the content", "schema": {"type": "string"}}}},
    304: {"description": "It is what it was when its mark was given"},
}
#: For the document: what :func:`page` answers.
PAGED: dict[int | str, dict[str, Any]] = {
    200: {"headers": {"Link": {"description": 'where it goes on, as rel="next"', "schema": {"type": "string"}}}}
}

#: Fields that say where files lie, and what they say to whom that is not told.
_NOWHERE: Mapping[str, Any] = {"path": None, "paths": []}


class Answer(Response):
    """A result as JSON.

    Parameters
    ----------
    value : object
        A result, or anything that :func:`ml.foundation.results.plain` takes.
    status_code : int
    headers : mapping of str to str, optional
    """

    media_type = "application/json"

    def __init__(self, value: Any, status_code: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(encode(value), status_code, {"Cache-Control": PRIVATE} | dict(headers or {}))

    @staticmethod
    def of_bytes(body: bytes) -> Response:
        """Give a result that was written as JSON before."""
        return Response(body, media_type=Answer.media_type, headers={"Cache-Control": PRIVATE})


def without_places(value: Any) -> Any:
    """Leave out where files lie on this machine, wherever a result says so: listeners have no use for that.

    >>> without_places({"hits": [{"name": "a", "path": "/music/a.flac"}]})
    {'hits': [{'name': 'a', 'path': None}]}
    """
    if isinstance(value, Mapping):
        return {name: _NOWHERE[name] if name in _NOWHERE else without_places(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_places(one) for one in value]
    return value if value is None or isinstance(value, str | bool | int | float) else without_places(plain(value))


def encode(value: Any) -> bytes:
    """Write a result as JSON.

    >>> encode({"a": (1, 2)})
    b'{"a":[1,2]}'
    """
    return orjson.dumps(value, default=plain, option=orjson.OPT_NON_STR_KEYS)


def unless_known(request: Request, value: Any) -> Response:
    """Answer with a mark of the content, or only say that whoever asks has it already.

    Parameters
    ----------
    request : fastapi.Request
    value : object
        A result.
    """
    return marked(request, encode(value), Answer.media_type)


def marked(request: Request, body: bytes, media_type: str) -> Response:
    """Do as :func:`unless_known` does with what is written already."""
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": REVALIDATED, "Vary": "Authorization, Cookie, X-API-Key"}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if mark in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def packed(request: Request, response: Response) -> Response:
    """Compress a large answer for whoever takes it so; what is not sent again has nothing to compress.

    Parameters
    ----------
    request : fastapi.Request
    response : fastapi.Response
        As :func:`unless_known` gives it.
    """
    response.headers["Vary"] = "Accept-Encoding"
    taken = {each.split(";")[0].strip() for each in request.headers.get("accept-encoding", "").split(",")}
    if "gzip" in taken and response.body:
        # A weak mark: the content is the same, the bytes are not.
        headers = {**response.headers, "ETag": f"W/{response.headers['etag']}", "Content-Encoding": "gzip"}
        del headers["etag"], headers["content-length"]
        return Response(gzip.compress(response.body, 1, mtime=0), response.status_code, headers)
    return response


def page(
    request: Request, found: Sequence[Any], count: int, *, before: str | int | None = None, by: str = "id"
) -> Answer:
    """Answer with a part of a list, and with where it goes on.

    Parameters
    ----------
    request : fastapi.Request
    found : sequence
        The list, the newest first: all of it, or what the store has cut, with one more than is wanted where there are
        so many, which tells that it goes on.
    count : int
        How many at most.
    before : str or int, optional
        Of a whole list those that come after this one; none where it is not in the list.
    by : str
        The field that tells them apart, and by which the next part is asked for.
    """
    if before is not None:
        ids = [each[by] for each in found]
        found = found[ids.index(before) + 1 :] if before in ids else ()
    headers = {} if len(found) <= count else {"Link": following(request, before=found[count - 1][by])}
    return Answer(list(found[:count]), headers=headers)


def following(request: Request, **changed: Any) -> str:
    """Give the value of ``Link`` that leads to the same question with other parameters."""
    where = request.url.include_query_params(**changed)
    return f'<{where.path}?{where.query}>; rel="next"'
